"""The choices of an import as a job keeps them, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import quote, unquote

from dashboard.formats.reading import SIGNS, FileManner
from dashboard.kinds.imports.comparing import Mode
from dashboard.kinds.imports.mapping import Pair, parse_pair
from dashboard.kinds.imports.spelling import Days, Decimal, Nulls, Spelling
from dashboard.words import marked

MODES: Final[Mapping[Mode, str]] = {
    "both": marked("Add new rows and update changed ones"),
    "add": marked("Only add new rows"),
    "update": marked("Only update rows that are there"),
    "mirror": marked("Add, update, and delete what the file does not have"),
}


@dataclass(frozen=True)
class Chosen:
    """What was chosen for one file: how it is read, and what goes where."""

    upload: str
    file: str
    manner: FileManner
    spelling: Spelling
    pairs: tuple[Pair, ...]
    by: tuple[str, ...]
    mode: Mode

    @property
    def mapped(self) -> tuple[Pair, ...]:
        """The columns of the file that go somewhere."""
        return tuple(pair for pair in self.pairs if pair.target)


def chosen_of(params: Mapping[str, Any]) -> Chosen:
    """Give what *params* of a job mean."""
    return Chosen(
        upload=params["upload"],
        file=params["file"],
        manner=FileManner(
            "xlsx" if params["sheet"] else "csv",
            params["encoding"],
            SIGNS.get(params["delimiter"], ""),
            params["header"] == "yes",
            params["sheet"],
        ),
        spelling=Spelling(
            cast(Decimal, params["decimal"]),
            cast(Days, params["days"]),
            cast(Nulls, params["nulls"]),
            params["zone"],
        ),
        pairs=tuple(parse_pair(text) for text in params["mapping"]),
        by=parse_by(params["by"]),
        mode=cast(Mode, params["mode"]),
    )


def delimiter_name(sign: str) -> str:
    """Give the name of a delimiter as choices have it; nothing where a file has none."""
    return next((name for name, each in SIGNS.items() if each == sign), "")


def spelled_by(columns: tuple[str, ...]) -> str:
    """Give the columns that tell rows apart as one text."""
    return ",".join(quote(column, safe="") for column in columns)


def parse_by(text: str) -> tuple[str, ...]:
    """Give the columns in *text*, which spelled_by gave."""
    return tuple(unquote(part) for part in text.split(",") if part)
