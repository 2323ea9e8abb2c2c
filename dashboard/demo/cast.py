"""Who trades in the shop: its regions, customers and products."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from dashboard.demo import words

CUSTOMERS = 3_600
SLOW_SHARE = 0.08
# The best customer buys at most this many times as much as the smallest.
LOYAL_LIMIT = 60


class Customer(NamedTuple):
    id: int
    number: str
    name: str
    email: str | None
    city: str | None
    region_id: int
    customer_since: date
    note: str | None


class Product(NamedTuple):
    """A thing for sale; *price* and *cost* in cents."""

    id: int
    sku: str
    name: str
    category: str
    price: int
    cost: int
    stock: int | None
    listed_on: date
    discontinued_on: date | None

    def row(self) -> tuple[object, ...]:
        """Give the row for the table: money in euro."""
        return (*self[:4], self.price / 100, self.cost / 100, *self[6:])


def regions() -> list[tuple[int, str, str | None]]:
    """Give id, name and manager of each region."""
    pairs = zip(words.REGIONS, words.MANAGERS, strict=True)
    return [(number, name, manager) for number, (name, manager) in enumerate(pairs, 1)]


def customers(random: Random, start: date) -> list[Customer]:
    """Give the customers, all there on the day *start*; the notable ones come first."""
    notable = list(words.NOTABLE_CUSTOMERS)
    return [
        _customer(random, number, start, notable[number - 1] if number <= len(notable) else None)
        for number in range(1, CUSTOMERS + 1)
    ]


def _customer(
    random: Random, number: int, start: date, notable: tuple[str, str, str] | None
) -> Customer:
    if notable:
        name, region, city = notable
    else:
        region = random.choices(words.REGIONS, words.REGION_SHARES)[0]
        city = random.choice(words.CITIES[region])
        name = random.choice(words.TRADES).format(random.choice(words.SURNAMES))
        if random.random() < 0.3:
            name += f" {random.choice(words.PLACES)}"
    return Customer(
        id=number,
        number=f"C-{10_000 + number}",
        name=name,
        email=None if random.random() < 0.06 else f"office{number}@example.org",
        city=None if random.random() < 0.02 else city,
        region_id=words.REGIONS.index(region) + 1,
        customer_since=start - timedelta(days=random.randrange(4_000)),
        note=random.choice(words.CUSTOMER_NOTES) if random.random() < 0.05 else None,
    )


def products(random: Random, start: date, today: date) -> list[Product]:
    """Give the products; a few are listed late and a few are discontinued before *today*."""
    found: list[Product] = []
    days = (today - start).days
    for category, (things, low, high, _) in words.CATEGORIES.items():
        for thing in things:
            for style in random.sample(words.STYLES, 5):
                price = round(low * (high / low) ** random.random()) * 100 - random.choice((1, 5))
                late = random.random() < 0.1
                gone = random.random() < 0.07
                found.append(
                    Product(
                        id=len(found) + 1,
                        sku=f"{category[:2].upper()}-{1_001 + len(found)}",
                        name=f"{thing}, {style}",
                        category=category,
                        price=price,
                        cost=round(price * random.uniform(0.38, 0.62)),
                        stock=None if gone else random.randrange(400),
                        listed_on=start + timedelta(days=random.randrange(days)) if late else start,
                        discontinued_on=today - timedelta(days=random.randrange(500))
                        if gone
                        else None,
                    )
                )
    return found


def customer_shares(random: Random, people: Sequence[Customer]) -> list[float]:
    """Give how much each customer buys: a few buy often, many seldom."""
    return [min(random.paretovariate(1.3), LOYAL_LIMIT) for _ in people]


def product_shares(random: Random, things: Sequence[Product]) -> list[float]:
    """Give how well each product sells; every twelfth or so hardly at all."""
    return [
        0.002 if random.random() < SLOW_SHARE else random.paretovariate(1.6) * 60 / thing.price**0.5
        for thing in things
    ]
