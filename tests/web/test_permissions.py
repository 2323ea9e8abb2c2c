"""Every address for everybody: a new one must say who may reach it, a lost one is missed."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.people import Person, csrf_of
from tests.web.desk import Desk

LIST = "<int(max=2147483647):list_id>"
CONTACT = "<int(max=2147483647):contact_id>"
MAILING = "<int(max=2147483647):mailing_id>"
LETTER = "<int(max=2147483647):letter_id>"

# The job, its file and its token are those of the member of staff; the colleague has no part in
# them. 302 leads to the sign-in page (or, after a change, to what was changed).
PAGES = """
                                                            anonymous viewer staff colleague admin
GET  /                                                            302    200   200       200   200
GET  /account                                                     302    200   200       200   200
POST /account/password                                            302    422   422       422   422
POST /account/profile                                             302    422   422       422   422
POST /account/tokens                                              302    422   422       422   422
POST /account/tokens/<int(max=2147483647):token_id>/revoke        302    404   302       404   404
GET  /attention                                                   302    200   200       200   200
GET  /attention/dismiss                                           302    303   303       303   303
POST /attention/dismiss                                           302    303   303       303   303
GET  /contacts                                                    302    403   200       200   200
GET  /contacts/{list}                                             302    403   404       404   404
GET  /contacts/{list}/{contact}                                   302    403   404       404   404
POST /contacts/{list}/{contact}                                   302    403   404       404   404
GET  /contacts/{list}/{contact}/remove                            302    403   404       404   404
POST /contacts/{list}/{contact}/remove                            302    403   404       404   404
GET  /contacts/{list}/add                                         302    403   404       404   404
POST /contacts/{list}/add                                         302    403   404       404   404
GET  /contacts/{list}/delete                                      302    403   404       404   404
POST /contacts/{list}/delete                                      302    403   404       404   404
GET  /contacts/{list}/edit                                        302    403   404       404   404
POST /contacts/{list}/edit                                        302    403   404       404   404
GET  /contacts/new                                                302    403   200       200   200
POST /contacts/new                                                302    403   422       422   422
GET  /mailings/<int(max=2147483647):mailing_id>/recipients        302    404   404       404   404
POST /mailings/<int(max=2147483647):mailing_id>/recipients        302    403   404       404   404
POST /mailings/<int(max=2147483647):mailing_id>/recipients/check  302    403   404       404   404
GET  /mailings/<int(max=2147483647):mailing_id>/recipients/example.csv 302 404 404 404 404
POST /favourites/<name>                                           302    403   303       303   303
GET  /files                                                       302    200   200       200   200
GET  /files/<uuid:artifact_id>                                    302    404   200       404   200
GET  /files/<uuid:artifact_id>/provenance.json                    302    404   200       404   200
GET  /healthz                                                     200    200   200       200   200
POST /hooks/mail/<sort>                                           404    404   404       404   404
GET  /icon.svg                                                    200    200   200       200   200
GET  /imports/<uuid:job_id>                                       302    404   404       404   404
POST /imports/<uuid:job_id>/own-file                              302    404   404       404   404
POST /imports/<uuid:job_id>/start                                 302    404   404       404   404
GET  /imports/<uuid:job_id>/undo                                  302    404   404       404   404
POST /imports/<uuid:job_id>/undo                                  302    404   404       404   404
GET  /imports/example/<name>.csv                                  302    403   404       404   404
GET  /imports/undo/<uuid:job_id>                                  302    404   404       404   404
POST /imports/undo/<uuid:job_id>/start                            302    404   404       404   404
GET  /jobs                                                        302    200   200       200   200
GET  /jobs/<uuid:job_id>                                          302    404   200       404   200
POST /jobs/selected                                               302    303   303       303   303
POST /jobs/<uuid:job_id>/again                                    302    404   303       404   303
POST /jobs/<uuid:job_id>/cancel                                   302    404   303       404   303
GET  /jobs/<uuid:job_id>/files.zip                                302    404   200       404   200
POST /jobs/<uuid:job_id>/follow                                   302    404   303       404   303
POST /jobs/<uuid:job_id>/hand-over                                302    404   422       404   422
GET  /jobs/<uuid:job_id>/log.txt                                  302    404   200       404   200
POST /jobs/<uuid:job_id>/mail                                     302    404   400       404   400
GET  /jobs/<uuid:job_id>/notes                                    302    404   200       404   200
POST /jobs/<uuid:job_id>/notes                                    302    404   422       404   422
GET  /jobs/<uuid:job_id>/people                                   302    404   200       404   200
POST /jobs/<uuid:job_id>/people                                   302    404   422       404   422
POST /jobs/<uuid:job_id>/people/remove                            302    404   303       404   303
GET  /jobs/<uuid:job_id>/support.zip                              302    404   200       404   200
POST /jobs/<uuid:job_id>/unfollow                                 302    404   303       404   303
GET  /letters                                                     302    403   200       200   200
GET  /letters/{letter}                                            302    403   404       404   404
POST /letters/{letter}/bring-back                                 302    403   404       404   404
POST /letters/{letter}/retire                                     302    403   404       404   404
GET  /live                                                        200    200   200       200   200
GET  /live/summary                                                302    200   200       200   200
GET  /mailings/{mailing}                                          302    404   404       404   404
POST /mailings/{mailing}/pause                                    302    403   404       404   404
GET  /mailings/{mailing}/people/<int(max=2147483647):delivery_id> 302    404   404       404   404
POST /mailings/{mailing}/report                                   302    404   404       404   404
GET  /mailings/{mailing}/resend                                   302    403   404       404   404
POST /mailings/{mailing}/resend                                   302    403   404       404   404
POST /mailings/{mailing}/resume                                   302    403   404       404   404
POST /mailings/{mailing}/retry                                    302    403   404       404   404
GET  /mailings/{mailing}/stop                                     302    403   404       404   404
POST /mailings/{mailing}/stop                                     302    403   404       404   404
GET  /mailings/recipient                                          302    403   200       200   200
GET  /mailings                                                    302    403   200       200   200
POST /mailings                                                    302    403   303       303   303
POST /mailings/{mailing}/attachments                              302    403   422       422   422
GET  /mailings/{mailing}/edit                                     302    403   404       404   404
POST /mailings/{mailing}/edit                                     302    403   404       404   404
GET  /mailings/{mailing}/letter                                   302    403   404       404   404
POST /mailings/{mailing}/letter                                   302    403   404       404   404
GET  /mailings/{mailing}/letter/use                               302    403   404       404   404
POST /mailings/{mailing}/letter/use                               302    403   404       404   404
POST /mailings/{mailing}/test                                     302    403   404       404   404
GET  /mailings/{mailing}/send                                     302    404   404       404   404
GET  /mailings/{mailing}/reopen                                   302    403   404       404   404
POST /mailings/{mailing}/approve                                  302    403   404       404   404
POST /mailings/{mailing}/ask                                      302    403   404       404   404
POST /mailings/{mailing}/decline                                  302    403   404       404   404
POST /mailings/{mailing}/reopen                                   302    403   404       404   404
POST /mailings/{mailing}/send                                     302    403   404       404   404
POST /mailings/{mailing}/take-back                                302    403   404       404   404
GET  /mailings/{mailing}/deliverability                           302    404   404       404   404
GET  /metrics                                                     200    200   200       200   200
GET  /new/<name>                                                  302    403   200       200   200
POST /new/<name>                                                  302    403   422       422   422
POST /new/<name>/change                                            302    403   404       404   404
POST /new/<name>/check                                             302    403   422       422   422
POST /new/<name>/join/<uuid:job_id>                               302    403   422       422   422
POST /new/<name>/presets                                          302    403   422       422   422
POST /new/<name>/presets/<int(max=2147483647):preset_id>/delete   302    403   404       404   404
POST /new/<name>/preview                                          302    403   422       422   422
GET  /outbox                                                      302    403   403       403   200
GET  /outbox/<letter_id>                                          302    403   403       403   404
GET  /readyz                                                      503    503   503       503   503
GET  /senders                                                     302    403   403       403   200
POST /senders                                                     302    403   403       403   422
GET  /senders/<int(max=2147483647):sender_id>                     302    403   403       403   404
POST /senders/<int(max=2147483647):sender_id>                     302    403   403       403   404
POST /senders/<int(max=2147483647):sender_id>/bring-back          302    403   403       403   404
POST /senders/<int(max=2147483647):sender_id>/retire              302    403   403       403   404
GET  /sign-in                                                     200    302   302       302   302
POST /sign-in                                                     422    302   302       302   302
GET  /static/<path:filename>                                      200    200   200       200   200
GET  /suppressions                                                302    403   200       200   200
GET  /suppressions/add                                            302    403   200       200   200
POST /suppressions/add                                            302    403   422       422   422
GET  /suppressions/let-off                                        302    403   403       403   404
POST /suppressions/let-off                                        302    403   403       403   404
GET  /tables                                                      302    403   403       403   200
GET  /tables/<slug>/close                                         302    403   403       403   404
POST /tables/<slug>/close                                         302    403   403       403   404
POST /tables/<slug>/look                                          302    403   403       403   404
GET  /tables/open                                                 302    403   403       403   404
POST /tables/open                                                 302    403   403       403   404
POST /uploads                                                     302    403   422       422   422
GET  /unsubscribe/<token>                                         404    404   404       404   404
POST /unsubscribe/<token>                                         404    404   404       404   404
GET  /users                                                       302    403   403       403   200
POST /users                                                       302    403   403       403   422
POST /users/<int(max=2147483647):user_id>                         302    403   403       403   400
GET  /workers                                                     302    200   200       200   200
POST /workers/pause                                               302    403   403       403   400
POST /sign-out                                                    302    302   302       302   302
""".replace("{list}", LIST).replace("{contact}", CONTACT)
PAGES = PAGES.replace("{mailing}", MAILING).replace("{letter}", LETTER)

# The API by token; a session's cookie alone is nobody there.
CALLS = """
                                      cookie viewer staff colleague admin
