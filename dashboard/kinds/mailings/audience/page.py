"""The page of the recipients of a mailing: the choice, or what the check has found."""

import uuid
from typing import Any

from flask import request
from flask_login import current_user

from dashboard.jobs import Fact, Permanent, Transient
from dashboard.jobs.contacts.find import lists_of
from dashboard.jobs.errors import judge
from dashboard.jobs.uploads import find_upload
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.form import AudienceForm
from dashboard.kinds.mailings.audience.found import found_of
from dashboard.kinds.mailings.audience.needs import Needs, needs_of
from dashboard.kinds.mailings.audience.origins import newest_made
from dashboard.kinds.mailings.audience.proposal import Proposal
from dashboard.kinds.mailings.audience.review import fate_of, review
from dashboard.kinds.mailings.audience.standing import check_of, is_current
from dashboard.kinds.mailings.words import page_of
from dashboard.models import Mailing, MailingState, State
from dashboard.web.history import cursor
from dashboard.web.template import render
from dashboard.words import told


def may_choose(mailing: Mailing) -> bool:
    """Say whether whoever reads may choose other recipients."""
    return bool(current_user.may_start) and mailing.state == MailingState.DRAFT


def choosing(mailing: Mailing, form: AudienceForm | None) -> str:
    """Give the page on which somebody chooses; *form* is about what was chosen so far."""
    proposal = form.proposal if form else None
    audience = proposal.audience if proposal else None
    is_upload = audience is not None and audience.origin == "upload"
    needs = needs_of(mailing)
    return render(
        "kinds/mailings/audience/choose.html",
        mailing=mailing,
        form=form,
        proposal=proposal,
        audience=audience,
        kept=find_upload(audience.id, current_user) if audience and is_upload else None,
        lists=lists_of(current_user),
        files=newest_made(current_user),
        needs=needs,
        absent=_absent(needs, proposal),
    )


def _absent(needs: Needs, proposal: Proposal | None) -> list[str]:
    """Give the fields that the message must have and that no column fills."""
    if proposal is None or proposal.trouble:
        return []
    return [name for name in needs.fields if name not in proposal.fields]


def checked(mailing: Mailing) -> str:
    """Give the page with what is known of the recipients that the mailing has."""
    job = check_of(mailing)
    needs = needs_of(mailing)
    context: dict[str, Any] = {
        "mailing": mailing,
        "audience": Audience.of(mailing.audience) if mailing.audience else None,
        "job": job,
        "is_current": job is not None and is_current(mailing, job),
        "is_mine": job is not None
        and job.may_be_seen_by(current_user.id, admin=current_user.is_admin),
        "may_choose": may_choose(mailing),
        "page": page_of(mailing),
        "needs": needs,
    }
    if job is not None and job.state == State.SUCCEEDED:
        context |= _found(job, needs)
    return render("kinds/mailings/audience/show.html", **context)


def _found(job: Fact, needs: Needs) -> dict[str, Any]:
    counts = job.result["counts"]
    fate = fate_of(request.args.get("show", ""), counts)
    found, refusal = None, ""
    try:
        with found_of(uuid.UUID(job.id)) as kept:
            after = cursor(request.args.get("after")) or 0
            found = review(kept, fate, after=after, used=needs.used)
    except (Permanent, Transient) as error:
        refusal = told(judge(error).failure.what)
    absent = [
        name
        for name in job.result["missing"]
        if name in needs.fields and name not in job.result["fields"]
    ]
    return {"counts": counts, "found": found, "refusal": refusal, "absent": absent}
