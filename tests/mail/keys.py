"""Private keys for the tests, made anew each time and always the same: nobody else has them."""

import base64
import random
from dataclasses import dataclass
from functools import cache
from itertools import count
from math import lcm
from pathlib import Path
from typing import Final, Literal

from dashboard.mail.signing.private import ED25519, INTEGER, RSA_PUBLIC, SEQUENCE

EXPONENT: Final = 65_537
WITNESSES: Final = 12
OCTETS: Final = 0x04  # the tag of DER
Form = Literal["pkcs1", "pkcs8"]


@dataclass(frozen=True)
class Rsa:
    """The numbers of a key: *n* is the product of *p* and *q*, *d* undoes what *e* does."""

    n: int
    e: int
    d: int
    p: int
    q: int

    def pem(self, form: Form = "pkcs8") -> bytes:
        """Give the key as openssl writes it, now or formerly (RFC 8017, A.1.2; RFC 5958)."""
        more = (self.d % (self.p - 1), self.d % (self.q - 1), pow(self.q, -1, self.p))
        numbers = (0, self.n, self.e, self.d, self.p, self.q, *more)
        der = _der(SEQUENCE, b"".join(map(_integer, numbers)))
        if form == "pkcs1":
            return pem("RSA PRIVATE KEY", der)
        return pem("PRIVATE KEY", _der(SEQUENCE, _integer(0) + RSA_PUBLIC + _der(OCTETS, der)))


@cache
def rsa(bits: int = 1024, seed: int = 1) -> Rsa:
    """Give the key of so many *bits* that belongs to *seed*."""
    chance = random.Random(f"{bits} {seed}")
    primes = (found for _ in count() if _is_prime(found := _candidate(chance, bits // 2), chance))
    p, q = next(primes), next(primes)
    return Rsa(p * q, EXPONENT, pow(EXPONENT, -1, lcm(p - 1, q - 1)), p, q)


def ed25519(seed: bytes = bytes(range(32))) -> bytes:
    """Give a key of Ed25519 as openssl writes it (RFC 8410)."""
    return pem("PRIVATE KEY", ED25519 + seed)


def pem(label: str, der: bytes) -> bytes:
    """Give *der* in PEM (RFC 7468)."""
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


def key_file(folder: Path, content: bytes, name: str = "key.pem") -> Path:
    """Give a file with *content* that only its owner reads."""
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def _candidate(chance: random.Random, bits: int) -> int:
    # With both upper bits set the product of two has twice as many.
    return chance.getrandbits(bits) | 3 << (bits - 2) | 1


def _is_prime(number: int, chance: random.Random) -> bool:
    """Ask Miller and Rabin; what small primes divide is no question."""
    if any(number % small == 0 for small in range(3, 2000, 2)) or number % EXPONENT == 1:
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, chance.randrange(2, number), odd, twos) for _ in range(WITNESSES))


def _passes(number: int, witness: int, odd: int, twos: int) -> bool:
    power = pow(witness, odd, number)
    if power in (1, number - 1):
        return True
    return any((power := power * power % number) == number - 1 for _ in range(twos - 1))


def _integer(number: int) -> bytes:
    return _der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, size] if size < 0x80 else [tag, 0x80 | len(length), *length]) + content
