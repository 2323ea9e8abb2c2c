"""Lines of plain text: wrapped at 78 columns once all is filled in."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

WIDTH: Final = 78  # columns, as RFC 5322 asks for
# Signs that no text holds by itself: around what was filled in, and in front of a line.
FILLED: Final = "\x01"
MISSING: Final = "\x02"
OVER: Final = "\x03"
HANG: Final = "\x05"  # HANG, what further lines begin with, HANG, what this one begins with, HANG
FIXED: Final = "\x06"  # FIXED, a line that stays as it is
BEFORE: Final = frozenset({HANG, FIXED})
MARKS: Final = re.compile(f"[{FILLED}{MISSING}{OVER}]")


def hung(first: str, further: str, line: str) -> str:
    """Give *line* so that it begins with *first*, and with *further* where it is wrapped."""
    return f"{HANG}{further}{HANG}{first}{HANG}{line}" if first or further else line


def wrapped(text: str) -> str:
    """Give *text* in lines of at most WIDTH columns; a word that is longer is not cut."""
    lines: list[str] = []
    for line in text.split("\n"):
        if len(line) <= WIDTH and line[:1] not in BEFORE:
            lines.append(line.rstrip())
        else:
            lines += _lines(line)
    text = "\n".join(lines).strip("\n")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return f"{text}\n" if text else ""


def settled(text: str) -> str:
    """Wrap beforehand what is known to be whole lines, so that filling has less to do."""
    first, *whole = text.split("\n")
    if not whole:
        return text
    last = whole.pop()
    lines = [line for known in whole for line in _lines(known)]
    lines = [f"{FIXED}{line}" if len(line) > WIDTH else line for line in lines]
    return "\n".join([first, *lines, last])


def _lines(line: str) -> Iterator[str]:
    first, further = "", ""
    if line.startswith(HANG):
        _, further, first, line = line.split(HANG, 3)
    if line.startswith(FIXED):
        yield (first + line[1:]).rstrip()
        return
    yield from _broken(first, further, line.rstrip())


def _broken(first: str, further: str, line: str) -> Iterator[str]:
    """Give *line* broken where it has to be.

    It is never cut and put together anew: of a value of some megabytes that would take hours.
    """
    before, begin = first, 0
    while (at := _break(before, line, begin)) > 0:
        yield (before + line[begin:at]).rstrip()
        while line[at].isspace():
            at += 1
        before, begin = further, at
    yield (before + line[begin:]).rstrip()


def _break(before: str, line: str, begin: int) -> int:
    """Give the last blank of *line* that fits, or the first one after, or -1 for none.

    What is behind *begin* stands on one line with *before*; marks take no room.
    """
    room = WIDTH - len(before)
    least = max(room, 1)
    window = line[begin : begin + least + 1]
    seen: Sequence[int] = range(begin, begin + len(window))
    if MARKS.search(window):
        signs = (at for at in range(begin, len(line)) if not MARKS.match(line[at]))
        seen = list(islice(signs, least + 1))
    if len(seen) <= room:
        return -1
    fitting = (at for at in reversed(seen[1 : room + 1]) if line[at] == " ") if room > 0 else ()
    found = next(iter(fitting), -1)
    return found if found > 0 or len(seen) <= least else line.find(" ", seen[least])
