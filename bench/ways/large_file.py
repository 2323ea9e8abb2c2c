"""Gives a finished job of a running desk a file of as many bytes as are wanted, all of them zero.

It is stored as every file is: written as a draft, hashed, moved, named by a row. On the disk it
takes no room.
"""

import uuid

from sqlalchemy import select

from bench.fresh import arguments, tell
from dashboard import create_app
from dashboard.jobs.keys import key_of
from dashboard.models import Artifact, transaction
from dashboard.storage import Storage

given = arguments()
app = create_app(**given["settings"])


def work() -> dict[str, str]:
    """Put the file in the place of the job's own; gives its checksum."""
    storage: Storage = app.extensions["storage"]
    with transaction() as session:
        job_id = uuid.UUID(given["job"])
        file = session.scalars(select(Artifact).where(Artifact.job_id == job_id)).one()
        own = file.key
        key = key_of(job_id, file.job.fence, f"large-{file.name}")
        with storage.draft(key) as draft:
            with draft.path.open("wb") as empty:
                empty.truncate(given["size"])
            stored = draft.commit()
        file.key, file.size, file.sha256 = stored.key, stored.size, stored.sha256
    storage.delete(own)
    return {"sha256": stored.sha256}


with app.app_context():
    tell(work)
