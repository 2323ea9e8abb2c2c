"""The story of a job says all that the ledger knows of it, in order, an event a line."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Transient, audit, dead_letters, ending, find, notices, sweep
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.errors import Failure, Verdict, judge
from dashboard.jobs.story import find_job, stamp, story
from dashboard.models import Artifact, Job, Role, User, clock, transaction
from dashboard.web.users import add_user

POISON = Verdict(
    Failure("Its data cannot be read.", next="Tell an administrator."), False, attention=True
)
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z  \S")


def start(by: int, key: str = "form:1:pressed", again_of: Job | None = None) -> Job:
    """Start a job for the person."""
    found = find("count")
    assert found is not None
    user = db.session.get_one(User, by)
    return jobs.start(
        found,
        {"what": "sheep"},
        by=user,
        key=key,
        notify=True,
        again_of=again_of,
        request_id="5f3a9c",
        address="10.0.3.7",
    ).job


def take() -> Claim:
    """Claim the next job, which must be there."""
    claimed = claim("reports", worker="one@here", task_id=uuid.uuid4().hex)
    assert claimed is not None
    return claimed


def artifact() -> Artifact:
    """Give a file that a work has stored."""
    return Artifact(
        id=uuid.uuid4(),
        name="sheep.csv",
        format="csv",
        media_type="text/csv",
        key=uuid.uuid4().hex,
        size=12_345,
        rows=1_234,
        sha256="ab" * 32,
    )


def told(job: Job) -> list[str]:
    """Give the words of the story."""
    events = story(job)
    assert [at for at, _ in events] == sorted(at for at, _ in events)
    assert all(at.tzinfo is not None for at, _ in events)
    assert all("\n" not in text and text == text.strip() for _, text in events)
    return [text for _, text in events]


def after(texts: list[str], *wanted: str) -> None:
    """Say which of the words are missing, or not in this order."""
    places = []
    for words in wanted:
        found = [place for place, text in enumerate(texts) if words in text]
        assert found, f"“{words}” is not in\n" + "\n".join(texts)
        places.append(found[0])
    assert places == sorted(places), "\n".join(texts)


def test_from_the_click_to_the_file_and_its_end(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        job = start(mara)
        jobs.join(job, by=db.session.get_one(User, jonas))
        held = take()
        ending.take_back(held.job.id, held.fence)
        held = take()
        file = artifact()
        ending.succeed(held.job.id, held.fence, [file], {"rows": 1_234})
        notices.deliver()
        with transaction():
            by = db.session.get_one(User, jonas)
            audit.record("file.download", by=by, job=job, artifact_id=file.id, address="10.0.3.9")
        with transaction() as session:
            session.execute(update(Artifact).values(expires_at=clock() - timedelta(seconds=1)))
        sweep.delete_expired_files()
        texts = told(job)
    after(
        texts,
        "Mara <mara@example.org> asked for “Count sheep” on the page from 10.0.3.7, "
        "request 5f3a9c, key form:1:pressed",
        "Kind count, queue reports; what: sheep",
        "Jonas joined",
        "Attempt 1 (fence 1) began on one@here",
        "Log: Started on one@here, attempt 1 of 3",
        "Attempt 1 (fence 1) ended after 0.",
        "Attempt 2 (fence 2) began on one@here",
        "File sheep.csv: 12,345 bytes, 1,234 rows, SHA-256 " + "ab" * 32 + ", kept until 2",
        "The e-mail to mara@example.org was sent",
        "Jonas downloaded sheep.csv from 10.0.3.9",
        "File sheep.csv was deleted",
    )
    assert any(
        text.endswith("Interrupted. The worker that did this stopped suddenly.") for text in texts
    )
    assert any(text.endswith(": Finished.") for text in texts)
    assert "Finished." in texts
    assert not any(text.startswith("Now ") for text in texts)


def test_a_failure_its_letter_its_dismissal_and_the_job_that_did_it_again(
    desk: Flask, mara: int
) -> None:
    with desk.app_context():
        ada = add_user("ada@example.org", "Ada", Role.ADMIN, "secret secret")
        job = start(mara, key="api:1:night")
        held = take()
        ending.fail(held.job.id, held.fence, POISON)
        assert dead_letters.tell_admins() == 1
        dead_letters.dismiss([job.id], by=ada, reason="Known.\nIt is mended.")
        new = start(ada.id, key=f"retry:{ada.id}:{job.id}:", again_of=job)
        old_texts, new_texts = told(job), told(new)
    after(
        old_texts,
        "asked for “Count sheep” by the API",
        "Attempt 1 (fence 1) began",
        "Failed. Its data cannot be read. Tell an administrator.",
        "It needs attention",
        "An e-mail to the administrators names it",
        "Ada dismissed it: Known. It is mended.",
        f"Ada ran it again as {new.number}",
    )
    assert sum("dismissed" in text for text in old_texts) == 1
    after(new_texts, "by the API, as a retry", f"It does the work of {job.number} again")


def test_a_job_that_is_run_again_is_settled_not_dismissed(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        held = take()
        ending.fail(held.job.id, held.fence, POISON)
        new = start(mara, key="form:1:again", again_of=job)
        texts = told(job)
    after(texts, "It needs attention", f"Mara ran it again as {new.number}", "it is settled")
    assert not any("dismissed" in text for text in texts)


def test_a_cancel_and_a_wait_are_told(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara, key="slot:nightly")
        held = take()
        ending.fail(held.job.id, held.fence, judge(Transient("The line is busy.")))
        waiting = told(job)
        jobs.cancel(job.id, by=job.requested_by, address="10.0.3.7")
        cancelled = told(job)
    after(waiting, "asked for “Count sheep” by the desk itself", "Failed, tried again. The line is")
    assert re.fullmatch(r"Now it is waiting, due [-\d]+ [:.\d]+Z", waiting[-1])
    after(cancelled, "Mara cancelled it from 10.0.3.7", "Log, warn: Cancelled")
    assert "Cancelled." in cancelled


def test_an_act_that_the_story_does_not_know_is_told_by_its_name(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        with transaction():
            audit.record("job.praise", by=None, job=job)
        assert "The desk: job.praise" in told(job)


@pytest.mark.parametrize("form", ["{number}", "{lower}", " {number} ", "{id}", "{upper_id}"])
def test_the_command_takes_number_and_id(desk: Flask, mara: int, form: str) -> None:
    with desk.app_context():
        job = start(mara)
        number, id_ = job.number, str(job.id)
    text = form.format(number=number, lower=number.lower(), id=id_, upper_id=id_.upper())

    result = desk.test_cli_runner().invoke(args=["jobs", "story", text])

    assert result.exit_code == 0, result.output
    head, *lines = result.output.splitlines()
    assert head == f"{number}  Count sheep  queued  {id_}"
    assert len(lines) >= 3
    assert all(LINE.match(line) for line in lines)
    assert "asked for “Count sheep”" in lines[0]


@pytest.mark.parametrize(
    "text", ["C-99", "R-1", "1", "C-1000000000", "nothing", "00000000-0000-4000-8000-000000000000"]
)
def test_an_unknown_job_is_a_sentence_and_an_exit_code(desk: Flask, mara: int, text: str) -> None:
    with desk.app_context():
        assert start(mara).number == "C-1"
        assert find_job(text) is None

    result = desk.test_cli_runner().invoke(args=["jobs", "story", text])

    assert result.exit_code == 1
    assert result.output == f"Error: There is no job with the number or id {text}.\n"


def test_moments_are_written_in_utc_to_the_millisecond(desk: Flask) -> None:
    with desk.app_context():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z", stamp(clock()))
