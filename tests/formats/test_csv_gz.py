"""CSV.gz: packed, and else what CSV is."""

import gzip
from pathlib import Path

from tests.formats.samples import columns, opened, written

TABLE = columns(name="text", orders="integer")
ROWS = [("Müller", 1), ("=1+1", None), ("\\N", 3)]


def test_it_holds_the_very_bytes_of_csv(tmp_path: Path) -> None:
    for changes in ({}, {"csv_bom": True}, {"formula_safe": False, "null": "\\N"}):
        plain, packed = tmp_path / "plain", tmp_path / "packed"
        written("csv", plain, TABLE, ROWS, **changes)
        written("csv.gz", packed, TABLE, ROWS, **changes)

        assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()


def test_its_header_tells_neither_time_nor_name(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"

    written("csv.gz", path, TABLE, ROWS)

    magic, method, flags, time = (
        path.read_bytes()[a:b] for a, b in ((0, 2), (2, 3), (3, 4), (4, 8))
    )
    assert (magic, method) == (b"\x1f\x8b", b"\x08")
    assert (flags, time) == (b"\0", b"\0\0\0\0")


def test_it_is_packed_while_rows_come(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    writer = opened("csv.gz", path, TABLE)

    for start in range(0, 200_000, 1_000):
        writer.write(
            [
                (f"customer {number * 7919 % 10**9}", number)
                for number in range(start, start + 1_000)
            ]
        )

    before = path.stat().st_size
    writer.close()
    assert 0 < path.stat().st_size - before < 1 << 17
    assert len(gzip.decompress(path.read_bytes())) > 2 * path.stat().st_size


def test_a_file_that_was_cut_is_noticed(tmp_path: Path) -> None:
    """The sums at the end of gzip name any byte that is missing."""
    path = tmp_path / "file.csv.gz"
    written("csv.gz", path, TABLE, ROWS)

    with gzip.open(path) as file:
        assert file.read().count(b"\n") == 4
    path.write_bytes(path.read_bytes()[:-1])
    try:
        gzip.decompress(path.read_bytes())
    except EOFError:
        return
    raise AssertionError("A file without its last byte was taken for whole.")
