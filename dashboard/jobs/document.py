"""What the files of a job say about themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dashboard.formats import FORMATS, Document
from dashboard.jobs.running import Running

FORMATS_LABEL: Final = "Formats"


def formats_choice(params: Mapping[str, Any]) -> tuple[str, str]:
    """Give label and value of the choice of formats, as in (“Formats”, “CSV, PDF”)."""
    titles = [FORMATS[name].title for name in params.get("formats", []) if name in FORMATS]
    return FORMATS_LABEL, ", ".join(titles)


def document_of(running: Running, as_of: datetime | None = None) -> Document:
    """Give what each file says of data *as_of* (with a time zone; by default now).

    It names every choice but that of the formats: it is one of them itself.
    """
    now = datetime.now(UTC)
    return Document(
        title=running.title,
        choices=tuple(choice for choice in running.choices if choice[0] != FORMATS_LABEL),
        made_by=running.requested_by_name,
        made_at=now,
        data_as_of=as_of or now,
        number=running.number,
        brand=running.brand,
        zone=running.zone,
    )
