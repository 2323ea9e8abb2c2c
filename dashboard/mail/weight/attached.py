"""What hangs at a message: how much it weighs, and what mail servers refuse."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final, NamedTuple

from dashboard.mail.domain.finding import Finding
from dashboard.mail.weight.message import KB
from dashboard.words import marked

LINE: Final = 57  # bytes that become a line of BASE64 …
WRITTEN: Final = 78  # … of so many bytes, its end included (RFC 2045, 6.8)
HEAVY: Final = 2_000 * KB  # for one who reads on the way, and for a mailing to thousands
# What Gmail, Outlook and most filters let nobody get, whatever is in it.
# fmt: off
REFUSED: Final = frozenset({
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "iso", "jar", "js",
    "jse", "lib", "lnk", "msi", "msp", "ps1", "scr", "vb", "vbe", "vbs", "vhd", "ws", "wsf", "wsh",
    "xll",
})
# fmt: on
MACROS: Final = frozenset({"docm", "dotm", "pptm", "xlsb", "xlsm", "xltm"})

NONE: Final = marked("Nothing is attached.")
LIGHT: Final = marked("Attachments: %(number)s, together %(size)s KB.")
WEIGHTY: Final = marked(
    "Attachments: %(number)s, together %(size)s KB, and everybody gets all of it."
)
BARRED: Final = marked("Attachments of a type that mail servers refuse: %(number)s.")
WITH_MACROS: Final = marked("Attachments with macros, which many mail servers refuse: %(number)s.")


class File(NamedTuple):
    """An attachment; *size* is in bytes."""

    name: str
    size: int

    @property
    def travelling(self) -> int:
        """How many bytes it takes in a message, as BASE64."""
        return -(-self.size // LINE) * WRITTEN


def weigh_attachments(files: Sequence[File]) -> list[Finding]:
    """Give what is so of *files*, all together."""
    if not files:
        return [Finding("good", NONE)]
    total = sum(file.travelling for file in files)
    values = {"number": len(files), "size": -(-total // KB)}
    names = "\n".join(file.name for file in files)
    is_heavy = total > HEAVY
    found = [Finding("weak" if is_heavy else "good", WEIGHTY if is_heavy else LIGHT, values, names)]
    if barred := _of(files, REFUSED):
        found.append(Finding("wrong", BARRED, {"number": len(barred)}, "\n".join(barred)))
    if macros := _of(files, MACROS):
        found.append(Finding("weak", WITH_MACROS, {"number": len(macros)}, "\n".join(macros)))
    return found


def _of(files: Sequence[File], types: frozenset[str]) -> list[str]:
    return [file.name for file in files if PurePath(file.name).suffix[1:].lower() in types]
