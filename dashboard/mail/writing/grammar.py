"""Reads placeholders with Jinja's parser and lets through only what ends and reaches nothing.

Nothing of Jinja runs when a message is filled: what is let through becomes fields and choices.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from jinja2 import Environment, TemplateSyntaxError, nodes

from dashboard.mail.writing.fields import STEPS, Choice, Field, Part, Parts, Step, clean, default
from dashboard.mail.writing.refusals import Unwritable, Where
from dashboard.words import marked

LOOP: Final = marked("Nothing can be repeated in an e-mail: {%% for %%} is not possible")
NOT_PLAIN: Final = marked(
    "Only {{ name }}, {{ name | filter }} and {%% if name %%} with {%% else %%} and {%% endif %%}"
    " can be used"
)
NO_FILTER: Final = marked(
    "There is no filter “%(name)s”: there are upper, lower, title, trim and default"
)
BAD_DEFAULT: Final = marked('What stands instead is written as default("some words")')
LONG_DEFAULT: Final = marked("What stands instead of a field can have %(most)s characters at most")
NOT_CLOSED: Final = marked("A condition is not closed: {%% endif %%} is missing")
UNREADABLE: Final = marked("A placeholder cannot be read: it is not closed or has a wrong sign")
TOO_DEEP: Final = marked("Conditions stand too deep inside of one another")
TOO_LARGE: Final = marked("The text has %(size)s KB; an e-mail can have %(most)s KB at most")

# What Jinja's parser says of what is wrong, and what we say.
SAID: Final = (
    ("Unexpected end of template", NOT_CLOSED),
    ("Encountered unknown tag", NOT_PLAIN),
)
LARGEST: Final = 500_000  # bytes; five times what mail programs show without a word
# Bytes of Markdown, which grows when it becomes HTML, and takes up to 30 µs a byte to read.
LARGEST_BODY: Final = 100_000
LONGEST_DEFAULT: Final = 500  # characters
DEEPEST: Final = 8  # conditions inside of one another


def read(source: str, where: Where) -> Parts:
    """Give the texts, fields and choices of *source*.

    Raises Unwritable for anything else, and for more than LARGEST bytes, or LARGEST_BODY.
    """
    _weigh(source, where)
    try:
        template = _jinja().parse(clean(source))
    except TemplateSyntaxError as error:
        words = error.message or ""
        sentence = next((ours for theirs, ours in SAID if words.startswith(theirs)), UNREADABLE)
        raise Unwritable(sentence, where=where, line=error.lineno) from None
    except RecursionError:
        raise Unwritable(TOO_DEEP, where=where, line=0) from None
    except (ValueError, OverflowError):  # A number too long for Python to read.
        raise Unwritable(UNREADABLE, where=where, line=0) from None
    return tuple(_parts(template.body, where, 0))


def _weigh(source: str, where: Where) -> None:
    most = LARGEST_BODY if where == "body" else LARGEST
    size = len(source) if len(source) > most else len(source.encode(errors="replace"))
    if size > most:
        size, most = -(-size // 1000), most // 1000
        raise Unwritable(TOO_LARGE, where=where, line=0, size=size, most=most)


@cache
def _jinja() -> Environment:
    # It only reads; autoescape is a matter of what is compiled, which nothing is.
    return Environment(keep_trailing_newline=True, autoescape=True)


def _parts(body: Iterable[nodes.Node], where: Where, depth: int) -> Iterator[Part]:
    for node in body:
        match node:
            case nodes.Output():
                for inner in node.nodes:
                    if isinstance(inner, nodes.TemplateData):
                        yield inner.data
                    else:
                        yield _field(inner, where)
            case nodes.If(test=nodes.Name(name=name), elif_=[]):
                if depth == DEEPEST:
                    raise Unwritable(TOO_DEEP, where=where, line=node.lineno)
                then = tuple(_parts(node.body, where, depth + 1))
                other = tuple(_parts(node.else_, where, depth + 1))
                yield Choice(name, then, other, node.lineno)
            case nodes.For():
                raise Unwritable(LOOP, where=where, line=node.lineno)
            case _:
                raise Unwritable(NOT_PLAIN, where=where, line=node.lineno)


def _field(node: nodes.Node, where: Where) -> Field:
    steps: list[Step] = []
    source: list[str] = []
    line = node.lineno
    while isinstance(node, nodes.Filter) and node.node is not None:
        step, written = _step(node, where)
        steps.insert(0, step)
        source.insert(0, f" | {written}")
        node = node.node
    if not isinstance(node, nodes.Name):
        raise Unwritable(NOT_PLAIN, where=where, line=line)
    return Field(node.name, tuple(steps), f"{{{{ {node.name}{''.join(source)} }}}}", line)


def _step(node: nodes.Filter, where: Where) -> tuple[Step, str]:
    """Give the step of a filter and how it is written."""
    if node.name == "default":
        match node:
            case nodes.Filter(
                args=[nodes.Const(value=str(instead))], kwargs=[], dyn_args=None, dyn_kwargs=None
            ):
                if len(instead) > LONGEST_DEFAULT:
                    most = LONGEST_DEFAULT
                    raise Unwritable(LONG_DEFAULT, where=where, line=node.lineno, most=most)
                return default(clean(instead)), f"default({instead!r})"
        raise Unwritable(BAD_DEFAULT, where=where, line=node.lineno)
    if node.name not in STEPS:
        raise Unwritable(NO_FILTER, where=where, line=node.lineno, name=node.name)
    if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise Unwritable(NOT_PLAIN, where=where, line=node.lineno)
    return STEPS[node.name], node.name
