"""The words of one language: what gettext's .po file says for each English message."""

import gettext
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE = "en"  # The language in which the desk is written.
FOLDER = Path(__file__).parent.parent / "translations"
FILE = Path("LC_MESSAGES", "messages.po")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
SCRIPTS = "static/js/"


@dataclass(frozen=True)
class Catalogue:
    """The *forms* of each message, by the English one; *form* gives which one a number takes.

    A message that is not there is said in English. *scripts* are those that the browser says.
    """

    language: str
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = lambda number: int(number != 1)
    scripts: frozenset[str] = frozenset()

    def says(self, message: str) -> str:
        """Give *message* in this language, its placeholders still in it."""
        forms = self.forms.get(message)
        return forms[0] if forms else message

    def each_form(self, one: str, many: str) -> tuple[str, ...]:
        """Give all forms of a message that names a number, in the order of *form*."""
        return self.forms.get(one) or (one, many)

    def for_scripts(self) -> str:
        """Give the browser's own messages and their forms as JSON, "" where they are English."""
        if not self.scripts:
            return ""
        said = {message: self.forms[message] for message in sorted(self.scripts)}
        return json.dumps(said, ensure_ascii=False)


def marked(message: str) -> str:
    """Mark *message* to be translated where it is shown: it is kept in English."""
    return message


@lru_cache(maxsize=5_000)
def pieces(text: str) -> tuple[str, ...]:
    """Cut *text* at its placeholders: words and names by turns, words first and last."""
    cut = PLACEHOLDER.split(text)
    return tuple(part if at % 2 else part.replace("%%", "%") for at, part in enumerate(cut))


@cache
def catalogue_of(language: str) -> Catalogue:
    """Give the catalogue of *language*; an empty one for English, and where there is none."""
    path = FOLDER / language / FILE
    if language == SOURCE or not path.exists():
        return Catalogue(language)
    with path.open("rb") as file:
        read = read_po(file, locale=language)
    forms: dict[str, tuple[str, ...]] = {}
    scripts: set[str] = set()
    for message in read:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if not message.id or message.fuzzy or not all(said):
            continue
        one = str(message.id[0] if isinstance(message.id, tuple) else message.id)
        forms[one] = tuple(map(str, said))
        if any(name.startswith(SCRIPTS) for name, _ in message.locations):
            scripts.add(one)
    # The rule is of the file's own header, as gettext itself reads it.
    rule = gettext.c2py(read.plural_expr)
    return Catalogue(language, forms, rule, frozenset(scripts))
