"""Links by which a person stops the e-mails, without an account and for as long as they exist."""

from collections.abc import Callable
from hmac import digest
from typing import Final, NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_encode
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.models import Cause, Delivery, Mailing

SALT: Final = "unsubscribe"
PATH: Final = "/unsubscribe"


class Asked(NamedTuple):
    """Who asks: the address that an e-mail went to, and the mailing it belonged to."""

    email: str
    address: str
    mailing_id: int
    title: str


def signer() -> URLSafeSerializer:
    """Give what signs the links; a link says which delivery it belongs to, and no address."""
    return URLSafeSerializer(str(current_app.secret_key), salt=SALT)


def token_of(delivery_id: int) -> str:
    """Give the part of a link that stands for a delivery."""
    return str(signer().dumps(delivery_id))


def link_of() -> Callable[[int], str] | None:
    """Give what makes the whole link of a delivery; None where the desk has no public address."""
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    if not base:
        return None
    links = signer()
    # The key is derived once: with each of a million links it would be most of the work.
    key = links.make_signer(SALT).derive_key()

    def link(delivery_id: int) -> str:
        payload = base64_encode(b"%d" % delivery_id)
        signature = base64_encode(digest(key, payload, "sha1"))
        return f"{base}{PATH}/{(payload + b'.' + signature).decode()}"

    return link


def asked_by(token: str) -> Asked | None:
    """Give who asks with *token*; None for one that was made by nobody, or is too old."""
    try:
        delivery_id = signer().loads(token)
    except BadSignature:
        return None
    query = (
        select(Delivery.email, Delivery.address, Delivery.mailing_id, Mailing.title)
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Delivery.id == delivery_id)
    )
    row = db.session.execute(query).first()
    return None if row is None else Asked(*row)


def stop(asked: Asked) -> None:
    """Send nothing more to whoever asks; whoever asks again is told the same."""
    suppress(asked.address, Cause.UNSUBSCRIBED, mailing_id=asked.mailing_id)
