"""Browsers without anybody, and other browsers of the same person."""

from dataclasses import replace
from http.cookies import Morsel, SimpleCookie

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import PASSWORD, Person, csrf_of


def elsewhere(person: Person) -> Person:
    """Give the person at another browser, not signed in."""
    return replace(person, client=person.app.test_client())


def anybody(app: Flask) -> FlaskClient:
    """Give a browser in which nobody has signed in."""
    return app.test_client()


def tries(
    client: FlaskClient, email: str, password: str = PASSWORD, *, to: str = "", **more: str
) -> TestResponse:
    """Fill in the sign-in form; *to* is the page first asked for."""
    query = {"next": to} if to else {}
    page = client.get("/sign-in", query_string=query)
    data = {"email": email, "password": password, "csrf_token": csrf_of(page.text), **more}
    return client.post("/sign-in", query_string=query, data=data)


def cookie(answer: TestResponse, name: str) -> "Morsel[str]":
    """Give the cookie called *name* that the answer sets."""
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        jar.load(line)
    return jar[name]
