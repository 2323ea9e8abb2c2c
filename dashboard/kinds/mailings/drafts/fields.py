"""What a draft's preview knows of its recipients: the fields that they have, and one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.jobs import Permanent, Transient
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.found import found_of
from dashboard.kinds.mailings.audience.peek import peek
from dashboard.kinds.mailings.audience.standing import check_of
from dashboard.models import Mailing, State, User


@dataclass(frozen=True)
class Seen:
    """Recipient *n* of *total* (None where nobody has counted) of those called *name*.

    *fields* are those that the recipients have; *row* is None where there is no such one, *place*
    is its number in the file. *to* is the address in it, *trouble* a sentence where the recipients
    cannot be read.
    """

    name: str = ""
    fields: tuple[str, ...] = ()
    row: Mapping[str, str] | None = None
    n: int = 1
    total: int | None = None
    to: str = ""
    trouble: str = ""
    place: int = 1
    values: Mapping[str, str] = field(default_factory=dict)


def seen_of(mailing: Mailing, person: User, n: int) -> Seen:
    """Give recipient *n* as *person* may see it: any that was checked, or one of the first rows."""
    if mailing.audience is None:
        return Seen(n=n)
    audience = Audience.of(mailing.audience)
    checked = _checked(mailing, audience, n)
    if checked is not None:
        return checked
    found = peek(audience, person, n)
    values = _filled(found.row)
    to = values.get(audience.email or "email", "")
    return Seen(
        audience.name,
        found.fields,
        found.row,
        found.n or n,
        found.total,
        to,
        found.trouble,
        found.n,
        values,
    )


def _checked(mailing: Mailing, audience: Audience, n: int) -> Seen | None:
    """Give the *n*-th who gets it; None where nobody has checked these recipients."""
    check = check_of(mailing)
    if mailing.check_id is None or check is None or check.state != State.SUCCEEDED:
        return None
    total = int(check.result["counts"]["good"])
    if check.params["audience"] != mailing.audience or not total:
        return None
    n = max(1, min(n, total))
    try:
        with found_of(mailing.check_id) as found:
            one, fields = found.nth_good(n), found.fields
    except (Permanent, Transient):
        return None
    if one is None:
        return None
    values = _filled(one.fields)
    return Seen(audience.name, fields, one.fields, n, total, one.email, "", one.place, values)


def _filled(row: Mapping[str, str] | None) -> dict[str, str]:
    """Give what a row has; a blank one is missing there, as the check has it."""
    return {name: value for name, value in (row or {}).items() if value.strip()}
