"""Takes out of a text what must not leave the desk: passwords, tokens, other people's addresses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import User

LEFT_OUT = "(left out)"
SHORTEST = 4  # characters; a shorter secret would be found in ordinary words
NAMED = ("SECRET_KEY", "METRICS_TOKEN", "MAIL_HOOK_SECRET")
# Addresses with a password, tokens of this desk, and what a program calls by a telling name.
IN_URL = re.compile(r"(?<=://)([^\s/:@]*):([^\s/@]+)@")
TOKEN = re.compile(r"\bbh_[\w-]{16,}")
NAME = r"(?i)((?:\w*(?:passw(?:or)?d|pwd|secret|token|api[_-]?key)|authorization|cookie)"
QUOTED = re.compile(NAME + r"""['"]?\s*[=:]\s*(['"]))(?:(?!\2).)+\2""")
BARE = re.compile(NAME + r"""\s*[=:]\s*(?:bearer\s+|basic\s+)?)[^\s'",;&)}]+""")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Redaction:
    """What is left out of texts for people who may know the e-mail addresses of *known* users."""

    def __init__(self, known: set[int]) -> None:
        found = {text for text in _secrets(current_app.config) if len(text) >= SHORTEST}
        # The longest first: a password may be a part of another.
        self._secrets = sorted(found, key=len, reverse=True)
        query = select(User.email).where(User.id.not_in(known))
        self._hidden = {email.lower() for email in db.session.scalars(query)}

    def of(self, text: str) -> str:
        """Give *text* without what must not leave the desk."""
        for secret in self._secrets:
            text = text.replace(secret, LEFT_OUT)
        text = IN_URL.sub(rf"\1:{LEFT_OUT}@", text)
        text = TOKEN.sub(LEFT_OUT, text)
        text = QUOTED.sub(rf"\g<1>{LEFT_OUT}\g<2>", text)
        text = BARE.sub(rf"\g<1>{LEFT_OUT}", text)
        return EMAIL.sub(self._email, text)

    def _email(self, found: re.Match[str]) -> str:
        return LEFT_OUT if found[0].lower() in self._hidden else found[0]


def _secrets(config: Mapping[str, Any]) -> Iterator[str]:
    """Give every password and token among the settings, as it may stand in a text."""
    for name in NAMED:
        if config.get(name):
            yield str(config[name])
    for url in _urls(config):
        password = _password(url)
        if password:
            yield url
            yield from {password, unquote(password), quote(unquote(password), safe="")}


def _urls(values: Mapping[str, Any]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, str) and "://" in value:
            yield value
        elif isinstance(value, Mapping):
            yield from _urls(value)


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None
