"""Single jobs that pages must bear: of other people, very long, very large, right to left."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from flask import current_app

from dashboard import jobs
from dashboard.jobs import Kind, Permanent, dead_letters, notes, people
from dashboard.models import User, transaction
from dashboard.showcase.player import job_of
from dashboard.showcase.scenes import ended, over, under_way
from dashboard.showcase.stage import LINE, Stage, change

Special = Callable[[Stage], uuid.UUID]

LONG_TITLE: Final = ("Sales of every region, every month and every channel, without returns, " * 8)[
    :500
]
RIGHT_TO_LEFT: Final = "דוח מכירות לפי אזור, אוקטובר 2026 (סופי)"
RIGHT_TO_LEFT_CHOICES: Final = (
    ("תקופה", "1 עד 31 באוקטובר 2026"),
    ("منطقة", "الشمال والجنوب (A–Z)"),
    ("Formats", "CSV, Excel workbook"),
)
HTML: Final = '<b>Bold</b> & "quoted" <script>alert(1)</script>'
IMAGE: Final = "<img src=x onerror=alert(2)>"
TWO_MILLION: Final = 2_000_000


def followed(stage: Stage) -> uuid.UUID:
    """A colleague's running job that the viewer follows."""
    kind = stage.kinds[0]
    colleague = next(person for person in stage.people if person.may_start)
    job_id = stage.run(kind, by=colleague)
    jobs.join(job_of(job_id), by=stage.viewer, notify=True)
    stage.say(job_id, "Counted 96,000 rows in 0.4 s")
    stage.age(job_id, seconds=52)
    stage.count(job_id, 77_000, 96_000, seconds=50, left=12)
    return job_id


def handed_over(stage: Stage) -> uuid.UUID:
    """A colleague's finished job that is the viewer's now."""
    colleague = next(person for person in stage.people if person.may_start)
    job_id = stage.finish(stage.kinds[0], by=colleague)
    people.hand_over(job_id, to=stage.viewer, by=colleague)
    return stage.age(job_id, minutes=35)


def with_notes(stage: Stage) -> uuid.UUID:
    """A finished job with followers, and notes of theirs."""
    job_id = stage.finish(stage.kinds[0], by=stage.viewer)
    mara, jonas = [person for person in stage.people if person.may_start][:2]
    for person in (mara, jonas):
        people.follow(job_id, person=person, by=stage.viewer)
    words = (
        (stage.viewer, "For Thursday’s meeting. Please look at the south first."),
        (mara, "South is fine. In the north two invoices are booked twice:\nR-1180 and R-1181."),
        (jonas, "Booked back. I run it again tomorrow, see https://example.org/tickets/1180"),
    )
    for person, text in words:
        notes.leave(job_id, by=person, text=text)
        stage.age(job_id, minutes=17)
    return job_id


def long_title(stage: Stage) -> uuid.UUID:
    """A title of 500 characters."""
    return stage.age(stage.finish(titled(stage.kinds[0], LONG_TITLE)), hours=5)


def long_title_running(stage: Stage) -> uuid.UUID:
    """The same, while it runs."""
    return under_way.running(stage, titled(stage.kinds[0], LONG_TITLE))


def right_to_left(stage: Stage) -> uuid.UUID:
    """Title, choices and name in scripts that run from right to left."""
    kind = titled(stage.kinds[0], RIGHT_TO_LEFT, RIGHT_TO_LEFT_CHOICES)
    liat = next(person for person in stage.people if person.email.startswith("liat@"))
    job_id = stage.finish(kind, by=liat)
    people.follow(job_id, person=stage.viewer, by=liat)
    return stage.age(job_id, hours=6)


def html(stage: Stage) -> uuid.UUID:
    """HTML in every word of a finished job that people or data can write."""
    job_id = stage.finish(titled(stage.kinds[0], HTML, ((HTML, IMAGE), ("Region", HTML))))
    stage.say(job_id, HTML, level="warn")
    notes.leave(job_id, by=stage.viewer, text=f"{HTML}\n{IMAGE}")
    with transaction():
        job = job_of(job_id)
        shown = {"columns": [[HTML, "text"], [IMAGE, "text"]], "rows": [[IMAGE, HTML]] * 3}
        chart = {**(job.result.get("chart") or {}), "title": HTML}
        words = {"preview": shown, "warnings": [HTML, IMAGE], "totals": [[HTML, IMAGE]]}
        if job.result.get("chart"):
            words["chart"] = chart
        change(job, {"result": {**job.result, **words}})
        for file in over.files_of(job_id):
            file.name, file.warnings = f"{HTML}.{file.format}", [IMAGE]
    return stage.age(job_id, hours=7)


