"""The tokens of a query, database by database: they differ in where a string or comment ends."""

import re
from typing import Final

_LINE_COMMENT: Final = r"--[^\n\r]*"
_BLOCK_COMMENT: Final = r"/\*.*?(?:\*/|\Z)"
_STRING: Final = r"'(?:[^']|'')*(?:'|\Z)"
_ESCAPING_STRING: Final = r"'(?:[^'\\]|\\.|'')*(?:'|\Z)"
_IDENTIFIER: Final = r'"(?:[^"]|"")*(?:"|\Z)'
_ESCAPING_IDENTIFIER: Final = r'"(?:[^"\\]|\\.|"")*(?:"|\Z)'
_BACKTICKS: Final = r"`(?:[^`]|``)*(?:`|\Z)"
_BRACKETS: Final = r"\[[^\]]*(?:\]|\Z)"
_DOLLARS: Final = r"\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z)"

# PostgreSQL goes on with a string after white space that holds a line break, and its
# backslashes keep the meaning that the first part gave them.
_CONTINUED: Final = rf"(?:(?:[ \t\f\v]|{_LINE_COMMENT})*[\n\r](?:\s|{_LINE_COMMENT}[\n\r])*"
_E_STRING: Final = rf"[eE]{_ESCAPING_STRING}{_CONTINUED}{_ESCAPING_STRING})*"


def _syntax(
    *opaque: str, comments: tuple[str, ...] = (_LINE_COMMENT, _BLOCK_COMMENT)
) -> "re.Pattern[str]":
    pattern = "|".join(
        (
            rf"(?P<comment>{'|'.join(comments)})",
            rf"(?P<opaque>{'|'.join(opaque)}|::|:=)",
            r"(?P<word>\w[\w$]*)",
            r"(?P<space>\s+)",
            r"(?P<end>;)",
            r"(?P<placeholder>(?<![\w\])'\"]):(?P<name>[A-Za-z_]\w*))",
            r"(?P<other>.)",
        )
    )
    return re.compile(pattern, re.DOTALL)


# A comment of PostgreSQL may hold another: the scanner counts those itself.
POSTGRESQL: Final = _syntax(_E_STRING, _STRING, _IDENTIFIER, _DOLLARS, comments=(_LINE_COMMENT,))
SQLITE: Final = _syntax(_STRING, _IDENTIFIER, _BACKTICKS, _BRACKETS)
MYSQL: Final = _syntax(
    *(_ESCAPING_STRING, _ESCAPING_IDENTIFIER, _BACKTICKS),
    comments=(_LINE_COMMENT, _BLOCK_COMMENT, r"\#[^\n\r]*"),
)
STANDARD: Final = _syntax(_STRING, _IDENTIFIER)

BY_DIALECT: Final = {
    "mariadb": MYSQL,
    "mssql": SQLITE,
    "mysql": MYSQL,
    "postgresql": POSTGRESQL,
    "sqlite": SQLITE,
}
"""What is not named here keeps to the standard."""
