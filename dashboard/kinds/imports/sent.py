"""A file that somebody sent, as the form of an import sees it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from flask_login import current_user

from dashboard.formats.reading import SIGNS, FileManner, Recognised, Unreadable, recognise
from dashboard.jobs.errors import Permanent, Transient
from dashboard.jobs.uploads import find_upload, open_upload
from dashboard.kinds.imports.mapping import plain_name
from dashboard.models import Upload
from dashboard.words import gettext as _, told

SAMPLES: Final = 3
SAMPLE_LIMIT: Final = 60  # characters of a cell
LINE_LIMIT: Final = 200  # characters of a first line


@dataclass(frozen=True)
class Sent:
    """What was sent, and what it seems to be; *trouble* is why it cannot be read, or ""."""

    upload: Upload | None = None
    recognised: Recognised | None = None
    trouble: str = ""
    first_line: str = ""
    samples: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, upload_id: Any, given: Mapping[str, Any], known: Collection[str]) -> Self:
        """Look at an upload of the person, read as *given* (encoding, delimiter, header, sheet).

        A first row that names columns of the table, whose plain names are *known*, is a header
        though it may not look like one.
        """
        if not upload_id:
            return cls()
        upload = find_upload(str(upload_id), current_user)
        if upload is None:
            return cls(trouble=_("This file is not kept any more. Send it again."))
        try:
            with open_upload(upload.id, current_user) as sent:
                found = recognise(sent.path, sent.name)
                wanted = _manner(found, given, known)
                if wanted != found.manner:
                    found = recognise(sent.path, sent.name, manner=wanted)
        except Unreadable as error:
            line = error.first_line[:LINE_LIMIT]
            return cls(upload, trouble=error.sentence, first_line=line)
        except (Permanent, Transient) as error:
            return cls(upload, trouble=told(error.what))
        return cls(upload, found, samples=_samples(found))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return self.recognised.columns if self.recognised else ()

    @property
    def digest(self) -> str:
        """What stands for its columns: a page that shows others was made for another reading."""
        return hashlib.sha256("\0".join(self.columns).encode()).hexdigest()[:16]


def _manner(found: Recognised, given: Mapping[str, Any], known: Collection[str]) -> FileManner:
    header = given.get("header")
    return FileManner(
        found.manner.kind,
        str(given.get("encoding") or found.manner.encoding),
        SIGNS.get(str(given.get("delimiter")), found.manner.delimiter),
        header == "yes" if header in ("yes", "no") else _has_header(found, known),
        str(given.get("sheet") or found.manner.sheet),
    )


def _has_header(found: Recognised, known: Collection[str]) -> bool:
    if found.manner.header or not found.first:
        return found.manner.header
    names = [plain_name(str(cell)) for cell in found.first[0].cells if cell not in ("", None)]
    return sum(name in known for name in names) * 2 > len(names)


def _samples(found: Recognised) -> dict[int, list[str]]:
    """Give the first cells that hold anything, by the place of their column."""
    samples: dict[int, list[str]] = {}
    for row in found.first:
        for at, cell in enumerate(row.cells[: len(found.columns)]):
            known = samples.setdefault(at, [])
            if cell not in ("", None) and len(known) < SAMPLES:
                known.append(_short(str(cell)))
    return samples


def _short(text: str) -> str:
    return text if len(text) <= SAMPLE_LIMIT else f"{text[: SAMPLE_LIMIT - 1]}…"
