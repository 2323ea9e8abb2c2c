"""A form that complains in the language of whoever fills it in."""

from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms.i18n import get_translations

from dashboard.words import SOURCE, reader


class SpeakingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed.
    """A form whose fields say what WTForms itself says, such as “Not a valid choice.”, that way."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """As flask-wtf has it, with the words of WTForms for the reader's language."""

        def get_translations(self, form: Any) -> Any:
            """Give the words of WTForms, None for those that it has in its code."""
            language = reader().language
            return None if language == SOURCE else words_of(language)


@cache
def words_of(language: str) -> Any:
    """Give what WTForms says in *language*, or None where it does not speak it."""
    try:
        return get_translations([language])
    except OSError:
        return None
