"""The page of a message is one quiet column, with a foot that says why one gets it."""

import pytest

from dashboard.mail import writing
from dashboard.mail.writing import BadLink, Draft

RENDERED = writing.compile(Draft("", "# Hi\n\nA [link](https://a.example/?b=1&c=2).")).render({})


def test_the_styles_are_inside_of_the_elements() -> None:
    assert '<p style="margin: 0 0 16px;">' in RENDERED.html
    assert "max-width: 600px" in RENDERED.html
    assert (
        '<a href="https://a.example/?b=1&amp;c=2" style="color: #2457c5;">link</a>' in RENDERED.html
    )


def test_dark_mail_programs_are_told_their_colours() -> None:
    style = RENDERED.html.partition("<style>")[2].partition("</style>")[0]
    assert style.startswith("@media (prefers-color-scheme: dark)")
    assert 'class="column"' in RENDERED.html


def test_a_column_of_a_table_keeps_its_alignment() -> None:
    page = writing.compile(Draft("", "| a |\n|--:|\n| 1 |")).render({}).html
    assert page.count("text-align: right") + page.count("text-align:right") == 2
    assert "text-align: left" not in page.partition("<table")[2]


def test_the_foot_says_why_and_how_to_get_no_more() -> None:
    html, text = writing.frame(
        RENDERED.html,
        RENDERED.text,
        why="You ordered at <Shop>.",
        unsubscribe="https://b.example/u?a=1&b=2",
        words="Abmelden",
    )
    foot = html.removeprefix(RENDERED.html.removesuffix("</div></body></html>"))
    assert "You ordered at &lt;Shop&gt;." in foot
    assert 'href="https://b.example/u?a=1&amp;b=2"' in foot
    assert foot.endswith(">Abmelden</a></p></div></div></body></html>")
    foot = "-- \nYou ordered at <Shop>.\nAbmelden: https://b.example/u?a=1&b=2\n"
    assert text == f"{RENDERED.text}\n{foot}"


def test_a_body_that_speaks_of_the_end_of_a_page_is_not_the_end() -> None:
    page = writing.compile(Draft("", "`</div></body></html>`")).render({}).html
    html, _ = writing.frame(page, "", why="Why.", unsubscribe="https://b.example/")
    assert html.index("&lt;/body") < html.index("Why.") < html.index("</body>")


@pytest.mark.parametrize("address", ["javascript:x", "", "/u", "https://"])
def test_the_link_of_the_foot_is_a_link(address: str) -> None:
    with pytest.raises(BadLink):
        writing.frame("", "", why="", unsubscribe=address)


def test_an_empty_body_gives_an_empty_message() -> None:
    rendered = writing.compile(Draft("", "")).render({})
    assert (rendered.subject, rendered.text) == ("", "")
    assert rendered.html.endswith("</div></body></html>")
