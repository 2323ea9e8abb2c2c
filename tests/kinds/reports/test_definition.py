"""Report files: what a good one gives, and which line of a bad one is wrong."""

from pathlib import Path

import pytest

from dashboard.kinds.reports.catalogue import BUILT_IN
from dashboard.kinds.reports.definition import ChartHead, ColumnHead, read
from dashboard.kinds.reports.head import ReportError
from tests.flights import REPORTS

GOOD = """/*
title = "Orders of a region"
source = "shop"
formats = ["csv"]
roles = ["admin"]
soft_limit = 60
count = "none"
title_template = "Orders of {region}, {period}"

[[params]]
name = "period"
type = "date-range"
presets = ["last-month", "all"]
span = "SELECT min(day), max(day) FROM orders"

[[params]]
name = "region"
type = "choice"
choices = ["North", ["S", "South"]]
default = "S"

[columns.amount]
label = "Amount (€)"
type = "money"
total = true

[chart]
type = "line"
x = "day"
y = ["amount", "pieces"]
*/
-- Orders at 10:30 cost :nothing, says 'the :quoted text'.
SELECT day, sum(amount) AS amount, count(*)::int AS pieces
FROM orders
WHERE day BETWEEN :period_from AND :period_until AND region = :region
GROUP BY day;
"""


def written(folder: Path, text: str, name: str = "orders.sql") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_good_file_gives_a_report(tmp_path: Path) -> None:
    report = read(written(tmp_path, GOOD))

    assert (report.name, report.title, report.source) == ("orders", "Orders of a region", "shop")
    assert (report.formats, report.roles) == (("csv",), frozenset({"admin"}))
    assert (report.soft_limit, report.hard_limit, report.count) == (60, 360, "none")
    assert report.columns == {"amount": ColumnHead("Amount (€)", "money", total=True)}
    assert report.chart == ChartHead("line", "day", ("amount", "pieces"))
    assert report.query.startswith("-- Orders")
    assert report.query.endswith("GROUP BY day")
    period, region = report.parameters
    assert (period.fields, period.required) == (("period_from", "period_until"), True)
    assert (period.label, period.default) == ("Period", "last-month")
    assert region.choices == (("North", "North"), ("S", "South"))
    assert (region.required, region.default) == (False, "S")


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    text = '/* title = "Regions"\nsource = "shop" */ SELECT name FROM regions'

    report = read(written(tmp_path, text))

    assert report.parameters == ()
    assert report.formats == ("csv", "xlsx", "pdf")
    assert report.roles == frozenset({"staff", "admin"})
    assert report.title_template == "{title}"


