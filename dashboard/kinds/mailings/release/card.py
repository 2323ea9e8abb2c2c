"""What the card shows by which a mailing is sent, on its own page and below its recipients."""

from dataclasses import dataclass
from typing import Any

from dashboard.kinds.mailings.audience import standing
from dashboard.kinds.mailings.release.approvers import approvers
from dashboard.kinds.mailings.release.form import SendForm
from dashboard.kinds.mailings.release.needs import Needs, needs
from dashboard.kinds.mailings.release.obstacles import Obstacle, obstacles
from dashboard.kinds.mailings.release.seal import mark_of, present_seal
from dashboard.kinds.mailings.release.speed import allowed, seconds_for
from dashboard.models import Mailing, User

NAMED = 5  # people who may approve


@dataclass(frozen=True)
class Card:
    """A draft as it can be sent by one person, or why it cannot.

    *mark* stands for what is shown; *speed* is e-mails a minute and *seconds* how long they take,
    both None without a limit; *approvers* are the names of some who may approve, *more* how many
    there are beside them.
    """

    mailing: Mailing
    people: int
    needs: Needs
    obstacles: list[Obstacle]
    form: SendForm
    mark: str
    speed: int | None
    seconds: float | None
    approvers: list[str]
    more: int
    may_send: bool


def card_of(mailing: Mailing, person: User, formdata: Any = None) -> Card:
    """Give the card of the draft *mailing* for *person*; *formdata* is what they have sent."""
    seal = present_seal(mailing)
    people = seal["people"] if seal else standing.people(mailing)
    needed = needs(people)
    names = [each.name for each in approvers(mailing, person.id)] if needed.approval else []
    most = allowed(mailing.sender)
    speed = min((each for each in (most, mailing.a_minute) if each), default=None)
    return Card(
        mailing=mailing,
        people=people,
        needs=needed,
        obstacles=obstacles(mailing, person),
        form=SendForm(mailing, people, formdata),
        mark=mark_of(seal),
        speed=speed,
        seconds=seconds_for(people, speed),
        approvers=names[:NAMED],
        more=len(names[NAMED:]),
        may_send=person.may_start,
    )
