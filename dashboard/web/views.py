"""What an open page wants to hear of a fact."""

import json
from dataclasses import dataclass, field

from dashboard.jobs import Fact
from dashboard.web.fragments import fragment, page_title
from dashboard.web.hub import Event

QUARTERS = (25, 50, 75)
ENDINGS = {"succeeded": "is ready", "failed": "failed", "cancelled": "is cancelled"}

Keyed = list[tuple[str, Event]]


@dataclass
class Watch:
    """The interest of one page: *view* is home, history, job or page; *job_id* for job."""

    user_id: int
    admin: bool
    view: str
    job_id: str | None = None
    states: dict[str, str] = field(default_factory=dict)
    spoken: int = 0

    def begin(self, facts: list[Fact]) -> Keyed:
        """Give the events of the present state; *facts* are the person's active jobs and, for
        the view job, the job itself."""
        self.states = {fact.id: fact.state for fact in facts if self._is_mine(fact)}
        events: Keyed = [("count", self._count())]
        for fact in facts:
            events += self._shown(fact)
        return events

    def __call__(self, fact: Fact) -> Keyed:
        """Give the keyed events that follow from *fact* for this page."""
        if not fact.may_be_seen_by(self.user_id, admin=self.admin):
            return []
        events: Keyed = []
        if self._is_mine(fact):
            events += self._mine(fact)
        return events + self._shown(fact)

    def _is_mine(self, fact: Fact) -> bool:
        return fact.may_be_seen_by(self.user_id, admin=False)

    def _mine(self, fact: Fact) -> Keyed:
        before = self.states.get(fact.id)
        if before == fact.state:
            return []
        if fact.is_final:
            self.states.pop(fact.id, None)
        else:
            self.states[fact.id] = fact.state
        events: Keyed = [("count", self._count())]
        if self.view == "home":
            events.append(("refresh", _json("refresh", {"what": "home"})))
        if fact.is_final and fact.id != self.job_id:
            events.append((f"toast:{fact.id}", _toast(fact)))
        return events

    def _shown(self, fact: Fact) -> Keyed:
        if self.view == "job" and fact.id == self.job_id:
            return self._job(fact)
        if self.view == "home" and not fact.is_final:
            return [(f"card:{fact.id}", Event("fragment", fragment("home", fact)))]
        if self.view == "history":
            return [(f"row:{fact.id}", Event("fragment", fragment("history", fact)))]
        return []

    def _job(self, fact: Fact) -> Keyed:
        events: Keyed = [
            ("page", Event("fragment", fragment("job", fact))),
            ("title", _json("title", {"text": page_title(fact)})),
        ]
        if text := self._speech(fact):
            events.append((f"announce:{text}", _json("announce", {"text": text})))
        if fact.is_final:
            events.append(("refresh", _json("refresh", {"what": "job"})))
            events.append(("done", Event("done", "")))
        return events

    def _speech(self, fact: Fact) -> str | None:
        """Give what is said aloud: each quarter once, and the end."""
        if fact.is_final:
            return f"{fact.title} {ENDINGS[fact.state]}."
        percent = fact.progress.percent or 0
        passed = max((quarter for quarter in QUARTERS if percent >= quarter), default=0)
        if passed > self.spoken:
            self.spoken = passed
            return f"{passed} percent done."
        return None

    def _count(self) -> Event:
        return _json("count", {"running": len(self.states)})


def _toast(fact: Fact) -> Event:
    tones = {"succeeded": "good", "failed": "bad"}
    return _json(
        "toast",
        {
            "text": f"{fact.title} {ENDINGS[fact.state]}.",
            "tone": tones.get(fact.state, ""),
            "href": f"/jobs/{fact.id}",
            "label": "Download" if fact.is_ready else "Open",
        },
    )


def _json(name: str, data: dict[str, object]) -> Event:
    return Event(name, json.dumps(data))
