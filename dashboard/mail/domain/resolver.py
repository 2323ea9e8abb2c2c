"""Which name server is asked, where that is not the machine's own."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from dns.resolver import Resolver

from dashboard.mail.letter import MailError

PORT: Final = 53


def resolver_at(server: str) -> Resolver:
    """Give what asks *server* only, as 192.0.2.1, 127.0.0.1:5353 or [::1]:5353.

    Raises MailError for anything else.
    """
    try:
        parts = urlsplit(f"//{server}")
        host, port = str(ip_address(parts.hostname or "")), parts.port or PORT
    except ValueError as error:
        raise MailError(
            f"FLASK_MAIL_DNS is “{server}”, which is no address of a name server,"
            " as 192.0.2.1 or 127.0.0.1:5353 is."
        ) from error
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = [host], port
    return resolver
