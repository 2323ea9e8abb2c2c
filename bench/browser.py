"""Chromium for the measures, as the browser tests start it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from bench.desk import Desk

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root may not use Chromium's sandbox; the others keep it from calling anybody outside.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


def found() -> str | None:
    """Give the path of a Chromium, or None when there is none here."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the browser until the block ends; found() has said that there is one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=list(FLAGS))
        yield browser
        browser.close()


def sign_in(page: Page, desk: Desk) -> None:
    """Fill in the sign-in form, which the page shows, and land on home."""
    page.get_by_label("Work e-mail").fill(desk.email)
    page.get_by_label("Password").fill(desk.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address(desk)}/")


def address(desk: Desk) -> str:
    """Give where the desk is."""
    return f"http://{desk.host}:{desk.port}"
