"""Static files: addresses that change with their contents; text is bared and packed once."""

import gzip
import mimetypes
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    has_request_context,
    request,
    send_from_directory,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

FOREVER = "public, max-age=31536000, immutable"
# /static/v-0123456789ab/js/main.js: what a module imports beside it lies under the same version.
VERSIONED = re.compile(r"v-([0-9a-f]+)/(.+)")
IMPORT = re.compile(r'^@import "([\w-]+\.css)";\n', re.MULTILINE)
# Comments and what lines begin with are for whoever reads the sources; of scripts those comments go
# that have a line of their own or end one. What is vendored goes as it is.
OWN = frozenset({"css", "js"})
COMMENT = {
    ".css": re.compile(r"\s*/\*.*?\*/", re.DOTALL),
    ".js": re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)\n| // [^\n]*$", re.DOTALL | re.MULTILINE),
}
INDENT = re.compile(r"^ +", re.MULTILINE)
TEXTS = frozenset({"text/css", "text/javascript", "image/svg+xml", "text/plain"})
LOOK_SECONDS = 1.0  # between two looks whether a file has changed


@dataclass(frozen=True)
class Text:
    """A file of text as it is and packed; *changed* is when it was, as the disk says."""

    changed: float
    body: bytes
    packed: bytes
    tag: str


class Sessions(SecureCookieSessionInterface):
    """Leaves out of a session what everybody may keep: no cookie is set by it or changes it."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session as a cookie, unless the answer is for everybody."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


class Shelf:
    """The static files of a desk, and the version of them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._looked = 0.0
        self._changed: dict[str, float] = {}
        self._version = ""
        self._texts: dict[str, Text] = {}

    @property
    def version(self) -> str:
        """Give a short digest of all files; it changes soon after one of them does."""
        if time.monotonic() - self._looked > LOOK_SECONDS or not self._version:
            files = sorted(path for path in self.folder.rglob("*") if path.is_file())
            files.append(Path(__file__))  # It says what becomes of them on their way.
            changed = {str(path): path.stat().st_mtime for path in files}
            if changed != self._changed:
                self._version = digest(b"".join(sha256(one.read_bytes()).digest() for one in files))
                self._changed = changed
            self._looked = time.monotonic()
        return self._version

    def text(self, name: str) -> Text:
        """Give the file of text *name*, with the styles it imports in place of their names."""
        path = self.folder / name
        parts = [path]
        if path.suffix == ".css":
            parts += [path.parent / part for part in IMPORT.findall(path.read_text())]
        changed = max(part.stat().st_mtime for part in parts)
        known = self._texts.get(name)
        if known is None or known.changed != changed:
            known = self._texts[name] = _read(path, changed)
        return known


def init_app(app: Flask) -> None:
    """Give templates static_url(), and serve what it names."""
    shelf = Shelf(Path(app.static_folder or ""))

    def static_url(filename: str) -> str:
        """Give the address of a static file, which browsers may keep for a year."""
        root = request.script_root if has_request_context() else ""
        return address(root, f"v-{shelf.version}/{filename}")

    @lru_cache(maxsize=500)
    def address(_root: str, filename: str) -> str:
        """Give what url_for does below that root; a page asks for forty, and they stay the same."""
        return url_for("static", filename=filename, _external=False)

    app.extensions["static"] = shelf
    app.view_functions["static"] = show
    app.session_interface = Sessions()
    app.add_template_global(static_url)


def show(filename: str) -> ResponseReturnValue:
    """Give a static file; under its present version it may be kept for ever."""
    shelf: Shelf = current_app.extensions["static"]
    asked = VERSIONED.fullmatch(filename)
    name = asked[2] if asked else filename
    path = safe_join(str(shelf.folder), name)
    if path is None or not Path(path).is_file():
        abort(404)
    media_type = mimetypes.guess_type(name)[0] or "text/plain"
    if media_type in TEXTS:
        answer = _written(shelf.text(name), media_type)
    else:
        answer = send_from_directory(shelf.folder, name)
    # A page of an earlier version may still ask: it gets what there is, but only for now.
    answer.headers["Cache-Control"] = FOREVER if asked and asked[1] == shelf.version else "no-cache"
    return answer


def digest(data: bytes) -> str:
    """Give a few hex digits that change with *data*."""
    return sha256(data).hexdigest()[:12]


def _written(text: Text, media_type: str) -> Response:
    # A part of a file is a part of it as it is.
    packs = request.accept_encodings["gzip"] > 0 and "Range" not in request.headers
    answer = Response(text.packed if packs else text.body, mimetype=media_type)
    answer.headers["Vary"] = "Accept-Encoding"
    if packs:
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(f"{text.tag}-gzip" if packs else text.tag)
    size = len(text.packed if packs else text.body)
    answer.make_conditional(request, accept_ranges=not packs, complete_length=size)
    return answer


def _read(path: Path, changed: float) -> Text:
    text = path.read_text()
    if path.suffix == ".css":
        text = IMPORT.sub(lambda found: path.with_name(found[1]).read_text(), text)
    if path.parent.name in OWN and path.suffix in COMMENT:
        text = INDENT.sub("", COMMENT[path.suffix].sub("", text))
    body = text.encode()
    # Without the time of packing, every process packs the same.
    return Text(changed, body, gzip.compress(body, 9, mtime=0), digest(body))
