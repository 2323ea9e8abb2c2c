"""Carriers for tests: each parcel has the fate that a test has chosen for it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Self

from dashboard.mail import MailError, Outcome, Parcel

SENT = Outcome("sent", 250, "2.0.0 Ok")

Judge = Callable[[Parcel], Outcome]


class Judged:
    """A carrier whose rounds ask *judge* what becomes of each parcel; *carried* are all of them.

    A round ends behind an uncertain parcel, as a connection that broke does.
    """

    name = "nowhere"

    def __init__(self, judge: Judge = lambda parcel: SENT, *, refuses: int = 0) -> None:
        self.judge = judge
        self.refuses = refuses
        self.carried: list[Parcel] = []

    def round(self) -> Self:
        """Open a round; so many of them are refused first."""
        if self.refuses:
            self.refuses -= 1
            raise MailError("Nobody is there.")
        return self

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """End."""

    def interrupt(self) -> None:
        """Do nothing: no answer is awaited."""

    def carry(
        self, parcels: Iterable[Parcel], may_leave: Callable[[Parcel], bool] = lambda parcel: True
    ) -> Iterator[Outcome]:
        """Give what the judge says, one parcel being pulled ahead."""
        source = iter(parcels)
        parcel = next(source, None)
        while parcel is not None:
            following = next(source, None)
            self.carried.append(parcel)
            outcome = self.judge(parcel)
            yield outcome
            if outcome.fate == "uncertain":
                if following is not None:
                    yield Outcome("untried", 0, "The connection broke.")
                return
            parcel = following
