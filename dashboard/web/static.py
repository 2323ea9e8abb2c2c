"""Static files with an address that changes with their contents."""

import hashlib
from pathlib import Path

from flask import Flask, Response, request, url_for

FOREVER = "public, max-age=31536000, immutable"
VERSION = "v"


def init_app(app: Flask) -> None:
    """Give templates static_url(), and let browsers keep what it names for a year."""
    digests: dict[str, tuple[float, str]] = {}

    def static_url(filename: str) -> str:
        """Give the address of a static file with a short digest of its contents."""
        path = Path(app.static_folder or "") / filename
        changed = path.stat().st_mtime
        known = digests.get(filename)
        if known is None or known[0] != changed:
            known = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
            digests[filename] = known
        return url_for("static", filename=filename, _external=False, **{VERSION: known[1]})

    @app.after_request
    def keep(response: Response) -> Response:
        """Let a versioned file be kept for ever."""
        if request.endpoint == "static" and VERSION in request.args:
            response.headers["Cache-Control"] = FOREVER
        return response

    app.add_template_global(static_url)
