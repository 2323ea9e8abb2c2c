"""The desk's words, numbers and dates in the language and manner of whoever reads.

It is written in English; what the ledger keeps is English too, and translated when it is shown.
"""

from dashboard.words.catalogue import SOURCE, Catalogue, catalogue_of, marked
from dashboard.words.manner import LANGUAGES, LOCALES, Manner
from dashboard.words.speech import (
    PLAIN,
    find_reader_by,
    gettext,
    lazy_gettext,
    ngettext,
    reader,
    speaking_to,
    told,
)

__all__ = [
    "LANGUAGES",
    "LOCALES",
    "PLAIN",
    "SOURCE",
    "Catalogue",
    "Manner",
    "catalogue_of",
    "find_reader_by",
    "gettext",
    "lazy_gettext",
    "marked",
    "ngettext",
    "reader",
    "speaking_to",
    "told",
]
