"""Markdown as plain text that reads well: links as “words (address)”, lists, quotes, tables."""

from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

from dashboard.mail.writing.conditions import CONTROL
from dashboard.mail.writing.lines import FIXED, HANG, WIDTH, hung
from dashboard.mail.writing.markers import Link, Markers

RULE: Final = "-" * 20
UNDERLINES: Final = {"h1": "=", "h2": "-"}


class Plain:
    """The text of some blocks; a line is wrapped later, when its fields are filled."""

    def __init__(self, markers: Markers) -> None:
        self._markers = markers
        self._text: list[str] = []
        # What the next line, and all further ones, begin with in each list item or quote.
        self._edges: list[tuple[str, str]] = []
        self._numbers: list[int | None] = []  # The next number of each open list, None for bullets.
        self._rows: list[list[str]] = []

    def of(self, tokens: Sequence[Token]) -> str:
        """Give the text of *tokens*, with markers and with what `lines` needs."""
        for token, inner in zip(tokens, [*tokens[1:], None], strict=False):
            self._block(token)
            self._around(token, inner)
        return "".join(self._text)

    def _block(self, token: Token) -> None:
        """Write what holds text."""
        match token.type:
            case "inline" if self._rows:
                self._rows[-1].append(self._inline(token))
            case "inline":
                self._write(self._inline(token))
            case "heading_close":
                self._underline(token.tag)
            case "paragraph_close" if not token.hidden:
                self._text.append("\n")
            case "fence" | "code_block":
                self._write(token.content.rstrip("\n"), f"{FIXED}    ")
                self._text.append("\n")
            case "hr":
                self._write(RULE)
                self._text.append("\n")
            case "tr_open":
                self._rows.append([])
            case "table_close":
                self._table()
            case _ if token.type == CONTROL:
                self._control(token.content)

    def _around(self, token: Token, inner: Token | None) -> None:
        """Open or close a list, an item or a quote."""
        match token.type:
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._text.append("" if self._numbers else "\n")
            case "blockquote_open":
                self._edges.append(("> ", "> "))
            case "list_item_open":
                number = self._numbers[-1]
                bullet = "- " if number is None else f"{number}. "
                self._numbers[-1] = None if number is None else number + 1
                self._edges.append((bullet, " " * len(bullet)))
                if inner is not None and inner.type == "list_item_close":
                    self._write("")
            case "blockquote_close" | "list_item_close":
                self._edges.pop()

    def _write(self, text: str, before: str = "") -> None:
        """Write *text* as lines below one another, each with *before* in front."""
        further = "".join(edge for _, edge in self._edges)
        for line in text.split("\n"):
            first = "".join(edge for edge, _ in self._edges)
            self._text.append(hung(first, further, f"{before}{line}") + "\n")
            self._edges = [(edge, edge) for _, edge in self._edges]

    def _control(self, marker: str) -> None:
        if self._rows:
            self._rows.append([FIXED, marker])
        else:
            self._text.append(marker)

    def _underline(self, tag: str) -> None:
        """Underline the heading that was written, unless its length is known only when filled."""
        heading = self._text[-1].rpartition(HANG)[2].rstrip("\n")
        if tag in UNDERLINES and not self._markers.any.search(heading):
            self._write(UNDERLINES[tag] * min(len(heading), WIDTH))
        self._text.append("\n")

    def _table(self) -> None:
        """Write the rows below one another, in columns as wide as what is known beforehand."""
        rows, self._rows = self._rows, []
        cells = [row for row in rows if row[:1] != [FIXED]]
        widths = [max(map(len, map(self._shown, column))) for column in zip(*cells, strict=False)]
        for row in rows:
            if row[:1] == [FIXED]:
                self._text.append(row[1])
                continue
            padded = [
                cell + " " * (width - len(self._shown(cell)))
                for cell, width in zip(row, widths, strict=False)
            ]
            self._write(" | ".join(padded), FIXED)
        self._text.append("\n")

    def _shown(self, cell: str) -> str:
        """Give *cell* about as long as it will be: a field as long as its name."""
        return self._markers.back(cell)

    def _inline(self, inline: Token) -> str:
        texts: list[str] = []
        links: list[tuple[str, int]] = []  # The address, and where its words begin in *texts*.
        for token in inline.children or []:
            match token.type:
                case "softbreak":
                    texts.append(" ")
                case "hardbreak":
                    texts.append("\n")
                case "link_open":
                    links.append((str(token.attrGet("href") or ""), len(texts)))
                case "link_close":
                    address, begin = links.pop()
                    words = "".join(texts[begin:])
                    texts[begin:] = [self._link(words, address)]
                case "image":
                    texts.append(self._inline(token))
                case _:
                    texts.append(token.content)
        return "".join(texts)

    def _link(self, words: str, address: str) -> str:
        shown = address
        if self._markers.any.search(address):
            shown = self._markers.of(Link(address))
        if words == address.removeprefix("mailto:"):
            return words
        if not words or words == address:
            return shown
        return f"{words} ({shown})"
