"""Takes back what an import wrote into a list: rows of contacts are shown as rows of the list."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from dashboard.jobs.contacts.fields import EMAIL
from dashboard.jobs.contacts.writing import told
from dashboard.sources.writing import Image, Seen, TargetTable, Undoing, Written


class ContactsUndoing:
    """Shows what an *undoing* of the table of contacts sees as rows of the list *table*."""

    def __init__(self, undoing: Undoing, table: TargetTable) -> None:
        self._undoing = undoing
        self._names = [column.name for column in table.columns]

    def chunks(self) -> list[int]:
        return self._undoing.chunks()

    def kept(self) -> int:
        return self._undoing.kept()

    def look(self) -> Iterator[list[Seen]]:
        for batch in self._undoing.look():
            yield [
                seen._replace(
                    before=self._image(seen.before),
                    after=self._image(seen.after),
                    now=self._image(seen.now),
                )
                for seen in batch
            ]

    def marks(self) -> dict[int, Written]:
        return {chunk: _translated(written) for chunk, written in self._undoing.marks().items()}

    def undo(
        self, chunk: int, *, keys: Collection[str] | None = None, overwrite: bool = False
    ) -> Written:
        return _translated(self._undoing.undo(chunk, keys=keys, overwrite=overwrite))

    def interrupt(self) -> None:
        self._undoing.interrupt()

    def _image(self, image: Image | None) -> Image | None:
        """Give a row of contacts by the columns of the list."""
        if image is None:
            return None
        kept: Any = image["values"]
        # PostgreSQL keeps JSON as such, SQLite as text.
        values = json.loads(kept) if isinstance(kept, str) else kept
        return {name: image["email"] if name == EMAIL else values.get(name) for name in self._names}


def _translated(written: Written) -> Written:
    return Written(written.counts, tuple(map(told, written.refused)))
