"""One desk, one browser and a proxy between them; each test ends with nothing left open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.fire import desk as desks, window as windows
from tests.browser.fire.desk import Desk
from tests.browser.fire.proxy import Proxy
from tests.browser.fire.window import Window
from tests.parts import until
from tests.people import Person
from tests.servers import free_port


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path) -> Iterator[Desk]:
    """Give a desk in real processes."""
    with desks.running(tmp_path_factory.mktemp("fire"), sqlite_ledger, free_port()) as desk:
        yield desk


@pytest.fixture(scope="session")
def proxy(desk: Desk) -> Iterator[Proxy]:
    """Give the proxy in front of the desk."""
    with Proxy(desk.port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def browser_window(tmp_path_factory: pytest.TempPathFactory, proxy: Proxy) -> Iterator[Window]:
    """Give a browser."""
    with windows.window(tmp_path_factory.mktemp("chromium"), proxy.url) as window:
        yield window


@pytest.fixture(scope="session")
def mara(desk: Desk) -> Person:
    """Give a colleague."""
    return Person.joins(desk.app, "Mara Keller")


@pytest.fixture
def window(browser_window: Window, desk: Desk, proxy: Proxy, mara: Person) -> Iterator[Window]:
    """Give the browser, where Mara has signed in; afterwards the desk holds nothing for it."""
    browser_window.signs_in(mara)
    desk.forgets_them_all()
    proxy.asked.clear()
    yield browser_window
    browser_window.closes()
    desk.forgets_them_all()
    until(desk.app, lambda: proxy.streams == 0, 30)
