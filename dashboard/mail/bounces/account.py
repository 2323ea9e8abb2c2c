"""Which mailbox is read, and how to get at it, as one URL says."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from dashboard.mail.letter import MailError

PORTS: Final = {"imap": 143, "imaps": 993}
FOLDER: Final = "INBOX"
TIMEOUT_SECONDS: Final = 30.0
OPTIONS: Final = frozenset({"starttls", "ca"})


@dataclass(frozen=True)
class Account:
    """A *folder* of somebody's mail; *timeout* is in seconds, for each answer."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = FOLDER
    implicit_tls: bool = False
    starttls: bool = False
    ca: str = ""
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def of(cls, url: str) -> Self:
        """Read imaps://user:password@host:993/INBOX or imap://…, ?starttls=require&ca=….

        What is not a letter, a digit or one of -._~ is percent-encoded. imap:// asks for STARTTLS
        and refuses to go on without, but on this machine itself, unless starttls=require. *ca* is a
        file of the certificates that are trusted instead of the system's. Raises MailError.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError) as error:
            raise MailError(
                "FLASK_MAIL_BOUNCES_URL must be imaps://user:password@host/INBOX or imap://…,"
                " with a password whose signs are percent-encoded."
            ) from error
        if not parts.hostname:
            raise MailError("FLASK_MAIL_BOUNCES_URL names no host.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not user or not password:
            raise MailError("FLASK_MAIL_BOUNCES_URL names no user and password.")
        folder = unquote(parts.path.removeprefix("/")) or FOLDER
        if not (user + password + folder).isprintable():
            raise MailError("FLASK_MAIL_BOUNCES_URL has a line end or another odd sign.")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(options.keys() - OPTIONS):
            raise MailError(f"FLASK_MAIL_BOUNCES_URL has an unknown option: {unknown[0]}.")
        is_plain, wish = parts.scheme == "imap", options.get("starttls")
        if wish is not None and not (is_plain and wish == "require"):
            raise MailError("FLASK_MAIL_BOUNCES_URL: starttls is require, and only for imap://.")
        return cls(
            host=parts.hostname,
            port=port,
            user=user,
            password=password,
            folder=folder,
            implicit_tls=not is_plain,
            starttls=is_plain and (wish is not None or not _is_here(parts.hostname)),
            ca=options.get("ca", ""),
        )

    @property
    def server(self) -> str:
        """Give host:port, for pages and logs."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def name(self) -> str:
        """Give what the mailbox is called, as bounces@example.org or …/Returned."""
        user = self.user if "@" in self.user else f"{self.user}@{self.host}"
        return user if self.folder.upper() == FOLDER else f"{user}/{self.folder}"

    def tls(self) -> ssl.SSLContext:
        """Give what checks the server's certificate; raises OSError where *ca* is unreadable."""
        return ssl.create_default_context(cafile=self.ca or None)


def _is_here(host: str) -> bool:
    """Say whether what is said to *host* leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
