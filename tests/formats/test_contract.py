"""What every format promises, whatever it writes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from dashboard.formats import FORMATS, CsvWriter, FormatError, Stopped
from tests.formats.samples import (
    columns,
    csv_gz_rows,
    csv_rows,
    jsonl_rows,
    opened,
    parquet_table,
    pdf_text,
    written,
    xlsx_rows,
)

NAMES = ["csv", "csv.gz", "xlsx", "pdf", "jsonl", "parquet"]
DEFERRED = ["xlsx", "pdf", "parquet"]

TABLE = columns(
    name="text",
    note="text",
    orders="integer",
    average="number",
    revenue="money",
    share="percent",
    day="date",
    placed_at="datetime",
    opens="time",
    paid="boolean",
)
TWO_HOURS = timezone(timedelta(hours=2))
ROWS: list[tuple[object, ...]] = [
    (
        "Müller & Söhne",
        'He said "no", twice',
        4283,
        Decimal("12.5"),
        Decimal("13204.50"),
        0.253,
        date(2026, 10, 31),
        datetime(2026, 10, 31, 14, 5, 9),
        time(14, 5, 9),
        True,
    ),
    ("Łódź Ελλάδα Москва", "two\nlines", -5, 0.1, 0, 1, None, None, None, False),
    ("株式会社 한국", "", None, None, None, None, None, None, None, None),
    (
        "arrow → ✓",
        "=1+1",
        0,
        float("nan"),
        Decimal("-0.01"),
        Decimal("0.5"),
        date(1999, 12, 31),
        datetime(2026, 7, 1, 0, 30, tzinfo=TWO_HOURS),
        time(0),
        None,
    ),
]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of a format."""
    if request.param == "parquet":
        pytest.importorskip("pyarrow")
    return str(request.param)


def shown(name: str, path: Path) -> str:
    """Gives all that a file shows below its header as one text."""
    if name == "pdf":
        return pdf_text(path)
    return "\n".join(" ".join("" if v is None else str(v) for v in row) for row in rows(name, path))


def rows(name: str, path: Path) -> list[list[Any]]:
    """Gives the rows of a file that is no PDF."""
    if name == "csv":
        return [list(row) for row in csv_rows(path)]
    if name == "csv.gz":
        return [list(row) for row in csv_gz_rows(path)]
    if name == "jsonl":
        return [list(row.values()) for row in jsonl_rows(path)]
    if name == "parquet":
        return [list(row.values()) for row in parquet_table(path).to_pylist()]
    return [list(row) for row in xlsx_rows(path)]


def count(name: str, path: Path) -> int:
    """Counts the rows in a file whose first column is "row <number>"."""
    return shown(name, path).count("row ")


def test_every_writer_has_a_format_of_its_name() -> None:
    assert [*FORMATS] in (NAMES, NAMES[:-1])  # Parquet needs its engine.
    assert all(name == known.name for name, known in FORMATS.items())
    assert {name for name, known in FORMATS.items() if known.deferred} <= {*DEFERRED}


