"""How many questions a page asks the ledger."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import event

from dashboard.extensions import db


def statements(app: Flask, act: Callable[[], object]) -> int:
    """Give how many questions *act* asks the ledger."""
    asked: list[str] = []

    def heard(*args: object) -> None:
        asked.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return sum(statement.startswith(("SELECT", "WITH")) for statement in asked)
