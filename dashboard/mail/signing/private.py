"""Private keys of RSA and Ed25519 in files, as openssl writes them (RFC 7468)."""

import base64
import logging
import re
from functools import partial
from hashlib import sha256
from pathlib import Path
from stat import S_IRWXO
from typing import Final

from dkim import crypto
from nacl.signing import SigningKey

from dashboard.mail.signing.record import Record
from dashboard.mail.signing.signature import signature
from dashboard.mail.signing.signers import Key

SHORTEST: Final = 1024  # bits of a key of RSA; signers must not use less (RFC 8301, 3.2)
PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s(.*?)-----END \1-----", re.DOTALL)
# What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, 7), and rsaEncryption as
# the algorithm of a public key (RFC 8017, A.1).
ED25519: Final = bytes.fromhex("302e020100300506032b657004220420")
ED25519_SIZE: Final = len(ED25519) + 32
RSA_PUBLIC: Final = bytes.fromhex("300d06092a864886f70d0101010500")

INTEGER, BIT_STRING, SEQUENCE = 0x02, 0x03, 0x30  # tags of DER

logger = logging.getLogger(__name__)


class BadKey(Exception):
    """Why a file has no key that can sign, in a sentence that shows nothing of it."""


def read_key(path: Path, *, domain: str, selector: str) -> Key:
    """Read the key *selector* of *domain* from the PEM file at *path*; raises BadKey."""
    der = _read(path)
    if der.startswith(ED25519) and len(der) == ED25519_SIZE:
        algorithm, kind, seed = b"ed25519-sha256", "ed25519", der[len(ED25519) :]
        private = base64.b64encode(seed)
        public = bytes(SigningKey(seed).verify_key)
    else:
        algorithm, kind = b"rsa-sha256", "rsa"
        # The engine wants PEM, and is pickier about it than openssl is.
        private = b"-----BEGIN-----\n%b\n-----END-----\n" % base64.b64encode(der)
        public = _public(_rsa(der, path))
    value = f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"
    sign = partial(
        signature, domain=domain, selector=selector, algorithm=algorithm, private=private
    )
    return Key(Record(domain, selector, value), sign)


def _read(path: Path) -> bytes:
    """Give what is in the first PEM block of a private key, as DER."""
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadKey(f"the key {path} cannot be read: {reason}.") from error
    if mode & S_IRWXO:
        logger.warning(
            "Everybody on this machine may read the DKIM key %s: chmod o= %s", path, path
        )
    for label, text in PEM.findall(content):
        if label.endswith(b"ENCRYPTED PRIVATE KEY") or b"Proc-Type:" in text:
            raise BadKey(
                f"the key {path} is locked with a passphrase, which nobody can enter here."
            )
        if label.endswith(b"PRIVATE KEY"):
            try:
                return base64.b64decode(b"".join(text.split()), validate=True)
            except ValueError:
                raise BadKey(f"the key {path} is damaged.") from None
    raise BadKey(f"{path} has no private key in it, in PEM as openssl writes it.")


def _rsa(der: bytes, path: Path) -> dict[str, int]:
    """Give the numbers of a key, which have to fit each other: a signature proves it."""
    try:
        numbers: dict[str, int] = crypto.parse_private_key(der)
    except (crypto.UnparsableKeyError, AssertionError, IndexError):
        # What the engine says has bytes of the key in it.
        raise BadKey(f"the key {path} is neither one of RSA nor one of Ed25519.") from None
    bits = numbers["modulus"].bit_length()
    if bits < SHORTEST:
        raise BadKey(f"the key {path} has {bits} bits. Below {SHORTEST} mail servers refuse it.")
    if not _holds(numbers):
        raise BadKey(f"the key {path} is damaged: its parts do not fit each other.")
    return numbers


def _holds(numbers: dict[str, int]) -> bool:
    try:
        made = crypto.RSASSA_PKCS1_v1_5_sign(sha256(), numbers)
        return bool(crypto.RSASSA_PKCS1_v1_5_verify(sha256(), made, numbers))
    except (ValueError, AssertionError):
        return False


def _public(numbers: dict[str, int]) -> bytes:
    """Give the public half as the DNS has it: SubjectPublicKeyInfo in DER (RFC 5280, 4.1)."""
    pair = _der(SEQUENCE, _integer(numbers["modulus"]) + _integer(numbers["publicExponent"]))
    return _der(SEQUENCE, RSA_PUBLIC + _der(BIT_STRING, b"\0" + pair))


def _integer(number: int) -> bytes:
    return _der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def _der(tag: int, content: bytes) -> bytes:
    """Give *content* with its tag and its length (X.690, 8.1.3)."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content
