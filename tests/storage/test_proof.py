"""Only right bytes are proven; who gets wrong ones never gets them all."""

import hashlib
import io
from collections.abc import Iterator
from itertools import pairwise

import pytest

from dashboard.storage import BLOCK, Damaged, measure, prove, proven, proven_part

SIZES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK]


def made(size: int) -> tuple[bytes, str]:
    """Give bytes and their checksum."""
    data = (bytes(range(251)) * (size // 251 + 1))[:size]
    return data, hashlib.sha256(data).hexdigest()


def taken(blocks: Iterator[bytes]) -> tuple[bytes, bool]:
    """Take what is given; whether it went on to the end."""
    data = b""
    try:
        for block in blocks:
            data += block
    except Damaged:
        return data, False
    return data, True


@pytest.mark.parametrize("size", SIZES)
def test_right_bytes_are_given_whole(size: int) -> None:
    data, sha256 = made(size)
    assert taken(proven(io.BytesIO(data), size, sha256)) == (data, True)
    file = io.BytesIO(data)
    prove(file, size, sha256)
    assert file.tell() == 0


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("where", ["first", "middle", "last", "short", "long"])
def test_wrong_bytes_are_never_given_to_the_end(size: int, where: str) -> None:
    data, sha256 = made(size)
    place = {"first": 0, "middle": size // 2, "last": size - 1}.get(where)
    if place is not None:
        wrong = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    else:
        wrong = data[:-1] if where == "short" else data + b"x"
    given, ended = taken(proven(io.BytesIO(wrong), size, sha256))
    assert not ended
    assert len(given) < size
    with pytest.raises(Damaged):
        prove(io.BytesIO(wrong), size, sha256)


def test_a_wrong_length_is_seen_without_reading() -> None:
    for length in (9, 11):
        with pytest.raises(Damaged, match="length"):
            measure(io.BytesIO(bytes(length)), 10)
    measure(io.BytesIO(bytes(10)), 10)


def test_parts_are_the_bytes_that_were_asked_for() -> None:
    size = 3 * BLOCK + 7
    data, sha256 = made(size)
    cuts = (0, 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5, size - 1, size)
    for start, stop in pairwise(cuts):
        part = taken(proven_part(io.BytesIO(data), start, stop, size, sha256))
        assert part == (data[start:stop], True), (start, stop)
    assert taken(proven_part(io.BytesIO(data), 5, size, size, sha256)) == (data[5:], True)


def test_the_part_that_completes_a_damaged_file_is_not_given() -> None:
    size = 3 * BLOCK
    data, sha256 = made(size)
    wrong = b"x" + data[1:]
    for start in (1, BLOCK, size - 1):
        part, ended = taken(proven_part(io.BytesIO(wrong), start, size, size, sha256))
        assert not ended
        assert len(part) < size - start


def test_a_disk_that_does_not_read_counts_as_damage() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(Damaged, match="Input/output error"):
        prove(Broken(bytes(10)), 10, "")
