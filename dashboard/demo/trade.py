"""What happens in the shop day by day: orders, their lines and their invoices."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from dashboard.demo import words
from dashboard.demo.cast import Customer, Product, customer_shares, product_shares

LINES_PER_ORDER = (1, 2, 3, 4, 5, 6, 9)
LINE_SHARES = (24, 26, 20, 13, 9, 6, 2)
QUANTITIES = (1, 2, 3, 4, 6, 10, 12, 24)
QUANTITY_SHARES = (46, 21, 9, 7, 6, 5, 4, 2)
DISCOUNTS = (None, 5, 10, 15)
DISCOUNT_SHARES = (78, 11, 8, 3)
WEEKDAYS = (1.15, 1.1, 1.05, 1.05, 1.1, 0.75, 0.35)
YEARLY_GROWTH = 1.09
# A month's weight over all categories: people buy most before Christmas, least in July.
SEASON = (0.92, 0.9, 0.98, 1.0, 1.0, 0.93, 0.85, 0.88, 1.0, 1.05, 1.3, 1.45)


class Day(NamedTuple):
    """The rows of one day, in the order of the columns of their tables."""

    orders: list[tuple[object, ...]]
    lines: list[tuple[object, ...]]
    invoices: list[tuple[object, ...]]


class Trade:
    """Trade of about *count* orders; *random* decides everything: one seed, one trade."""

    def __init__(
        self,
        random: Random,
        people: Sequence[Customer],
        things: Sequence[Product],
        start: date,
        today: date,
        *,
        count: int,
    ) -> None:
        self.count = count
        self.random = random
        self.people = people
        self.start = start
        self.today = today
        self.customer_weights = list(accumulate(customer_shares(random, people)))
        self.things = things
        self.shares = product_shares(random, things)
        self.orders = self.lines = self.invoices = 0

    def days(self) -> Iterator[Day]:
        """Give the rows of each day from the first to the day before today."""
        age = (self.today - self.start).days
        days = [self.start + timedelta(days=number) for number in range(age)]
        weights = [self._weight(day) for day in days]
        scale = self.count / sum(weights)
        month = None
        for day, weight in zip(days, weights, strict=True):
            if (day.year, day.month) != month:
                month = (day.year, day.month)
                catalogue, catalogue_weights = self._catalogue(day)
            rows = Day([], [], [])
            for _ in range(round(weight * scale)):
                self._order(rows, day, catalogue, catalogue_weights)
            yield rows

    def _weight(self, day: date) -> float:
        years = (day - self.start).days / 365
        usual: float = YEARLY_GROWTH**years * SEASON[day.month - 1] * WEEKDAYS[day.weekday()]
        return usual * self.random.uniform(0.85, 1.15)

    def _catalogue(self, day: date) -> tuple[list[Product], list[float]]:
        """Give what is on sale in the month of *day* and the running sum of its weights."""
        things, weights = [], []
        for thing, share in zip(self.things, self.shares, strict=True):
            if thing.listed_on > day or (thing.discontinued_on and thing.discontinued_on < day):
                continue
            things.append(thing)
            weights.append(share * words.CATEGORIES[thing.category][3][day.month - 1])
        return things, list(accumulate(weights))

    def _order(
        self, rows: Day, day: date, catalogue: list[Product], catalogue_weights: list[float]
    ) -> None:
        random = self.random
        self.orders += 1
        customer = random.choices(self.people, cum_weights=self.customer_weights)[0]
        status, shipped = self._fate(day)
        at = datetime.combine(day, time(7)) + timedelta(seconds=random.randrange(14 * 3600))
        rows.orders.append(
            (
                self.orders,
                f"SO-{day.year}-{self.orders:06d}",
                customer.id,
                day.isoformat(),
                at.isoformat(" "),
                random.choices(words.CHANNELS, words.CHANNEL_SHARES)[0],
                status,
                shipped.isoformat() if shipped else None,
                random.choice(words.ORDER_NOTES) if random.random() < 0.04 else None,
            )
        )
        total = 0
        count = random.choices(LINES_PER_ORDER, LINE_SHARES)[0]
        for thing in random.choices(catalogue, cum_weights=catalogue_weights, k=count):
            total += self._line(rows, thing)
        if status != "cancelled" and random.random() < 0.55:
            self._invoice(rows, customer, shipped or day, total)

    def _fate(self, day: date) -> tuple[str, date | None]:
        """Give an order's status and the day it left the house."""
        age = (self.today - day).days
        chance = self.random.random()
        shipped = day + timedelta(days=self.random.randrange(1, 5))
        if chance < 0.03:
            return "cancelled", None
        if age < 6 and chance < 0.7 or shipped >= self.today:
            return "open", None
        return ("returned" if chance > 0.98 else "completed"), shipped

    def _line(self, rows: Day, thing: Product) -> int:
        """Add an order line; give its amount in cents."""
        random = self.random
        quantity = random.choices(QUANTITIES, QUANTITY_SHARES)[0]
        discount = random.choices(DISCOUNTS, DISCOUNT_SHARES)[0]
        amount = quantity * thing.price * (100 - (discount or 0)) // 100
        self.lines += 1
        rows.lines.append(
            (
                self.lines,
                self.orders,
                thing.id,
                quantity,
                thing.price / 100,
                discount,
                amount / 100,
            )
        )
        return amount

    def _invoice(self, rows: Day, customer: Customer, issued: date, cents: int) -> None:
        random = self.random
        self.invoices += 1
        due = issued + timedelta(days=random.choice((14, 14, 30)))
        # Most pay around the due day, some weeks late, one in three hundred never.
        paid: date | None = due + timedelta(days=round(random.gauss(-3, 6)))
        if random.random() < 0.1:
            paid = due + timedelta(days=random.randrange(10, 120))
        if random.random() < 0.003 or (paid and paid >= self.today):
            paid = None
        paid = max(paid, issued) if paid else None
        rows.invoices.append(
            (
                self.invoices,
                f"IN-{issued.year}-{self.invoices:06d}",
                self.orders,
                customer.id,
                issued.isoformat(),
                due.isoformat(),
                paid.isoformat() if paid else None,
                cents / 100,
            )
        )
