"""Checks signatures of DKIM as RFC 6376 says it, and shares nothing with what made them."""

import base64
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

# What stands before the hash in a signature (RFC 8017, 9.2).
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def holds(message: bytes, zone: Mapping[str, str], nth: int = 0) -> bool:
    """Say whether the *nth* signature of *message*, from the top, holds with the keys of *zone*.

    *zone* has TXT records by their names. Only relaxed/relaxed is understood.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    fields = [_field(each) for each in re.split(rb"\r\n(?![ \t])", head)]
    signature = [each for each in fields if each[0] == b"dkim-signature"][nth]
    tags = _tags(signature[1])
    if (tags["v"], tags["c"]) != ("1", "relaxed/relaxed") or "l" in tags:
        return False
    if base64.b64decode(tags["bh"]) != sha256(_relaxed_body(body)).digest():
        return False
    names = [name.strip().lower().encode() for name in tags["h"].split(":")]
    signed = [*_picked(fields, names), _relaxed(_without_b(signature)).removesuffix(b"\r\n")]
    record = _tags(zone[f"{tags['s']}._domainkey.{tags['d']}"].encode())
    made = base64.b64decode(tags["b"])
    return _is_made_of(made, sha256(b"".join(signed)).digest(), tags["a"], record)


def signed_headers(message: bytes) -> list[str]:
    """Give the names in the tag h of the first signature."""
    header = re.search(rb"^DKIM-Signature:((?:.*\r\n)(?:[ \t].*\r\n)*)", message, re.MULTILINE)
    assert header is not None
    return _tags(header[1])["h"].split(":")


def _field(raw: bytes) -> tuple[bytes, bytes]:
    name, _, value = raw.partition(b":")
    return name.rstrip(b" \t").lower(), value


def _tags(value: bytes) -> dict[str, str]:
    """Give the tags of a list, all blanks left out: no value here has any that count."""
    text = re.sub(r"\s", "", value.decode()).removesuffix(";")
    return dict(each.split("=", 1) for each in text.split(";"))


def _relaxed(field: tuple[bytes, bytes]) -> bytes:
    """Give a header as section 3.4.2 has it."""
    value = re.sub(rb"[ \t]+", b" ", field[1].replace(b"\r\n", b""))
    return field[0] + b":" + value.strip(b" ") + b"\r\n"


def _relaxed_body(body: bytes) -> bytes:
    """Give a body as section 3.4.4 has it."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _picked(fields: list[tuple[bytes, bytes]], names: list[bytes]) -> Iterator[bytes]:
    """Give the headers in the order of *names*: of several the last first (section 5.4.2)."""
    left = fields[:]
    for name in names:
        for field in reversed(left):
            if field[0] == name:
                left.reverse()
                left.remove(field)
                left.reverse()
                yield _relaxed(field)
                break


def _without_b(signature: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    return signature[0], re.sub(rb"(;\s*b\s*=)[^;]*", rb"\1", signature[1])


def _is_made_of(made: bytes, digest: bytes, algorithm: str, record: Mapping[str, str]) -> bool:
    key = base64.b64decode(record["p"])
    if (algorithm, record["k"]) == ("ed25519-sha256", "ed25519"):
        try:
            return VerifyKey(key).verify(digest, made) == digest
        except BadSignatureError:
            return False
    assert (algorithm, record["k"]) == ("rsa-sha256", "rsa")
    modulus, exponent = _rsa(key)
    size = (modulus.bit_length() + 7) // 8
    filling = b"\xff" * (size - 3 - len(SHA256) - len(digest))
    expected = b"\0\1" + filling + b"\0" + SHA256 + digest
    number = pow(int.from_bytes(made), exponent, modulus)
    return len(made) == size and number.to_bytes(size) == expected


def _rsa(der: bytes) -> tuple[int, int]:
    """Give modulus and exponent of a SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 8017, A.1.1)."""
    _algorithm, bits = _inside(_inside(der)[0])
    modulus, exponent = _inside(_inside(bits[1:])[0])
    return int.from_bytes(modulus), int.from_bytes(exponent)


def _inside(der: bytes) -> list[bytes]:
    """Give the contents of all values in *der*, one behind the other."""
    found = []
    while der:
        size, begin = der[1], 2
        if size >= 0x80:
            begin += size - 0x80
            size = int.from_bytes(der[2:begin])
        found.append(der[begin : begin + size])
        der = der[begin + size :]
    return found
