"""Who reads this page, and so in which manner: their own, or the one their browser asks for."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from unicodedata import normalize

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user

from dashboard.jobs.manner import manner_of
from dashboard.words import LOCALES, PLAIN, Manner, find_reader_by
from dashboard.words.manner import patterns_of

API = "/api/"
HOOKS = "/hooks/"  # what other programs tell this one
OF_PROGRAMS = (API, HOOKS)
EXAMPLE_NUMBER = 1234.5
EXAMPLE_MOMENT = datetime(2026, 11, 27, 14, 5, tzinfo=UTC)


def init_app(app: Flask) -> None:
    """Let everything that is said in a request be said in the manner of the person who asks."""
    find_reader_by(_present)


def _present() -> Manner | None:
    try:  # A long list asks hundreds of times.
        known: Manner = g.manner
    except (AttributeError, RuntimeError):
        return _found()
    return known


def _found() -> Manner | None:
    if not has_request_context():
        return None
    g.manner = asked = _asked_of()
    return asked


def _asked_of() -> Manner:
    if not current_user or not current_user.is_authenticated:
        return stranger()
    return _spoken(manner_of(current_user))


def stranger() -> Manner:
    """Give the manner of somebody who has not signed in yet: what their browser asks for."""
    asked = request.accept_languages.best_match(LOCALES)
    return _spoken(Manner(asked or current_app.config["LOCALE"], current_app.config["TIME_ZONE"]))


def _spoken(manner: Manner) -> Manner:
    """Give *manner* as it answers this request: programs read one language, whoever asks."""
    return replace(manner, locale=PLAIN.locale) if request.path.startswith(OF_PROGRAMS) else manner


@cache
def examples() -> dict[str, str]:
    """Give each locale with an example, by its language and place, in that language."""
    names = {tag: str(patterns_of(tag).locale.get_display_name()) for tag in LOCALES}
    in_order = sorted(LOCALES, key=lambda tag: normalize("NFKD", names[tag]))
    return {tag: f"{names[tag]}: {example(tag)}" for tag in in_order}


def example(tag: str) -> str:
    """Give a number, a date and a time as they are written there."""
    manner = Manner(tag, "UTC")
    number = manner.number(EXAMPLE_NUMBER, tenths=True)
    return f"{number} · {manner.date(EXAMPLE_MOMENT)} · {manner.hour(EXAMPLE_MOMENT)}"
