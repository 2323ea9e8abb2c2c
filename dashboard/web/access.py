"""Who may see and do what; checked on every page, stream, file and API call."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, g, request
from flask_login import current_user, login_required
from sqlalchemy import select

from dashboard.extensions import db, login_manager
from dashboard.jobs import Fact, Kind, find
from dashboard.jobs.sight import seen_by
from dashboard.models import Artifact, Job, User
from dashboard.words import gettext as _

P = ParamSpec("P")
R = TypeVar("R")


@login_manager.user_loader  # type: ignore[untyped-decorator]  # flask-login is not typed.
def load_user(session_id: str) -> User | None:
    """Give the person of a session, or None when the session has ended."""
    number, _, session_key = session_id.partition(":")
    if not number.isdigit():
        return None
    user = db.session.get(User, int(number))
    if user is None or not user.active or user.session_key != session_key:
        return None
    return user


def act_as(user_id: int) -> None:
    """Make the person the one of this request context, which no session cookie speaks for.

    Raises 401 when the person may not sign in any more.
    """
    user = db.session.get(User, user_id)
    if user is None or not user.active:
        abort(401)
    g._login_user = user  # What flask-login reads.


def job_or_404(job_id: uuid.UUID | None) -> Job:
    """Give the job; one that does not exist and one of another person are both 404."""
    if job_id is None:
        abort(404)
    job = db.session.scalars(select(Job).where(Job.id == job_id, seen_by(current_user))).first()
    if job is None:
        abort(404)
    return job


def artifact_or_404(artifact_id: uuid.UUID) -> Artifact:
    """Give the file of a job that the person may see; raises 404 else."""
    artifact = db.session.get(Artifact, artifact_id)
    if artifact is None:
        abort(404)
    job_or_404(artifact.job_id)
    return artifact


def may_change(job: Job | Fact) -> bool:
    """Whether the person may cancel, retry or repeat *job*: its owner, or an administrator."""
    owner: bool = job.requested_by.id == current_user.id
    return bool(current_user.may_start) and (owner or current_user.is_admin)


def changeable_or_404(job_id: uuid.UUID) -> Job:
    """Give the job that the person may change; raises 404, or 403 for a joined one."""
    job = job_or_404(job_id)
    if not may_change(job):
        abort(403, _("Only the person whose job this is may change it."))
    return job


def kind_or_404(name: str, *, unlisted: bool = False) -> Kind:
    """Give the kind; raises 404 for an unknown one, 403 for one the person may not run.

    One that nobody starts from a form is there only for whom *unlisted* ones are.
    """
    kind = find(name)
    if kind is None or not (kind.listed or unlisted):
        abort(404, _("There is no report or job of that name."))
    if current_user.role not in kind.roles:
        abort(403, _("You may look at what others share with you, but not start this."))
    return kind


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be reached by people who have signed in; others are asked to."""
    guarded: Callable[P, R] = login_required(view)
    return guarded


def admin_only(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be reached by administrators only; 403 for others."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_admin:
            abort(403, _("Only administrators may open this page."))
        return view(*args, **kwargs)

    return signed_in(guarded)


def starters_only(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be reached by people who may start jobs; 403 for others."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.may_start:
            abort(403, _("Only people who may start jobs may open this page."))
        return view(*args, **kwargs)

    return signed_in(guarded)


def address() -> str | None:
    """Give the network address of the caller, for the audit trail."""
    return request.remote_addr
