"""Every process of one machine under one roof."""

from dashboard.supervisor.console import Console
from dashboard.supervisor.desk import Desk
from dashboard.supervisor.home import Home
from dashboard.supervisor.part import Part
from dashboard.supervisor.trouble import Trouble

__all__ = ["Console", "Desk", "Home", "Part", "Trouble"]
