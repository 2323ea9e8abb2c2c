"""The Parquet file itself; this module alone loads pyarrow."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from dashboard.formats.parquet_columns import ParquetColumn, Sort, Type

# Rows are written in groups, which readers skip as a whole; each is held in memory once.
GROUP_ROWS = 50_000
GROUP_BYTES = 32 << 20

TYPES: dict[Sort, Callable[[], Any]] = {
    "text": pa.string,
    "integer": pa.int64,
    "float": pa.float64,
    "date": pa.date32,
    "datetime": lambda: pa.timestamp("us"),
    "moment": lambda: pa.timestamp("us", tz="UTC"),
    "time": lambda: pa.time64("us"),
    "boolean": pa.bool_,
    "binary": pa.binary,
}


def save(
    path: Path, columns: Sequence[ParquetColumn], batches: Iterable[Sequence[Sequence[Any]]]
) -> Iterator[int]:
    """Writes *batches*, given column by column; gives the rows done after each group.

    Raises OSError where the disk is full, and whatever *batches* raises.
    """
    types = [column.fit() for column in columns]
    schema = pa.schema(
        [(column.name, _arrow(kind)) for column, kind in zip(columns, types, strict=True)]
    )
    done = 0
    with path.open("wb") as file, ParquetWriter(file, schema) as writer:
        for group in _groups(_tables(columns, types, schema, batches)):
            writer.write_table(group, row_group_size=group.num_rows)
            done += group.num_rows
            yield done


def _tables(
    columns: Sequence[ParquetColumn],
    types: Sequence[Type],
    schema: Any,
    batches: Iterable[Sequence[Sequence[Any]]],
) -> Iterator[Any]:
    """Gives each batch as a table of Arrow."""
    for batch in batches:
        arrays = [
            pa.array(column.fitted(values, kind.sort), field.type)
            for column, values, kind, field in zip(columns, batch, types, schema, strict=True)
        ]
        yield pa.Table.from_arrays(arrays, schema=schema)


def _groups(tables: Iterable[Any]) -> Iterator[Any]:
    """Gives the tables together, as many as make a group."""
    group: list[Any] = []
    for table in tables:
        group.append(table)
        if (
            sum(each.num_rows for each in group) >= GROUP_ROWS
            or sum(each.nbytes for each in group) >= GROUP_BYTES
        ):
            yield pa.concat_tables(group)
            group = []
    if group:
        yield pa.concat_tables(group)


def _arrow(kind: Type) -> Any:
    """Gives the type of Arrow."""
    if kind.sort == "decimal":
        return pa.decimal128(kind.digits, kind.scale)
    return TYPES[kind.sort]()
