"""Letters in the ledger: each time one is saved it has a version more, and none is ever changed."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.mail.writing import Draft
from dashboard.models import Letter, LetterVersion, User, clock, transaction

MOST: Final = 500  # letters that a list shows


class Taken(Exception):
    """Another letter has this title."""


def letters(*, retired: bool = False) -> Sequence[LetterVersion]:
    """Give the newest version of each letter that is offered, or of those that are not any more."""
    newest = (
        select(LetterVersion.letter_id, func.max(LetterVersion.number).label("number"))
        .group_by(LetterVersion.letter_id)
        .subquery()
    )
    is_newest = (LetterVersion.letter_id == newest.c.letter_id) & (
        LetterVersion.number == newest.c.number
    )
    query = select(LetterVersion).join(newest, is_newest).join(LetterVersion.letter)
    query = query.where(Letter.retired_at.is_not(None) if retired else Letter.retired_at.is_(None))
    query = query.options(joinedload(LetterVersion.letter), joinedload(LetterVersion.saved_by))
    return db.session.scalars(query.order_by(Letter.title).limit(MOST)).all()


def versions_of(letter_id: int) -> Sequence[LetterVersion]:
    """Give all versions of a letter, the newest first."""
    query = select(LetterVersion).where(LetterVersion.letter_id == letter_id)
    query = query.options(joinedload(LetterVersion.saved_by))
    return db.session.scalars(query.order_by(LetterVersion.number.desc())).all()


def add(title: str, says: Draft, *, by: User) -> Letter:
    """Keep *says* as a new letter. Raises Taken."""
    try:
        with transaction() as session:
            letter = Letter(title=title, made_by_id=by.id, made_at=clock())
            session.add(letter)
            session.flush()
            _write(session, letter, says, by)
    except IntegrityError:
        raise Taken from None
    return letter


def add_version(letter_id: int, says: Draft, *, by: User) -> LetterVersion:
    """Keep *says* as what a letter says from now on; it is offered again, where it was retired."""
    with transaction() as session:
        letter = _locked(session, letter_id)
        letter.retired_at = None
        return _write(session, letter, says, by)


def bring_back(letter_id: int, number: int, *, by: User) -> LetterVersion:
    """Let a letter say again what it said in version *number*, as a new version."""
    with transaction() as session:
        letter = _locked(session, letter_id)
        old = session.get_one(LetterVersion, (letter_id, number))
        return _write(session, letter, says_of(old), by)


def retire(letter_id: int, *, by: User, offered: bool = False) -> Letter:
    """Offer a letter no more, or (*offered*) once more; its versions stay."""
    with transaction() as session:
        letter = _locked(session, letter_id)
        letter.retired_at = None if offered else letter.retired_at or clock()
        act = "letter.offer" if offered else "letter.retire"
        audit.record(act, by=by, detail={"letter": letter_id})
    return letter


def says_of(version: LetterVersion) -> Draft:
    """Give what a version says."""
    return Draft(version.subject, version.body, version.html, version.text)


def _locked(session: Session, letter_id: int) -> Letter:
    query = select(Letter).where(Letter.id == letter_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def _write(session: Session, letter: Letter, says: Draft, by: User) -> LetterVersion:
    query = select(func.max(LetterVersion.number)).where(LetterVersion.letter_id == letter.id)
    version = LetterVersion(
        letter_id=letter.id,
        number=(session.scalar(query) or 0) + 1,
        subject=says.subject,
        body=says.body,
        html=says.html,
        text=says.text,
        saved_by_id=by.id,
        saved_at=clock(),
    )
    session.add(version)
    detail = {"letter": letter.id, "version": version.number}
    audit.record("letter.save", by=by, detail=detail)
    return version
