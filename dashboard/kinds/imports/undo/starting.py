"""What the form of an undo asks for, and how its jobs are begun."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import jobs
from dashboard.jobs import Permanent, TooManyJobs, Transient
from dashboard.jobs.errors import judge
from dashboard.kinds.imports.undo.choice import MOST
from dashboard.kinds.imports.undo.stored import sight_of
from dashboard.logs import request_id
from dashboard.models import Job
from dashboard.web.access import address, kind_or_404
from dashboard.words import gettext as _, ngettext, told


class Unclear(Exception):
    """What was asked for cannot be done; the message says why, *back* is the page to go to."""

    def __init__(self, sentence: str, back: str) -> None:
        super().__init__(sentence)
        self.back = back


@dataclass(frozen=True)
class Wish:
    """What a person wants to be taken back: rows by their *numbers*, or () for all.

    *rows* counts them, and *kept* those that stay because somebody else has changed them.
    """

    numbers: tuple[int, ...]
    overwrite: bool
    rows: int
    kept: int


def wish_of(seen: Job) -> Wish:
    """Give what the form that was sent asks of what the job *seen* has shown. Raises Unclear."""
    overwrite = request.form.get("changed") == "restore"
    numbers: tuple[int, ...] = ()
    back = ""
    if request.form.get("what") == "chosen":
        # Back to where the rows stand, and to nowhere else.
        sent, page = request.form.get("back", ""), url_for("undo.show", job_id=seen.id)
        back = sent if sent == page or sent.startswith(f"{page}?") else page
        numbers = _numbers()
        if not numbers:
            raise Unclear(_("Choose the rows that are to be taken back."), back)
        if len(numbers) > MOST:
            sentence = ngettext(
                "At most %(num)s row can be chosen at once. Take all of them back, or fewer.",
                "At most %(num)s rows can be chosen at once. Take all of them back, or fewer.",
                MOST,
            )
            raise Unclear(sentence, back)
    try:
        counts = _counts(seen, numbers)
    except (Permanent, Transient) as error:
        raise Unclear(told(judge(error).failure.what), back) from error
    ours = counts.get("remove", 0) + counts.get("restore", 0)
    theirs = counts.get("changed", 0) + counts.get("gone", 0)
    rows = ours + theirs if overwrite else ours
    if not rows:
        sentence = _(
            "There is nothing to take back. Rows that somebody else has changed since are taken"
            " back only with “Restore what was there before”."
        )
        raise Unclear(sentence, back)
    return Wish(numbers, overwrite, rows, 0 if overwrite else theirs)


def token_of() -> str:
    """Give what makes pressing a button twice count once."""
    return request.form.get("token", "")[:64] or uuid.uuid4().hex


def begin(
    name: str, params: Mapping[str, Any], key: str, here: str, *, notify: bool
) -> ResponseReturnValue:
    """Begin a job of the kind *name* and go to its page, or back to *here* with the reason."""
    kind = kind_or_404(name, unlisted=True)
    try:
        started = jobs.start(
            kind,
            params,
            by=current_user,
            key=key,
            notify=notify,
            request_id=request_id(),
            address=address(),
        )
    except TooManyJobs as error:
        return refused(str(error), here)
    return redirect(url_for("jobs.show", job_id=started.job.id), 303)


def refused(sentence: str, here: str) -> ResponseReturnValue:
    """Say on the page *here* why nothing was begun."""
    flash(sentence, "bad")
    return redirect(here, 303)


def _numbers() -> tuple[int, ...]:
    texts = request.form.getlist("row")
    return tuple(sorted({int(text) for text in texts if _is_number(text)}))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _counts(seen: Job, numbers: tuple[int, ...]) -> Mapping[str, int]:
    """Give how many rows there are of each sort. Raises Permanent, Transient."""
    if not numbers:
        counts: Mapping[str, int] = seen.result["counts"]
        return counts
    with sight_of(seen.id) as sight:
        return {str(sort): rows for sort, rows in sight.outlooks(numbers).items()}
