"""A kind that a person keeps at the top of their catalogue."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class Favourite(Base):
    """One star: the row is there or it is not."""

    __tablename__ = "favourites"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80), primary_key=True)
