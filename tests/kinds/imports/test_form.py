"""The start page of an import, as somebody without scripts goes through it."""

import re
from html import unescape

import pytest

from tests.kinds.imports.importer import CHECK, Importer
from tests.people import Person, csrf_of, words

FILE = "Customer No.;Name;Kredit;Notes\nC-1;Ada;12,5;x\nC-7;Gus;3,25;y\n"


def fields(html: str) -> dict[str, str]:
    """Give what the start form would send as it stands."""
    form = html[html.index('id="start-form"') : html.index("</form>", html.index("start-form"))]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        if "form=" in tag or ("radio" in tag or "checkbox" in tag) and "checked" not in tag:
            continue
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = unescape(value[1]) if value else "y"
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(
            r'value="([^"]*)" selected', options
        )
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def test_without_a_file_the_page_asks_for_one_and_shows_what_it_takes(importer: Importer) -> None:
    page = importer.person.opens(f"/new/{CHECK}")

    assert page.status_code == 200
    told = words(page.text)
    assert "Import customers" in told
    assert "nothing is changed before you have seen what would happen" in told
    assert "customer_no text" in told
    assert "must have a value" in told
    assert "Check file" not in told
    example = importer.person.opens(f"/imports/example/{CHECK}.csv")
    assert example.text.lstrip("\ufeff") == "customer_no,name,since,credit,active,email\r\n"


def test_what_was_recognised_is_shown_and_sent_as_it_stands(importer: Importer) -> None:
    page = importer.person.client.get(importer.sends(FILE)).text

    sent = fields(page)
    assert (sent["delimiter"], sent["encoding"], sent["header"]) == ("semicolon", "utf-8", "yes")
    assert sent["decimal"] == ","
    assert (sent["column-1"], sent["column-2"], sent["column-3"]) == ("customer_no", "name", "")
    assert (sent["by"], sent["mode"]) == ("customer_no", "both")
    answer = importer.person.client.post(f"/new/{CHECK}", data=sent)
    assert answer.status_code == 303, words(answer.text)
    importer.works()
    job = importer.fact(answer.location.rpartition("/")[2])
    assert job.result["counts"] == {"n": 1, "c": 0, "s": 1, "l": 0, "b": 0}
    assert ["Read as", "UTF-8, semicolon, with a header, decimal comma, day before month"] in (
        job.choices
    )
    shown = words(importer.person.opens(f"/jobs/{job.id}").text)
    assert "All 2 rows can be imported. Nothing has been changed yet." in shown
    assert "1 new 0 changed 1 the same 0 cannot be imported" in shown


def test_a_first_row_that_names_columns_of_the_table_is_a_header(importer: Importer) -> None:
    importer.shop.execute("CREATE TABLE odd (no integer PRIMARY KEY, yes varchar(9))")
    importer.opens("odd")

    job = importer.checks("no,yes\n1,x\n", kind="check-shop-odd")

    assert job.result["counts"]["n"] == 1
    assert job.params["header"] == "yes"


def test_a_correction_reads_the_file_again(importer: Importer) -> None:
    sent = fields(importer.person.client.get(importer.sends(FILE)).text)

    again = importer.person.client.post(
        f"/new/{CHECK}/change", data={**sent, "delimiter": "comma", "header": "no"}
    )

    assert again.status_code == 200
    now = fields(again.text)
    assert (now["delimiter"], now["header"]) == ("comma", "no")
    assert "column-2" in now or "Column 1" in again.text


def test_a_page_that_shows_another_reading_is_not_started(importer: Importer) -> None:
    sent = fields(importer.person.client.get(importer.sends(FILE)).text)

    answer = importer.person.client.post(f"/new/{CHECK}", data={**sent, "delimiter": "comma"})

    assert answer.status_code == 422
    assert "The file reads differently now. Look at the columns again." in words(answer.text)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"column-2": ""}, "A new row must have a value for name."),
        ({"column-1": ""}, "Rows are told apart by customer_no: choose a column for it."),
        ({"column-3": "name"}, "Two columns go into “name”."),
        ({"column-3": "gone"}, "There is no column “gone”."),
        ({"by": ""}, "Without anything that tells rows apart, rows can only be added."),
    ],
)
def test_wrong_choices_are_told_and_kept(
    importer: Importer, choices: dict[str, str], said: str
) -> None:
    sent = fields(importer.person.client.get(importer.sends(FILE)).text)

    answer = importer.person.client.post(f"/new/{CHECK}", data={**sent, **choices})

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert fields(answer.text)["delimiter"] == "semicolon"


def test_a_choice_of_columns_is_remembered(importer: Importer) -> None:
    sent = fields(importer.person.client.get(importer.sends(FILE)).text)
    importer.person.client.post(f"/new/{CHECK}", data={**sent, "column-3": "credit"})

    page = fields(importer.person.client.get(importer.sends(FILE)).text)

    assert page["column-3"] == "credit"
    other = Person.joins(importer.app, "Jonas Brandt")
    theirs = fields(other.client.get(importer.sends(FILE, by=other)).text)
    assert theirs["column-3"] == ""


def test_a_file_of_somebody_else_is_not_read(importer: Importer) -> None:
    address = importer.sends(FILE)
    other = Person.joins(importer.app, "Jonas Brandt")

    page = words(other.client.get(address).text)

    assert "This file is not kept any more." in page
    assert "What goes where" not in page


def test_who_may_not_see_a_check_sees_none_and_cannot_import(importer: Importer) -> None:
    check = importer.checks("customer_no,name\nC-9,I\n")
    other = Person.joins(importer.app, "Jonas Brandt")
    token = csrf_of(other.opens("/account").text)

    assert other.opens(f"/imports/{check.id}").status_code == 404
    answer = other.client.post(f"/imports/{check.id}/start", data={"csrf_token": token})
    assert answer.status_code == 404


def test_a_table_for_administrators_is_not_for_staff(importer: Importer) -> None:
    importer.opens("loose", roles=("admin",))

    assert importer.person.opens("/new/check-shop-loose").status_code == 403
    assert importer.person.opens("/imports/example/check-shop-loose.csv").status_code == 403
    assert "Import loose" not in words(importer.person.opens("/").text)


def test_the_import_itself_is_nothing_to_start_from_a_form_or_by_a_program(
    importer: Importer,
) -> None:
    kind = CHECK.replace("check", "import")

    assert importer.person.opens(f"/new/{kind}").status_code == 404
    assert importer.person.calls("POST", f"/jobs/{kind}", json={}).status_code == 404
    listed = importer.person.calls("GET", "/kinds").json
    assert listed is not None
    names = [each["name"] for each in listed["items"]]
    assert CHECK in names
    assert kind not in names
    assert words(importer.person.opens("/").text).count("Import customers") == 1


def test_a_database_that_is_away_is_told_on_the_page(importer: Importer) -> None:
    importer.shop.execute("DROP TABLE customers")

    page = importer.person.opens(f"/new/{CHECK}")

    assert page.status_code == 200
    assert "has no table “customers” any more" in words(page.text)
    assert importer.wrong("a\n1\n")["upload"]
