"""A person of a contact list."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base

EMAIL_LIMIT: Final = 320  # characters: 64 before the @, 255 behind it.
VALUE_LIMIT: Final = 1000  # characters of one value

# In the order of its characters everywhere, so that what begins alike stands together.
PLAIN_ORDER = String(EMAIL_LIMIT).with_variant(String(EMAIL_LIMIT, collation="C"), "postgresql")


class Contact(Base):
    """One person: *email* as it was given, *address* as it is compared, once in a list.

    *values* are those of the list's fields by their names, without those that have none: texts,
    true and false, numbers and days as text (12.50, 1815-12-10).
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("list_id", "address"),
        Index("ix_contacts_list_id_changed_at", "list_id", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("contact_lists.id"))
    address: Mapped[str] = mapped_column(PLAIN_ORDER)
    email: Mapped[str] = mapped_column(String(EMAIL_LIMIT))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime]
