"""One e-mail in words: its title and its choices."""

from collections.abc import Mapping
from typing import Any, Final

SHOWN: Final = 300
"""Characters of a message that the job's page shows."""


def title_of(params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “E-mail to ada@example.org: Your invoice”."""
    return f"E-mail to {params['to']}: {params['subject']}"


def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of each choice."""
    message = params["message"]
    shown = message if len(message) <= SHOWN else f"{message[:SHOWN]}…"
    return ("To", params["to"]), ("Subject", params["subject"]), ("Message", shown)
