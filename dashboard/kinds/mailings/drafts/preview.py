"""A draft as one of its recipients will get it, and what is wrong with it beside each text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from markupsafe import Markup

from dashboard.kinds.mailings.drafts.fields import Seen
from dashboard.kinds.mailings.drafts.shown import shown
from dashboard.mail.writing import (
    BadLink,
    Draft,
    MissingField,
    Refusal,
    Unwritable,
    Written,
    compile as made_ready,
)
from dashboard.mail.writing.fields import names
from dashboard.words import gettext as _

LONGEST: Final = 50_000  # characters; what is longer is not compiled while somebody types

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class Preview:
    """*seen* is the row, *problems* are sentences by the field of the form; all else is HTML.

    *is_long*: there is too much to be shown while somebody types.
    """

    seen: Seen
    subject: Markup = Markup("")
    html: Markup = Markup("")
    text: Markup = Markup("")
    is_long: bool = False
    problems: Problems = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written yet, or nothing can be shown."""
        return not (self.subject or self.html.striptags() or self.text)


def preview_of(draft: Draft, seen: Seen) -> Preview:
    """Give *draft* filled with the row that was *seen*."""
    if len(draft.body) + len(draft.html) + len(draft.text) + len(draft.subject) > LONGEST:
        return Preview(seen, is_long=True)
    try:
        written = made_ready(draft)
    except Unwritable as error:
        return Preview(seen, problems={error.where: [_located(error)]})
    problems = _missing(written, draft, seen) if seen.fields else {}
    try:
        filled = written.marked(seen.values)
    except BadLink as error:
        return Preview(seen, problems={**problems, "body": [str(error)]})
    # All three are HTML that the writing package has escaped.
    subject, text = Markup(filled.subject), Markup(filled.text)
    return Preview(seen, subject, shown(filled.html), text, problems=problems)


def missing(written: Written, values: Mapping[str, str]) -> list[str]:
    """Give the fields that would be missing for whoever has *values*, in order."""
    known, found = dict(values), list[str]()
    for _each in written.fields:
        try:
            written.render(known)
        except MissingField as error:
            found.append(error.name)
            known[error.name] = "-"
        except Refusal:
            break
        else:
            break
    return found


def in_brackets(draft: Draft, values: Mapping[str, str]) -> dict[str, str]:
    """Give *values* of all fields of *draft*, names in brackets for those that it has none of.

    Raises Refusal.
    """
    written = made_ready(draft)
    known = {name: value for name, value in values.items() if name in written.fields}
    return known | {name: f"[{name}]" for name in missing(written, known)}


def _located(error: Unwritable) -> str:
    if not error.line:
        return f"{error}."
    return _("Line %(line)s: %(sentence)s.", line=error.line, sentence=str(error))


def _missing(written: Written, draft: Draft, seen: Seen) -> Problems:
    problems: Problems = {}
    absent = [name for name in written.fields if name not in seen.fields]
    blank = [name for name in missing(written, seen.values) if name not in absent]
    for name in absent if seen.row is None else [*absent, *blank]:
        where = _where(written, draft, name)
        sentence = _unknown(name, seen) if name in absent else _nothing(name, seen)
        problems.setdefault(where, []).append(sentence)
    return problems


def _where(written: Written, draft: Draft, name: str) -> str:
    if name in names(written.subject):
        return "subject"
    if draft.html and name in names(written.html):
        return "html"
    if draft.text and name in names(written.text) and draft.html:
        return "text"
    return "body"


def _unknown(name: str, seen: Seen) -> str:
    sentence = _("There is no field “%(name)s” in %(file)s.", name=name, file=seen.name)
    alike = _alike(name, seen.fields)
    question = _("Is it “%(name)s”?", name=alike) if alike else ""
    return f"{sentence} {question}".rstrip()


def _nothing(name: str, seen: Seen) -> str:
    return _("Row %(row)s has nothing for “%(name)s”.", row=seen.place, name=name)


def _alike(name: str, fields: Iterable[str]) -> str:
    by_lower = {each.lower(): each for each in fields}
    found = get_close_matches(name.lower(), list(by_lower), n=1)
    return by_lower[found[0]] if found else ""
