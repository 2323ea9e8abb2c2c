"""The shop's reports, from the choices to the files."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.kinds.reports.desk import Desk
from tests.people import words

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "reports.md"
NOT_CANCELLED = "JOIN orders AS o ON o.id = order_id WHERE status != 'cancelled'"


@pytest.fixture
def shop(shop_file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(shop_file)) as db:
        yield db


def cents(text: str) -> int:
    return round(float(text) * 100)


def test_sales_by_month_are_the_sums_of_the_order_lines(
    desk: Desk, shop: sqlite3.Connection
) -> None:
    expected: dict[str, int] = defaultdict(int)
    for day, amount in shop.execute(f"SELECT ordered_on, amount FROM order_lines {NOT_CANCELLED}"):
        if day.startswith("2025"):
            expected[day[:7]] += round(amount * 100)

    done = desk.asks("sales-by-month", period="last-year")

    assert {row["Month"]: cents(row["Revenue (€)"]) for row in done.records()} == expected
    assert done.fact.title == "Sales by month, 2025"
    assert done.fact.files[0].name == "sales-by-month-2025.csv"
    assert done.fact.result["rows"] == 12
    assert done.fact.result["reconciliation"] == [["Read", 12], ["CSV", 12]]
    assert ["Revenue (€)", f"{sum(expected.values()) / 100:,.2f}"] in done.fact.result["totals"]


def test_sales_by_region_have_a_chart_of_the_same_figures(
    desk: Desk, shop: sqlite3.Connection
) -> None:
    regions = dict(
        shop.execute(
            "SELECT c.id, r.name FROM customers AS c JOIN regions AS r ON r.id = region_id"
        )
    )
    categories = dict(shop.execute("SELECT id, category FROM products"))
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for day, customer, product, amount in shop.execute(
        f"SELECT ordered_on, customer_id, product_id, amount FROM order_lines {NOT_CANCELLED}"
    ):
        if day.startswith("2026-10"):
            expected[regions[customer], categories[product]] += round(amount * 100)

    done = desk.asks("sales-by-region", period="last-month")

    found = {(row["Region"], row["Category"]): row for row in done.records()}
    assert {key: cents(row["Revenue (€)"]) for key, row in found.items()} == expected
    assert sum(float(row["Share of all revenue"]) for row in found.values()) == pytest.approx(
        1, abs=0.003
    )
    chart = done.fact.result["chart"]
    drawn = {
        (series["name"], label): round(height * 100)
        for series in chart["series"]
        for label, height in series["points"]
        if height is not None
    }
    assert (chart["type"], chart["unit"], chart["x"]) == ("bar", "€", "Category")
    assert drawn == expected


def test_best_customers_are_those_with_the_most_revenue(
    desk: Desk, shop: sqlite3.Connection
) -> None:
    numbers = dict(shop.execute("SELECT id, number FROM customers"))
    revenue: Counter[str] = Counter()
    for day, customer, amount in shop.execute(
        f"SELECT ordered_on, customer_id, amount FROM order_lines {NOT_CANCELLED}"
    ):
        if "2026-07-01" <= day <= "2026-09-30":
            revenue[numbers[customer]] += round(amount * 100)

    done = desk.asks("best-customers", top=10)

    found = [(row["Customer number"], cents(row["Revenue (€)"])) for row in done.records()]
    assert [cents for _, cents in found] == [cents for _, cents in revenue.most_common(10)]
    assert all(revenue[number] == cents for number, cents in found)
    assert [row["Rank"] for row in done.records()] == [str(rank) for rank in range(1, 11)]
    assert ["How many customers", "10"] in done.fact.choices


def test_overdue_invoices_are_grouped_by_age(desk: Desk, shop: sqlite3.Connection) -> None:
    expected = {
        number: round(amount * 100)
        for number, due, paid, amount in shop.execute(
            "SELECT number, due_on, paid_on, amount FROM invoices"
        )
        if due < "2026-11-01" and (paid is None or paid > "2026-11-01")
    }

    done = desk.asks("overdue-invoices", as_of="2026-11-01", least_amount=0)

    records = done.records()
    assert {row["Invoice number"]: cents(row["Amount (€)"]) for row in records} == expected
    assert done.fact.title == "Overdue invoices, 1 November 2026"
    assert done.fact.files[0].name == "overdue-invoices-2026-11-01.csv"
    by_age: dict[str, int] = defaultdict(int)
    for row in records:
        by_age[row["Age"]] += cents(row["Amount (€)"])
        assert (row["Age"] == "Over 180 days") == (int(row["Days overdue"]) > 180)
    (series,) = done.fact.result["chart"]["series"]
    assert {label: round(height * 100) for label, height in series["points"]} == by_age


def test_slow_products_sold_at_most_as_asked(desk: Desk, shop: sqlite3.Connection) -> None:
    sold: Counter[int] = Counter()
    for day, product, quantity in shop.execute(
        f"SELECT ordered_on, product_id, quantity FROM order_lines {NOT_CANCELLED}"
    ):
        if "2026-07-01" <= day <= "2026-09-30":
            sold[product] += quantity
    expected = {
        sku: sold[product]
        for product, sku, listed, gone in shop.execute(
            "SELECT id, sku, listed_on, discontinued_on FROM products"
        )
        if sold[product] <= 5 and listed <= "2026-09-30" and gone is None
    }

    done = desk.asks("slow-products", at_most=5)

    assert {row["SKU"]: int(row["Pieces sold"]) for row in done.records()} == expected
    assert len(expected) > 3


@pytest.mark.parametrize(
    ("params", "condition"),
    [
        ({}, "ordered_on BETWEEN '2026-10-01' AND '2026-10-31'"),
        ({"period": "all"}, "1"),
        ({"period": "last-quarter"}, "ordered_on BETWEEN '2026-07-01' AND '2026-09-30'"),
        (
            {"period": "all", "region": "North", "category": "Garden"},
            "region_id = 1 AND category = 'Garden'",
        ),
    ],
)
def test_order_lines_are_all_there_in_order(
    desk: Desk, shop: sqlite3.Connection, params: dict[str, Any], condition: str
) -> None:
    expected = shop.execute(
        "SELECT o.number, o.ordered_at, c.name, p.sku, l.quantity, l.amount, o.note "
        "FROM order_lines AS l JOIN orders AS o ON o.id = l.order_id "
        "JOIN customers AS c ON c.id = o.customer_id JOIN products AS p ON p.id = l.product_id "
        f"WHERE {condition} ORDER BY l.id"
    ).fetchall()

    done = desk.asks("order-lines", **params)

    found = [
        (
            row["Order"],
            row["Ordered at"],
            row["Customer"].removeprefix("'"),
            row["SKU"],
            int(row["Quantity"]),
            float(row["Amount (€)"]),
            row["Note on the order"] or None,
        )
        for row in done.records()
    ]
    assert found == expected
    assert done.fact.files[0].rows == done.fact.result["rows"] == len(expected) > 100
    assert [step.state for step in done.fact.steps] == ["done"] * 3


def test_one_read_feeds_all_formats(desk: Desk) -> None:
    done = desk.asks("sales-by-region", formats=("pdf", "csv", "xlsx"))

    assert [file.format for file in done.fact.files] == ["csv", "xlsx", "pdf"]
    assert [file.rows for file in done.fact.files] == [done.fact.result["rows"]] * 3
    assert [step.name for step in done.fact.steps] == [
        "Count the rows",
        "Read the rows and write CSV",
        "Write XLSX",
        "Write PDF",
        "Store the files",
    ]


def test_the_page_shows_the_first_rows_as_the_file_has_them(desk: Desk) -> None:
    alone = desk.asks("order-lines", period="last-month")
    both = desk.asks("order-lines", period="last-month", formats=("csv", "xlsx"))

    preview = alone.fact.result["preview"]
    assert preview == both.fact.result["preview"]
    assert len(preview["rows"]) == 20
    assert ["Quantity", "integer"] in preview["columns"]
    order = [label for label, _ in preview["columns"]].index("Order")
    assert [row[order] for row in preview["rows"]] == [row["Order"] for row in alone.records()[:20]]
    assert alone.files["csv"] == both.files["csv"]


def test_the_page_of_a_finished_report_shows_its_figures(desk: Desk) -> None:
    done = desk.asks("sales-by-month", period="last-year", formats=("csv", "xlsx"))

    page = desk.person.opens(f"/jobs/{done.fact.id}")

    assert page.status_code == 200
    text = words(page.text)
    assert "Sales by month, 2025" in text
    assert "1 January to 31 December 2025" in text
    assert "12 rows" in text
    assert all(total in text for _, total in done.fact.result["totals"])
    assert all(row[-1] in text for row in done.fact.result["preview"]["rows"])


def test_a_formula_in_a_name_stays_a_name(desk: Desk) -> None:
    done = desk.asks("best-customers", period="all", top=1000, region="East")

    names = {row["Customer"] for row in done.records()}
    assert "'=mc² Lehrmittel" in names
    assert 'Café "Zum Löwen"' not in names


def test_0_rows_are_a_finished_job_that_says_so(desk: Desk) -> None:
    done = desk.asks("order-lines", period_from="1999-01-01", period_until="1999-12-31")

    assert done.fact.state == "succeeded"
    assert done.fact.word == "Finished, no rows"
    assert done.fact.result["rows"] == 0
    assert len(done.rows()) == 1
    assert any("Nothing matches these choices" in line.text for line in done.fact.lines)


def test_a_report_may_know_a_cheaper_count(desk: Desk, write_report: Callable[..., Path]) -> None:
    query = "SELECT name FROM customers"
    write_report(query, "right", head='count = "SELECT count(*) FROM customers"')
    write_report(query, "wrong", head='count = "SELECT count(*) FROM products"')
    write_report(query, "none", head='count = "none"')
    write_report(query, "text", head="count = \"SELECT 'many'\"")

    assert desk.asks("right").fact.progress.total == 3_600
    assert "The query counted 255 rows, but it delivered 3,600." in desk.asks("wrong").failure
    unknown = desk.asks("none").fact
    assert (unknown.state, unknown.progress.total) == ("succeeded", None)
    assert desk.asks("text").failure == "The report's “count” does not give one whole number."


def test_the_first_rows_can_be_seen_before_anything_is_made(desk: Desk) -> None:
    page = desk.person.sends(
        "/new/sales-by-month/preview",
        "/new/sales-by-month",
        period_from="2026-10-01",
        period_until="2026-10-31",
        region="",
        formats="csv",
    )

    assert page.status_code == 200
    assert "Month Orders Customers who ordered Pieces Revenue (€) 2026-10" in words(page.text)
    assert desk.person.calls("GET", "/jobs").json == {"items": [], "next": None}


def test_the_example_in_the_documentation_runs(desk: Desk, own_reports: Path) -> None:
    text = DOCUMENTATION.read_text()
    example = text.split("```sql\n")[1].split("```")[0]
    (own_reports / "example.sql").write_text(example)

    done = desk.asks("example", period="last-month", region="North")

    assert done.fact.title == "Orders of a region, October 2026"
    assert 20 < done.fact.result["rows"] <= 31
