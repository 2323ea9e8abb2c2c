"""One thing that was looked at before sending, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from dashboard.words import gettext as _

State = Literal["good", "weak", "missing", "wrong", "unknown"]


@dataclass(frozen=True)
class Finding:
    """What is so, in a sentence; *record* is what was found as it stands, "" where nothing was.

    Where it is known what should stand there, *wanted* is that record and *name* where it belongs.
    *sentence* is English with %(name)s for *values*; what is kept of it is translated when shown.
    """

    state: State
    sentence: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    record: str = ""
    name: str = ""
    wanted: str = ""

    def __str__(self) -> str:
        """Give the sentence for whoever reads."""
        return _(self.sentence, **self.values)

    def as_json(self) -> list[Any]:
        """Give it as it is kept."""
        values = dict(self.values)
        return [self.state, self.sentence, values, self.record, self.name, self.wanted]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Self:
        """Give what as_json gave."""
        return cls(*kept)
