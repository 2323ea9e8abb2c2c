"""One Redis subscription a process, handed on to every open page: no SQL while streaming."""

import logging
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

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.1
QUEUE_LIMIT = 200  # waiting events of one viewer; beyond it the viewer starts afresh
RECONNECT_SECONDS = 0.5
SEEN_LIMIT = 5000  # jobs whose order is remembered, so that older facts are dropped


@dataclass(frozen=True)
class Event:
    """A server-sent event: its name and its data."""

    name: str
    data: str

    def encode(self) -> str:
        """Give the event as the WHATWG's event-stream format has it."""
        lines = "".join(f"data: {line}\n" for line in self.data.splitlines() or [""])
        return f"event: {self.name}\n{lines}\n"


class Viewer:
    """One open stream: the events that wait for it, the newest of each key only."""

    def __init__(self, interested: Callable[[Fact], list[tuple[str, Event]]]) -> None:
        self.interested = interested
        self.resync = False
        self._events: OrderedDict[str, Event] = OrderedDict()
        self._changed = threading.Condition()

    def offer(self, events: list[tuple[str, Event]]) -> None:
        """Queue *events* (key and event); an event replaces a waiting one of the same key."""
        if not events:
            return
        with self._changed:
            for key, event in events:
                self._events[key] = event
            if len(self._events) > QUEUE_LIMIT:
                self._events.clear()
                self.resync = True
            self._changed.notify()

    def start_afresh(self) -> None:
        """Make the viewer read the ledger again: facts may have been missed."""
        with self._changed:
            self.resync = True
            self._changed.notify()

    def take(self, timeout: float) -> list[Event]:
        """Give the waiting events; wait at most *timeout* seconds for one."""
        with self._changed:
            if not self._events and not self.resync:
                self._changed.wait(timeout)
            events = list(self._events.values())
            self._events.clear()
            return events

    def begin_afresh(self) -> bool:
        """Whether the ledger is to be read again; answers True once."""
        with self._changed:
            asked, self.resync = self.resync, False
            return asked


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
        """Add *viewer*; False when there are *limit* viewers already."""
        with self._lock:
            if len(self._viewers) >= limit:
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

    def _listen(self) -> None:
        """Follow the channel; after a gap every viewer reads the ledger again."""
        while not self.closing:
            try:
                with self.app.test_request_context():
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
        for message in sse.messages(CHANNEL):
            if message.type == "subscribed":
                self.connected.set()
                for viewer in self._present():
                    viewer.start_afresh()
            elif message.type == FACT:
                fact = Fact.from_json(message.data)
                if self._is_news(fact):
                    waiting[fact.id] = fact
            now = time.monotonic()
            if waiting and now - handed_on >= TICK_SECONDS:
                self._hand_on(list(waiting.values()))
                waiting.clear()
                handed_on = now
            if self.closing:
                return

    def _hand_on(self, facts: list[Fact]) -> None:
        for viewer in self._present():
            for fact in facts:
                try:
                    viewer.offer(viewer.interested(fact))
                except Exception:
                    logger.exception("A fact of %s could not be shown", fact.number)
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
