"""What can go wrong with a source, said to staff in one sentence."""


class SourceError(Exception):
    """A source cannot give what was asked.

    `str(error)` is a plain sentence for staff; `detail` is what the database itself said, for
    administrators, and holds no password.
    """

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail


class SourceUnavailable(SourceError):
    """The database is down, busy, locked or went away: the same may work a little later."""


class SourceTimeout(SourceError):
    """The database took longer than it was given."""


class SourceInterrupted(SourceError):
    """Somebody asked for the statement in progress to end."""


class QueryError(SourceError):
    """The query itself is wrong: it fails again until somebody changes it or its choices."""


class WriteRefused(QueryError):
    """The query tries to do more than read."""
