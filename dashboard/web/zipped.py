"""Several finished files in one ZIP, written while it is sent: nothing of it is kept."""

import uuid
import zipfile
from collections.abc import Iterator, Sequence
from io import RawIOBase
from typing import Any, BinaryIO, NamedTuple

from flask import Flask

from dashboard.models import Artifact
from dashboard.storage import proven
from dashboard.web.download import noted


class Member(NamedTuple):
    """What is known of a file when the request has ended; *file* holds its bytes, open."""

    id: uuid.UUID
    name: str
    size: int
    sha256: str
    file: BinaryIO

    @classmethod
    def of(cls, artifact: Artifact, file: BinaryIO) -> "Member":
        """Give the member for *artifact*."""
        return cls(artifact.id, artifact.name, artifact.size, artifact.sha256, file)


class Sink(RawIOBase):
    """Takes what zipfile writes and gives it on in pieces."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Take a piece; gives its length in bytes."""
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Give what was written since the last call."""
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def zipped(app: Flask, members: Sequence[Member]) -> Iterator[bytes]:
    """Give the pieces of the ZIP; one that breaks off has no directory and cannot be opened.

    A file that is deleted meanwhile comes whole, for it is open. Raises Damaged.
    """
    sink = Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    for each in members:
        with archive.open(each.name, "w", force_zip64=True) as member:
            for block in noted(app, each.id, proven(each.file, each.size, each.sha256)):
                member.write(block)
                yield sink.taken()
        yield sink.taken()
    archive.close()
    yield sink.taken()
