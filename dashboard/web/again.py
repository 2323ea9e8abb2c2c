"""“Same again”: what a person did of late, offered with its periods rolled on to today."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_login import current_user
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Kind, kinds
from dashboard.models import Job, State
from dashboard.web.apart import apart
from dashboard.web.prefill import address_of

OFFERED: Final = 4
LOOKED_AT: Final = 40  # Whoever runs one report all day still finds the others.

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Again:
    """One thing to do again: *title* is that of the job it would be now, *url* its filled form.

    *apart* are the choices (label, value) that tell it from another one of the same title.
    """

    kind: Kind
    title: str
    url: str
    apart: list[tuple[str, str]]
    finished_at: datetime


def again() -> list[Again]:
    """Give the person's last different jobs that they may start again, the latest first."""
    known = kinds()
    found: dict[str, tuple[Kind, str, Any]] = {}
    query = (
        select(Job.kind, Job.title, Job.params, Job.choices, Job.relative, Job.finished_at)
        .where(Job.requested_by_id == current_user.id, Job.state == State.SUCCEEDED)
        .order_by(Job.serial.desc())
        .limit(LOOKED_AT)
    )
    for row in db.session.execute(query):
        kind = known.get(row.kind)
        if kind is None or not kind.listed or current_user.role not in kind.roles:
            continue
        # Last month is the same in each month: two addresses that are alike are one offer.
        url = address_of(row.kind, row.params, row.relative)
        if url not in found and len(found) < OFFERED:
            found[url] = kind, _title(kind, row), row
    told = apart([(title, row.choices) for _, title, row in found.values()])
    return [
        Again(kind, title, url, pairs, row.finished_at)
        for (url, (kind, title, row)), pairs in zip(found.items(), told, strict=True)
    ]


def _title(kind: Kind, row: Any) -> str:
    if kind.title_now is None:
        return str(row.title)
    try:
        return kind.title_now(row.params, row.relative)
    except (LookupError, TypeError, ValueError) as error:
        # The kind has changed since, so that it cannot read what was chosen then.
        logger.info("A title of %s cannot be told: %s", kind.name, json.dumps(str(error)))
        return str(row.title)
