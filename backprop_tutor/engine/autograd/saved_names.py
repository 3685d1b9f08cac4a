"""The names under which a node shows what it saved: `y.grad_fn._saved_result`.

One table: for a node, the names of what its rule saves, in order.
"""

from __future__ import annotations

from typing import Any

from ..tape import Node, saved_tensors

__all__ = ["saved_value"]

_UNARY = ("self", "result")
_BINARY = ("self", "other", "result")
_NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("Exp", "Log", "Log2", "Log10", "Log1P", "Sin", "Cos", "Tan", "Tanh", "Sigmoid", "Sqrt",
         "Rsqrt", "Reciprocal", "Abs", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Expm1", "Exp2", "Erf"),
        _UNARY,
    ),
    "Mul": _BINARY, "Div": _BINARY, "Mm": ("self", "mat2"), "Mv": ("self", "vec"),
    "Dot": ("self", "tensor"), "Bmm": ("self", "mat2"), "Addmm": ("mat1", "mat2"),
}
_EXACT = {"PowBackward0": ("self",), "PowBackward1": ("self", "exponent", "result")}


def saved_value(node: Node, name: str) -> Any:
    """Return what a node saved under a name.

    Raises:
        AttributeError: it saves nothing of that name.
        RuntimeError: it was freed, or written to since.
    """
    kind = type(node).__name__
    wanted = name.removeprefix("_saved_")
    if kind == "PowBackward0" and wanted == "exponent":
        return node.options
    names = _EXACT.get(kind) or _NAMES.get(kind.partition("Backward")[0], ())
    if wanted not in names:
        raise AttributeError(f"'{kind}' object has no attribute '{name}'")
    found = saved_tensors(node)
    place = names.index(wanted)
    return found[place] if place < len(found) else None
