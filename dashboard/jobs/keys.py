"""The key of a stored file says which attempt at which job made it."""

import re
import uuid
from typing import NamedTuple

OWNED = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9]+)-")


class Owner(NamedTuple):
    """The attempt at a job, by the fence of its claim."""

    job_id: uuid.UUID
    fence: int


def key_of(job_id: uuid.UUID, fence: int, name: str) -> str:
    """Give the key of the file *name* that an attempt makes."""
    return f"{job_id}/{fence}-{name}"


def name_of(key: str) -> str:
    """Give the name that key_of was given."""
    return key.rpartition("/")[2].partition("-")[2]


def owner_of(key: str) -> Owner | None:
    """Give whose file it is, from the key or its begin; None for a key that is not of ours."""
    found = OWNED.match(key)
    return Owner(uuid.UUID(found[1]), int(found[2])) if found else None
