"""Rows as a source gives them, for the formats: made beforehand, and the same for the same seed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Final

from dashboard.formats import Column, Document

BATCH: Final = 1000
DIFFERENT: Final = 5  # batches; more would only fill the memory that is to be measured
FIRST_DAY: Final = datetime(2023, 1, 1, 8, tzinfo=UTC)

Row = tuple[object, ...]

ORDERS: Final = (
    Column("order_id", "Order", "integer"),
    Column("ordered_at", "Ordered at", "datetime"),
    Column("customer_id", "Customer number", "integer"),
    Column("customer", "Customer"),
    Column("city", "City"),
    Column("sku", "SKU"),
    Column("quantity", "Quantity", "integer"),
    Column("unit_price", "Unit price", "money"),
    Column("discount", "Discount", "number"),
    Column("amount", "Amount", "money"),
    Column("status", "Status"),
    Column("note", "Note"),
)

LINES: Final = (
    Column("order_id", "Order", "integer"),
    Column("ordered_on", "Day", "date"),
    Column("customer", "Customer"),
    Column("city", "City"),
    Column("sku", "SKU"),
    Column("quantity", "Pieces", "integer"),
    Column("amount", "Amount", "money"),
)

# Names of the same length, in letters of Helvetica only and in letters of the whole world.
WESTERN: Final = (
    ("Müller & Söhne", "Köln"),
    ("Lodz Trading", "Praha"),
    ("Petrou Bros", "Athina"),
    ("Volga Lines", "Moskva"),
    ("Tokyo Store", "Osaka"),
    ("Ankara Foods", "Izmir"),
    ("O'Neill, Ltd.", "London"),
    ("Seoul Parts", "Busan"),
)
WORLD: Final = (
    ("Müller & Söhne", "Köln"),
    ("Łódź Trading", "Pražň"),
    ("Πέτρου Αδελφ", "Αθήνα"),
    ("Волга Линии", "Москва"),
    ("東京ストア商店", "大阪市"),
    ("Ankara Gıdaş", "İzmir"),
    ("O'Neill, Ltd.", "London"),
    ("서울부품상사", "부산시"),
)


def orders(rows: int, seed: int) -> Iterator[Sequence[Row]]:
    """Give *rows* orders of twelve columns in batches; all but the last are full."""
    return _repeated([_order(number, seed) for number in range(BATCH * DIFFERENT)], rows)


def lines(rows: int, seed: int, *, world: bool) -> Iterator[Sequence[Row]]:
    """Give *rows* rows of seven columns in batches, with names of the *world* or Western ones."""
    names = WORLD if world else WESTERN
    return _repeated([_line(number, seed, names) for number in range(BATCH * DIFFERENT)], rows)


def document(title: str, rows: int) -> Document:
    """Give what surrounds a table of *rows* rows."""
    return Document(
        title=title,
        subtitle="Made by the bench.",
        choices=(("Period", "All"),),
        made_by="Mara Keller",
        made_at=FIRST_DAY,
        data_as_of=FIRST_DAY,
        rows=rows,
        number="R-1",
        brand="Bellhop",
        zone="Europe/Berlin",
    )


def _repeated(made: Sequence[Row], rows: int) -> Iterator[Sequence[Row]]:
    batches = cycle([made[first : first + BATCH] for first in range(0, len(made), BATCH)])
    yield from islice(batches, rows // BATCH)
    if rest := rows % BATCH:
        yield next(batches)[:rest]


def _order(number: int, seed: int) -> Row:
    mixed = number * 7919 + seed
    name, city = WESTERN[mixed % len(WESTERN)]
    quantity, cents = 1 + number * 13 % 40, mixed % 100_000
    return (
        number,
        FIRST_DAY + timedelta(seconds=61 * number),
        mixed % 50_000,
        f"{name} {mixed % 50_000}",
        city if number % 11 else None,
        f"SKU-{mixed % 99_991:06d}",
        quantity,
        Decimal(cents) / 100,
        Decimal(number % 30) if number % 5 == 0 else None,
        Decimal(quantity * cents) / 100,
        ("paid", "open", "shipped", "cancelled")[mixed % 4],
        f"Delivered by hand on day {number % 365}" if number % 3 == 0 else None,
    )


def _line(number: int, seed: int, names: Sequence[tuple[str, str]]) -> Row:
    mixed = number * 7919 + seed
    name, city = names[mixed % len(names)]
    day = (FIRST_DAY + timedelta(hours=number)).date()
    sku = f"SKU-{mixed % 99_991:06d}"
    return (
        number,
        day,
        f"{name} {mixed % 500}",
        city,
        sku,
        mixed % 40,
        Decimal(mixed % 10**6) / 100,
    )
