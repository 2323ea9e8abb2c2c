"""Batches of rows, turned into columns, which are converted faster than cells one by one."""

import re
from collections.abc import Sequence

from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import whole
from dashboard.formats.table import Column, FormatError

_is_broken = re.compile("[\ud800-\udfff]").search


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


def encoded(
    text: str, columns: Sequence[Sequence[object]], labelled: Sequence[Column], remarks: Remarks
) -> bytes:
    """Gives *text*, made of the values in *columns*, as UTF-8; broken characters get a remark."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        for column, values in zip(labelled, columns, strict=True):
            broken = [v for v in values if isinstance(v, str) and _is_broken(v)]
            remarks.add("broken", column.label, len(broken))
        return whole(text).encode()
