"""Which sentences there are to translate: found in the source by reading it, never by running it.

A sentence is marked by standing in `_("…")`, `N_("…")`, `said("…")` or `sentence("…")`; as one of the two
forms in `counted(count, "…", "…")`; in a slip's
`sentence`, `hint` and `variants`; in what commands and options say of themselves in `cli/`. The name of
an operation is one too, its underscores read as blanks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

__all__ = ["marked"]

_MARKS = {"_", "N_", "sentence", "said"}
_RECORDS = {"Operation", "TensorOperation"}
_SLIP_FIELDS = {"sentence", "hint"}
_PACKAGE = Path(__file__).resolve().parent.parent


def marked(package: Path = _PACKAGE) -> dict[str, list[str]]:
    """Return every marked sentence with the files in which it stands, in the order of the files.

    >>> marked(_PACKAGE / "locale")
    {}
    """
    found: dict[str, list[str]] = {}
    for path in sorted([*package.rglob("*.py"), *package.glob("**/templates/*.html")]):
        place = path.relative_to(package).as_posix()
        for text in _in_template(path) if path.suffix == ".html" else _in_file(path, place):
            places = found.setdefault(text, [])
            if place not in places:
                places.append(place)
    return found


def _in_template(path: Path) -> Iterator[str]:
    tree = Environment().parse(path.read_text(encoding="utf-8"))
    for _line, _function, message in extract_from_ast(tree, tuple(_MARKS)):
        if isinstance(message, str):
            yield message


def _in_file(path: Path, place: str) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if place.startswith("cli/"):
        yield from _command_helps(tree)
    nodes = list(ast.walk(tree))
    makers = {
        node.name for node in nodes
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name)
        and node.returns.id in _RECORDS
    }
    calls = sorted(
        (node for node in nodes if isinstance(node, ast.Call)),
        key=lambda call: (call.lineno, call.col_offset),
    )
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in _MARKS and call.args:
            yield from _texts(call.args[0])
        elif name == "counted":
            for form in call.args[1:3]:
                yield from _texts(form)
        for keyword in call.keywords:
            of_option = place.startswith("cli/") and keyword.arg == "help"
            if of_option or (name == "Slip" and keyword.arg in _SLIP_FIELDS):
                yield from _texts(keyword.value)
            elif name == "Slip" and keyword.arg == "variants":
                for inner in ast.walk(keyword.value):
                    if isinstance(inner, ast.Dict):
                        for value in inner.values:
                            yield from _texts(value)
            elif name in _RECORDS and keyword.arg == "name":
                yield from (text.replace("_", " ") for text in _texts(keyword.value))
        # Operations that a function makes take their name first.
        if name in makers and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value.replace("_", " ")


def _command_helps(tree: ast.Module) -> Iterator[str]:
    """Yield what the commands of a file say of themselves on their help pages."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(part, ast.Attribute) and part.attr in ("command", "group")
            for decorator in function.decorator_list
            for part in ast.walk(decorator)
        ):
            text = ast.get_docstring(function)
            if text:
                yield text


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
