"""One run of a part: a process with a session of its own, whose lines go to the console."""

import asyncio
import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable

from dashboard.supervisor.console import Console
from dashboard.supervisor.part import Part

CHUNK_BYTES = 64 * 1024
# A longer line is broken, so that a part that never ends its line cannot fill the memory.
LINE_BYTES = 32 * 1024
LAST_WORDS = 6
PR_SET_PDEATHSIG = 1


class Run:
    """A started part. Made in the main thread only: the parent-death signal follows the thread."""

    def __init__(self, part: Part, console: Console) -> None:
        """Start *part*. Raises OSError where its program cannot be run."""
        self.part = part
        self.last_words: deque[str] = deque(maxlen=LAST_WORDS)
        self._console = console
        self._rest = b""
        self._loop = asyncio.get_running_loop()
        self._pipe, output = os.pipe()
        try:
            self._popen = subprocess.Popen(
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=_environment(part),
                pass_fds=part.descriptors,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone: it stops in order.
                preexec_fn=_end_with_parent(part.orphan_signal),
            )
        except OSError:
            os.close(self._pipe)
            raise
        finally:
            os.close(output)
        self._is_open = True
        os.set_blocking(self._pipe, False)
        self._loop.add_reader(self._pipe, self._read)

    @property
    def id(self) -> int:
        """The number of the main process, and of its group."""
        return self._popen.pid

    @property
    def code(self) -> int | None:
        """The exit code (a negative signal number when killed), or None while it runs."""
        return self._popen.poll()

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.code
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def signal(self, number: signal.Signals) -> None:
        """Send *number* to the main process alone; nothing happens once it has ended."""
        if self.code is None:
            self._popen.send_signal(number)

    def kill(self) -> None:
        """Kill the process and whatever is left of its group."""
        if self._is_open:  # Later the number may belong to a group of somebody else's.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.id, signal.SIGKILL)

    def close(self) -> None:
        """Kill what is left, take the last lines and let go."""
        if not self._is_open:
            return
        self.kill()
        self._popen.wait()
        self._is_open = False
        self._loop.remove_reader(self._pipe)
        while self._read():
            pass
        if self._rest:
            self._tell(self._rest)
        os.close(self._pipe)

    def _read(self) -> bool:
        """Take what the part has said; False when there is nothing for now, or no more."""
        try:
            data = os.read(self._pipe, CHUNK_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._pipe)
            return False
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._tell(line)
        if len(self._rest) > LINE_BYTES:
            self._tell(self._rest)
            self._rest = b""
        return True

    def _tell(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        if text:
            self.last_words.append(text)
            self._console.tell(self.part.name, text)


def _environment(part: Part) -> dict[str, str]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **part.environment}
    # Without bytecode every start compiles everything anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Give what a child runs before its program, so that it gets *number* when we die."""
    if not sys.platform.startswith("linux"):
        return None
    return functools.partial(_ask_for_signal, _libc(), number, os.getpid())


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _ask_for_signal(libc: ctypes.CDLL, number: signal.Signals, parent: int) -> None:
    libc.prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)  # The supervisor died in between.
