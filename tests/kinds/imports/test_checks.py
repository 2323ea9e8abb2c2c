"""The checks that an administrator writes in TOML."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from dashboard.kinds.imports.checks import WrongChecks, parse_checks
from dashboard.kinds.imports.unfit import Unfit

TOML = """
[columns.no]
aliases = ["Number"]
pattern = "C-[0-9]+"
message = "C- and digits."
unique = true
[columns.share]
min = 0
max = 0.5
[columns.since]
min = 2000-01-01
[columns.kind]
one_of = ["A", "B"]
"""
NAMES = ("no", "share", "since", "kind")


def test_values_that_fulfil_their_checks_pass() -> None:
    checks = parse_checks(TOML, NAMES)

    for name, value in (
        ("no", "C-12"),
        ("no", None),
        ("share", Decimal("0.5")),
        ("share", 0),
        ("since", date(2000, 1, 1)),
        ("since", datetime(2000, 1, 1)),
        ("kind", "B"),
        ("other", "anything"),
    ):
        checks.of(name).look(value)
    assert checks.of("no").unique
    assert checks.aliases["no"] == ("Number",)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("no", "D-12", "C- and digits."),
        ("share", Decimal("0.51"), "Too large: at most 0.5"),
        ("share", -1, "Too small: at least 0"),
        ("since", date(1999, 12, 31), "Too small: at least 2000-01-01"),
        ("kind", "C", "Not one of A, B"),
    ],
)
def test_values_that_do_not_are_told_why(name: str, value: object, sentence: str) -> None:
    with pytest.raises(Unfit) as caught:
        parse_checks(TOML, NAMES).of(name).look(value)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "not TOML"),
        ("[tables]", "unknown part “tables”"),
        ("columns = 1", "must be a table"),
        ("[columns.gone]", "“gone”, which the table does not have"),
        ("[columns.no]\nmini = 1", "“mini” of the column “no” is no check"),
        ("[columns.no]\nmin = 'a'", "must be a number, a day or a time"),
        ("[columns.no]\nmin = true", "must be a number, a day or a time"),
        ("[columns.no]\npattern = '('", "is no pattern"),
        ("[columns.no]\naliases = 'a'", "must be a list"),
        ("[columns.no]\naliases = [1]", "must be a list of texts"),
    ],
)
def test_checks_that_cannot_be_used_say_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(WrongChecks, match=said):
        parse_checks(text, NAMES)
