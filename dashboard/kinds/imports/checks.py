"""What else the values of a target must fulfil, as an administrator wrote it in TOML.

[columns.customer_no]
aliases = ["Customer", "Kundennummer"]
pattern = "C-[0-9]{5}"
message = "A customer number is C- and five digits."
unique = true

[columns.discount]
min = 0
max = 0.5
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from dashboard.formats.spelling import spell
from dashboard.kinds.imports.unfit import Unfit
from dashboard.words import marked

TOO_SMALL: Final = marked("Too small: at least %(limit)s")
TOO_LARGE: Final = marked("Too large: at most %(limit)s")
NO_MATCH: Final = marked("Does not look as it must: %(pattern)s")
NO_CHOICE: Final = marked("Not one of %(choices)s")
OWN_WORDS: Final = "%(words)s"

KNOWN: Final = frozenset({"aliases", "min", "max", "pattern", "one_of", "unique", "message"})
LONGEST: Final = 10_000
"""Characters of a value that a pattern looks at: a careless one takes ages with more."""

Limit = int | float | date | datetime | time


class WrongChecks(Exception):
    """The checks cannot be used; the message is a sentence for the administrator."""


@dataclass(frozen=True)
class Check:
    """What is asked of one column."""

    aliases: tuple[str, ...] = ()
    least: Limit | None = None
    most: Limit | None = None
    pattern: re.Pattern[str] | None = None
    one_of: tuple[Any, ...] = ()
    unique: bool = False
    message: str = ""

    @property
    def asks(self) -> bool:
        """Whether a single value can be wrong."""
        return bool(self.least is not None or self.most is not None or self.pattern or self.one_of)

    def look(self, value: object) -> None:
        """Raise Unfit for a *value* that does not fulfil it; no value is always right."""
        try:
            self._look(value)
        except Unfit:
            if self.message:
                raise Unfit(OWN_WORDS, words=self.message) from None
            raise

    def _look(self, value: object) -> None:
        if value is None:
            return
        if self.least is not None and _compare(value, self.least, lambda a, b: bool(a < b)):
            raise Unfit(TOO_SMALL, limit=spell(self.least))
        if self.most is not None and _compare(value, self.most, lambda a, b: bool(a > b)):
            raise Unfit(TOO_LARGE, limit=spell(self.most))
        if self.pattern and not self.pattern.fullmatch(spell(value)[:LONGEST]):
            raise Unfit(NO_MATCH, pattern=self.pattern.pattern)
        if self.one_of and value not in self.one_of:
            raise Unfit(NO_CHOICE, choices=", ".join(map(spell, self.one_of)))


@dataclass(frozen=True)
class Checks:
    """The checks of a target by the names of its columns."""

    columns: Mapping[str, Check] = field(default_factory=dict)

    def of(self, column: str) -> Check:
        """Give the check of *column*, which may ask nothing."""
        return self.columns.get(column, NOTHING)

    @property
    def aliases(self) -> dict[str, tuple[str, ...]]:
        """What else the columns are called in files."""
        return {name: check.aliases for name, check in self.columns.items()}


NOTHING: Final = Check()


def parse_checks(text: str, names: Collection[str]) -> Checks:
    """Give the checks in *text* for a table with columns of those *names*; raises WrongChecks."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongChecks(f"The checks are not TOML: {error}.") from error
    for section in read:
        if section != "columns":
            raise WrongChecks(f"The checks have an unknown part “{section}”.")
    columns = read.get("columns", {})
    if not isinstance(columns, dict):
        raise WrongChecks("“columns” must be a table of columns.")
    found = {}
    for name, given in columns.items():
        if name not in names:
            raise WrongChecks(f"The checks name a column “{name}”, which the table does not have.")
        if not isinstance(given, dict):
            raise WrongChecks(f"The checks of “{name}” must be a table.")
        found[name] = _check(name, given)
    return Checks(found)


def _check(name: str, given: Mapping[str, Any]) -> Check:
    for key in given:
        if key not in KNOWN:
            raise WrongChecks(f"“{key}” of the column “{name}” is no check.")
    return Check(
        aliases=tuple(_texts(name, "aliases", given.get("aliases", []))),
        least=_limit(name, "min", given.get("min")),
        most=_limit(name, "max", given.get("max")),
        pattern=_pattern(name, given.get("pattern")),
        one_of=_list(name, "one_of", given.get("one_of", [])),
        unique=given.get("unique", False) is True,
        message=str(given.get("message", "")),
    )


def _list(name: str, key: str, given: Any) -> tuple[Any, ...]:
    if not isinstance(given, list):
        raise WrongChecks(f"“{key}” of the column “{name}” must be a list.")
    return tuple(given)


def _texts(name: str, key: str, given: Any) -> tuple[str, ...]:
    found = _list(name, key, given)
    if not all(isinstance(each, str) for each in found):
        raise WrongChecks(f"“{key}” of the column “{name}” must be a list of texts.")
    return found


def _limit(name: str, key: str, given: Any) -> Limit | None:
    if given is None or (isinstance(given, Limit) and not isinstance(given, bool)):
        return given
    raise WrongChecks(f"“{key}” of the column “{name}” must be a number, a day or a time.")


def _pattern(name: str, given: Any) -> re.Pattern[str] | None:
    if given is None:
        return None
    try:
        return re.compile(given)
    except (re.error, TypeError) as error:
        raise WrongChecks(f"“pattern” of the column “{name}” is no pattern: {error}.") from error


def _compare(value: object, limit: Limit, compare: Callable[[Any, Any], bool]) -> bool:
    """Compare *value* with *limit*; a moment is compared with a day as its own day."""
    if isinstance(value, datetime) and not isinstance(limit, datetime):
        value = value.date()
    elif isinstance(value, datetime) and isinstance(limit, datetime):
        value, limit = value.replace(tzinfo=None), limit.replace(tzinfo=None)
    elif isinstance(value, Decimal) and isinstance(limit, float):
        limit = Decimal(repr(limit))  # type: ignore[assignment]  # Compared, and nothing else.
    try:
        return compare(value, limit)
    except TypeError:
        raise Unfit(TOO_SMALL, limit=spell(limit)) from None
