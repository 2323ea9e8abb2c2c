"""Judges rows: who gets the message, and why somebody does not."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final

from dashboard.jobs.contacts.address import NotAnAddress, normal_form
from dashboard.jobs.twins import Twins
from dashboard.kinds.mailings.audience.needs import Needs
from dashboard.kinds.mailings.audience.people import Fate, Fault, Judged, Person
from dashboard.kinds.mailings.audience.reading import Entry
from dashboard.mail.mime.bad import has_control
from dashboard.words import marked

NO_ADDRESS: Final = marked("The address is missing")
MISSING: Final = marked("Missing, and the message uses it")
BROKEN: Final = marked("It has a line break or another control character, and the subject uses it")
TOO_LONG: Final = marked("Too long: %(size)s characters, of which %(most)s are possible")
TOO_WIDE: Final = marked("The row has more cells than there are columns")
SAME_ADDRESS: Final = marked("The same address as in row %(row)s, which comes first")
SUPPRESSED: Final = marked("Asked for no e-mail, or the address does not exist")

LONGEST: Final = 10_000
"""Characters of a value: some pages of text. Each recipient is kept with all values."""

Look = Callable[[Collection[str]], Collection[str]]


class Judge:
    """Judges the rows of a file in their order; *missing* counts rows by the field they lack,
    *broken* by the field that a subject cannot take.

    *suppressed* gives those of some addresses to which nothing goes. An address belongs to the
    first row that nothing else is wrong with; those that repeat it are duplicates.
    """

    def __init__(
        self, fields: Sequence[str], email: int, needs: Needs, twins: Twins, suppressed: Look
    ) -> None:
        self._fields = fields
        self._email = email
        self._in_subject = [at for at, name in enumerate(fields) if name in set(needs.subject)]
        needed = set(needs.fields) - {fields[email]}
        self._places = [(at, name) for at, name in enumerate(fields) if name in needed]
        self._absent = [name for name in needs.fields if name not in fields]
        self._twins = twins
        self._suppressed = suppressed
        self.missing: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()

    def judge(self, entries: Sequence[Entry]) -> list[Judged]:
        """Give what becomes of *entries*, in their order."""
        people = [self._person(entry) for entry in entries]
        whole = [person for person in people if not person.faults]
        firsts = self._twins.firsts(
            [person.place for person in whole], [(person.address,) for person in whole]
        )
        asked = {person.address for person in whole if person.place not in firsts}
        left_out = set(self._suppressed(asked)) if asked else set()
        return [self._judged(person, firsts, left_out) for person in people]

    def _judged(self, person: Person, firsts: dict[int, int], left_out: Collection[str]) -> Judged:
        fate: Fate = "good"
        if person.faults:
            return Judged("bad", person)
        if first := firsts.get(person.place):
            fate, fault = "duplicate", Fault(self._name, SAME_ADDRESS, {"row": first})
        elif person.address in left_out:
            fate, fault = "suppressed", Fault(self._name, SUPPRESSED, {})
        else:
            return Judged(fate, person)
        return Judged(fate, person._replace(faults=(fault,)))

    @property
    def _name(self) -> str:
        return self._fields[self._email]

    def _person(self, entry: Entry) -> Person:
        cells, faults = self._fitted(entry.cells)
        email = cells[self._email].strip()
        address = ""
        try:
            address = normal_form(email)
        except NotAnAddress as error:
            faults.append(Fault(self._name, str(error) if email else NO_ADDRESS, {}))
        for name in self._lacking(cells):
            faults.append(Fault(name, MISSING, {}))
            self.missing[name] += 1
        for name in [self._fields[at] for at in self._in_subject if has_control(cells[at])]:
            faults.append(Fault(name, BROKEN, {}))
            self.broken[name] += 1
        fields = dict(zip(self._fields, cells, strict=True))
        return Person(entry.place, address, email, fields, tuple(faults))

    def _lacking(self, cells: Sequence[str]) -> list[str]:
        blank = [name for at, name in self._places if not cells[at].strip()]
        return blank + self._absent if self._absent else blank

    def _fitted(self, cells: tuple[str, ...]) -> tuple[tuple[str, ...], list[Fault]]:
        """Give as many *cells* as there are fields, none too long, and what is wrong with them."""
        faults: list[Fault] = []
        width = len(self._fields)
        if len(cells) < width:
            cells += ("",) * (width - len(cells))
        elif len(cells) > width:
            if any(map(str.strip, cells[width:])):
                faults.append(Fault("", TOO_WIDE, {}))
            cells = cells[:width]
        if max(map(len, cells)) > LONGEST:
            faults += [
                Fault(self._fields[at], TOO_LONG, {"size": len(cell), "most": LONGEST})
                for at, cell in enumerate(cells)
                if len(cell) > LONGEST and at != self._email  # Which is no address anyway.
            ]
            cells = tuple(cell[:LONGEST] for cell in cells)
        return cells, faults
