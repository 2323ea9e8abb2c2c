"""Colleagues who never were, for made-up jobs."""

import secrets
from typing import Final, NamedTuple

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from dashboard.extensions import db
from dashboard.models import Role, User, clock, transaction


class Colleague(NamedTuple):
    """What comes before the @, a name, what they may do, and their time zone (IANA)."""

    login: str
    name: str
    role: Role = Role.STAFF
    zone: str = "Europe/Berlin"

    @property
    def email(self) -> str:
        """The address, which nobody can have."""
        return f"{self.login}@showcase.example"


COLLEAGUES: Final = (
    Colleague("mara", "Mara Keller"),
    Colleague("jonas", "Jonas Brandt"),
    Colleague("priya", "Priya Raman", zone="Asia/Kolkata"),
    Colleague("wiebke", "Wiebke Janßen", Role.ADMIN),
    Colleague("tim", "Tim O'Connor", zone="Europe/Dublin"),
    Colleague("aylin", "Aylin Yılmaz"),
    Colleague("vera", "Vera Lindqvist", Role.VIEWER, "Europe/Stockholm"),
    Colleague("nikos", "Νίκος Παπαδόπουλος", zone="Europe/Athens"),
    Colleague("liat", "ליאת כהן", zone="Asia/Jerusalem"),
    Colleague("chidi", "Chidi Okafor", zone="Africa/Lagos"),
    Colleague("sofia", "Sofía Herrera", zone="America/Mexico_City"),
    Colleague("tomasz", "Tomasz Nowak", zone="Europe/Warsaw"),
    Colleague("grace", "Grace Whitfield", zone="Europe/London"),
    Colleague("luc", "Luc Moreau", zone="Europe/Paris"),
    Colleague("ming", "李 明", zone="Asia/Shanghai"),
    Colleague("hanna", "Hanna Virtanen", zone="Europe/Helsinki"),
    Colleague("bartholomaeus", "Bartholomäus Freiherr von und zu Hohenschwangau-Lichtenstein"),
    Colleague("ravi", "Ravi Menon", Role.VIEWER, "Asia/Kolkata"),
    Colleague("elif", "Elif Demir"),
    Colleague("franz", "Franz Obermüller"),
)


def colleagues() -> list[User]:
    """Give the colleagues, in their order; who is not there yet is added.

    Nobody knows their passwords: set one with bin/flask users password EMAIL.
    """
    wanted = {each.email: each for each in COLLEAGUES}
    known = _known(wanted)
    missing = [each for email, each in wanted.items() if email not in known]
    if missing:
        # One hash for all: to make one takes a while, and nobody is to sign in with it.
        password_hash = generate_password_hash(secrets.token_urlsafe())
        with transaction() as session:
            now = clock()
            session.add_all(
                User(
                    email=each.email,
                    name=each.name,
                    role=each.role,
                    time_zone=each.zone,
                    password_hash=password_hash,
                    created_at=now,
                )
                for each in missing
            )
        known = _known(wanted)
    return [known[email] for email in wanted]


def _known(emails: dict[str, Colleague]) -> dict[str, User]:
    query = select(User).where(User.email.in_(emails))
    return {user.email: user for user in db.session.scalars(query)}
