"""The files of one run, all of which get every row."""

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.formats import FORMATS, Column, Document, Format, FormatError
from dashboard.jobs.errors import Permanent
from dashboard.jobs.outputs import Outputs, formats_of

COLUMNS = [Column("name", "Name"), Column("orders", "Orders", "integer")]
ROWS = [("Müller", 1), ("=x", None)]
NOW = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)


class Run:
    """Stands in for a job: its drafts are in *folder*, and it knows what it kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[tuple[str, str, int]] = []

    @contextmanager
    def draft(self, name: str, extension: str) -> Iterator[SimpleNamespace]:
        scratch = self.folder / extension
        scratch.mkdir()
        path = scratch / f"{name}.{extension}"
        yield SimpleNamespace(path=path, scratch=scratch, follow=lambda: None)

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        yield

    def keep(self, draft: Any, *, format: str, rows: int, pages: Any, warnings: Any) -> None:  # noqa: A002  # As Running has it.
        self.kept.append((draft.path.name, format, rows))


def outputs(run: Run, formats: Sequence[str], stack: ExitStack, **changes: Any) -> Outputs:
    document = Document(
        title="Orders",
        made_by="Mara",
        made_at=NOW,
        data_as_of=NOW,
        number="E-1",
        brand="Bellhop",
        zone="UTC",
        **changes,
    )
    running: Any = run
    return Outputs(running, "orders", formats, COLUMNS, document, stack)


def begun(known: Format) -> Callable[[int], None]:
    return lambda rows: None


def test_every_row_goes_into_every_file(tmp_path: Path) -> None:
    run = Run(tmp_path)
    formats = list(FORMATS)
    with ExitStack() as stack:
        files = outputs(run, formats, stack)
        files.write(ROWS)
        files.write(ROWS)
        written = files.close(4, begun)
        files.keep(written)

    assert run.kept == [(f"orders.{known.extension}", name, 4) for name, known in FORMATS.items()]
    assert [known.name for known, _ in files.beside(written)] == formats
    assert [done.rows for done in written] == [4] * len(formats)


@pytest.mark.parametrize(
    ("formats", "encoded_only"),
    [
        (["csv"], True),
        (["csv.gz"], True),
        (["csv", "csv.gz"], True),
        (["csv", "xlsx"], False),
        (["jsonl"], False),
        (["csv.gz", "jsonl"], False),
    ],
)
def test_only_csv_takes_rows_that_are_csv_already(
    tmp_path: Path, formats: list[str], encoded_only: bool
) -> None:
    with ExitStack() as stack:
        files = outputs(Run(tmp_path), formats, stack)
        assert files.encoded_only is encoded_only
        files.close(0, begun)


def test_rows_that_are_csv_already_go_into_every_file(tmp_path: Path) -> None:
    run = Run(tmp_path)
    with ExitStack() as stack:
        files = outputs(run, ["csv", "csv.gz"], stack)
        files.write_encoded(b"Weber,1\n", 1)
        files.write_encoded(b'"a,b",2\nc,3\n', 2)
        files.keep(files.close(3, begun))

    plain = (tmp_path / "csv" / "orders.csv").read_bytes()
    assert plain == b'Name,Orders\nWeber,1\n"a,b",2\nc,3\n'
    assert gzip.decompress((tmp_path / "csv.gz" / "orders.csv.gz").read_bytes()) == plain
    assert run.kept == [("orders.csv", "csv", 3), ("orders.csv.gz", "csv.gz", 3)]


def test_a_file_that_holds_another_number_of_rows_is_not_kept(tmp_path: Path) -> None:
    with (
        pytest.raises(Permanent, match=r"gave 2 rows, but the CSV\.gz file holds 1"),
        ExitStack() as stack,
    ):
        files = outputs(Run(tmp_path), ["csv.gz"], stack)
        files.write_encoded(b"Weber,1\n", 1)
        files.close(2, begun)

    assert not (tmp_path / "csv.gz" / "orders.csv.gz").exists()


def test_a_failure_removes_all_files(tmp_path: Path) -> None:
    formats = ["csv", "csv.gz", "jsonl"]
    with pytest.raises(FormatError, match="counted 3 rows"), ExitStack() as stack:
        files = outputs(Run(tmp_path), formats, stack, rows=3)
        files.write(ROWS)
        files.close(2, begun)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_format_that_this_worker_cannot_write_is_not_left_out_without_a_word() -> None:
    running: Any = SimpleNamespace(params={"formats": ["xlsx", "csv"]})
    assert formats_of(running) == ["csv", "xlsx"]

    running.params["formats"] = ["csv", "stone tablet"]
    with pytest.raises(Permanent, match="cannot write files in the format “stone tablet”"):
        formats_of(running)
