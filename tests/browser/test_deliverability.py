"""A page does not wait for the DNS: what is found of a mailing comes into it a little later."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask_login import login_user
from playwright.sync_api import Browser, Route, expect
from werkzeug.serving import make_server

from dashboard.extensions import db
from dashboard.models import Mailing, MailingState, Role, User, clock, transaction
from dashboard.web.users import add_user
from tests.browser.test_overtaken import goes_on
from tests.browser.test_refetch import reads
from tests.servers import free_port

pytestmark = pytest.mark.browser

PAGE = """{% extends "base.html" %}{% block title %}Late{% endblock %}{% block main %}
<h1>Late</h1>{% include "kinds/mailings/deliverability/_panel.html" %}{% endblock %}"""


@pytest.fixture
def address(app: Flask, tmp_path: Path) -> Iterator[str]:
    """Serve a desk with a page that has the late part in it, to somebody who is signed in."""
    with app.app_context():
        mara = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret").id
        with transaction() as session:
            now = clock()
            mailing = Mailing(
                title="Autumn fair",
                subject="Come to the fair",
                body="Dear all, come to the fair.",
                state=MailingState.DRAFT,
                made_by_id=mara,
                made_at=now,
                changed_at=now,
            )
            session.add(mailing)
            session.flush()
            mailing_id = mailing.id

    def late() -> str:
        login_user(db.session.get_one(User, mara))
        context = {"mailing": db.session.get_one(Mailing, mailing_id)}
        current_app.update_template_context(context)
        page: str = app.extensions["pages"]("en").from_string(PAGE).render(context)
        return page

    app.add_url_rule("/late", view_func=late)
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}/late"
    app.extensions["hub"].close()
    server.shutdown()
    thread.join()


def test_what_is_found_comes_into_the_page_by_itself(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    found = page.locator("#deliverability")
    expect(found.get_by_text("The message has a subject")).to_be_visible()
    expect(found.get_by_role("link", name="Check deliverability")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("Late")
    expect(page).to_have_title("Late · Bellhop")
    expect(page.locator("#deliverability")).to_have_count(1)
    page.context.close()


def test_a_page_that_is_read_again_keeps_what_was_found(browser: Browser, address: str) -> None:
    page = browser.new_page()
    held: list[Route] = []
    page.route("**/deliverability", lambda route: held.append(route))
    with page.expect_request("**/deliverability"):
        page.goto(address)
    expect(page.locator("#stream")).to_have_text("Live")
    goes_on(held[0])
    found = page.get_by_text("The message has a subject")
    expect(found).to_be_visible()

    reads(page)

    expect(found).to_be_visible()
    assert len(held) == 1
    page.context.close()


def test_without_javascript_a_link_leads_to_a_page_of_its_own(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Check deliverability").click()
    expect(page.locator("h1")).to_have_text("Deliverability")
    expect(page.get_by_text("The message has a subject")).to_be_visible()
    context.close()
