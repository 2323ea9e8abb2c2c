"""A list of people, filled by imports."""

from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.user import User

LIST_TITLE_LIMIT: Final = 80  # characters; the title of its import is longer.
LIST_SUMMARY_LIMIT: Final = 300
FIELD_LABEL_LIMIT: Final = 60
MOST_FIELDS: Final = 40

FieldType = Literal["text", "number", "date", "boolean"]


class ContactList(Base):
    """What a list is called, who may see it and import into it, and what is known of its people.

    *name* is that of its table for imports and never changes. *fields* are
    [{"name": …, "label": …, "type": a FieldType}] in their order; the address is none of them.
    *changed_at* is of this row, not of the contacts.
    """

    __tablename__ = "contact_lists"
    # The number of a list that was deleted is given to no other one.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(LIST_TITLE_LIMIT))
    summary: Mapped[str] = mapped_column(String(LIST_SUMMARY_LIMIT))
    roles: Mapped[list[str]] = mapped_column(JSON)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    made_by: Mapped[User | None] = relationship()
