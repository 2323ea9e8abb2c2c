"""A CSV as it was sent, byte for byte, with one more column."""

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Final

from dashboard.formats.marking.mark import Added, Mark, Marks
from dashboard.formats.reading import FileManner
from dashboard.formats.reading.csv_records import Record, csv_records, span_of

BATCH: Final = 1 << 18  # characters


def marked_csv(
    path: Path, manner: FileManner, into: Path, marks: Iterator[Mark], added: Added
) -> Generator[int, None, None]:
    """Writes the file at *path* to *into* with what is wrong; gives how many rows are done.

    Encoding, delimiter, quotes and line ends stay as they are. A row with fewer cells than columns
    has the new one at its end, one with more in its place.
    """
    column = _Column(manner.delimiter, added)
    known = Marks(marks)
    has_title = manner.header
    with csv_records(path, manner) as records, into.open("wb") as out:
        out.write(records.mark)
        texts: list[str] = []
        done = size = 0
        for record in records:
            said = ""
            if record.cells and has_title:
                has_title = False
                said = _held(added.titles, records.codec)
            elif record.cells:
                done += 1
                if mark := known.of(record.number):
                    said = _held(mark.reasons, records.codec)
            texts.append(column.put(record, said) if record.cells else record.text + record.end)
            size += len(texts[-1])
            if size > BATCH:
                out.write("".join(texts).encode(records.codec))
                texts.clear()
                size = 0
                yield done
        out.write("".join(texts).encode(records.codec))
    yield done


class _Column:
    """The column among the cells of a row."""

    def __init__(self, delimiter: str, added: Added) -> None:
        self._delimiter = delimiter
        self._added = added

    def put(self, record: Record, said: str) -> str:
        """Gives the text of *record* with what is *said* of it in the column."""
        cell = self._quoted(said)
        text = record.text
        if record.cells <= self._added.place:
            return f"{text}{self._delimiter}{cell}{record.end}"
        start, end = span_of(text, self._added.place, self._delimiter)
        behind = text[end:] if self._added.is_there else self._delimiter + text[start:]
        return text[:start] + cell + behind + record.end

    def _quoted(self, text: str) -> str:
        if any(sign in text for sign in (self._delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text


def _held(texts: Sequence[str], codec: str) -> str:
    """Gives the first of *texts* that *codec* holds; else the last, with ? for what it lacks."""
    for text in texts:
        try:
            text.encode(codec)
        except UnicodeEncodeError:
            continue
        return text
    return texts[-1].encode(codec, "replace").decode(codec)
