"""Which mail server, and how to speak with it, as one URL says."""

import math
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from dashboard.mail.letter import MailError

PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587
TIMEOUT_SECONDS = 15.0
# Servers look through a message before they answer for it, and who does not wait for that never
# learns what became of it (RFC 5321 section 4.5.3.2.6 asks for ten minutes).
PATIENCE_SECONDS = 60.0
OPTIONS = frozenset({"timeout", "starttls", "ca"})


@dataclass(frozen=True)
class Settings:
    """A mail server; *timeout* and *patience* (for the answer to a body) are in seconds."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = False
    timeout: float = TIMEOUT_SECONDS
    patience: float = PATIENCE_SECONDS
    ca: str = ""

    @classmethod
    def of(cls, url: str) -> Self:
        """Read smtp://user:password@host:587 or smtps://host, ?timeout=15&starttls=…&ca=….

        With a user name, or on port 587, smtp:// asks for STARTTLS and refuses to go on without,
        unless starttls=never. *ca* is a file of the certificates that are trusted instead of the
        system's. A timeout that is given holds for every answer. Raises MailError.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError) as error:
            raise MailError("FLASK_MAIL_URL must be smtp://host:port or smtps://host.") from error
        if not parts.hostname:
            raise MailError("FLASK_MAIL_URL names no host.")
        options = _options(parts)
        user = unquote(parts.username or "")
        timeout = _seconds(options.get("timeout", str(TIMEOUT_SECONDS)))
        return cls(
            host=parts.hostname,
            port=port,
            user=user,
            password=unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
            starttls=_asks_for_tls(parts, options.get("starttls"), bool(user), port),
            timeout=timeout,
            patience=timeout if "timeout" in options else PATIENCE_SECONDS,
            ca=options.get("ca", ""),
        )

    @property
    def name(self) -> str:
        """Give host:port, for pages and logs."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def tls(self) -> ssl.SSLContext:
        """Give what checks the server's certificate; raises OSError where *ca* is unreadable."""
        return ssl.create_default_context(cafile=self.ca or None)


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - OPTIONS):
        raise MailError(f"FLASK_MAIL_URL has an unknown option: {unknown[0]}.")
    return options


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 3600:
        raise MailError("FLASK_MAIL_URL: timeout must be a number of seconds, at most 3600.")
    return seconds


def _asks_for_tls(parts: SplitResult, wish: str | None, has_user: bool, port: int) -> bool:
    if wish is None:
        return parts.scheme == "smtp" and (has_user or port == SUBMISSION_PORT)
    if parts.scheme != "smtp" or wish not in ("require", "never"):
        raise MailError("FLASK_MAIL_URL: starttls is require or never, and only for smtp://.")
    return wish == "require"
