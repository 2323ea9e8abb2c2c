"""The very same job, under way or finished already, which need not be run twice."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from dashboard.extensions import db
from dashboard.jobs.kind import Kind
from dashboard.models import ACTIVE, Artifact, Job, State, clock


def choice_hash(kind: str, params: Mapping[str, Any]) -> str:
    """Give a SHA-256 that is the same for the same choices, in whatever order they are named.

    *params* are as a job keeps them. A list in them keeps its order, which may have a meaning, as
    that of columns has.
    """
    text = json.dumps([kind, params], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def same_under_way(kind: Kind, params: Mapping[str, Any]) -> Job | None:
    """Give an unfinished job with the very same choices, or None."""
    query = select(Job).where(_same(kind, params), _under_way()).order_by(Job.serial)
    return db.session.scalars(query.limit(1)).first()


def same_finished(kind: Kind, params: Mapping[str, Any], *, since: datetime) -> Job | None:
    """Give the newest finished job with the very same choices whose files are all there, or None.

    It is anybody's, and finished at *since* or later.
    """
    query = select(Job).where(_same(kind, params), _complete(since)).order_by(Job.serial.desc())
    return db.session.scalars(query.limit(1)).first()


def joinable(
    job_id: uuid.UUID, kind: Kind, params: Mapping[str, Any], *, since: datetime
) -> Job | None:
    """Give the job *job_id* when it has the very same choices and is of use still, or None.

    Of use is a job under way, and one that same_finished could give.
    """
    of_use = or_(_under_way(), _complete(since))
    query = select(Job).where(Job.id == job_id, _same(kind, params), of_use)
    return db.session.scalars(query).first()


def _same(kind: Kind, params: Mapping[str, Any]) -> ColumnElement[bool]:
    return Job.choice_hash == choice_hash(kind.name, params)


def _under_way() -> ColumnElement[bool]:
    return and_(Job.state.in_(ACTIVE), Job.cancel_requested_at.is_(None))


def _complete(since: datetime) -> ColumnElement[bool]:
    """Give the condition on jobs that finished at *since* or later and have all their files."""
    of_job = Artifact.job_id == Job.id
    gone = or_(
        Artifact.deleted_at.is_not(None),
        Artifact.damaged_at.is_not(None),
        Artifact.expires_at <= clock(),
    )
    return and_(
        Job.state == State.SUCCEEDED,
        Job.finished_at >= since,
        exists().where(of_job),
        ~exists().where(of_job, gone),
    )
