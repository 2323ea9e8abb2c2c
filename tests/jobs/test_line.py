"""The line of a queue: a fair order, places that are true, limits that hold."""

import random
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import TooManyJobs, ending, find, line, pace
from dashboard.jobs.claim import claim
from dashboard.jobs.place import place_of, place_of_next
from dashboard.models import AuditEntry, Job, Queue, State, User, clock, transaction
from tests.jobs.conftest import kind, with_kinds


@pytest.fixture
def people(desk: Flask) -> list[int]:
    """Give the ids of five people, who never sign in."""
    names = ("mara", "jonas", "ada", "otto", "vera")
    with desk.app_context(), transaction() as session:
        now = clock()
        made = [
            User(email=f"{name}@example.org", name=name, password_hash="", created_at=now)
            for name in names
        ]
        session.add_all(made)
        session.flush()
        return [each.id for each in made]


def queued(person: int, of: str = "count") -> Job:
    """Start a job for the person."""
    found = find(of)
    assert found is not None
    by = db.session.get_one(User, person)
    return jobs.start(found, {"what": "sheep"}, by=by, key=uuid.uuid4().hex).job


def taken(queue: str = "reports") -> Job | None:
    """Claim the next job."""
    claimed = claim(queue, worker="worker@here", task_id=uuid.uuid4().hex)
    return claimed.job if claimed else None


def all_taken() -> list[int]:
    """Claim until nothing is left; gives the serial numbers in order."""
    order = []
    while (job := taken()) is not None:
        order.append(job.serial)
    return order


def places(serials: Sequence[int]) -> list[tuple[int, int]]:
    """Give what the pages of these jobs say."""
    found = {job.serial: job for job in db.session.scalars(select(Job))}
    return [place_of(found[serial]) for serial in serials]


def statements(act: Callable[[], object]) -> int:
    """Give how many statements *act* sends to the ledger."""
    count = 0

    def heard(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)
    return count


def test_one_job_of_another_person_does_not_wait_behind_many(
    desk: Flask, people: list[int]
) -> None:
    mara, jonas, *_ = people
    with desk.app_context():
        for _ in range(30):
            queued(mara)
        assert taken() is not None
        late = queued(jonas)
        assert place_of(late) == (1, 30)
        assert taken() == late


def test_people_with_as_many_jobs_never_lead_by_more_than_one(
    desk: Flask, people: list[int]
) -> None:
    three = people[:3]
    with desk.app_context():
        for person in three:
            for _ in range(6):
                queued(person)
        done = dict.fromkeys(three, 0)
        for _ in range(18):
            job = taken()
            assert job is not None
            done[job.requested_by_id] += 1
            assert max(done.values()) - min(done.values()) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_places_are_the_order_in_which_jobs_are_taken(
    desk: Flask, people: list[int], seed: int
) -> None:
    """With people served before and never, kinds of three priorities, interrupted jobs."""
    chance = random.Random(seed)
    with_kinds(desk, kind(), kind("soon", priority=2), kind("seldom", priority=8))
    with desk.app_context():
        for person in people[:3]:
            queued(person)
        all_taken()
        # Whoever has many jobs stands beside people with few or none.
        made = [
            queued(chance.choice(people[: chance.randint(1, 5)]), chance.choice(KINDS))
            for _ in range(24)
        ]
        interrupted = [job.serial for job in chance.sample(made, 6)]
        with transaction() as session:
            session.execute(
                update(Job)
                .where(Job.serial.in_(interrupted))
                .values(taken_back=True)
                .execution_options(synchronize_session=False)
            )
        for job in chance.sample([job for job in made if not job.taken_back], 3):
            jobs.cancel(job.id, by=job.requested_by)
        serials = [job.serial for job in made if job.state == State.QUEUED]
        said = dict(zip(serials, places(serials), strict=True))
        order = all_taken()
        assert sorted(order) == sorted(serials)
        assert [said[serial] for serial in order] == [(n + 1, 21) for n in range(21)]


KINDS = ("count", "count", "count", "soon", "seldom")


@pytest.mark.parametrize("seed", range(4))
def test_a_job_that_is_started_has_the_place_that_was_foretold(
    desk: Flask, people: list[int], seed: int
) -> None:
    chance = random.Random(seed)
    kinds = {each.name: each for each in (kind(), kind("soon", priority=2))}
    with_kinds(desk, *kinds.values())
    with desk.app_context():
        for _ in range(20):
            person, name = chance.choice(people), chance.choice(list(kinds))
            by = db.session.get_one(User, person)
            foretold = place_of_next(by, "reports", kinds[name].priority)
            assert place_of(queued(person, name)) == foretold
            if chance.random() < 0.3:
                taken()


