"""The list of files: those of a few jobs a page, each with who has downloaded it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import load_only

from dashboard.extensions import db
from dashboard.jobs.downloads import downloads_of
from dashboard.jobs.has_file import has_file
from dashboard.jobs.lookup import NUMBER, look_for
from dashboard.jobs.manner import manner_of
from dashboard.jobs.parts import Person
from dashboard.jobs.search import Count, counted
from dashboard.jobs.sight import ways_to_see
from dashboard.models import Artifact, Job, User
from dashboard.web.keyset import By, cut, nearest_by
from dashboard.words import gettext as _

JOBS: Final = 15  # whose files are on a page; a job has a few
COUNTED: Final = 1_000  # files of one person; to count further costs more than it is worth
SOON: Final = timedelta(hours=24)
NAMED: Final = 2  # people who have downloaded a file, by name; the others are counted

TOLD: Final = (Job.serial, Job.id, Job.title, Job.requested_by_id)
"""What the list tells of a job: its choices and what came of it are long, and not among it."""

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Row:
    """A file in the list: *fate* says that it goes within a day, *people* who downloaded it."""

    file: Artifact
    job: Job
    fate: str
    people: list[Person]

    @property
    def named(self) -> list[Person]:
        """Those of them who are told by name; of one more there is no saying “1 other”."""
        return self.people if len(self.people) == NAMED + 1 else self.people[:NAMED]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.people) - len(self.named)


@dataclass(frozen=True)
class FilePage:
    """Files, newest first; *count* is None where counting is dear, the cursors name jobs."""

    rows: list[Row]
    count: Count | None
    newer: int | None
    older: int | None


class FileSearch:
    """The files that *user* may download, of jobs that fit *q* and that *person* asked for."""

    def __init__(self, user: User, q: str = "", person: str = "") -> None:
        first = datetime.now(UTC) - timedelta(days=current_app.config["KEEP_JOBS_DAYS"])
        self._user = user
        self._ways = ways_to_see(user)
        self._first = first
        self._is_whole = user.is_admin and not (q.strip() or person)
        self._conditions: list[Condition] = [Job.finished_at > first]
        self._is_many = False
        if NUMBER.fullmatch(person):
            self._conditions.append(Job.requested_by_id == int(person))
        if q.strip():
            found = look_for(q, files=True)
            self._is_many = found.serials is None
            self._conditions.append(found.condition)

    def page(self, *, before: int | None, after: int | None) -> FilePage:
        """Give the page that lies *before* the job of a serial number, or *after* one."""
        part = cut(self._jobs, JOBS, before=_edge(before), after=_edge(after))
        return FilePage(self._rows(part.serials), self._count(), part.newer, part.older)

    def _jobs(self, limit: int, *, before: By | None = None, after: By | None = None) -> list[int]:
        """Give the serial numbers of jobs with files, as keyset.Nearest does."""
        query = select(Job.finished_at, Job.serial).where(*self._conditions, has_file())
        queries = [query.where(way) for way in self._ways]
        return nearest_by(queries, Job.finished_at, limit, before=before, after=after)

    def _rows(self, serials: Sequence[int]) -> list[Row]:
        query = (
            select(Artifact, Job)
            .join(Job, Job.id == Artifact.job_id)
            .where(Job.serial.in_(serials))
            .options(load_only(*TOLD))
            .order_by(Job.finished_at.desc(), Job.serial.desc(), Artifact.position)
        )
        found = [(artifact, job) for artifact, job in db.session.execute(query)]
        people = downloads_of({artifact.id: job.id for artifact, job in found})
        zone = ZoneInfo(manner_of(self._user).zone)
        return [
            Row(file, job, fate(file, zone), _reader_first(people[file.id], self._user))
            for file, job in found
        ]

    def _count(self) -> Count | None:
        if self._is_many:
            return None
        files = select(Artifact.id)
        if self._is_whole:
            return counted([files.where(Artifact.created_at > self._first)])
        of_jobs = files.join(Job, Job.id == Artifact.job_id).where(*self._conditions)
        return counted([of_jobs.where(way) for way in self._ways], COUNTED)


def fate(file: Artifact, zone: ZoneInfo) -> str:
    """Say when a file goes that has less than a day left, else nothing; days are of *zone*."""
    now = datetime.now(UTC)
    if not file.is_ready or file.expires_at > now + SOON:
        return ""
    is_today = file.expires_at.astimezone(zone).date() <= now.astimezone(zone).date()
    return _("Deleted today") if is_today else _("Deleted tomorrow")


def _reader_first(people: list[Person], reader: User) -> list[Person]:
    return sorted(people, key=lambda person: person.id != reader.id)


def _edge(serial: int | None) -> By | None:
    """Give the place of a job in the list, or None where it has none."""
    if serial is None:
        return None
    at = db.session.scalar(select(Job.finished_at).where(Job.serial == serial))
    return None if at is None else (at, serial)
