"""Fields and conditions of a draft are filled for each recipient."""

import pytest

from dashboard.mail import writing
from dashboard.mail.writing import Draft, MissingField


def text_of(body: str, **values: str) -> str:
    """Give the plain text of the Markdown *body*, filled."""
    return writing.compile(Draft("", body)).render(values).text


def html_of(body: str, **values: str) -> str:
    """Give what stands in the column of the page, filled and without styles."""
    return column(writing.compile(Draft("", body)).render(values).html)


def column(page: str) -> str:
    """Give what stands inside of the column of *page*."""
    return page.partition('break-word;">')[2].removesuffix("</div></body></html>")


def test_the_fields_are_told_in_the_order_of_their_use() -> None:
    draft = Draft(
        "{{ number }}",
        "{{ name }} [x](https://a.example/{{ code }}) {% if vip %}{{ name }}{% endif %}",
    )
    assert writing.compile(draft).fields == ("number", "name", "code", "vip")


def test_fields_that_nobody_knows_are_told() -> None:
    written = writing.compile(Draft("{{ a }}", "{{ b }}{% if c %}{{ d }}{% endif %}"))
    assert writing.unknown(written, {"a", "d"}) == ("b", "c")


@pytest.mark.parametrize(
    ("source", "filled"),
    [
        ("{{ name | upper }}", "ADA NEIL"),
        ("{{ name | title }}", "Ada Neil"),
        ("{{ name | lower }}", "ada neil"),
        ("<{{ blank | trim }}>", "<>"),
        ('{{ blank | default("you") }}', "you"),
        ('{{ nothing | default("you") | upper }}', "YOU"),
        ('{{ nothing | upper | default("you") }}', "you"),
        ("{# a word for myself #}x", "x"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
    ],
)
def test_filters_change_a_value(source: str, filled: str) -> None:
    values = {"name": "ada neil", "blank": "  "}
    assert text_of(source.replace("<", "\\<"), **values).rstrip("\n") == filled
    assert writing.compile(Draft(source, "")).render(values).subject == filled


def test_a_field_without_a_value_is_missing_by_its_name() -> None:
    written = writing.compile(Draft("Hi", "Dear {{ name | title }}"))
    with pytest.raises(MissingField) as caught:
        written.render({})
    assert caught.value.name == "name"


def test_a_blank_value_is_no_missing_one() -> None:
    assert text_of("Dear {{ name }}.", name="") == "Dear .\n"


@pytest.mark.parametrize(
    ("vip", "text"), [("yes", "A dear guest\n"), ("", "A guest\n"), (" ", "A guest\n")]
)
def test_a_condition_holds_for_a_value_that_is_not_blank(vip: str, text: str) -> None:
    assert text_of("A {% if vip %}dear guest{% else %}guest{% endif %}", vip=vip) == text


def test_a_condition_asks_for_a_field_that_may_be_missing() -> None:
    assert text_of("{% if vip %}{{ vip }}{% else %}nobody{% endif %}") == "nobody\n"


BLOCKS = "One\n\n{% if vip %}\nTwo\n\n- Three\n{% else %}\nFour\n{% endif %}\nFive"


def test_a_condition_on_its_own_lines_stands_around_whole_blocks() -> None:
    assert text_of(BLOCKS) == "One\n\nFour\n\nFive\n"
    assert text_of(BLOCKS, vip="1") == "One\n\nTwo\n\n- Three\n\nFive\n"
    assert html_of(BLOCKS).count("<p ") == 3
    assert html_of(BLOCKS, vip="1").count("<li>") == 1


@pytest.mark.parametrize(
    "body",
    [
        "- a\n- {% if vip %}b{% endif %}\n- c",
        "- a {% if vip %}\n- b {% endif %}\n- c",
        "- a\n{% if vip %}\n- b\n{% endif %}\n- c",
    ],
)
def test_an_item_of_a_list_may_be_left_out(body: str) -> None:
    for vip, count in (("", 2), ("1", 3)):
        assert html_of(body, vip=vip).count("<li>") == count
        assert [line[:2] for line in text_of(body, vip=vip).split() if line == "-"] == ["-"] * count


def test_a_row_of_a_table_may_be_left_out() -> None:
    body = "| a | b |\n|---|---|\n| 1 | 2 |\n{% if vip %}\n| 3 | 4 |\n{% endif %}\n| 5 | 6 |"
    assert html_of(body).count("<tr>") == 3
    assert html_of(body, vip="1").count("<tr>") == 4
    assert text_of(body) == "a | b\n1 | 2\n5 | 6\n"
    assert text_of(body, vip="1") == "a | b\n1 | 2\n3 | 4\n5 | 6\n"


def test_a_paragraph_that_is_left_out_leaves_nothing_behind() -> None:
    assert html_of("{% if vip %}a\n\nb{% endif %}\n\nc").count("<p ") == 1


def test_a_subject_is_one_line_whatever_its_values() -> None:
    written = writing.compile(Draft("Hi {{ name }}", ""))
    assert (
        written.render({"name": "A\r\nBcc: all@example.org\x00"}).subject
        == "Hi A Bcc: all@example.org"
    )


def test_text_and_html_that_were_edited_by_hand_are_taken_as_they_are() -> None:
    draft = Draft(
        "",
        "# {{ unused }}",
        html="<p>Hi <i>{{ name }}</i></p>",
        text="Hi {{ name }}\n{% if vip %}\nDear\n{% endif %}\nBye,  me",
    )
    written = writing.compile(draft)
    assert written.fields == ("name", "vip")
    assert written.render({"name": "<A>"}).text == "Hi <A>\nBye,  me"
    assert written.render({"name": "<A>", "vip": "1"}).text == "Hi <A>\nDear\nBye,  me"
    assert "Hi <i>&lt;A&gt;</i>" in written.render({"name": "<A>"}).html


def test_a_condition_in_html_by_hand_may_stand_around_rows_of_a_table() -> None:
    html = "<table>{% if vip %}<tr><td>{{ vip }}</td></tr>{% endif %}<tr><td>b</td></tr></table>"
    written = writing.compile(Draft("", "", html=html))
    assert column(written.render({}).html).count("<tr>") == 1
    page = column(written.render({"vip": "a"}).html)
    assert page.index("<table") < page.index(">a</td>") < page.index(">b</td>")


BODY = """# Hello {{ name | title | default('you') }}

{% if vip %}
- [There]({{ url }}) and [here](https://a.example/?a=1&n={{ number }})
{% else %}
Not **{{ number }}**.
{% endif %}
"""
VALUES = {"name": "ada", "url": "https://b.example/", "number": "7/8", "vip": "1"}


@pytest.mark.parametrize("vip", ["", "1"])
def test_what_is_given_to_be_edited_says_the_same_again(vip: str) -> None:
    plain = writing.compile(Draft("", BODY))
    html, text = writing.as_html(BODY), writing.as_text(BODY)
    edited = writing.compile(Draft("", BODY, html=html, text=text))
    values = VALUES | {"vip": vip}
    assert edited.render(values).html.split() == plain.render(values).html.split()
    assert edited.render(values).text.split() == plain.render(values).text.split()


def test_an_address_in_a_text_by_hand_is_filled_as_one() -> None:
    text = (
        "See (https://a.example/{{ a }}{% if a %}/b{% endif %}), {{ a }}, http://a.example/{{ a }}."
    )
    written = writing.compile(Draft("", "", text=text))
    filled = "See (https://a.example/1%2F2/b), 1/2, http://a.example/1%2F2."
    assert written.render({"a": "1/2"}).text == filled
