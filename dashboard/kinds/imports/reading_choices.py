"""The ways in which a file can be read, as the form of an import offers them."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.

from dashboard.formats.reading import Recognised
from dashboard.web import read_as
from dashboard.words import gettext as _


def reading_choices(found: Recognised | None) -> dict[str, list[SelectChoice]]:
    """Give what can be chosen for a file that is *found*, by the names of the fields."""
    return {
        **read_as.choices(found),
        "decimal": [
            SelectChoice(".", _("with a point, as in 1234.5")),
            SelectChoice(",", _("with a comma, as in 1234,5")),
        ],
        "days": [
            SelectChoice("dmy", _("day before month, as in 28/2/2026")),
            SelectChoice("mdy", _("month before day, as in 2/28/2026")),
        ],
        "nulls": [
            SelectChoice("empty", _("have no value")),
            SelectChoice("mark", _("are empty texts; only \\N has no value")),
        ],
    }
