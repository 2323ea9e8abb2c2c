"""Real data on both databases: every figure is computed again, in plain Python, from the CSV."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from tests import flights, servers
from tests.kinds.reports.conftest import Sources
from tests.kinds.reports.desk import Desk

DEP_TIME, DEP_DELAY, ARR_DELAY, CARRIER, FLIGHT, TAILNUM = 3, 5, 8, 9, 10, 11
ORIGIN, DEST, DISTANCE, TIME_HOUR, FLOWN_ON = 12, 13, 15, 18, 19


@pytest.fixture(scope="session")
def flights_postgresql(postgres_url: str) -> Iterator[str]:
    """Give a PostgreSQL database with the flights."""
    with servers.fresh_database(postgres_url) as url:
        flights.load_postgresql(url)
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def sources(request: pytest.FixtureRequest) -> Sources:
    """Give the flights, once in each database."""
    if request.param == "sqlite":
        return {"flights": f"sqlite:///{request.getfixturevalue('flights_file')}"}
    return {"flights": request.getfixturevalue("flights_postgresql")}


@pytest.fixture
def own_reports() -> Path:
    """Give the folder with the reports on flights."""
    return flights.REPORTS


@cache
def all_flights() -> Sequence[list[str]]:
    """Give the flights as the package has them."""
    return list(flights.rows("flights"))


def rounded(value: Fraction, digits: int) -> Decimal:
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return quotient.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def test_punctuality_is_right_for_every_airline_and_month(desk: Desk) -> None:
    groups: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for row in all_flights():
        groups[row[CARRIER], row[FLOWN_ON][:7]].append(row)

    done = desk.asks("punctuality", period="all", late=15, formats=("csv", "xlsx", "pdf"))

    records = done.records()
    assert done.fact.title == "Punctuality, 2013"
    assert [(row["Carrier"], row["Month"]) for row in records] == sorted(groups)
    for record in records:
        group = groups[record["Carrier"], record["Month"]]
        delays = [int(row[ARR_DELAY]) for row in group if row[ARR_DELAY] != "NA"]
        on_time = sum(delay < 15 for delay in delays)
        assert int(record["Flights"]) == len(group)
        assert int(record["Cancelled"]) == sum(row[DEP_TIME] == "NA" for row in group)
        assert Decimal(record["On time"]) == rounded(Fraction(on_time, len(group)), 4)
        average = rounded(Fraction(sum(delays), len(delays)), 2)
        assert abs(Decimal(record["Average delay (minutes)"]) - average) <= Decimal("0.01")
    assert ["Flights", f"{flights.FLIGHTS:,}"] in done.fact.result["totals"]
    assert [file.rows for file in done.fact.files] == [len(groups)] * 3


def test_the_chart_of_punctuality_has_a_line_for_each_airline(desk: Desk) -> None:
    names = dict(flights.rows("airlines"))

    done = desk.asks("punctuality", period="all", late=15)

    chart = done.fact.result["chart"]
    drawn = {
        (series["name"], label): height
        for series in chart["series"]
        for label, height in series["points"]
        if height is not None
    }
    assert (chart["type"], chart["x"]) == ("line", "Month")
    assert {series["name"] for series in chart["series"]} == set(names.values())
    assert drawn == {
        (row["Airline"], row["Month"]): float(row["On time"]) for row in done.records()
    }


def test_a_route_has_each_of_its_flights_once(desk: Desk) -> None:
    expected = sorted(
        (row[FLOWN_ON], row[CARRIER], row[FLIGHT], row[DEP_DELAY], row[TIME_HOUR])
        for row in all_flights()
        if row[ORIGIN] == "JFK" and row[DEST] == "SFO" and row[FLOWN_ON].startswith("2013-02")
    )

    done = desk.asks(
        "route", origin="JFK", dest="SFO", period_from="2013-02-01", period_until="2013-02-28"
    )

    found = sorted(
        (
            row["Day"],
            row["Carrier"],
            row["Flight"],
            row["Dep delay"] or "NA",
            row["Scheduled hour"].replace(" ", "T").replace("+00:00", "Z"),
        )
        for row in done.records()
    )
    assert found == expected
    assert len(expected) > 500
    assert done.fact.title == "Flights from John F. Kennedy (JFK) to SFO, February 2013"
    distance = sum(
        int(row[DISTANCE])
        for row in all_flights()
        if row[ORIGIN] == "JFK" and row[DEST] == "SFO" and row[FLOWN_ON].startswith("2013-02")
    )
    assert done.fact.result["totals"] == [["Distance (miles)", f"{distance:,}"]]


def test_only_real_destinations_can_be_chosen(desk: Desk) -> None:
    destinations = {row[DEST] for row in all_flights()}

    page = desk.person.opens("/new/route")

    for destination in destinations:
        assert f'value="{destination}"' in page.text
    assert desk.wrong("route", dest="Mars") == {
        "dest": "“Mars” is not one of the choices for “To”."
    }
