"""Calls with a dot, `np.dot(X, W)`, `X.sum(axis=0)`: whose they are, and how the same is typed here.

Enters: a plain text and the place of a dot that belongs to no number. Leaves: the fault's message, hint and
place. What stands between the brackets is copied into the hint, never read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import quoted
from ..ops import DECIDED, FUNCTIONS
from ..ops.array_rows import ARRAY_NAMES
from ..sentences import N_, said, sentence
from .elsewhere import way_out
from .symbols import bare

__all__ = ["Dotted", "dotted"]


@dataclass(frozen=True, slots=True)
class Dotted:
    """The fault of a name with a dot, from `start` to `stop`; `stands_for` is read on with."""

    message: str
    hint: str
    start: int
    stop: int
    stands_for: str = ""


_MODULES = frozenset({
    "np", "numpy", "torch", "math", "F", "nn", "tf", "jnp", "jax", "keras", "scipy", "sp", "K",
})
"""What stands before a function's name in programs."""
_NEAR = 160
"""How many characters before a dot, or of a call, are looked at."""
_NAME = r"(?:⟨[A-Za-z]+⟩[A-Za-z0-9_]*|[A-Za-z_][A-Za-z0-9_]*)"
_BEFORE = re.compile(rf"(?<![A-Za-z0-9_⟩])((?:{_NAME}\.)*{_NAME})\s*\Z")
_AFTER = re.compile(r"\s*[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*")
_INDEX = re.compile(r"\[[^\[\]\n]{0,20}\]")
_SHOWN = 40
_ALONE = re.compile(rf"{_NAME}(?:\.T)?|\d+(?:\.\d+)?|{_NAME}\([^()]*\)")

_SAME = {
    "amax": "max", "amin": "min", "reduce_sum": "sum", "reduce_mean": "mean", "reduce_max": "max",
    "reduce_min": "min", "reduce_prod": "prod", "reduce_logsumexp": "logsumexp", "average": "mean",
    "concatenate": "concat", "cat": "concat", "absolute": "abs", "fabs": "abs", "inv": "inverse",
    "arctan": "atan", "nansum": "sum", "hstack": "concat",
}  # fmt: skip
"""Functions of other names with the same arguments."""
_FORMULAS = {
    **dict.fromkeys(("dot", "matmul", "mm", "bmm", "mv", "vdot", "inner"), (2, "{0} @ {1}")),
    **dict.fromkeys(("multiply", "mul"), (2, "{0} * {1}")), "add": (2, "{0} + {1}"),
    **dict.fromkeys(("subtract", "sub"), (2, "{0} - {1}")),
    **dict.fromkeys(("divide", "div", "true_divide"), (2, "{0} / {1}")),
    **dict.fromkeys(("power", "pow", "float_power"), (2, "{0}^{1}")), "square": (1, "{0}^2"),
    **dict.fromkeys(("negative", "neg"), (1, "-{0}")), "reciprocal": (1, "1/{0}"),
    **dict.fromkeys(("maximum", "fmax"), (2, "max({0}, {1})")),
    **dict.fromkeys(("minimum", "fmin"), (2, "min({0}, {1})")),
    **dict.fromkeys(("clip", "clamp", "clip_by_value"), (3, "min(max({0}, {1}), {2})")),
    **dict.fromkeys(("transpose", "t", "swapaxes", "matrix_transpose"), (1, "{0}.T")),
    **dict.fromkeys(("flatten", "ravel"), (1, "reshape({0}, -1)")),
}  # fmt: skip
"""What is a formula here: how many arguments it takes, and how it is typed."""
_OPTIONS = {"dim": "axis", "keepdim": "keepdims", "keep_dims": "keepdims", "ord": "p"}
_VALUES = frozenset({
    "array", "asarray", "tensor", "constant", "zeros", "ones", "eye", "identity", "full", "randn",
    "zeros_like", "ones_like", "arange", "linspace",
})
_SIZES = frozenset({"shape", "size", "ndim", "len", "numel"})
_REDUCED = frozenset({"sum", "mean", "max", "min", "prod"})
_CONSTANTS = {"pi": "pi", "e": "e"}
_GIVEN = N_("values are given beside the program: X=[[1, 2], [3, 4]]")
_WRITTEN_OUT = N_("write the number itself; a mean is mean( … )")


def dotted(text: str, position: int) -> Dotted | None:
    """Return the fault of the dot at `position`, or None where it is no call that programs write.

    >>> found = dotted("L = sum(np.dot(X, W))", 10)
    >>> found.message, found.hint, (found.start, found.stop)
    ('`np.dot` is a function of a module; here it stands without the module', 'write `X @ W`', (8, 14))
    >>> dotted("X.mean(dim=1)", 1).hint, dotted("x.__class__", 1)
    ('write `mean(X, axis=1)`', None)
    """
    after = _AFTER.match(text, position + 1, position + 1 + _NEAR)
    if after is None:
        return None
    lowest = max(0, position - _NEAR)
    before = _BEFORE.search(text[lowest:position])
    closing = None if before else _owner(text, position)
    if before is None and closing is None:
        return None
    names = after.group().strip().split(".")
    if before and before[1].split(".")[0] in _MODULES:
        return _of_module(text, before[1].split("."), names, lowest + before.start(1), after.end())
    start, owner = (lowest + before.start(1), before[1]) if before else closing or (position, "")
    return _of_array(text, start, owner, names[0], text.index(names[0], position) + len(names[0]))


