"""Every page in another language: nothing is left in English, and it fits on the smallest phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import update

from dashboard.models import User, transaction
from dashboard.words import catalogue_of
from tests.browser.screens.catalogue import JOBS, PAGES, Screen, named
from tests.browser.screens.conftest import PEOPLE
from tests.browser.screens.look import Eyes, Place

pytestmark = pytest.mark.browser

# What leads on to a screen presses buttons by their English names.
SCREENS = [each for each in (*JOBS, *PAGES) if each.way is None and not each.options]
LOCALE = "de-DE"
# The title of a kind, which its jobs keep, and a column of the shop's invoices.
KEPT = {"List of jobs", "number"}


@pytest.fixture(scope="module")
def eyes(
    browser: Browser, full_desk: Place, bare_desk: Place, pictures: Path | None
) -> Iterator[Eyes]:
    """Give the eyes of people all of whom read German."""
    places = {"full": full_desk, "bare": bare_desk}
    eyes = Eyes(browser, places, pictures, LOCALE)
    for place in places.values():
        read_in(place, LOCALE)
    yield eyes
    eyes.close()
    for place in places.values():
        read_in(place, None)


def read_in(place: Place, locale: str | None) -> None:
    """Let everybody there read in a locale, or as the desk does."""
    with place.app.app_context(), transaction() as session:
        session.execute(update(User).values(locale=locale))


@pytest.fixture(scope="module")
def messages() -> list[str]:
    """Give what stands on a page as it is, and reads otherwise in German."""
    forms = catalogue_of("de").forms.items()
    left = [text for text, said in forms if said[0] != text and not {"%", "<"} & set(text)]
    return [text for text in left if text not in KEPT]


@pytest.mark.parametrize("screen", SCREENS, ids=named(SCREENS))
def test_nothing_is_left_in_english(eyes: Eyes, screen: Screen, messages: list[str]) -> None:
    assert eyes.read(screen, messages) == []


def test_everybody_who_looks_reads_it() -> None:
    assert {screen.who for screen in SCREENS} <= {*PEOPLE, "nobody"}
