"""bin/flask sources tables, open, close."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from dashboard import create_app


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path) -> Flask:
    """Give a desk with a till that answers and a safe that does not."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    connection = sqlite3.connect(tmp_path / "till.db")
    connection.executescript("CREATE TABLE order_lines (id); CREATE VIEW big AS SELECT 1 AS one")
    connection.close()
    sources = {
        "till": f"sqlite:///{tmp_path / 'till.db'}",
        "safe": f"sqlite:///{tmp_path / 'gone.db'}",
    }
    return create_app(INSTANCE_PATH=tmp_path, SOURCES=sources, TESTING=True)


def run(app: Flask, *args: str) -> Result:
    """Run the command."""
    return app.test_cli_runner().invoke(args=["sources", *args])


def test_a_table_is_opened_listed_and_closed(app: Flask) -> None:
    opened = run(app, "open", "till", "order_lines", "--admins-only")
    listed = run(app, "tables", "till")
    closed = run(app, "close", "till", "order_lines")

    assert opened.output == "order_lines is open for export as “Order lines”.\n", opened.output
    assert listed.output.splitlines() == [
        "till\tbig\tview",
        "till\torder_lines\ttable\topen as Order lines",
    ]
    assert closed.output == "“Order lines” is closed.\n"
    assert "open as" not in run(app, "tables", "till").output


def test_a_source_that_is_away_is_named_and_the_others_are_listed(app: Flask) -> None:
    listed = run(app, "tables")

    assert listed.exit_code == 1
    assert "till\tbig\tview" in listed.output
    assert "safe: The file of the source “safe” is missing." in listed.stderr


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("open", "till", "nothing"), "“till” has no table or view “nothing”."),
        (("open", "safe", "gold"), "The file of the source “safe” is missing."),
        (("open", "nowhere", "gold"), "There is no source called “nowhere”."),
        (("close", "till", "big"), "“big” is not open."),
        (("tables", "nowhere"), "FLASK_SOURCES has no source called “nowhere”."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    app: Flask, args: tuple[str, ...], sentence: str
) -> None:
    result = run(app, *args)

    assert (result.exit_code, result.stderr) == (1, f"Error: {sentence}\n")
