"""A draft to three people, and those who are concerned."""

from typing import Any

from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.kinds.mailings import release
from dashboard.kinds.mailings.release import mark_of, present_seal
from dashboard.models import (
    AuditEntry,
    Job,
    Mailing,
    MailingState,
    Role,
    Sender,
    User,
    transaction,
)
from dashboard.web.users import add_user
from tests.kinds.mailings.made import check, make_draft


class Hall:
    """Mara, who writes; Jonas, who may approve; Ada, who looks after the desk; Vera, who looks."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        people = {"Mara": Role.STAFF, "Jonas": Role.STAFF, "Ada": Role.ADMIN, "Vera": Role.VIEWER}
        self.ids = {
            name: add_user(f"{name.lower()}@example.org", name, role, "secret secret").id
            for name, role in people.items()
        }
        self.mailing_id = make_draft(self.ids["Mara"])

    def who(self, name: str) -> User:
        """Give a person."""
        return db.session.get_one(User, self.ids[name])

    @property
    def mailing(self) -> Mailing:
        """The mailing as the ledger has it."""
        return db.session.get_one(Mailing, self.mailing_id, populate_existing=True)

    @property
    def read(self) -> dict[str, Any]:
        """What a form says of the mailing as it is shown now."""
        mailing = self.mailing
        seal = present_seal(mailing) if mailing.state == MailingState.DRAFT else mailing.seal
        return {"version": mailing.version, "seen": mark_of(seal)}

    def sends(self, name: str = "Mara", **more: Any) -> None:
        """Press “Send”."""
        release.send(self.mailing_id, **{"by": self.who(name), **self.read, **more})

    def asks(self, name: str = "Mara", **more: Any) -> None:
        """Press “Ask for approval”."""
        release.ask(self.mailing_id, **{"by": self.who(name), **self.read, **more})

    def approves(self, name: str = "Jonas", **more: Any) -> None:
        """Press “Approve and send”."""
        release.approve(self.mailing_id, **{"by": self.who(name), **self.read, **more})

    def declines(self, name: str, note: str) -> None:
        """Press “Decline”."""
        version = self.mailing.version
        release.decline(self.mailing_id, by=self.who(name), version=version, note=note)

    def changes(self, **values: Any) -> None:
        """Change the mailing behind everybody's back."""
        with transaction() as session:
            session.execute(update(Mailing).where(Mailing.id == self.mailing_id).values(**values))

    def jobs(self) -> list[Job]:
        """Give the jobs that send mailings."""
        return list(db.session.scalars(select(Job).where(Job.kind == "mailing")))

    def acts(self) -> list[str]:
        """Give what is written down of it."""
        query = select(AuditEntry.action).where(AuditEntry.action.startswith("mailing."))
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def other_people(hall: Hall) -> None:
    check(hall.mailing_id, 2)


def other_sender_name(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Sender).values(name="Somebody else"))
