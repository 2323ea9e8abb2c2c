"""Parcels for the tests, and a carrier to a server on this machine."""

from collections.abc import Iterator
from pathlib import Path

from dashboard.mail import Outcome, Parcel, SmtpCarrier, carrier_from_url
from tests.mail.scripted import ScriptedServer


def parcel(number: int, text: str = "Hello") -> Parcel:
    """Give the parcel of recipient *number*."""
    to = f"r{number}@example.org"
    body = f"To: {to}\r\nMessage-ID: <m{number}@bellhop.invalid>\r\n\r\n{text}\r\n"
    return Parcel("desk@example.org", to, body.encode())


def carrier(
    server: ScriptedServer, options: str = "?timeout=30", *, scheme: str = "smtp", url: str = ""
) -> SmtpCarrier:
    """Give a carrier to *server*, or to *url*."""
    url = url or f"{scheme}://127.0.0.1:{server.port}{options}"
    found = carrier_from_url(url, folder=Path())
    assert isinstance(found, SmtpCarrier)
    return found


class Pulled:
    """Gives parcels 1 to *count* and remembers how many were asked for."""

    def __init__(self, count: int) -> None:
        self.left = iter(range(1, count + 1))
        self.numbers: list[int] = []

    def __iter__(self) -> Iterator[Parcel]:
        """Give the parcels."""
        for number in self.left:
            self.numbers.append(number)
            yield parcel(number)


def fates(outcomes: list[Outcome]) -> list[str]:
    """Give only the fates."""
    return [outcome.fate for outcome in outcomes]
