"""The catalogue: an operator's files appear, change and vanish; a broken one harms nobody."""

import os
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from dashboard import create_app
from dashboard.kinds.reports.catalogue import BUILT_IN, shelf
from tests.kinds.reports.desk import Desk
from tests.people import Person, words

Write = Callable[..., Path]


def names(app: Flask) -> set[str]:
    with app.app_context():
        return set(shelf().kinds)


def reasons(app: Flask) -> list[tuple[str, int | None, str]]:
    with app.app_context():
        return [(Path(item.file).name, item.line, item.reason) for item in shelf().problems]


def test_there_are_six_reports_on_the_shop(app: Flask) -> None:
    assert names(app) == {
        "sales-by-month",
        "sales-by-region",
        "best-customers",
        "overdue-invoices",
        "slow-products",
        "order-lines",
    }
    assert reasons(app) == []


def test_a_report_appears_changes_and_vanishes_with_its_file(
    app: Flask, write_report: Write
) -> None:
    before = names(app)

    file = write_report("SELECT 1 AS one")
    appeared = names(app) - before
    file.write_text(file.read_text().replace('"Own"', '"Another title"'))
    with app.app_context():
        title = shelf().kinds["own"].title
    file.unlink()

    assert appeared == {"own"}
    assert title == "Another title"
    assert names(app) == before


def test_a_file_is_read_again_only_when_it_has_changed(app: Flask, write_report: Write) -> None:
    file = write_report("SELECT 1 AS one")
    with app.app_context():
        first = shelf()
        assert shelf() is first
        os.utime(file, ns=(1, 1))
        assert shelf() is not first


def test_a_broken_file_is_told_to_administrators_and_harms_no_other(
    app: Flask, write_report: Write, admin: Person, staff: Person
) -> None:
    write_report("SELECT 1 AS one", "sound")
    write_report("SELECT :x", "broken")
    write_report("SELECT 1", "torn", head="formats = [")
    write_report("DELETE FROM orders", "evil")
    write_report("SELECT 1", "lost", source="nowhere")

    assert {"sound", "sales-by-month"} <= names(app)
    assert reasons(app) == [
        ("broken.sql", 6, "The query asks for :x, which no parameter gives."),
        (
            "evil.sql",
            6,
            "A query may only read: it begins with SELECT or WITH, not with DELETE.",
        ),
        ("lost.sql", 3, "FLASK_SOURCES has no source called “nowhere”."),
        ("torn.sql", 5, "The settings are not TOML: Invalid value."),
    ]
    home = words(admin.opens("/").text)
    assert "broken.sql" in home
    assert "The query asks for :x, which no parameter gives." in home
    assert "broken.sql" not in staff.opens("/").text


def test_an_own_report_takes_the_place_of_a_built_in_one(desk: Desk, write_report: Write) -> None:
    write_report("SELECT 'ours' AS owner", "best-customers")

    assert desk.asks("best-customers").rows() == [["Owner"], ["ours"]]


def test_built_in_reports_are_left_out_where_their_source_is_missing(
    app: Flask, tmp_path: Path, valkey_url: str
) -> None:
    desk = create_app(
        INSTANCE_PATH=tmp_path / "other",
        REDIS_URL=valkey_url,
        SOURCES={"archive": f"sqlite:///{tmp_path}/archive.db"},
        REPORTS_DIR=str(tmp_path / "nowhere"),
    )

    assert names(desk) == set()
    assert [reason for _, _, reason in reasons(desk)] == ["FLASK_REPORTS_DIR is no folder."]
    assert len(list(BUILT_IN.glob("*.sql"))) == 6


def test_only_those_with_the_role_may_run_a_report(
    app: Flask, write_report: Write, admin: Person, staff: Person
) -> None:
    write_report("SELECT 1 AS one", head='roles = ["admin"]')

    assert staff.calls("POST", "/jobs/own", json={"params": {}}).status_code == 403
    assert staff.opens("/new/own").status_code == 403
    assert admin.calls("POST", "/jobs/own", json={"params": {}}).status_code == 202
