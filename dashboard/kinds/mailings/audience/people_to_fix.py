"""The rows that nothing can be sent to, as a file of their own."""

from collections.abc import Sequence
from typing import Any

from dashboard.jobs.corrections import Corrections
from dashboard.kinds.mailings.audience.people import Fault, Person


class PeopleToFix(Corrections[Person]):
    """Writes the people with the columns of the audience."""

    def cells(self, row: Person) -> Sequence[Any]:
        """Give what the audience tells of the person."""
        return tuple(row.fields.values())

    def number(self, row: Person) -> int:
        """Give the person's place in the audience."""
        return row.place

    def reason(self, row: Person) -> str:
        """Say all that is wrong with the person."""
        return "; ".join(map(_told, row.faults))


def _told(fault: Fault) -> str:
    return f"{fault.column}: {fault}" if fault.column else str(fault)
