"""One spelling: csv() of each engine, and rows() through the CSV format, give the same bytes."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.sources import Reading
from dashboard.sources.spelling import lines
from tests.formats.samples import columns, written
from tests.sources.databases import Database, everything


class Case(NamedTuple):
    """A value in both languages, the field it becomes, and that without the formula guard."""

    postgresql: str | None
    sqlite: str | None
    field: str
    unguarded: str | None = None
    exotic: bool = False  # SQLAlchemy's driver gives something else for it.


def text(value: str, field: str, unguarded: str | None = None) -> Case:
    """A case whose value is the same text in both languages."""
    quoted = value.replace("'", "''").replace("\t", "' || chr(9) || '")
    quoted = quoted.replace("\r", "' || chr(13) || '").replace("\n", "' || chr(10) || '")
    return Case(f"'{quoted}'", f"'{quoted}'".replace("chr(", "char("), field, unguarded)


TEXTS = {
    "null": Case("NULL::text", "NULL", ""),
    "empty text": text("", '""'),
    "plain": text("plain", "plain"),
    "another null": text("\\N", "\\N"),
    "comma": text("a,b", '"a,b"'),
    "quotes": text('say "hi"', '"say ""hi"""'),
    "line break": text("a\nb", '"a\nb"'),
    "carriage return": text("a\rb", '"a\rb"'),
    "both": text("a\r\nb", '"a\r\nb"'),
    "only a space": text(" ", " "),
    "space around": text("  x ", "  x "),
    "semicolon": text("a;b", "a;b"),
    "backslash": text("a\\b", "a\\b"),
    "COPY's end of data": text("\\.", "\\."),
    "unicode": text("Żółć 灯 🪔", "Żółć 灯 🪔"),
    "digits": text("0049", "0049"),
    "equals": text("=1+1", "'=1+1", "=1+1"),
    "plus": text("+1", "'+1", "+1"),
    "minus": text("-1", "'-1", "-1"),
    "at": text("@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"),
    "tab": text("\t=1", "'\t=1", "\t=1"),
    "return first": text("\r=1", '"\'\r=1"', '"\r=1"'),
    "formula with comma": text("=A1,B1", '"\'=A1,B1"', '"=A1,B1"'),
    "formula with quotes": text('=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"', '"=HYPERLINK(""x"")"'),
    "space before": text(" =1", " =1"),
    "guarded already": text("'=1", "'=1"),
    "only a dash": text("-", "'-", "-"),
}

NUMBERS = {
    "integer": Case("42", "42", "42"),
    "negative": Case("-7", "-7", "-7"),
    "zero": Case("0", "0", "0"),
    "bigint": Case("9223372036854775807", "9223372036854775807", "9223372036854775807"),
    "numeric": Case("12.50", None, "12.50"),
    "tiny numeric": Case("0.0000001", None, "0.0000001"),
    "huge numeric": Case("1e20::numeric", None, "100000000000000000000"),
    "numeric nan": Case("'NaN'::numeric", None, "NaN"),
    "numeric infinity": Case("'-Infinity'::numeric", None, "-Infinity"),
    "float": Case("0.1::float8", "0.1", "0.1"),
    "whole float": Case("1::float8", "1.0", "1"),
    "negative float": Case("-2.5::float8", "-2.5", "-2.5"),
    "third": Case("1::float8 / 3", "1.0 / 3", "0.3333333333333333"),
    "sum": Case("0.1::float8 + 0.2::float8", "0.1 + 0.2", "0.30000000000000004"),
    "last without exponent": Case("999999999999999::float8", "999999999999999.0", "9" * 15),
    "first with exponent": Case("1e15::float8", "1e15", "1e+15"),
    "sixteen digits": Case(
        "1234567890123456::float8", "1234567890123456.0", "1.234567890123456e+15"
    ),
    "large float": Case("1e20::float8", "1e20", "1e+20"),
    "small float": Case("0.0001::float8", "0.0001", "0.0001"),
    "smaller float": Case("0.00001::float8", "0.00001", "1e-05"),
    "smallest float": Case("5e-324::float8", "5e-324", "5e-324"),
    "infinity": Case("'Infinity'::float8", "9e999", "Infinity"),
    "negative infinity": Case("'-Infinity'::float8", "-9e999", "-Infinity"),
    "nan": Case("'NaN'::float8", None, "NaN"),
    "short float": Case("0.1::float4", None, "0.1"),
}

