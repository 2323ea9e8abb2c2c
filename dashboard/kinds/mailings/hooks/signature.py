"""Proves that a call comes from somebody who knows the secret."""

import hashlib
import hmac
from typing import Final

HEADER: Final = "Bellhop-Signature"
TOLERANCE: Final = 300  # seconds that the clocks may differ, and a call may take
_LONGEST_TIME: Final = 12  # digits


def signed(secret: str, moment: int, body: bytes) -> str:
    """Give the header for *body* sent at *moment*, in seconds since 1970."""
    return f"t={moment},v1={_digest(secret, str(moment), body)}"


def is_signed(header: str, body: bytes, secret: str, now: float) -> bool:
    """Whether *header* was made for *body* with *secret*, not longer ago than the tolerance.

    Of several “v1” one must be right, so that a secret can be changed while calls come.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    if len(moments) != 1:
        return False
    (moment,) = moments
    if not (moment.isascii() and moment.isdigit() and len(moment) <= _LONGEST_TIME):
        return False
    if abs(now - int(moment)) > TOLERANCE:
        return False
    wanted = _digest(secret, moment, body)
    given = [value for name, _, value in parts if name == "v1"]
    return any(is_same(value, wanted) for value in given)


def is_same(given: str, wanted: str) -> bool:
    """Whether two texts are the same; the time it takes does not say where they differ."""
    return hmac.compare_digest(_bytes(given), _bytes(wanted))


def _digest(secret: str, moment: str, body: bytes) -> str:
    message = moment.encode() + b"." + body
    return hmac.new(_bytes(secret), message, hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
