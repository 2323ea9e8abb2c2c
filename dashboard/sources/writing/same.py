"""Whether two values are one to a database, though Python has them in different forms."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID


def same(one: object, other: object) -> bool:
    """Say whether *one* and *other* are the same value, such as Decimal("12.10") and 12.1.

    A moment without a zone is taken for UTC, and a UUID may be spelled in any way.
    """
    if one is other:
        return True
    if one is None or other is None:
        return False
    if isinstance(one, datetime) and isinstance(other, datetime):
        return _utc(one) == _utc(other)
    kinds = type(one), type(other)
    if kinds[0] is kinds[1]:
        # NaN is the one value that is not equal to itself.
        return one == other or (one != one and other != other)
    if float in kinds and Decimal in kinds:
        return float(one) == float(other)  # type: ignore[arg-type]  # Both are numbers.
    if UUID in kinds and str in kinds:
        return _plain(one) == _plain(other)
    return one == other


def first_difference(one: Sequence[object], other: Sequence[object]) -> int | None:
    """Give the place of the first values of two rows that are not the same; None for none."""
    if one == other:
        return None
    pairs = enumerate(zip(one, other, strict=True))
    return next((at for at, (left, right) in pairs if not same(left, right)), None)


def _plain(value: object) -> str:
    return str(value).lower().replace("-", "").strip("{}")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
