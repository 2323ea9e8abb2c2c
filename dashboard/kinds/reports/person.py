"""The person at the page: their time zone, their day, their habits."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_login import current_user

from dashboard.jobs.manner import manner_of


def zone() -> ZoneInfo:
    """Give the person's time zone, or the desk's when nobody is at the page."""
    is_anybody = bool(current_user) and current_user.is_authenticated
    return ZoneInfo(manner_of(current_user).zone if is_anybody else current_app.config["TIME_ZONE"])


def today() -> date:
    """Give the day it is in that zone."""
    return datetime.now(zone()).date()


def wants_mail() -> bool:
    """Whether the person usually asks for an e-mail when a job is ready."""
    return bool(getattr(current_user, "notify", False))
