"""Headers that keep a page safe: what it may load, who may frame it."""

from flask import Flask, Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

# Styles and scripts are parts of a page and live by its rules, of which a first visit would
# otherwise hear twenty times.
PARTS = frozenset({"text/css", "text/javascript"})
OF_ALL = frozenset({"X-Content-Type-Options"})


def init_app(app: Flask) -> None:
    """Set the headers on every answer; only what says so itself is kept by a cache."""
    app.after_request(_safe)


def _safe(response: Response) -> Response:
    for name, value in HEADERS.items():
        if name in OF_ALL or response.mimetype not in PARTS:
            response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
