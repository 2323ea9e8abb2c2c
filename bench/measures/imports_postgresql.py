"""A file into an open table of PostgreSQL: check and import beside plain converters and COPY."""

from collections.abc import Iterator
from functools import partial

from bench import customers, imports
from bench.measure import Line, Setting
from tests import servers


def take(setting: Setting) -> Iterator[Line]:
    """Import customers again and again, by turns with the plain script."""
    with servers.postgres_server() as url:
        customers.make_postgresql(url)
        empty = partial(customers.empty_postgresql, url)
        yield from imports.take(setting, url, empty, "COPY")
