"""What a person gets at a desk whose shop has its tables open."""

from dataclasses import dataclass
from typing import Any

from dashboard.jobs import tables
from tests.kinds.reports.desk import Desk
from tests.sources.databases import Database

ORDERS = "export-shop-orders"
ODD = "export-shop-odd"
COLUMNS = ["id", "customer", "total", "paid", "day", "made", "note"]
# id, customer, total, paid, day, made, note
ROWS = """
(1, 'Ada', 12.50, {true}, '2026-10-30', '2026-10-30 09:00:00', 'first'),
(2, 'Bo', 3.00, {false}, '2026-10-31', '2026-10-31 23:30:00', NULL),
(3, 'ada', 100.25, {true}, '2026-11-01', '2026-11-01 00:15:00', ''),
(4, 'Cy', NULL, NULL, NULL, NULL, '=1+1'),
(5, 'Bo, the 2nd', 7.00, {true}, '2026-11-02', '2026-11-02 12:00:00', '100%'),
(6, 'Di "D"', -1.5, {false}, '2026-11-03', '2026-11-03 12:00:00', '\\N')
"""
SHOP = """
CREATE TABLE orders (id integer PRIMARY KEY, customer text, total numeric(10,2), paid boolean,
                     day date, made timestamp, note text);
INSERT INTO orders VALUES {rows};
CREATE TABLE odd ("a:b" integer, "-x" text, "two ""quotes"" here" text, "Größe" text,
                  "select" text);
INSERT INTO odd VALUES (1, 'm', 'q', 'g', 's'), (2, 'n', 'r', 'h', 't');
CREATE TABLE many (id integer PRIMARY KEY, word text);
INSERT INTO many WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2500)
    SELECT n, 'word ' || n FROM up;
"""


def fill(database: Database) -> None:
    """Make the tables of the shop."""
    words = database.say(sqlite="1 0", postgresql="true false").split()
    rows = ROWS.format(true=words[0], false=words[1])
    database.execute(SHOP.format(rows=rows))


@dataclass
class Counter(Desk):
    """A colleague at the desk, and the shop behind it."""

    shop: Database

    def exports(self, kind: str = ORDERS, **choices: Any) -> list[list[str]]:
        """Ask for an export as CSV and give its rows, without the header."""
        done = self.asks(kind, **choices)
        assert done.fact.state == "succeeded", done.fact.error
        return done.rows()[1:]

    def opens_table(self, name: str) -> None:
        """Open another table of the shop."""
        with self.app.app_context():
            tables.open_table("shop", name, title=name.title(), by=None)

    def ids(self, **choices: Any) -> list[int]:
        """Give the numbers of the orders that an export holds."""
        return [int(row[0]) for row in self.exports(**choices)]
