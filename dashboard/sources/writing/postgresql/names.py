"""Names within statements that are executed with parameters: psycopg takes % for one of them."""

from psycopg import sql


def column(name: str) -> sql.Identifier:
    """Give a column's *name*, quoted."""
    return sql.Identifier(name.replace("%", "%%"))


def literal(text: str) -> sql.Literal:
    """Give *text* as a literal."""
    return sql.Literal(text.replace("%", "%%"))


def table(quoted: str) -> sql.SQL:
    """Give a table's name as the server itself *quoted* it."""
    return sql.SQL(quoted.replace("%", "%%"))
