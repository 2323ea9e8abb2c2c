"""Says what the desk says, in the manner of whoever reads it; what the ledger keeps is English."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.support import LazyProxy

from dashboard.words.catalogue import catalogue_of, pieces
from dashboard.words.manner import Manner

PLAIN = Manner("en-GB", "UTC")

_said_to: ContextVar[Manner | None] = ContextVar("said_to", default=None)
_finders: list[Callable[[], Manner | None]] = []


def find_reader_by(finder: Callable[[], Manner | None]) -> None:
    """Let *finder* tell who reads where nothing else is said; None where it knows nobody."""
    if finder not in _finders:
        _finders.append(finder)


@contextmanager
def speaking_to(manner: Manner) -> Iterator[None]:
    """Say everything in *manner* meanwhile, whoever asks."""
    token = _said_to.set(manner)
    try:
        yield
    finally:
        _said_to.reset(token)


def reader() -> Manner:
    """Give the manner of whoever reads; plain English where nobody does, as in a worker."""
    if said := _said_to.get():
        return said
    for finder in _finders:
        if found := finder():
            return found
    return PLAIN


def gettext(message: str, **values: object) -> str:
    """Give *message* in the reader's language, its %(name)s replaced by *values*."""
    return _filled(catalogue_of(reader().language).says(message), values)


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Give the form for *num*, which is %(num)s in it, in the reader's language and manner."""
    manner = reader()
    catalogue = catalogue_of(manner.language)
    form = catalogue.each_form(one, many)[catalogue.form(num)]
    return _filled(form, {"num": manner.number(num), **values})


def lazy_gettext(message: str) -> str:
    """Give *message* for labels and the like: translated whenever somebody reads it."""
    return LazyProxy(gettext, message, enable_cache=False)  # type: ignore[return-value]


def told(text: str) -> str:
    """Give *text*, which the ledger keeps in English, as the reader says it where that is known."""
    return catalogue_of(reader().language).says(text)


def _filled(text: str, values: dict[str, object]) -> str:
    cut = pieces(text)
    return "".join(str(values[part]) if at % 2 else part for at, part in enumerate(cut))
