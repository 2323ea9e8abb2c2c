"""Carries many e-mails to one mail server."""

from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.mail.carrier import Sign
from dashboard.mail.smtp.envelope import Offers
from dashboard.mail.smtp.handshake import connect
from dashboard.mail.smtp.line import Line
from dashboard.mail.smtp.round import SmtpRound
from dashboard.mail.smtp.settings import Settings


class SmtpCarrier:
    """Opens rounds to the mail server of *settings*; with *sign* each parcel leaves signed."""

    def __init__(self, settings: Settings, sign: Sign | None = None) -> None:
        self.settings = settings
        self._sign = sign

    @property
    def name(self) -> str:
        """Give host:port."""
        return self.settings.name

    @contextmanager
    def round(self) -> Iterator[SmtpRound]:
        """Connect, and hang up afterwards; raises NoRound or Unwelcome."""
        smtp = connect(self.settings)
        assert smtp.sock is not None
        line = Line(smtp.sock, self.settings.timeout)
        round_ = SmtpRound(line, Offers.of(smtp), self.settings.patience, self._sign)
        try:
            yield round_
        finally:
            round_.leave()
