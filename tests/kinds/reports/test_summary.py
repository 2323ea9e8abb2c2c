"""What a page shows of a report: first rows, totals, the chart; and how the bar counts."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from dashboard.formats import FORMATS, Column
from dashboard.jobs.bar import Bar
from dashboard.jobs.encoded import first_rows
from dashboard.kinds.reports import person
from dashboard.kinds.reports.charting import POINT_LIMIT, SERIES_LIMIT
from dashboard.kinds.reports.definition import ChartHead
from dashboard.kinds.reports.recast import Recast
from dashboard.kinds.reports.summary import Summary
from dashboard.models import User

UTC = ZoneInfo("UTC")
REGION = Column("region", "Region")
SHOP = Column("shop", "Shop")
SALES = Column("sales", "Sales", "money", total=True)


def chart(**head: object) -> Summary:
    known = {"type": "bar", "x": "region", "y": ("sales",)}
    return Summary((REGION, SHOP, SALES), ChartHead(**known | head), "Sales", UTC)  # type: ignore[arg-type]  # Any field.


def test_rows_of_one_label_are_added_up_in_the_chart() -> None:
    summary = chart(unit="€")

    summary.add([("North", "a", 0.1), ("South", "a", None), ("North", "b", 0.2)])

    drawn = summary.chart()
    assert drawn is not None
    assert (drawn.title, drawn.unit, drawn.x) == ("Sales", "€", "Region")
    assert [(one.name, one.points) for one in drawn.series] == [
        ("Sales", (("North", 0.3), ("South", None)))
    ]


def test_a_series_has_a_gap_where_it_has_no_row() -> None:
    summary = chart(series="shop")

    summary.add([("North", "a", 1), ("South", "b", Decimal(2)), (None, None, float("nan"))])

    drawn = summary.chart()
    assert drawn is not None
    assert {one.name: dict(one.points) for one in drawn.series} == {
        "a": {"North": 1.0, "South": None, "": None},
        "b": {"North": None, "South": 2.0, "": None},
        "(none)": {"North": None, "South": None, "": None},
    }


def test_a_chart_stays_small_and_says_what_it_leaves_out() -> None:
    wide, many = chart(), chart(series="shop")

    wide.add([(str(number), "a", 1) for number in range(10_000)])
    many.add([("North", str(number), 1) for number in range(100)])

    drawn, crowded = wide.chart(), many.chart()
    assert drawn is not None
    assert crowded is not None
    assert len(drawn.series[0].points) == POINT_LIMIT
    assert len(crowded.series) == SERIES_LIMIT
    assert wide.warnings == ("The chart shows the first 400 values only.",)
    assert many.warnings == ("The chart shows the first 20 series only.",)


def test_totals_of_cents_have_no_binary_noise() -> None:
    summary = Summary((SALES,), None, "Sales", UTC)

    for _ in range(10):
        summary.add([(0.1,)] * 100)

    assert summary.as_json()["totals"] == [["Sales", "100.00"]]
    assert summary.as_json()["rows"] == 1_000
    assert len(summary.as_json()["preview"]["rows"]) == 20


def test_the_first_rows_are_read_back_from_csv() -> None:
    columns = (
        Column("name", "Name"),
        Column("count", "Count", "integer"),
        Column("price", "Price", "money"),
        Column("sold", "Sold", "boolean"),
        Column("day", "Day", "date"),
    )
    chunk = (
        b'"a, ""b""\nc",1,2.50,true,2026-10-31\n'
        b",,,,\n"
        b"'=1+1,x,NaN,maybe,\n"
        b'"",-5,1e20,false,"\x85"\n'
    )

    rows = first_rows(chunk, columns, 3)

    assert rows[0] == ('a, "b"\nc', 1, Decimal("2.50"), True, "2026-10-31")
    assert rows[1] == (None, None, None, None, None)
    assert rows[2][:2] == ("=1+1", "x")
    assert rows[2][3] == "maybe"
    assert len(first_rows(chunk, columns, 20)) == 4


def test_text_becomes_the_day_that_the_head_says_it_is() -> None:
    columns = (Column("day", "Day", "date"), Column("name", "Name"))
    recast = Recast(columns, [None, "text"])

    rows = recast([("2026-10-31", "2026-10-31"), ("soon", "x"), (None, None), (5, 5)])

    assert recast.is_needed
    assert rows == [(date(2026, 10, 31), "2026-10-31"), ("soon", "x"), (None, None), (5, 5)]
    assert not Recast(columns, ["date", "text"]).is_needed


class Told:
    """A running job that notes what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[int, int | None]] = []

    def steps(self, names: list[str]) -> None:
        self.names = names

    def step(self, name: str) -> None:
        pass

    def phase(self, name: str) -> None:
        pass

    def check(self) -> None:
        pass

    def progress(self, done: int, total: int | None, phase: str) -> None:
        self.said.append((done, total))


@pytest.mark.parametrize("total", [1_000, None])
def test_the_bar_never_goes_back_and_ends_with_all_rows(total: int | None) -> None:
    told = Told()
    bar = Bar(told, ["csv", "xlsx", "pdf"])  # type: ignore[arg-type]  # It stands in for a job.
    bar.total = total

    for rows in (400, 1_000):
        bar.read(rows)
    for name in ("csv", "xlsx", "pdf"):
        tell = bar.write(FORMATS[name])
        for rows in (0, 500, 1_000):
            tell(rows)

    done = [done for done, _ in told.said]
    assert done == sorted(done)
    assert told.said[-1] == (1_000, total)


def test_the_day_is_the_persons_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def day_in(zone: str) -> date:
        monkeypatch.setattr(person, "current_user", User(time_zone=zone, active=True))
        with app.app_context():
            return person.today()

    # These two are 25 hours apart, so it is never the same day in both.
    assert day_in("Pacific/Kiritimati") > day_in("Pacific/Pago_Pago")
