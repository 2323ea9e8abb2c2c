"""What it takes to send to so many: a number that is typed, a second person."""

from typing import NamedTuple

from flask import current_app


class Needs(NamedTuple):
    """*confirm*: their number has to be typed. *approval*: somebody else has to approve it."""

    confirm: bool
    approval: bool


def needs(people: int) -> Needs:
    """Give what it takes to send to so many *people*."""
    confirm_above: int | None = current_app.config["MAIL_CONFIRM_ABOVE"]
    approve_above: int | None = current_app.config["MAIL_APPROVE_ABOVE"]
    return Needs(
        confirm=confirm_above is not None and people > confirm_above,
        approval=approve_above is not None and people > approve_above,
    )
