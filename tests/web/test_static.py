"""Static files: kept for ever under their version, packed, whole, and nothing beside them."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web import static
from dashboard.web.static import COMMENT, IMPORT, INDENT, Shelf
from tests.people import Person
from tests.web.browsers import anybody

STATIC = Path(__file__).resolve().parents[2] / "static"
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
EXPORT = re.compile(r"^export (?:async )?(?:function|const) (\w+)", re.MULTILINE)
NAMED_IMPORT = re.compile(r'^import \{([^}]+)\} from "\./([^"]+)"', re.MULTILINE)
WHOLE_IMPORT = re.compile(r'^import \* as (\w+) from "\./([^"]+)"', re.MULTILINE)
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser in which nobody has signed in."""
    return anybody(app)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the static files, to be changed."""
    return Path(shutil.copytree(STATIC, tmp_path / "static"))


def versioned(app: Flask, name: str) -> str:
    """Give the address of a static file as pages name it."""
    return f"/static/v-{app.extensions['static'].version}/{name}"


def test_one_style_holds_them_all_in_their_order(client: FlaskClient) -> None:
    names = IMPORT.findall((STATIC / "css" / "desk.css").read_text())

    text = client.get("/static/css/desk.css").text

    texts = [COMMENT[".css"].sub("", (STATIC / "css" / name).read_text()) for name in names]
    bare = [INDENT.sub("", text).strip() for text in texts]
    places = [text.index(style) for style in bare]
    assert places == sorted(places)
    assert "@import" not in text
    assert "/*" not in text
    assert text.strip().startswith("@layer tokens, base, layout, components, preferences;")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_only_comments_and_indents_are_taken_out_of_a_script(
    client: FlaskClient, path: Path
) -> None:
    sent = client.get(f"/static/js/{path.name}").text.splitlines()

    inside, code = False, []
    for line in path.read_text().splitlines():
        stripped = line.strip()
        if not inside and stripped.startswith("/*"):
            inside = True
        elif not inside and not stripped.startswith("//"):
            kept, _, _ = line.partition(" // ")
            code.append(kept.lstrip())
            for quote in "`\"'":
                assert kept.count(quote) % 2 == 0, "In a text nothing is a comment or an indent."
        if inside and stripped.endswith("*/"):
            inside = False
    assert [line for line in sent if line] == [line for line in code if line]


def test_what_is_vendored_goes_as_it_is(client: FlaskClient) -> None:
    for name in ("htmx/htmx.min.js", "lucide/icons.svg", "inter/inter-latin.woff2"):
        with client.get(f"/static/vendor/{name}") as answer:
            assert answer.data == (STATIC / "vendor" / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("css/desk.css", "text/css"),
        ("js/main.js", "text/javascript"),
        ("vendor/lucide/icons.svg", "image/svg+xml"),
        ("vendor/htmx/htmx.min.js", "text/javascript"),
    ],
)
def test_text_is_packed_for_whoever_takes_it(
    client: FlaskClient, name: str, media_type: str
) -> None:
    plain = client.get(f"/static/{name}")
    packed = client.get(f"/static/{name}", headers=PACKED)

    assert plain.mimetype == packed.mimetype == media_type
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary
    assert plain.headers["ETag"] != packed.headers["ETag"]
    refused = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in refused.headers


@pytest.mark.parametrize("headers", [{}, PACKED], ids=["plain", "packed"])
def test_what_a_browser_has_already_is_not_sent_again(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    first = client.get("/static/js/main.js", headers=headers)
    etag = first.headers["ETag"]

    again = client.get("/static/js/main.js", headers={**headers, "If-None-Match": etag})

    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == etag
    assert "Accept-Encoding" in again.vary
    other = {**headers, "If-None-Match": '"another"'}
    assert client.get("/static/js/main.js", headers=other).status_code == 200


def test_a_part_of_a_file_is_a_part_of_it_as_it_is(client: FlaskClient) -> None:
    whole = client.get("/static/css/desk.css").data

    part = client.get("/static/css/desk.css", headers={**PACKED, "Range": "bytes=10-29"})

    assert part.status_code == 206
    assert part.data == whole[10:30]
    assert part.headers["Content-Range"] == f"bytes 10-29/{len(whole)}"
    beyond = {"Range": f"bytes={len(whole)}-"}
    assert client.get("/static/css/desk.css", headers=beyond).status_code == 416


def test_what_a_module_imports_lies_under_its_version(app: Flask, client: FlaskClient) -> None:
    main = versioned(app, "js/main.js")
    imports = re.findall(r'import "\./([^"]+)"', client.get(main).text)

    assert len(imports) > 10
    for name in imports:
        with client.get(versioned(app, f"js/{name}")) as answer:
            assert answer.headers["Cache-Control"] == static.FOREVER


def test_what_everybody_may_keep_has_nothing_to_do_with_a_session(staff: Person) -> None:
    with staff.client.get(versioned(staff.app, "js/main.js")) as answer:
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in answer.headers
    assert "Cookie" in staff.opens("/").vary


def test_every_module_imports_what_there_is_and_exports_what_is_needed() -> None:
    texts = {path.name: path.read_text() for path in SCRIPTS}
    given = {(name, what) for name, text in texts.items() for what in EXPORT.findall(text)}
    taken = {
        (name, what.strip())
        for text in texts.values()
        for names, name in NAMED_IMPORT.findall(text)
        for what in names.split(",")
    } | {
        (name, what)
        for text in texts.values()
        for short, name in WHOLE_IMPORT.findall(text)
        for what in re.findall(rf"\b{short}\.(\w+)\(", text)
    }

    assert len(given) > 30
    assert taken == given


def test_every_module_is_asked_for_at_once_or_with_the_form_that_needs_it() -> None:
    first = set(re.findall(r'import[ (]"\./([^"]+)"', (STATIC / "js" / "main.js").read_text()))

    assert first == {path.name for path in SCRIPTS} - {"main.js"}


@pytest.mark.parametrize(
    "path",
    [
        "../dashboard/config.py",
        "..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "v-0123/../../pyproject.toml",
        "css",
        "",
        "css/nothing.css",
        "v-zz/css/desk.css",
    ],
)
def test_nothing_else_is_given_out(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code in (308, 404)


def test_a_file_that_changes_is_read_anew_under_another_version(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "LOOK_SECONDS", 0.0)
    shelf = Shelf(copy)
    before, style = shelf.version, shelf.text("css/desk.css")
    assert shelf.version == before
    assert shelf.text("css/desk.css") is style

    nav = copy / "css" / "nav.css"
    nav.write_text(nav.read_text() + ".changed { color: var(--ink); }\n")

    assert shelf.version != before
    assert b".changed" in shelf.text("css/desk.css").body
    assert gzip.decompress(shelf.text("css/desk.css").packed) == shelf.text("css/desk.css").body


def test_the_files_are_looked_at_now_and_then_only(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "LOOK_SECONDS", 3600.0)
    shelf = Shelf(copy)
    before = shelf.version
    (copy / "css" / "nav.css").write_text("")

    assert {shelf.version for _ in range(1000)} == {before}
