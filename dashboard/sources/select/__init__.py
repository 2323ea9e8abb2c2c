"""The statement that reads what a choice wants of a table, in the language of each database."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.sources.choice import WITHOUT_VALUE, Choice
from dashboard.sources.select.mysql import MySQL
from dashboard.sources.select.postgresql import PostgreSQL
from dashboard.sources.select.sqlite import SQLite
from dashboard.sources.select.standard import Oracle, SQLServer, Standard
from dashboard.sources.source import Table
from dashboard.sources.values import read

__all__ = ["select_of"]

LANGUAGES: Final[Mapping[str, type[Standard]]] = {
    "mariadb": MySQL,
    "mssql": SQLServer,
    "mysql": MySQL,
    "oracle": Oracle,
    "postgresql": PostgreSQL,
    "sqlite": SQLite,
}
"""What is not named here is taken to speak standard SQL."""


def select_of(
    table: Table, choice: Choice, *, dialect: str, zone: str
) -> tuple[str, dict[str, object]]:
    """Give the query with :name placeholders, and their values, for any Reading of that dialect.

    *choice* has passed check(). *dialect* is Source.dialect. *zone* is the person's, such as
    Europe/Berlin: their days are meant where a moment has a zone. Nulls come last in every
    order, and where one is asked for, the primary key settles what it leaves open.
    """
    language = LANGUAGES.get(dialect, Standard)(ZoneInfo(zone))
    types = {column.name: column.type for column in table.columns}
    names = choice.columns or tuple(types)
    # A name without its table's would be taken for a text by SQLite, if the column had gone.
    chosen = ", ".join(f"{language.column(name)} AS {language.quoted(name)}" for name in names)
    query = f"SELECT {chosen} FROM {table.quoted} t"
    conditions = []
    for asked in choice.where:
        type_ = types[asked.column]
        values = () if asked.op in WITHOUT_VALUE else read(type_, asked.op, asked.value)
        conditions.append(
            language.condition(language.column(asked.column), type_, asked.op, values)
        )
    if conditions:
        query += f" WHERE {' AND '.join(conditions)}"
    if choice.sort:
        sorted_by = {name for name, _descending in choice.sort}
        order = [*choice.sort, *((name, False) for name in table.key if name not in sorted_by)]
        spelled = (language.order(language.column(name), descending) for name, descending in order)
        query += f" ORDER BY {', '.join(spelled)}"
    if choice.limit is not None:
        query = language.limited(query, choice.limit, is_sorted=bool(choice.sort))
    return query, language.params
