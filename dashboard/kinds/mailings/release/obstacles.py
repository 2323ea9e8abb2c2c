"""What keeps a mailing from being sent, and where each of it is put right."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.audience import standing
from dashboard.kinds.mailings.audience.people import NAME
from dashboard.kinds.mailings.drafts import draft_of
from dashboard.kinds.mailings.sight import senders_for
from dashboard.mail.writing import Refusal, compile as made_ready
from dashboard.models import Attachment, Mailing, State, User
from dashboard.words import gettext as _

COMPILED: Final = 50_000
"""Characters of a message that are tried out before it is sent; longer ones by the job alone."""

Where = Literal["message", "recipients"]


class Obstacle(NamedTuple):
    """A sentence for whoever reads, and the page that puts it right."""

    sentence: str
    where: Where


def obstacles(mailing: Mailing, person: User) -> list[Obstacle]:
    """Give all that keeps *person* from sending *mailing*, in the order of putting it right."""
    return [*_of_message(mailing, person), *_of_recipients(mailing)]


def _of_message(mailing: Mailing, person: User) -> Iterator[Obstacle]:
    sender = mailing.sender
    if sender is None:
        yield Obstacle(_("Choose whom it comes from."), "message")
    elif sender.retired_at is not None:
        yield Obstacle(_("Nothing is sent from %(name)s any more.", name=sender.name), "message")
    elif sender.id not in {each.id for each in senders_for(person)}:
        yield Obstacle(_("You may not send from %(name)s.", name=sender.name), "message")
    if not mailing.subject.strip():
        yield Obstacle(_("Write a subject."), "message")
    if not mailing.body.strip() and not mailing.html.strip():
        yield Obstacle(_("Write a message."), "message")
        return
    if len(mailing.body) + len(mailing.html) + len(mailing.text) > COMPILED:
        return
    try:
        made_ready(draft_of(mailing))
    except Refusal as error:
        yield Obstacle(str(error), "message")


def _of_recipients(mailing: Mailing) -> Iterator[Obstacle]:
    check = standing.check_of(mailing)
    if mailing.audience is None:
        yield Obstacle(_("Choose whom it goes to."), "message")
    elif check is None:
        yield Obstacle(_("The recipients are not checked yet."), "recipients")
    elif not check.is_final:
        yield Obstacle(_("The recipients are being checked."), "recipients")
    elif check.state != State.SUCCEEDED:
        yield Obstacle(_("The check of the recipients did not come to its end."), "recipients")
    elif not standing.is_current(mailing, check):
        yield Obstacle(
            _("The message or its recipients were changed since the check. Check them again."),
            "recipients",
        )
    elif not _is_kept(mailing):
        yield Obstacle(
            _("The check is too old: what it found is not kept. Check them again."), "recipients"
        )
    elif not check.result["counts"]["good"]:
        yield Obstacle(_("There is nobody to send it to."), "recipients")


def _is_kept(mailing: Mailing) -> bool:
    query = select(Attachment.id).where(
        Attachment.job_id == mailing.check_id,
        Attachment.name == NAME,
        Attachment.deleted_at.is_(None),
    )
    return db.session.scalars(query).first() is not None