def _of_module(text: str, owners: list[str], names: list[str], start: int, stop: int) -> Dotted:
    *_, name = names
    whole = ".".join((*owners, *names))
    given = _arguments(text, stop)
    if name in _CONSTANTS and given is None:
        hint = said("write {formula}", formula=quoted(_CONSTANTS[name]))
        message = said("{name} is a constant of a module; here it stands without the module",
                       name=quoted(whole))  # fmt: skip
        return Dotted(message, hint, start, stop)
    message = said("{name} is a function of a module; here it stands without the module",
                   name=quoted(whole))  # fmt: skip
    written = _written(name, given)
    hint = said("write {formula}", formula=quoted(written)) if written else _remedy(name)
    if not written and name not in _VALUES:
        message = said("{name} is a function of a module, and there is none of that name here",
                       name=quoted(whole))  # fmt: skip
    return Dotted(message, hint, start, stop, "" if given is None else _function(name) or "sum")


def _of_array(text: str, start: int, owner: str, name: str, stop: int) -> Dotted | None:
    given = _arguments(text, stop)
    if name.startswith("_") or owner.endswith("_"):
        return None
    whole = bare(" ".join(text[start:stop].split()))
    shown_owner = quoted(whole if len(whole) < _SHOWN else f"( … ).{name}")
    if given is None:
        if name not in _SIZES:
            return None
        index = _INDEX.match(text, stop)
        return Dotted(said("{name} is an attribute, and names have none here", name=shown_owner),
                      sentence(_WRITTEN_OUT), start, index.end() if index else stop)  # fmt: skip
    arguments = [owner, *given]
    written = _written(name, None if "." in owner.replace(".T", "") else arguments)
    hint = said("write {formula}", formula=quoted(written)) if written else _remedy(name)
    message = said("{name} is a method; functions stand here before what they take", name=shown_owner)
    if not written:
        message = said("{name} is a method, and there is no function of that name here", name=shown_owner)
    return Dotted(message, hint, start, stop)


def _remedy(name: str) -> str:
    if name in _VALUES:
        return sentence(_GIVEN)
    return sentence(_WRITTEN_OUT) if name in _SIZES else way_out(name)


def _function(name: str) -> str:
    """Return what a function is called here, or nothing."""
    for each in (name, name.casefold(), name.replace("_", "").casefold()):
        each = _SAME.get(each, each)
        if each in FUNCTIONS or each in ARRAY_NAMES or each in DECIDED:
            return each
    return ""


def _written(name: str, given: list[str] | None) -> str:
    """Return a call as it is typed here, or nothing; `given` is None where the arguments were not found."""
    formula = _FORMULAS.get(name)
    if formula is not None and given is not None and (len(given) == formula[0] or name == "transpose"):
        laid = [each if _ALONE.fullmatch(each) or f"({{{i}}}" in formula[1] or f", {{{i}}}" in formula[1]
                else f"({each})" for i, each in enumerate(given)]  # fmt: skip
        return bare(formula[1].format(*laid))
    if formula is not None and not _function(name):
        return formula[1].format("A", "B", "C")
    called = _function(name)
    if not called:
        return ""
    if formula is not None or not given:
        return f"{called}(…)"
    inner = []
    for each in given:
        option, sign, value = each.partition("=")
        renamed = _OPTIONS.get(option.strip(), option.strip())
        inner.append(f"{renamed}={value.strip()}" if sign and option.strip().isidentifier() else each)
    if len(inner) == 2 and called in _REDUCED and inner[1].lstrip("-").isdigit():
        inner[1] = f"axis={inner[1]}"
    return bare(f"{called}({', '.join(inner)})")


def _arguments(text: str, position: int) -> list[str] | None:
    """Return what stands between the brackets at `position`, part by part.

    None where no bracket stands there; no parts where it does not end near.
    """
    if text[position : position + 1] != "(":
        return None
    parts, depth, begun = [], 0, position + 1
    for i in range(position, min(len(text), position + _NEAR)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
        if depth == 0 or (depth == 1 and text[i] == ","):
            parts.append(text[begun:i].strip())
            begun = i + 1
        if depth == 0:
            return [each for each in parts if each]
        if text[i] in "\n;":
            break
    return []


def _owner(text: str, position: int) -> tuple[int, str] | None:
    """Return where the brackets before a dot begin, with their function's name, and what stands in them."""
    stop = len(text[:position].rstrip())
    if text[stop - 1 : stop] != ")":
        return None
    depth = 0
    for i in range(stop - 1, max(-1, stop - _NEAR), -1):
        if text[i] in ")]}":
            depth += 1
        elif text[i] in "([{":
            depth -= 1
        if depth == 0:
            called = _BEFORE.search(text[max(0, i - _NEAR) : i])
            if called and not text[i - 1].isspace():
                return i - len(called[1]), text[i - len(called[1]) : stop]
            return i, text[i + 1 : stop - 1].strip()
    return None
