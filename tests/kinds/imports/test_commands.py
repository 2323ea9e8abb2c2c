"""What an administrator opens and closes on the command line."""

import json
from pathlib import Path

from flask.testing import FlaskCliRunner

from tests.kinds.imports.importer import CHECK, Importer


def run(importer: Importer, *words: str) -> tuple[int, str]:
    """Run a command; gives its exit code and what it says."""
    result = FlaskCliRunner(importer.app).invoke(args=list(words))
    return result.exit_code, result.output


def test_a_table_is_opened_listed_and_closed(importer: Importer, tmp_path: Path) -> None:
    checks = tmp_path / "checks.toml"
    checks.write_text("[columns.amount]\nmin = 0\n")

    opened = run(importer, "imports", "open", "shop", "loose", "--checks", str(checks))

    assert opened == (0, "loose is open for import as “Import loose”.\n")
    code, listed = run(importer, "imports", "list")
    assert "shop\tloose\tstaff\tboth,add,update\topen as Import loose" in listed
    assert run(importer, "imports", "close", "shop", "loose") == (0, "“Import loose” is closed.\n")
    assert importer.person.opens(f"/new/{CHECK}").status_code == 200
    assert importer.person.opens("/new/check-shop-loose").status_code == 404


def test_what_cannot_be_opened_says_why(importer: Importer, tmp_path: Path) -> None:
    checks = tmp_path / "checks.toml"
    checks.write_text("[columns.gone]\n")

    for words, said in (
        (("open", "shop", "customers"), "“customers” is open for import already."),
        (("open", "shop", "gone"), "has no table “gone”"),
        (("open", "attic", "loose"), "The desk may not write to the source “attic”."),
        (("open", "shop", "loose", "--checks", str(checks)), "“gone”, which the table does not"),
        (("close", "shop", "loose"), "“loose” is not open for import."),
    ):
        code, output = run(importer, "imports", *words)
        assert code == 1
        assert said in output


def test_a_source_is_prepared_and_its_setting_printed(importer: Importer) -> None:
    url = importer.app.config["WRITING_SOURCES"]["shop"]

    code, output = run(importer, "sources", "allow-writing", "shop", url)

    assert code == 0, output
    printed = output.rpartition("FLASK_WRITING_SOURCES='")[2].rstrip().rstrip("'")
    assert json.loads(printed) == {"shop": url}
    assert run(importer, "sources", "allow-writing", "attic", url)[0] == 1
    assert run(importer, "sources", "allow-writing", "shop", "mysql://x/y")[0] == 1
