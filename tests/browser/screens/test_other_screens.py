"""Every other page in every state, light and dark, wide and narrow: nothing is wrong with it."""

import pytest

from tests.browser.screens.catalogue import PAGES, Screen, named
from tests.browser.screens.look import Eyes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", PAGES, ids=named(PAGES))
def test_nothing_is_wrong_with_the_page(eyes: Eyes, screen: Screen) -> None:
    assert eyes.look(screen) == []
