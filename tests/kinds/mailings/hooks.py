"""Calls the desk as mail services do."""

import base64
import json
import time
from typing import Any, Final

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.kinds.mailings.hooks.signature import signed
from dashboard.models import Delivery, Suppression, transaction

SECRET: Final = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def opened(app: Flask) -> Flask:
    """Let mail services call."""
    app.config["MAIL_HOOK_SECRET"] = SECRET
    return app


def tells(app: Flask, *events: Any, secret: str = SECRET, late: int = 0) -> TestResponse:
    """Tell events in the desk's own form, signed; *late* in seconds."""
    return tells_body(app, json.dumps({"events": events}).encode(), secret=secret, late=late)


def tells_body(app: Flask, body: bytes, *, secret: str = SECRET, late: int = 0) -> TestResponse:
    """Send a body with its signature."""
    header = signed(secret, int(time.time()) - late, body)
    return app.test_client().post(
        "/hooks/mail/bellhop",
        data=body,
        content_type="application/json",
        headers={"Bellhop-Signature": header},
    )


def calls(
    app: Flask, sort: str, body: Any, *, password: str = SECRET, media_type: str = ""
) -> TestResponse:
    """Call as a service that knows a password."""
    given = base64.b64encode(f"bellhop:{password}".encode()).decode()
    return app.test_client().post(
        f"/hooks/mail/{sort}",
        data=body if isinstance(body, str | bytes) else json.dumps(body),
        content_type=media_type or "application/json",
        headers={"Authorization": f"Basic {given}"},
    )


def bounce(address: str, **more: Any) -> dict[str, Any]:
    """Give a permanent bounce in the desk's own form."""
    return {"type": "bounce", "address": address, "permanent": True, **more}


def suppressed(app: Flask) -> dict[str, tuple[str, int | None]]:
    """Give cause and mailing of each address that is suppressed."""
    with app.app_context():
        rows = db.session.scalars(select(Suppression).order_by(Suppression.address))
        return {row.address: (row.cause, row.mailing_id) for row in rows}


def delivery(app: Flask, place: int) -> Delivery:
    """Give a delivery as the ledger has it."""
    with app.app_context():
        return db.session.scalars(select(Delivery).where(Delivery.place == place)).one()


def becomes(app: Flask, place: int, **values: Any) -> None:
    """Change a delivery, as a sender would."""
    with app.app_context(), transaction() as session:
        found = session.scalars(select(Delivery).where(Delivery.place == place)).one()
        for name, value in values.items():
            setattr(found, name, value)