@pytest.mark.parametrize("file", [*BUILT_IN.glob("*.sql"), *REPORTS.glob("*.sql")])
def test_every_report_that_comes_along_can_be_read(file: Path) -> None:
    assert read(file).summary


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        (GOOD, "SELECT 1", 1, "The file must begin with its settings"),
        (GOOD, "", 1, "The file must begin with its settings"),
        ('title = "Orders of a region"', "title = Orders", 2, "The settings are not TOML"),
        ('formats = ["csv"]', 'formats = ["csv"', 5, "The settings are not TOML"),
        ("[chart]", "[chart]\n[chart]", 28, "The settings are not TOML"),
        ('title = "Orders of a region"\n', "", 1, "“title” is missing."),
        ('"Orders of a region"', '" "', 2, "“title” is empty."),
        ('"Orders of a region"', "5", 2, "“title” must be a text in quotes."),
        ('["csv"]', '["csw"]', 4, "“formats” names “csw”, which is not known. Did you mean “csv”?"),
        ('["csv"]', "[]", 4, "“formats” must name at least one of csv, xlsx or pdf."),
        ('["admin"]', '["viewer"]', 5, "“roles” names “viewer”, which is not known."),
        ("soft_limit = 60", "soft_limit = true", 6, "“soft_limit” must be a whole number"),
        ("soft_limit = 60", "soft_limit = 0", 6, "“soft_limit” must be a whole number"),
        ("soft_limit", "sofd_limit", 6, "“sofd_limit” is no setting that is known here."),
        ("{region}", "{reg}", 8, "“title_template” names {reg}, which is no parameter."),
        ("{region}", "{region!r}", 8, "“title_template” names {region}"),
        ("{region}", "{region", 8, "“title_template” has a brace too many."),
        ('"date-range"', '"dates"', 12, "“type” names “dates”, which is not known."),
        ('["last-month", "all"]', '["last-moon"]', 13, "Did you mean “last-month”?"),
        ("span", "help", 13, "The preset “all” needs “span”"),
        ('name = "region"', 'name = "Region"', 17, "A name is lower case letters"),
        ('name = "region"', 'name = "formats"', 17, "The name “formats” is taken already."),
        ('name = "region"', 'name = "period_from"', 17, "The name “period_from” is taken already."),
        ('default = "S"', 'default = "West"', 20, "“West” is not one of the choices."),
        ('default = "S"', "least = 3", 20, "“least” has no meaning for the type “choice”."),
        ('["S", "South"]', '["S"]', 19, "Each of “choices” is a text, or a list of two"),
        ('choices = ["North", ["S", "South"]]\n', "", 16, "A choice needs either"),
        ('"money"', '"euro"', 24, "“type” names “euro”, which is not known."),
        ("total = true", "totals = true", 25, "“totals” is no setting that is known here."),
        ("total = true", 'total = "yes"', 25, "“total” must be true or false."),
        ('"line"', '"pie"', 28, "“type” names “pie”, which is not known. It can be bar or line."),
        ('y = ["amount", "pieces"]', "y = []", 30, "“y” must name the column"),
        ('x = "day"', 'x = "day"\nseries = "region"', 30, "With “series”, “y” must name one"),
        ("= :region", "= :reigon", 35, "The query asks for :reigon, which no parameter gives."),
        (" AND region = :region", "", 17, "The query never uses :region."),
        ('count = "none"', 'count = "SELECT :x"', 7, "“count” asks for :x"),
    ],
)
def test_a_bad_file_is_told_by_line_and_reason(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert old in GOOD

    with pytest.raises(ReportError) as error:
        read(written(tmp_path, GOOD.replace(old, new)))

    assert (error.value.line, error.value.file.name) == (line, "orders.sql")
    assert reason in error.value.reason


def test_a_default_is_checked_like_a_choice(tmp_path: Path) -> None:
    parameter = '[[params]]\nname = "top"\ntype = "integer"\nleast = 1\ndefault = 0\n'
    text = f'/*\ntitle = "T"\nsource = "s"\n{parameter}*/ SELECT :top'

    with pytest.raises(ReportError, match="line 8: Top must be 1 or more"):
        read(written(tmp_path, text))


@pytest.mark.parametrize("name", ["Orders.sql", "my report.sql", "-.sql", "ä.sql"])
def test_a_file_name_must_fit_into_an_address(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError, match="lower case letters, digits and hyphens"):
        read(written(tmp_path, GOOD, name))


def test_a_file_that_is_not_text_or_too_large_or_gone_is_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.sql"
    latin.write_bytes('/*\ntitle = "Über"\n*/'.encode("latin-1"))
    large = written(tmp_path, GOOD + " " * 300_000, "large.sql")

    with pytest.raises(ReportError, match="line 2: The file is not UTF-8 text"):
        read(latin)
    with pytest.raises(ReportError, match="larger than 256 KiB"):
        read(large)
    with pytest.raises(ReportError, match="cannot be read: No such file"):
        read(tmp_path / "gone.sql")


def test_there_must_be_a_query(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="line 3: There is no query"):
        read(written(tmp_path, '/* title = "T"\nsource = "s" */\n ; '))
