"""What people and sources write is shown as text, whatever it is and however long."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask

from dashboard.extensions import db
from tests.people import Person, words
from tests.web.desk import Desk
from tests.web.hostile import all_states, calls, fills, markup
from tests.web.streams import Streams

LISTS = (
    *("/", "/jobs", "/files", "/attention", "/users", "/tables", "/workers", "/account", "/outbox"),
)
SHOWN = {
    "running": ("title", "choice", "value", "phase", "step", "line"),
    "succeeded": (
        *("title", "choice", "value", "line", "warning", "column", "cell", "total", "sum", "file"),
        *("chart", "measure", "axis", "series", "point", "counted"),
    ),
    "failed": ("title", "choice", "value", "line", "what", "unchanged", "next"),
}


@pytest.fixture
def states(desk: Desk, staff: Person) -> dict[str, str]:
    """Give a job of the staff's in each state, all of them filled with markup."""
    states = all_states(desk, staff)
    for job_id in states.values():
        fills(desk, job_id)
    calls(desk, staff, markup("name"))
    return states


def test_markup_in_any_field_is_text_on_every_page(
    desk: Desk, admin: Person, staff: Person, colleague: Person, states: dict[str, str]
) -> None:
    for job_id in states.values():
        admin.sends(f"/jobs/{job_id}/notes", f"/jobs/{job_id}", text=markup("note"))
    paths = [*LISTS, *(f"/jobs/{job_id}" for job_id in states.values())]
    for person in (admin, staff):
        for path in paths:
            page = person.opens(path).text
            assert "<blink" not in page, path
            assert Attributes.of(page).isdisjoint({"blink", "\"'&title"}), path
    for state, fields in SHOWN.items():
        page = unescape(admin.opens(f"/jobs/{states[state]}").text)
        for field in (*fields, "note", "name"):
            assert markup(field) in page, (state, field)


class Attributes(HTMLParser):
    """Collects the names of all elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    @classmethod
    def of(cls, page: str) -> set[str]:
        """Give the names of *page*."""
        parser = cls()
        parser.feed(page)
        return parser.names

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the names of an element."""
        self.names |= {tag, *(name for name, _ in attrs)}


def test_markup_reaches_a_live_page_as_text_and_never_ends_an_event(
    desk: Desk, staff: Person, streams: Streams, states: dict[str, str]
) -> None:
    running = states["running"]
    pages = {view: streams.page(staff, view, running) for view in ("job", "home", "history")}
    for view, page in pages.items():
        begin = page.until("live")
        fragments = [told.data for told in begin if told.name == "fragment"]
        assert fragments
        assert "<blink" not in "".join(fragments), view
        assert any(markup("title") in unescape(html) for html in fragments)
    assert pages["job"].fields == ["retry: 1000"]

    desk.succeeds(running)

    titles = [told.json["text"] for told in pages["job"].rest() if told.name == "title"]
    assert titles[-1] == f"✓ Ready {markup('title')}"
    # The page puts these words in as text.
    assert pages["home"].hears("toast").json["text"] == f"{markup('title')} is ready."


def test_markup_in_an_address_stays_in_its_field(staff: Person) -> None:
    for path, query in (
        ("/jobs", {"q": markup("q"), "kind": markup("kind"), "person": markup("person")}),
        ("/new/orders", {"name": markup("name"), "region": markup("region")}),
        ("/files", {"q": markup("q")}),
        ("/", {"q": markup("q"), "family": markup("family")}),
    ):
        page = staff.opens(path, **query).text
        assert "<blink" not in page, path
        assert "\"'&q" not in Attributes.of(page)


@pytest.mark.parametrize("text", ["T" * 500, "Ein sehr langer Titel, " * 21 + "und Schluss"])
def test_a_title_of_500_characters_is_whole_wherever_a_job_is_named(
    desk: Desk, staff: Person, admin: Person, text: str
) -> None:
    states = all_states(desk, staff)
    for job_id in states.values():
        fills(desk, job_id, str, title=text)

    for path in ("/", "/jobs", "/files"):
        assert text in words(staff.opens(path).text), path
    assert text in words(admin.opens("/attention").text)
    for job_id in states.values():
        page = staff.opens(f"/jobs/{job_id}").text
        assert text in words(page)
        assert text in re.findall(r"<title>(.*?)</title>", page)[0]


def test_two_million_rows_are_figures_that_can_be_read(
    app: Flask, desk: Desk, staff: Person
) -> None:
    running, done = desk.running(staff), desk.running(staff, "orders")
    desk.counts(running, 1_234_567, 2_000_000)
    desk.succeeds(done, rows=2_000_000)

    page = staff.opens(f"/jobs/{running}").text
    assert 'value="61"' in page
    assert "1,234,567 of 2,000,000" in words(page), words(page)
    assert "2,000,000 rows" in words(staff.opens(f"/jobs/{done}").text)
    for path in ("/", "/jobs", f"/jobs/{running}", f"/jobs/{done}"):
        assert len(staff.opens(path).data) < 60_000
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
