"""The list of jobs as a file: what History shows, whole."""

from dashboard.jobs.kind import Kind, Param
from dashboard.jobs.search import STATE_WORDS
from dashboard.kinds.desk.days import PRESETS
from dashboard.kinds.desk.form import JobListForm
from dashboard.kinds.desk.wording import describe, title_now, title_of
from dashboard.kinds.desk.work import FORMATS, count, run
from dashboard.words import marked

job_list = Kind(
    name="job-list",
    title=marked("List of jobs"),
    family="desk",
    summary=marked("Every job that you may see, or some of them, as a table."),
    icon="history",
    params=(
        Param("q", "text", "Find", ("q",), help="Words of a title, a number or a name."),
        Param("kind", "text", "Kind", ("kind",), help="The name of a kind of job."),
        Param("state", "choice", "State", ("state",), choices=tuple(STATE_WORDS.items())),
        Param("person", "text", "Started by", ("person",), help="The id of a person."),
        Param(
            "days",
            "date-range",
            marked("Started"),
            ("first", "last"),
            presets=tuple(PRESETS.items()),
        ),
    ),
    formats=FORMATS,
    form=JobListForm,
    title_of=title_of,
    describe=describe,
    count=count,
    title_now=title_now,
    work=run,
    verb=marked("Export"),
    by_sight=True,
    exports="jobs",
)
