"""The fonts of PDF files."""

from hashlib import sha256

import pytest

from dashboard.formats.fonts import FILES, FOLDER, WESTERN, bold, is_drawn, regular
from dashboard.formats.readable import Readable


def test_the_fonts_are_the_recorded_ones() -> None:
    lines = (FOLDER / "VERSIONS").read_text().splitlines()
    fields = [line.split(" | ") for line in lines if not line.startswith("#")]
    recorded = {field[0]: field[-1] for field in fields}

    assert set(recorded) == set(FILES.values())
    for name, digest in recorded.items():
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_western_letters_are_those_of_windows_1252() -> None:
    assert {"A", "é", "€", "“", "—", "ÿ"} <= WESTERN
    assert not {"ő", "\xad", "\x81", "\n"} & WESTERN


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("Müller", ["Helvetica"]),
        ("Łódź and more", ["DejaVuSans"]),
        ("Ελλάδα", ["DejaVuSans"]),
        ("5 → 6", ["Helvetica", "DejaVuSans", "Helvetica"]),
        ("株式会社 ABC", ["WenQuanYiMicroHei", "Helvetica"]),
        ("한국 Łódź", ["WenQuanYiMicroHei", "DejaVuSans"]),
    ],
)
def test_runs_choose_the_font(text: str, fonts: list[str]) -> None:
    runs = regular().runs(text)

    assert [run.font for run in runs] == fonts
    assert "".join(run.text for run in runs) == text


@pytest.mark.parametrize("text", ["Müller", "Łódź 株式会社 ABC", "→ 5"])
def test_a_line_is_as_wide_as_its_runs(text: str) -> None:
    for face in (regular(), bold()):
        assert face.width(text) == pytest.approx(sum(map(face.run_width, face.runs(text))))


@pytest.mark.parametrize("character", ["A", "ő", "Ж", "ά", "→", "✓", "中", "あ", "한", "、"])
def test_these_are_drawn(character: str) -> None:
    assert is_drawn(character)


@pytest.mark.parametrize("character", ["😀", "\x07", "א", "ش", "ไ", "\ue000", "\ud800", "𠀀"])
def test_these_are_not(character: str) -> None:
    assert not is_drawn(character)


def test_texts_become_readable() -> None:
    readable = Readable()

    assert readable.text("e\u0301 a\tb\r\nc\rd\u2028e soft\xadhyphen \ufeffx\u200d") == (
        "é a  b\nc\nd\ne softhyphen x"
    )
    assert readable.sentences() == ()


def test_many_lost_characters_are_named_in_part() -> None:
    readable = Readable()

    readable.text("".join(chr(0x1F600 + n) for n in range(25)))

    (sentence,) = readable.sentences()
    assert "25 characters" in sentence
    assert "and 15 more" in sentence
