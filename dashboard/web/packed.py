"""Packs pages on their way, but none in which a stranger could have words of their own.

Whoever can watch the wire and make a browser ask for pages that repeat chosen words could guess the
secrets of a page by how well the two pack together (BREACH). So a page that may repeat anything of
its request goes as it is.
"""

import gzip

from flask import Flask, Response, request

LEVEL = 5
LEAST = 1000  # bytes; less fits into one packet anyway


def init_app(app: Flask) -> None:
    """Pack what may be packed, after everything else is done to it."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    if request.method != "GET" or request.query_string or not request.accept_encodings["gzip"]:
        return response
    page = response.get_data()
    if len(page) >= LEAST:
        response.set_data(gzip.compress(page, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
