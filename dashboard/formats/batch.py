"""Batches of rows, turned into columns, which are converted faster than cells one by one."""

from collections.abc import Sequence

from dashboard.formats.table import Column, FormatError


def turned(
    rows: Sequence[Sequence[object]], columns: Sequence[Column], before: int
) -> list[tuple[object, ...]]:
    """Gives the values of *rows* column by column; *before* rows were written earlier.

    Raises FormatError where a row has more or fewer values than there are columns.
    """
    width = len(columns)
    if set(map(len, rows)) == {width}:
        return list(zip(*rows, strict=True))
    for number, row in enumerate(rows, before + 1):
        if len(row) != width:
            raise FormatError(
                f"Row {number:,} has {len(row)} values, but the table has {width} columns."
            )
    return [() for _ in columns]


def check_count(written: int, expected: int | None) -> None:
    """Raises FormatError when the query had counted another number of rows than it delivered.

    Both come from one snapshot, so a difference would be a fault, and the file would lie.
    """
    if expected is not None and written != expected:
        raise FormatError(f"The query counted {expected:,} rows, but it delivered {written:,}.")
