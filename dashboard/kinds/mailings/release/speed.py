"""How fast a mailing may leave, and how long that takes."""

from typing import Final

from flask import current_app

from dashboard.models import Sender

MINUTE: Final = 60  # seconds

FASTEST: Final = 1_000_000
"""E-mails a minute that somebody may ask for where nothing else limits them."""


def allowed(sender: Sender | None) -> int | None:
    """Give how many a minute the desk and the *sender* let leave; None for no limit."""
    limits = (current_app.config["MAIL_A_MINUTE"], sender.a_minute if sender else None)
    return min((each for each in limits if each), default=None)


def seconds_for(people: int, a_minute: int | None) -> float | None:
    """Give how long so many *people* take at least; None where nothing limits the speed."""
    return people * MINUTE / a_minute if a_minute else None
