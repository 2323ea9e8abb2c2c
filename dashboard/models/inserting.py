"""INSERT … ON CONFLICT DO NOTHING, for which each database has a class of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dashboard.models.base import Base


def insert_new(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, key: str
) -> postgresql.Insert | sqlite.Insert:
    """Give the statement that adds those of *rows* whose *key* is not in *table* yet."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).values(rows).on_conflict_do_nothing(index_elements=[key])
    return postgresql.insert(table).values(rows).on_conflict_do_nothing(index_elements=[key])
