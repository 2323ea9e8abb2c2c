"""What goes wrong with made-up jobs, in the words of real ones."""

from typing import Final, NamedTuple

from dashboard.jobs.errors import UNCHANGED, Failure


class Cause(NamedTuple):
    """Why a job failed, and whether somebody who looks after the desk should see it."""

    failure: Failure
    attention: bool = False


CAUSES: Final = (
    Cause(
        Failure(
            "The database “shop” took longer than 30 minutes.",
            next="Choose a shorter period, or try when it is quieter.",
        )
    ),
    Cause(
        Failure(
            "The work took longer than it may.",
            next="Choose a shorter period or fewer rows.",
        )
    ),
    Cause(
        Failure(
            "The database “shop” does not answer.",
            UNCHANGED,
            "It was tried 3 times. Tell an administrator and give the number.",
        ),
        attention=True,
    ),
)
