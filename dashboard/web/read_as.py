"""How a file is read, as forms offer it: encoding, delimiter, sheet, header."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.

from dashboard.formats.reading import DELIMITERS, ENCODINGS, SIGNS, Recognised
from dashboard.words import gettext as _, told


def choices(found: Recognised | None) -> dict[str, list[SelectChoice]]:
    """Give what can be chosen for a file that is *found*, by the names of the fields."""
    sheets = found.sheets if found else ()
    is_workbook = found is not None and found.manner.kind == "xlsx"
    plain = SelectChoice("", "")
    encodings = [SelectChoice(name, told(title)) for name, title in ENCODINGS.items()]
    delimiters = [SelectChoice(name, told(DELIMITERS[sign])) for name, sign in SIGNS.items()]
    return {
        "encoding": [plain] if is_workbook else encodings,
        "delimiter": [plain] if is_workbook else delimiters,
        "sheet": [SelectChoice(name, name) for name in sheets] or [plain],
        "header": [
            SelectChoice("yes", _("names the columns")),
            SelectChoice("no", _("is a row like all others")),
        ],
    }
