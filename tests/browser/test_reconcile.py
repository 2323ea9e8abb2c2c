"""A part of a page becomes what the server tells, and whoever reads keeps what is theirs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, at_desk

pytestmark = pytest.mark.browser

BRING = """async ([before, after]) => {
  const made = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };
  const { src } = document.querySelector("script[type=module]");
  const { reconcile } = await import(src.replace("main", "reconcile"));
  window.bring = (html) => reconcile(document.getElementById("part"), made(html));
  document.getElementById("part")?.remove();
  document.getElementById("content").append(made(before));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, sqlite_desk: Desk) -> Iterator[Page]:
    """Give a page of the desk whose stream brings nothing."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.opens("/account")
        yield visitor.page


def part(inner: str, attributes: str = "") -> str:
    """Give a part of a page."""
    return f'<div id="part"{attributes}>{inner}</div>'


def shows(page: Page, before: str) -> None:
    """Let the page hold *before*."""
    page.evaluate(BRING, [before, ""])


def brings(page: Page, after: str) -> None:
    """Let the stream bring *after*, which the page then shows."""
    page.evaluate("after => window.bring(after)", after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (part("one"), part("two")),
        (part("<p>one</p>"), part("<p>one</p><p>two</p>")),
        (part("<p>one</p> <p>two</p>"), part("<p>two</p>")),
        (part("<p>one</p>"), part("<ul><li>one</li></ul>")),
        (part("", ' data-a="1" data-b="2"'), part("", ' data-b="3" data-c="4"')),
        (part("<i></i>text<b></b>"), part("<b>x</b>text<i>y</i>")),
        (part("<!-- a --><p></p>"), part("<p></p><!-- b -->")),
        (
            part('<p id="a"></p><p id="b"></p><p id="c"></p>'),
            part('<p id="c"></p><p id="x"></p><p id="a">new</p>'),
        ),
        (
            part('<p id="a"></p><p id="b"></p>'),
            part('<div id="b"></div><p id="a"></p>'),
        ),
        (
            part("".join(f"<li>{n}</li>\n" for n in range(200))),
            part("".join(f"<li>{n}</li>\n" for n in range(1, 201))),
        ),
        (
            part('<progress max="100"></progress>'),
            part('<progress max="100" value="3"></progress>'),
        ),
        (
            part('<svg><use href="#x"/></svg>'),
            part('<svg class="spin"><use href="#y"/></svg>'),
        ),
    ],
)
def test_the_page_becomes_what_is_told(page: Page, before: str, after: str) -> None:
    shows(page, before)
    brings(page, after)

    assert page.evaluate(
        """after => {
          const template = document.createElement("template");
          template.innerHTML = after;
          return document.getElementById("part").isEqualNode(template.content.firstElementChild);
        }""",
        after,
    ), page.locator("#part").evaluate("node => node.outerHTML")


def test_a_line_that_joins_a_long_list_touches_no_other(page: Page) -> None:
    lines = [f"<li>{n}</li>\n" for n in range(201)]
    shows(page, part("".join(lines[:200])))
    page.evaluate(
        """() => {
          window.touched = 0;
          const all = {subtree: true, childList: true, characterData: true};
          new MutationObserver((changes) => { window.touched += changes.length; })
            .observe(document.getElementById("part"), all);
        }"""
    )
    brings(page, part("".join(lines[1:])))
    page.evaluate("new Promise((done) => setTimeout(done))")

    # The first line and the blank behind it go, the last one and its blank come.
    assert page.evaluate("window.touched") <= 4


def test_details_stay_open_or_closed_as_their_reader_likes(page: Page) -> None:
    shows(page, part('<details id="x"><summary>a</summary>b</details><details open>c</details>'))
    page.locator("#x summary").click()
    page.evaluate("document.querySelector('#part > details:not([id])').open = false")

    brings(page, part('<details id="x"><summary>n</summary>b</details><details open>d</details>'))

    assert page.evaluate(
        "[...document.querySelectorAll('#part details')].map((one) => one.open)"
    ) == [
        True,
        False,
    ]


def test_what_was_typed_picked_and_ticked_stays(page: Page) -> None:
    fields = (
        '<input name="t" value="{0}"><textarea name="a">{0}</textarea>'
        '<input type="checkbox" name="c"><select name="s"><option>1<option>2</select>'
    )
    shows(page, part(fields.format("server")))
    page.locator("#part [name=t]").fill("mine")
    page.locator("#part [name=a]").fill("mine too")
    page.locator("#part [name=c]").check()
    page.locator("#part [name=s]").select_option("2")

    brings(page, part(fields.format("news") + "<p>more</p>"))

    values = "[...document.querySelectorAll('#part [name]')].map((one) => one.checked || one.value)"
    assert page.evaluate(values) == ["mine", "mine too", True, "2"]


def test_the_focus_goes_with_what_is_moved(page: Page) -> None:
    shows(page, part('<a id="a" href="/1">1</a><a id="b" href="/2">2</a><a id="c" href="/3">3</a>'))
    page.locator("#part #c").focus()

    brings(page, part('<a id="c" href="/3">3</a><a id="b" href="/2">2</a>'))

    assert page.evaluate("document.activeElement.id") == "c"


def test_a_button_never_becomes_another_one_under_the_finger(page: Page) -> None:
    shows(page, part('<div><button form="act-cancel">Cancel</button></div>'))
    page.locator("#part button").focus()

    brings(page, part('<div><button form="act-again">Run again</button></div>'))

    assert page.evaluate("document.activeElement === document.querySelector('#part > div')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run again"
    # What let it have the focus stays for as long as it has it.
    page.locator("#part > div").focus()
    brings(page, part('<div><button form="act-again">Once more</button></div>'))
    assert page.evaluate("document.activeElement === document.querySelector('#part > div')")


def test_a_link_that_comes_is_boosted_as_its_neighbours_are(page: Page) -> None:
    shows(page, part("<p></p>"))
    brings(page, part('<p><a href="/account#here">Account</a></p>'))
    page.evaluate("window.stayed = true")
    page.locator("#part a").click()

    page.wait_for_url("**/account#here")
    assert page.evaluate("window.stayed") is True


def test_what_htmx_has_marked_as_its_own_stays_marked(page: Page) -> None:
    shows(page, part('<a href="/account#here">Account</a>'))
    page.evaluate("htmx.process(document.getElementById('part'))")
    marked = "document.querySelector('#part a').hasAttribute('data-htmx-powered')"
    assert page.evaluate(marked)

    brings(page, part('<a href="/account#here">My account</a>'))

    assert page.locator("#part a").inner_text() == "My account"
    assert page.evaluate(marked)


LATE = '<section data-late="{0}" hx-get="/late" hx-trigger="load">Looking</section>'


def test_what_a_late_part_has_asked_for_is_not_taken_back(page: Page) -> None:
    shows(page, part('<section data-late="1">Found</section>'))

    brings(page, part(LATE.format(1)))

    assert page.locator("#part").inner_text() == "Found"


def test_a_late_part_of_something_newer_asks_anew(page: Page) -> None:
    page.route("**/late", lambda route: route.fulfill(body="Found again"))
    shows(page, part('<section data-late="1">Found</section>'))

    brings(page, part(LATE.format(2)))

    expect(page.locator("#part")).to_have_text("Found again")
