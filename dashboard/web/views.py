"""What an open page wants to hear of a fact."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dashboard.jobs import Fact
from dashboard.web.fragments import Fragments, page_title
from dashboard.web.hub import Event

QUARTERS = (25, 50, 75)
ENDINGS = {"succeeded": "is ready", "failed": "failed", "cancelled": "is cancelled"}
TONES = {"succeeded": "good", "failed": "bad"}
# A later fact of an ended job (its files were deleted, say) is no news.
NEWS_FOR = timedelta(minutes=1)
# Nobody tells how a line moves: while a job has a place in one, the ledger is read this often.
LOOK_AGAIN_SECONDS = 5.0


@dataclass
class Watch:
    """The interest of one page: *view* is home, history, job or page; *job_id* for job.

    *states* are those of the person's jobs as the page knows them; *pause* is after how many
    seconds the ledger is to be read again, and *over* that nothing more will come.
    """

    fragments: Fragments
    user_id: int
    view: str
    job_id: str | None = None
    admin: bool = False
    over: bool = False
    states: dict[str, str] = field(default_factory=dict)
    spoken: int = 0
    begun: bool = False
    pause: float | None = None

    def wants(self, fact: Fact) -> bool:
        """Whether *fact* may be seen by this person and is shown by this page."""
        if self._is_mine(fact):
            return True
        shown = self.view == "history" or fact.id == self.job_id
        return shown and fact.may_be_seen_by(self.user_id, admin=self.admin)

    def begin(self, facts: list[Fact]) -> list[Event]:
        """Give the events of the present state: of the person's jobs and of what is shown."""
        if self.begun:
            return [event for fact in facts for event in self.tell(fact)]
        self.begun = True
        self.states = {fact.id: fact.state for fact in facts if self._is_mine(fact)}
        events = [self._count()]
        if self.view == "home" and any(fact.is_final for fact in facts):
            events.append(_refresh("home"))  # It ended between the page and its stream.
        for fact in facts:
            self.spoken = max(self.spoken, _quarter(fact) if fact.id == self.job_id else 0)
            events += self._shown(fact)
        return events

    def tell(self, fact: Fact) -> list[Event]:
        """Give the events that follow from *fact* for this page."""
        mine = self._mine(fact) if self._is_mine(fact) else []
        return mine + self._shown(fact)

    def _is_mine(self, fact: Fact) -> bool:
        return fact.may_be_seen_by(self.user_id, admin=False)

    def _mine(self, fact: Fact) -> list[Event]:
        before = self.states.get(fact.id)
        self.states[fact.id] = fact.state
        if before == fact.state or (before is None and _is_old(fact)):
            return []
        events = [self._count()]
        if self.view == "home" or (self.view == "history" and before is None):
            events.append(_refresh(self.view))
        if fact.is_final and fact.id != self.job_id:
            events.append(_json("toast", news(fact)))
        return events

    def _shown(self, fact: Fact) -> list[Event]:
        if self.view == "job" and fact.id == self.job_id:
            return self._job(fact)
        if self.view == "history" or (self.view == "home" and not fact.is_final):
            return [Event("fragment", self.fragments.of(self.view, fact))]
        return []

    def _job(self, fact: Fact) -> list[Event]:
        if fact.state == "queued" and fact.place is None:
            self.pause = 0.0  # Only the ledger knows the place.
            return []
        self.pause = LOOK_AGAIN_SECONDS if fact.place else None
        events = [
            Event("fragment", self.fragments.of("job", fact)),
            _json("title", {"text": page_title(fact)}),
        ]
        if text := self._speech(fact):
            tone = "bad" if fact.state == "failed" else ""
            events.append(_json("announce", {"text": text, "tone": tone}))
        if fact.is_final:
            self.over = True
            events.append(Event("done", ""))
        return events

    def _speech(self, fact: Fact) -> str | None:
        """Give what is said aloud: each quarter once, and the end."""
        if fact.is_final:
            return f"{fact.title} {ENDINGS[fact.state]}."
        passed = _quarter(fact)
        if passed <= self.spoken:
            return None
        self.spoken = passed
        return f"{passed} percent done."

    def _count(self) -> Event:
        running = sum(state not in ENDINGS for state in self.states.values())
        return _json("count", {"running": running})


def news(fact: Fact) -> dict[str, object]:
    """Give what a toast or a notification says of a job that has ended."""
    return {
        "text": f"{fact.title} {ENDINGS[fact.state]}.",
        "tone": TONES.get(fact.state, ""),
        "href": f"/jobs/{fact.id}",
        "label": "Download" if fact.is_ready else "Open",
    }


def _quarter(fact: Fact) -> int:
    percent = fact.progress.percent or 0
    return max((quarter for quarter in QUARTERS if percent >= quarter), default=0)


def _is_old(fact: Fact) -> bool:
    return fact.finished_at is not None and datetime.now(UTC) - fact.finished_at > NEWS_FOR


def _refresh(what: str) -> Event:
    return _json("refresh", {"what": what})


def _json(name: str, data: dict[str, object]) -> Event:
    return Event(name, json.dumps(data))
