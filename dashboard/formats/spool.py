"""Rows put aside in a nameless file until a writer has seen them all."""

import marshal
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Protocol

# All that marshal keeps and that a cell is made of; it is four times as fast as pickle.
Plain = bool | int | float | str | None

LENGTH_BYTES = 8
BUFFER = 1 << 20  # bytes


class Keeper(Protocol):
    """Turns values into bytes and back, as marshal and pickle do."""

    def dumps(self, value: Any, /) -> bytes: ...

    def loads(self, data: bytes, /) -> Any: ...


class Spool:
    """Batches of columns, written once and then read as often as is needed.

    Values that are not Plain need pickle as *keeper*.
    """

    def __init__(self, folder: Path, keeper: Keeper = marshal) -> None:
        self._keeper = keeper
        self._file = TemporaryFile(dir=folder, buffering=BUFFER)  # noqa: SIM115  # It lives on.

    def add(self, columns: Sequence[Sequence[object]]) -> None:
        """Puts one batch aside, given column by column."""
        data = self._keeper.dumps(columns)
        self._file.write(len(data).to_bytes(LENGTH_BYTES))
        self._file.write(data)

    def __iter__(self) -> Iterator[list[Sequence[Any]]]:
        """Gives the batches in order; only one iteration may be under way."""
        self._file.seek(0)
        while head := self._file.read(LENGTH_BYTES):
            yield self._keeper.loads(self._file.read(int.from_bytes(head)))

    def close(self) -> None:
        self._file.close()
