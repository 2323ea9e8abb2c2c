"""Marks what became of claimed deliveries, each in a transaction of its own."""

import json
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self, cast

from sqlalchemy import (
    Dialect,
    Select,
    Update,
    bindparam,
    exists,
    null,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from dashboard.extensions import db
from dashboard.kinds.mailings.ledger.claims import ClaimLost
from dashboard.kinds.mailings.ledger.past import with_try
from dashboard.kinds.mailings.ledger.tokens import is_swift
from dashboard.models import Delivery, Fate, Suppression
from dashboard.models.base import UtcDateTime

TRIED: Final = frozenset({Fate.DEFERRED, Fate.FAILED, Fate.UNCERTAIN})
"""Marks of a try that the past keeps."""

_MARK: Final = (
    update(Delivery)
    .where(Delivery.id == bindparam("which"), Delivery.claim == bindparam("token"))
    .values(
        state=bindparam("fate"),
        claim=null(),
        tries=Delivery.tries + bindparam("more"),
        due_at=bindparam("due"),
        code=bindparam("its_code"),
        words=bindparam("its_words"),
        reason=bindparam("its_reason"),
        changed_at=bindparam("now"),
    )
)
_MARK_TRIED: Final = _MARK.values(past=bindparam("its_past"))
_PAST: Final = select(Delivery.past).where(Delivery.id == bindparam("which"))
_STANDS_THERE: Final = exists().where(Suppression.address == bindparam("address"))
# One way to the ledger and back for both: there are as many as e-mails.
_MARK_AND_ASK: Final = _MARK.returning(_STANDS_THERE)


class Marks:
    """Marks the deliveries of the claims with one *token*; used by one thread, in an app context.

    It holds a connection to the ledger as long as its block lasts, on which each statement is a
    transaction by itself. The statements go straight to the driver: there is one for each e-mail.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        dialect = db.engine.dialect
        self._is_postgresql = dialect.name == "postgresql"
        statements = (_MARK, _MARK_TRIED, _MARK_AND_ASK, _PAST, select(_STANDS_THERE))
        texts = [_text(one, dialect) for one in statements]
        self._mark, self._mark_tried, self._mark_and_ask, self._past, self._ask = texts
        moment: Callable[[Any], Any] | None = UtcDateTime().bind_processor(dialect)
        self._moment = moment or (lambda value: value)
        self._cursor: Any = None

    def __enter__(self) -> Self:
        """Take the connection."""
        self._pooled = db.engine.raw_connection()
        self._driver = cast(Any, self._pooled.driver_connection)
        if self._is_postgresql:
            self._driver.rollback()
            self._driver.autocommit = True
        elif is_swift(self._token):
            self._driver.execute("PRAGMA synchronous = NORMAL")
        self._cursor = self._driver.cursor()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the connection back, as it was."""
        try:
            self._cursor.close()
            if self._is_postgresql:
                self._driver.autocommit = False
            elif is_swift(self._token):
                self._driver.execute("PRAGMA synchronous = FULL")
        except Exception:
            self._pooled.invalidate()
            raise
        finally:
            self._pooled.close()

    def mark(
        self,
        delivery_id: int,
        fate: Fate,
        now: datetime,
        *,
        code: int | None = None,
        words: str | None = None,
        reason: str | None = None,
        due_at: datetime | None = None,
        untried: bool = False,
        ask: str | None = None,
    ) -> bool:
        """Commit what became of one delivery; raises ClaimLost where it is not ours any more.

        *untried* takes the try back that the claim has counted. Says whether *ask*, the address
        that comes next, is suppressed.
        """
        given = {
            "which": delivery_id,
            "token": self._token,
            "fate": fate.value,
            "more": -1 if untried else 0,
            "due": self._moment(due_at),
            "its_code": code,
            "its_words": words,
            "its_reason": reason,
            "now": self._moment(now),
        }
        if fate not in TRIED and ask is not None:
            found = self._cursor.execute(self._mark_and_ask, {**given, "address": ask}).fetchall()
            if not found:
                raise ClaimLost
            return bool(found[0][0])
        statement = self._mark
        if fate in TRIED:
            past = with_try(self._past_of(delivery_id), now, fate, code, words)
            statement, given["its_past"] = self._mark_tried, json.dumps(past)
        if self._cursor.execute(statement, given).rowcount != 1:
            raise ClaimLost
        return ask is not None and self.is_suppressed(ask)

    def is_suppressed(self, address: str) -> bool:
        """Say, just before sending, whether nothing goes to *address* any more."""
        return bool(self._cursor.execute(self._ask, {"address": address}).fetchone()[0])

    def _past_of(self, delivery_id: int) -> list[list[Any]] | None:
        past: list[list[Any]] | str | None
        (past,) = self._cursor.execute(self._past, {"which": delivery_id}).fetchone()
        return cast(Any, json.loads(past)) if isinstance(past, str) else past


def _text(statement: Update | Select[Any], dialect: Dialect) -> str:
    """Give *statement* as the driver takes it, with parameters by name."""
    if dialect.name == "sqlite":
        dialect = sqlite.dialect(paramstyle="named")
    return str(statement.compile(dialect=dialect))
