"""Templates whose words are translated as they are compiled, once for each language.

Jinja's own way asks gettext at every _("…") of every page, which would take milliseconds of a long
list. Here each language has an environment of its own, in which they are constants.
"""

from functools import cache
from typing import Any

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from dashboard.words import SOURCE, Catalogue, catalogue_of, gettext, ngettext, reader
from dashboard.words.catalogue import pieces

SAYS = ("_", "gettext")
COUNTS = "ngettext"


class PageTemplate(Template):
    """Jinja's own, which at each import looks whether that template was given other globals.

    Pages give none beside those of the environment; looking took a quarter of a long list's time.
    """

    def _get_default_module(self, ctx: Any = None) -> Any:
        """Give the module that holds the macros. (Where Jinja calls it otherwise, it looks.)"""
        return super()._get_default_module()


class PageEnvironment(Environment):
    """Flask's own, with the words of one language."""

    template_class = PageTemplate
    language = SOURCE

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        """Compile a template in which everything is said in this language; Jinja's hook for it."""
        said: nodes.Template = Translator(catalogue_of(self.language)).visit(source)
        return super()._generate(said, *args, **kwargs)


class Translator(NodeTransformer):
    """Replaces _("…"), ngettext("…", "…", number) and {% trans %} by what is said instead.

    As with Jinja's “newstyle” gettext, translations are HTML, and what is put into them is escaped.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802
        """Make words between tags part of the page itself, as if they had been written there."""
        self.generic_visit(node)
        node.nodes = [
            part
            for each in node.nodes
            for part in (
                each.nodes if isinstance(each, nodes.Concat) and _is_said(each) else [each]
            )
        ]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        """Replace a call of gettext whose message is written in the template."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        texts = [each.value for each in node.args if isinstance(each, nodes.Const)]
        values = {each.key: each.value for each in node.kwargs}
        if name in SAYS and texts:
            return _said(self.catalogue.says(texts[0]), values)
        if name == COUNTS and len(texts) >= 2:
            number = node.args[2]
            values.setdefault("num", nodes.Filter(number, "number", [], [], None, None))
            return self._counted(self.catalogue.each_form(texts[0], texts[1]), number, values)
        return node

    def _counted(
        self, forms: tuple[str, ...], number: nodes.Expr, values: dict[str, nodes.Expr]
    ) -> nodes.Expr:
        """Give the last form, unless the number takes one before it."""
        said = _said(forms[-1], values)
        language = nodes.Const(self.catalogue.language)
        for at in range(len(forms) - 2, -1, -1):
            form = nodes.Filter(number, "plural_form", [language], [], None, None)
            is_this = nodes.Compare(form, [nodes.Operand("eq", nodes.Const(at))])
            said = nodes.CondExpr(is_this, _said(forms[at], values), said)
        return said


def _said(text: str, values: dict[str, nodes.Expr]) -> nodes.Expr:
    """Give *text* with *values* in their places."""
    parts = [
        values[part] if at % 2 else nodes.MarkSafe(nodes.Const(part))
        for at, part in enumerate(pieces(text))
        if at % 2 or part
    ]
    return parts[0] if len(parts) == 1 and "%(" not in text else nodes.Concat(parts)


def _is_said(node: nodes.Concat) -> bool:
    return any(isinstance(part, nodes.MarkSafe) for part in node.nodes)


def init_app(app: Flask) -> None:
    """Give the templates gettext, its words, and how numbers take the forms of a message."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext, language=SOURCE)
    env.filters["plural_form"] = plural_form
    app.extensions["pages"] = cache(lambda language: _speaking(env, language))


def plural_form(number: int, language: str) -> int:
    """Give which form of a message *number* takes in *language*."""
    return catalogue_of(language).form(number)


def render(name: str, **context: Any) -> str:
    """Give the page or part *name* in the language of whoever reads, with the frame's context."""
    current_app.update_template_context(context)
    return render_bare(name, **context)


def render_bare(name: str, **context: Any) -> str:
    """Give the same with nothing but *context*: without the person and what is theirs."""
    env: Environment = current_app.extensions["pages"](reader().language)
    return env.get_template(name).render(context)


def _speaking(env: Environment, language: str) -> Environment:
    """Give *env* for English, or one beside it that shares all but the compiled templates."""
    if language == SOURCE:
        return env
    other = env.overlay()
    assert isinstance(other, PageEnvironment)
    other.language = language
    other.globals = {**env.globals, "language": language}
    other.bytecode_cache = None  # It knows templates by their names, whatever is said in them.
    return other
