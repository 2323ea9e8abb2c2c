"""What an e-mail cannot have is refused with a sentence, the text it stands in and its line."""

import time
from contextlib import suppress

import pytest

from dashboard.mail import writing
from dashboard.mail.writing import Draft, Unwritable, safety
from dashboard.mail.writing.assembly import CUT
from dashboard.mail.writing.grammar import (
    BAD_DEFAULT,
    LONG_DEFAULT,
    LOOP,
    NO_FILTER,
    NOT_CLOSED,
    NOT_PLAIN,
    TOO_DEEP,
    TOO_LARGE,
    UNREADABLE,
)
from dashboard.mail.writing.links import NO_LINK
from dashboard.mail.writing.spots import NO_PLACE

LONGEST_SECONDS = 30.0  # of one processor: a guard against what grows with the square of it


def refusal(draft: Draft) -> Unwritable:
    """Give why *draft* is refused."""
    with pytest.raises(Unwritable) as caught:
        writing.compile(draft)
    return caught.value


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{% for a in b %}{{ a }}{% endfor %}", LOOP),
        ("{% for a in range(10**9) %}{% endfor %}", LOOP),
        ("{{ name.__class__ }}", NOT_PLAIN),
        ("{{ name['x'] }}", NOT_PLAIN),
        ("{{ name() }}", NOT_PLAIN),
        ("{{ 9**9**9 }}", NOT_PLAIN),
        ("{{ name * 9 }}", NOT_PLAIN),
        ("{{ name ~ name }}", NOT_PLAIN),
        ("{{ 'x' }}", NOT_PLAIN),
        ("{{ 'x'.format(name) }}", NOT_PLAIN),
        ("{{ true }}", NOT_PLAIN),
        ("{{ a if b else c }}", NOT_PLAIN),
        ("{{ [a, b] }}", NOT_PLAIN),
        ("{{ a, b }}", NOT_PLAIN),
        ("{{ a is defined }}", NOT_PLAIN),
        ("{% set a = 1 %}", NOT_PLAIN),
        ("{% macro a() %}{% endmacro %}", NOT_PLAIN),
        ("{% call a() %}{% endcall %}", NOT_PLAIN),
        ("{% include '/etc/passwd' %}", NOT_PLAIN),
        ("{% import 'a' as b %}", NOT_PLAIN),
        ("{% extends 'a' %}", NOT_PLAIN),
        ("{% block a %}{% endblock %}", NOT_PLAIN),
        ("{% filter upper %}a{% endfilter %}", NOT_PLAIN),
        ("{% with %}{% endwith %}", NOT_PLAIN),
        ("{% do a %}", NOT_PLAIN),
        ("{% if not a %}{% endif %}", NOT_PLAIN),
        ("{% if a.b %}{% endif %}", NOT_PLAIN),
        ("{% if a %}{% elif b %}{% endif %}", NOT_PLAIN),
        ("{{ a | upper(1) }}", NOT_PLAIN),
        ("{{ a | map }}", NO_FILTER),
        ("{{ a | safe }}", NO_FILTER),
        ("{{ a | default(b) }}", BAD_DEFAULT),
        ("{{ a | default(3) }}", BAD_DEFAULT),
        ("{{ a | default('b', true) }}", BAD_DEFAULT),
        ("{{ a | default('" + "b" * 501 + "') }}", LONG_DEFAULT),
        ("{% if a %}", NOT_CLOSED),
        ("{{ a", UNREADABLE),
        ("{{ }}", UNREADABLE),
        ("{{ " + "9" * 5000 + " }}", UNREADABLE),
        ("{% if a %}" * 9 + "{% endif %}" * 9, TOO_DEEP),
        ("{% if a %}" * 9_000, TOO_DEEP),
        ("{{ " + "(" * 90_000, TOO_DEEP),
    ],
)
@pytest.mark.parametrize("where", ["subject", "body", "html", "text"])
def test_only_fields_filters_and_conditions_are_taken(
    source: str, message: str, where: str
) -> None:
    parts = {"subject": "", "body": ""} | {where: source}
    found = refusal(Draft(**parts))
    assert (found.message, found.where) == (message, where)
    assert str(found) == message.replace("%%", "%") % found.values if found.values else str(found)


def test_the_line_of_what_is_refused_is_told() -> None:
    assert refusal(Draft("", "a\n\nb {{ c.d }}")).line == 3
    assert refusal(Draft("", "a\n\n[b](/c)")).line == 3
    assert refusal(Draft("", "a\n\n**b {% if c %} d** e {% endif %}")).line == 3


