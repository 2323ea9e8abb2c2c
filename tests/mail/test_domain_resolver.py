"""A name server that is given by its address, and what is none."""

import pytest

from dashboard.mail import MailError
from dashboard.mail.domain import look, resolver_at
from tests.mail.name_server import PATIENCE, serving


@pytest.mark.parametrize(
    ("server", "host", "port"),
    [
        ("192.0.2.1", "192.0.2.1", 53),
        ("127.0.0.1:5353", "127.0.0.1", 5353),
        ("[2001:db8::1]", "2001:db8::1", 53),
        ("[::1]:5353", "::1", 5353),
    ],
)
def test_an_address_is_that_of_a_name_server(server: str, host: str, port: int) -> None:
    found = resolver_at(server)
    assert (list(found.nameservers), found.port) == ([host], port)


@pytest.mark.parametrize("server", ["dns.example.org", "", "127.0.0.1:x", "127.0.0.1:99999", "1.1"])
def test_what_is_no_address_is_refused_by_its_setting(server: str) -> None:
    with pytest.raises(MailError, match=f"FLASK_MAIL_DNS is “{server}”"):
        resolver_at(server)


def test_only_the_server_that_is_given_is_asked() -> None:
    with serving({"example.org": ["v=spf1 a -all"]}) as server:
        found = look(
            "example.org", resolver=resolver_at(f"127.0.0.1:{server.port}"), timeout=PATIENCE
        )
    assert found.spf.state == "good"
    assert "_dmarc.example.org" in server.asked
