"""The columns that the desk itself adds to people's files, known again when a file comes back."""

from collections.abc import Collection, Sequence
from functools import cache

from dashboard.jobs.corrections import ROW, WHY
from dashboard.kinds.imports.findings import Fault
from dashboard.kinds.imports.mapping import plain_name
from dashboard.words import LANGUAGES, catalogue_of


def added_to(names: Sequence[str], targets: Collection[str]) -> frozenset[int]:
    """Give the places of those *names* that the desk has added, in whichever language.

    They are the reasons and, right before them, the number of the row. A column of the *targets*
    is never taken for one, unless the file has it twice.
    """
    known = {plain_name(target) for target in targets}
    found: set[int] = set()
    for at, name in enumerate(names):
        if name not in titles(WHY) or plain_name(name) in known:
            continue
        found.add(at)
        if at and names[at - 1] in titles(ROW):
            own = plain_name(names[at - 1])
            if own not in known or own in map(plain_name, names[: at - 1]):
                found.add(at - 1)
    return frozenset(found)


def place_of_reasons(names: Sequence[str], taken: Collection[int]) -> int | None:
    """Give the place of the last column for reasons that goes nowhere; *taken* go somewhere."""
    places = [at for at, name in enumerate(names) if name in titles(WHY) and at not in taken]
    return places[-1] if places else None


@cache
def titles(message: str) -> frozenset[str]:
    """Give *message* in every language of the desk."""
    return frozenset(catalogue_of(language).says(message) for language in LANGUAGES)


def reason_of(faults: Sequence[Fault]) -> str:
    """Give all *faults* of a row as one text, in the language of whoever reads."""
    return "; ".join(map(_told, faults))


def _told(fault: Fault) -> str:
    return f"{fault.column}: {fault.unfit}" if fault.column else str(fault.unfit)
