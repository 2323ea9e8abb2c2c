"""Markdown (CommonMark and tables) whose conditions may stand around its blocks."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from dashboard.mail.writing.assembly import assembled
from dashboard.mail.writing.conditions import AROUND, CONTROL, MARKERS, condition
from dashboard.mail.writing.lifting import lifted
from dashboard.mail.writing.links import NO_LINK, SHOWN, begins_well
from dashboard.mail.writing.markers import Markers
from dashboard.mail.writing.refusals import Unwritable
from dashboard.mail.writing.safety import TOO_NESTED
from dashboard.words import marked

# Ten times what a long newsletter has. A few bytes of a table can become thousands of cells.
MOST: Final = 30_000
TOO_MANY: Final = marked(
    "The text has %(parts)s parts (paragraphs, lines of lists, cells, links);"
    " an e-mail can have %(most)s at most"
)
LINKS: Final = {"link_open": "href", "image": "src"}
# What markdown-it leaves empty where it stands at the deepest level that it reads.
HOLDERS: Final = frozenset(
    {"blockquote_open", "bullet_list_open", "list_item_open", "ordered_list_open"}
)


def blocks(text: str, markers: Markers) -> list[Token]:
    """Give the tokens of *text*; conditions around blocks are tokens of the type CONTROL.

    Raises Unwritable for a link that is none, for more than MOST parts, and where blocks stand so
    deep inside of one another that some would be left out.
    """
    reader = _reader()
    tokens = reader.parse(text, {MARKERS: markers})
    parts = sum(1 + len(token.children or ()) for token in tokens)
    if parts > MOST:
        raise Unwritable(TOO_MANY, where="body", line=0, parts=parts, most=MOST)
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type in HOLDERS and token.level >= reader.options["maxNesting"] - 1:
            raise Unwritable(TOO_NESTED, where="body", line=line)
        for inner in token.children or []:
            _see(inner, markers, line)
    return tokens


def html(tokens: Sequence[Token]) -> str:
    """Give the HTML of *tokens*, with CONTROL as comments, which may stand anywhere."""
    reader = _reader()
    shown = [_comment(token) if token.type == CONTROL else token for token in tokens]
    return str(reader.renderer.render(shown, reader.options, {}))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.block.ruler.before("table", "condition", condition, {"alt": list(AROUND)})
    reader.core.ruler.after("block", "lift", _lift)
    return reader


def _see(token: Token, markers: Markers, line: int) -> None:
    """Raise Unwritable where *token* leads to an address that cannot be a link."""
    if token.type in LINKS:
        address = str(token.attrGet(LINKS[token.type]) or "")
        if not begins_well(assembled(address, markers, "body")):
            shown = markers.back(address)[:SHOWN]
            raise Unwritable(NO_LINK, where="body", line=line, address=shown)


def _lift(state: StateCore) -> None:
    state.tokens = list(lifted(state.tokens, state.env[MARKERS]))


def _comment(token: Token) -> Token:
    return Token("html_block", "", 0, content=f"<!--{token.content}-->\n")
