"""What the DNS has to say of a key, so that mail servers can check its signatures."""

from typing import Final, NamedTuple

LONGEST: Final = 255  # bytes of one string of a TXT record (RFC 1035, 3.3)


class Record(NamedTuple):
    """The TXT record of the key *selector* of *domain* (RFC 6376, 3.6): *value* as one text."""

    domain: str
    selector: str
    value: str

    @property
    def name(self) -> str:
        """Give the name under which it stands."""
        return f"{self.selector}._domainkey.{self.domain}"

    def line(self) -> str:
        """Give it as a line of a zone file, whose strings are short."""
        parts = [self.value[at : at + LONGEST] for at in range(0, len(self.value), LONGEST)]
        strings = " ".join(f'"{part}"' for part in parts)
        return f"{self.name}. IN TXT ( {strings} )"
