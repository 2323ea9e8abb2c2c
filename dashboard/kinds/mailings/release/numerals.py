"""A number as people type it: with whatever stands between its thousands, or nothing."""

import re
from typing import Final

BETWEEN: Final = re.compile(r"[\s.,'’_\u00a0\u202f]+")
LONGEST: Final = 20  # characters


def number_of(typed: str) -> int | None:
    """Give the number; None for what is none."""
    digits = BETWEEN.sub("", typed[:LONGEST])
    return int(digits) if digits.isdecimal() else None