def test_texts_of_all_scripts_arrive(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"

    result = written(name, path, TABLE, ROWS)

    assert result.rows == len(ROWS)
    text = shown(name, path)
    for row in ROWS:
        assert str(row[0]) in text
    assert 'He said "no", twice' in text


def test_nulls_show_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"

    written(name, path, columns(a="text", b="number"), [("here", None), (None, None)])

    text = shown(name, path).lower()
    assert "here" in text
    assert "none" not in text
    assert "null" not in text


def test_every_row_is_in_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    writer = opened(name, path, columns(label="text", number="integer"))

    for start in range(0, 500, 100):
        writer.write([(f"row {n}", n) for n in range(start, start + 100)])
    writer.write([])
    result = writer.close()

    assert result.rows == 500
    assert count(name, path) == 500


def test_no_rows_give_a_file_with_no_more_than_a_header(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"

    result = opened(name, path, TABLE, rows=0).close()

    assert result.rows == 0
    assert result.warnings == ()
    # JSON lines have no header, so without rows there is nothing in the file.
    assert (path.stat().st_size > 0) == (name != "jsonl")


def test_a_huge_text_does_no_harm(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"

    result = written(name, path, columns(note="text"), [("word " * 6_000,), ("after",)])

    assert result.rows == 2
    assert "after" in shown(name, path)


def test_an_unexpected_number_of_rows_fails_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    writer = opened(name, path, columns(a="text"), rows=2)
    writer.write([("one",)])

    with pytest.raises(FormatError, match="The query counted 2 rows, but it delivered 1"):
        writer.close()

    assert list(tmp_path.iterdir()) == []


def test_a_row_with_too_few_values_is_named(name: str, tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text", b="text"))
    writer.write([("one", "two")])

    with pytest.raises(FormatError, match="Row 3 has 1 values, but the table has 2 columns"):
        writer.write([("one", "two"), ("three",)])

    writer.abort()
    assert list(tmp_path.iterdir()) == []


def _nothing(writer: Any) -> None:
    """Aborts at once."""


def _some_rows(writer: Any) -> None:
    writer.write([("one", 1)])


def _closed(writer: Any) -> None:
    writer.write([("one", 1)])
    writer.close()


@pytest.mark.parametrize("before", [_nothing, _some_rows, _closed])
def test_an_abort_leaves_no_file(name: str, before: Callable[[Any], None], tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text", b="integer"))
    before(writer)

    writer.abort()
    writer.abort()

    assert list(tmp_path.iterdir()) == []


def test_an_aborted_writer_takes_no_more_rows(name: str, tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text"))
    writer.abort()

    with pytest.raises(Stopped):
        writer.write([("one",)])


@pytest.mark.parametrize("name", DEFERRED, indirect=True)
def test_what_tell_raises_stops_the_writer(name: str, tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text", b="integer"))
    for _ in range(5):
        writer.write([(f"text {n}", n) for n in range(1_000)])

    def cancel(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer.close(cancel)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", DEFERRED, indirect=True)
def test_tell_hears_how_many_rows_are_done(name: str, tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text", b="integer"))
    for _ in range(30):
        writer.write([(f"text {n}", n) for n in range(1_000)])
    heard: list[int] = []

    writer.close(heard.append)

    assert heard == sorted(heard)
    assert 0 < heard[-1] <= 30_000


@pytest.mark.parametrize("name", DEFERRED, indirect=True)
def test_a_close_that_is_aborted_meanwhile_stops(name: str, tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text"))
    for _ in range(20):
        writer.write([(f"text {n}",) for n in range(1_000)])

    with pytest.raises(Stopped):
        writer.close(lambda done: writer.abort())

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_of_its_own(name: str, tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "file"
    path.symlink_to(full)
    writer = opened(name, path, columns(a="text"))

    def fill() -> None:
        for _ in range(10):
            writer.write([("text " * 50,)] * 100)
        writer.close()

    with pytest.raises((OSError, FormatError), match="(?i)no space left"):
        fill()

    writer.abort()
    assert list(tmp_path.iterdir()) == []


def test_moments_with_a_zone_keep_their_moment(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)

    written(name, path, columns(placed_at="datetime"), [(moment,)])

    told = "2026-07-02 00:30:00" if name in ("xlsx", "pdf") else "2026-07-01 22:30:00+00:00"
    assert told in shown(name, path)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in DEFERRED], indirect=True)
def test_an_abort_from_another_thread_stops_the_writer(name: str, tmp_path: Path) -> None:
    writer = opened(name, tmp_path / "file", columns(a="text"))
    raised: list[BaseException] = []

    def fill() -> None:
        try:
            while True:
                writer.write([("text " * 50,)] * 1_000)
        except BaseException as error:
            raised.append(error)

    thread = Thread(target=fill)
    thread.start()
    thread.join(0.1)
    writer.abort()
    thread.join(60)

    assert [type(error) for error in raised] == [Stopped]
    assert list(tmp_path.iterdir()) == []


def test_broken_characters_are_replaced_with_a_warning(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"

    result = written(name, path, columns(a="text"), [("fine",), ("bro\ud800ken",)])

    assert "bro\ufffdken" in shown(name, path)
    assert len(result.warnings) == 1
    assert "\ufffd" in result.warnings[0]


@pytest.mark.parametrize("name", ["csv", "csv.gz", "jsonl", "parquet"], indirect=True)
def test_more_columns_than_a_workbook_holds_are_no_limit(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    table = columns(**{f"c{number}": "integer" for number in range(16_385)})

    written(name, path, table, [tuple(range(16_385))])

    assert [int(value) for value in rows(name, path)[0]] == [*range(16_385)]


@pytest.mark.parametrize("name", ["csv", "csv.gz", "jsonl", "parquet"], indirect=True)
def test_equal_rows_give_equal_bytes(name: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"

    for path in (first, second):
        written(name, path, TABLE[:6], [row[:6] for row in ROWS])

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", ["csv", "csv.gz"], indirect=True)
def test_rows_that_are_csv_already_are_taken_as_they_are(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    writer = opened(name, path, columns(a="text", b="text"), rows=3)
    assert isinstance(writer, CsvWriter)

    writer.write([("one", "two")])
    writer.write_encoded(b"three,four\nfive,six\n", 2)

    assert writer.close().rows == 3
    assert rows(name, path) == [["one", "two"], ["three", "four"], ["five", "six"]]
