"""What was chosen, and what a job keeps beside it: whose sight its files are limited to."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.jobs.kind import Kind
from dashboard.models import User

SEEN_BY: Final = "seen_by"  # the id of a person


def as_kept(kind: Kind, params: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """Give the choices *params* as a job that *by* starts keeps them.

    Whose sight they name already they keep: whoever does a job again makes the files of another.
    """
    return {SEEN_BY: by.id, **params} if kind.by_sight else dict(params)


def as_chosen(kind: Kind | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """Give the choices alone of a job's *params*: anybody may make them.

    Those of a kind that is gone (None) are given as they are.
    """
    beside = {SEEN_BY} if kind and kind.by_sight else set()
    return {name: value for name, value in params.items() if name not in beside}
