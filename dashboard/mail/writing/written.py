"""A draft made ready to be filled for many, quickly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from dashboard.mail.writing import grammar, lines, markdown, page, safety, spots
from dashboard.mail.writing.assembly import assembled
from dashboard.mail.writing.draft import Draft, Rendered
from dashboard.mail.writing.fields import Choice, Part, Parts, names, needed
from dashboard.mail.writing.filling import HTML, MARKED_HTML, MARKED_TEXT, TEXT, fill, in_html
from dashboard.mail.writing.markers import Markers
from dashboard.mail.writing.plain import Plain


@dataclass(frozen=True)
class Written:
    """*fields* are the names of all fields in use, in order; *wraps* whether lines are wrapped."""

    fields: tuple[str, ...]
    subject: Parts
    text: Parts
    html: Parts
    wraps: bool

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that everybody must have a value for, in order."""
        parts = (self.subject, self.html, self.text)
        return tuple(dict.fromkeys(name for part in parts for name in needed(part)))

    @property
    def in_subject(self) -> tuple[str, ...]:
        """The fields of the subject, in order."""
        return tuple(dict.fromkeys(names(self.subject)))

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Give the message for one recipient.

        Values are text: in HTML they are escaped, inside of a link's address they stay in their
        place. A field that is blank is filled with nothing; leave it out of *values* where it is
        to be missing. Raises MissingField where a field has neither value nor default, BadLink
        where a link's address is none when filled.
        """
        text = fill(self.text, values, TEXT)
        return Rendered(
            " ".join(fill(self.subject, values, TEXT).split()),
            lines.wrapped(text) if self.wraps else text,
            fill(self.html, values, HTML),
        )

    def marked(self, values: Mapping[str, str]) -> Rendered:
        """Give the same with all three parts as HTML and every field in <mark class="field">.

        A field that is missing is a <mark class="field missing"> with its name; a link whose
        address lacks one leads to “#”. Raises BadLink as render does.
        """
        text = fill(self.text, values, MARKED_TEXT)
        return Rendered(
            in_html(" ".join(fill(self.subject, values, MARKED_TEXT).split())),
            in_html(lines.wrapped(text) if self.wraps else text),
            fill(self.html, values, MARKED_HTML),
        )


def compile(draft: Draft) -> Written:  # noqa: A001 - It is called as re.compile is.
    """Make *draft* ready: once for a mailing, some milliseconds.

    Raises Unwritable for all that an e-mail cannot have.
    """
    subject = grammar.read(draft.subject, "subject")
    body = grammar.read(draft.body, "body")
    html = _edited(draft) if draft.html else _page(body)
    text = _typed(draft) if draft.text else _text(body)
    used = dict.fromkeys([*names(subject), *names(html), *names(text)])
    return Written(tuple(used), subject, text, html, wraps=not draft.text)


def as_html(body: str) -> str:
    """Give the HTML of the Markdown *body* for somebody to edit: no frame, fields as written."""
    markers = Markers()
    return markers.back(_fragment(markers.put(grammar.read(body, "body")), markers))


def as_text(body: str) -> str:
    """Give the plain text of the Markdown *body* for somebody to edit, fields as written."""
    markers = Markers()
    source = markers.put(grammar.read(body, "body"))
    text = Plain(markers).of(markdown.blocks(source, markers))
    return markers.back(lines.wrapped(markers.on_lines(text)))


def unknown(written: Written, known: Collection[str]) -> tuple[str, ...]:
    """Give the fields of *written* that are none of the *known* ones, in order."""
    return tuple(name for name in written.fields if name not in known)


def _fragment(source: str, markers: Markers) -> str:
    return safety.safe(markdown.html(markdown.blocks(source, markers)), markers, "body")


def _page(body: Parts) -> Parts:
    markers = Markers()
    return spots.parts(page.framed(_fragment(markers.put(body), markers)), markers, "body")


def _edited(draft: Draft) -> Parts:
    markers = Markers()
    source = markers.put_in_html(grammar.read(draft.html, "html"))
    return spots.parts(page.framed(safety.safe(source, markers, "html")), markers, "html")


def _typed(draft: Draft) -> Parts:
    markers = Markers()
    source = markers.put_in_text(grammar.read(draft.text, "text"))
    return assembled(source, markers, "text")


def _text(body: Parts) -> Parts:
    markers = Markers()
    tokens = markdown.blocks(markers.put(body), markers)
    return _settled(assembled(Plain(markers).of(tokens), markers, "body"))


def _settled(parts: Parts) -> Parts:
    settled: list[Part] = []
    for part in parts:
        match part:
            case str():
                settled.append(lines.settled(part))
            case Choice():
                then, other = _settled(part.then), _settled(part.other)
                settled.append(replace(part, then=then, other=other))
            case _:
                settled.append(part)
    return tuple(settled)
