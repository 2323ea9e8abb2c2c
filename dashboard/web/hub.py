"""One Redis subscription a process, handed on to every open page: no SQL while streaming."""

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from redis import RedisError

from dashboard.extensions import sse
from dashboard.jobs import Fact
from dashboard.jobs.events import CHANNEL, FACT
from dashboard.wire import GAP

logger = logging.getLogger(__name__)

PERSON = "person"  # the type of the message that somebody's rights have changed
TICK_SECONDS = 0.1
QUEUE_LIMIT = 200  # waiting facts of one viewer; beyond it the viewer starts afresh
RECONNECT_SECONDS = 0.5
SEEN_LIMIT = 5000  # jobs whose order is remembered, so that older facts are dropped
SHARE = 0.75  # of the streams: one person never takes all of them

LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Event:
    """A server-sent event: its name and its data."""

    name: str
    data: str

    def encode(self) -> str:
        """Give the event as the WHATWG's event-stream format has it."""
        lines = "".join(f"data: {line}\n" for line in LINE_END.split(self.data))
        return f"event: {self.name}\n{lines}\n"


class Viewer:
    """One open stream of a person: the newest fact of each job that waits for it."""

    def __init__(self, user_id: int, wants: Callable[[Fact], bool]) -> None:
        self.user_id = user_id
        self.wants = wants
        self._facts: dict[str, Fact] = {}
        self._afresh = False
        self._changed = threading.Condition()

    def offer(self, facts: list[Fact]) -> None:
        """Queue those of *facts* that it wants; a fact replaces a waiting one of the same job."""
        wanted = {fact.id: fact for fact in facts if self.wants(fact)}
        if not wanted:
            return
        with self._changed:
            self._facts |= wanted
            self._afresh = self._afresh or len(self._facts) > QUEUE_LIMIT
            self._changed.notify()

    def start_afresh(self) -> None:
        """Make the viewer read the ledger again: facts or rights may have changed unseen."""
        with self._changed:
            self._afresh = True
            self._changed.notify()

    def take(self, timeout: float) -> list[Fact] | None:
        """Give the waiting facts, or None when the ledger is to be read again.

        Waits at most *timeout* seconds for either.
        """
        with self._changed:
            if not self._facts and not self._afresh:
                self._changed.wait(timeout)
            afresh, self._afresh = self._afresh, False
            facts, self._facts = list(self._facts.values()), {}
            return None if afresh else facts


class Hub:
    """Listens for facts in a thread of its own and offers them to the viewers of this process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.alive: Callable[[], bool] = lambda: True
        self._closing = False
        self.connected = threading.Event()
        self._viewers: set[Viewer] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._seen: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def enter(self, viewer: Viewer, limit: int) -> bool:
        """Add *viewer*; False when there are *limit* viewers already, or most are this person's."""
        with self._lock:
            same_person = sum(each.user_id == viewer.user_id for each in self._viewers)
            if len(self._viewers) >= limit or same_person >= max(1, int(limit * SHARE)):
                return False
            self._viewers.add(viewer)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._listen, name="hub", daemon=True)
                self._thread.start()
        return True

    def leave(self, viewer: Viewer) -> None:
        """Forget *viewer*."""
        with self._lock:
            self._viewers.discard(viewer)

    @property
    def viewers(self) -> int:
        """How many streams are open."""
        return len(self._viewers)

    @property
    def closing(self) -> bool:
        """Whether this process stops: streams end, so that the stop need not wait for them."""
        return self._closing or not self.alive()

    def close(self) -> None:
        """End every stream."""
        self._closing = True
        self._start_afresh(self._present())  # Whoever waits for a fact need not wait for it.

    def _listen(self) -> None:
        """Follow the channel; after a gap every viewer reads the ledger again."""
        while not self.closing:
            try:
                with self.app.app_context():
                    self._follow()
            except (RedisError, OSError) as error:
                logger.warning("The live channel is away: %s", error)
            except Exception:
                logger.exception("The hub stumbled and goes on")
            self.connected.clear()
            time.sleep(RECONNECT_SECONDS)

    def _follow(self) -> None:
        waiting: dict[str, Fact] = {}
        handed_on = time.monotonic()

        def until_due() -> float:
            passed = time.monotonic() - handed_on
            return max(0.0, TICK_SECONDS - passed) if waiting else TICK_SECONDS

        for message in sse.messages(CHANNEL, until_due):
            if message.type == FACT:
                fact = Fact.from_json(message.data)
                if self._is_news(fact):
                    waiting[fact.id] = fact
            elif message.type in ("subscribed", GAP):
                self.connected.set()
                self._start_afresh(self._present())
            elif message.type == PERSON:
                viewers = self._present()
                self._start_afresh([each for each in viewers if each.user_id == message.data])
            now = time.monotonic()
            if waiting and now - handed_on >= TICK_SECONDS:
                for viewer in self._present():
                    viewer.offer(list(waiting.values()))
                waiting.clear()
                handed_on = now
            if self.closing:
                return

    def _start_afresh(self, viewers: list[Viewer]) -> None:
        for viewer in viewers:
            viewer.start_afresh()

    def _is_news(self, fact: Fact) -> bool:
        last = self._seen.get(fact.id)
        if last is not None and fact.order <= last:
            return False
        self._seen[fact.id] = fact.order
        self._seen.move_to_end(fact.id)
        while len(self._seen) > SEEN_LIMIT:
            self._seen.popitem(last=False)
        return True

    def _present(self) -> list[Viewer]:
        with self._lock:
            return list(self._viewers)


def tell_rights(user_id: int) -> None:
    """Make the open streams of a person look again whether they may go on, in every process."""
    sse.publish(user_id, type=PERSON, channel=CHANNEL)
