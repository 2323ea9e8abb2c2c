"""What titles, choices and file names say of an export."""

from datetime import UTC, datetime
from typing import Any

from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.wording import describe, file_name, title_of
from dashboard.sources import SourceColumn, Table

NAMES = [f"column_{number}" for number in range(20)]
EXPORT = Export(
    slug="shop-things",
    source="shop",
    table=Table(
        "things",
        '"things"',
        (
            *(SourceColumn(name, "text") for name in NAMES),
            SourceColumn("size", "number"),
            SourceColumn("day", "date"),
            SourceColumn("sold", "boolean"),
            SourceColumn("odd", None),
        ),
    ),
    title="Things",
    summary="",
    roles=frozenset({"staff"}),
)


def chosen(**more: Any) -> dict[str, Any]:
    """Give the params of a job."""
    nothing: dict[str, Any] = {"columns": [], "where": [], "sort": [], "limit": None}
    return {**nothing, "formats": ["csv"], "manner": "spreadsheet", **more}


def filters(*where: str) -> list[str]:
    """Give what is said of filters."""
    return [
        text for label, text in describe(EXPORT, chosen(where=list(where))) if label == "Filter"
    ]


def test_each_comparison_has_its_words() -> None:
    assert filters("size:from:1", "size:to:2.50", "size:is-not:3", "size:one-of:1\n2") == [
        "size is at least 1",
        "size is at most 2.50",
        "size is not 3",
        "size is one of 1, 2",
    ]
    assert filters("day:on:2026-10-31", "day:from:2026-10-01", "day:to:2026-10-31") == [
        "day on 31 October 2026",
        "day from 1 October 2026",
        "day up to 31 October 2026",
    ]
    assert filters("sold:is:true", "odd:contains:x:y", "odd:empty:", "odd:not-empty") == [
        "sold is true",
        "odd contains “x:y”",
        "odd is empty",
        "odd is not empty",
    ]


def test_what_is_long_is_said_in_short() -> None:
    assert filters("odd:one-of:" + "\n".join("abcde")) == ["odd is one of “a”, “b”, “c” and 2 more"]
    assert filters("odd:is:" + "x" * 100) == ["odd is “" + "x" * 59 + "…”"]
    told = dict(describe(EXPORT, chosen(columns=NAMES)))
    assert told["Columns"] == ", ".join(NAMES[:12]) + " and 8 more (20 of 24)"


def test_a_title_names_two_filters_and_counts_the_others() -> None:
    three = ["size:from:1", "sold:is:true", "odd:empty:"]

    assert title_of(EXPORT, chosen()) == "Things"
    assert title_of(EXPORT, chosen(where=three)) == (
        "Things, size is at least 1, sold is true, odd is empty"
    )
    assert title_of(EXPORT, chosen(where=[*three, "odd:is:x"], limit=1000)) == (
        "Things, size is at least 1, sold is true, 2 more filters, first 1,000 rows"
    )


def test_choices_say_everything_the_formats_last() -> None:
    told = describe(
        EXPORT,
        chosen(sort=["-size", "day"], limit=5, manner="re-import", formats=["csv", "xlsx"]),
    )

    assert told == (
        ("Columns", "All 24"),
        ("Sort", "size descending, day"),
        ("Rows", "5 at most"),
        ("CSV", "To import again: values untouched, null is \\N"),
        ("Formats", "CSV, XLSX"),
    )


def test_a_file_is_named_by_the_day_of_whoever_asked() -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)

    assert file_name(EXPORT, late, "UTC") == "shop-things-2026-10-31"
    assert file_name(EXPORT, late, "Europe/Berlin") == "shop-things-2026-11-01"
