"""Contact lists as people make them, look into them, change and delete them."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.datastructures import MultiDict

from dashboard.extensions import db
from dashboard.jobs.contacts import find
from dashboard.models import Contact, ContactList, clock, transaction
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk

RTL = "قائمة \u202e المشتركين"


def makes(person: Person, title: str = "Readers", **more: Any) -> int:
    """Make a list with a field of each type; gives its number."""
    fields = more.pop("fields", [("Name", "text"), ("Points", "number"), ("Born", "date")])
    data = MultiDict({"title": title, "summary": "", "who": "staff", **more})
    data["csrf_token"] = csrf_of(person.opens("/contacts/new").text)
    for label, type_ in fields:
        data.add("field-name", "")
        data.add("field-label", label)
        data.add("field-type", type_)
    answer = person.client.post("/contacts/new", data=data)
    assert answer.status_code == 303, words(answer.text)
    return int(str(answer.location).rpartition("/")[2])


def form_of(person: Person, path: str) -> MultiDict[str, str]:
    """Give what the form on a page would send as it is."""
    page = person.opens(path).text
    found: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not ('type="radio"' in tag and "checked" not in tag):
            found.add(name[1], value[1] if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', body) or re.search(
            r'<option value="([^"]*)"( selected)?', body
        )
        found.add(name, chosen[1] if chosen else "")
    return found


def adds(person: Person, list_id: int, email: str, **values: str) -> Any:
    """Add a contact by its page."""
    return person.sends(f"/contacts/{list_id}/add", email=email, **values)


def contacts(app: Flask, list_id: int) -> list[Contact]:
    """Give the contacts of a list as the ledger has them."""
    with app.app_context():
        query = select(Contact).where(Contact.list_id == list_id).order_by(Contact.address)
        return list(db.session.scalars(query))


def fills(app: Flask, list_id: int, count: int) -> None:
    """Let a list have as many contacts."""
    with app.app_context(), transaction() as session:
        now = clock()
        rows = [
            {
                "list_id": list_id,
                "address": f"p{number:05}@example.org",
                "email": f"P{number:05}@example.org",
                "values": {"name": f"Person {number}"},
                "changed_at": now,
            }
            for number in range(count)
        ]
        session.execute(insert(Contact), rows)


def test_a_list_is_made_and_offers_its_import(app: Flask, staff: Person, desk: Desk) -> None:
    list_id = makes(staff, "Newsletter  readers", summary="Who asked for it.")
    page = staff.opens(f"/contacts/{list_id}")
    overview = words(staff.opens("/contacts").text)
    home = words(staff.opens("/").text)

    assert "Newsletter readers Who asked for it. · 0 contacts" in words(page.text)
    kind = f"check-contacts-newsletter_readers_{list_id}"
    assert f'href="/new/{kind}"' in page.text
    assert "Newsletter readers Who asked for it. 0 Staff" in overview
    assert "Import contacts into Newsletter readers" in home
    assert staff.opens(f"/new/{kind}").status_code == 200
    example = staff.opens(f"/imports/example/{kind}.csv").text.lstrip("\ufeff")
    assert example.split() == ["email,name,points,born"]
    entry = desk.audit("contact-list.make")[-1]
    assert entry.user_id == staff.id
    assert entry.detail == {"list": list_id, "name": f"newsletter_readers_{list_id}"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "Enter a title"),
        ({"title": "x" * 500}, "80"),
        ({"summary": "x" * 500}, "300"),
        ({"field-label": ["x" * 500], "field-type": ["text"], "field-name": [""]}, "at most 60"),
        (
            {"field-label": ["Name", " name "], "field-type": ["text"] * 2, "field-name": [""] * 2},
            "Two fields are called “Name”.",
        ),
        (
            {"field-label": ["Name"], "field-type": ["blob"], "field-name": [""]},
            "Choose what “Name” holds.",
        ),
        (
            {
                "field-label": [f"F{n}" for n in range(41)],
                "field-type": ["text"] * 41,
                "field-name": [""] * 41,
            },
            "A list has at most 40 fields.",
        ),
    ],
)
def test_a_list_that_cannot_be_made_gives_its_form_back(
    app: Flask, staff: Person, given: dict[str, Any], sentence: str
) -> None:
    answer = staff.sends("/contacts/new", **{"title": "Readers", "who": "staff", **given})

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert sentence in words(answer.text)
    with app.app_context():
        assert db.session.scalars(select(ContactList)).all() == []


def test_what_people_write_is_text_and_never_markup(app: Flask, staff: Person) -> None:
    list_id = makes(staff, "<b>Bold</b>", summary=RTL, fields=[("<i>Why</i>", "text")])
    adds(staff, list_id, "a@example.org", value_0="<script>alert(1)</script>")

    for path in ("/contacts", f"/contacts/{list_id}", f"/contacts/{list_id}/edit", "/"):
        page = staff.opens(path).text
        assert "<b>Bold" not in page
        assert "<i>Why" not in page
        assert "<script>alert" not in page
    shown = staff.opens(f"/contacts/{list_id}").text
    assert f"<bdi>{RTL}</bdi>" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_contacts_are_added_found_changed_and_removed(
    app: Flask, staff: Person, desk: Desk
) -> None:
    list_id = makes(staff)
    answer = adds(
        staff, list_id, " Ada@BÜCHER.example ", value_0="Ada", value_1="12,50", value_2="1815-12-10"
    )
    assert answer.status_code == 303
    [ada] = contacts(app, list_id)
    assert (ada.email, ada.address) == ("Ada@BÜCHER.example", "ada@xn--bcher-kva.example")
    assert ada.values == {"name": "Ada", "points": "12.50", "born": "1815-12-10"}
    found = words(staff.opens(f"/contacts/{list_id}", q="ADA@").text)
    assert "Ada@BÜCHER.example Ada 12.50 1815-12-10" in found

    path = f"/contacts/{list_id}/{ada.id}"
    page = staff.opens(path).text
    assert 'value="1815-12-10"' in page
    form = form_of(staff, path)
    form["value_0"], form["value_1"] = "Countess", ""
    assert staff.client.post(path, data=form).status_code == 303
    assert contacts(app, list_id)[0].values == {"name": "Countess", "born": "1815-12-10"}

    form = form_of(staff, f"{path}/remove")
    assert staff.client.post(f"{path}/remove", data=form).status_code == 303
    assert contacts(app, list_id) == []
    for act in ("add", "change", "remove"):
        assert desk.audit(f"contact.{act}")[-1].detail == {"list": list_id, "contact": ada.id}


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Enter an e-mail address"),
        ("ada", "the @ is missing"),
        ("a b@example.org", "it has a space in it"),
        ("a@b@example.org", "more than one @"),
        ('"ada"@example.org', "Addresses with quotation marks are not taken"),
        ("ada@example", "there is no dot behind the @"),
        ("x" * 500 + "@example.org", "it is too long"),
        ("ada@example.org\u202e", "Not an e-mail address"),
        ("ADA@example.ORG", "Somebody in this list has this address already."),
    ],
)
def test_an_address_that_is_none_or_taken_is_told_and_what_was_typed_stays(
    app: Flask, staff: Person, email: str, sentence: str
) -> None:
    list_id = makes(staff)
    adds(staff, list_id, "ada@example.org")
    answer = adds(staff, list_id, email, value_0="Typed")

    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert 'value="Typed"' in answer.text
    assert len(contacts(app, list_id)) == 1


@pytest.mark.parametrize("number", ["many", "NaN", "Infinity", "1e99999", "1." + "1" * 11])
def test_a_number_that_is_none_is_told(app: Flask, staff: Person, number: str) -> None:
    list_id = makes(staff)

    assert adds(staff, list_id, "a@example.org", value_1=number).status_code == 422
    assert contacts(app, list_id) == []


def test_a_contact_that_was_changed_meanwhile_is_not_overwritten(app: Flask, staff: Person) -> None:
    list_id = makes(staff)
    adds(staff, list_id, "ada@example.org")
    path = f"/contacts/{list_id}/{contacts(app, list_id)[0].id}"
    mine, removal, theirs = (form_of(staff, each) for each in (path, f"{path}/remove", path))
    theirs["value_0"], mine["value_0"] = "Theirs", "Mine"
    staff.client.post(path, data=theirs)
    answer = staff.client.post(path, data=mine)

    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile" in words(answer.text)
    assert 'value="Mine"' in answer.text
    assert staff.client.post(f"{path}/remove", data=removal).status_code == 303
    assert [each.values for each in contacts(app, list_id)] == [{"name": "Theirs"}]


def test_a_field_that_holds_values_gets_another_label_but_is_not_dropped(
    app: Flask, staff: Person
) -> None:
    list_id = makes(staff)
    adds(staff, list_id, "ada@example.org", value_0="Ada")
    path = f"/contacts/{list_id}/edit"
    form = form_of(staff, path)
    labels = form.getlist("field-label")
    form.setlist("field-label", ["", *labels[1:]])
    refused = staff.client.post(path, data=form)
    assert refused.status_code == 422
    assert "“Name” stays: 1 contact has a value there." in words(refused.text)

    form.setlist("field-label", ["Vorname", "", labels[2], "City", *labels[4:]])
    assert staff.client.post(path, data=form).status_code == 303
    with app.app_context():
        kept = db.session.get_one(ContactList, list_id)
        assert [(each["name"], each["label"], each["type"]) for each in kept.fields] == [
            ("name", "Vorname", "text"),
            ("born", "Born", "date"),
            ("city", "City", "text"),
        ]
    assert staff.client.post(path, data=form).status_code == 409  # It is not as it was then.


def test_a_list_is_read_page_by_page_and_searched_within_bounds(
    app: Flask, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_id = makes(staff)
    fills(app, list_id, 120)
    url = f"/contacts/{list_id}"
    seen, after = [], ""
    while True:
        page = staff.client.get(url + after).text
        seen.append(re.findall(r"P(\d{5})@example", page))
        following = re.search(r'href="[^"?]*(\?after=[^"]*)">Later', page)
        if not following:
            break
        after = following[1]
    assert [len(each) for each in seen] == [50, 50, 20]
    assert [int(each) for page in seen for each in page] == list(range(120))
    back = re.search(r'href="[^"?]*(\?before=[^"]*)">Earlier', page)
    assert back
    assert re.findall(r"P(\d{5})@example", staff.client.get(url + back[1]).text) == seen[1]

    assert len(re.findall(r"P\d{5}@", staff.opens(url, q="p0010").text)) == 10
    assert "P00077@" in staff.opens(url, q="person 77", **{"in": "any"}).text
    assert "No address begins like this." in words(staff.opens(url, q="person 77").text)
    monkeypatch.setattr(find, "LOOKED_THROUGH", 50)
    stopped = staff.opens(url, q="person 77", **{"in": "any"}).text
    assert "The search has stopped at p00049@example.org" in words(stopped)
    onward = re.search(r'href="([^"]*)">Go on from there', stopped)
    assert onward
    assert "P00077@" in staff.client.get(onward[1].replace("&amp;", "&")).text


def test_a_list_is_deleted_by_whoever_made_it_with_its_number_told(
    app: Flask, staff: Person, colleague: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.jobs.contacts.lists.AT_ONCE", 50)
    list_id = makes(staff)
    fills(app, list_id, 120)
    path = f"/contacts/{list_id}/delete"
    assert colleague.opens(path).status_code == 403
    assert "Delete list" not in colleague.opens(f"/contacts/{list_id}").text
    assert "Delete the list with 120 contacts" in words(staff.opens(path).text)
    assert staff.sends(path).status_code == 303

    assert contacts(app, list_id) == []
    assert "“Readers” is deleted, with 120 contacts." in words(staff.opens("/contacts").text)
    assert desk.audit("contact-list.delete")[-1].detail["contacts"] == 120
    assert "Import contacts into" not in staff.opens("/").text
    assert staff.opens(f"/contacts/{list_id}").status_code == 404


def test_a_list_of_administrators_is_there_for_nobody_else(
    app: Flask, admin: Person, staff: Person
) -> None:
    list_id = makes(admin, "Secret list", who="admin")
    adds(admin, list_id, "ada@example.org")
    contact = contacts(app, list_id)[0].id
    for path in ("", "/edit", "/delete", "/add", f"/{contact}", f"/{contact}/remove"):
        assert staff.opens(f"/contacts/{list_id}{path}").status_code == 404
        assert admin.opens(f"/contacts/{list_id}{path}").status_code == 200
    assert "Secret list" not in staff.opens("/contacts").text
    assert "Secret list" not in staff.opens("/").text
    token = csrf_of(staff.opens("/contacts/new").text)
    for path in ("/edit", "/delete", "/add", f"/{contact}", f"/{contact}/remove"):
        answer = staff.client.post(f"/contacts/{list_id}{path}", data={"csrf_token": token})
        assert answer.status_code == 404
    answer = staff.sends("/contacts/new", title="Mine", who="admin")
    assert answer.status_code == 403


def test_a_contact_is_found_in_its_own_list_only(app: Flask, staff: Person) -> None:
    one, other = makes(staff), makes(staff, "Others")
    adds(staff, one, "ada@example.org")
    contact = contacts(app, one)[0].id

    assert staff.opens(f"/contacts/{one}/{contact}").status_code == 200
    assert staff.opens(f"/contacts/{other}/{contact}").status_code == 404


def test_programs_read_lists_and_their_contacts_page_by_page(
    app: Flask, staff: Person, admin: Person, viewer: Person
) -> None:
    list_id = makes(staff)
    makes(admin, "Secret list", who="admin")
    fills(app, list_id, 501)
    lists = staff.calls("GET", "/contact-lists").json
    assert lists is not None
    [found] = lists["items"]
    assert (found["id"], found["contacts"]) == (list_id, 501)
    assert found["kind"] == f"check-contacts-readers_{list_id}"
    assert [each["name"] for each in found["fields"]] == ["name", "points", "born"]
    assert len((admin.calls("GET", "/contact-lists").json or {})["items"]) == 2
    first = staff.calls("GET", f"/contact-lists/{list_id}/contacts").json
    assert first is not None
    assert len(first["items"]) == 500
    assert first["items"][7]["values"] == {"name": "Person 7"}
    rest = staff.calls("GET", first["next"].removeprefix("/api/v1")).json
    assert rest is not None
    assert [each["address"] for each in rest["items"]] == ["p00500@example.org"]
    assert rest["next"] is None
    narrowed = staff.calls("GET", f"/contact-lists/{list_id}/contacts?q=P0007").json
    assert len((narrowed or {})["items"]) == 10
    assert viewer.calls("GET", "/contact-lists").status_code == 403
    assert staff.calls("GET", f"/contact-lists/{list_id + 1}/contacts").status_code == 404
