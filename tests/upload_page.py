"""A desk with a page that takes a file, and nothing more: gunicorn serves it to the tests."""

import os

from flask import Flask, request
from flask_login import current_user
from jinja2 import ChoiceLoader, DictLoader

from dashboard import create_app
from dashboard.jobs.uploads import find_upload
from dashboard.web.access import signed_in
from dashboard.web.template import render

PATH = "/try"
PAGE = """
{% extends "base.html" %}
{% from "ui/upload.html" import upload, upload_form %}
{% block title %}Import customers{% endblock %}
{% block main %}
<div class="page-head"><div><h1>Import customers</h1>
<p>Nothing is changed before you say so.</p></div></div>
{{ upload_form("customers") }}
<form class="form" method="post" action="/elsewhere">
{{ upload("customers", "File", "/try?way=new", hint="CSV or Excel workbook.",
          accept=".csv,.xlsx", kept=kept) }}
<div><button class="button button-primary">Check file</button></div>
</form>
{% endblock %}
"""


def with_page(app: Flask) -> Flask:
    """Give *app* the page, which shows the upload that its address names."""
    assert app.jinja_env.loader is not None
    pages = DictLoader({"try.html": PAGE.strip()})
    app.jinja_env.loader = ChoiceLoader([pages, app.jinja_env.loader])

    @app.get(PATH)
    @signed_in
    def page() -> str:
        return render("try.html", kept=find_upload(request.args.get("upload"), current_user))

    return app


if os.environ.get("UPLOAD_PAGE"):
    flask_app = with_page(create_app())
