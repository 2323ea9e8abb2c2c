"""Conditions that have a line of Markdown for themselves: they stand between two blocks."""

from typing import Final

from markdown_it.rules_block import StateBlock

from dashboard.mail.writing.markers import Markers

CONTROL: Final = "control"  # The type of their tokens; the content is the marker.
MARKERS: Final = "markers"  # Where the environment of a parse has the markers.
AROUND: Final = ("paragraph", "reference", "blockquote", "list")  # What they end.


def condition(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """Read the line *begin* where it holds conditions only, as markdown-it's block rules do.

    Such a line ends a paragraph, a list and a quote, but no table: there it is a row.
    """
    if state.is_code_block(begin) or state.parentType == "table":
        return False
    markers: Markers = state.env[MARKERS]
    line = state.src[state.bMarks[begin] + state.tShift[begin] : state.eMarks[begin]]
    if not markers.controls.fullmatch(line):
        return False
    if not silent:
        for marker in markers.control.findall(line):
            token = state.push(CONTROL, "", 0)
            token.content = marker
        state.line = begin + 1
    return True
