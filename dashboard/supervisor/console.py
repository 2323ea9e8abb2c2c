"""The one output of all parts: whole lines, each headed by the part that said it."""

import os
import sys
from typing import TextIO

# One colour a part, the same on every start: cyan, green, yellow, magenta, blue.
COLOURS = {"valkey": 36, "web": 32, "worker": 33, "beat": 35, "chaos": 34}
WIDTH = max(len(name) for name in COLOURS)


class Console:
    """Writes lines to *stream*, coloured only on a terminal and where NO_COLOR is not set."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._coloured = self._stream.isatty() and "NO_COLOR" not in os.environ
        self._closed = False

    def say(self, text: str) -> None:
        """Write a line of the supervisor's own."""
        self._write(text)

    def tell(self, part: str, text: str) -> None:
        """Write a line that *part* said."""
        head = f"{part:<{WIDTH}} |"
        if self._coloured and part in COLOURS:
            head = f"\033[{COLOURS[part]}m{head}\033[0m"
        self._write(f"{head} {text}")

    def _write(self, line: str) -> None:
        if self._closed:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # Whoever read our lines has gone; the desk goes on without an audience.
            self._closed = True
