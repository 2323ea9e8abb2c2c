"""Headers of a message come back as they were given, whatever they hold."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, strategies as st

from dashboard.mail.mime import BadHeader, Mould
from tests.mail.mime_messages import (
    SENDER,
    ascii_line,
    broken,
    head,
    is_well_formed,
    line,
    parsed,
    written,
)

header_name = st.from_regex(r"\AX-[A-Za-z0-9-]{1,48}\Z")


def is_value(found: str, value: str) -> bool:
    """Say whether *found* is *value*, maybe behind the blank of a line that begins with it."""
    return str(found) in (value, f" {value}")


@given(line | ascii_line)
@example("")
@example(" ")
@example("=?utf-8?q?no?=")
@example("long " * 100)
@example("w" * 2000)
@example("日" * 400)
@example("a" + " " * 200 + "b")
def test_a_subject_comes_back_on_lines_of_78_columns(subject: str) -> None:
    message = written(subject=subject)
    assert is_well_formed(message)
    assert parsed(message)["Subject"] == subject
    assert max(map(len, head(message))) <= 78


@given(header_name, line | ascii_line)
def test_a_header_of_a_mailing_comes_back(name: str, value: str) -> None:
    message = written(Mould(SENDER, headers={name: value}))
    assert is_well_formed(message)
    assert is_value(parsed(message)[name], value)


@given(header_name, line | ascii_line)
@example("X-Token", "w" * 300)
def test_a_header_of_one_message_comes_back(name: str, value: str) -> None:
    message = written(headers={name: value})
    assert is_well_formed(message)
    assert is_value(parsed(message)[name], value)


@given(header_name, st.lists(st.from_regex(r"\A[!-~]{1,900}\Z"), min_size=1, max_size=20))
def test_only_a_word_that_is_longer_makes_a_line_of_over_78_columns(
    name: str, words: list[str]
) -> None:
    message = written(headers={name: " ".join(words)})
    assert is_well_formed(message)
    for text in head(message):
        assert len(text) <= 78 or text.lstrip(b" ").decode() in words


@pytest.mark.parametrize(
    "write",
    [
        lambda bad: Mould(SENDER, headers={"X-Campaign": bad}),
        lambda bad: Mould(SENDER, headers={bad: "x"}),
        lambda bad: written(headers={"X-Campaign": bad}),
        lambda bad: written(headers={bad: "x"}),
        lambda bad: written(subject=bad),
        lambda bad: written(message_id=f"<{bad}@bellhop.invalid>"),
        lambda bad: written(message_id=bad),
        lambda bad: written(unsubscribe=f"https://example.org/{bad}"),
    ],
)
@given(bad=broken)
@example(bad="x\r\nBcc: all@example.org")
@example(bad="x\n Bcc: all@example.org")
def test_no_header_can_be_smuggled_in(write: Callable[[str], object], bad: str) -> None:
    with pytest.raises(BadHeader):
        write(bad)


@pytest.mark.parametrize("name", ["", "To", "bcc", "Content-Type", "X Y", "X:", "Ü", "X" * 51])
def test_a_name_that_is_none_or_is_written_already_is_refused(name: str) -> None:
    with pytest.raises(BadHeader):
        Mould(SENDER, headers={name: "x"})
    with pytest.raises(BadHeader):
        written(headers={name: "x"})


def test_a_header_cannot_be_given_twice() -> None:
    with pytest.raises(BadHeader, match="X-Tag"):
        Mould(SENDER, headers={"x-tag": "1", "X-Tag": "2"})
    with pytest.raises(BadHeader, match="X-Tag"):
        written(Mould(SENDER, headers={"x-tag": "1"}), headers={"X-Tag": "2"})


def test_a_word_that_fits_no_line_is_refused() -> None:
    with pytest.raises(BadHeader, match="too long"):
        written(headers={"X-Token": "w" * 991})


def test_half_a_character_is_refused_and_named_without_it() -> None:
    with pytest.raises(BadHeader, match="Subject"):
        written(subject="\ud83c")
    with pytest.raises(BadHeader) as caught:
        written(message_id="\ud83c\r\n")
    assert str(caught.value) == "“\ufffd\ufffd\ufffd” is no Message-ID."


def test_a_message_can_be_left_by_one_click() -> None:
    link = "https://desk.example.org/unsubscribe/" + "t" * 300
    found = parsed(written(unsubscribe=link))
    assert found["List-Unsubscribe"].strip() == f"<{link}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in parsed(written())
    assert is_well_formed(written(unsubscribe="https://x.example/" + "t" * 970))
    for bad in (
        "https://x.example/" + "t" * 971,
        "http://example.org",
        "https://",
        "https://x.example/<",
        "https:// x.example",
    ):
        with pytest.raises(BadHeader, match="https://"):
            written(unsubscribe=bad)
