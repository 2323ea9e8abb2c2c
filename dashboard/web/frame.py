"""What templates can ask for beside their own context."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_login import current_user

from dashboard.formats.chart import Picture, describe, layout
from dashboard.formats.table import Chart, Series
from dashboard.jobs import Fact, Kind, find
from dashboard.web import dead_letters, lists
from dashboard.web.prefill import prefill
from dashboard.words import catalogue_of, reader

# Width and height of a chart's picture, in its own units.
WIDE = (640, 220)
NARROW = (340, 220)


def init_app(app: Flask) -> None:
    """Give templates their globals."""
    app.jinja_env.globals.update(
        brand=app.config["BRAND"],
        chart_of=chart_of,
        is_known=is_known,
        kind_of=kind_of,
        prefill=prefill,
        keep_days=app.config["KEEP_FILES_DAYS"],
    )
    app.context_processor(present)


def present() -> dict[str, object]:
    """Give the person's counts and the time for the frame of a page."""
    manner = reader()
    running = attention = 0
    if current_user and current_user.is_authenticated:
        running = lists.active_count(current_user.id)
        attention = dead_letters.count(current_user)
    return {
        "nav_running": running,
        "nav_attention": attention,
        "now": datetime.now(UTC),
        "manner": manner,
        "words": catalogue_of(manner.language).for_scripts(),
    }


def is_known(job: Fact) -> bool:
    """Whether there is still a kind for the job: one that was renamed cannot be run again."""
    return find(job.kind) is not None


def kind_of(job: Fact) -> Kind | None:
    """Give the kind of the job, where there is still one."""
    return find(job.kind)


@dataclass(frozen=True)
class Shown:
    """A chart, what it says in words, and its pictures for wide and narrow screens."""

    chart: Chart
    words: str
    wide: Picture
    narrow: Picture


def chart_of(job: Fact) -> Shown | None:
    """Give the job's chart as a page shows it, or None when it has none."""
    data = job.result.get("chart")
    if not data:
        return None
    chart = chart_from(data)
    spell = reader().spelled
    wide, narrow = (layout(chart, *size, spell=spell) for size in (WIDE, NARROW))
    return Shown(chart, describe(chart, spell=spell), wide, narrow)


def chart_from(data: dict[str, Any]) -> Chart:
    """Give the chart that a job's result keeps as JSON."""
    series = tuple(
        Series(each["name"], tuple((label, value) for label, value in each["points"]))
        for each in data["series"]
    )
    return Chart(data["type"], data["title"], data["unit"], data["x"], series)
