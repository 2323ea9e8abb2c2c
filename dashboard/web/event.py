"""A server-sent event."""

import re
from dataclasses import dataclass
from functools import lru_cache

ENCODED_LIMIT = 100  # events whose bytes are kept: many viewers are sent the same ones
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Event:
    """Its name and its data."""

    name: str
    data: str

    def encode(self) -> str:
        """Give the event as the WHATWG's event-stream format has it."""
        lines = "".join(f"data: {line}\n" for line in LINE_END.split(self.data))
        return f"event: {self.name}\n{lines}\n"

    @property
    def encoded(self) -> bytes:
        """The bytes of the event, made once for all who are sent the same."""
        return _encoded(self)


@lru_cache(ENCODED_LIMIT)
def _encoded(event: Event) -> bytes:
    return event.encode().encode()
