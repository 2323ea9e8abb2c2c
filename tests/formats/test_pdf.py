"""PDF: what a reader finds on its pages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from dashboard.formats import Chart, Column, FormatError, Series
from dashboard.formats.pdf import PdfWriter
from tests.formats.samples import columns, document, opened, pdf_pages, pdf_text, written

SALES = [
    Column("region", "Region"),
    Column("day", "Day", "date"),
    Column("orders", "Orders", "integer", total=True),
    Column("revenue", "Revenue", "money", total=True),
]


def sales(count: int) -> list[tuple[object, ...]]:
    return [(f"Region {n}", date(2026, 10, 1), 1_000, Decimal("13204.50")) for n in range(count)]


def fonts_of(path: Path) -> set[str]:
    """Gives the names of the fonts on the first page, without the mark of a subset."""
    resources = cast("dict[str, Any]", PdfReader(path).pages[0]["/Resources"])
    names = [font.get_object()["/BaseFont"] for font in resources["/Font"].values()]
    return {name.rpartition("+")[2].lstrip("/").removesuffix("-0") for name in names}


def size_of(path: Path) -> tuple[int, int]:
    box = PdfReader(path).pages[0].mediabox
    return round(box.width), round(box.height)


def test_the_first_page_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    result = written("pdf", path, SALES, sales(2))

    assert result.pages == 1
    text = pdf_text(path)
    for part in (
        "Bellhop R-4821 Sales by region Orders and revenue",
        "Period 1 to 31 October 2026",
        "Region All regions",
        "Made by Mara Keller",
        "Data as of 20 November 2026, 14:02",
        "Rows 2",
        "Region Day Orders Revenue",
        "Region 0 2026-10-01 1,000 13,204.50",
        "Total 2,000 26,409.00",
        "R-4821 · made by Mara Keller, 20 November 2026, 14:05",
        "data as of 20 November 2026, 14:02 (Europe/Berlin) · 2 rows",
        "Page 1 of 1",
    ):
        assert part in text


def test_every_page_has_header_number_and_provenance(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    result = written("pdf", path, SALES, sales(120))

    pages = pdf_pages(path)
    assert result.pages == len(pages) == 3
    for number, page in enumerate(pages, 1):
        text = " ".join(page.split())
        assert f"Page {number} of 3" in text
        assert "Region Day Orders Revenue" in text
        assert "data as of 20 November 2026" in text
    assert sum(page.count("2026-10-01") for page in pages) == 120
    assert [("Total" in page) for page in pages] == [False, False, True]


@pytest.mark.parametrize("rows", range(28, 38))
def test_totals_never_stand_alone_on_a_page(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "file.pdf"

    written("pdf", path, SALES, sales(rows))

    assert "2026-10-01" in pdf_pages(path)[-1]


def test_the_file_bears_its_title_and_maker(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    written("pdf", path, SALES, sales(1))

    metadata = PdfReader(path).metadata
    assert metadata is not None
    assert (metadata.title, metadata.author) == ("Sales by region", "Mara Keller")
    assert "R-4821" in str(metadata.subject)


def test_no_rows_are_said(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    result = opened("pdf", path, SALES).close()

    assert (result.rows, result.pages) == (0, 1)
    assert "No rows match these choices." in pdf_text(path)
    assert "Total" not in pdf_text(path)


def test_a_chart_comes_before_the_table(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    series = (
        Series("October", (("North", 412.0), ("South", None))),
        Series("May", (("North", 7.0),)),
    )
    chart = Chart("bar", "Revenue by region", "thousand euro", "Region", series)

    written("pdf", path, SALES, sales(3), chart=lambda: chart)

    text = pdf_text(path)
    assert "Revenue by region thousand euro" in text
    assert text.index("October") < text.index("Region Day Orders")
    assert "North South" in text


def test_a_report_without_values_has_no_chart(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    written("pdf", path, SALES, sales(3), chart=lambda: None)

    assert pdf_text(path).count("Region 1") == 1


def test_each_script_has_its_font(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    written("pdf", path, columns(name="text"), [("Müller €",), ("Łódź",), ("株式会社",)])

    assert fonts_of(path) == {
        "Helvetica",
        "Helvetica-Bold",
        "DejaVuSans",
        "WenQuanYiMicroHei",
    }


def test_western_texts_need_no_font_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    written("pdf", path, columns(name="text"), [("Müller & “Söhne” – 5 €",)])

    assert fonts_of(path) == {"Helvetica", "Helvetica-Bold"}
    assert "Müller & “Söhne” – 5 €" in pdf_text(path)


def test_characters_that_no_font_holds_are_named(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    result = written("pdf", path, columns(name="text"), [("fine 😀",), ("שלום \x07",), ("😀",)])

    (warning,) = result.warnings
    assert warning == (
        "The PDF could not show 6 characters: 😀 (U+1F600), ש (U+05E9), ל (U+05DC), ו (U+05D5), "
        "ם (U+05DD), control character (U+0007); \ufffd is in their place."
    )
    assert "fine \ufffd" in pdf_text(path)


def test_a_single_lost_character_is_named_even_in_the_title(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"

    result = written("pdf", path, columns(name="text"), [("fine",)], title="Sales 🚀")

    assert result.warnings == (
        "The PDF could not show 1 character, 🚀 (U+1F680); \ufffd is in its place.",
    )


def test_long_texts_wrap(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    text = " ".join(f"word{n}" for n in range(40))

    result = written("pdf", path, columns(a="text", note="text"), [("a" * 60, text)] * 5)

    assert result.warnings == ()
    assert text in pdf_text(path)


def test_too_long_texts_are_cut_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    lines = "\n".join(f"line {n}" for n in range(10))

    result = written(
        "pdf", path, columns(a="text", note="text"), [("a", lines), ("b", lines), ("c", "short")]
    )

    assert result.warnings == ("2 cells in column Note were shortened in the PDF.",)
    assert "line 5…" in pdf_text(path)
    assert "line 6" not in pdf_text(path)


def test_a_long_choice_is_cut_with_a_warning(tmp_path: Path) -> None:
    result = written(
        "pdf", tmp_path / "file.pdf", SALES, sales(1), choices=(("Customers", "someone, " * 500),)
    )

    assert result.warnings == ("“Customers” above the table was shortened in the PDF.",)


def test_many_choices_go_on_to_further_pages(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    choices = tuple((f"Choice {n}", f"value {n}") for n in range(200))

    result = written("pdf", path, SALES, sales(1), choices=choices)

    assert result.pages is not None
    assert result.pages > 1
    text = pdf_text(path)
    assert all(f"Choice {n} " in text for n in range(200))


def test_wide_tables_lie_across(tmp_path: Path) -> None:
    few, many = tmp_path / "few.pdf", tmp_path / "many.pdf"
    table = columns(**{f"column_{n}": "money" for n in range(12)})

    written("pdf", few, SALES, sales(1))
    written("pdf", many, table, [(Decimal("123456.78"),) * 12])

    assert size_of(few) == (595, 842)
    assert size_of(many) == (842, 595)
    assert pdf_text(many).count("123,456.78") == 12


def test_columns_that_fit_on_no_page_are_refused(tmp_path: Path) -> None:
    table = columns(**{f"column_{n}": "text" for n in range(80)})

    with pytest.raises(FormatError, match="The 80 columns of this table do not fit on a page"):
        written("pdf", tmp_path / "file.pdf", table, [("some long text",) * 80])

    assert list(tmp_path.iterdir()) == []


def test_numbers_are_never_cut(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    table = [Column("a", "A"), Column("b", "B", "integer", total=True)]

    written("pdf", path, table, [("x" * 200, 10**30)] * 3)

    assert f"{10**30:,}" in pdf_text(path)
    assert f"Total {3 * 10**30:,}" in pdf_text(path)


def test_values_are_shown_for_people(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    table = columns(
        year="integer",
        average="number",
        share="percent",
        placed_at="datetime",
        paid="boolean",
    )

    written("pdf", path, table, [(2026, 1 / 3, 0.1234, datetime(2026, 7, 1, tzinfo=UTC), True)])

    assert "2026 0.3333 12.3% 2026-07-01 02:00:00 Yes" in pdf_text(path)


def test_more_rows_than_pages_allow_are_refused_beforehand(tmp_path: Path) -> None:
    sentence = (
        "A PDF of 337,000 rows would have about 7,500 pages; the limit is 2,000. "
        "Choose CSV or Excel, or a shorter period."
    )

    assert PdfWriter.refusal(337_000) == sentence
    assert PdfWriter.refusal(90_044) is None
    with pytest.raises(FormatError, match="about 7,500 pages"):
        PdfWriter(tmp_path / "file.pdf", SALES, document(rows=337_000), scratch=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_too_many_rows_are_refused_while_their_number_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PdfWriter, "MAX_PAGES", 2)
    writer = opened("pdf", tmp_path / "file.pdf", SALES)
    writer.write(sales(100))

    with pytest.raises(FormatError, match="would have about 4 pages; the limit is 2"):
        writer.write(sales(100))

    writer.abort()


def test_rows_of_many_lines_are_refused_before_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PdfWriter, "MAX_PAGES", 2)
    path = tmp_path / "file.pdf"

    with pytest.raises(FormatError, match="A PDF of 80 rows would have 9 pages; the limit is 2"):
        written("pdf", path, columns(note="text"), [("a\nb\nc\nd\ne\nf",)] * 80)

    assert not path.exists()
