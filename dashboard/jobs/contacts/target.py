"""The desk's own lists as a target of imports."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, Select, select

from dashboard.jobs.contacts import NAME
from dashboard.jobs.contacts.fields import table_of
from dashboard.jobs.contacts.undoing import ContactsUndoing
from dashboard.jobs.contacts.writing import ContactsWriting, contacts_of
from dashboard.models import ContactList
from dashboard.sources.writing import Forgotten, Making, TargetTable, Undoing, Writing, target_of

_LISTS: Final[Select[Any]] = select(ContactList.id, ContactList.name, ContactList.fields)


class ContactsTarget:
    """Writes into the lists as any target of imports is written: each list is a table of it.

    The migrations have prepared it; *engine* is that of the ledger.
    """

    name = NAME

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._inner = target_of(NAME, engine.url.render_as_string(hide_password=False))
        self.dialect = self._inner.dialect

    def prepare(self) -> None:
        """Do nothing: the migrations have done it."""

    def is_prepared(self) -> bool:
        return self._inner.is_prepared()

    def tables(self) -> list[TargetTable]:
        return self._tables(_LISTS.order_by(ContactList.name))

    def table(self, name: str) -> TargetTable | None:
        return next(iter(self._tables(_LISTS.where(ContactList.name == name))), None)

    def warnings(self) -> list[str]:
        """Give nothing: what the ledger needs is told elsewhere."""
        return []

    @contextmanager
    def writing(
        self,
        run: str,
        *,
        timeout: float = 300.0,
        read_only: bool = False,
        at_once: bool = False,
    ) -> Iterator[Writing]:
        with self._inner.writing(
            run, timeout=timeout, read_only=read_only, at_once=at_once
        ) as inner:
            yield ContactsWriting(inner)

    @contextmanager
    def undoing(
        self,
        run: str,
        imported: str,
        table: TargetTable,
        *,
        timeout: float = 300.0,
        read_only: bool = False,
    ) -> Iterator[Undoing]:
        with self._inner.undoing(
            run, imported, contacts_of(table), timeout=timeout, read_only=read_only
        ) as inner:
            yield ContactsUndoing(inner, table)

    def forget(
        self, before: datetime, *, keep: Collection[str], busy: Collection[str], limit: int
    ) -> Forgotten:
        return self._inner.forget(before, keep=keep, busy=busy, limit=limit)

    @contextmanager
    def making(self, path: Path, columns: Sequence[str]) -> Iterator[Making | None]:
        yield None

    def dispose(self) -> None:
        """Do nothing: no connection of its own outlives its writing."""

    def _tables(self, query: Select[Any]) -> list[TargetTable]:
        with self._engine.connect() as connection:
            return [table_of(row) for row in connection.execute(query)]
