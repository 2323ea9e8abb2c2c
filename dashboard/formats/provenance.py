"""Where a file comes from: who made it, when, from which data."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.formats.table import Document


def facts(document: Document, rows: int) -> list[tuple[str, str]]:
    """Gives the provenance as (label, value) pairs."""
    return [
        ("Number", document.number),
        ("Made by", document.made_by),
        ("Made on", moment(document.made_at, document.zone)),
        ("Data as of", moment(document.data_as_of, document.zone)),
        ("Rows", f"{rows:,}"),
        ("Times are in", document.zone),
    ]


def line(document: Document, rows: int) -> str:
    """Gives the provenance as one line."""
    return (
        f"{document.number} · made by {document.made_by}, "
        f"{moment(document.made_at, document.zone)} · "
        f"data as of {moment(document.data_as_of, document.zone)} ({document.zone}) · "
        f"{rows:,} {'row' if rows == 1 else 'rows'}"
    )


def moment(at: datetime, zone: str) -> str:
    """Gives a moment for reading: 20 November 2026, 14:05."""
    at = at.astimezone(ZoneInfo(zone))
    return f"{at.day} {at:%B %Y, %H:%M}"
