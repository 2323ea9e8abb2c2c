"""bin/flask reports."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

Write = Callable[..., Path]


def test_list_names_every_report_and_every_problem(app: Flask, write_report: Write) -> None:
    runner = app.test_cli_runner()

    sound = runner.invoke(args=["reports", "list"])
    write_report("SELECT :x", "broken")
    broken = runner.invoke(args=["reports", "list"])

    assert (sound.exit_code, broken.exit_code) == (0, 1)
    assert "sales-by-month    Sales by month    shop" in sound.output
    assert "broken.sql, line 6: The query asks for :x, which no parameter gives." in broken.stderr


def test_try_explains_a_file_and_shows_five_rows(app: Flask, write_report: Write) -> None:
    head = (
        '[[params]]\nname = "least"\ntype = "integer"\ndefault = 2\n[columns.price]\ntype="money"'
    )
    file = write_report("SELECT id, name, price FROM products WHERE id >= :least", head=head)

    tried = app.test_cli_runner().invoke(args=["reports", "try", str(file), "least=10"])

    assert tried.exit_code == 0, tried.output
    assert "least  integer  Least    default 2" in tried.output
    assert "Price  money" in tried.output
    lines = tried.output.splitlines()
    first = lines.index("First rows: 5") + 2
    assert [line.split()[0] for line in lines[first : first + 5]] == ["10", "11", "12", "13", "14"]


def test_try_says_what_is_wrong(app: Flask, write_report: Write, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    broken = write_report("SELECT :x", "broken")
    strange = write_report("SELECT 1", "strange", source="nowhere")
    failing = write_report("SELECT colour FROM regions", "failing")

    def said(*args: str) -> str:
        result = runner.invoke(args=["reports", "try", *args])
        assert result.exit_code == 1
        return result.stderr

    assert "broken.sql, line 6: The query asks for :x" in said(str(broken))
    assert "FLASK_SOURCES has no source called “nowhere”." in said(str(strange))
    assert "The source “shop” has no column “colour”." in said(str(failing))
    assert "gone.sql: The file cannot be read" in said(str(tmp_path / "gone.sql"))
    assert "“colour” must be given as NAME=VALUE." in said(str(failing), "colour")
