"""Whatever a browser sends, the answer is a page in words: never a fault, never a traceback."""

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug import Response
from werkzeug.routing import Rule

from tests.people import Person, csrf_of, words
from tests.web.browsers import anybody
from tests.web.desk import Desk

ODD = {
    "nothing": "",
    "a NUL": "a\x00b",
    "ten thousand letters": "x" * 10_000,
    "an emoji": "🧾",
    "a lone surrogate": "\udc80",
    "right to left": "\u202eשלום",
    "below nothing": "-1",
    "more than a number": "9" * 40,
    "no whole number": "1e400",
    "a list": "[]",
    "a way up": "../../etc/passwd",
    "markup": "<script>alert(1)</script>",
    "a quote": "' OR 1=1 --",
    "a wildcard": "%_\\",
    "a date that never was": "2026-02-30",
    "a place beyond": "2026-11-21T10:00:00+99:00",
    "an id": str(uuid.UUID(int=7)),
}
# What pages read from the address, or forms send.
NAMES = (
    *("q", "kind", "state", "person", "period", "before", "after", "next", "since", "view", "id"),
    *("name", "region", "least", "period_from", "period_until", "preset", "formats", "find"),
    *("token", "act", "role", "email", "text", "job", "queue", "reason", "what", "url", "sign"),
)
Known = dict[str, object]
"""What addresses name and what is there."""

FAULT = re.compile(r"Traceback|File \"/|werkzeug|sqlalchemy|Internal Server Error")
# Streams are tested elsewhere; whether the desk is ready is not said in sentences.
APART = {"live.stream", "api.events", "health.ready"}
JOB_OR_FILE = {"job_id", "artifact_id"}


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Give the addresses that take *method*."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in APART:
            yield rule


def path_of(rule: Rule, values: Known) -> str:
    """Give an address of *rule*; what is not among *values* is something odd of its sort."""
    odd = {"uuid": uuid.UUID(int=7), "int": 7}
    given = {}
    for name in rule.arguments:
        sort = re.search(rf"<(?:(\w+)[^:>]*:)?{name}>", rule.rule)
        given[name] = values.get(name, odd.get(sort.group(1) or "" if sort else "", "odd"))
    built = rule.build(given)
    assert built is not None, rule
    return built[1]


@pytest.fixture
def known(desk: Desk, staff: Person) -> Known:
    """Give what addresses name and what is there."""
    job_id = desk.succeeded(staff)
    file_id = desk.file(job_id)
    return {
        "job_id": uuid.UUID(job_id),
        "artifact_id": uuid.UUID(file_id),
        "name": "orders",
        "user_id": staff.id,
        "path": "css/base.css",
        "filename": "css/base.css",
    }


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_every_page_takes_an_odd_address(app: Flask, admin: Person, known: Known, odd: str) -> None:
    query = dict.fromkeys(NAMES, odd.encode("utf-8", "surrogateescape"))
    for rule in rules(app, "GET"):
        with admin.client.get(path_of(rule, known), query_string=query) as answer:
            seems_right(answer.status_code, text_of(answer), rule)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_every_form_takes_odd_fields(app: Flask, admin: Person, known: Known, odd: str) -> None:
    fields = {name: odd.encode("utf-8", "surrogateescape") for name in NAMES}
    for rule in rules(app, "POST"):
        if rule.endpoint == "auth.sign_out":
            continue
        token = csrf_of(admin.opens("/account").text)
        data = {**fields, "csrf_token": token}
        with admin.client.post(path_of(rule, known), data=data) as answer:
            seems_right(answer.status_code, text_of(answer), rule)


def test_every_form_takes_no_fields_at_all(app: Flask, admin: Person, known: Known) -> None:
    for rule in rules(app, "POST"):
        if rule.endpoint == "auth.sign_out":
            continue
        token = csrf_of(admin.opens("/account").text)
        with admin.client.post(path_of(rule, known), data={"csrf_token": token}) as answer:
            seems_right(answer.status_code, text_of(answer), rule)


def test_every_address_says_which_methods_it_takes(app: Flask, admin: Person) -> None:
    found = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        path = path_of(rule, {})
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(found.allowed_methods(path)):
            with admin.client.open(path, method=method) as answer:
                seems_right(answer.status_code, text_of(answer), rule)
                assert answer.status_code in (400, 401, 405), rule
                if answer.status_code == 405:
                    assert {*answer.headers["Allow"].split(", ")} <= {*found.allowed_methods(path)}


def test_nobody_finds_out_by_an_address_what_others_have(
    app: Flask, desk: Desk, staff: Person, colleague: Person, known: Known
) -> None:
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if not JOB_OR_FILE & rule.arguments:
                continue
            token = csrf_of(colleague.opens("/account").text)
            answers = []
            unknown: Known = {"name": "orders"}
            for values in (known, unknown):
                data = {"csrf_token": token} if method == "POST" else None
                with colleague.client.open(path_of(rule, values), method=method, data=data) as told:
                    answers.append((told.status_code, shape(told.get_data(as_text=True))))
            assert answers[0] == answers[1], rule


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_stranger_is_asked_to_sign_in_whatever_they_ask(app: Flask, odd: str) -> None:
    for path in ("/", "/jobs", "/files", f"/jobs/{uuid.UUID(int=7)}"):
        query = {"next": odd.encode("utf-8", "surrogateescape")}
        answer = anybody(app).get(path, query_string=query)
        assert answer.status_code == 302
        assert (answer.location or "").startswith("/sign-in")


def text_of(answer: Response) -> str:
    """Give what can be read of an answer; a file has no words."""
    sort = answer.mimetype or ""
    is_text = sort.startswith("text/") or sort.endswith("json")
    return answer.get_data(as_text=True) if is_text else ""


def shape(page: str) -> str:
    """Give a page without what differs from one answer to the next."""
    return re.sub(r"[0-9a-f]{16,}|[0-9a-f-]{36}|\b\d+\b", "", words(page))


def seems_right(code: int, text: str, rule: Rule) -> None:
    """Check that an answer is no fault, and that a refusal is a sentence."""
    assert code < 500, (rule, code, text)
    assert FAULT.search(text) is None, (rule, text)
    if code >= 400:
        assert re.search(r"[A-Z][^.]{3,}\.", words(text)), (rule, code, text)
