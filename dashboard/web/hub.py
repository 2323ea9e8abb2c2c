"""One Redis subscription a process, handed on to every open page: no SQL while streaming."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flask import Flask, current_app
from redis import RedisError

from dashboard.extensions import sse
from dashboard.jobs import Fact
from dashboard.jobs.events import CHANNEL, FACT
from dashboard.models import State
from dashboard.web.door import Door
from dashboard.web.event import Event
from dashboard.web.viewer import QUEUE_LIMIT, Viewer
from dashboard.wire import GAP

__all__ = ["PERSON", "QUEUE_LIMIT", "Event", "Hub", "Viewer", "as_told", "tell_rights"]

logger = logging.getLogger(__name__)

PERSON = "person"  # the type of the message that somebody's rights have changed
TICK_SECONDS = 0.1
RECONNECT_SECONDS = 0.5
SEEN_LIMIT = 5000  # jobs whose order is remembered, so that older facts are dropped
SHARE = 0.75  # of the streams: one person never takes all of them
READERS = 2  # so many streams read the ledger at the same time
DOOR_SECONDS = 0.25  # between two looks for pages that went away, and for the end of the process


class Hub:
    """Listens for facts in a thread of its own and offers them to the viewers of this process.

    A second thread stands at the door: it looks for browsers that went away, and for the end of
    the process, so that no viewer need look for itself.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.alive: Callable[[], bool] = lambda: True
        self._closing = False
        self.connected = threading.Event()
        self.readers = ThreadPoolExecutor(READERS, thread_name_prefix="hub-reader")
        self._viewers: set[Viewer] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._door: Door | None = None
        self._seen: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._running: dict[str, Fact] = {}

    def enter(self, viewer: Viewer, limit: int) -> bool:
        """Add *viewer*; False when there are *limit* viewers already, or most are this person's."""
        if self.closing:
            return False
        self.attend(0)
        with self._lock:
            same_person = sum(each.user_id == viewer.user_id for each in self._viewers)
            if len(self._viewers) >= limit or same_person >= max(1, int(limit * SHARE)):
                return False
            self._viewers.add(viewer)
        if self._door is not None:
            self._door.watch(viewer)
        return True

    def attend(self, seconds: float) -> None:
        """Begin to listen; wait at most so many *seconds* until Redis has confirmed it."""
        with self._lock:
            if not self._threads and not self.closing:
                self._door = Door()
                self._threads = [
                    threading.Thread(target=self._listen, name="hub", daemon=True),
                    threading.Thread(
                        target=self._stand, args=[self._door], name="hub-door", daemon=True
                    ),
                ]
                for thread in self._threads:
                    thread.start()
        self.connected.wait(seconds)

    def leave(self, viewer: Viewer) -> None:
        """Forget *viewer*."""
        with self._lock:
            self._viewers.discard(viewer)
        if self._door is not None:
            self._door.forget(viewer)

    def ahead_of(self, fact: Fact) -> Fact:
        """Give the ledger's *fact* with the progress that was told since, for it never goes back.

        Workers tell it four times a second and write it down once. Only what is of the very same
        work counts: its measure began at the same moment.
        """
        told = self._running.get(fact.id)
        if told is None or fact.state != State.RUNNING or told.attempt != fact.attempt:
            return fact
        here, there = fact.progress, told.progress
        if here.since is None or here.since != there.since or (there.done or 0) <= (here.done or 0):
            return fact
        fact = replace(fact, progress=there, steps=told.steps)
        # Nobody has changed the job since: it is the fact that was told, and is told as that one.
        is_told = told.order > fact.order
        return replace(fact, order=told.order, lines=told.lines) if is_told else fact

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
        for viewer in self._present():
            viewer.wake()

    def _stand(self, door: Door) -> None:
        """Stand at the *door* until the process ends, and then let every viewer know."""
        while not self.closing:
            try:
                door.look(DOOR_SECONDS)
            except Exception:
                logger.exception("The hub stumbled at its door and goes on")
                time.sleep(DOOR_SECONDS)
        self.close()

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
            if self.connected.is_set():
                self.connected.clear()
                for viewer in self._present():
                    viewer.wake()  # From now on it reads the ledger more often.
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
                    waiting[fact.id] = self._running.get(fact.id, fact)
            elif message.type in ("subscribed", GAP):
                self.connected.set()
                self._start_afresh(self._present())
            elif message.type == PERSON:
                viewers = self._present()
                self._start_afresh([each for each in viewers if each.user_id == message.data])
            now = time.monotonic()
            if waiting and now - handed_on >= TICK_SECONDS:
                facts = list(waiting.values())
                for viewer in self._present():
                    viewer.offer(facts)
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
        if fact.state == State.RUNNING:
            self._running[fact.id] = self.ahead_of(fact)
        else:
            self._running.pop(fact.id, None)
        while len(self._seen) > SEEN_LIMIT:
            self._running.pop(self._seen.popitem(last=False)[0], None)
        return True

    def _present(self) -> list[Viewer]:
        with self._lock:
            return list(self._viewers)


def as_told(fact: Fact) -> Fact:
    """Give *fact* as the streams of this process know it: see Hub.ahead_of."""
    hub: Hub = current_app.extensions["hub"]
    return hub.ahead_of(fact)


def tell_rights(user_id: int) -> None:
    """Make the open streams of a person look again whether they may go on, in every process."""
    sse.publish(user_id, type=PERSON, channel=CHANNEL)
