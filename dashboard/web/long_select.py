"""A list to choose one of very many from, such as all time zones."""

from functools import lru_cache
from typing import Any

from markupsafe import Markup
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.
from wtforms.widgets import Select

KEPT = 2048  # options


class LongSelect(Select):
    """WTForms' own, which renders each option once: six hundred of them take as long as a page."""

    @classmethod
    def render_option(  # type: ignore[override]  # The stubs tell of WTForms before 3.3.
        cls, choice: Any, **kwargs: Any
    ) -> Markup:
        """Give *choice* as an option; it has no attributes of its own."""
        return _option(choice.value, choice.label, selected=bool(choice.selected))


@lru_cache(maxsize=KEPT)
def _option(value: str, label: str, *, selected: bool) -> Markup:
    choice = SelectChoice(value, label)
    choice.selected = selected
    return Markup(Select.render_option(choice))  # type: ignore[call-arg]  # As above.
