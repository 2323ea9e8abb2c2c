"""Letters to those who are to approve a mailing, and to whoever has asked them."""

from collections.abc import Iterable

from flask import current_app
from sqlalchemy.orm import Session

from dashboard.jobs.manner import manner_of
from dashboard.jobs.subject import named
from dashboard.models import Mailing, Notice, User, clock
from dashboard.words import gettext as _, ngettext, speaking_to

MOST = 20  # people that are written to; all others find it on the list


def tell_approvers(session: Session, mailing: Mailing, by: User, people: Iterable[User]) -> None:
    """Write to those who may approve *mailing* that *by* asks for it, in this transaction."""
    assert mailing.seal is not None
    for person in list(people)[:MOST]:
        with speaking_to(manner_of(person)):
            subject = _("Please approve: %(title)s", title=named(mailing.title))
            news = ngettext(
                "%(name)s asks for your approval of “%(title)s”: %(num)s e-mail.",
                "%(name)s asks for your approval of “%(title)s”: %(num)s e-mails.",
                mailing.seal["people"],
                name=by.name,
                title=mailing.title,
            )
            _add(session, mailing, person, subject, news)


def tell_approved(session: Session, mailing: Mailing, by: User) -> None:
    """Write to whoever asked that *by* has approved it."""
    if mailing.asked_by is not None:
        with speaking_to(manner_of(mailing.asked_by)):
            subject = _("Approved: %(title)s", title=named(mailing.title))
            news = _("%(name)s has approved “%(title)s”.", name=by.name, title=mailing.title)
            _add(session, mailing, mailing.asked_by, subject, news)


def tell_declined(session: Session, mailing: Mailing, asker: User, by: User, note: str) -> None:
    """Write to the *asker* that *by* has declined it, and why."""
    with speaking_to(manner_of(asker)):
        subject = _("Declined: %(title)s", title=named(mailing.title))
        news = _("%(name)s has declined “%(title)s”.", name=by.name, title=mailing.title)
        _add(session, mailing, asker, subject, f"{news}\n\n{note}")


def _add(session: Session, mailing: Mailing, person: User, subject: str, news: str) -> None:
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    look = _("Open the desk and look for %(number)s.", number=mailing.number)
    where = f"{base}/mailings/{mailing.id}/send" if base else look
    text = f"{news}\n\n{where}\n"
    now = clock()
    session.add(Notice(user_id=person.id, subject=subject, text=text, due_at=now, changed_at=now))
