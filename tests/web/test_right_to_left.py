"""What is written from right to left changes the order of no words around it."""

from html.parser import HTMLParser

import pytest

from dashboard.web.bidi import isolated
from tests.people import Person
from tests.web.desk import Desk
from tests.web.hostile import all_states, calls, fills
from tests.web.streams import Streams

LISTS = (
    *("/", "/jobs", "/files", "/attention", "/users", "/tables", "/workers", "/account", "/outbox"),
)
WRITTEN = "שלום (\u202eעולם)"  # with a sign that turns whatever follows


class Directions(HTMLParser):
    """Collects the texts of a page that hold what is written from right to left, unprotected."""

    ALONE = frozenset({"bdi", "title", "option", "textarea", "pre", "text"})
    # A cell, a heading or an item turns nothing but itself.
    BLOCKS = frozenset({"td", "th", "h1", "h2", "h3", "dd", "dt", "li", "p"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.bare: list[str] = []

    @classmethod
    def of(cls, page: str) -> list[str]:
        """Give the unprotected texts of *page*."""
        parser = cls()
        parser.feed(page)
        return parser.bare

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element."""
        self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those within it that were never closed."""
        if any(tag == each for each, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Look at a text."""
        if WRITTEN not in data:
            return
        tag = self.open[-1][0]
        hidden = any(attrs.get("class") == "visually-hidden" for _, attrs in self.open)
        alone = tag in self.BLOCKS and data.strip() == WRITTEN
        apart = any(each in self.ALONE or attrs.get("dir") for each, attrs in self.open)
        if not (hidden or alone or apart):
            where = " ".join(f"{name}.{attrs.get('class', '')}" for name, attrs in self.open[-4:])
            self.bare.append(f"{where}: {data.strip()}")


def test_what_is_written_from_right_to_left_turns_no_words_around_it(
    desk: Desk, staff: Person, admin: Person
) -> None:
    states = all_states(desk, staff)
    for job_id in states.values():
        fills(desk, job_id, lambda _: WRITTEN)
        admin.sends(f"/jobs/{job_id}/notes", f"/jobs/{job_id}", text=WRITTEN)
    calls(desk, staff, WRITTEN)

    for path in (*LISTS, *(f"/jobs/{job_id}" for job_id in states.values())):
        page = admin.opens(path).text
        assert Directions.of(page) == [], path


def test_a_title_from_right_to_left_turns_no_words_of_the_tab_and_of_a_toast(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    fills(desk, job_id, title=WRITTEN)
    page, home = streams.page(staff, "job", job_id), streams.page(staff, "home")
    for each in (page, home):
        each.until("live")

    desk.succeeds(job_id)

    apart = f"\u2068{WRITTEN}\u2069"
    titles = [told.json["text"] for told in page.rest() if told.name == "title"]
    assert titles[-1] == f"✓ Ready {apart}"
    assert home.hears("toast").json["text"] == f"{apart} is ready."
    assert f"<title>✓ Ready {apart}" in staff.opens(f"/jobs/{job_id}").text


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Totals", "Totals"),
        ("Größe & Ω 12.3 %", "Größe & Ω 12.3 %"),
        ("שלום", "\u2068שלום\u2069"),
        ("a\u202eb", "\u2068a\u202eb\u2069"),
        ("\u2067left open", "\u2068\u2067left open\u2069\u2069"),
        ("\u2067closed\u2069", "\u2068\u2067closed\u2069\u2069"),
    ],
)
def test_only_what_turns_the_direction_is_isolated(text: str, given: str) -> None:
    assert isolated(text) == given
