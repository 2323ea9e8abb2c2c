"""People at the desk: what they press and what they see."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, Self

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.models import Role, User
from dashboard.web.account import make_token
from dashboard.web.users import add_user

PASSWORD = "a long enough password"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')


@dataclass
class Person:
    """A person with a browser that is signed in, and perhaps an API token."""

    app: Flask
    client: FlaskClient
    id: int
    name: str
    email: str

    @classmethod
    def joins(cls, app: Flask, name: str, *, role: str = "staff") -> Self:
        """Add the person to the ledger and sign in."""
        email = name.lower().replace(" ", ".") + "@example.org"
        with app.app_context():
            user_id = add_user(email, name, Role(role), PASSWORD).id
        person = cls(app, app.test_client(), user_id, name, email)
        answer = person.signs_in()
        assert answer.status_code == 302, answer.text
        return person

    def signs_in(self, password: str = PASSWORD, **query: str) -> TestResponse:
        """Fill in the sign-in form."""
        page = self.client.get("/sign-in", query_string=query)
        data = {"email": self.email, "password": password, "csrf_token": csrf_of(page.text)}
        return self.client.post("/sign-in", query_string=query, data=data)

    def opens(self, path: str, **query: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, query_string=query)

    def sends(self, path: str, form_on: str | None = None, **data: Any) -> TestResponse:
        """Send a form: the hidden fields come from the page *form_on* (default: *path*)."""
        page = self.client.get(form_on or path).text
        hidden = {"csrf_token": csrf_of(page)}
        if token := TOKEN.search(page):
            hidden["token"] = token.group(1)
        return self.client.post(path, data={**hidden, **data})

    def token(self) -> str:
        """Make an API token."""
        with self.app.app_context():
            return make_token(db.session.get_one(User, self.id), "test")

    def calls(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """Call the API with a token of this person."""
        headers = {"Authorization": f"Bearer {self.token()}", **kwargs.pop("headers", {})}
        client = self.app.test_client()
        return client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)


def csrf_of(html: str) -> str:
    """Give the CSRF token of a page."""
    found = CSRF.search(html)
    assert found, "The page has no form."
    return found.group(1)


def words(html: str) -> str:
    """Give what a person would read: no tags, single blanks."""
    text = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
