"""Find a query's :name placeholders and put the driver's own in their place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.sources.errors import QueryError, WriteRefused
from dashboard.sources.syntax import BY_DIALECT, POSTGRESQL, STANDARD

READING_WORDS: Final = frozenset({"select", "table", "values", "with"})
"""What a query may begin with. It makes for clear sentences: each database has its own guard."""

LISTS: Final = (list, tuple, set, frozenset)

_no_text = re.compile("[\0\ud800-\udfff]")
_null_test = re.compile(r"\s+IS\s+(NOT\s+)?NULL\b", re.IGNORECASE)
_after_in = re.compile(r"\bIN\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Placeholder:
    """A :name that stands for a value."""

    name: str


@dataclass(frozen=True)
class Statement:
    """One query without its closing semicolon: text, placeholder, text … and text at the end."""

    pieces: tuple[str | Placeholder, ...]

    def spell(self, params: Mapping[str, object], mark: Callable[[str, object], str]) -> str:
        """Give the SQL with *mark(key, value)* in the place of each placeholder.

        A list, tuple or set becomes a list in brackets with one mark for each of its values;
        brackets that already surround it serve. In `:name IS NULL` the answer is known here, and
        a database that could not tell the type of such a value is not asked. Raises QueryError
        where a value is missing, a list is empty, or a text is none that a database takes.
        """
        words: list[str] = []
        for position, piece in enumerate(self.pieces):
            if isinstance(piece, str):
                words.append(piece)
                continue
            if piece.name not in params:
                raise QueryError(f"The query asks for “{piece.name}”, which was not given.")
            value = params[piece.name]
            before, after = self._text(position - 1), self._text(position + 1)
            if _null_test.match(after):
                words.append("NULL" if value is None else "1")
                continue
            marks = ", ".join(mark(key, one) for key, one in _values(piece.name, value))
            is_list = isinstance(value, LISTS) or _after_in.search(before) is not None
            has_brackets = before.rstrip().endswith("(") and after.lstrip().startswith(")")
            words.append(f"({marks})" if is_list and not has_brackets else marks)
        return "".join(words)

    def _text(self, position: int) -> str:
        piece = self.pieces[position]
        assert isinstance(piece, str)
        return piece


def parse(query: str, dialect: str) -> Statement:
    """Split *query* at its placeholders, reading strings and comments as *dialect* does.

    Raises QueryError where the query is empty or holds a second statement, and WriteRefused
    where it begins with anything but SELECT, WITH, VALUES or TABLE.
    """
    if "\0" in query:
        raise QueryError("The query holds a character that is no text.")
    syntax = BY_DIALECT.get(dialect, STANDARD)
    pieces: list[str | Placeholder] = []
    first_word = ""
    start = position = 0
    end: int | None = None
    while position < len(query):
        if syntax is POSTGRESQL and query.startswith("/*", position):
            position = _end_of_nested_comment(query, position)
            continue
        token = syntax.match(query, position)
        assert token is not None  # The pattern ends with "any character".
        position = token.end()
        kind = token.lastgroup
        if kind in ("comment", "space"):
            continue
        if kind == "end":
            end = token.start() if end is None else end
        elif end is not None:
            raise QueryError("A query is one statement, but this one goes on after a semicolon.")
        elif kind == "placeholder":
            pieces += [query[start : token.start()], Placeholder(token["name"])]
            start = position
        elif kind == "word" and not first_word:
            first_word = token.group()
    _refuse_all_but_reading(first_word)
    # The line break ends a comment that would swallow what an engine puts after the query.
    return Statement((*pieces, query[start:end] + "\n"))


def _end_of_nested_comment(query: str, position: int) -> int:
    depth = 0
    for edge in re.compile(r"/\*|\*/").finditer(query, position):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(query)


def _refuse_all_but_reading(first_word: str) -> None:
    if not first_word:
        raise QueryError("The query is empty.")
    if first_word.lower() not in READING_WORDS:
        raise WriteRefused(
            f"A query may only read: it begins with SELECT or WITH, not with {first_word.upper()}."
        )


def _values(name: str, value: object) -> list[tuple[str, object]]:
    """Give the value, or each of a list, with a key of its own. Raises QueryError."""
    if not isinstance(value, LISTS):
        found = [(name, value)]
    elif value:
        found = [(f"{name}.{number}", one) for number, one in enumerate(value)]
    else:
        raise QueryError(f"The list “{name}” is empty: choose at least one.")
    # NUL and halves of characters can come from JSON, and no database takes them.
    if any(isinstance(one, str) and _no_text.search(one) for _, one in found):
        raise QueryError(f"The value of “{name}” holds a character that is no text.")
    return found
