"""Every text of the desk is said in every language, with the same values and tags in it."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from dashboard.words import LANGUAGES, SOURCE
from dashboard.words.catalogue import FILE, FOLDER
from tests.parts import ROOT

OTHERS = [language for language in LANGUAGES if language != SOURCE]
VALUE = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Give every text of the desk, as it stands in the sources now."""
    template = tmp_path_factory.mktemp("words") / "messages.pot"
    subprocess.run([ROOT / "bin" / "words", "--template", template], check=True)
    return read(template)


@pytest.fixture(scope="module", params=OTHERS)
def translated(request: pytest.FixtureRequest) -> Catalog:
    """Give what is said in each language."""
    return read(FOLDER / request.param / FILE, request.param)


def read(path: Path, language: str | None = None) -> Catalog:
    """Read a file of gettext's."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> tuple[str, ...]:
    """Give the text of a message, or its texts where it names a number."""
    given = message.id
    return given if isinstance(given, tuple) else (str(given),)


def said(message: Message) -> tuple[str, ...]:
    """Give what is said for a message, in each form."""
    given = message.string
    return tuple(given) if isinstance(given, tuple | list) else (str(given),)


def of(catalogue: Catalog) -> Iterator[Message]:
    """Give the messages, without the head of the file."""
    return (message for message in catalogue if message.id)


def test_every_text_is_translated_and_no_translation_is_left_over(
    texts: Catalog, translated: Catalog
) -> None:
    wanted = {forms(message) for message in of(texts)}
    there = {forms(message) for message in of(translated)}

    assert wanted
    assert wanted - there == set(), "Run bin/words, then fill in what came."
    assert there - wanted == set(), "Run bin/words: these are said nowhere any more."
    empty = [message.id for message in of(translated) if not all(said(message))]
    assert empty == []
    assert [message.id for message in of(translated) if message.fuzzy] == []


def test_values_and_tags_are_those_of_the_text(translated: Catalog) -> None:
    for message in of(translated):
        wanted = [Counter(VALUE.findall(form)) for form in forms(message)]
        tags = Counter(TAG.findall(forms(message)[-1]))
        for text in said(message):
            assert Counter(VALUE.findall(text)) in wanted, (message.id, text)
            assert Counter(TAG.findall(text)) == tags, (message.id, text)
            # A quotation mark of its own would end an attribute.
            assert text.count('"') == forms(message)[-1].count('"'), (message.id, text)
            assert text == text.strip() or forms(message)[0] != forms(message)[0].strip()
