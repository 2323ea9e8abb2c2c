"""What an open page wants to hear of a fact."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dashboard.jobs import Fact
from dashboard.web.endings import ENDINGS, ended, place_of
from dashboard.web.favicon import sign_of
from dashboard.web.fragments import Fragments, page_title
from dashboard.web.hub import Event
from dashboard.words import Manner, gettext as _, speaking_to

QUARTERS = (25, 50, 75)
TONES = {"succeeded": "good", "failed": "bad"}
# A later fact of an ended job (its files were deleted, say) is no news.
NEWS_FOR = timedelta(minutes=1)
# Nobody tells how a line moves: while a job has a place in one, the ledger is read this often.
LOOK_AGAIN_SECONDS = 5.0


@dataclass
class Watch:
    """The interest of one page: *view* is home, history, job, ended or page; *job_id* is the job's.

    *manner* is that of the person who looks: they are told all in it. *states* are those of their
    jobs as the page knows them; *pause* is after how many seconds the ledger is to be read again,
    *over* that nothing more will come.
    """

    fragments: Fragments
    user_id: int
    view: str
    manner: Manner
    job_id: str | None = None
    admin: bool = False
    over: bool = False
    states: dict[str, str] = field(default_factory=dict)
    spoken: int = 0
    begun: bool = False
    told: tuple[int, ...] = ()
    alarmed: datetime | None = None
    people: tuple[int, ...] | None = None
    pause: float | None = None

    def wants(self, fact: Fact) -> bool:
        """Whether *fact* may be seen by this person and is shown by this page."""
        if self._is_mine(fact) or self._may_need_attention(fact):
            return True
        shown = self.view == "history" or fact.id == self.job_id
        return shown and fact.may_be_seen_by(self.user_id, admin=self.admin)

    def begin(self, facts: list[Fact]) -> list[Event]:
        """Give the events of the present state: of the person's jobs and of what is shown."""
        with speaking_to(self.manner):
            return self._begin(facts)

    def tell(self, fact: Fact) -> list[Event]:
        """Give the events that follow from *fact* for this page."""
        with speaking_to(self.manner):
            return self._tell(fact)

    def _begin(self, facts: list[Fact]) -> list[Event]:
        if self.begun:
            return self._forget(facts) + [event for fact in facts for event in self._tell(fact)]
        self.begun = True
        self.states = {fact.id: fact.state for fact in facts if self._is_mine(fact)}
        events = [self._count()]
        if self.view == "home" and any(fact.is_final for fact in facts):
            events.append(_refresh("home"))  # It ended between the page and its stream.
        for fact in facts:
            self.spoken = max(self.spoken, _quarter(fact) if fact.id == self.job_id else 0)
            events += self._shown(fact)
        return events

    def _forget(self, facts: list[Fact]) -> list[Event]:
        """Forget jobs that are not among *facts*: they ended long ago, or are others' by now."""
        mine = {fact.id for fact in facts if self._is_mine(fact)}
        gone = {job: state for job, state in self.states.items() if job not in mine}
        self.states = {job: state for job, state in self.states.items() if job in mine}
        return [self._count()] if any(state not in ENDINGS for state in gone.values()) else []

    def _tell(self, fact: Fact) -> list[Event]:
        mine = self._mine(fact) if self._is_mine(fact) else []
        return mine + self._alarm(fact) + self._shown(fact)

    def _is_mine(self, fact: Fact) -> bool:
        return fact.may_be_seen_by(self.user_id, admin=False)

    def _may_need_attention(self, fact: Fact) -> bool:
        return fact.state == "failed" and (self.admin or fact.requested_by.id == self.user_id)

    def _alarm(self, fact: Fact) -> list[Event]:
        """Let the page ask how many jobs need attention: only the ledger knows."""
        if not self._may_need_attention(fact) or fact.finished_at is None or _is_old(fact):
            return []
        if self.alarmed is not None and fact.finished_at <= self.alarmed:
            return []
        self.alarmed = fact.finished_at
        return [_refresh("counts")]

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
        if fact.id == self.job_id:
            return self._job(fact) if self.view == "job" else self._ended(fact)
        if self.view == "history" or (self.view == "home" and not fact.is_final):
            return [Event("fragment", self.fragments.of(self.view, fact, self.manner))]
        return []

    def _job(self, fact: Fact) -> list[Event]:
        if fact.state == "queued" and fact.place is None:
            self.pause = 0.0  # Only the ledger knows the place.
            return []
        self.pause = LOOK_AGAIN_SECONDS if fact.place else None
        events = [
            *self._people(fact),
            *self._changed(fact),
            _json("title", tab_of(fact)),
        ]
        if text := self._speech(fact):
            tone = "bad" if fact.state == "failed" else ""
            events.append(_json("announce", {"text": text, "tone": tone}))
        if fact.is_final:
            self.over = True
            events.append(Event("done", ""))
        return events

    def _changed(self, fact: Fact) -> list[Event]:
        """Give the parts of the page that are not as they were told, or all where more is new."""
        fragment = self.fragments.cut("job", fact, self.manner)
        before, self.told = self.told, (fragment.around, *(words for words, _ in fragment.parts))
        if before[:1] != self.told[:1] or len(before) != len(self.told):
            return [Event("fragment", fragment.html)]
        return [
            Event("fragment", html)
            for (words, html), known in zip(fragment.parts, before[1:], strict=True)
            if words != known
        ]

    def _ended(self, fact: Fact) -> list[Event]:
        """Keep the page of an ended job true: notes come, files go, it is handed over."""
        return [*self._people(fact), Event("fragment", self.fragments.of("job", fact, self.manner))]

    def _people(self, fact: Fact) -> list[Event]:
        """Let the page read itself again when it is about other people: so is what they may do."""
        before, self.people = self.people, (fact.requested_by.id, *sorted(fact.followers))
        return [_refresh("job")] if before not in (None, self.people) else []

    def _speech(self, fact: Fact) -> str | None:
        """Give what is said aloud: each quarter once, and the end."""
        if fact.is_final:
            return ended(fact)
        passed = _quarter(fact)
        if passed <= self.spoken:
            return None
        self.spoken = passed
        return _("%(percent)s percent done.", percent=passed)

    def _count(self) -> Event:
        running = sum(state not in ENDINGS for state in self.states.values())
        return _json("count", {"running": running})


