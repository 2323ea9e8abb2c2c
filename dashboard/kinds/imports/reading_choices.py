"""The ways in which a file can be read, as the form of an import offers them."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.

from dashboard.formats.reading import DELIMITERS as SIGNS, ENCODINGS, Recognised
from dashboard.kinds.imports.params import DELIMITERS
from dashboard.words import gettext as _, told


def reading_choices(found: Recognised | None) -> dict[str, list[SelectChoice]]:
    """Give what can be chosen for a file that is *found*, by the names of the fields."""
    sheets = found.sheets if found else ()
    is_workbook = found is not None and found.manner.kind == "xlsx"
    plain = SelectChoice("", "")
    encodings = [SelectChoice(name, told(title)) for name, title in ENCODINGS.items()]
    delimiters = [SelectChoice(name, told(SIGNS[sign])) for name, sign in DELIMITERS.items()]
    return {
        "encoding": [plain] if is_workbook else encodings,
        "delimiter": [plain] if is_workbook else delimiters,
        "sheet": [SelectChoice(name, name) for name in sheets] or [plain],
        "header": [
            SelectChoice("yes", _("names the columns")),
            SelectChoice("no", _("is a row like all others")),
        ],
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