MOMENTS = {
    "date": Case("date '2026-10-31'", None, "2026-10-31"),
    "early date": Case("date '0044-03-15'", None, "0044-03-15"),
    "infinite date": Case("date 'infinity'", None, "infinity", exotic=True),
    "before all dates": Case("date '-infinity'", None, "'-infinity", "-infinity", exotic=True),
    "before Christ": Case("date '0044-03-15 BC'", None, "0044-03-15 BC", exotic=True),
    "far date": Case("date '12026-10-31'", None, "12026-10-31", exotic=True),
    "time": Case("time '14:05:09'", None, "14:05:09"),
    "time with fraction": Case("time '14:05:09.5'", None, "14:05:09.500000"),
    "end of day": Case("time '24:00'", None, "24:00:00", exotic=True),
    "timestamp": Case("timestamp '2026-10-31 14:05:09'", None, "2026-10-31 14:05:09"),
    "midnight": Case("timestamp '2026-10-31'", None, "2026-10-31 00:00:00"),
    "fraction": Case("timestamp '2026-10-31 14:05:09.12'", None, "2026-10-31 14:05:09.120000"),
    "last fraction": Case(
        "timestamp '9999-12-31 23:59:59.999999'", None, "9999-12-31 23:59:59.999999"
    ),
    "infinite timestamp": Case("timestamp 'infinity'", None, "infinity", exotic=True),
    "before all timestamps": Case(
        "timestamp '-infinity'", None, "'-infinity", "-infinity", exotic=True
    ),
    "last timestamp": Case(
        "timestamp '294276-12-31 23:59:59.9'", None, "294276-12-31 23:59:59.9", exotic=True
    ),
    "zone": Case("timestamptz '2026-10-31 14:05:09+02'", None, "2026-10-31 12:05:09+00:00"),
    "zone by name": Case(
        "timestamptz '2026-07-01 00:00:00 Europe/Warsaw'", None, "2026-06-30 22:00:00+00:00"
    ),
    "zone and fraction": Case(
        "timestamptz '2026-10-31 14:05:09.000001-05:30'", None, "2026-10-31 19:35:09.000001+00:00"
    ),
    "infinite moment": Case("timestamptz 'infinity'", None, "infinity", exotic=True),
    "before Christ, in UTC": Case(
        "timestamptz '0044-03-15 12:00+00 BC'", None, "0044-03-15 12:00:00+00 BC", exotic=True
    ),
}

OTHERS = {
    "true": Case("true", None, "true"),
    "false": Case("false", None, "false"),
    "unknown truth": Case("NULL::boolean", None, ""),
    "bytes": Case(r"'\x00ff41'::bytea", "x'00ff41'", r"\x00ff41"),
    "no bytes": Case("''::bytea", "x''", r"\x"),
    "uuid": Case(
        "'0B6BBB53-05a2-4bd4-9c05-8c6d3d3e9f5b'::uuid", None, "0b6bbb53-05a2-4bd4-9c05-8c6d3d3e9f5b"
    ),
    "jsonb": Case(
        """'{"b": [1, "two  words"], "a": null}'::jsonb""",
        None,
        '"{""a"":null,""b"":[1,""two  words""]}"',
    ),
    "json": Case(
        """'{ "a" : "quote \\" and  space" }'::json""",
        None,
        '"{""a"":""quote \\"" and  space""}"',
    ),
    "json number": Case("'-5'::jsonb", None, "'-5", "-5", exotic=True),
    "no json": Case("NULL::jsonb", None, ""),
    "array": Case("ARRAY[1, NULL, 3]", None, '"[1,null,3]"'),
    "array of texts": Case("""ARRAY['a,b', 'say "hi"']""", None, '"[""a,b"",""say \\""hi\\""""]"'),
    "array of arrays": Case("ARRAY[[1, 2], [3, 4]]", None, '"[[1,2],[3,4]]"'),
    "empty array": Case("'{}'::int[]", None, "[]"),
    "no array": Case("NULL::text[]", None, ""),
    "interval": Case("interval '1 month -2 days'", None, "1 mon -2 days", exotic=True),
    "negative interval": Case("interval '-1 day'", None, "'-1 days", "-1 days", exotic=True),
    "money": Case("'-5'::money", None, "'-$5.00", "-$5.00", exotic=True),
    "address": Case("inet '10.0.0.1'", None, "10.0.0.1", exotic=True),
    "range": Case("int4range(1, 5)", None, '"[1,5)"', exotic=True),
    "record": Case("ROW(1, 'a b')", None, '"(1,""a b"")"', exotic=True),
    "record of nulls": Case("ROW(NULL, NULL)", None, '"(,)"', exotic=True),
    "padded": Case("'ab'::char(4)", None, "ab  "),
    "enum": Case("'=mad'::mood", None, "'=mad", "=mad"),
    "array of enums": Case("ARRAY['=mad'::mood]", None, '"[""=mad""]"', exotic=True),
    "domain": Case("'-x'::code", None, "'-x", "-x"),
    "name": Case("'=x'::name", None, "'=x", "=x"),
    "bit": Case("B'101'", None, "101"),
    "time with zone": Case("timetz '14:05:09+02'", None, "14:05:09+02", exotic=True),
    "nothing at all": Case("NULL", "NULL", ""),
}

