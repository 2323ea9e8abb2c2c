"""Why a mailing is not sent, asked for or approved."""

from typing import Final

from dashboard.words import gettext as _, marked


class Refused(Exception):
    """What was asked for cannot be done now; the message tells whoever reads why."""


CHANGED: Final = marked("It was changed since you opened this page. Look at it once more.")
NO_DRAFT: Final = marked("This is no draft any more.")
NOT_ASKED: Final = marked("Nobody asks for approval of this any more.")
NOT_FOR_YOU: Final = marked("You may look at this, but not send from its sender.")
NEEDS_APPROVAL: Final = marked("So many e-mails need the approval of a second person.")
TYPE_NUMBER: Final = marked("Type the number of e-mails as it stands on the button.")
OWN: Final = marked("Somebody else has to approve it: you have asked for it yourself.")
OPENED: Final = marked("What you have seen is not what would be sent now. Look at it once more.")
BROKEN: Final = marked(
    "It was changed since approval was asked for. Decline it, so that it can be asked for again."
)
PAST: Final = marked("This time has passed.")
TOO_FAR: Final = marked("Choose a time within a year.")
TIME_OVER: Final = marked(
    "The time that was chosen has passed. Decline it, so that another one can be chosen."
)
TOO_FAST: Final = marked("At most %(number)s a minute may leave.")
ONE_A_MINUTE: Final = marked("At least one a minute has to leave.")
NOT_YOURS: Final = marked("Only the person who asked for approval may take it back.")
SAY_WHY: Final = marked("Say why, so that it can be put right.")
LEFT: Final = marked("Some of it was sent already, so it cannot be a draft again.")
NOT_PAUSED: Final = marked("Pause it first.")
ENDS: Final = marked("It is being stopped. Try again in a few seconds.")


def refused(sentence: str, **values: object) -> Refused:
    """Give the refusal that says a marked *sentence* in the reader's language."""
    return Refused(_(sentence, **values))
