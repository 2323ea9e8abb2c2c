"""A letter: the template of a message, kept for other mailings, in all of its versions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.mailing import MAILING_TITLE_LIMIT, SUBJECT_LIMIT
from dashboard.models.user import User


class Letter(Base):
    """Its name; a *retired* one is offered no more, and its versions stay."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(MAILING_TITLE_LIMIT), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class LetterVersion(Base):
    """What a letter says since it was saved for the time *number*, from 1; never changed."""

    __tablename__ = "letter_versions"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(SUBJECT_LIMIT))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime]
    letter: Mapped[Letter] = relationship()
    saved_by: Mapped[User] = relationship()