def test_a_place_stays_true_while_the_line_moves(desk: Flask, people: list[int]) -> None:
    with desk.app_context():
        for turn in range(3):
            for person in people[turn:]:
                queued(person)
        job = queued(people[0])
        left = place_of(job)[0]
        while left > 1:
            assert taken() != job
            left -= 1
            assert place_of(job)[0] == left
        assert taken() == job


def test_an_interrupted_job_goes_first_within_its_priority(desk: Flask, people: list[int]) -> None:
    mara, jonas, *_ = people
    with_kinds(desk, kind(), kind("soon", priority=2))
    with desk.app_context():
        queued(mara)
        first = claim("reports", worker="w", task_id="t")
        assert first is not None
        queued(jonas)
        queued(jonas, "soon")
        ending.hand_back(first.job.id, first.fence)
        assert place_of(first.job) == (2, 3)
        assert [taken() == first.job for _ in range(3)] == [False, True, False]


def test_jobs_that_nobody_here_can_do_hold_nobody_up(desk: Flask, people: list[int]) -> None:
    mara, jonas, *_ = people
    with_kinds(desk, kind(), kind("gone"))
    with desk.app_context():
        gone = queued(mara, "gone")
        with_kinds(desk, kind())
        job = queued(jonas)
        assert place_of(job) == (1, 1)
        assert place_of(gone)[1] == 2
        assert taken() == job
        assert taken() is None
        assert line.queues_with_work() == []


def test_a_paused_queue_keeps_its_line_and_has_no_work(desk: Flask, people: list[int]) -> None:
    with desk.app_context():
        made = [queued(person) for person in people[:2]]
        assert line.queues_with_work() == ["reports"]
        with transaction() as session:
            session.add(Queue(name="reports", paused_at=clock()))
        assert places([job.serial for job in made]) == [(1, 2), (2, 2)]
        assert not line.has_work("reports")
        assert line.queues_with_work() == []
        assert taken() is None


def test_many_workers_at_once_take_all_jobs_of_one_person(desk: Flask, people: list[int]) -> None:
    with desk.app_context():
        wanted = sorted(queued(people[0]).serial for _ in range(12))
    found: list[int] = []
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        with desk.app_context():
            for _ in range(3):
                job = taken()
                # Every claim finds one: that others claim the first job is no reason to stop.
                assert job is not None
                found.append(job.serial)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == wanted


def test_people_take_turns_when_many_workers_claim_at_once(desk: Flask, people: list[int]) -> None:
    workers, each = 3, 6
    with desk.app_context():
        for person in people:
            for _ in range(each):
                queued(person)
    found: list[int] = []
    ready = threading.Barrier(workers)

    def work() -> None:
        ready.wait()
        with desk.app_context():
            while (job := taken()) is not None:
                found.append(job.requested_by_id)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == each * len(people)
    done = dict.fromkeys(people, 0)
    for person in found[: (each - 1) * len(people)]:
        done[person] += 1
        # Each worker may be one claim ahead of what the others can see.
        assert max(done.values()) - min(done.values()) <= 1 + workers


def test_a_claim_and_a_place_cost_as_much_in_a_long_line(desk: Flask, people: list[int]) -> None:
    with desk.app_context():
        first = [queued(person) for person in people]
        short = statements(lambda: place_of(first[-1])), statements(taken)
        for _ in range(10):
            last = [queued(person) for person in people]
        assert last[-1].serial  # It is read here, and not while statements are counted.
        assert (statements(lambda: place_of(last[-1])), statements(taken)) == short


def test_the_limit_of_a_person_holds_for_presses_at_once(desk: Flask, people: list[int]) -> None:
    desk.config["MAX_ACTIVE_JOBS"] = 3
    refused: list[TooManyJobs] = []
    ready = threading.Barrier(8)

    def press() -> None:
        ready.wait()
        with desk.app_context():
            try:
                queued(people[0])
            except TooManyJobs as error:
                refused.append(error)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    with desk.app_context():
        # A refused start has written nothing: no job, no entry.
        assert db.session.scalar(select(func.count()).select_from(Job)) == 3
        entries = select(func.count()).where(AuditEntry.action == "job.start")
        assert db.session.scalar(entries) == 3
        queued(people[1])


def test_when_to_come_back_follows_the_pace_of_the_last_minute(
    desk: Flask, people: list[int]
) -> None:
    with desk.app_context():
        assert pace.seconds_to_next_end("reports") == pace.UNKNOWN_SECONDS
        for person in people:
            queued(person)
        for _ in range(2):
            claimed = claim("reports", worker="w", task_id="t")
            assert claimed is not None
            ending.succeed(claimed.job.id, claimed.fence, [], {})
        # Two ends a minute for three people: each has one every 90 seconds.
        assert line.people_waiting("reports") == 3
        assert pace.seconds_to_next_end("reports") == 90
        with transaction() as session:
            session.execute(update(Job).values(finished_at=clock() - timedelta(minutes=2)))
        assert pace.seconds_to_next_end("reports") == pace.UNKNOWN_SECONDS
