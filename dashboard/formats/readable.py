"""Texts made ready for a PDF: no character is lost without a word."""

from unicodedata import category, name, normalize

from dashboard.formats.fonts import REPLACEMENT, is_drawn

# Every way to end a line becomes the one that the table knows; a tab becomes two spaces.
BREAKS = dict.fromkeys("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n") | {"\r": "\n", "\t": "  "}

# They choose between pictures of one character, or say how letters join, and have no shape.
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

MOST_NAMED = 10


class Shown(dict[int, int | str]):
    """What is drawn for the character of a number; found out when it is first met."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        if character in BREAKS:
            shown: int | str = BREAKS[character]
        elif category(character) == "Cf" or any(code in selectors for selectors in SELECTORS):
            shown = ""
        else:
            shown = code if is_drawn(character) else REPLACEMENT
        self[code] = shown
        return shown


class Readable:
    """Makes texts readable and keeps the characters that no font holds."""

    def __init__(self) -> None:
        self._shown = Shown()
        self._missing: dict[str, None] = {}

    def text(self, text: str) -> str:
        """Gives *text* as it is drawn, with line ends as \\n."""
        if text.isascii() and text.isprintable():
            return text
        composed = normalize("NFC", text.replace("\r\n", "\n"))
        shown = composed.translate(self._shown)
        if REPLACEMENT in shown:
            lost = (c for c in composed if self._shown[ord(c)] == REPLACEMENT)
            self._missing.update(dict.fromkeys(lost))
        return shown

    def sentences(self) -> tuple[str, ...]:
        """Gives the warning that names what could not be shown, if anything."""
        count = len(self._missing)
        if not count:
            return ()
        named = ", ".join(map(_named, list(self._missing)[:MOST_NAMED]))
        more = f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
        if count == 1:
            return (f"The PDF could not show 1 character, {named}; {REPLACEMENT} is in its place.",)
        sentence = f"The PDF could not show {count:,} characters: {named}{more}"
        return (f"{sentence}; {REPLACEMENT} is in their place.",)


def _named(character: str) -> str:
    """Gives a character with its number, and by its name where it has no shape to show."""
    code = f"U+{ord(character):04X}"
    if character.isprintable():
        return f"{character} ({code})"
    return f"{name(character, 'control character').lower()} ({code})"
