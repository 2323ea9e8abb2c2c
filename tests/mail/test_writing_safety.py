"""No value of a recipient can become more than text, in any place of a message."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings, strategies as st
from markupsafe import escape

from dashboard.mail import writing
from dashboard.mail.writing import BadLink, Draft

BODY = """# {{ a }}

**{{ a }}** `{{ a }}` [{{ a }}](https://shop.example/o?n={{ a }}&m=1 "to {{ a }}") ![{{ a }}](https://shop.example/p.png)

| {{ a }} | b |
|---------|---|
| c | {{ a }} |

    {{ a }}
"""
WRITTEN = writing.compile(Draft("{{ a }}", BODY))
LINK = writing.compile(Draft("", "[words]({{ a }})"))
NASTY = [
    '"><script>x</script>',
    "' onclick='x",
    "</style><b>",
    "<!--",
    "&lt;b&gt;",
    "a\x00\x01\x05b",
]
VALUES = st.text() | st.sampled_from(NASTY) | st.text("<>\"'&/=! \n-{}%a")


class Shape(HTMLParser):
    """The tags of a page and the names of their attributes; its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: dict[str, str] = {}
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values |= {f"{tag} {name}": value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", (data,)))


SHAPE = Shape(WRITTEN.render({"a": "x"}).html).tags
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@settings(deadline=None)
@given(VALUES)
@example("".join(NASTY))
def test_no_value_opens_a_tag_or_an_attribute(value: str) -> None:
    page = Shape(WRITTEN.render({"a": value}).html)
    assert page.tags == SHAPE
    kept = CONTROL.sub(" ", re.sub(r"\r\n?", "\n", value))
    assert page.values["a title"] == f"to {kept}"
    assert page.values["img alt"] == kept
    assert "".join(page.words).count(kept) >= 5


@settings(deadline=None)
@given(VALUES)
def test_a_value_stays_in_its_place_of_an_address(value: str) -> None:
    parts = urlsplit(Shape(WRITTEN.render({"a": value}).html).values["a href"])
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "shop.example", "/o")
    begin, _, end = parts.query.rpartition("&")
    assert (begin.partition("=")[0], end, parts.fragment) == ("n", "m=1", "")
    assert unquote(begin[2:]) == CONTROL.sub(" ", re.sub(r"\r\n?", "\n", value)).strip()


@settings(deadline=None)
@given(
    VALUES | st.sampled_from(["javascript:x", "data:text/html,x", " JAVASCRIPT:x", "//a.example"])
)
def test_a_whole_address_is_a_link_or_refused(value: str) -> None:
    try:
        page = LINK.render({"a": value}).html
    except BadLink:
        return
    assert re.match(r"https?://\S|mailto:\S", Shape(page).values["a href"], re.IGNORECASE)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://a.example/b c?d=é&e=%20#f", "https://a.example/b%20c?d=%C3%A9&e=%20#f"),
        (" HTTP://A.example ", "HTTP://A.example"),
        ("mailto:ada@a.example?subject=Hi", "mailto:ada@a.example?subject=Hi"),
    ],
)
def test_a_whole_address_keeps_its_signs(value: str, address: str) -> None:
    assert Shape(LINK.render({"a": value}).html).values["a href"] == address


def test_a_value_cannot_lead_a_link_to_another_host() -> None:
    written = writing.compile(Draft("", "[x](https://shop.example{{ a }}/)"))
    page = Shape(written.render({"a": "@evil.example/"}).html)
    assert page.values["a href"] == "https://shop.example%40evil.example%2F/"


@settings(deadline=None)
@given(VALUES.map(lambda value: " ".join(CONTROL.sub(" ", value).split())).filter(bool))
def test_a_marked_message_is_the_same_with_marks(value: str) -> None:
    plain, shown = WRITTEN.render({"a": value}), WRITTEN.marked({"a": value})
    assert bare(shown.html) == plain.html
    assert bare(shown.text) == escape(plain.text)
    assert bare(shown.subject) == escape(plain.subject)


def bare(page: str) -> str:
    """Give *page* without marks."""
    return page.replace('<mark class="field">', "").replace("</mark>", "")


def test_every_filled_field_is_marked() -> None:
    shown = writing.compile(Draft("To {{ a }}", "Dear {{ a }}")).marked({"a": "<A>"})
    mark = '<mark class="field">&lt;A&gt;</mark>'
    assert shown.subject == f"To {mark}"
    assert shown.text == f"Dear {mark}\n"
    assert f"Dear {mark}</p>" in shown.html


def test_a_missing_field_is_shown_by_its_name() -> None:
    written = writing.compile(Draft("To {{ a }}", "Dear {{ a }} [x](https://a.example/{{ a }})"))
    shown = written.marked({})
    mark = '<mark class="field missing">a</mark>'
    assert shown.subject == f"To {mark}"
    assert shown.text == f"Dear {mark} x (#)\n"
    assert f'Dear {mark} <a href="#"' in shown.html


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick='x'>a</p>",
        "<!-- -- ><img src=https://a.example onerror=x> -->",
        "<!--><img src=https://a.example onerror=x>-->",
        "<!--[if mso]><script>x</script><![endif]-->",
        "</div></body><script>x</script>",
        "<style>p { color: red }</style>",
        "<form action='https://a.example'><input></form>",
        "<a href='javascript:x'>a</a>",
        "<img src='data:image/png,x'>",
        "<p style='position: fixed; background: url(https://a.example)'>a</p>",
        "<svg><style><img src=https://a.example onerror=x></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><b title='--&gt;&lt;img onerror=x&gt;'>",
    ],
)
def test_html_by_hand_is_made_safe(html: str) -> None:
    page = writing.compile(Draft("", "", html=html)).render({}).html
    tags = Shape(page).tags
    names = {tag for tag, _ in tags}
    assert not names & {"script", "form", "input", "svg", "math", "comment", "object", "iframe"}
    assert not {name for _, attributes in tags for name in attributes if name.startswith("on")}
    body = page.partition("</head>")[2]
    assert not re.search(r"javascript:|data:|url\(|fixed|<style", body)
    assert page.count("</body>") == 1


def test_markdown_takes_no_html() -> None:
    page = writing.compile(Draft("", "<b onclick='x'>a</b>\n\n<script>x</script>")).render({}).html
    assert not {"b", "script"} & {tag for tag, _ in Shape(page).tags}


def test_what_somebody_writes_as_a_marker_is_text() -> None:
    body = "{{ a }} q0123456789abcdeff0q <!--q0123456789abcdefc0q-->"
    assert "q0123456789abcdeff0q" in writing.compile(Draft("", body)).render({"a": "x"}).text