def tab_of(fact: Fact) -> dict[str, object]:
    """Give what the tab of a job's page shows, and the order in which it is told."""
    order = ".".join(map(str, fact.order))
    return {"job": fact.id, "order": order, "text": page_title(fact), "sign": sign_of(fact)}


def news(fact: Fact) -> dict[str, object]:
    """Give what a toast or a notification says of a job that has ended."""
    return {
        "text": ended(fact),
        "tone": TONES.get(fact.state, ""),
        "job": fact.id,
        "href": place_of(fact),
        "file": _download(fact),
        "label": _("Download") if fact.is_ready else _("Open"),
    }


def _download(fact: Fact) -> str | None:
    """Give the address of the finished file, or of all of them in one."""
    ready = [file for file in fact.files if file.is_ready]
    if len(ready) == 1:
        return f"/files/{ready[0].id}"
    return f"/jobs/{fact.id}/files.zip" if ready else None


def _quarter(fact: Fact) -> int:
    percent = fact.progress.percent or 0
    return max((quarter for quarter in QUARTERS if percent >= quarter), default=0)


def _is_old(fact: Fact) -> bool:
    return fact.finished_at is not None and datetime.now(UTC) - fact.finished_at > NEWS_FOR


def _refresh(what: str) -> Event:
    return _json("refresh", {"what": what})


def _json(name: str, data: dict[str, object]) -> Event:
    return Event(name, json.dumps(data))
