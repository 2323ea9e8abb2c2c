"""Live pages that are followed: each stream is read by a thread, its events awaited."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from flask import Flask, json

from tests.people import Person

PATIENCE = 30.0
"""Seconds an event may take; the machine may be busy with other things."""


@dataclass(frozen=True)
class Told:
    """An event as a browser takes it: its name and its data."""

    name: str
    data: str

    @property
    def json(self) -> Any:
        """The data of an event that is JSON."""
        return json.loads(self.data)


def names(told: list[Told]) -> list[str]:
    """Give the names of events."""
    return [each.name for each in told]


class Followed:
    """One open stream. *comments* and *fields* are what a browser does not show."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.comments: list[str] = []
        self.fields: list[str] = []
        self._events: queue.Queue[Told | None] = queue.Queue()
        self._chunks = chunks
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self) -> Told:
        """Wait for the next event; fails when the stream has ended."""
        told = self._events.get(timeout=PATIENCE)
        assert told is not None, "The stream has ended."
        return told

    def until(self, name: str) -> list[Told]:
        """Wait for an event called *name*; gives all up to it."""
        seen = [self.next()]
        while seen[-1].name != name:
            seen.append(self.next())
        return seen

    def hears(self, name: str, text: str = "") -> Told:
        """Wait for an event called *name* whose data has *text*."""
        return self.hears_all_until(name, text)[-1]

    def hears_all_until(self, name: str, text: str = "") -> list[Told]:
        """Wait as hears does; gives everything up to that event."""
        seen = self.until(name)
        while text not in seen[-1].data:
            seen += self.until(name)
        return seen

    def rest(self) -> list[Told]:
        """Wait for the end; gives what came until then."""
        seen = []
        while (told := self._events.get(timeout=PATIENCE)) is not None:
            seen.append(told)
        return seen

    def ended(self) -> bool:
        """Wait a little for the reader's thread; whether it has ended."""
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()

    def _read(self) -> None:
        buffer = ""
        try:
            for chunk in self._chunks:
                buffer += chunk.decode()
                *blocks, buffer = buffer.split("\n\n")
                for block in blocks:
                    self._take(block)
        finally:
            self._events.put(None)

    def _take(self, block: str) -> None:
        name, data = "", []
        for line in block.split("\n"):
            field_name, _, value = line.partition(": ")
            match field_name:
                case "event":
                    name = value
                case "data":
                    data.append(value)
                case "":
                    self.comments.append(value)
                case _:
                    self.fields.append(line)
        if name:
            self._events.put(Told(name, "\n".join(data)))


@dataclass
class Streams:
    """Opens streams as pages and programs do; the hub ends them all."""

    app: Flask
    opened: list[Followed] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.app.extensions["hub"].close()
        for followed in self.opened:
            assert followed.ended()

    def page(self, person: Person, view: str = "page", job_id: str = "") -> Followed:
        """Follow a page of *person*."""
        answer = person.client.get("/live", query_string={"view": view, "id": job_id})
        assert answer.status_code == 200, answer.text
        return self._followed(answer)

    def program(self, person: Person, job_id: str) -> Followed:
        """Follow a job as a program of *person*."""
        answer = person.calls("GET", f"/jobs/{job_id}/events")
        assert answer.status_code == 200, answer.text
        return self._followed(answer)

    def _followed(self, answer: Any) -> Followed:
        assert answer.mimetype == "text/event-stream"
        followed = Followed(answer.response)
        self.opened.append(followed)
        return followed
