"""Kinds of job that nobody starts from a form."""

from typing import Any, NoReturn


def no_form(*args: Any, **more: Any) -> NoReturn:
    """Stand where other kinds have their form; raises LookupError."""
    raise LookupError("It is begun from another page, not from a form.")
