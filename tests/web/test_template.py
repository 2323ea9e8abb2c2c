"""Templates say everything in one language, as constants of the compiled page."""

from pathlib import Path

import pytest
from flask import Flask

from dashboard.web.template import PageEnvironment, render_bare
from dashboard.words import Manner, catalogue as catalogues, catalogue_of, speaking_to

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"

msgid "Open"
msgstr "Otwórz"

msgid "<b>%(title)s</b> of %(name)s"
msgstr "%(name)s: <b>%(title)s</b>"

msgid "%(num)s job"
msgid_plural "%(num)s jobs"
msgstr[0] "%(num)s zadanie"
msgstr[1] "%(num)s zadania"
msgstr[2] "%(num)s zadań"
"""
MARKED = """{% trans title=title, name="Mara" %}<b>{{ title }}</b> of {{ name }}{% endtrans %}"""
COUNTED = """{% trans num=n %}{{ num }} job{% pluralize %}{{ num }} jobs{% endtrans %}"""


@pytest.fixture
def polish(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PageEnvironment:
    """Give the environment of templates in a language with three forms of a message."""
    path = tmp_path / "pl" / catalogues.FILE
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    catalogue_of.cache_clear()
    pages: PageEnvironment = app.extensions["pages"]("pl")
    return pages


@pytest.fixture(autouse=True)
def forget() -> object:
    """Forget the languages of a test."""
    yield
    catalogue_of.cache_clear()


def draw(pages: object, source: str, **context: object) -> str:
    """Give what a template writes."""
    assert isinstance(pages, PageEnvironment)
    return pages.from_string(source).render(context)


def test_words_are_translated_and_what_is_put_into_them_is_escaped(
    app: Flask, polish: PageEnvironment
) -> None:
    for pages, told in (
        (app.jinja_env, "<b>&lt;i&gt;</b> of Mara"),
        (polish, "Mara: <b>&lt;i&gt;</b>"),
    ):
        assert draw(pages, MARKED, title="<i>") == told
    assert draw(polish, '<a title="{{ _(\'Open\') }}">{{ _("Open") }}</a>') == (
        '<a title="Otwórz">Otwórz</a>'
    )


@pytest.mark.parametrize(
    ("number", "english", "polish_words"),
    [(1, "1 job", "1 zadanie"), (3, "3 jobs", "3 zadania"), (12345, "12,345 jobs", "12,345 zadań")],
)
def test_each_number_takes_its_form(
    app: Flask, polish: PageEnvironment, number: int, english: str, polish_words: str
) -> None:
    called = """{{ ngettext("%(num)s job", "%(num)s jobs", n) }}"""
    for source in (COUNTED, called):
        assert draw(app.jinja_env, source, n=number) == english
        assert draw(polish, source, n=number) == polish_words


def test_what_has_no_translation_is_said_in_english(polish: PageEnvironment) -> None:
    assert draw(polish, """{{ _("Never heard of") }}, 100{{ _("%%") }}""") == "Never heard of, 100%"


def test_words_cost_nothing_when_a_page_is_drawn(polish: PageEnvironment) -> None:
    source = """<p>{{ _("Open") }}</p>{% trans %}Open{% endtrans %}"""
    code = polish.compile(source, raw=True)

    assert "<p>Otwórz</p>" in code
    assert "gettext" not in code


def test_a_page_is_in_the_language_of_whoever_reads(app: Flask) -> None:
    def page(locale: str) -> str:
        with app.test_request_context(), speaking_to(Manner(locale, "UTC")):
            return render_bare("errors/error.html", code=500, title="", text="", number="1")

    assert '<html lang="en"' in page("en-GB")
    assert '<html lang="de"' in page("de-AT")
    assert "Wenn Sie um Hilfe bitten" in page("de-AT")
