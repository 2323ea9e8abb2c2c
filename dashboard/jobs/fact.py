"""A fact: what a job tells, and all that a page needs to show it."""

from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Self

from dashboard.jobs.parts import (
    NO_ROWS,
    WORDS,
    Attention,
    File,
    Line,
    Note,
    Person,
    Step,
    Try,
    Words,
)
from dashboard.jobs.progress import Progress


@dataclass(frozen=True)
class Fact:
    """The present state of a job, free of any viewer: pages, streams and the API show it.

    *order* compares facts of one job: a smaller one is older and is dropped. *place* is the place
    in line and the length of the line; it, *reason*, *stuck* (whether it waits for somebody to do
    something) and *usual_wait* (seconds) are known to pages only. *started_by* is who started it
    where it was handed over since, *relative* names the periods among its choices that roll on.
    *followers* are ids, *people* the same with their names, *notes* the newest ones and
    *older_notes* how many there are beside them: lists know none of the last three. *tries* are
    there where one attempt was not enough, *attention* where a failure was one for those who look
    after the desk.
    """

    id: str
    number: str
    kind: str
    family: str
    title: str
    state: str
    order: tuple[int, int]
    attempt: int
    max_attempts: int
    queue: str
    worker: str | None
    progress: Progress
    requested_by: Person
    followers: list[int]
    params: dict[str, Any]
    choices: list[list[str]]
    formats: list[str]
    steps: list[Step]
    lines: list[Line]
    files: list[File]
    error: Words | None
    result: dict[str, Any]
    notify: bool
    created_at: datetime
    due_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    seen_at: datetime | None = None
    started_by: Person | None = None
    relative: dict[str, str] = field(default_factory=dict)
    place: tuple[int, int] | None = None
    reason: str | None = field(default=None)
    stuck: bool = False
    usual_wait: float | None = None
    people: list[Person] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    older_notes: int = 0
    tries: list[Try] = field(default_factory=list)
    attention: Attention | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("succeeded", "failed", "cancelled")

    @property
    def needs_attention(self) -> bool:
        """Whether it stands among what needs attention."""
        return self.attention is not None and self.attention.is_open

    @property
    def files_deleted(self) -> bool:
        """Whether there were files and all of them are gone."""
        return bool(self.files) and all(file.deleted_at for file in self.files)

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to download."""
        return self.state == "succeeded" and any(file.is_ready for file in self.files)

    @property
    def files_damaged(self) -> int:
        """How many files are still kept but not as they were made."""
        return sum(not file.deleted_at and file.damaged_at is not None for file in self.files)

    @property
    def shown_state(self) -> str:
        """The state as pages name it: stopping, deleted and damaged are their own."""
        if self.state == "running" and self.cancel_requested_at:
            return "stopping"
        if self.state == "succeeded" and self.files_deleted:
            return "deleted"
        if self.state == "succeeded" and self.files_damaged and not self.is_ready:
            return "damaged"
        return self.state

    @property
    def word(self) -> str:
        """The word for staff, in English."""
        if self.shown_state == "succeeded" and self.result.get("rows") == 0:
            return NO_ROWS
        return WORDS[self.shown_state]

    @property
    def seconds(self) -> float | None:
        """How long the present attempt ran, in seconds; None before it began or while it runs."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()

    def may_be_seen_by(self, user_id: int, *, admin: bool) -> bool:
        """Whether a person may see the job: its owner, those who joined, administrators."""
        return admin or user_id == self.requested_by.id or user_id in self.followers

    def as_json(self) -> dict[str, Any]:
        """Give the fact as JSON values; times are ISO 8601 in UTC."""
        return _plain(asdict(self))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Give the fact that as_json wrote, be it an older or a newer one than this."""
        known = {each.name for each in fields(cls)}
        data = {name: value for name, value in data.items() if name in known}
        times = ("created_at", "due_at", "started_at", "finished_at")
        moments = {name: _moment(data[name]) for name in (*times, "cancel_requested_at", "seen_at")}
        return cls(
            **{
                **data,
                **moments,
                "order": tuple(data["order"]),
                "place": tuple(data["place"]) if data["place"] else None,
                "progress": _progress(data["progress"]),
                "requested_by": Person(**data["requested_by"]),
                "started_by": _person(data.get("started_by")),
                "steps": [Step(**step) for step in data["steps"]],
                "lines": [Line(**{**line, "at": _moment(line["at"])}) for line in data["lines"]],
                "files": [_file(file) for file in data["files"]],
                "error": Words(**data["error"]) if data["error"] else None,
                "people": [Person(**each) for each in data.get("people", [])],
                "notes": [_note(each) for each in data.get("notes", [])],
                "tries": [_try(each) for each in data.get("tries", [])],
                "attention": _attention(data.get("attention")),
            }
        )


def _progress(data: dict[str, Any]) -> Progress:
    known = {each.name for each in fields(Progress)}
    moments = {name: _moment(data[name]) for name in ("since", "at")}
    return Progress(**{**{name: data[name] for name in data if name in known}, **moments})


def _file(data: dict[str, Any]) -> File:
    times = ("expires_at", "deleted_at", "damaged_at")
    moments = {name: _moment(data.get(name)) for name in times}
    return File(**{**data, **moments})


def _note(data: dict[str, Any]) -> Note:
    return Note(**{**data, "by": Person(**data["by"]), "at": _moment(data["at"])})


def _try(data: dict[str, Any]) -> Try:
    moments = {name: _moment(data[name]) for name in ("started_at", "ended_at")}
    return Try(**{**data, **moments})


def _attention(data: dict[str, Any] | None) -> Attention | None:
    if data is None:
        return None
    moments = {name: _moment(data[name]) for name in ("since", "dismissed_at")}
    return Attention(**{**data, **moments, "dismissed_by": _person(data["dismissed_by"])})


def _person(data: dict[str, Any] | None) -> Person | None:
    return Person(**data) if data else None


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return value


def _moment(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None
