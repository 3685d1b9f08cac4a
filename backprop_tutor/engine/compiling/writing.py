"""Writing the program: one line a call, from generated names alone, and the function made of the lines.

This is the only place of the package where text becomes code. The text is built from the names of
`FORMS`, of the kernel's functions and of generated letters with numbers; what a user typed (names of
attributes, messages, keys) stands in the namespace as objects and in the comments that are shown, never in
what is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from .arranging import Arrangement
from .kernel import FUNCTIONS
from .stores import BLOCK, blocks
from .values import FORMS, Value, less_at

__all__ = ["Lines", "compiled", "statements"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Lines:
    """Lines of a program, each with the comment that a reader sees beside it, and the objects they name."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.namespace: dict[str, Any] = {}
        self.hoisted: list[tuple[str, Callable[[dict[str, Any]], Any]]] = []
        self._objects: dict[int, str] = {}

    def add(self, code: str, about: str = "") -> None:
        """Add a line."""
        self.lines.append((code, about))

    def object(self, held: Any, letter: str = "o") -> str:
        """Return a generated name for an object."""
        found = self._objects.get(id(held))
        if found is None:
            found = self._objects[id(held)] = f"{letter}{len(self._objects)}"
            self.namespace[found] = held
        return found

    def source(self, name: str, arguments: list[str]) -> str:
        """Return the program as it is read: with what each line belongs to."""
        width = min(64, max((len(code) for code, about in self.lines if about), default=0))
        body = [f"    {code:<{width}}  # {about}" if about else f"    {code}" for code, about in self.lines]
        return "\n".join([f"def {name}({', '.join(arguments)}):", *body, ""])


def statements(lines: Lines, plan: Arrangement, after: dict[Value, list[str]]) -> None:
    """Write the calls of a plan; `after` are lines to follow a value's."""
    in_blocks = {run[0]: run for run in plan.runs()}
    done = {v for run in in_blocks.values() for v in run}
    for run in in_blocks.values():
        plan.pass_through(run)
    lines.namespace.update(plan.arrays)
    for v in plan.order:
        if v in in_blocks:
            _in_blocks(lines, in_blocks[v], plan)
        if v in done or v.op == "gathered":
            continue
        name = plan.names[v]
        operands = [plan.names[a] for a in v.args]
        view = v.op in FORMS and FORMS[v.op].kind == "view"
        if view and v.args[0] in plan.fixed:
            lines.hoisted.append((name, _view(v, operands[0])))
        else:
            lines.add(_statement(lines, v, name, operands, plan), _comment(v))
        for line in after.get(v, ()):
            lines.add(line)


def _in_blocks(lines: Lines, run: list[Value], plan: Arrangement) -> None:
    """Write calls on long stretches as a loop over pieces that stay in the cache."""
    names = list(dict.fromkeys(
        plan.names[each] for v in run for each in (v, *v.args) if each.shape == v.shape))
    here = {name: f"b{i}" for i, name in enumerate(names)}
    loop = f"q{run[0].number}"
    passing = [plan.arrays[name].size < run[0].array.size for name in names]
    lines.hoisted.append((loop, lambda space: blocks([space[name] for name in names], passing)))
    lines.add(f"for {', '.join(here.values())}, in {loop}:", f"{BLOCK} entries at a time")
    for v in run:
        name, operands = (plan.names[v], [plan.names[a] for a in v.args])
        code = _statement(lines, v, here[name], [here.get(each, each) for each in operands], plan)
        lines.add(f"    {code}", _comment(v))


def _comment(v: Value) -> str:
    return f"{v.about}  {'×'.join(map(str, v.shape)) or 'number'}" if v.about else ""


def _view(v: Value, base: str) -> Callable[[dict[str, Any]], Any]:
    form, options = FORMS[v.op], v.options
    return lambda namespace: form.value(namespace[base], **options)


def _statement(lines: Lines, v: Value, name: str, operands: list[str], plan: Arrangement) -> str:
    if v.op == "draw":
        return f"{name} = draw({int(v.array.size)})"
    if v.op == "call":
        return f"{name} = {_called(lines, v, plan)}"
    op = v.op.removesuffix("_fresh")
    form = FORMS[op]
    options = {key: _written(lines, value) for key, value in v.options.items()}
    text = form.text.format(*operands, out=name, **options)
    function = text.split("(")[0]
    if _NAME.match(function):
        lines.namespace[function] = _function(function)
    return f"{name} = {text}" if form.kind in ("view", "fresh") else text


def _function(name: str) -> Any:
    if name == "less_at":
        return less_at
    if name.endswith("_reduce"):
        return getattr(np, name.removesuffix("_reduce")).reduce
    return getattr(np, name)


def _written(lines: Lines, value: Any) -> str:
    if value is None or isinstance(value, (bool, int)):
        return repr(value)
    if isinstance(value, tuple) and all(isinstance(each, int) for each in value):
        return repr(value)
    return lines.object(value)


def _called(lines: Lines, v: Value, plan: Arrangement) -> str:
    """Write a call of one of the kernel's functions by its name."""
    word = v.options["name"]
    assert _NAME.match(word)
    lines.namespace[f"k_{word}"] = FUNCTIONS.get(word) or getattr(RAW, word)
    given = [_argument(lines, each, plan) for each in v.options["args"]]
    for key, each in v.options["options"].items():
        assert _NAME.match(key)
        given.append(f"{key}={_argument(lines, each, plan)}")
    return f"asarray(k_{word}({', '.join(given)}))"


def _argument(lines: Lines, each: Any, plan: Arrangement) -> str:
    if isinstance(each, Value):
        return plan.names[each]
    if isinstance(each, (tuple, list)) and any(isinstance(part, Value) for part in each):
        listed = ", ".join(_argument(lines, part, plan) for part in each)
        return f"[{listed}]" if isinstance(each, list) else f"({listed},)"
    return _written(lines, each)


def compiled(lines: Lines, arguments: list[str]) -> Callable[..., Any]:
    """Return the function that the lines make."""
    body = "\n".join(f"    {code}" for code, _ in lines.lines)
    text = f"def program({', '.join(arguments)}):\n{body}\n"
    lines.namespace["asarray"] = np.asarray
    lines.namespace["copyto"] = np.copyto
    exec(compile(text, "<compiled step>", "exec"), lines.namespace)  # noqa: S102  # generated names alone
    program: Callable[..., Any] = lines.namespace["program"]
    return program