SAME_WORDS = ("sqlite", "postgresql", "generic-sqlite", "generic-postgresql")
"""The engines in whose languages the cases are written."""

CASES = {**TEXTS, **NUMBERS, **MOMENTS, **OTHERS}


@pytest.mark.parametrize("null", ["", "\\N"])
@pytest.mark.parametrize("formula_safe", [True, False])
@pytest.mark.parametrize("shop", SAME_WORDS, indirect=True)
def test_every_way_to_csv_spells_alike(
    shop: Database, reading: Reading, tmp_path: Path, formula_safe: bool, null: str
) -> None:
    expected: dict[str, str] = {}
    by_format: dict[str, str] = {}
    by_source: dict[str, str] = {}
    for name, case in CASES.items():
        value = case.sqlite if shop.is_sqlite else case.postgresql
        if value is None or (case.exotic and shop.engine.startswith("generic-")):
            continue
        field = case.field if formula_safe or case.unguarded is None else case.unguarded
        if null:
            field = {"": null, '""': "", null: f'"{null}"'}.get(field, field)
        expected[name] = f"{field},1\n" * 3
        query = f"SELECT {value} AS v, 1 AS last FROM items"
        rows = everything(reading, query)
        by_format[name] = csv_format(rows, tmp_path, formula_safe=formula_safe, null=null)
        chunks = reading.csv(query, {}, formula_safe=formula_safe, null=null)
        if chunks is not None:
            by_source[name] = b"".join(chunk for chunk, _ in chunks).decode()
    assert len(expected) > 40
    assert by_format == expected
    assert by_source == ({} if shop.engine.startswith("generic-") else expected)


@pytest.mark.parametrize("shop", ["sqlite", "generic-sqlite"], indirect=True)
def test_a_batch_of_all_sorts_is_spelled_as_each_alone(reading: Reading, tmp_path: Path) -> None:
    cases = [case for case in CASES.values() if case.sqlite]
    query = " UNION ALL ".join(f"SELECT {case.sqlite} AS v, 1 AS last" for case in cases)
    expected = "".join(f"{case.field},1\n" for case in cases)
    assert csv_format(everything(reading, query), tmp_path) == expected
    chunks = reading.csv(query, {})
    if chunks is not None:
        assert b"".join(chunk for chunk, _ in chunks).decode() == expected


@pytest.mark.parametrize("shop", SAME_WORDS, indirect=True)
def test_the_end_of_data_mark_is_quoted_where_it_is_alone(reading: Reading, tmp_path: Path) -> None:
    query = "SELECT '\\.' AS v"
    assert csv_format(everything(reading, query), tmp_path) == '"\\."\n'
    chunks = reading.csv(query, {})
    if chunks is not None:
        assert list(chunks) == [(b'"\\."\n', 1)]


@pytest.mark.parametrize(
    "rows",
    [
        [("a", 1), ("b", 2)],
        [("a,b", 1.5), ("=x", None)],
        [("", None), (None, 2)],
        [("b", True), ("9", False)],
        [("Ab", 2**70), ("@b", -0.0)],
        [("Ab", 1e300), ("9b", float("nan"))],
        [("=a", b"\x00")],
        [("9", "@"), ("=a", "A")],
        [("A\0=", "\0"), ("B", "C")],
        [("\\N", None), (None, True)],
        [("a\\N", 1), ("\\N", None)],
        [("", "\\N"), ("=a", "")],
    ],
)
def test_both_spellings_of_this_program_agree(
    rows: list[tuple[object, ...]], tmp_path: Path
) -> None:
    for formula_safe, null in product((True, False), ("", "\\N")):
        spelled = lines(list(zip(*rows, strict=True)), formula_safe=formula_safe, null=null)
        assert spelled == csv_format(rows, tmp_path, formula_safe=formula_safe, null=null)


def csv_format(
    rows: Sequence[tuple[object, ...]], folder: Path, *, formula_safe: bool = True, null: str = ""
) -> str:
    """Give *rows* as the CSV format writes them, without the header."""
    path = folder / "rows.csv"
    names = [f"c{place}" for place in range(len(rows[0]))]
    described = columns(**dict.fromkeys(names, "text"))
    written("csv", path, described, rows, formula_safe=formula_safe, null=null)
    return path.read_bytes().decode().partition("\n")[2]
