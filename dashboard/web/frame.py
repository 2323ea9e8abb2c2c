"""What templates can ask for beside their own context."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, url_for
from flask_login import current_user

from dashboard.formats.chart import layout
from dashboard.formats.table import Chart, Series
from dashboard.jobs import Fact
from dashboard.web import lists

CHART_WIDTH = 640
CHART_HEIGHT = 220


def init_app(app: Flask) -> None:
    """Give templates their globals."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        brand=app.config["BRAND"],
        chart_of=chart_of,
        prefill=prefill,
        keep_days=app.config["KEEP_FILES_DAYS"],
    )
    app.context_processor(present)


def present() -> dict[str, object]:
    """Give the person's running jobs and the time for the frame of a page."""
    running = 0
    if current_user and current_user.is_authenticated:
        running = lists.active_count(current_user.id)
    return {"nav_running": running, "now": datetime.now(UTC)}


def prefill(job: Fact) -> str:
    """Give the address of the start form filled with the choices of *job*."""
    return url_for("launch.form", name=job.kind, **job.params)


def chart_of(job: Fact) -> Any:
    """Give the drawing of the job's chart, or None when it has none."""
    data = job.result.get("chart")
    return layout(chart_from(data), CHART_WIDTH, CHART_HEIGHT) if data else None


def chart_from(data: dict[str, Any]) -> Chart:
    """Give the chart that a job's result keeps as JSON."""
    series = tuple(
        Series(each["name"], tuple((label, value) for label, value in each["points"]))
        for each in data["series"]
    )
    return Chart(data["type"], data["title"], data["unit"], data["x"], series)
