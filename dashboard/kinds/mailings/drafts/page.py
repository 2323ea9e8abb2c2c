"""The page on which a draft is written, and the parts of it that follow what is typed."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.kinds.mailings.drafts.attached import MOST_MB, size_of
from dashboard.kinds.mailings.drafts.content import draft_of
from dashboard.kinds.mailings.drafts.fields import seen_of
from dashboard.kinds.mailings.drafts.form import DraftForm
from dashboard.kinds.mailings.drafts.preview import Preview, preview_of
from dashboard.kinds.mailings.drafts.texts import base_of, differing
from dashboard.kinds.mailings.sending.letters import WHY
from dashboard.kinds.mailings.sight import senders_for
from dashboard.kinds.mailings.trial import kind as trial
from dashboard.mail.writing import UNSUBSCRIBE
from dashboard.models import Job, Mailing, Sender
from dashboard.web.template import render


@dataclass(frozen=True)
class Two:
    """One text as it is in the ledger and as it was typed here; *name* is that of its field."""

    name: str
    theirs: str
    mine: str


def form_of(mailing: Mailing, formdata: Any = None) -> DraftForm:
    """Give the form of a draft: as it was sent, or as the ledger has it."""
    return DraftForm(formdata, mailing, senders_for(current_user))


def page(mailing: Mailing, form: DraftForm, *, conflict: bool = False) -> str:
    """Give the whole page."""
    return render(
        "kinds/mailings/drafts/edit.html",
        **_of(mailing, form, conflict=conflict),
        choices=_choices(mailing, form.senders),
        has_sender=bool(form.senders) or mailing.sender_id is not None,
        rows=_rows(mailing),
        attached=size_of(mailing),
        most_mb=MOST_MB,
        test=_test(mailing),
    )


def parts(mailing: Mailing, form: DraftForm, *, conflict: bool = False) -> str:
    """Give the parts that follow what is typed."""
    return render("kinds/mailings/drafts/_parts.html", **_of(mailing, form, conflict=conflict))


def shown_row(form: DraftForm) -> int:
    """Give the row that the preview shows: that of the form, or of the address."""
    return asked_row() or max(1, form.number("row"))


def asked_row() -> int:
    """Give the row that ?row= asks for; 0 for none."""
    asked = request.args.get("row", "") if request.method == "GET" else ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


def letter_of(mailing: Mailing, row: int) -> dict[str, Any]:
    """Give what a letter shows of a *mailing* that nobody writes any more."""
    return {
        "preview": preview_of(draft_of(mailing), seen_of(mailing, current_user, max(1, row))),
        **_around(mailing.sender, mailing.why),
    }


def _around(sender: Sender | None, why: str) -> dict[str, Any]:
    name = (sender.name or sender.address) if sender else ""
    foot = why.strip() or (WHY % {"sender": name} if name else "")
    return {"sender": sender, "why": foot, "unsubscribe": UNSUBSCRIBE}


def _of(mailing: Mailing, form: DraftForm, *, conflict: bool) -> dict[str, Any]:
    preview = preview_of(form.draft(), seen_of(mailing, current_user, shown_row(form)))
    return {
        "mailing": mailing,
        "form": form,
        "preview": preview,
        **_around(_sender(form), form.why.data or ""),
        "problems": _problems(form, preview),
        "base": base_of(mailing),
        "refused": bool(form.errors),
        "conflict": _two(mailing, form) if conflict else None,
    }


def _problems(form: DraftForm, preview: Preview) -> dict[str, list[str]]:
    found = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
    for name, sentences in preview.problems.items():
        if name not in found:  # What is refused is more than what is not ready.
            found[name] = sentences
    return found


def _two(mailing: Mailing, form: DraftForm) -> list[Two]:
    values = form.values()
    found = []
    for name in differing(mailing, values):
        theirs, mine = getattr(mailing, name), values[name]
        if name == "sender_id":
            theirs, mine = _address_of(theirs), _address_of(mine)
        found.append(Two("sender" if name == "sender_id" else name, str(theirs), str(mine)))
    return found


def _sender(form: DraftForm) -> Sender | None:
    return db.session.get(Sender, form.number("sender")) if form.number("sender") else None


def _address_of(sender_id: int | None) -> str:
    sender = db.session.get(Sender, sender_id) if sender_id else None
    return f"{sender.name} <{sender.address}>" if sender else ""


def _choices(mailing: Mailing, senders: Any) -> list[tuple[str, str]]:
    """Give the addresses to choose from; that of the draft is one of them, whosever it is."""
    found = [(str(each.id), f"{each.name} <{each.address}>") for each in senders]
    if mailing.sender_id and str(mailing.sender_id) not in dict(found):
        found.insert(0, (str(mailing.sender_id), _address_of(mailing.sender_id)))
    return found


def _rows(mailing: Mailing) -> int | None:
    job = _job(mailing.check_id) if mailing.check_id else None
    return job.result.get("rows") if job is not None and job.result else None


def _job(job_id: uuid.UUID) -> Job | None:
    return db.session.scalars(select(Job).where(Job.id == job_id)).one_or_none()


def _test(mailing: Mailing) -> Fact | None:
    """Give the job of a test that was just asked for."""
    try:
        job = _job(uuid.UUID(request.args.get("test", "")))
    except ValueError:
        return None
    if job is None or job.kind != trial.NAME or job.requested_by_id != current_user.id:
        return None
    return fact_of(job) if job.params["mailing"] == mailing.id else None
