"""Files of mailings that no mailing names any more."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Text, cast, select

from dashboard.extensions import db
from dashboard.models import Mailing
from dashboard.storage import Kept

FOLDER: Final = "mailings/"  # Where the storage keeps them: the begin of their keys.
# A row names a file a moment after its bytes are there; and a ledger may be put back a little.
YOUNG: Final = timedelta(days=7)


def unnamed(kept: Iterable[Kept]) -> list[str]:
    """Give the keys among *kept* of files of mailings that no mailing names."""
    limit = datetime.now(UTC) - YOUNG
    old = {each.key for each in kept if each.key.startswith(FOLDER) and each.written_at < limit}
    if not old:
        return []
    db.session.rollback()  # The present state, not that of a transaction which began before.
    lists = db.session.scalars(
        select(Mailing.attachments).where(cast(Mailing.attachments, Text) != "[]")
    )
    for files in lists:
        old.difference_update(each["key"] for each in files)
    db.session.rollback()
    return sorted(old)
