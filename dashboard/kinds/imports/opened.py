"""A table that is open for import, as the kinds of its jobs know it."""

from dataclasses import dataclass
from typing import Any, Final

CHECK: Final = "check-"
IMPORT: Final = "import-"


@dataclass(frozen=True)
class Opened:
    """What was opened; *source* is the name of its source, *table* of its table there."""

    slug: str
    source: str
    table: str
    title: str
    summary: str
    roles: frozenset[str]
    modes: tuple[str, ...]
    checks: str

    @property
    def check_kind(self) -> str:
        """The name of the kind that checks a file."""
        return CHECK + self.slug

    @property
    def import_kind(self) -> str:
        """The name of the kind that imports what was checked."""
        return IMPORT + self.slug


def opened_of(row: Any) -> Opened:
    """Give what a *row* of import_targets has opened."""
    return Opened(
        slug=row.slug,
        source=row.source,
        table=row.name,
        title=row.title,
        summary=row.summary,
        roles=frozenset(row.roles),
        modes=tuple(row.modes),
        checks=row.checks,
    )
