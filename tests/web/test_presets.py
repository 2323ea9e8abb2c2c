"""Choices of a start form are saved under a name, shared, used again and deleted."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import presets
from dashboard.models import PRESET_NAME_LIMIT, Job, Preset
from dashboard.web import preset_list
from dashboard.web.prefill import address_of
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk
from tests.web.test_launch import RIGHT

FORM = "/new/orders"
SAVE = f"{FORM}/presets"


def saves(person: Person, name: str = "South", *, shared: bool = False, **sent: Any) -> str:
    """Save choices; gives where that leads."""
    more = {"preset-shared": "y"} if shared else {}
    answer = person.sends(SAVE, FORM, **{**RIGHT, "preset-name": name, **more, **sent})
    assert answer.status_code == 303, words(answer.text)
    return answer.location or ""


def offered(person: Person, path: str = FORM) -> list[tuple[str, str]]:
    """Give name and address of each preset on the form."""
    page = person.client.get(path).text
    part = re.search(r'<section class="presets".*?</section>', page, re.S)
    links = re.findall(
        r'<a class="chip" href="([^"]*)".*?<bdi>(.*?)</bdi>', part[0] if part else ""
    )
    return [(unescape(name), unescape(url)) for url, name in links]


def names(person: Person, path: str = FORM) -> list[str]:
    """Give the names of the presets on the form."""
    return [name for name, _url in offered(person, path)]


def kept(app: Flask) -> list[Preset]:
    """Give what the ledger has."""
    with app.app_context():
        return list(db.session.scalars(select(Preset).order_by(Preset.id)))


def jobs(app: Flask) -> int:
    """Give how many jobs there are."""
    with app.app_context():
        return len(db.session.scalars(select(Job.serial)).all())


def deleting(app: Flask, name: str) -> str:
    """Give the address that deletes the preset called *name*."""
    (preset,) = [each for each in kept(app) if each.name == name]
    return f"{SAVE}/{preset.id}/delete"


def test_saved_choices_fill_the_form_with_one_press(staff: Person, app: Flask, desk: Desk) -> None:
    sent: dict[str, Any] = {"region": "South", "least": "12.5", "formats": ["csv", "pdf"]}
    location = saves(staff, "  The \n South ", **sent)

    page = staff.client.get(location).text
    assert offered(staff) == [("The South", location)]
    assert '<option selected value="South">' in page
    assert re.search(r'name="least"[^>]*value="12.5"', page)
    assert re.findall(r'name="formats" value="(\w+)" checked', page) == ["csv", "pdf"]
    assert 'aria-current="true"><bdi>The South</bdi>' in page
    assert "“The South” is saved." in words(page)
    assert "“The South” is yours. Nobody else sees it." in words(page)
    assert jobs(app) == 0
    (entry,) = desk.audit("preset.save")
    assert (entry.user_id, entry.detail["name"], entry.address) == (
        staff.id,
        "The South",
        "127.0.0.1",
    )


def test_the_address_of_a_preset_says_the_choices_themselves(staff: Person) -> None:
    url = urlsplit(saves(staff, region="South"))

    assert url.path == FORM
    assert ("region", "South") in parse_qsl(url.query)


def test_choices_have_one_address_in_whatever_order_they_come(app: Flask) -> None:
    choices = {"region": "South", "formats": ["csv"], "min_total": None}
    with app.test_request_context():
        turned = dict(reversed(choices.items()))
        assert address_of("orders", choices, {}) == address_of("orders", turned, {})


def test_a_period_that_was_chosen_by_name_rolls_on(staff: Person, app: Flask) -> None:
    page = staff.client.get(f"{FORM}?period=last-month").text
    first, last = re.findall(r'name="period_(?:from|until)"[^>]*value="([\d-]+)"', page)

    location = saves(staff, period_from=first, period_until=last)

    assert ("period", "last-month") in parse_qsl(urlsplit(location).query)
    assert "period_from" not in location
    assert kept(app)[0].relative == {"period": "last-month"}
    exact = saves(staff, "Exact", period_from="2026-01-01", period_until="2026-01-02")
    assert ("period_from", "2026-01-01") in parse_qsl(urlsplit(exact).query)


def test_only_what_is_shared_is_seen_by_others(
    staff: Person, colleague: Person, admin: Person
) -> None:
    saves(staff, "Mine")
    saves(staff, "Ours", shared=True, region="South")
    saves(colleague, "Theirs")

    assert names(staff) == ["Mine", "Ours"]
    assert names(colleague) == ["Theirs", "Ours"]
    assert names(admin) == ["Ours"]
    page = words(colleague.client.get(offered(colleague)[1][1]).text)
    assert f"“Ours” was saved by {staff.name} and is shared." in page
    own = words(staff.client.get(offered(staff)[1][1]).text)
    assert "“Ours” is yours, and shared with everybody who may use this." in own


def test_who_may_not_start_a_kind_sees_nothing_of_it(
    staff: Person, viewer: Person, admin: Person, app: Flask
) -> None:
    saves(staff, shared=True)
    token = {"preset-name": "x", **RIGHT}

    assert viewer.opens(FORM).status_code == 403
    assert viewer.sends(SAVE, "/account", **token).status_code == 403
    assert viewer.sends(deleting(app, "South"), "/account").status_code == 403
    assert staff.sends("/new/salaries/presets", "/account", **token).status_code == 403
    assert len(kept(app)) == 1
    assert admin.sends(SAVE.replace("orders", "nothing"), "/account").status_code == 404


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter a name for these choices."),
        (" \x00\x01 ", "Enter a name for these choices."),
        ("x" * (PRESET_NAME_LIMIT + 1), "Use at most 60 characters."),
        ("south", "You have saved “south” already."),
    ],
)
def test_a_name_that_cannot_be_is_said_and_everything_kept(
    staff: Person, app: Flask, name: str, sentence: str
) -> None:
    saves(staff, "South", least="7")

    answer = staff.sends(SAVE, FORM, **{**RIGHT, "region": "South", "preset-name": name})

    said = words(answer.text)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "Nothing was saved. 1 thing to put right" in said
    assert said.count(sentence) == 2  # above and at the field
    assert '<a href="#preset-name">' in answer.text
    assert '<option selected value="South">' in answer.text
    assert re.search(r'<details class="preset-save"[^>]* open>', answer.text)
    assert len(kept(app)) == 1


def test_choices_that_do_not_hold_are_not_saved(staff: Person, app: Flask) -> None:
    answer = staff.sends(SAVE, FORM, **{**RIGHT, "least": "much", "preset-name": ""})

    said = words(answer.text)
    assert answer.status_code == 422
    assert "Nothing was saved. 2 things to put right" in said
    assert "Nothing was started" not in said
    assert kept(app) == []


def test_two_people_may_use_the_same_name(staff: Person, colleague: Person) -> None:
    saves(staff, shared=True)
    saves(colleague, shared=True)

    assert names(staff) == ["South", "South"]


def test_somebody_who_has_very_many_deletes_some_first(
    staff: Person, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(presets, "MOST", 2)
    saves(staff, "One")
    saves(staff, "Two")

    answer = staff.sends(SAVE, FORM, **{**RIGHT, "preset-name": "Three"})

    assert answer.status_code == 422
    assert "You have saved 2 of them already: delete one first." in words(answer.text)
    assert staff.sends(
        "/new/totals/presets", "/new/totals", **{"preset-name": "Three", "formats": "csv"}
    ).location


def test_more_than_a_dozen_are_folded_away(staff: Person) -> None:
    for number in range(14):
        saves(staff, f"No {number:02}", least=str(number))

    page = staff.opens(FORM).text
    assert len(names(staff)) == 14
    assert "2 more" in words(page)
    assert re.search(r'<details class="presets-more">', page)
    last = staff.client.get(offered(staff)[-1][1]).text
    assert re.search(r'<details class="presets-more" open>', last)


def test_a_preset_is_deleted_without_a_question_and_its_choices_stay(
    staff: Person, app: Flask, desk: Desk
) -> None:
    saves(staff, region="South")

    answer = staff.sends(deleting(app, "South"), FORM)

    page = staff.client.get(answer.location or "").text
    assert answer.status_code == 303
    assert "“South” is deleted. The form still has its choices." in words(page)
    assert '<option selected value="South">' in page
    assert kept(app) == []
    assert [entry.user_id for entry in desk.audit("preset.delete")] == [staff.id]


def test_only_the_owner_and_administrators_delete(
    staff: Person, colleague: Person, admin: Person, app: Flask
) -> None:
    saves(staff, "Ours", shared=True)
    saves(staff, "Mine")

    assert colleague.sends(deleting(app, "Ours"), FORM).status_code == 403
    assert colleague.sends(deleting(app, "Mine"), FORM).status_code == 404
    assert admin.sends(deleting(app, "Mine"), FORM).status_code == 404
    other = deleting(app, "Ours").replace("orders", "totals")
    assert staff.sends(other, FORM).status_code == 404
    shown = colleague.client.get(offered(colleague)[0][1]).text
    assert "Delete" not in re.findall(r'<section class="presets".*?</section>', shown, re.S)[0]
    assert admin.sends(deleting(app, "Ours"), FORM).status_code == 303
    assert [each.name for each in kept(app)] == ["Mine"]


def test_enter_below_a_name_saves_and_starts_nothing(staff: Person, app: Flask) -> None:
    typed = {**RIGHT, "preset-enter": "1", "preset-name": "South"}

    saved = staff.sends(FORM, **typed)
    assert saved.status_code == 303
    assert (jobs(app), len(kept(app))) == (0, 1)

    pressed = staff.sends(FORM, **{**RIGHT, "preset-name": "South"})
    assert (pressed.location or "").startswith("/jobs/")
    entered = staff.sends(FORM, **{**typed, "preset-name": " ", "region": "South"})
    assert (entered.location or "").startswith("/jobs/")
    assert len(kept(app)) == 1


def test_what_was_typed_stays_while_first_rows_are_shown(staff: Person) -> None:
    page = staff.sends(f"{FORM}/preview", FORM, **{**RIGHT, "preset-name": "Half ready"}).text

    assert 'value="Half ready"' in page
    assert re.search(r'<details class="preset-save"[^>]* open>', page)


def test_very_many_choices_are_named_by_their_number(
    staff: Person, colleague: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preset_list, "ADDRESS_LIMIT", 10)
    location = saves(staff, region="South")

    (preset,) = kept(app)
    assert location == f"{FORM}?preset-id={preset.id}"
    page = staff.client.get(location).text
    assert '<option selected value="South">' in page
    assert 'aria-current="true"><bdi>South</bdi>' in page
    assert colleague.client.get(location).status_code == 404
    assert staff.client.get(f"/new/totals?preset-id={preset.id}").status_code == 404
    for nonsense in ("x", "9" * 20, "", "²"):
        assert staff.opens(FORM, **{"preset-id": nonsense}).status_code == 404
    gone = staff.sends(deleting(app, "South"), FORM)
    assert gone.location == FORM
    assert "not there any more" in words(staff.client.get(location).text)


def test_names_are_text_wherever_the_page_has_them(staff: Person) -> None:
    name = "<b>\"x\"</b> & 'y'"
    location = saves(staff, name)

    assert names(staff, location) == [name]
    assert name not in staff.client.get(location).text


def test_a_program_saves_lists_and_deletes(staff: Person, colleague: Person) -> None:
    body = {
        "kind": "orders",
        "name": "Last month",
        "params": {"region": "South", "period": "last-month", "formats": ["csv"]},
        "shared": True,
    }
    made = staff.calls("POST", "/presets", json=body)

    assert made.status_code == 201
    assert made.json is not None
    assert made.json["params"]["period"] == "last-month"
    assert "period_from" not in made.json["params"]
    listed = colleague.calls("GET", "/presets?kind=orders").json
    assert listed == {"items": [made.json], "next": None}
    params = listed["items"][0]["params"]
    assert colleague.calls("POST", "/jobs/orders", json={"params": params}).status_code == 202

    path = f"/presets/{made.json['id']}"
    assert colleague.calls("DELETE", path).status_code == 403
    assert staff.calls("DELETE", path).status_code == 204
    assert staff.calls("DELETE", path).status_code == 404
    assert staff.calls("GET", "/presets?kind=orders").json == {"items": [], "next": None}


def test_a_program_hears_what_is_wrong(staff: Person, viewer: Person, app: Flask) -> None:
    def errors(**body: Any) -> dict[str, str]:
        answer = staff.calls("POST", "/presets", json={"kind": "orders", "name": "x", **body})
        assert answer.status_code == 422
        assert answer.json is not None
        return {each["field"]: each["message"] for each in answer.json["errors"]}

    assert set(errors(params={"region": "Atlantis", "colour": "red"})) == {"region", "colour"}
    assert errors(name="") == {"name": "Enter a name for these choices."}
    assert errors(name="\ud800") == {"name": "Enter a name for these choices."}
    assert staff.calls("POST", "/presets", data="{").status_code == 400
    assert staff.calls("POST", "/presets", json={"kind": "none"}).status_code == 404
    assert staff.calls("GET", "/presets").status_code == 404
    assert viewer.calls("GET", "/presets?kind=orders").status_code == 403
    assert viewer.calls("POST", "/presets", json={"kind": "orders", "name": "x"}).status_code == 403
    assert kept(app) == []


def test_what_is_sent_twice_at_once_is_saved_once(staff: Person) -> None:
    saves(staff, "North")
    page = staff.opens(FORM).text
    data = {**RIGHT, "preset-name": "South", "csrf_token": csrf_of(page)}
    cookie = staff.client.get_cookie("bellhop_session")
    assert cookie is not None

    def press(number: int) -> str | None:
        client = staff.app.test_client()
        client.set_cookie("bellhop_session", cookie.value)
        return client.post(SAVE, data=data).location

    with ThreadPoolExecutor(4) as pool:
        landed = set(pool.map(press, range(4)))

    assert len(landed) == 1
    assert None not in landed
    assert names(staff) == ["North", "South"]
