"""People at a job: following, wishes for mail, notes, and a job that becomes somebody else's."""

import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Permanent, ending, fact_of, find, notes, notices, people, telling
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.errors import judge
from dashboard.jobs.people import Refused
from dashboard.jobs.place import place_of
from dashboard.jobs.snapshot import SHOWN_NOTES
from dashboard.jobs.story import story
from dashboard.jobs.telling import Telling
from dashboard.mail import Outbox
from dashboard.models import AuditEntry, Follower, Job, Note, Notice, Role, User, transaction
from dashboard.web.dead_letters import count as attention
from dashboard.web.users import add_user


def person(user_id: int) -> User:
    return db.session.get_one(User, user_id)


def add(name: str, role: Role = Role.STAFF) -> int:
    return add_user(f"{name.lower()}@example.org", name, role, "secret secret").id


def started(by: int) -> Job:
    kind = find("count")
    assert kind is not None
    return jobs.start(kind, {}, by=person(by), key=uuid.uuid4().hex).job


def take() -> Claim:
    claimed = claim("reports", worker="one@here", task_id=uuid.uuid4().hex)
    assert claimed is not None
    return claimed


def acts(job_id: uuid.UUID) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.job_id == job_id).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def test_whoever_follows_a_job_is_known_by_name_until_they_stop(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        job = started(mara)
        before = job.version
        assert people.follow(job.id, person=person(jonas), by=person(mara))
        assert not people.follow(job.id, person=person(jonas), by=person(mara))
        fact = fact_of(job)
        assert [(each.id, each.name) for each in fact.people] == [(jonas, "Jonas")]
        assert fact.followers == [jonas]
        assert fact.order[0] > before
        assert people.unfollow(job.id, person=person(jonas), by=person(jonas))
        assert not people.unfollow(job.id, person=person(jonas), by=person(jonas))
        assert fact_of(job).people == []
        assert acts(job.id) == ["job.start", "job.join", "job.leave"]


def test_nobody_follows_their_own_job_and_nobody_follows_who_is_gone(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        job = started(mara)
        with pytest.raises(Refused, match="It is the job of Mara already"):
            people.follow(job.id, person=person(mara), by=person(mara))
        with transaction() as session:
            session.get_one(User, jonas).active = False
        with pytest.raises(Refused, match="Jonas may not sign in any more"):
            people.follow(job.id, person=person(jonas), by=person(mara))
        assert fact_of(job).followers == []


def test_each_person_chooses_for_themselves_whether_to_get_an_e_mail(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        job = started(mara)
        people.follow(job.id, person=person(jonas), by=person(jonas))
        people.wish_for_mail(job.id, person=person(jonas), wanted=True)
        people.wish_for_mail(job.id, person=person(mara), wanted=True)
        people.wish_for_mail(job.id, person=person(mara), wanted=False)
        with pytest.raises(Refused, match="Follow the job first"):
            people.wish_for_mail(job.id, person=person(add("Ada", Role.ADMIN)), wanted=True)
        held = take()
        ending.succeed(held.job.id, held.fence, [], {})
        told = list(db.session.scalars(select(Notice.user_id)))
        assert told == [jonas]


@pytest.mark.parametrize("state", ["queued", "running", "failed"])
def test_a_job_that_is_handed_over_is_the_others_and_who_gave_it_follows(
    desk: Flask, mara: int, jonas: int, state: str
) -> None:
    with desk.app_context():
        job = started(mara)
        people.wish_for_mail(job.id, person=person(mara), wanted=True)
        if state != "queued":
            held = take()
        if state == "failed":
            ending.fail(held.job.id, held.fence, judge(Permanent("It is gone.")))
            with transaction():
                job.seen_at = job.finished_at
        people.hand_over(job.id, to=person(jonas), by=person(mara), address="10.0.0.1")
        fact = fact_of(job)
        assert (fact.requested_by.id, fact.started_by and fact.started_by.id) == (jonas, mara)
        assert fact.followers == [mara]
        assert fact.state == state
        assert fact.seen_at is None
        assert db.session.get_one(Follower, (job.id, mara)).notify
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.user_id) == ("job.hand_over", mara)
        assert entry.detail == {"user": jonas, "from": mara}


def test_what_needs_attention_goes_with_the_job(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        job = started(mara)
        held = take()
        broken = judge(Permanent("It is gone.", attention=True))
        ending.fail(held.job.id, held.fence, broken)
        assert [attention(person(each)) for each in (mara, jonas)] == [1, 0]
        people.hand_over(job.id, to=person(jonas), by=person(mara))
        assert [attention(person(each)) for each in (mara, jonas)] == [0, 1]


def test_whoever_was_handed_the_job_meanwhile_does_not_follow_it(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        job = started(mara)
        assert job.requested_by_id == mara  # This is what is known here from now on.
        with db.engine.begin() as elsewhere:
            elsewhere.execute(update(Job).values(requested_by_id=jonas))
        jobs.join(job, by=person(jonas))
        assert db.session.get(Follower, (job.id, jonas)) is None


def test_a_job_that_is_handed_on_and_back_remembers_who_began(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        ada = add("Ada", Role.ADMIN)
        job = started(mara)
        people.hand_over(job.id, to=person(jonas), by=person(mara))
        people.hand_over(job.id, to=person(ada), by=person(jonas))
        assert job.started_by_id == mara
        assert set(fact_of(job).followers) == {mara, jonas}
        people.hand_over(job.id, to=person(mara), by=person(ada))
        assert fact_of(job).started_by is None
        assert set(fact_of(job).followers) == {jonas, ada}


def test_a_follower_to_whom_the_job_is_handed_keeps_their_wish_for_mail(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        job = started(mara)
        people.follow(job.id, person=person(jonas), by=person(jonas))
        people.wish_for_mail(job.id, person=person(jonas), wanted=True)
        people.hand_over(job.id, to=person(jonas), by=person(mara))
        assert job.notify
        assert not db.session.get_one(Follower, (job.id, mara)).notify


def test_whoever_wants_mails_is_written_to_when_a_job_becomes_theirs(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        with transaction() as session:
            session.get_one(User, jonas).notify = True
        job = started(mara)
        people.hand_over(job.id, to=person(jonas), by=person(mara))
        notice = db.session.scalars(select(Notice)).one()
        assert (notice.user_id, notice.subject) == (
            jonas,
            f"Count sheep is yours now ({job.number})",
        )
        assert notice.text is not None
        assert notice.text.startswith("Mara has handed “Count sheep” over to you.")
        assert notices.deliver() == 1
        # The e-mail of the end is another one.
        held = take()
        ending.succeed(held.job.id, held.fence, [], {})
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 2


def test_an_e_mail_is_written_in_the_manner_of_whoever_gets_it(
    desk: Flask, mara: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(tmp_path, "desk@example.org")
    monkeypatch.setitem(desk.extensions, "mailer", outbox)
    monkeypatch.setitem(desk.config, "KEEP_FILES_DAYS", 1_234)
    with desk.app_context():
        with transaction() as session:
            session.get_one(User, mara).locale = "en-DE"
        job = started(mara)
        people.wish_for_mail(job.id, person=person(mara), wanted=True)
        held = take()
        ending.succeed(held.job.id, held.fence, [], {})
        notices.deliver()
        subject = f"Count sheep is ready ({held.job.number})"

    (letter,) = outbox.read()
    assert letter.subject == subject
    assert "Hello Mara," in letter.text
    assert "Its files are kept for 1.234 days." in letter.text


def viewer(desk: Flask, jonas: int) -> None:
    with transaction() as session:
        session.get_one(User, jonas).role = Role.VIEWER


def gone(desk: Flask, jonas: int) -> None:
    with transaction() as session:
        session.get_one(User, jonas).active = False


def full(desk: Flask, jonas: int) -> None:
    desk.config["MAX_ACTIVE_JOBS"] = 1
    started(jonas)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (viewer, "Jonas may not run such a job."),
        (gone, "Jonas may not run such a job."),
        (full, "Jonas has 1 job that is not finished, which is the most for one person."),
    ],
)
def test_who_may_not_have_a_job_or_has_no_room_is_not_given_it(
    desk: Flask, mara: int, jonas: int, make: Callable[[Flask, int], None], words: str
) -> None:
    with desk.app_context():
        job = started(mara)
        make(desk, jonas)
        with pytest.raises(Refused) as refused:
            people.hand_over(job.id, to=person(jonas), by=person(mara))
        assert str(refused.value).startswith(words)
        assert job.requested_by_id == mara
        assert "job.hand_over" not in acts(job.id)


def test_an_ended_job_needs_no_room(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        job = started(mara)
        held = take()
        ending.succeed(held.job.id, held.fence, [], {})
        full(desk, jonas)
        people.hand_over(job.id, to=person(jonas), by=person(mara))
        assert job.requested_by_id == jonas


def test_only_one_of_two_people_hands_a_job_over(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        job_id = started(mara).id
        ada = add("Ada", Role.ADMIN)
        people.hand_over(job_id, to=person(jonas), by=person(ada))
        with pytest.raises(Refused, match="It has been handed to Jonas meanwhile"):
            people.hand_over(job_id, to=person(ada), by=person(mara))
        with pytest.raises(Refused, match="It is the job of Jonas already"):
            people.hand_over(job_id, to=person(jonas), by=person(ada))


def test_hand_overs_and_starts_at_once_never_give_a_person_more_than_the_most(
    desk: Flask, mara: int, jonas: int
) -> None:
    desk.config["MAX_ACTIVE_JOBS"] = 5
    with desk.app_context():
        mine = [started(mara).id for _ in range(4)]
    ready = threading.Barrier(8, timeout=60)

    def give(job_id: uuid.UUID) -> None:
        with desk.app_context():
            to, by = person(jonas), person(mara)
            ready.wait()
            try:
                people.hand_over(job_id, to=to, by=by)
            except Refused:
                db.session.rollback()

    def begin() -> None:
        with desk.app_context():
            person(jonas)
            ready.wait()
            try:
                started(jonas)
            except jobs.TooManyJobs:
                db.session.rollback()

    threads = [threading.Thread(target=give, args=(each,)) for each in mine]
    threads += [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with desk.app_context():
        theirs = select(func.count()).where(Job.requested_by_id == jonas)
        assert db.session.scalar(theirs) == 5


def test_a_queued_job_stands_in_line_as_one_of_its_new_owner(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        first, second = started(mara), started(mara)
        started(jonas)
        assert place_of(second) == (3, 3)
        people.hand_over(first.id, to=person(jonas), by=person(mara))
        assert place_of(second)[0] < 3
        assert take().job.id == first.id


def test_a_worker_tells_of_people_and_notes_that_came_while_it_worked(
    desk: Flask, mara: int, jonas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "FACT_SECONDS", 0)
    monkeypatch.setattr(telling, "ROW_SECONDS", 0)
    with desk.app_context():
        started(mara)
        held = take()
        job_id = held.job.id
        told = Telling(job_id, held.fence, fact_of(held.job))
        db.session.rollback()
        people.follow(job_id, person=person(jonas), by=person(jonas))
        notes.leave(job_id, by=person(jonas), text="Is it the right month?")
        told.say(7, 10, "Counting", "sheep")
        told.flush()
        assert told.fact.followers == [jonas]
        assert [note.text for note in told.fact.notes] == ["Is it the right month?"]
        assert (told.fact.progress.done, told.fact.state) == (7, "running")
        people.hand_over(job_id, to=person(jonas), by=person(mara))
        told.say(8, 10, "Counting", "sheep")
        told.flush()
        assert told.fact.requested_by.id == jonas
        assert told.fact.order > fact_of(held.job).order


def test_notes_stand_in_their_order_and_the_newest_are_shown(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = started(mara)
        for number in range(SHOWN_NOTES + 2):
            notes.leave(job.id, by=person(mara), text=f"Note {number}")
        fact = fact_of(job)
        assert [note.text for note in fact.notes] == [
            f"Note {number}" for number in range(2, SHOWN_NOTES + 2)
        ]
        assert fact.older_notes == 2
        assert fact.notes[0].by.name == "Mara"
        assert jobs.facts_of([job], detail=False)[0].notes == []


def test_a_note_that_is_sent_twice_is_kept_once(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        job = started(mara)
        first = notes.leave(job.id, by=person(mara), text="Done.").id
        assert notes.leave(job.id, by=person(mara), text="Done.").id == first
        notes.leave(job.id, by=person(jonas), text="Done.")
        notes.leave(job.id, by=person(mara), text="Done.")
        assert db.session.scalar(select(func.count()).select_from(Note)) == 3


def test_the_fact_comes_through_json_with_people_and_notes(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        job = started(mara)
        people.hand_over(job.id, to=person(jonas), by=person(mara))
        notes.leave(job.id, by=person(mara), text="One line\nand another <b>")
        fact = fact_of(job)
        assert jobs.Fact.from_json(fact.as_json()) == fact
        older = {
            name: value
            for name, value in fact.as_json().items()
            if name not in ("people", "notes", "older_notes", "stuck", "usual_wait")
        }
        assert jobs.Fact.from_json(older).notes == []


def test_the_story_tells_what_people_did(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        ada = add("Ada", Role.ADMIN)
        job = started(mara)
        people.follow(job.id, person=person(jonas), by=person(mara))
        people.unfollow(job.id, person=person(jonas), by=person(mara))
        people.follow(job.id, person=person(ada), by=person(ada))
        people.unfollow(job.id, person=person(ada), by=person(ada))
        notes.leave(job.id, by=person(mara), text="Please look\nat the totals.")
        people.hand_over(job.id, to=person(jonas), by=person(ada), address="10.0.0.9")
        told = [words for _, words in story(job)]
        for words in (
            "Mara let Jonas follow it",
            "Mara lets Jonas follow it no longer",
            "Ada joined",
            "Ada stopped following it",
            "Mara noted: Please look at the totals.",
            "Ada handed it to Jonas from 10.0.0.9",
        ):
            assert words in told
        assert told[0].startswith("Mara <mara@example.org> asked for “Count sheep”")
        assert "10.0.0.9" not in " ".join(words for _, words in story(job, inside=False))


def test_changes_at_once_each_raise_the_version(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = started(mara)
        before, job_id, serial = job.version, job.id, job.serial
        others = [add(f"Colleague{number}") for number in range(3)]
    ready = threading.Barrier(7, timeout=60)

    def write(number: int) -> None:
        with desk.app_context():
            by = person(mara)
            ready.wait()
            for word in ("one", "two", "three"):
                notes.leave(job_id, by=by, text=f"{word} of {number}")

    def join(other: int) -> None:
        with desk.app_context():
            by, joined = person(other), db.session.get_one(Job, serial)
            ready.wait()
            jobs.join(joined, by=by)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    threads += [threading.Thread(target=join, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with desk.app_context():
        assert fact_of(db.session.get_one(Job, serial)).order[0] == before + 4 * 3 + 3
