"""A part of the desk: one program that the supervisor keeps alive."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

# A part that has lived this long without a word to the contrary counts as ready.
STEADY_SECONDS = 10.0


@dataclass(frozen=True)
class Part:
    """How to start a program, how to know that it is ready, and how long a stop may take.

    *environment* is added to the supervisor's own. *descriptors* are open files that the program
    inherits under their own numbers. *after* names the part that must be ready first. *is_ready*
    is asked again and again until it says yes; None means that living for STEADY_SECONDS is
    enough. A part that has not ended *stop_seconds* after SIGTERM is killed. *orphan_signal* is
    what it gets, on Linux, when the supervisor itself is killed.
    """

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()
    after: str | None = None
    is_ready: Callable[[], Awaitable[bool]] | None = None
    stop_seconds: float = 10.0
    orphan_signal: signal.Signals = signal.SIGTERM
