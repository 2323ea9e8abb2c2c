"""Whatever somebody writes is refused with a sentence, or gives whole messages for everybody."""

from html.parser import HTMLParser

from hypothesis import given, settings, strategies as st

from dashboard.mail import writing
from dashboard.mail.writing import BadLink, Draft, MissingField, Unwritable, Written

VOID = {"br", "hr", "img", "meta"}
PIECES = [
    "a ", "b\n", "\n\n", "- ", "1. ", "> ", "    ", "# ", "*", "**", "`", "```\n", "|", "|---|\n",
    "[", "](https://a.example/", ")", "!", "<", ">", "<b>", "</b>", "<p>", "<li>", "<td>",
    "<table>", "</table>", "<a href='https://a.example/", "'>", "<!--", "-->", "&amp;", "\\",
    "---\n", "\x05", "{{ a }}", "{{ b | default('c') }}", "\ud800",
]  # fmt: skip
CONDITIONS = ["{% if a %}%s{% endif %}", "\n{% if a %}\n%s\n{% endif %}\n"]
TURNS = ["{% if a %}%s{% else %}%s{% endif %}", "\n{% if a %}\n%s\n{% else %}\n%s\n{% endif %}\n"]
BROKEN = ["{{", "%}", "{% if a %}", "{% else %}", "{% endif %}"]


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Give texts of several *parts*."""
    return st.lists(parts, max_size=12).map("".join)


def with_conditions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Give texts that hold *inner* in conditions."""
    whole = st.tuples(st.sampled_from(CONDITIONS), inner).map(lambda parts: put(parts[0], parts[1]))
    turned = st.tuples(st.sampled_from(TURNS), inner, inner).map(lambda parts: put(*parts))
    return joined(st.sampled_from(PIECES) | whole | turned)


def put(into: str, *texts: str) -> str:
    """Put *texts* into the places of *into*."""
    for text in texts:
        into = into.replace("%s", text, 1)
    return into


SOURCES = st.recursive(joined(st.sampled_from(PIECES)), with_conditions, max_leaves=6) | joined(
    st.sampled_from([*PIECES, *BROKEN])
)
VALUES = st.fixed_dictionaries({}, optional={"a": st.sampled_from(["", "x", "<p>", "x y\nz"])})


class Whole(HTMLParser):
    """Sees that every element of a page is closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(deadline=None)
@given(SOURCES, st.sampled_from(["body", "html", "text"]), VALUES)
def test_whatever_is_written_is_refused_or_gives_whole_messages(
    source: str, where: str, values: dict[str, str]
) -> None:
    try:
        written = writing.compile(Draft(**({"subject": "", "body": ""} | {where: source})))
    except Unwritable as refused:
        told: tuple[str, bool] = refused.where, "%(" in str(refused)
    else:
        told = where, False
        see(written, values)
    assert told == (where, False)


def see(written: Written, values: dict[str, str]) -> None:
    """See that the message for *values* is whole, marked and not."""
    assert Whole(written.marked(values).html).open == []
    try:
        rendered = written.render(values)
    except (MissingField, BadLink):
        return
    assert Whole(rendered.html).open == []
    assert not {*"\x01\x02\x03\x05\x06"} & {*rendered.text, *rendered.html}
    assert rendered.text.encode() + rendered.html.encode()


@settings(deadline=None)
@given(SOURCES)
def test_whatever_is_given_to_be_edited_can_be_compiled_or_is_refused(source: str) -> None:
    try:
        writing.compile(Draft("", source))
    except Unwritable:
        return
    assert "\x05" not in writing.as_text(source)
    assert "q" not in writing.as_html(source).replace("blockquote", "")
