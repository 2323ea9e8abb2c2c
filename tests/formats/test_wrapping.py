"""Long texts in lines."""

import pytest
from hypothesis import given, strategies as st

from dashboard.formats.fonts import regular
from dashboard.formats.readable import Readable
from dashboard.formats.wrapping import ELLIPSIS, wrap
from tests.formats.samples import patient


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("one two three four", 5.0, regular(), 9).lines == ["one two", "three four"]


def test_a_space_that_does_not_fit_still_parts_words() -> None:
    assert wrap("abc i", 1.85, regular(), 9).lines == ["abc", "i"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("path/of/a/file.txt", ["path/of/a/", "file.txt"]),
        ("someone@example.com", ["someone@", "example.", "com"]),
        ("株式会社サンプル", ["株式会社サ", "ンプル"]),
        ("Donaudampfschiff", ["Donaudam", "pfschiff"]),
        ("a\n\nb", ["a", "", "b"]),
    ],
)
def test_texts_break_where_their_script_allows(text: str, lines: list[str]) -> None:
    assert wrap(text, 5.2, regular(), 9).lines == lines


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    wrapped = wrap("one two three four five six", 5.0, regular(), 2)

    assert wrapped.is_cut
    assert wrapped.lines == ["one two", "three fou" + ELLIPSIS]


def test_a_huge_text_is_wrapped_at_once() -> None:
    wrapped = wrap("word " * 1_000_000, 10.0, regular(), 3)

    assert wrapped.is_cut
    assert len(wrapped.lines) == 3


@patient
@given(st.text(), st.floats(1.0, 40.0), st.integers(1, 8))
def test_lines_fit_and_lose_nothing_unless_cut(text: str, width: float, most: int) -> None:
    text = Readable().text(text)

    lines, is_cut = wrap(text, width, regular(), most)

    assert 1 <= len(lines) <= most
    for line in lines:
        assert regular().width(line) <= width + 1e-6 or len(line) <= 1
    if not is_cut:
        assert "".join("".join(lines).split()) == "".join(text.split())
