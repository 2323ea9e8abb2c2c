"""The names by which people look for things: few, where the things that bear them are many."""

from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class Named(StrEnum):
    """What bears a name."""

    JOB = "job"
    FILE = "file"


class Name(Base):
    """A title of jobs or a name of files, once however many bear it.

    The ledger adds it by itself with the first one (migration 0006), so that nobody can forget to.
    """

    __tablename__ = "names"

    of: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(String(500), primary_key=True)
