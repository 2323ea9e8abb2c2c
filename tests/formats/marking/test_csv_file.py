"""A CSV with what is wrong in one more column: but for that, it is what was sent."""

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from dashboard.formats.marking import Added, Mark, marked_csv
from dashboard.formats.reading import FileManner, reading
from dashboard.formats.reading.csv_records import csv_records, span_of
from tests.formats.reading.files import peak_below

ROWS = 12_000
WHY = ("Was zu berichtigen ist", "What to fix")


def marked(
    folder: Path,
    data: bytes,
    *marks: Mark,
    encoding: str = "utf-8",
    delimiter: str = ",",
    header: bool = True,
    titles: tuple[str, ...] = WHY,
    place: int | None = None,
) -> bytes:
    """Gives *data* with what is wrong."""
    path, into = folder / "sent", folder / "marked"
    path.write_bytes(data)
    manner = FileManner("csv", encoding, delimiter, header)
    with reading(path, manner) as file:
        behind = len(file.columns)
    added = Added(titles, behind if place is None else place, place is not None)
    for _ in marked_csv(path, manner, into, iter(marks), added):
        pass
    return into.read_bytes()


def test_the_column_is_behind_the_others_and_empty_in_good_rows(tmp_path: Path) -> None:
    data = b'no;name\r\n1;"A; ""B"""\r\n\r\n2;C\r\n3;D'

    found = marked(tmp_path, data, Mark(4, ("zu lang; fehlt",)), delimiter=";")

    assert found == (
        b'no;name;Was zu berichtigen ist\r\n1;"A; ""B""";\r\n\r\n2;C;"zu lang; fehlt"\r\n3;D;'
    )


@pytest.mark.parametrize(
    ("codec", "encoding", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("utf-8", "utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", "utf-16", b"\xff\xfe"),
        ("utf-16-be", "utf-16", b"\xfe\xff"),
        ("utf-16-le", "utf-16", b""),
        ("cp1252", "cp1252", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_mark_delimiter_and_line_ends_stay(
    tmp_path: Path, codec: str, encoding: str, mark: bytes, end: str, delimiter: str
) -> None:
    lines = [["Größe", "b"], ["é", '" x"'], ['"two\nlines"', ""]]
    data = mark + end.join(map(delimiter.join, lines)).encode(codec)

    found = marked(tmp_path, data, Mark(3, ("Größer",)), encoding=encoding, delimiter=delimiter)

    added = ["Was zu berichtigen ist", "", "Größer"]
    wanted = end.join(delimiter.join([*line, add]) for line, add in zip(lines, added, strict=True))
    assert found == mark + wanted.encode(codec)


def test_a_row_of_another_length_stays_as_it_is(tmp_path: Path) -> None:
    data = b'a,b,c\n1,2\n1,2,3,\n1,"2,",3,4\n'
    marks = [Mark(number, (f"row {number}",)) for number in (2, 3, 4)]

    found = marked(tmp_path, data, *marks, titles=("W",))

    # The reason stands under its title, or at the end of a row that does not get so far.
    assert found == b'a,b,c,W\n1,2,row 2\n1,2,3,row 3,\n1,"2,",3,row 4,4\n'


def test_a_file_without_a_header_gets_none(tmp_path: Path) -> None:
    found = marked(tmp_path, b"1,2\n3,4\n", Mark(1, ("x",)), header=False)

    assert found == b"1,2,x\n3,4,\n"


def test_a_column_that_is_there_already_is_filled_anew(tmp_path: Path) -> None:
    data = b'a,What to fix,b\n1,"old, old",2\n3,,4\n5\n'

    found = marked(tmp_path, data, Mark(3, ("new",)), Mark(4, ("short",)), titles=("W",), place=1)

    assert found == b"a,W,b\n1,,2\n3,new,4\n5,short\n"


def test_what_an_encoding_cannot_say_is_said_in_english(tmp_path: Path) -> None:
    titles = ("Co poprawić", "What to fix")
    marks = [Mark(2, ("zły dzień", "no day")), Mark(3, ("źle", "not “ł”"))]

    found = marked(tmp_path, "ä\n1\n2\n".encode("cp1252"), *marks, encoding="cp1252", titles=titles)

    assert found.decode("cp1252") == "ä,What to fix\n1,no day\n2,not “?”\n"


def test_little_of_a_file_is_held_at_once(tmp_path: Path) -> None:
    path, into = tmp_path / "sent", tmp_path / "marked"
    with path.open("w") as file:
        file.writelines(f"{number},{'x' * 1000}\n" for number in range(ROWS))
    marks = (Mark(number, ("wrong",)) for number in range(1, ROWS, 3))
    manner = FileManner("csv", "utf-8", ",", header=False)

    with peak_below(4 << 20):
        done = list(marked_csv(path, manner, into, marks, Added(WHY, 2)))

    assert done[-1] == ROWS
    assert into.stat().st_size > 10 << 20


cells = st.text(st.sampled_from("a1é文 \t\",;|\n\r'="), max_size=5)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6)


def spelled(rows: list[list[str]], delimiter: str, end: str, quoted: bool) -> str:
    """Gives the text of a CSV; with *quoted*, all of its cells are."""

    def field(cell: str) -> str:
        if quoted or not cell or any(sign in cell for sign in f'{delimiter}"\n\r'):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    return "".join(delimiter.join(map(field, row)) + end for row in rows)


@settings(max_examples=150, deadline=None)
@given(
    rows=tables,
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoted=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
    bad=st.sets(st.integers(1, 7)),
)
def test_without_its_column_the_file_is_what_was_sent(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    end: str,
    quoted: bool,
    encoding: str,
    bad: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("sent")
    text = spelled(rows, delimiter, end, quoted)
    data = text.encode("utf-16" if encoding == "utf-16" else "utf-8")
    width = len(rows[0])
    marks = [Mark(number, (f'{delimiter} "{number}"\n',)) for number in sorted(bad)]

    found = marked(folder, data, *marks, encoding=encoding, delimiter=delimiter)

    (folder / "marked").write_bytes(found)
    manner = FileManner("csv", encoding, delimiter)
    with csv_records(folder / "marked", manner) as records:
        back = records.mark
        for record, row in zip(records, rows, strict=True):
            place = min(len(row), width)
            start, stop = span_of(record.text, place, delimiter)
            assert bool(record.text[start:stop]) == (record.number in bad or record.number == 1)
            kept = record.text[: start - 1] + record.text[stop:]
            back += (kept + record.end).encode(records.codec)
    assert back == data
