"""Adds people to a running desk, each with a password and a token."""

import secrets

from bench.fresh import arguments, tell
from dashboard import create_app
from dashboard.models import Role
from dashboard.web.account import make_token
from dashboard.web.users import add_user

given = arguments()
app = create_app(**given["settings"])


def work() -> dict[str, list[dict[str, str]]]:
    """Add one person for each role that was given."""
    return {"people": [person(number, Role(role)) for number, role in enumerate(given["roles"])]}


def person(number: int, role: Role) -> dict[str, str]:
    """Add a person; gives what they sign in with."""
    email, password = f"person-{number}@example.org", secrets.token_urlsafe(12)
    user = add_user(email, f"Person {number}", role, password)
    return {"email": email, "password": password, "token": make_token(user, "bench")}


with app.app_context():
    tell(work)
