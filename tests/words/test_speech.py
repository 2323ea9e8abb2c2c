"""Texts are said in the language and manner of whoever reads."""

from pathlib import Path

import pytest

from dashboard.words import (
    Catalogue,
    Manner,
    catalogue as catalogues,
    catalogue_of,
    gettext,
    lazy_gettext,
    ngettext,
    reader,
    speaking_to,
)

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"

#: static/js/tab.js
msgid "Open"
msgstr "Otwórz"

msgid "%(num)s job of %(name)s"
msgid_plural "%(num)s jobs of %(name)s"
msgstr[0] "%(num)s zadanie: %(name)s"
msgstr[1] "%(num)s zadania: %(name)s"
msgstr[2] "%(num)s zadań: %(name)s"

#, fuzzy
msgid "Close"
msgstr "Zgadnij"

msgid "Half"
msgstr ""
"""
POLE = Manner("pl-PL", "Europe/Warsaw")


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """Give a language with three forms of a message."""
    path = tmp_path / "pl" / catalogues.FILE
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    catalogue_of.cache_clear()
    return catalogue_of("pl")


@pytest.fixture(autouse=True)
def forget() -> object:
    """Forget the languages of a test."""
    yield
    catalogue_of.cache_clear()


def test_nobody_in_particular_reads_plain_english() -> None:
    assert reader() == Manner("en-GB", "UTC")
    assert gettext("Kept for %(days)s days, 100%%", days=7) == "Kept for 7 days, 100%"
    assert ngettext("%(num)s job", "%(num)s jobs", 1) == "1 job"
    assert ngettext("%(num)s job", "%(num)s jobs", 1234) == "1,234 jobs"


def test_another_language_is_said_to_whoever_reads_it(polish: Catalogue) -> None:
    with speaking_to(POLE):
        assert gettext("Open") == "Otwórz"
        told = [ngettext("%(num)s job of %(name)s", "", n, name="X") for n in (1, 3, 12345)]
    assert told == ["1 zadanie: X", "3 zadania: X", "12\xa0345 zadań: X"]
    assert gettext("Open") == "Open"


def test_what_is_not_translated_is_said_in_english(polish: Catalogue) -> None:
    with speaking_to(POLE):
        assert [gettext(text) for text in ("Close", "Half", "Never heard of")] == [
            "Close",
            "Half",
            "Never heard of",
        ]


def test_a_lazy_text_is_translated_when_it_is_read(polish: Catalogue) -> None:
    label = lazy_gettext("Open")

    with speaking_to(POLE):
        assert f"{label}!" == "Otwórz!"
    assert str(label) == "Open"


def test_the_browser_is_told_its_own_texts_only(polish: Catalogue) -> None:
    assert polish.for_scripts() == '{"Open": ["Otwórz"]}'
    assert catalogue_of("en").for_scripts() == ""
    assert catalogue_of("xx").says("Open") == "Open"
