"""Keeps what somebody wrote from right to left apart from the words around it, in plain text.

In HTML, <bdi> does the same.
"""

from unicodedata import bidirectional

# Letters that are written from right to left, and signs that turn the direction.
TURNING = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})
ISOLATES = "\u2066\u2067\u2068"  # the signs that begin one, of which the last asks the text
BEGIN, END = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """Give *text* so that it changes the order of no words around it; most texts stay as is."""
    if not any(bidirectional(sign) in TURNING for sign in text):
        return text
    opened = 0  # isolates that the text itself leaves open
    for sign in text:
        if sign in ISOLATES:
            opened += 1
        elif sign == END:
            opened = max(0, opened - 1)
    return f"{BEGIN}{text}{END * (opened + 1)}"
