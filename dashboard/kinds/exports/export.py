"""A table as it was opened for export."""

from dataclasses import dataclass
from typing import Any

from dashboard.sources import SourceColumn, Table

PREFIX = "export-"


@dataclass(frozen=True)
class Export:
    """What the jobs of one open table know; *source* is the name of its source."""

    slug: str
    source: str
    table: Table
    title: str
    summary: str
    roles: frozenset[str]

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return PREFIX + self.slug


def export_of(row: Any) -> Export:
    """Give the export of a *row* of open_tables."""
    return Export(
        slug=row.slug,
        source=row.source,
        table=Table(
            row.name,
            row.quoted,
            tuple(SourceColumn(each["name"], each["type"]) for each in row.columns),
            row.kind,
            tuple(row.key),
        ),
        title=row.title,
        summary=row.summary,
        roles=frozenset(row.roles),
    )
