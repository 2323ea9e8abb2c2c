"""Why a row is not written, in the words that all databases share; pages translate them."""

from typing import Final

from dashboard.words import marked

EMPTY: Final = marked("This column needs a value.")
TWICE: Final = marked("Another row has this value already.")
TWICE_TOGETHER: Final = marked("Another row has these values already.")
POINTS_NOWHERE: Final = marked("There is nothing with this value in the table that it points to.")
POINTED_TO: Final = marked("Other rows point to this one.")
TOO_LONG: Final = marked("This text is too long.")
OUT_OF_RANGE: Final = marked("This number is too large or too small.")
NO_DATE: Final = marked("This is no date or time that the database takes.")
NOT_TAKEN: Final = marked("The database does not take this value.")
CHARACTERS: Final = marked("This text has a character that the database does not take.")
BROKEN_RULE: Final = marked("A rule of the database does not allow this.")
LEFT_OUT: Final = marked("A rule of the database left this row out.")
GENERATED: Final = marked("The database makes this value itself: leave it empty.")
CHANGED: Final = marked("Somebody changed this row since the check.")
ADDED: Final = marked("A row with this key was added since the check.")
GONE: Final = marked("This row was deleted since the check.")
SAME_ROW: Final = marked("An earlier row of the file has the same key.")


def broken(rule: str) -> str:
    """Give the sentence for a value that the *rule* of that name does not allow."""
    return f"The rule “{rule}” of the database does not allow this." if rule else BROKEN_RULE
