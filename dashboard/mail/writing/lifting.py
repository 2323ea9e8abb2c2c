"""Lifts conditions out of paragraphs and table rows whose edges they stand at.

So a paragraph that is not shown leaves nothing behind, not even an empty paragraph.
"""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from dashboard.mail.writing.conditions import CONTROL
from dashboard.mail.writing.markers import Markers


def lifted(tokens: Sequence[Token], markers: Markers) -> Iterator[Token]:
    """Give *tokens*, whose text is not read yet, with conditions between blocks as CONTROL."""
    at = 0
    while at < len(tokens):
        end = _end(tokens, at, markers)
        block = tokens[at:end]
        at = end
        if len(block) == 1:
            yield block[0]
            continue
        held = next(token for token in block if token.type == "inline")
        before, held.content, behind = _edges(held.content, markers)
        yield from map(_control, before)
        if held.content or not before:
            yield from block
        yield from map(_control, behind)


def _end(tokens: Sequence[Token], at: int, markers: Markers) -> int:
    """Give where what begins at *at* ends: a paragraph, an item of one, a row of conditions only.

    It is the next token for all that conditions are not lifted out of.
    """
    if tokens[at].type == "paragraph_open":
        return at + 3
    types = [token.type for token in tokens[at : at + 5]]
    if types[:2] + types[4:] == ["list_item_open", "paragraph_open", "list_item_close"]:
        return at + 5
    if tokens[at].type == "tr_open":
        end = next(end for end in range(at, len(tokens)) if tokens[end].type == "tr_close") + 1
        first, *others = [token.content for token in tokens[at:end] if token.type == "inline"]
        if markers.controls.fullmatch(first) and not any(others):
            return end
    return at + 1


def _control(marker: str) -> Token:
    return Token(CONTROL, "", 0, content=marker, block=True)


def _edges(text: str, markers: Markers) -> tuple[list[str], str, list[str]]:
    """Cut from *text* the conditions at its edges that hold for all of it, or for more than it."""
    pieces = [(found.start(), found.end(), found[0]) for found in markers.control.finditer(text)]
    partner = _partners([markers.kind(marker) for _, _, marker in pieces])
    first, last = 0, len(pieces)
    begin, end = 0, len(text)
    before: list[str] = []
    behind: list[str] = []
    while first < last:
        if not text[begin : pieces[first][0]].strip() and _opens(partner, first, last):
            whole = partner[first] == last - 1
            if whole and text[pieces[last - 1][1] : end].strip():
                break
            if whole and first != last - 1:
                end = pieces[last - 1][0]
                behind.insert(0, pieces[last - 1][2])
                last -= 1
            before.append(pieces[first][2])
            begin = pieces[first][1]
            first += 1
        elif not text[pieces[last - 1][1] : end].strip() and partner[last - 1] is None:
            end = pieces[last - 1][0]
            behind.insert(0, pieces[last - 1][2])
            last -= 1
        else:
            break
    return before, text[begin:end].strip(), behind


def _opens(partner: Sequence[int | None], first: int, last: int) -> bool:
    """Tell whether a condition in front is of more than the text, or of the whole text."""
    return partner[first] is None or partner[first] == last - 1


def _partners(kinds: Sequence[str]) -> list[int | None]:
    """Give for each beginning its end and the reverse; None where it is in another text.

    A condition with a turn in this text is not lifted: its partner is itself.
    """
    partner: list[int | None] = [None] * len(kinds)
    open_at: list[int] = []
    turned: set[int] = set()
    for at, kind in enumerate(kinds):
        if kind == "if":
            open_at.append(at)
        elif open_at and kind == "else":
            turned.add(open_at[-1])
            partner[at] = at
        elif open_at:
            begin = open_at.pop()
            partner[at], partner[begin] = begin, at
            if begin in turned:
                partner[at], partner[begin] = at, begin
    for begin in open_at:
        if begin in turned:
            partner[begin] = begin
    return partner
