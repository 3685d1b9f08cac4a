"""Which sentences there are to translate: Babel's extraction of the package, with our extractor for Python.

A sentence is marked by standing in `_("…")`, `N_("…")`, `said("…")` or `sentence("…")`, in templates and
scripts too; as one of the two forms in `counted(count, "…", "…")`; in a slip's `sentence`, `hint` and
`variants`; in what commands and options say of themselves in `cli/`. The name of an operation is one too,
its underscores read as blanks. Which files are read, and how, stands in `babel.cfg`; none is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

__all__ = ["KEYWORDS", "marked", "sentences"]

KEYWORDS = {"_": None, "N_": None, "sentence": None, "said": None}
"""The marks, as Babel takes them: the first argument of each is the sentence."""

_RECORDS = {"Operation", "TensorOperation"}
_SLIP_FIELDS = {"sentence", "hint"}
_PACKAGE = Path(__file__).resolve().parent.parent


def marked(package: Path = _PACKAGE) -> dict[str, list[str]]:
    """Return every marked sentence with the files in which it stands, in the order of the files.

    >>> marked(_PACKAGE / "locale")
    {}
    """
    with (_PACKAGE / "locale" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    each: dict[str, list[str]] = {}
    for place, _line, message, *_rest in extract_from_dir(package, methods, options, KEYWORDS):
        each.setdefault(place, []).append(message if isinstance(message, str) else message[0])
    found: dict[str, list[str]] = {}
    for place in sorted(each, key=lambda name: Path(name).parts):
        for text in each[place]:
            places = found.setdefault(text, [])
            if place not in places:
                places.append(place)
    return found


def sentences(
    file: IO[bytes], keywords: object, comment_tags: object, options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the sentences of a Python file, as Babel asks its extractors for them: line, mark, sentence.

    With the option `helps` what commands say of themselves belongs to them.

    >>> import io
    >>> list(sentences(io.BytesIO(b'say(_("a" if x else "b"))'), None, None, {}))
    [(1, '_', 'a', []), (1, '_', 'b', [])]
    """
    tree = ast.parse(file.read())
    of_command = options.get("helps") == "yes"
    if of_command:
        for text in _command_helps(tree):
            yield 1, "_", text, []
    for line, text in _in_calls(tree, of_command):
        yield line, "_", text, []


def _in_calls(tree: ast.Module, of_command: bool) -> Iterator[tuple[int, str]]:
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
        for text in _in_call(call, name, makers, of_command):
            yield call.lineno, text


def _in_call(call: ast.Call, name: str, makers: set[str], of_command: bool) -> Iterator[str]:
    if name in KEYWORDS and call.args:
        yield from _texts(call.args[0])
    elif name == "counted":
        for form in call.args[1:3]:
            yield from _texts(form)
    for keyword in call.keywords:
        of_option = of_command and keyword.arg == "help"
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
