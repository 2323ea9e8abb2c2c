"""The TOML head of a report file, with the line of each setting."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

COMMENT: Final = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
TOML_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


class ReportError(Exception):
    """A report file that cannot be used: which file, which line (from 1), and why."""

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Head:
    """A report file split into its settings and its query; lines count from 1 in the whole file."""

    def __init__(self, file: Path, text: str) -> None:
        """Split *text*; raises ReportError where there is no head or no query."""
        self.file = file
        found = COMMENT.match(text)
        if not found:
            raise self.error(1, "The file must begin with its settings in a comment: /* title = …")
        self.line = text.count("\n", 0, found.start(1)) + 1
        self.lines = found.group(1).split("\n")
        rest = text[found.end() :]
        blank = len(rest) - len(rest.lstrip())
        self.query = rest.strip().rstrip(";").rstrip()
        self.query_line = text.count("\n", 0, found.end() + blank) + 1
        if not self.query:
            raise self.error(self.query_line, "There is no query below the settings.")

    def root(self) -> "Section":
        """Give the settings; raises ReportError where they are not TOML."""
        try:
            return Section(self, tomllib.loads("\n".join(self.lines)), self.line)
        except tomllib.TOMLDecodeError as error:
            place = TOML_PLACE.search(str(error))
            line = int(place.group(1)) if place and place.group(1) else len(self.lines)
            reason = f"The settings are not TOML: {TOML_PLACE.sub('', str(error))}."
            raise self.error(self.line + line - 1, reason) from None

    def error(self, line: int | None, reason: str) -> ReportError:
        """Give the error for *line* of this file."""
        return ReportError(self.file, line, reason)

    def line_of(self, pattern: str, start: int) -> int | None:
        """Give the first line from *start* on that matches *pattern*, or None."""
        for number in range(start - self.line, len(self.lines)):
            if re.match(pattern, self.lines[number]):
                return number + self.line
        return None


class Section:
    """A table of settings: gives each in its type, complains by line, knows what nobody asked."""

    def __init__(self, head: Head, values: dict[str, Any], line: int) -> None:
        self.head = head
        self.values = values
        self.line = line
        self.asked: set[str] = set()

    def fail(self, key: str | None, reason: str) -> ReportError:
        """Give an error that points at *key*, or at the beginning of this table."""
        return self.head.error(self.line_of(key) if key else self.line, reason)

    def line_of(self, key: str) -> int:
        """Give the line of *key*, or of the table when the key has no line of its own."""
        if key not in self.values:
            return self.line
        pattern = rf"(.*[{{,])?\s*[\"']?{re.escape(key)}[\"']?\s*="
        return self.head.line_of(pattern, self.line) or self.line

    def has(self, key: str) -> bool:
        """Whether *key* is set."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text; without a *default* it must be set and not be empty."""
        value = str(self.get(key, str, "a text in quotes", default))
        if default is None and not value.strip():
            raise self.fail(key, f"“{key}” is {'empty' if self.has(key) else 'missing'}.")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Give true or false."""
        return bool(self.get(key, bool, "true or false", default))

    def whole(self, key: str, default: int) -> int:
        """Give a whole number above zero."""
        value = self.get(key, int, "a whole number", default)
        if isinstance(value, bool) or value < 1:
            raise self.fail(key, f"“{key}” must be a whole number above zero.")
        return int(value)

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Give a list of texts; a single text counts as a list of one."""
        value = self.get(key, (str, list), "a list of texts", list(default))
        values = [value] if isinstance(value, str) else value
        if not all(isinstance(item, str) and item for item in values):
            raise self.fail(key, f"“{key}” must be a list of texts.")
        return tuple(values)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """Give a text that is one of *known*."""
        return self.known(key, (self.text(key, default),), known)[0]

    def some_of(self, key: str, known: Iterable[str], default: Sequence[str]) -> tuple[str, ...]:
        """Give a list of texts, not empty, each one of *known*."""
        values = self.known(key, self.texts(key, default), known)
        if not values:
            raise self.fail(key, f"“{key}” must name at least one of {listed(known)}.")
        return values

    def known(self, key: str, values: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
        """Give *values* when each is one of *known*; raises ReportError naming the first other."""
        names = list(known)
        for value in values:
            if value not in names:
                near = difflib.get_close_matches(value, names, 1)
                hint = f"Did you mean “{near[0]}”?" if near else f"It can be {listed(names)}."
                raise self.fail(key, f"“{key}” names “{value}”, which is not known. {hint}")
        return values

    def table(self, key: str) -> "Section | None":
        """Give the table called *key*, or None."""
        values = self.get(key, dict, f"a table: [{key}]", None)
        return None if values is None else self.part(key, values, rf"\s*\[\s*{re.escape(key)}\s*\]")

    def named_tables(self, key: str) -> Iterator[tuple[str, "Section"]]:
        """Give the name and the table of each [key.name]."""
        tables = self.get(key, dict, f"tables: [{key}.name]", {})
        for name, values in tables.items():
            pattern = rf"\s*\[\s*{re.escape(key)}\s*\.\s*[\"']?{re.escape(name)}[\"']?\s*\]"
            yield name, self.part(f"{key}.{name}", values, pattern)

    def list_of_tables(self, key: str) -> Iterator["Section"]:
        """Give the table of each [[key]], in order."""
        line = self.line
        for values in self.get(key, list, f"tables: [[{key}]]", []):
            pattern = rf"\s*\[\[\s*{re.escape(key)}\s*\]\]"
            line = self.head.line_of(pattern, line) or self.line_of(key)
            yield self.part(key, values, None, line)
            line += 1

    def part(
        self, key: str, values: Any, pattern: str | None, line: int | None = None
    ) -> "Section":
        """Give the table *values*, which begins at the line of *pattern* or at *line*."""
        if not isinstance(values, dict):
            raise self.fail(key, f"“{key}” must be a table.")
        if pattern:
            line = self.head.line_of(pattern, self.line)
        return Section(self.head, values, line or self.line_of(key.split(".")[0]))

    def get(self, key: str, kind: Any, words: str, default: Any) -> Any:
        """Give the value of *key* or *default*; raises ReportError when it is not *words*."""
        self.asked.add(key)
        if key not in self.values:
            return "" if default is None and kind is str else default
        if not isinstance(self.values[key], kind):
            raise self.fail(key, f"“{key}” must be {words}.")
        return self.values[key]

    def finish(self) -> None:
        """Raise ReportError for the first setting that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, 1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                raise self.fail(key, f"“{key}” is no setting that is known here.{hint}")


def listed(names: Iterable[str]) -> str:
    """Give *names* as in “csv, xlsx or pdf”."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
