"""The pages, the live stream, the API."""

from flask import Flask

from dashboard.web import (
    account,
    api,
    attention,
    auth,
    bulk,
    contact_lists,
    contacts,
    courtesy,
    errors,
    favicon,
    favourites,
    files,
    filters,
    frame,
    headers,
    health,
    home,
    jobs,
    launch,
    live,
    manner,
    notes,
    outbox,
    packed,
    people,
    presets,
    static,
    support,
    tables,
    template,
    uploads,
    users,
    workers,
)
from dashboard.web.template import PageEnvironment

__all__ = ["PageEnvironment", "init_app"]

BLUEPRINTS = (
    auth.bp,
    home.bp,
    favourites.bp,
    launch.bp,
    presets.bp,
    jobs.bp,
    bulk.bp,
    notes.bp,
    people.bp,
    support.bp,
    attention.bp,
    files.bp,
    uploads.bp,
    workers.bp,
    account.bp,
    users.bp,
    tables.bp,
    contact_lists.bp,
    contacts.bp,
    outbox.bp,
    health.bp,
)


def init_app(app: Flask) -> None:
    """Give *app* its pages."""
    for init in (
        courtesy,
        template,
        manner,
        filters,
        frame,
        packed,
        headers,
        static,
        favicon,
        errors,
        live,
        api,
    ):
        init.init_app(app)
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
