"""Why a file cannot be read, said to whoever sent it."""

from dashboard.formats.reading.limits import MOST_FIRST_LINE


class Unreadable(Exception):
    """A file cannot be read.

    `str(error)` and *sentence* are a plain sentence that says why and names the row where one is
    to blame; *first_line* is what the file begins with, "" where that cannot be shown.
    """

    def __init__(self, sentence: str, *, first_line: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.first_line = first_line


def first_line_of(text: str) -> str:
    """Gives the first line of *text* that holds anything, as people may see it; "" of no text."""
    line = next(filter(None, map(str.strip, text.splitlines())), "")
    line = line[:MOST_FIRST_LINE].replace("\t", " ")
    return line if line.isprintable() else ""
