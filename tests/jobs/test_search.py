"""What is found by filters and by what people remember, on each database."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from dashboard.extensions import db
from dashboard.jobs import lookup, search
from dashboard.jobs.lookup import look_for
from dashboard.jobs.search import Count, Filters, Search, kinds_beside
from dashboard.models import Artifact, Follower, Job, Name, Role, State, User, clock, transaction
from tests.jobs.conftest import kind, with_kinds


class Ledger:
    """Jobs of a few people; each is known by its serial number."""

    def __init__(self) -> None:
        self.ada = self.joins("Ada Admin", Role.ADMIN)
        self.mara = self.joins("Mara Keller", Role.STAFF)
        self.jonas = self.joins("Jonas Müller", Role.STAFF)

    def joins(self, name: str, role: Role) -> int:
        """Add a person, who cannot sign in; gives the id."""
        with transaction() as session:
            email = f"{uuid.uuid4().hex}@example.org"
            user = User(email=email, name=name, role=role, password_hash="", created_at=clock())
            session.add(user)
            session.flush()
            return user.id

    def add(self, owner: int, title: str = "Count sheep", ago: float = 0.0, **more: Any) -> int:
        """Add a job that was asked for *ago* days ago; gives its number."""
        with transaction() as session:
            made = clock() - timedelta(days=ago)
            job = Job(
                prefix="C",
                kind=more.pop("kind", "count"),
                family="counts",
                title=title,
                params={},
                choice_hash="",
                idempotency_key=uuid.uuid4().hex,
                requested_by_id=owner,
                queue="reports",
                created_at=made,
                state=more.pop("state", State.SUCCEEDED),
                **more,
            )
            session.add(job)
            session.flush()
            return job.serial

    def file(self, serial: int, name: str = "sheep.csv", *, deleted: bool = False) -> None:
        """Give a job a finished file."""
        with transaction() as session:
            now = clock()
            job = session.get_one(Job, serial)
            job.finished_at = now
            session.add(
                Artifact(
                    job_id=job.id,
                    position=0,
                    name=name,
                    format="csv",
                    media_type="text/csv",
                    key=uuid.uuid4().hex,
                    size=1,
                    sha256="",
                    created_at=job.created_at,
                    expires_at=now,
                    deleted_at=now if deleted else None,
                )
            )

    def joined(self, serial: int, person: int) -> None:
        """Let a person follow a job."""
        with transaction() as session:
            session.add(Follower.of(session.get_one(Job, serial), person))

    def finds(self, who: int, *, counted: bool = True, **filters: Any) -> list[int]:
        """Give what somebody finds, newest first; the count must agree where it was *counted*."""
        found = Search(db.session.get_one(User, who), Filters(**filters))
        serials = found.serials(100)
        assert not counted or found.count() == Count(len(serials))
        return serials


@pytest.fixture
def ledger(any_app: Flask) -> Iterator[Ledger]:
    """Give an empty ledger with three people, on each database in turn."""
    with with_kinds(any_app, kind()).app_context():
        yield Ledger()


@contextmanager
def few(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[None]:
    """Let no more than *number* jobs be few while the block runs."""
    with monkeypatch.context() as patch:
        patch.setattr(lookup, "FEW", number)
        yield


def test_people_find_their_own_jobs_and_those_that_they_joined(ledger: Ledger) -> None:
    own, theirs, joined = (ledger.add(who) for who in (ledger.mara, ledger.jonas, ledger.jonas))
    ledger.joined(joined, ledger.mara)

    assert ledger.finds(ledger.mara) == [joined, own]
    assert ledger.finds(ledger.jonas) == [joined, theirs]
    assert ledger.finds(ledger.ada) == [joined, theirs, own]
    assert ledger.finds(ledger.mara, person=str(ledger.jonas)) == [joined]
    assert ledger.finds(ledger.mara, person=str(ledger.mara)) == [own]
    assert ledger.finds(ledger.ada, person=str(ledger.jonas)) == [joined, theirs]


def test_filters_narrow_alone_and_together(ledger: Ledger) -> None:
    jobs = {
        (name, state): ledger.add(ledger.mara, kind=name, state=state)
        for name in ("count", "gone")
        for state in State
    }
    for person in (ledger.mara, ledger.ada):
        assert ledger.finds(person, kind="gone", state="failed") == [jobs["gone", State.FAILED]]
        waiting = [jobs["count", State.WAITING], jobs["count", State.QUEUED]]
        assert ledger.finds(person, kind="count", state="waiting") == sorted(waiting)[::-1]
        exact = ledger.finds(person, kind="count", state="waiting", exact=True)
        assert exact == [jobs["count", State.WAITING]]
        assert len(ledger.finds(person, kind="gone")) == len(State)
        assert ledger.finds(person, kind="never") == []
        assert len(ledger.finds(person, state="nonsense")) == 2 * len(State)


def test_files_deleted_is_a_state_of_its_own(ledger: Ledger) -> None:
    gone, kept, none, half = (ledger.add(ledger.mara) for _ in range(4))
    assert ledger.finds(ledger.mara, state="deleted") == []
    ledger.file(gone, deleted=True)
    ledger.file(kept)
    ledger.file(half, deleted=True)
    ledger.file(half)

    for person in (ledger.mara, ledger.ada):
        assert ledger.finds(person, state="deleted") == [gone]
        assert ledger.finds(person, state="succeeded") == [half, none, kept, gone]


def test_a_time_is_kept_to_whatever_the_order_of_the_numbers(ledger: Ledger) -> None:
    days = [3, 50, 0, 20, 8, 89, 1, 100]  # As a demonstration makes them.
    serials = {ago: ledger.add(ledger.mara, ago=ago) for ago in days}
    now = datetime.now(UTC)

    def asked(first: float, last: float | None = None) -> set[int]:
        since = now - timedelta(days=first + 0.5)
        until = None if last is None else now - timedelta(days=last - 0.5)
        found = {
            frozenset(ledger.finds(person, counted=False, since=since, until=until))
            for person in (ledger.mara, ledger.ada)
        }
        (same,) = found
        return {ago for ago, serial in serials.items() if serial in same}

    assert asked(200) == {0, 1, 3, 8, 20, 50, 89}
    assert asked(7) == {0, 1, 3}
    assert asked(30, 3) == {20, 8, 3}
    assert asked(60, 40) == {50}
    assert asked(30, 25) == set()


@pytest.mark.parametrize("most", [1_000, 2])
def test_words_are_found_in_titles_and_names_however_many_jobs_bear_them(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    october = [ledger.add(ledger.mara, "Sales by month, October 2026") for _ in range(3)]
    region = [ledger.add(ledger.jonas, "Sales by region, 2026") for _ in range(3)]
    odd = ledger.add(ledger.jonas, "100% of a_b\\c, Ärger")
    newest_first = sorted([*october, *region], reverse=True)

    with few(monkeypatch, most):
        assert ledger.finds(ledger.ada, q="SALES") == newest_first
        assert ledger.finds(ledger.ada, q="october  sales") == october[::-1]
        assert ledger.finds(ledger.ada, q="sales zebra") == []
        assert ledger.finds(ledger.ada, q="müller") == [odd, *region[::-1]]
        assert ledger.finds(ledger.ada, q="mara kel") == october[::-1]
        assert ledger.finds(ledger.mara, q="sales") == october[::-1]
        assert ledger.finds(ledger.mara, q="region") == []
        assert ledger.finds(ledger.ada, q="sales", person=str(ledger.jonas)) == region[::-1]
        for spelling in ("ärger", "ÄRGER", "%", "a_b", "\\"):
            assert ledger.finds(ledger.ada, q=spelling) == [odd]
        for nothing in ("axb", "x" * 501, "'", "\0'"):
            assert ledger.finds(ledger.ada, q=nothing) == []
        number = f"C-{october[0]}"
        assert ledger.finds(ledger.mara, q=number) == [october[0]]
        assert ledger.finds(ledger.jonas, q=number.lower()) == []
        assert october[0] in ledger.finds(ledger.ada, q=str(october[0]))
        assert ledger.finds(ledger.ada, q="C-" + "9" * 40) == []


def test_what_is_found_too_often_is_not_read_one_by_one(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        ledger.add(ledger.mara, f"Count {number}")

    with few(monkeypatch, 5):
        assert look_for("count").serials is None
        assert look_for("count 3").serials is not None
    assert len(look_for("count").serials or []) == 9


def test_a_file_is_found_by_its_name(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [ledger.add(ledger.mara, "Herd") for _ in range(3)]
    for serial in jobs[:2]:
        ledger.file(serial, f"wool-{serial}.csv")

    def found(q: str) -> list[int]:
        query = select(Job.serial).where(look_for(q, files=True).condition)
        return sorted(db.session.scalars(query))

    assert look_for("wool").serials == []
    for most in (1_000, 1):
        with few(monkeypatch, most):
            assert found("WOOL-") == jobs[:2]
            assert found(f"wool-{jobs[1]}") == [jobs[1]]
            assert found("herd") == jobs


def test_the_ledger_keeps_each_name_once_by_itself(ledger: Ledger) -> None:
    for serial in [ledger.add(ledger.mara, "Herd") for _ in range(3)]:
        ledger.file(serial, "herd.csv")
    ledger.add(ledger.mara, "Flock")

    names = db.session.execute(select(Name.of, Name.text).order_by(Name.of, Name.text))
    kept = [("file", "herd.csv"), ("job", "Flock"), ("job", "Herd")]
    assert [tuple(row) for row in names] == kept


def test_pages_go_both_ways_without_a_gap(ledger: Ledger) -> None:
    serials = [ledger.add(ledger.mara if n % 3 else ledger.jonas) for n in range(20)]
    for serial in serials[::3]:
        ledger.joined(serial, ledger.mara)
    found = Search(db.session.get_one(User, ledger.mara), Filters())

    assert found.serials(7) == serials[:-8:-1]
    assert found.serials(7, before=serials[13]) == serials[12:5:-1]
    assert found.serials(7, after=serials[5]) == serials[6:13]


def test_counting_ends_where_it_would_cost_more_than_it_is_worth(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        ledger.add(ledger.mara, state=State.FAILED)
    monkeypatch.setattr(search, "COUNT_LIMIT", 10)
    monkeypatch.setattr(search.counted, "__defaults__", (10,))
    monkeypatch.setattr(search, "LOOK_LIMIT", 4)

    def counts(person: int, **filters: Any) -> Count:
        return Search(db.session.get_one(User, person), Filters(**filters)).count()

    for person in (ledger.ada, ledger.mara):
        assert counts(person) == Count(10, more=True)
        assert counts(person, state="failed") == Count(10, more=True)
        assert counts(person, state="failed", q="sheep") == Count(10, more=True)
        with few(monkeypatch, 3):
            # Only so many of the newest are looked at, and all of them fit.
            assert counts(person, state="failed", q="sheep") == Count(4, more=True)
            assert counts(person, kind="none", q="sheep") == Count(0)


def test_exactly_as_many_as_are_counted_are_not_more(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        ledger.add(ledger.mara)
    monkeypatch.setattr(search.counted, "__defaults__", (10,))

    assert Search(db.session.get_one(User, ledger.ada), Filters()).count() == Count(10)


def test_what_is_counted_ends_where_the_days_end(ledger: Ledger) -> None:
    old = [ledger.add(ledger.mara, ago=10) for _ in range(3)]
    for _ in range(4):
        ledger.add(ledger.mara, ago=1)
    until = clock() - timedelta(days=5)

    for person in (ledger.ada, ledger.mara):
        for words in ("", "sheep"):
            found = Search(db.session.get_one(User, person), Filters(q=words, until=until))
            assert found.serials(9) == old[::-1]
            assert found.count() == Count(3)


def test_removed_kinds_are_those_whose_jobs_somebody_may_see(ledger: Ledger) -> None:
    ledger.add(ledger.jonas, kind="theirs")
    joined = ledger.add(ledger.jonas, kind="joined")
    ledger.joined(joined, ledger.mara)
    ledger.add(ledger.mara, kind="own")
    ledger.add(ledger.mara)

    def beside(person: int) -> list[str]:
        return kinds_beside(["count"], db.session.get_one(User, person))

    assert beside(ledger.ada) == ["joined", "own", "theirs"]
    assert beside(ledger.mara) == ["joined", "own"]


def test_every_list_goes_along_an_index(app: Flask) -> None:
    with with_kinds(app, kind()).app_context():
        ledger = Ledger()
        ledger.joined(ledger.add(ledger.jonas), ledger.mara)
        narrow: list[dict[str, Any]] = [{}, {"kind": "count"}, {"state": "failed"}, {"person": "2"}]
        steps = [
            step
            for person in (ledger.ada, ledger.mara)
            for each in narrow
            for step in _plan(Search(db.session.get_one(User, person), Filters(**each)))
        ]

    assert steps
    assert not [step for step in steps if step.startswith("SCAN jobs") or "TEMP B-TREE" in step]


def _plan(found: Search) -> Iterator[str]:
    """Give the steps in which SQLite lists what is found."""
    for way in found._ways():
        query = select(Job.serial).where(*way, *found._index, *found._times)
        query = query.order_by(Job.serial.desc()).limit(26)
        text_of = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        yield from (row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {text_of}")))
