"""The kinds that take imports back, by their names."""

from typing import Final

from dashboard.kinds.imports.opened import CHECK, Opened

UNDO_CHECK: Final = "undo-check-"
UNDO: Final = "undo-import-"


def undo_check_kind(opened: Opened) -> str:
    """Give the name of the kind that looks what an undo would do."""
    return UNDO_CHECK + opened.slug


def undo_kind(opened: Opened) -> str:
    """Give the name of the kind that takes an import back."""
    return UNDO + opened.slug


def undo_check_kind_of(check_kind: str) -> str:
    """Give the name of the kind that looks what an undo would do, for that of a file's check."""
    return UNDO_CHECK + check_kind.removeprefix(CHECK)


def undo_kind_of(check_kind: str) -> str:
    """Give the name of the kind that takes an import back, for that of a file's check."""
    return UNDO + check_kind.removeprefix(CHECK)