@pytest.mark.parametrize("where", ["subject", "body", "html", "text"])
def test_ten_megabytes_are_refused_at_once_with_their_size(where: str) -> None:
    parts = {"subject": "", "body": ""} | {where: "a" * 10_000_000}
    begin = time.process_time()
    found = refusal(Draft(**parts))
    assert time.process_time() - begin < 1
    assert (found.message, found.where) == (TOO_LARGE, where)
    most = 100 if where == "body" else 500
    assert str(found) == f"The text has 10000 KB; an e-mail can have {most} KB at most"


def test_the_size_counts_bytes() -> None:
    assert refusal(Draft("", "é" * 50_001)).message == TOO_LARGE
    assert refusal(Draft("", "", text="é" * 250_001)).message == TOO_LARGE


@pytest.mark.parametrize(
    "body",
    [
        "**a {% if c %} b** d {% endif %}",
        "{% if c %}\n\n- a\n  {% endif %}\n- b",
        "[a {% if c %}](https://b.example 'x{% endif %}')",
        "> a\n> {% if c %}\n\nb\n\n{% endif %}",
    ],
)
def test_a_condition_that_cuts_through_other_things_is_refused(body: str) -> None:
    assert refusal(Draft("", body)).message == CUT


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<p style="color: {{ c }}">x</p>', "style"),
        ('<table><tr><td width="{{ c }}">x</td></tr></table>', "width"),
        ('<ol start="{% if c %}2{% endif %}"><li>x</li></ol>', "start"),
    ],
)
def test_a_field_cannot_stand_in_any_attribute(html: str, name: str) -> None:
    found = refusal(Draft("", "", html=html))
    assert (found.message, found.values) == (NO_PLACE, {"name": name})


@pytest.mark.parametrize(
    "address", ["/a", "a.html", "#a", "ftp://a.example", "java{{ c }}", "//a.example", "https:"]
)
def test_a_link_that_leads_nowhere_is_refused(address: str) -> None:
    found = refusal(Draft("", f"[words]({address})"))
    assert (found.message, found.values) == (NO_LINK, {"address": address})


@pytest.mark.parametrize(
    "draft",
    [
        Draft("", "> " * 30 + "x"),
        Draft("", "- " * 30 + "x"),
        Draft("", "*" * 2_000 + "x" + "*" * 2_000),
        Draft("", "", html="<div>" * 90_000),
        Draft("", "", html="<b><i>" * 50_000),
        Draft("", "", html="<div><table></div></table>" * 1_000),
    ],
)
def test_what_nests_without_end_is_refused(draft: Draft) -> None:
    begin = time.process_time()
    assert refusal(draft).message == safety.TOO_NESTED
    assert time.process_time() - begin < 5


# What Markdown’s reader, the table’s filling up or our own steps once took long for.
HARD = ["[", "![[", "`a", "*a **a ", "{{ a }} ", "<a", "| a ", "- a\n", "a\n\n", "# a\n", "_a", "&",
        "|a|b|\n|-|-|\n", "1) a\n2. b\n",
        "a\n=\n", "[a](", "\n{% if a %}\nb\n{% endif %}\n"]  # fmt: skip
WIDE = "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "x\n" * 49_000


@pytest.mark.parametrize(
    "body", [*(unit * (100_000 // len(unit)) for unit in HARD), WIDE], ids=lambda body: body[:12]
)
def test_as_much_as_is_taken_of_what_is_hard_to_read_is_read_or_refused_in_time(body: str) -> None:
    begin = time.process_time()
    with suppress(Unwritable):
        writing.compile(Draft("", body))
    assert time.process_time() - begin < LONGEST_SECONDS


HARD_HTML = ["<", "&", "<p>", "<li>", "<hr>", "<!--", "{{ a }}", "<b><i>a</b></i>", "<tr><td>a",
             "<td>{{ a }}</td>", "{% if a %}<p>b</p>{% endif %}"]  # fmt: skip


@pytest.mark.parametrize("unit", HARD_HTML)
def test_half_a_megabyte_of_html_by_hand_is_read_or_refused_in_time(unit: str) -> None:
    begin = time.process_time()
    with suppress(Unwritable):
        writing.compile(Draft("", "", html=unit * (500_000 // len(unit))))
    assert time.process_time() - begin < LONGEST_SECONDS


def test_a_text_of_many_small_parts_is_refused_with_their_number() -> None:
    found = refusal(Draft("", "a\n\n" * 20_000))
    assert str(found) == (
        "The text has 80000 parts (paragraphs, lines of lists, cells, links);"
        " an e-mail can have 30000 at most"
    )


def test_a_long_newsletter_is_taken() -> None:
    table = "| a | b | c |\n|---|---|---|\n" + "| 1 | 2 | 3 |\n" * 500
    writing.compile(Draft("", table + "\n" + "- [item](https://shop.example/1) and more\n" * 1_000))