def html_failed(stage: Stage) -> uuid.UUID:
    """HTML in every word of a failed one, and in the reason of its dismissal."""
    job_id = stage.run(titled(stage.kinds[0], HTML, ((IMAGE, HTML),)))
    stage.count(job_id, 700, 2_000, seconds=4)
    with transaction():
        change(job_of(job_id), {"progress_phase": HTML, "progress_unit": "rows<i>"})
    ended.fail(stage, job_id, Permanent(HTML, next=IMAGE, attention=True))
    dead_letters.dismiss([job_id], by=stage.administrator, reason=HTML)
    stage.open(job_id)
    return stage.age(job_id, hours=8)


def two_million(stage: Stage) -> uuid.UUID:
    """Two million rows."""
    job_id = stage.finish(stage.kinds[0])
    stage.say(job_id, f"Read {TWO_MILLION:,} rows in 41.3 s")
    with transaction():
        job = job_of(job_id)
        change(
            job,
            {
                "result": {**job.result, "rows": TWO_MILLION},
                "progress_done": TWO_MILLION,
                "progress_total": TWO_MILLION,
            },
        )
        for file in over.files_of(job_id):
            file.rows = TWO_MILLION
    return stage.age(job_id, hours=10)


def two_million_running(stage: Stage) -> uuid.UUID:
    """Two million rows, a good half of which are read."""
    job_id = stage.run(stage.kinds[0])
    stage.say(job_id, f"Counted {TWO_MILLION:,} rows in 1.8 s")
    stage.age(job_id, seconds=27)
    stage.count(job_id, 1_234_567, TWO_MILLION, seconds=24, left=15)
    return job_id


def removed_kind(stage: Stage) -> uuid.UUID:
    """Finished, and its kind is no more."""
    return stage.age(_removed(stage.finish(stage.kinds[0])), days=3)


def removed_kind_waiting(stage: Stage) -> uuid.UUID:
    """In line, and its kind is no more."""
    return stage.age(_removed(stage.start(stage.kinds[0], queue=LINE)), minutes=14)


def months_ago(stage: Stage) -> uuid.UUID:
    """Finished last spring, or so."""
    job_id = over.files_deleted(stage, stage.kinds[0])
    return stage.age(job_id, days=150 - current_app.config["KEEP_FILES_DAYS"])


def run_again(stage: Stage) -> uuid.UUID:
    """Finished, after an administrator has run it again for a colleague whose job had failed."""
    kind = stage.kinds[0]
    colleague = next(person for person in stage.people if person.may_start)
    old = stage.run(kind, by=colleague)
    ended.fail(stage, old, ended.GONE)
    stage.age(old, days=1)
    first: User = job_of(old).requested_by
    admin = stage.administrator
    job_id = stage.start(kind, by=admin, again_of=job_of(old), follower=first)
    stage.player().work()
    stage.keep(job_id, kind)
    return stage.age(job_id, hours=11)


def titled(kind: Kind, title: str, choices: tuple[tuple[str, str], ...] = ()) -> Kind:
    """Give *kind* with another title for its jobs, and other words for their choices."""

    def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        return choices or tuple(kind.describe(params))

    return replace(kind, title_of=lambda params: title, describe=describe)


def _removed(job_id: uuid.UUID) -> uuid.UUID:
    with transaction():
        change(job_of(job_id), {"kind": "sales-by-quarter", "title": "Sales by quarter, Q3 2026"})
    return job_id


SPECIALS: Final[Mapping[str, Special]] = {
    "followed": followed,
    "handed-over": handed_over,
    "with-notes": with_notes,
    "long-title": long_title,
    "long-title-running": long_title_running,
    "right-to-left": right_to_left,
    "html": html,
    "html-failed": html_failed,
    "two-million": two_million,
    "two-million-running": two_million_running,
    "removed-kind": removed_kind,
    "removed-kind-waiting": removed_kind_waiting,
    "months-ago": months_ago,
    "run-again": run_again,
}
