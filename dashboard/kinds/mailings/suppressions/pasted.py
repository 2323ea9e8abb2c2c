"""Addresses that somebody has pasted, one a line, and what is wrong with some of them."""

from typing import Final, NamedTuple

from dashboard.jobs.contacts.address import NotAnAddress, normal_form

MOST: Final = 1000  # lines


class Fault(NamedTuple):
    """A line, from 1, that holds no address, and a marked sentence that says why."""

    line: int
    sentence: str


class Pasted(NamedTuple):
    """The addresses in their normal form, each once, and the lines that hold none."""

    addresses: list[str]
    faults: list[Fault]
    lines: int


def pasted(text: str) -> Pasted:
    """Read *text*; a line may end with a comma or a semicolon, and empty ones do not count."""
    addresses: dict[str, None] = {}
    faults: list[Fault] = []
    lines = 0
    for number, line in enumerate(text.splitlines(), 1):
        written = line.strip().rstrip(",;").rstrip()
        if not written:
            continue
        lines += 1
        try:
            addresses[normal_form(written)] = None
        except NotAnAddress as error:
            faults.append(Fault(number, str(error)))
    return Pasted(list(addresses), faults, lines)
