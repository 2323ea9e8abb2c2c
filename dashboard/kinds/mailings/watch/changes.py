"""What can be done with a mailing that is sent: each leads back to its page."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import jobs
from dashboard.jobs import TooManyJobs
from dashboard.kinds.mailings.bulk import standing
from dashboard.kinds.mailings.bulk.begin import go_on
from dashboard.kinds.mailings.report import kind as report_kind
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.kinds.mailings.watch import again
from dashboard.kinds.mailings.watch.sorts import BY_NAME
from dashboard.logs import request_id
from dashboard.models import Mailing, MailingState
from dashboard.web.access import address, kind_or_404, signed_in, starters_only
from dashboard.words import gettext as _, ngettext

BEFORE = frozenset({MailingState.DRAFT, MailingState.ASKED})


def mailing_or_404(mailing_id: int) -> Mailing:
    """Give a mailing that was sent, or is; 404 for others and for what the person may not see."""
    mailing = find_mailing(mailing_id, current_user)
    if mailing is None or mailing.state in BEFORE:
        abort(404)
    return mailing


def back(mailing_id: int) -> ResponseReturnValue:
    """Lead to the page of the mailing."""
    show = request.form.get("show") or None
    return redirect(url_for("watch.show", mailing_id=mailing_id, show=show), 303)


@starters_only
def pause(mailing_id: int) -> ResponseReturnValue:
    """Send no more until somebody goes on."""
    if not standing.pause(mailing_or_404(mailing_id), by=current_user):
        flash(_("It is not being sent, so there is nothing to pause."), "bad")
    return back(mailing_id)


@starters_only
def resume(mailing_id: int) -> ResponseReturnValue:
    """Go on, also where the job that should send it has ended."""
    mailing = mailing_or_404(mailing_id)
    if mailing.state == MailingState.SENDING:
        go_on(mailing.id, by=current_user)
    elif not standing.resume(mailing, by=current_user):
        flash(_("It has not paused, so there is nothing to resume."), "bad")
    return back(mailing_id)


@starters_only
def stop(mailing_id: int) -> ResponseReturnValue:
    """Send no more, for good."""
    if standing.stop(mailing_or_404(mailing_id), by=current_user):
        flash(_("The mailing is stopped. Nothing more of it is sent."), "good")
    else:
        flash(_("It is not being sent, so there is nothing to stop."), "bad")
    return back(mailing_id)


@starters_only
def retry(mailing_id: int) -> ResponseReturnValue:
    """Try those again that failed for what may have passed."""
    mailing = mailing_or_404(mailing_id)
    number = again.retry(mailing, by=current_user)
    _say(mailing, number, _("Nobody is left to be tried again."))
    return back(mailing_id)


@starters_only
def resend(mailing_id: int) -> ResponseReturnValue:
    """Send again to those of whom nobody knows whether they got it."""
    mailing = mailing_or_404(mailing_id)
    number = again.resend(mailing, by=current_user)
    _say(mailing, number, _("Nobody is uncertain any more."))
    return back(mailing_id)


@signed_in
def report(mailing_id: int) -> ResponseReturnValue:
    """Write who stands in the sort ?show=, or everybody, as CSV; pressing twice starts one job."""
    mailing = mailing_or_404(mailing_id)
    show = request.form.get("which", "")
    which = show if show in BY_NAME else ""
    try:
        started = jobs.start(
            kind_or_404(report_kind.NAME, unlisted=True),
            report_kind.params_of(mailing, which),
            by=current_user,
            key=f"{report_kind.NAME}:{mailing.id}:{which}:{request.form.get('token', '')[:60]}",
            request_id=request_id(),
            address=address(),
        )
    except TooManyJobs as error:
        flash(str(error), "bad")
        return back(mailing_id)
    return redirect(url_for("jobs.show", job_id=started.job.id), 303)


def _say(mailing: Mailing, number: int, nobody: str) -> None:
    if not number:
        flash(nobody, "bad")
    elif mailing.state == MailingState.PAUSED:
        said = ngettext(
            "%(num)s e-mail is sent again as soon as somebody presses “Resume”.",
            "%(num)s e-mails are sent again as soon as somebody presses “Resume”.",
            number,
        )
        flash(said, "good")
    else:
        said = ngettext("%(num)s e-mail is sent again.", "%(num)s e-mails are sent again.", number)
        flash(said, "good")
