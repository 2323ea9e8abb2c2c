"""What people forget in templates, styles and scripts is found here."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from dashboard.web.static import IMPORT

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
ICON_TABLES = {"ICONS", "SIGNS", "TONES"}

environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
)
names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
styles = sorted((STATIC / "css").glob("*.css"))
scripts = sorted((STATIC / "js").glob("*.js"))
every_template = pytest.mark.parametrize("name", names)
every_style = pytest.mark.parametrize("path", styles, ids=lambda path: path.name)


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


def tree(name: str) -> nodes.Template:
    return environment.parse(source(name), name)


def imports(template: nodes.Template) -> Iterator[tuple[str, str, str]]:
    """Give file, macro and the name it goes by, for each imported macro."""
    for node in template.find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for item in node.names:
            macro, alias = item if isinstance(item, tuple) else (item, item)
            yield str(node.template.value), macro, alias


def words(node: nodes.Node) -> set[str]:
    """Give the texts that are written out in *node*."""
    found = {const.value for const in node.find_all(nodes.Const)}
    found |= {node.value} if isinstance(node, nodes.Const) else set()
    return {word for word in found if isinstance(word, str) and word}


def icons_of(template: nodes.Template) -> set[str]:
    """Give the icons that *template* names: as arguments, in tables, in the navigation."""
    found: set[str] = set()
    for call in template.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("icon", "empty") and call.args:
            found |= words(call.args[0])
        for keyword in call.kwargs:
            if keyword.key == "sign":
                found |= words(keyword.value)
    for table in template.find_all(nodes.Assign):
        if isinstance(table.target, nodes.Name) and table.target.name in ICON_TABLES:
            assert isinstance(table.node, nodes.Dict)
            for pair in table.node.items:
                found |= words(pair.value)
    for entry in template.find_all(nodes.Tuple):
        texts = [item.value for item in entry.items if isinstance(item, nodes.Const)]
        if len(texts) == 3 and re.fullmatch(r"\w+\.\w+", str(texts[0])):
            found.add(str(texts[1]))
    return found


def sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "lucide" / "icons.svg").read_text()))


@every_template
def test_a_template_parses(name: str) -> None:
    tree(name)


@every_template
def test_a_template_begins_by_saying_what_it_needs(name: str) -> None:
    assert source(name).startswith("{#"), f"{name} begins without a comment"


@every_template
def test_every_imported_macro_exists_and_is_used(name: str) -> None:
    template = tree(name)
    used = {node.name for node in template.find_all(nodes.Name) if node.ctx == "load"}
    for file, macro, alias in imports(template):
        defined = {node.name for node in tree(file).find_all(nodes.Macro)}
        assert macro in defined, f"{name} imports {macro}, which {file} does not define"
        assert alias in used, f"{name} imports {alias} and does not use it"


@every_template
def test_every_included_template_exists(name: str) -> None:
    template = tree(name)
    includes = [node.template for node in template.find_all(nodes.Include)]
    parents = [node.template for node in template.find_all(nodes.Extends)]
    for node in includes + parents:
        for text in words(node):
            if re.fullmatch(r".+\.html", text):
                assert (TEMPLATES / text).is_file(), f"{name} includes {text}"


@every_template
def test_a_template_holds_no_inline_style_or_script(name: str) -> None:
    text = source(name)
    assert not re.search(r"\sstyle\s*=|<style\b", text), f"{name} has an inline style"
    assert not re.search(r"<script\b(?![^>]*\ssrc=)", text), f"{name} has an inline script"
    assert not re.search(r"\s(?:hx-)?on[a-z:-]*\s*=", text), f"{name} handles an event inline"
    assert "javascript:" not in text


@every_template
def test_every_icon_is_in_the_sprite(name: str) -> None:
    missing = icons_of(tree(name)) - sprite()
    assert not missing, f"{name} shows {missing}, which icons.svg does not hold"


def test_every_icon_of_a_script_is_in_the_sprite() -> None:
    for path in scripts:
        text = path.read_text()
        named = set(re.findall(r'\bicon\("([^"]+)"\)', text))
        for table in re.findall(r"const SIGNS = \{([^}]*)\}", text):
            named |= set(re.findall(r'"([^"]+)"', table))
        assert named <= sprite(), f"{path.name} shows {named - sprite()}"


def test_every_partial_is_included_somewhere() -> None:
    texts = "".join(source(name) for name in names)
    texts += "".join(path.read_text() for path in (ROOT / "dashboard").rglob("*.py"))
    for name in names:
        if Path(name).name.startswith("_"):
            assert f'"{name}"' in texts, f"nothing includes {name}"


def test_vendored_files_are_the_ones_that_versions_lists() -> None:
    rows = [line.split() for line in (VENDOR / "VERSIONS").read_text().splitlines()]
    listed = {row[3]: row[4] for row in rows if row and row[0] != "#"}
    held = {
        str(path.relative_to(VENDOR)): sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VERSIONS"
    }
    assert listed == held
    for file in held:
        assert (VENDOR / file).with_name("LICENSE").is_file(), f"{file} has no licence beside it"


def test_every_style_is_loaded_by_every_page() -> None:
    assert "static_url('css/desk.css')" in source("_head.html")
    listed = IMPORT.findall((STATIC / "css" / "desk.css").read_text())
    assert sorted([*listed, "desk.css"]) == [path.name for path in styles]


@every_style
def test_colours_are_written_in_the_tokens_only(path: Path) -> None:
    if path.name != "tokens.css":
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)\(", path.read_text())
        assert not found, f"{path.name} writes {found}"


@every_style
def test_a_style_shouts_nowhere_and_uses_known_tokens(path: Path) -> None:
    text = path.read_text()
    assert "!important" not in text
    known = set(re.findall(r"(--[\w-]+)\s*:", (STATIC / "css" / "tokens.css").read_text()))
    own = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= known | own


@every_style
def test_no_style_makes_each_change_of_a_page_cost_as_much_as_a_new_page(path: Path) -> None:
    """Browsers look at all elements again where a parent that may be anywhere decides on them."""
    text = path.read_text()
    from_anywhere = r":root:has\((?!> )"
    to_anything = r":has\([^{},]*\)\s*>\s*(?:\*|:(?!is|not))"
    assert not re.findall(f"{from_anywhere}|{to_anything}", text)


def test_every_module_is_reached_from_main() -> None:
    reached: set[str] = set()
    waiting = {"main.js"}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        text = (STATIC / "js" / name).read_text()
        waiting |= set(re.findall(r'(?:from |import |import\()"\./([^"]+)"', text)) - reached
    assert reached == {path.name for path in scripts}
