"""The columns of a sheet, which spreadsheets call by letters."""

from dashboard.formats.reading.xml_stream import Malformed


class Places(dict[str, int]):
    """The places of columns by their letters: A is 0."""

    def __missing__(self, letters: str) -> int:
        if not 0 < len(letters) <= 3 or not letters.isascii() or not letters.isupper():
            raise Malformed(f"No column is called {letters[:10]}.")
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - ord("A") + 1
        self[letters] = place - 1
        return place - 1


def letters_of(place: int) -> str:
    """Gives what the column at *place* is called: 0 is A."""
    letters = ""
    place += 1
    while place > 0:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
