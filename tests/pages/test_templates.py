"""Pages are made by templates: none is written in Python, what enters them is text, and all share one base."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jinja2
import pytest
from import_graph import parsed
from jinja2 import meta

import backprop_tutor as bt
from backprop_tutor.pages.filling import _environment, filled, pieces, resource
from backprop_tutor.pages.policy import STILL
from backprop_tutor.render.drawing.theme import THEMES

PACKAGE = Path(bt.__file__).parent
TEMPLATES = {
    path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.glob("**/templates/*.*"))
}
TAG = re.compile(
    r"</?(?:html|head|body|div|p|span|table|tr|td|th|ul|ol|li|h[1-6]|section|article|header|input|button"
    r"|iframe|script|details|summary|pre|code|main|label|form|meta|link)\b[^>]*>"
)
"""A tag of HTML; pictures are SVG and formulas MathML, which have tags of their own."""

SAFE = {
    "block": "JSON for a page's script, in which no text can end the block",
    "code": "a script of the package",
    "data": "JSON for a page's script, in which no text can end the block",
    "displayed(formula)": "MathML",
    "drawn.svg": "a picture",
    "each.svg": "a picture",
    "line": "MathML",
    "mathml(grid_latex(block), \"\")": "MathML",
    "mathml(part.latex, part.role)": "MathML",
    "mathml(term.latex, term.role)": "MathML",
    "picture": "a picture",
    "pictures[0]": "a picture",
    "policy": "a policy, made of hashes",
    "strip.svg": "a strip of a picture",
    "slides.frames": "JSON for a page's script, in which no text can end the block",
    "style": "a style of the package",
    "svg": "a picture",
    "told": "a document that another template wrote",
}
"""What the templates let through as markup, and why it is no text of a user's."""


def written_in_python(tree: ast.Module) -> list[str]:
    """Return where a module holds HTML in a string that is neither a docstring nor a pattern."""
    texts = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    patterns = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute) and node.func.attr in ("compile", "search", "sub")
        for argument in node.args for part in ast.walk(argument)
    }  # fmt: skip
    return [
        f"line {node.lineno}: {node.value[:40]!r}" for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and id(node) not in texts | patterns and TAG.search(node.value)
    ]  # fmt: skip


def test_no_page_is_written_in_python() -> None:
    """HTML stands in templates, which a designer can open; no module has a tag in a string."""
    found = {
        str(path.relative_to(PACKAGE)): written_in_python(parsed(path)) for path in PACKAGE.rglob("*.py")
        if TAG.search(path.read_text(encoding="utf-8"))
    }
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(("source", "told"), [
    ("a = f'<p>{x}</p>'", ["line 1: '<p>'", "line 1: '</p>'"]), ("a = '<td class=\"n\">'", ["line 1: '<td class=\"n\">'"]),
    ("'''Makes <p>x</p>.'''", []), ("re.compile('<p>')", []), ("a = '<math><mi>x</mi></math>'", []),
])  # fmt: skip
def test_a_page_in_python_is_found(source: str, told: list[str]) -> None:
    """Tags in strings are seen, f-strings included; words about them, patterns and MathML are none."""
    assert written_in_python(ast.parse(source)) == told


def test_what_is_let_through_as_markup_is_listed() -> None:
    """Only what this list names, with its reason, leaves a template unescaped; escaping is never off."""
    through = {
        found for text in TEMPLATES.values() for found in re.findall(r"\{\{ ([^{}]+?)\|safe \}\}", text)
    }
    assert sorted(through) == sorted(SAFE)
    whole = "".join(TEMPLATES.values())
    assert whole.count("|safe") == len(re.findall(r"\{\{ [^{}]+?\|safe \}\}", whole))
    assert not re.search(r"autoescape|Markup|\|\s+safe|\.\./", whole)


def test_every_page_has_the_one_base() -> None:
    """A template with a body extends the base, or one that does; the base alone has the page's frame."""
    parents = {
        name: next(iter(meta.find_referenced_templates(jinja2.Environment().parse(text))), None)
        for name, text in TEMPLATES.items()
    }
    framed = [name for name, text in TEMPLATES.items() if re.search(r"<(?:html|head|body)\b|<!DOCTYPE", text)]
    assert framed == ["pages/templates/base.html"]
    for name, parent in parents.items():
        assert ("{% block body %}" in TEMPLATES[name]) <= (parent is not None or name == framed[0]), name
        assert parent is None or parent in TEMPLATES, name


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\"onload='x'", "{{ 7*7 }}", "{% raw %}", "]]>"])
def test_what_enters_a_template_is_text(hostile: str) -> None:
    """Markup, quotation marks and a template's own signs leave it as they came, escaped."""
    page = filled("pages/templates/base.html", lang=hostile, title=hostile, policy=STILL, style="")
    assert hostile not in page or not re.search("[<>\"']", hostile)
    assert page.count(str(jinja2.filters.escape(hostile))) == 2
    assert "49" not in page


def test_a_fragment_has_the_pictures_colours() -> None:
    """The style of an explanation in a notebook writes out the themes' colours for numbers, light and dark."""
    light, dark = resource("render/narration/document.css").split("@media")
    for theme, style in (("light", light), ("dark", dark)):
        own = THEMES[theme]
        assert re.findall("#[0-9a-f]{6}", style) == [own.value, own.gradient, own.active]


def test_a_name_that_a_page_does_not_say_is_an_error() -> None:
    """A word that is missing is never shown as an empty place."""
    with pytest.raises(jinja2.UndefinedError, match="'title' is undefined"):
        filled("pages/templates/base.html", lang="en", policy=STILL, style="")


def test_what_was_typed_is_shown_plainly() -> None:
    """The filter `plain` shows one line without control characters, cut, and then it is escaped."""
    template = _environment().from_string("<td>{{ typed|plain(6) }}</td>")
    assert template.render(typed="a\n\x1b[2J<b>") == "<td>a �[2…</td>"
    assert template.render(typed="<b>") == "<td>&lt;b&gt;</td>"


def test_pieces_are_the_whole() -> None:
    """A page that is written piece by piece is the page; its rows are taken one after the other."""
    taken = []

    def rows() -> object:
        for number in range(1000):
            taken.append(number)
            yield [str(number)]

    parts = pieces("pages/templates/table.html", headers=["n"], rows=rows(), caption="")
    first = next(parts)
    assert first.startswith("<table>")
    assert len(taken) < 200
    whole = first + "".join(parts)
    assert whole == filled("pages/templates/table.html", headers=["n"], rows=[[str(n)] for n in range(1000)], caption="")
