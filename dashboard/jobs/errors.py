"""How work ends badly: told apart, and put in plain words, in this one place."""

import traceback
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from sqlalchemy.exc import DBAPIError

from dashboard.formats import FormatError
from dashboard.sources import (
    QueryError,
    SourceError,
    SourceInterrupted,
    SourceTimeout,
    SourceUnavailable,
)
from dashboard.storage import StorageError
from dashboard.words import marked

# What is kept is English; pages translate the sentences that are marked.
UNCHANGED = marked("No file was made and no data was changed.")
TRY_LATER = marked("Try again in a few minutes.")
TELL_THE_NUMBER = marked("Tell an administrator and give the number.")
DETAIL_LIMIT = 20_000  # characters of a traceback that are kept


class Permanent(Exception):
    """Trying again cannot help; *what* and *next* are plain sentences.

    *attention* where the person who asked cannot mend it; *change* where other choices can.
    """

    def __init__(
        self,
        what: str,
        *,
        next: str = "",  # noqa: A002  # The page's own word.
        attention: bool = False,
        change: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.next = next
        self.attention = attention
        self.change = change


class Transient(Exception):
    """Trying again may help; *what* is a plain sentence."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Stop(Exception):
    """The work must stop here; it is no fault of the work."""


class Cancelled(Stop):
    """A person cancelled the job."""


class LeaseLost(Stop):
    """Another attempt may own the job now: nothing more may be written."""


class TimeUp(Stop):
    """The time limit of the kind has passed."""


class Later(Exception):
    """The work goes on at the moment *at*, or once wake() is called; its slot is free meanwhile.

    *why* is a plain sentence, shown as long as it waits. The attempt is not counted.
    """

    def __init__(self, why: str, *, at: datetime | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


class UnknownKind(Permanent):
    """The kind of a queued job does not exist on this worker (any more)."""


@dataclass(frozen=True)
class Failure:
    """Why a job failed, in the order in which a page says it.

    *change*: with the same choices it fails again, with others it need not.
    """

    what: str
    unchanged: str = UNCHANGED
    next: str = ""
    change: bool = False

    def as_json(self) -> dict[str, Any]:
        """Give the words as the ledger keeps them."""
        words = asdict(self)
        if not self.change:
            del words["change"]
        return words


@dataclass(frozen=True)
class Verdict:
    """What follows from an error: the words for staff, and whether another attempt may help.

    *attention*: whoever looks after the desk should see it, because staff cannot mend it.
    """

    failure: Failure
    retry: bool
    attention: bool = False

    def saying(self, unchanged: str) -> Self:
        """Give the same, which says *unchanged* of what was not changed."""
        return replace(self, failure=replace(self.failure, unchanged=unchanged))


@dataclass(frozen=True)
class Rule:
    """What follows from one sort of error; without *what* the error's own sentence is said."""

    error: type[BaseException]
    retry: bool
    next: str = ""
    what: str = ""
    attention: bool = False
    change: bool = False


# The first rule that fits counts.
RULES = (
    Rule(Transient, retry=True, next=TRY_LATER),
    Rule(
        SourceTimeout,
        retry=False,
        next=marked("Choose a shorter period, or try when it is quieter."),
    ),
    Rule(SourceUnavailable, retry=True, next=TRY_LATER),
    Rule(SourceInterrupted, retry=True, next=TRY_LATER),
    Rule(
        QueryError,
        retry=False,
        next=marked("Tell the people who look after this report."),
        attention=True,
    ),
    Rule(SourceError, retry=False),
    Rule(FormatError, retry=False),
    Rule(StorageError, retry=True, next=marked("Tell an administrator.")),
    Rule(
        DBAPIError,
        retry=True,
        next=TRY_LATER,
        what=marked("The desk’s own database did not answer."),
    ),
    Rule(
        MemoryError,
        retry=False,
        next=marked("Choose a shorter period."),
        what=marked("The work needed more memory than there is."),
        attention=True,
        change=True,
    ),
    Rule(
        TimeUp,
        retry=False,
        next=marked("Choose a shorter period or fewer rows."),
        what=marked("The work took longer than it may."),
        change=True,
    ),
    Rule(
        BaseException,
        retry=False,
        next=TELL_THE_NUMBER,
        what=marked("Something went wrong that this kind of job does not know."),
        attention=True,
    ),
)


def judge(error: BaseException) -> Verdict:
    """Tell transient from permanent errors and put *error* in plain words."""
    if isinstance(error, Permanent):
        failure = Failure(error.what, next=error.next, change=error.change)
        return Verdict(failure, False, error.attention)
    rule = next(rule for rule in RULES if isinstance(error, rule.error))
    # What was tried again and again and never worked is nothing that staff can mend.
    attention = rule.attention or rule.retry
    change = rule.change or (isinstance(error, FormatError) and error.change)
    failure = Failure(rule.what or str(error), next=rule.next, change=change)
    return Verdict(failure, rule.retry, attention)


def technical(error: BaseException) -> str:
    """Give the traceback of *error*, for those who may see technical details."""
    lines = traceback.format_exception(error)
    detail = getattr(error, "detail", None)
    if detail:
        lines.append(f"\n{detail}")
    return "".join(lines)[-DETAIL_LIMIT:]
