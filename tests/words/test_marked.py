"""No text of a page is written past gettext."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from tests.parts import ROOT

TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
# What stands for an expression between pieces of a page.
VALUE = "\0"
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
READ_OUT = re.compile(
    r'\b(?:aria-label|title|placeholder|alt|aria-valuetext|data-(?:one|many))="([^"]*)"'
)
WORD = re.compile(r"[A-Za-z]{2,}")
# A text in an expression: it begins with a capital, or has a blank between words.
SENTENCE = re.compile(r"[A-Z][a-z]+\b|[a-z]{2,} [a-z]{2,}")
GETTEXT = {"_", "gettext", "ngettext"}
# Names of units, algorithms and keys that are the same in every language.
NAMES_OF_THINGS = {"SHA"}
CLASSES = {"RadioField", "SelectMultipleField"}
# Blocks in which a page gives <main> its attributes.
ATTRIBUTES = {"live", "live_more", "counted"}

environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
)
environment.newstyle_gettext = True  # type: ignore[attr-defined]


def page(node: nodes.Node) -> Iterator[str]:
    """Give what a template writes, in its order, with VALUE for each expression."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Expr):
        yield VALUE
    elif not (isinstance(node, nodes.Block) and node.name in ATTRIBUTES):
        for child in node.iter_child_nodes():
            yield from page(child)


def texts(node: nodes.Node) -> Iterator[str]:
    """Give the texts in expressions that gettext is not asked for."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in GETTEXT:
        for value in node.kwargs:
            yield from texts(value)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from texts(child)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_a_page_is_marked(name: str) -> None:
    tree = environment.parse((TEMPLATES / name).read_text(), name)
    html = COMMENT.sub("", "".join(page(tree)))
    shown = WORD.findall(TAG.sub(" ", html))
    read_out = [word for value in READ_OUT.findall(html) for word in WORD.findall(value)]

    assert [word for word in (*shown, *read_out) if word not in NAMES_OF_THINGS] == []
    assert [text for text in set(texts(tree)) - CLASSES if SENTENCE.search(text)] == []
