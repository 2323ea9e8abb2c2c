"""The jobs of a list that somebody has ticked."""

import uuid
from typing import Final

from flask import abort, request

from dashboard.words import gettext as _

AT_ONCE: Final = 100  # jobs; more than a few pages hold is no choice that somebody made by hand


def chosen_ids() -> set[uuid.UUID]:
    """Give the ids of the jobs that the request names.

    Raises 404 for what is none, 400 for too many.
    """
    try:
        ids = {uuid.UUID(text) for text in request.values.getlist("job")}
    except ValueError:
        abort(404)
    if len(ids) > AT_ONCE:
        abort(400, _("Choose at most %(number)s jobs at once.", number=AT_ONCE))
    return ids
