"""Proves that kept bytes are still those that were stored."""

import hashlib
import os
import time
from collections.abc import Iterator
from typing import BinaryIO

from dashboard.storage.protocol import StorageError

BLOCK = 1 << 18


class Damaged(StorageError):
    """The bytes are not those that were stored."""


def measure(file: BinaryIO, size: int) -> None:
    """Check the length of *file* in bytes, and go to its begin. Raises Damaged."""
    if file.seek(0, os.SEEK_END) != size:
        raise Damaged("The file does not have the length that was stored.")
    file.seek(0)


def proven(file: BinaryIO, size: int, sha256: str) -> Iterator[bytes]:
    """Give the blocks of *file*; the last one only when all of them were right.

    So whoever counts the bytes never takes a wrong file for a whole one. Raises Damaged.
    """
    found = hashlib.sha256()
    held = b""
    seen = 0
    while block := _read(file, BLOCK):
        found.update(block)
        seen += len(block)
        if seen > size:
            break
        if held:
            yield held
        held = block
    if seen != size or found.hexdigest() != sha256:
        raise Damaged("The file does not have the checksum that was stored.")
    if held:
        yield held


def prove(file: BinaryIO, size: int, sha256: str) -> None:
    """Read all of *file* from its begin, and go back there. Raises Damaged."""
    measure(file, size)
    for _ in proven(file, size, sha256):
        time.sleep(0)  # Where one thread serves many, the others come by between two blocks.
    file.seek(0)


def proven_part(file: BinaryIO, start: int, stop: int, size: int, sha256: str) -> Iterator[bytes]:
    """Give the bytes from *start* up to *stop*, which is not among them.

    Where that is the end of the file, the last block is given only when the whole file is right:
    a download that broke off is completed by right bytes or not at all. Raises Damaged.
    """
    while start < stop:
        file.seek(start)
        block = _read(file, min(BLOCK, stop - start))
        if not block:
            raise Damaged("The file ends too early.")
        start += len(block)
        if start == size:
            prove(file, size, sha256)
        yield block


def _read(file: BinaryIO, length: int) -> bytes:
    try:
        return file.read(length)
    except OSError as error:
        raise Damaged(f"The file cannot be read: {error.strerror or error}.") from error
