"""A person who presses while the desk is being broken, and again until it answers."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from bench.desk import Desk
from bench.staff import Answer
from chaos.history import Accepted, History, now
from chaos.orders import Cancel, Order
from chaos.tab import Tab
from chaos.watch import Watch

AGAIN_SECONDS = 0.5
GIVE_UP_SECONDS = 60.0
PAUSE_SECONDS = 0.4
MOST_OPEN = 8  # jobs that one person lets wait and run; more would only make the end longer
ACCEPTED = frozenset({202, 303})


class Person:
    """Sends orders and cancels; *history* remembers what the desk has accepted."""

    def __init__(self, desk: Desk, history: History) -> None:
        self.email = desk.email
        self._history = history
        self._pool = ThreadPoolExecutor(2)
        self._tabs = (Tab(desk), Tab(desk))

    def lives(self, orders: Iterator[Order], watch: Watch, over: threading.Event) -> None:
        """Order and cancel until it is *over*."""
        for order in orders:
            while watch.open_jobs(self.email) >= MOST_OPEN and not over.wait(PAUSE_SECONDS):
                pass
            if over.is_set():
                return
            job = self.places(order)
            if job is not None and order.cancel is not Cancel.NEVER:
                if order.cancel is Cancel.RUNNING:
                    watch.wait_for_running(job.id, over)
                self.cancels(job)
            over.wait(PAUSE_SECONDS)

    def places(self, order: Order) -> Accepted | None:
        """Press, in both tabs at once where it is doubled; None when the desk never answered."""
        tabs = self._tabs if order.doubled else self._tabs[:1]
        pressed = [self._pool.submit(self._press, tab, order) for tab in tabs]
        ids = {one for one in (each.result() for each in pressed) if one is not None}
        if len(ids) > 1:
            self._history.breaks(f"Two presses with the key {order.key} started two jobs: {ids}.")
        for one in ids:
            self._accept(one, order)
        return self._history.accepted[ids.pop()] if ids else None

    def cancels(self, job: Accepted) -> None:
        """Ask for the cancel of *job*."""
        answer = self._insist(lambda: self._tabs[0].cancel(job.id), f"cancel of {job.id}")
        if answer is not None and json.loads(answer.text)["cancel_requested_at"] is not None:
            job.must_be_cancelled = True

    def close(self) -> None:
        """Let the connections go."""
        self._pool.shutdown()
        for tab in self._tabs:
            tab.close()

    def _press(self, tab: Tab, order: Order) -> uuid.UUID | None:
        answer = self._insist(lambda: tab.press(order), f"press for {order.key}")
        return None if answer is None else uuid.UUID(answer.location.rpartition("/")[2])

    def _accept(self, job_id: uuid.UUID, order: Order) -> None:
        job = Accepted(
            id=job_id,
            person=self.email,
            kind=order.kind,
            params=order.params,
            formats=order.formats,
            notify=order.notify,
            at=now(),
        )
        self._history.accept(job)

    def _insist(self, send: Callable[[], Answer], what: str) -> Answer | None:
        """Send until it is accepted: the same key makes that safe, however often it takes."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            at = now()
            try:
                answer = send()
            except (OSError, HTTPException, AssertionError) as error:
                self._history.refuse(f"{what}: {type(error).__name__} {error}")
            else:
                if answer.status in ACCEPTED:
                    self._history.press(at, answer.seconds)
                    return answer
                self._history.refuse(f"{what}: {answer.status}")
            time.sleep(AGAIN_SECONDS)
        self._history.breaks(f"Within {GIVE_UP_SECONDS:.0f} s the desk did not take the {what}.")
        return None
