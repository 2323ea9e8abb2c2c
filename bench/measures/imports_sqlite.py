"""A file into an open table of SQLite: check and import beside plain converters and executemany."""

from collections.abc import Iterator
from functools import partial

from bench import customers, imports
from bench.measure import Line, Setting


def take(setting: Setting) -> Iterator[Line]:
    """Import customers again and again, by turns with the plain script."""
    source = setting.folder / "shop.db"
    customers.make_sqlite(source)
    empty = partial(customers.empty_sqlite, source)
    yield from imports.take(setting, f"sqlite:///{source}", empty, "executemany")
