"""Who calls: a bearer token (RFC 6750), made on the account page or by the command line."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import ApiToken, User, clock, digest, transaction
from dashboard.web.access import act_as
from dashboard.web.api.problem import problem

SCHEME = "bearer"
# "Last used" need not be exact: a program may call many times a second.
NOTE_USE_EVERY = timedelta(minutes=1)


def require_token() -> ResponseReturnValue | None:
    """Make the token's person the caller of this request, or answer 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    user = user_of(token.strip()) if scheme.lower() == SCHEME else None
    if user is None:
        answer = problem(401, "No valid token", "Send “Authorization: Bearer <token>”.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    act_as(user.id)  # A session cookie that came along does not count here.
    return None


def user_of(token: str) -> User | None:
    """Give the active person of a token that was not revoked, or None."""
    query = select(ApiToken).where(ApiToken.digest == digest(token), ApiToken.revoked_at.is_(None))
    found = db.session.scalars(query).one_or_none()
    if found is None or not found.user.active:
        return None
    now = clock()
    if found.last_used_at is None or now - found.last_used_at > NOTE_USE_EVERY:
        with transaction():
            found.last_used_at = now
    return found.user
