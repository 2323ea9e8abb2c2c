"""The addresses that mail services call: no session, no form, an answer in JSON."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from flask import Blueprint, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from dashboard.extensions import csrf
from dashboard.kinds.mailings.hooks import own, postmark, ses
from dashboard.kinds.mailings.hooks.effects import follow
from dashboard.kinds.mailings.hooks.event import Malformed, Told
from dashboard.kinds.mailings.hooks.signature import HEADER, is_same, is_signed
from dashboard.kinds.mailings.hooks.subscriptions import note_subscription
from dashboard.web.access import address
from dashboard.web.manner import HOOKS

bp = Blueprint("hooks", __name__, url_prefix=f"{HOOKS}mail")

logger = logging.getLogger(__name__)

BODY_LIMIT: Final = 1_000_000  # bytes
REALM: Final = "Bellhop mail hooks"  # With a blank, so that it is quoted, as it must be.
JSON: Final = frozenset({"application/json"})


class Service(NamedTuple):
    """How a service calls: its media types, how it proves who it is, how what it sends is read."""

    media_types: frozenset[str]
    is_signing: bool
    read: Callable[[Any], Told]


SERVICES: Final = {
    "bellhop": Service(JSON, True, own.read),
    "ses": Service(JSON | {"text/plain"}, False, ses.read),  # Amazon SNS says text/plain.
    "postmark": Service(JSON, False, postmark.read),
}


@bp.post("/<sort>")
@csrf.exempt  # type: ignore[untyped-decorator]  # A program has no form; it knows the secret.
def take(sort: str) -> ResponseReturnValue:
    """Take what a service tells; what it tells twice is answered the same, and changes nothing."""
    secret, service = current_app.config["MAIL_HOOK_SECRET"], SERVICES.get(sort)
    if not secret or service is None:
        abort(404)
    request.max_content_length = BODY_LIMIT
    if request.mimetype not in service.media_types:
        abort(415, "Send application/json.")
    if not service.is_signing:
        _expect_password(secret)
    body = request.get_data(cache=False)
    if service.is_signing and not is_signed(
        request.headers.get(HEADER, ""), body, secret, time.time()
    ):
        abort(401, f"{HEADER} is missing, too old, or was not made with the secret for this body.")
    try:
        told = service.read(_json(body))
    except Malformed as error:
        abort(400, str(error))
    if told.subscription is not None:
        note_subscription(told.subscription, caller=address())
        logger.warning("%s asks to be confirmed: see /suppressions.", sort)
    done = follow(told.events)
    logger.info(
        "%s told %d things, and %d others: %d addresses are suppressed, %d deliveries marked.",
        sort,
        len(told.events),
        told.others,
        done.suppressed,
        done.marked,
    )
    return jsonify(taken=len(told.events))


def _expect_password(secret: str) -> None:
    """Raise 401 unless the secret is the password; the user name does not matter."""
    given = request.authorization
    password = given.password if given is not None and given.type == "basic" else None
    if password is None or not is_same(password, secret):
        raise Unauthorized(
            "Send the secret as the password of HTTP Basic.",
            www_authenticate=WWWAuthenticate("basic", {"realm": REALM}),
        )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Malformed("What was sent is no JSON in UTF-8.") from None
