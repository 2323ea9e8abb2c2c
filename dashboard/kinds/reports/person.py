"""The person at the page: their time zone, their day, their habits."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_login import current_user


def zone() -> ZoneInfo:
    """Give the person's time zone, or the desk's when nobody is at the page."""
    return ZoneInfo(getattr(current_user, "time_zone", None) or current_app.config["TIME_ZONE"])


def today() -> date:
    """Give the day it is in that zone."""
    return datetime.now(zone()).date()


def wants_mail() -> bool:
    """Whether the person usually asks for an e-mail when a job is ready."""
    return bool(getattr(current_user, "notify", False))
