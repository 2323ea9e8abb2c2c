"""Filters as MySQL and MariaDB need them, whose texts ignore case, accents and final blanks."""

from dashboard.sources.select.standard import Standard, direction, like
from dashboard.sources.source import ColumnType


class MySQL(Standard):
    """Bytes decide what is exactly the same; a plain comparison beside them uses the index."""

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def order(self, column: str, descending: bool) -> str:
        return f"{column} IS NULL, {column} {direction(descending)}"

    def text(self, column: str, type_: ColumnType | None) -> str:
        return f"CAST({_characters(column)} AS BINARY)"

    def same(self, column: str, type_: ColumnType | None, placeholder: str) -> str:
        exactly = super().same(column, type_, placeholder)
        return f"{column} IN {placeholder} AND {exactly}" if type_ == "text" else exactly

    def pattern_condition(
        self, column: str, type_: ColumnType | None, needle: str, *, anywhere: bool
    ) -> str:
        pattern = _characters(self.bind_one(like(needle, anywhere=anywhere)))
        text = f"LOWER({_characters(column)})"
        return f"{text} LIKE LOWER({pattern}) COLLATE utf8mb4_bin ESCAPE '!'"


def _characters(value: str) -> str:
    return f"CONVERT({value} USING utf8mb4)"
