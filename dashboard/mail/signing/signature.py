"""The DKIM-Signature header of a message (RFC 6376), made by dkimpy."""

from collections import Counter
from typing import Final

from dkim import DKIM

RELAXED: Final = (b"relaxed", b"relaxed")
# Each header is signed once more than it is there, so that nobody on the way can add another one,
# which programs might show instead (RFC 6376, 8.15). These also where there is none of them …
ALWAYS: Final = (b"from", b"to", b"cc", b"subject", b"reply-to")
# … and these only where there is one: a relay may add what is missing. RFC 8058 (4) asks for the
# last two.
PRESENT: Final = (
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)


def signature(
    message: bytes, *, domain: str, selector: str, algorithm: bytes, private: bytes
) -> bytes:
    """Give the header, with its CRLF, for *message*, whose lines all end in CRLF.

    *algorithm* is rsa-sha256 with a *private* key in PEM, or ed25519-sha256 (RFC 8463) with one of
    32 bytes in base64. The body is signed to its end: there is no tag l.
    """
    signer = DKIM(message, signature_algorithm=algorithm)
    there = Counter(name.lower() for name, _ in signer.headers)
    headers = [name for name in ALWAYS for _ in range(there[name] + 1)]
    headers += [name for name in PRESENT if there[name] for _ in range(there[name] + 1)]
    header: bytes = signer.sign(
        selector.encode(),
        domain.encode(),
        private,
        canonicalize=RELAXED,
        include_headers=headers,
    )
    return header
