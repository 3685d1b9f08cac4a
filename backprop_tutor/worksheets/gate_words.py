"""What each gate of a sheet does, in words: `½se: half the squared error, ½·(prediction − target)²`.

Enters: a graph. Leaves: the signs that its operations have in pictures and in the program, each with its
meaning, in the order in which they come. An operation without a row here is told by its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..graph import Graph
from ..matrices.array_graph import ArrayGraph
from ..ops import OPS
from ..ops.array_rows import PREFIX
from ..ops.tensors import TENSOR_OPS
from ..render.drawing.circuit import gate_sign
from ..sentences import N_, sentence

__all__ = ["MEANINGS", "explained_gates"]

MEANINGS = {
    "identity": N_("the same number"),
    "add": N_("the sum"),
    "subtract": N_("the difference"),
    "multiply": N_("the product"),
    "divide": N_("the quotient"),
    "negate": N_("times −1"),
    "power": N_("the power"),
    "square": N_("the square"),
    "sqrt": N_("the square root"),
    "rsqrt": N_("one over the square root"),
    "cbrt": N_("the cube root"),
    "reciprocal": N_("one over the number"),
    "abs": N_("the absolute value"),
    "sign": N_("the sign: −1, 0 or 1"),
    "step": N_("1 where it is positive, else 0"),
    "max": N_("the largest"),
    "min": N_("the smallest"),
    "exp": N_("the exponential, eˣ"),
    "exp2": N_("2 to the power of it"),
    "expm1": N_("the exponential minus 1, eˣ − 1"),
    "log": N_("the natural logarithm"),
    "log1p": N_("the natural logarithm of 1 + x"),
    "log2": N_("the logarithm to base 2"),
    "log10": N_("the logarithm to base 10"),
    "log_base": N_("the logarithm to a base"),
    "sin": N_("the sine"),
    "cos": N_("the cosine"),
    "tan": N_("the tangent"),
    "sec": N_("the secant, 1/cos x"),
    "csc": N_("the cosecant, 1/sin x"),
    "cot": N_("the cotangent, 1/tan x"),
    "asin": N_("the arcsine"),
    "acos": N_("the arccosine"),
    "atan": N_("the arctangent"),
    "sinh": N_("the hyperbolic sine"),
    "cosh": N_("the hyperbolic cosine"),
    "tanh": N_("the hyperbolic tangent"),
    "asinh": N_("the inverse hyperbolic sine"),
    "acosh": N_("the inverse hyperbolic cosine"),
    "atanh": N_("the inverse hyperbolic tangent"),
    "erf": N_("the error function"),
    "sigmoid": N_("the sigmoid, 1/(1 + e⁻ˣ)"),
    "logsigmoid": N_("the logarithm of the sigmoid, ln σ(x)"),
    "relu": N_("the number where it is positive, else 0"),
    "relu6": N_("relu, 6 at most"),
    "leaky_relu": N_("the number where it is positive, else a small part of it"),
    "elu": N_("the number where it is positive, else α·(eˣ − 1)"),
    "selu": N_("elu times a fixed scale"),
    "celu": N_("the number where it is positive, else α·(e^(x/α) − 1)"),
    "softplus": N_("ln(1 + eˣ)"),
    "softsign": N_("x/(1 + |x|)"),
    "silu": N_("x·σ(x)"),
    "gelu": N_("x times the share of the normal distribution below x"),
    "mish": N_("x·tanh(ln(1 + eˣ))"),
    "hardtanh": N_("the number, kept between −1 and 1"),
    "hardsigmoid": N_("x/6 + ½, kept between 0 and 1"),
    "sum": N_("the sum of all"),
    "mean": N_("the mean of all"),
    "norm": N_("the root of the sum of squares"),
    "logsumexp": N_("the logarithm of the sum of exponentials"),
    "softmax": N_("the softmax: eˣ over the sum of all eˣ"),
    "squared_error": N_("the squared error, (prediction − target)²"),
    "half_squared_error": N_("half the squared error, ½·(prediction − target)²"),
    "mean_squared_error": N_("the mean of the squared errors, (prediction − target)²"),
    "binary_cross_entropy": N_("the binary cross-entropy, −t·ln p − (1 − t)·ln(1 − p)"),
    "cross_entropy": N_("the cross-entropy: minus the logarithm of the share given to the right class"),
    "matmul": N_("the product of matrices: rows times columns"),
    "transpose": N_("rows and columns change places"),
}
"""By the operation's name; `sign: meaning` stands under a picture."""

_ARRAY_SIGNS = {"matmul": "@", "transpose": "ᵀ", "cross_entropy": "ce", "mean_squared_error": "mse"}
_UNSEEN = frozenset({"expand", "reshape", "identity"})
"""What a program over arrays does without a sign."""


def explained_gates(graph: Graph | ArrayGraph) -> tuple[str, ...]:
    """Return `sign: meaning` of every kind of gate, each once, in the order of the graph."""
    found = _of_arrays(graph) if isinstance(graph, ArrayGraph) else _of_numbers(graph)
    return tuple(dict.fromkeys(f"{sign}: {meaning}" for sign, meaning in found))


def _of_numbers(graph: Graph) -> Iterator[tuple[str, str]]:
    for place, node in enumerate(graph.nodes):
        if node.kind == "operation":
            sign = gate_sign(graph, place)
            typed = OPS[node.op].spelled[:1]
            called = f"{sign} ({typed[0]})" if node.op in _TOLD and typed else sign
            yield called, _meaning(node.op)


_TOLD = frozenset({"half_squared_error", "softplus", "softsign", "leaky_relu", "hardtanh", "hardsigmoid",
                   "softmax", "logsumexp", "logsigmoid", "log1p", "expm1", "rsqrt", "norm"})  # fmt: skip
"""Gates whose sign is another than the name by which a program calls them."""


def _of_arrays(graph: ArrayGraph) -> Iterator[tuple[str, str]]:
    for node in graph.nodes:
        name = node.op.removeprefix(PREFIX)
        if node.kind == "operation" and name not in _UNSEEN:
            row = OPS.get(name)
            sign = _ARRAY_SIGNS.get(name) or (row.sign if row is not None else name.replace("_", " "))
            yield sign, _meaning(name)


_ALIKE = {"mse": "mean_squared_error", "bce": "binary_cross_entropy"}
"""The rows of single numbers that say what an operation on arrays means."""


def _meaning(name: str) -> str:
    record = TENSOR_OPS.get(name)
    rule = name.replace("_", " ") if record is None else record.rule
    return sentence(MEANINGS.get(_ALIKE.get(name, name)) or rule)
