"""Where the recipients of a mailing come from, as the ledger keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from dashboard.formats.reading import FileManner

Origin = Literal["upload", "list", "file"]


@dataclass(frozen=True)
class Audience:
    """A file that somebody sent (*upload*), a contact *list*, or a *file* that a job has made.

    *id* is that of the upload, the list or the artifact as text, *name* what people call it.
    *manner* is how a file is read, *email* the field of its column with the addresses; a list has
    neither, and a file of JSON lines is read in one manner only.
    """

    origin: Origin
    id: str
    name: str
    manner: FileManner | None = None
    email: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it as Mailing.audience keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Give what as_json() gave."""
        manner = kept["manner"]
        return cls(**{**kept, "manner": manner and FileManner.from_dict(manner)})
