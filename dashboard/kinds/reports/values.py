"""Values: how what was sent, as text or JSON, becomes what a parameter takes, or a sentence."""

import math
import re
from datetime import date, timedelta
from typing import Final

from dashboard.kinds.reports.parameters import Parameter, Value
from dashboard.kinds.reports.periods import PRESETS, Period
from dashboard.words import gettext as _

TEXT_LIMIT: Final = 500  # characters; longer is no search word but a mistake
INTEGER_LIMIT: Final = 2**63  # what every database takes
TRUE: Final = frozenset({"yes", "true", "1", "on"})
FALSE: Final = frozenset({"no", "false", "0", "off"})
NAMED_DAYS: Final = frozenset({"today", "yesterday"})


class WrongValue(ValueError):
    """A value that a parameter cannot take; the message is a sentence for staff."""


def typed(parameter: Parameter, raw: object, today: date) -> Value:
    """Give *raw*, as a form or a JSON body has it, as the flat JSON value of *parameter*.

    Nothing and blank text are None; days are ISO text, with “today” and “yesterday” resolved as
    seen from *today*. Raises WrongValue.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "":
        return None
    if isinstance(raw, list | dict):
        raise WrongValue(_("%(label)s must be one value, not several.", label=parameter.label))
    match parameter.type:
        case "integer":
            return _integer(parameter, raw)
        case "number":
            return _number(parameter, raw)
        case "date" | "date-range":
            return _day(parameter, raw, today)
        case "yes-no":
            return _yes_no(parameter, raw)
    return _text(parameter, raw)


def preset(name: object, today: date) -> Period | None:
    """Give the days of the preset *name* seen from *today*; None for the whole period.

    Raises WrongValue for a name that is not known.
    """
    found = PRESETS.get(str(name))
    if found is None:
        raise WrongValue(_("“%(name)s” is no period that is known here.", name=name))
    return found.of(today) if found.of else None


def check_range(first: Value, last: Value) -> None:
    """Raise WrongValue when only one day is there, or the last before the first (ISO text)."""
    if (first is None) != (last is None):
        raise WrongValue(_("Give both days, or none of them."))
    if first and last and str(last) < str(first):
        raise WrongValue(_("The last day must not be before the first day."))


def _text(parameter: Parameter, raw: object) -> str:
    if not isinstance(raw, str):
        raise WrongValue(_("%(label)s must be text.", label=parameter.label))
    if len(raw) > TEXT_LIMIT:
        raise WrongValue(
            _(
                "%(label)s is longer than %(limit)s characters.",
                label=parameter.label,
                limit=TEXT_LIMIT,
            )
        )
    if "\0" in raw:
        raise WrongValue(
            _("%(label)s contains a character that no text may contain.", label=parameter.label)
        )
    return raw


def _integer(parameter: Parameter, raw: object) -> int:
    whole = isinstance(raw, int) and not isinstance(raw, bool)
    if not whole and not (isinstance(raw, str) and re.fullmatch(r"[+-]?[0-9]{1,19}", raw)):
        raise WrongValue(_("%(label)s must be a whole number, such as 12.", label=parameter.label))
    value = int(str(raw))
    if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
        raise WrongValue(_("%(label)s is too large a number.", label=parameter.label))
    _check_bounds(parameter, value)
    return value


def _number(parameter: Parameter, raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise WrongValue(_("%(label)s must be a number, such as 12.5.", label=parameter.label))
    try:
        value = math.nan if "_" in str(raw) else float(raw)
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise WrongValue(_("%(label)s must be a number, such as 12.5.", label=parameter.label))
    _check_bounds(parameter, value)
    return value


def _check_bounds(parameter: Parameter, value: float) -> None:
    if parameter.least is not None and value < parameter.least:
        raise WrongValue(
            _(
                "%(label)s must be %(least)s or more.",
                label=parameter.label,
                least=f"{parameter.least:g}",
            )
        )
    if parameter.most is not None and value > parameter.most:
        raise WrongValue(
            _(
                "%(label)s must be %(most)s or less.",
                label=parameter.label,
                most=f"{parameter.most:g}",
            )
        )


def _day(parameter: Parameter, raw: object, today: date) -> str:
    match raw:
        case "today":
            return today.isoformat()
        case "yesterday":
            return (today - timedelta(days=1)).isoformat()
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
        try:
            return date.fromisoformat(raw).isoformat()
        except ValueError:
            raise WrongValue(_("%(day)s is no day of the calendar.", day=raw)) from None
    raise WrongValue(_("%(label)s must be a day written like 2026-10-31.", label=parameter.label))


def _yes_no(parameter: Parameter, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in TRUE | FALSE:
        return raw.lower() in TRUE
    raise WrongValue(_("%(label)s must be yes or no.", label=parameter.label))