GET  /contact-lists                      401    403   200       200   200
GET  /contact-lists/<int(max=2147483647):list_id>/contacts    401    403   404       404   404
GET  /files/<uuid:artifact_id>           401    404   200       404   200
GET  /jobs                               401    200   200       200   200
GET  /jobs/<job_id>                      401    404   200       404   200
POST /jobs/<job_id>/cancel               401    404   202       404   202
GET  /jobs/<job_id>/events               401    404   200       404   200
POST /jobs/<job_id>/retry                401    404   202       404   202
POST /jobs/<name>                        401    403   202       202   202
GET  /kinds                              401    200   200       200   200
GET  /kinds/<name>                       401    403   200       200   200
GET  /openapi.json                       200    200   200       200   200
GET  /presets                            401    404   404       404   404
POST /presets                            401    404   404       404   404
DELETE /presets/<int(max=2147483647):preset_id>    401    404   404       404   404
POST /uploads                            401    403   422       422   422
"""

API = "/api/v1"


def table(text: str, column: str) -> dict[str, int]:
    """Give what a column expects of each address."""
    head, *lines = text.strip("\n").splitlines()
    place = head.split().index(column) + 2
    rows = [line.split() for line in lines]
    return {f"{row[0]} {row[1]}": int(row[place]) for row in rows}


@pytest.fixture
def everybody(
    app: Flask, viewer: Person, staff: Person, colleague: Person, admin: Person
) -> dict[str, Person]:
    """Give everybody by the names of the columns."""
    nobody = replace(staff, client=app.test_client())
    people = {"viewer": viewer, "staff": staff, "colleague": colleague, "admin": admin}
    return {"anonymous": nobody, "cookie": staff, **people}


@pytest.fixture
def values(desk: Desk, staff: Person) -> dict[str, str]:
    """Give what stands in the place of each part of an address."""
    staff.sends("/account/tokens", "/account", name="the staff's own")
    done = desk.succeeded(staff)
    return {
        "<int(max=2147483647):token_id>": "1",
        "<int(max=2147483647):user_id>": str(staff.id),
        "<int(max=2147483647):preset_id>": "1",
        "<int(max=2147483647):sender_id>": "1",
        "<sort>": "bellhop",
        LIST: "1",
        CONTACT: "1",
        MAILING: "4711",
        LETTER: "4711",
        "<int(max=2147483647):delivery_id>": "1",
        "<uuid:artifact_id>": desk.file(done),
        "<uuid:job_id>": done,
        "<job_id>": done,
        "<name>": "totals",
        "<letter_id>": "none",
        "<slug>": "none",
        "<token>": "none",
        "<path:filename>": "chevron.svg",
    }


def filled(rule: str, values: dict[str, str]) -> str:
    """Give the address with its parts filled in."""
    for part, value in values.items():
        rule = rule.replace(part, value)
    assert "<" not in rule, f"Nothing stands for a part of {rule}"
    return rule


def test_no_address_is_new_or_gone(app: Flask) -> None:
    there = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    calls = {key.replace(" ", f" {API}", 1) for key in table(CALLS, "admin")}

    assert there == set(table(PAGES, "admin")) | calls


@pytest.mark.parametrize("who", ["anonymous", "viewer", "staff", "colleague", "admin"])
def test_each_page_opens_for_those_it_is_for(
    app: Flask, everybody: dict[str, Person], values: dict[str, str], who: str
) -> None:
    client = everybody[who].client
    expected = table(PAGES, who)
    page = client.get("/sign-in" if who == "anonymous" else "/account").text
    found = {}
    for key in expected:
        method, rule = key.split()
        data = {"csrf_token": csrf_of(page)} if method == "POST" else None
        with client.open(filled(rule, values), method=method, data=data) as answer:
            found[key] = answer.status_code

    assert found == expected


@pytest.mark.parametrize("who", ["cookie", "viewer", "staff", "colleague", "admin"])
def test_each_call_is_answered_for_those_it_is_for(
    everybody: dict[str, Person], values: dict[str, str], who: str
) -> None:
    person = everybody[who]
    expected = table(CALLS, who)
    found = {}
    for key in expected:
        method, rule = key.split()
        path = filled(rule, values)
        body: dict[str, Any] | None = {"params": {}} if method == "POST" else None
        if who == "cookie":
            answer = person.client.open(f"{API}{path}", method=method, json=body)
        else:
            answer = person.calls(method, path, json=body)
        with answer:
            found[key] = answer.status_code

    assert found == expected


def test_a_job_that_is_not_yours_looks_like_one_that_is_not_there(
    desk: Desk, staff: Person, colleague: Person
) -> None:
    theirs = desk.succeeded(staff)
    nowhere = "00000000-0000-4000-8000-000000000000"

    for path in ("/jobs/{}", "/jobs/{}/log.txt", "/jobs/{}/files.zip"):
        found, missing = (colleague.opens(path.format(job)) for job in (theirs, nowhere))
        assert found.status_code == missing.status_code == 404
        title = "<title>Not found"
        assert title in found.text
        assert title in missing.text


def test_a_report_for_administrators_is_not_for_staff(staff: Person, admin: Person) -> None:
    assert staff.opens("/new/salaries").status_code == 403
    assert staff.calls("POST", "/jobs/salaries", json={}).status_code == 403
    assert "Salaries" not in staff.opens("/").text
    assert admin.opens("/new/salaries").status_code == 200
    assert "Salaries" in admin.opens("/").text


def test_a_change_of_role_counts_at_once(desk: Desk, admin: Person, staff: Person) -> None:
    job_id = desk.queued(staff)
    admin.sends(f"/users/{staff.id}", "/users", act="role", role="viewer")

    assert staff.opens("/new/totals").status_code == 403
    assert staff.opens(f"/jobs/{job_id}").status_code == 200
    cancelled = staff.sends(f"/jobs/{job_id}/cancel", "/account")
    assert cancelled.status_code == 403

    admin.sends(f"/users/{staff.id}", "/users", act="role", role="admin")
    assert staff.opens("/users").status_code == 200


def test_numbers_that_no_row_can_have_are_not_found(admin: Person) -> None:
    for path in ("/users/99999999999999999999", "/account/tokens/99999999999999999999/revoke"):
        assert admin.sends(path, "/account", act="role", role="staff").status_code == 404
