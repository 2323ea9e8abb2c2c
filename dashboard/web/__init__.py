"""The pages, the live stream, the API."""

from flask import Flask

from dashboard.web import (
    account,
    api,
    attention,
    auth,
    errors,
    files,
    filters,
    frame,
    headers,
    health,
    home,
    jobs,
    launch,
    live,
    outbox,
    static,
    users,
    workers,
)

BLUEPRINTS = (
    auth.bp,
    home.bp,
    launch.bp,
    jobs.bp,
    attention.bp,
    files.bp,
    workers.bp,
    account.bp,
    users.bp,
    outbox.bp,
    health.bp,
)


def init_app(app: Flask) -> None:
    """Give *app* its pages."""
    for init in (filters, frame, headers, static, errors, live, api):
        init.init_app(app)
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
