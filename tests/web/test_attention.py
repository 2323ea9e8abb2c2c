"""Needs attention: who sees which failed jobs, and what becomes of them."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.dead_letters import REASON_LIMIT
from dashboard.jobs.story import story
from dashboard.models import (
    Attempt,
    DeadLetter,
    Job,
    Notice,
    Outcome,
    State,
    clock,
    transaction,
)
from tests.people import Person, words
from tests.web.desk import Desk
from tests.web.test_health import figures
from tests.web.test_queries import counted

ENTRY = re.compile(r'id="attention-([0-9a-f-]{36})"')
NAV = re.compile(r'<nav class="nav".*?</nav>', re.S)
REASON = "The table was renamed; the report follows."


def many(app: Flask, person: Person, count: int) -> None:
    """Write *count* jobs that failed at the very same moment into the ledger."""
    with app.app_context(), transaction() as session:
        now = clock()
        for _ in range(count):
            job = Job(
                id=uuid.uuid4(),
                prefix="R",
                kind="totals",
                family="reports",
                title="Totals",
                params={},
                choice_hash="",
                idempotency_key=uuid.uuid4().hex,
                requested_by_id=person.id,
                queue="mail",
                created_at=now,
                finished_at=now,
                fence=2,
                state=State.FAILED,
                error={"what": "No."},
            )
            session.add(job)
            session.flush()
            session.add(DeadLetter.of(job, now))
            for fence in (1, 2):
                session.add(
                    Attempt(
                        job_id=job.id,
                        number=fence,
                        fence=fence,
                        worker="one@here",
                        started_at=now,
                        ended_at=now,
                        outcome=Outcome.FAILED,
                        cause="No.",
                    )
                )


def listed(reader: Person, **query: Any) -> list[str]:
    """Give the ids of the jobs on the page, in its order."""
    page = reader.opens("/attention", **query)
    assert page.status_code == 200
    return ENTRY.findall(page.text)


def nav(reader: Person) -> str:
    """Give what the navigation says of attention, "" when it says nothing."""
    found = NAV.search(reader.opens("/files").text)
    assert found is not None
    said = re.search(r"Needs attention(?: .*? open)?", words(found[0]))
    return said.group() if said else ""


def dismisses(person: Person, *job_ids: str, reason: str = REASON) -> Any:
    """Fill in the form for the jobs and send it."""
    form = person.opens("/attention/dismiss", job=list(job_ids))
    assert form.status_code == 200
    return person.sends("/attention/dismiss", "/account", job=list(job_ids), reason=reason)


def test_an_entry_says_what_failed_for_whom_why_and_how_often_it_was_tried(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.worn_out(staff)

    page = staff.opens("/attention")

    assert ENTRY.findall(page.text) == [job_id]
    assert f'href="/jobs/{job_id}"' in page.text
    text = words(page.text)
    assert "Totals" in text
    assert "Failed R-1 · asked for by Mara Keller ·" in text
    assert text.count("The worker that did this stopped suddenly.") == 4
    for number in (1, 2, 3):
        assert f"Attempt {number} Interrupted" in text
    assert len(re.findall(r">\d+ \w+ \d\d:\d\d:\d\d</time>", page.text)) == 3


def test_administrators_see_which_worker_tried_and_staff_do_not(
    desk: Desk, staff: Person, admin: Person
) -> None:
    desk.worn_out(staff)

    assert words(admin.opens("/attention").text).count("worker@here") == 3
    assert "worker@here" not in staff.opens("/attention").text


def test_a_job_that_its_own_people_can_mend_is_not_there(desk: Desk, staff: Person) -> None:
    desk.failed(staff)
    desk.succeeded(staff)
    desk.cancelled(staff)

    assert listed(staff) == []


def test_staff_see_their_own_jobs_and_administrators_all_newest_first(
    desk: Desk, staff: Person, colleague: Person, admin: Person
) -> None:
    first = desk.needing(staff)
    second = desk.needing(colleague)
    third = desk.needing(staff)

    assert listed(staff) == [third, first]
    assert listed(colleague) == [second]
    assert listed(admin) == [third, second, first]


def test_who_joined_a_job_sees_it_and_may_do_nothing(
    app: Flask, desk: Desk, staff: Person, colleague: Person
) -> None:
    job_id = desk.queued(staff)
    desk.joined(job_id, colleague)
    desk.claims()
    desk.fails(job_id)
    with app.app_context(), transaction() as session:
        job = session.scalars(select(Job)).one()
        session.add(DeadLetter.of(job, clock()))

    page = colleague.opens("/attention").text

    assert ENTRY.findall(page) == [job_id]
    assert "Run again" not in words(page).partition("say why.")[2]
    assert 'name="job"' not in page
    assert colleague.opens("/attention/dismiss", job=job_id).status_code == 404
    assert 'name="job"' in staff.opens("/attention").text


def test_run_again_takes_a_job_off_the_list(desk: Desk, staff: Person) -> None:
    job_id = desk.needing(staff)

    answer = staff.sends(f"/jobs/{job_id}/again", "/attention")

    assert answer.status_code == 303
    assert answer.location != f"/jobs/{job_id}"
    assert listed(staff) == []
    assert listed(staff, state="dismissed") == [job_id]
    text = words(staff.opens("/attention", state="dismissed").text)
    assert "Dismissed by Mara Keller" in text
    assert "Run again as R-2" in text


def test_who_asked_first_follows_the_job_that_an_administrator_runs_again(
    app: Flask, desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.needing(staff)
    with app.app_context(), transaction() as session:
        session.get_one(Job, 1).notify = True

    new = admin.sends(f"/jobs/{job_id}/again", "/attention").location.rpartition("/")[2]

    assert staff.opens(f"/jobs/{new}").status_code == 200
    fact = desk.fact(new)
    assert (fact.requested_by.id, fact.followers, fact.notify) == (admin.id, [staff.id], False)
    desk.claims()
    desk.succeeds(new)
    with app.app_context():
        assert list(db.session.scalars(select(Notice.user_id))) == [staff.id]
    (entry,) = desk.audit("job.join")
    assert (entry.user_id, entry.detail) == (admin.id, {"user": staff.id})
    with app.app_context():
        told = [text for _, text in story(db.session.get_one(Job, 2))]
    assert "Ada Admin let Mara Keller follow it from 127.0.0.1" in told


def test_run_again_has_a_key_for_each_job(desk: Desk, staff: Person) -> None:
    first, second = desk.needing(staff), desk.needing(staff)
    page = staff.opens("/attention").text
    tokens = dict(re.findall(r'/jobs/([0-9a-f-]{36})/again.*?name="token" value="([^"]+)"', page))
    assert tokens.keys() == {first, second}
    assert tokens[first] != tokens[second]

    for job_id in (first, second, first):
        staff.sends(f"/jobs/{job_id}/again", "/account", token=tokens[job_id])

    assert desk.count() == 4


def test_a_dismissed_job_leaves_the_list_and_says_who_when_and_why(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.needing(staff)
    version = desk.fact(job_id).order

    answer = dismisses(admin, job_id)

    assert (answer.status_code, answer.location) == (303, "/attention")
    after = words(admin.opens("/attention").text)
    assert "1 job is dismissed." in after
    assert "Nothing needs attention" in after
    assert listed(admin, state="dismissed") == [job_id]
    for path in ("/attention?state=dismissed", f"/jobs/{job_id}"):
        text = words(staff.client.get(path).text)
        assert re.search(rf"Dismissed by Ada Admin ?, just now : {REASON}", text), text
    assert [entry.detail for entry in desk.audit("job.dismiss")] == [{"reason": REASON}]
    assert desk.audit("job.dismiss")[0].user_id == admin.id
    assert desk.audit("job.dismiss")[0].address == "127.0.0.1"
    fact = desk.fact(job_id)
    assert fact.state == "failed"
    assert fact.order > version


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_without_a_reason_nothing_is_dismissed(
    desk: Desk, staff: Person, reason: str | None
) -> None:
    job_id = desk.needing(staff)
    data = {} if reason is None else {"reason": reason}

    answer = staff.sends("/attention/dismiss", "/account", job=job_id, **data)

    assert answer.status_code == 422
    assert "<title>Error: Dismiss 1 job" in answer.text
    assert "Say in a few words why nothing is left to do" in words(answer.text)
    assert f'name="job" value="{job_id}"' in answer.text
    assert listed(staff) == [job_id]


def test_a_reason_that_is_too_long_is_kept_for_mending(desk: Desk, staff: Person) -> None:
    job_id = desk.needing(staff)
    reason = "x" * (REASON_LIMIT + 1)

    answer = staff.sends("/attention/dismiss", "/account", job=job_id, reason=reason)

    assert answer.status_code == 422
    assert f'value="{reason}"' in answer.text
    assert listed(staff) == [job_id]


def test_several_jobs_are_dismissed_with_one_reason_and_the_button_names_their_number(
    desk: Desk, staff: Person, colleague: Person, admin: Person
) -> None:
    chosen = [desk.needing(staff), desk.needing(colleague), desk.needing(staff)]
    kept = desk.needing(staff)
    assert "Dismiss the selected jobs" in words(admin.opens("/attention").text)

    form = admin.opens("/attention/dismiss", job=chosen)

    assert ">Dismiss 3 jobs</button>" in form.text
    assert all(f'href="/jobs/{job_id}"' in form.text for job_id in chosen)
    dismisses(admin, *chosen)
    assert listed(admin) == [kept]
    assert set(listed(admin, state="dismissed")) == set(chosen)
    text = words(admin.opens("/attention", state="dismissed").text)
    assert text.count(REASON) == 3
    assert len(desk.audit("job.dismiss")) == 3


def test_one_job_that_is_not_yours_spoils_the_whole_choice(
    desk: Desk, staff: Person, colleague: Person
) -> None:
    mine, theirs = desk.needing(staff), desk.needing(colleague)

    for job_ids in ([theirs], [mine, theirs]):
        assert staff.opens("/attention/dismiss", job=job_ids).status_code == 404
        answer = staff.sends("/attention/dismiss", "/account", job=job_ids, reason=REASON)
        assert answer.status_code == 404

    assert listed(staff) == [mine]
    assert listed(colleague) == [theirs]


def test_what_never_needed_attention_cannot_be_dismissed(desk: Desk, staff: Person) -> None:
    wrong = ["1", "R-1", "", "00000000-0000-4000-8000-000000000000"]

    for job_id in (*wrong, desk.failed(staff), desk.queued(staff)):
        assert staff.opens("/attention/dismiss", job=job_id).status_code == 404
        answer = staff.sends("/attention/dismiss", "/account", job=job_id, reason=REASON)
        assert answer.status_code == 404


def test_a_viewer_looks_and_dismisses_nothing(desk: Desk, staff: Person, admin: Person) -> None:
    job_id = desk.needing(staff)
    admin.sends(f"/users/{staff.id}", "/users", act="role", role="viewer")

    assert listed(staff) == [job_id]
    assert 'name="job"' not in staff.opens("/attention").text
    assert staff.opens("/attention/dismiss", job=job_id).status_code == 404
    assert nav(staff) == ""


def test_choosing_nothing_or_what_is_settled_is_said(desk: Desk, staff: Person) -> None:
    job_id = desk.needing(staff)

    assert staff.opens("/attention/dismiss").location == "/attention"
    assert "Choose at least one job first." in words(staff.opens("/attention").text)
    dismisses(staff, job_id)
    staff.opens("/attention")
    again = staff.sends("/attention/dismiss", "/account", job=job_id, reason="Again.")
    assert (again.status_code, again.location) == (303, "/attention")
    assert "That is settled already." in words(staff.opens("/attention").text)
    assert len(desk.audit("job.dismiss")) == 1


def test_more_jobs_than_anybody_picks_by_hand_are_refused(app: Flask, staff: Person) -> None:
    job_ids = [str(uuid.uuid4()) for _ in range(101)]

    assert staff.opens("/attention/dismiss", job=job_ids).status_code == 400


@pytest.mark.parametrize("state", ["", "dismissed"])
def test_pages_go_on_without_a_gap_and_back_again(
    app: Flask, desk: Desk, admin: Person, staff: Person, state: str
) -> None:
    # All of one moment: only the number of the job tells them apart.
    many(app, staff, 60)
    if state:
        while job_ids := listed(admin):
            dismisses(admin, *job_ids)
    seen: list[str] = []
    page = admin.opens("/attention", state=state).text
    assert "25 of 60" in words(page)
    while True:
        seen += ENTRY.findall(page)
        older = re.search(r'href="([^"]*[?&](?:amp;)?before=\d+[^"]*)"', page)
        if older is None:
            break
        assert ("state=dismissed" in older.group(1)) == bool(state)
        page = admin.client.get(older.group(1).replace("&amp;", "&")).text

    assert len(seen) == len(set(seen)) == 60
    newer = re.search(r'href="([^"]*[?&](?:amp;)?after=\d+[^"]*)"', page)
    assert newer is not None
    back = admin.client.get(newer.group(1).replace("&amp;", "&")).text
    assert ENTRY.findall(back) == seen[25:50]


@pytest.mark.parametrize("query", [{"before": "x"}, {"after": "9" * 9}, {"state": "dead"}])
def test_an_address_with_nonsense_is_the_first_page(
    desk: Desk, staff: Person, query: dict[str, str]
) -> None:
    job_id = desk.needing(staff)

    assert listed(staff, **query) == [job_id]


@pytest.mark.parametrize("who", ["admin", "staff"])
def test_the_page_asks_the_ledger_as_often_for_25_jobs_as_for_5(
    app: Flask, staff: Person, admin: Person, who: str
) -> None:
    reader = {"admin": admin, "staff": staff}[who]

    def asks() -> int:
        with counted(app) as asked:
            assert reader.opens("/attention").status_code == 200
        return len(asked)

    many(app, staff, 5)
    asks()
    few = asks()
    many(app, staff, 50)

    assert asks() == few
    assert few < 20


def test_the_navigation_tells_administrators_always_and_staff_when_there_is_something(
    app: Flask, desk: Desk, staff: Person, colleague: Person, admin: Person
) -> None:
    assert nav(admin) == "Needs attention"
    assert nav(staff) == ""
    desk.needing(staff)
    desk.needing(staff)

    assert nav(staff) == "Needs attention 2 , 2 open"
    assert nav(admin) == "Needs attention 2 , 2 open"
    assert nav(colleague) == ""
    many(app, colleague, 100)
    assert nav(admin) == "Needs attention 99+ , 99+ open"
    assert nav(staff) == "Needs attention 2 , 2 open"


def test_nothing_open_and_nothing_dismissed_read_differently(staff: Person) -> None:
    assert "Nothing needs attention" in words(staff.opens("/attention").text)
    assert "Nothing was dismissed" in words(staff.opens("/attention", state="dismissed").text)


def test_the_page_of_a_failed_job_lists_its_attempts_and_offers_to_dismiss_it(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.worn_out(staff)

    page = staff.opens(f"/jobs/{job_id}")

    text = words(page.text)
    assert "Attempts 3 of 3 used" in text
    assert [f"Attempt {number} Interrupted" in text for number in (1, 2, 3)] == [True] * 3
    assert "It stands under “Needs attention”" in text
    assert f'href="/attention/dismiss?job={job_id}"' in page.text


def test_a_failure_that_needs_no_attention_offers_nothing_to_dismiss(
    desk: Desk, staff: Person
) -> None:
    page = staff.opens(f"/jobs/{desk.failed(staff)}").text

    assert "/attention/dismiss" not in page
    assert "Needs attention" not in words(page)
    assert "Attempt 1 Failed" in words(page)


def test_the_page_of_a_retried_job_lists_its_attempts_in_every_state(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.running(staff)
    assert "Attempts" not in words(staff.opens(f"/jobs/{job_id}").text)
    desk.loses(job_id)
    waiting = words(staff.opens(f"/jobs/{job_id}").text)
    desk.claims()
    running = words(staff.opens(f"/jobs/{job_id}").text)
    desk.hands_back(job_id)
    desk.claims()
    desk.succeeds(job_id)
    done = words(staff.opens(f"/jobs/{job_id}").text)

    assert "Attempt 1 Interrupted" in waiting
    assert "Attempt 2 Running" in running
    assert "Attempt 2 Handed back, not counted" in done
    assert "The worker was stopped." in done
    assert "Attempt 2 Finished" in done


def test_the_figures_count_what_needs_attention(app: Flask, desk: Desk, staff: Person) -> None:
    job_id = desk.needing(staff)
    desk.needing(staff)
    desk.failed(staff)
    assert figures(app)["bellhop_jobs_needing_attention",] == 2

    dismisses(staff, job_id)

    assert figures(app)["bellhop_jobs_needing_attention",] == 1
