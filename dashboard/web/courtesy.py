"""Says of each request that it is being answered, so that work on this machine gives way."""

from flask import Flask, g

from dashboard.jobs import courtesy


def init_app(app: Flask) -> None:
    """Count the requests of *app* while they are answered; a stream only until it begins."""
    courtesy.init_app(app)
    app.before_request(_come)
    app.teardown_request(_go)


def _come() -> None:
    courtesy.served().come()
    g.is_served = True


def _go(error: BaseException | None) -> None:
    if g.pop("is_served", False):
        courtesy.served().go()
