"""A person who signs in, and the tokens of their programs."""

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from werkzeug.security import check_password_hash, generate_password_hash

from dashboard.models.base import Base

TOKEN_PREFIX = "bh_"
TOKEN_BYTES = 32
PASSWORD_MIN_LENGTH = 10


class Role(StrEnum):
    """What a person may do: look, work, or look after the desk."""

    VIEWER = "viewer"
    STAFF = "staff"
    ADMIN = "admin"


class Theme(StrEnum):
    """How pages look: as the system does, or always light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class User(Base, UserMixin):  # type: ignore[misc]  # flask-login is not typed.
    """A person; *session_key* changes with the password, which ends every other session."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16), default=Role.STAFF)
    password_hash: Mapped[str] = mapped_column(String(255))
    session_key: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # How numbers and dates are written, as in en-GB; None as the desk does.
    locale: Mapped[str | None] = mapped_column(String(16))
    theme: Mapped[str] = mapped_column(String(16), default=Theme.SYSTEM)
    notify: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    # When a worker last took one of this person's jobs: people are served in turn.
    served_at: Mapped[datetime | None]
    tokens: Mapped[list["ApiToken"]] = relationship(back_populates="user")

    @property
    def is_active(self) -> bool:
        """Whether this person may sign in."""
        return self.active

    @property
    def is_admin(self) -> bool:
        """Whether this person looks after the desk."""
        return self.role == Role.ADMIN

    @property
    def may_start(self) -> bool:
        """Whether this person may start jobs at all."""
        return self.role != Role.VIEWER

    @property
    def initials(self) -> str:
        """One or two letters for the round sign beside the name."""
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()

    def get_id(self) -> str:
        """Give what the session keeps: it ends to be valid when the password changes."""
        return f"{self.id}:{self.session_key}"

    def set_password(self, password: str) -> None:
        """Keep a salted scrypt hash of *password* and end every session of this person."""
        self.password_hash = generate_password_hash(password)
        self.session_key = secrets.token_hex(16)

    def has_password(self, password: str) -> bool:
        """Whether *password* is this person's, in constant time."""
        return check_password_hash(self.password_hash, password)


class ApiToken(Base):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(back_populates="tokens")


def new_token() -> str:
    """Give a fresh secret token with 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Give the SHA-256 of *token* in hex: the token has entropy enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def normal_email(email: str) -> str:
    """Give *email* as it is compared: without blanks around it, in lower case."""
    return email.strip().lower()
