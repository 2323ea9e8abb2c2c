"""The manner in which a person reads: how numbers and dates are written, in which time zone."""

import re
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import DateTimePattern, parse_pattern
from babel.numbers import NumberPattern

from dashboard.words.catalogue import catalogue_of, marked

# Where the words are English, numbers and dates are written as in places where English is read, and
# in European countries as CLDR and every browser know them in English. Each other language of
# translations/ has the places where it is read.
LOCALES = (
    "en-AU",
    "en-AT",
    "en-BE",
    "en-CA",
    "en-DK",
    "en-FI",
    "en-DE",
    "en-IN",
    "en-IE",
    "en-NL",
    "en-NZ",
    "en-SG",
    "en-ZA",
    "en-SE",
    "en-CH",
    "en-GB",
    "en-US",
    "de-AT",
    "de-BE",
    "de-DE",
    "de-LI",
    "de-LU",
    "de-CH",
)
LANGUAGES = tuple(dict.fromkeys(tag.partition("-")[0] for tag in LOCALES))
ENGLISH = re.compile(r"(-?[0-9,]+)(?:\.([0-9]+))?([a-zA-Z]?)")
# A cell that formats/display.py has written. A longer row of digits without separators is a name,
# such as a year or an article's number, and is nobody's to change.
CELL = re.compile(r"(-?[0-9]{1,3}(?:,[0-9]{3})*)(?:\.([0-9]+))?(%?)")
MOMENT = marked("%(date)s at %(time)s")
YEAR = re.compile(r"[\s,]*y+")
KEPT = 8192  # numbers and moments as they were written; some hundred bytes each
Form = Literal["date", "day", "short_day", "time", "short_time"]


@dataclass(frozen=True)
class Patterns:
    """The patterns of one locale: numbers without and with a tenth, shares, dates and times."""

    locale: Locale
    whole: NumberPattern
    tenths: NumberPattern
    percent: NumberPattern
    date: DateTimePattern
    day: DateTimePattern
    short_day: DateTimePattern
    time: DateTimePattern
    short_time: DateTimePattern


@dataclass(frozen=True)
class Manner:
    """A *locale* as in en-GB, and a time *zone* by its IANA name; few in a company."""

    locale: str
    zone: str

    @property
    def language(self) -> str:
        """The language of the words, as in en."""
        return self.locale.partition("-")[0]

    def number(self, value: float, *, tenths: bool = False) -> str:
        """1234567 → 1,234,567, or 1,234.5 with *tenths*."""
        if not tenths and 0 <= value < 1000 and isinstance(value, int):
            return str(value)
        return _number(self.locale, value, tenths=tenths)

    def spelled(self, text: str) -> str:
        """Give a number told as in 1,234.50 or 20k in this manner, and what is none as it is."""
        found = ENGLISH.fullmatch(text)
        if found is None:
            return text
        patterns = patterns_of(self.locale)
        return _respelled(found, patterns.whole, patterns.locale) + found[3]

    def cell(self, text: str) -> str:
        """Give a number of a table, told as in 1,234.50 or 2.9%, in this manner; else *text*."""
        found = CELL.fullmatch(text)
        if found is None:
            return text
        patterns = patterns_of(self.locale)
        pattern = patterns.percent if found[3] else patterns.whole
        return _respelled(found, pattern, patterns.locale)

    def date(self, moment: datetime) -> str:
        """27 November 2026."""
        return _written(self, moment, "date")

    def day(self, moment: datetime) -> str:
        """Friday 27 November."""
        return _written(self, moment, "day")

    def time(self, moment: datetime) -> str:
        """09:41:07."""
        return _written(self, moment, "time")

    def hour(self, moment: datetime) -> str:
        """09:41."""
        return _written(self, moment, "short_time")

    def moment(self, moment: datetime) -> str:
        """27 November 2026 at 09:41."""
        pattern = catalogue_of(self.language).says(MOMENT)
        return pattern % {"date": self.date(moment), "time": self.hour(moment)}

    def stamp(self, moment: datetime) -> str:
        """27 Nov 09:41:07."""
        return f"{_written(self, moment, 'short_day')} {self.time(moment)}"

    def days_between(self, earlier: datetime, later: datetime) -> int:
        """Give how many midnights of the zone lie between the two."""
        return (self.here(later).date() - self.here(earlier).date()).days

    def here(self, moment: datetime) -> datetime:
        """Give *moment* as clocks of the zone show it."""
        return moment.astimezone(zone_of(self.zone))


# A list is looked at again and again: what was written once is written the same the next time.
@lru_cache(maxsize=KEPT)
def _number(tag: str, value: float, *, tenths: bool) -> str:
    patterns = patterns_of(tag)
    pattern = patterns.tenths if tenths else patterns.whole
    return str(pattern.apply(value, patterns.locale)).replace("\u202f", "\xa0")


def _respelled(found: re.Match[str], pattern: NumberPattern, locale: Locale) -> str:
    """Give the number whose whole part and decimals were *found*, with as many decimals."""
    exact = copy(pattern)
    exact.frac_prec = (len(found[2] or ""),) * 2
    number = Decimal(f"{found[1]}.{found[2] or 0}".replace(",", "")).scaleb(-pattern.scale)
    return str(exact.apply(number, locale)).replace("\u202f", "\xa0")


@lru_cache(maxsize=KEPT)
def _written(manner: Manner, moment: datetime, form: Form) -> str:
    patterns = patterns_of(manner.locale)
    pattern: DateTimePattern = getattr(patterns, form)
    # Browsers differ in which blank stands before “pm”: here it is always the plain one.
    return pattern.apply(manner.here(moment), patterns.locale).replace("\u202f", " ")


@cache
def zone_of(name: str) -> ZoneInfo | None:
    """Give the time zone of that name, or None when this machine knows none."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return None


@cache
def patterns_of(tag: str) -> Patterns:
    """Give the patterns of the locale *tag*, as CLDR has them."""
    locale = Locale.parse(tag, sep="-")
    whole, tenths = (copy(locale.decimal_formats[None]) for _ in range(2))
    whole.frac_prec, tenths.frac_prec = (0, 0), (1, 1)
    percent = locale.percent_formats[None]
    dates, times = locale.date_formats, locale.time_formats
    return Patterns(
        locale,
        whole,
        tenths,
        percent,
        date=dates["long"],
        # A day without its year, which comes last everywhere; no comma before an English number.
        day=parse_pattern(YEAR.sub("", dates["full"].pattern).replace("EEEE, d ", "EEEE d ")),
        short_day=locale.datetime_skeletons["MMMd"],
        time=times["medium"],
        short_time=times["short"],
    )
