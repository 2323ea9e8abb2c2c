"""The part of a start form that saves its choices under a name."""

from typing import Final, Self

from flask import request
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from dashboard.models import PRESET_NAME_LIMIT
from dashboard.web.form import SpeakingForm
from dashboard.words import lazy_gettext

# Its fields stand among those of the kind, none of whose names has a hyphen.
PREFIX: Final = "preset-"
# What the first button of the form sends, which is the one that the Enter key presses.
ENTER: Final = "preset-enter"


def one_line(text: str | None) -> str:
    """Give *text* as a name is kept: nothing but signs that can be kept, and single blanks."""
    kept = (text or "").encode("utf-8", "ignore").decode()
    return " ".join("".join(sign if sign >= " " else " " for sign in kept).split())


class PresetForm(SpeakingForm):
    """A name, and whether others may use it; the form that it stands in has the CSRF token."""

    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Enter a name for these choices.")),
            Length(max=PRESET_NAME_LIMIT, message=lazy_gettext("Use at most %(max)d characters.")),
        ],
        filters=[one_line],
    )
    shared = BooleanField(lazy_gettext("Share it with everybody who may use this"))

    @classmethod
    def sent(cls) -> Self:
        """Give the form with what was typed so far; empty on a page that was just opened."""
        return cls(request.form, prefix=PREFIX, meta={"csrf": False})

    @classmethod
    def was_meant(cls) -> bool:
        """Whether a start form was sent by the Enter key after a name was typed.

        Whoever types a name and presses Enter wants to save; to start, there is a button.
        """
        return ENTER in request.form and bool(one_line(request.form.get(f"{PREFIX}name")))
