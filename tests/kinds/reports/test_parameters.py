"""Parameters: how what was sent becomes a typed value, or a sentence."""

from datetime import date

import pytest

from dashboard.kinds.reports.form import ReportForm
from dashboard.kinds.reports.parameter_head import RESERVED
from dashboard.kinds.reports.parameters import Parameter, ParameterType, Value, bound
from dashboard.kinds.reports.values import WrongValue, typed
from dashboard.kinds.reports.wording import in_words

TODAY = date(2026, 11, 21)


def parameter(kind: ParameterType, **more: object) -> Parameter:
    return Parameter(**{"name": "amount", "label": "Amount", "type": kind, **more})  # type: ignore[arg-type]  # Any field.


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "  Köln ", "Köln"),
        ("text", "'; DROP TABLE orders; --", "'; DROP TABLE orders; --"),
        ("text", "   ", None),
        ("integer", "12", 12),
        ("integer", -3, -3),
        ("number", "12.5", 12.5),
        ("number", 7, 7.0),
        ("date", "2026-10-31", "2026-10-31"),
        ("date", "today", "2026-11-21"),
        ("date-range", "yesterday", "2026-11-20"),
        ("yes-no", "yes", True),
        ("yes-no", False, False),
        ("yes-no", "True", True),
        ("choice", "North", "North"),
        ("integer", "", None),
        ("date", None, None),
    ],
)
def test_a_value_gets_its_type(kind: ParameterType, raw: object, value: Value) -> None:
    found = typed(parameter(kind), raw, TODAY)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        ("text", 5, "Amount must be text."),
        ("text", "x" * 501, "Amount is longer than 500 characters."),
        ("text", "a\0b", "Amount contains a character that no text may contain."),
        ("integer", "12.5", "Amount must be a whole number, such as 12."),
        ("integer", "1e3", "Amount must be a whole number, such as 12."),
        ("integer", True, "Amount must be a whole number, such as 12."),
        ("integer", 2**63, "Amount is too large a number."),
        ("integer", "٣", "Amount must be a whole number, such as 12."),
        ("number", "NaN", "Amount must be a number, such as 12.5."),
        ("number", "Infinity", "Amount must be a number, such as 12.5."),
        ("number", "1_0", "Amount must be a number, such as 12.5."),
        ("number", 10**400, "Amount must be a number, such as 12.5."),
        ("date", "31.10.2026", "Amount must be a day written like 2026-10-31."),
        ("date", "2026-02-30", "2026-02-30 is no day of the calendar."),
        ("date", 20261031, "Amount must be a day written like 2026-10-31."),
        ("yes-no", "perhaps", "Amount must be yes or no."),
        ("choice", ["a", "b"], "Amount must be one value, not several."),
        ("text", {"a": 1}, "Amount must be one value, not several."),
    ],
)
def test_a_wrong_value_gets_a_sentence(kind: ParameterType, raw: object, sentence: str) -> None:
    with pytest.raises(WrongValue) as error:
        typed(parameter(kind), raw, TODAY)

    assert str(error.value) == sentence


def test_numbers_have_bounds() -> None:
    bounded = parameter("integer", least=1, most=1000)

    assert typed(bounded, "1000", TODAY) == 1000
    with pytest.raises(WrongValue, match="Amount must be 1 or more."):
        typed(bounded, "0", TODAY)
    with pytest.raises(WrongValue, match="Amount must be 1000 or less."):
        typed(bounded, "1001", TODAY)


def test_days_are_bound_as_dates_and_nothing_as_null() -> None:
    period = Parameter("period", "Period", "date-range")
    region = Parameter("region", "Region", "choice")
    params = {"period_from": "2026-10-01", "period_until": "2026-10-31", "formats": ["csv"]}

    assert bound((period, region), params) == {
        "period_from": date(2026, 10, 1),
        "period_until": date(2026, 10, 31),
        "region": None,
    }


def test_choices_read_well() -> None:
    origin = parameter("choice", choices=(("JFK", "John F. Kennedy"),), empty="All airports")

    assert in_words(origin, {"amount": "JFK"}) == "John F. Kennedy"
    assert in_words(origin, {"amount": None}) == "All airports"
    assert in_words(parameter("integer"), {"amount": 25000}) == "25,000"
    assert in_words(parameter("integer"), {"amount": 2013}) == "2013"
    assert in_words(parameter("yes-no"), {"amount": False}) == "No"
    assert in_words(parameter("date"), {"amount": "2026-10-31"}) == "31 October 2026"


def test_no_parameter_can_take_the_name_of_something_in_the_form() -> None:
    own = {name for name in dir(ReportForm) if not name.startswith("_")}

    assert own | {"formats", "notify", "token", "csrf_token", "today", "others"} <= RESERVED
