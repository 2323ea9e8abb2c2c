"""The description of the API says what there is, and answers are as it says."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from tests.people import Person
from tests.web.browsers import anybody
from tests.web.desk import Desk
from tests.web.schema import misfits


@pytest.fixture
def described(app: Flask) -> Any:
    """Give the description, which nobody needs a token for."""
    answer = anybody(app).get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_every_call_is_described_and_nothing_else(app: Flask, described: Any) -> None:
    there = {
        f"{method} {re.sub(r'<[^>]+>', '{}', rule.rule.removeprefix('/api/v1'))}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api_public.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {
        f"{method.upper()} {re.sub(r'{[^}]+}', '{}', path)}"
        for path, methods in described["paths"].items()
        for method in methods
    }

    assert told == there
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": "/api/v1"}]


def test_every_part_of_an_address_is_a_parameter(described: Any) -> None:
    for path, methods in described["paths"].items():
        for call in methods.values():
            named = {each["name"] for each in call.get("parameters", []) if each["in"] == "path"}
            assert named == set(re.findall(r"{([^}]+)}", path))


def test_every_reference_leads_somewhere(described: Any) -> None:
    schemas = described["components"]["schemas"]

    assert set(re.findall(r"#/components/schemas/(\w+)", str(described))) == set(schemas)


def test_the_filters_of_the_list_are_described(described: Any) -> None:
    told = {each["name"] for each in described["paths"]["/jobs"]["get"]["parameters"]}

    assert told == {"q", "kind", "state", "before"}


@pytest.fixture
def calls(desk: Desk, staff: Person) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Give calls by path of the description, address, method and what is sent."""
    done = desk.succeeded(staff, formats=("csv", "xlsx"))
    failed = desk.failed(staff)
    running = desk.running(staff)
    desk.counts(running, 1, 3)
    nowhere = "00000000-0000-4000-8000-000000000000"
    wrong = {"json": {"params": {"least": "much", "nothing": 1}}}
    preset = {"kind": "orders", "name": "All of them"}
    return [
        ("/kinds", "GET", "/kinds", {}),
        ("/kinds/{name}", "GET", "/kinds/orders", {}),
        ("/kinds/{name}", "GET", "/kinds/salaries", {}),
        ("/kinds/{name}", "GET", "/kinds/none", {}),
        ("/presets", "POST", "/presets", {"json": preset}),
        ("/presets", "POST", "/presets", {"json": {**preset, "shared": True}}),
        ("/presets", "POST", "/presets", {"data": "{"}),
        ("/presets", "GET", "/presets?kind=orders", {}),
        ("/presets", "GET", "/presets?kind=salaries", {}),
        ("/presets/{id}", "DELETE", "/presets/9999", {}),
        ("/jobs", "GET", "/jobs", {}),
        ("/jobs", "GET", "/jobs?state=dead", {}),
        ("/jobs/{kind}", "POST", "/jobs/orders", {"json": {}}),
        ("/jobs/{kind}", "POST", "/jobs/orders", wrong),
        ("/jobs/{kind}", "POST", "/jobs/orders", {"data": "{"}),
        ("/jobs/{kind}", "POST", "/jobs/none", {"json": {}}),
        ("/jobs/{id}", "GET", f"/jobs/{done}", {}),
        ("/jobs/{id}", "GET", f"/jobs/{failed}", {}),
        ("/jobs/{id}", "GET", f"/jobs/{running}", {}),
        ("/jobs/{id}", "GET", f"/jobs/{nowhere}", {}),
        ("/jobs/{id}/cancel", "POST", f"/jobs/{running}/cancel", {}),
        ("/jobs/{id}/retry", "POST", f"/jobs/{failed}/retry", {}),
        ("/jobs/{id}/retry", "POST", f"/jobs/{running}/retry", {}),
        ("/uploads", "POST", "/uploads", {"data": {"file": (io.BytesIO(b"1"), "a.csv")}}),
        ("/uploads", "POST", "/uploads", {"data": {"file": (io.BytesIO(b""), "a.csv")}}),
        ("/files/{id}", "GET", f"/files/{nowhere}", {}),
    ]


def test_answers_fit_their_schemas(
    described: Any, staff: Person, calls: list[tuple[str, str, str, dict[str, Any]]]
) -> None:
    schemas = described["components"]["schemas"]
    for path, method, address, sent in calls:
        answer = staff.calls(method, address, **sent)
        responses = described["paths"][path][method.lower()]["responses"]
        told = f"{method} {address}: {answer.status_code}"
        assert str(answer.status_code) in responses, told
        content = responses[str(answer.status_code)]["content"]
        assert answer.mimetype in content, told
        assert misfits(answer.json, content[answer.mimetype]["schema"], schemas, told) == []


def test_the_check_itself_finds_what_does_not_fit(described: Any) -> None:
    schemas = described["components"]["schemas"]
    job = {"$ref": "#/components/schemas/Job"}
    found = misfits({"id": "x", "state": "dead", "new": 1, "attempt": True}, job, schemas, "job")

    for place in ("job.id", "job.state", "job.new", "job.attempt", "job.url is missing"):
        assert any(each.startswith(place) for each in found), (place, found)
