"""Puts pieces that stay whole onto lines."""

from collections.abc import Sequence
from typing import AnyStr


def packed(pieces: Sequence[AnyStr], first: int, rest: int) -> list[AnyStr]:
    """Give lines of *pieces*: the first of at most *first* characters, all others of *rest*.

    A piece longer than a line has one of its own; where that is the very first, an empty line
    stands before it.
    """
    lines: list[AnyStr] = []
    begin = used = 0
    room = first
    empty = pieces[0][:0] if pieces else None
    for index, piece in enumerate(pieces):
        if used + len(piece) > room:
            assert empty is not None
            lines.append(empty.join(pieces[begin:index]))
            begin, used, room = index, 0, rest
        used += len(piece)
    if empty is not None:
        lines.append(empty.join(pieces[begin:]))
    return lines
