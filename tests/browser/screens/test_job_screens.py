"""The page of a job in every state, light and dark, wide and narrow: nothing is wrong with it."""

import pytest

from tests.browser.screens.catalogue import JOBS, Screen, named
from tests.browser.screens.look import Eyes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", JOBS, ids=named(JOBS))
def test_nothing_is_wrong_with_the_page_of_a_job(eyes: Eyes, screen: Screen) -> None:
    assert eyes.look(screen) == []
