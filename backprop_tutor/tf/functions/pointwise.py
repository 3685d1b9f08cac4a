"""Functions of every element, one record each: names, operation, the engine's function, dtypes.

A value given as numbers becomes a tensor first; a dtype that the operation does not take is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ... import engine as torch
from ..converting import dtype_of
from ..errors import InvalidArgumentError
from ..pairs import pair
from ..recording import Value, run
from ..tensors import power, quotient
from .making import tensor

__all__ = ["ONE", "TWO", "One", "Two", "clip_by_norm", "clip_by_value", "of_kind", "of_one", "of_two"]

F = torch.nn.functional
_TAKEN = {
    "fractions": ("float32", "float64"),
    "numbers": ("float32", "float64", "int32", "int64", "uint8"),
    "truths": ("bool",),
    "all": ("float32", "float64", "int32", "int64", "uint8", "bool"),
}


@dataclass(frozen=True, slots=True)
class One:
    """A function of one value: its names with their rooms, and how it is computed."""

    names: str
    op: str
    function: Callable[[Any], Any]
    takes: str
    does: str


@dataclass(frozen=True, slots=True)
class Two:
    """A function of two values that broadcast."""

    names: str
    op: str
    function: Callable[[Any, Any], Any]
    takes: str
    does: str


def of_kind(op: str, x: Value, takes: str) -> None:
    """Refuse a dtype that the operation does not take.

    Raises:
        InvalidArgumentError: such a dtype.
    """
    found = dtype_of(x.raw)
    if found.name not in _TAKEN[takes]:
        raise InvalidArgumentError(
            f"Value for attr 'T' of {found.said} is not in the list of allowed values: "
            f"{', '.join(_TAKEN[takes])} [Op:{op}]"
        )


def _larger(x: Any, y: Any) -> Any:
    return torch.where((x >= y) | torch.isnan(x), x, y)


def _smaller(x: Any, y: Any) -> Any:
    return torch.where((x <= y) | torch.isnan(x), x, y)


def _squared_difference(x: Any, y: Any) -> Any:
    return torch.square(x - y)


def _quotient_or_zero(x: Any, y: Any) -> Any:
    none = y == 0
    return torch.where(none, torch.zeros_like(x / y), x / torch.where(none, torch.ones_like(y), y))


ONE = (
    One("abs math.abs", "Abs", torch.abs, "numbers", "the distance from 0"),
    One("acos math.acos", "Acos", torch.acos, "fractions", "the angle whose cosine it is"),
    One("acosh math.acosh", "Acosh", torch.acosh, "fractions", "the inverse of cosh"),
    One("asin math.asin", "Asin", torch.asin, "fractions", "the angle whose sine it is"),
    One("asinh math.asinh", "Asinh", torch.asinh, "fractions", "the inverse of sinh"),
    One("atan math.atan", "Atan", torch.atan, "fractions", "the angle whose tangent it is"),
    One("atanh math.atanh", "Atanh", torch.atanh, "fractions", "the inverse of tanh"),
    One("math.ceil", "Ceil", torch.ceil, "fractions", "the next whole number above"),
    One("cos math.cos", "Cos", torch.cos, "fractions", "the cosine"),
    One("cosh math.cosh", "Cosh", torch.cosh, "fractions", "the hyperbolic cosine"),
    One("math.erf", "Erf", torch.erf, "fractions", "the error function"),
    One("exp math.exp", "Exp", torch.exp, "fractions", "e to its power"),
    One("math.expm1", "Expm1", torch.expm1, "fractions", "e to its power, less 1"),
    One("floor math.floor", "Floor", torch.floor, "fractions", "the next whole number below"),
    One("math.is_finite", "IsFinite", torch.isfinite, "fractions", "whether it is finite"),
    One("math.is_inf", "IsInf", torch.isinf, "fractions", "whether it is infinite"),
    One("math.is_nan", "IsNan", torch.isnan, "fractions", "whether it is no number"),
    One("math.log", "Log", torch.log, "fractions", "the natural logarithm"),
    One("math.log1p", "Log1p", torch.log1p, "fractions", "the natural logarithm of 1 more"),
    One("math.log_sigmoid", "LogSigmoid", F.logsigmoid, "fractions", "the logarithm of the sigmoid"),
    One("logical_not math.logical_not", "LogicalNot", torch.logical_not, "truths", "the opposite"),
    One("negative math.negative", "Neg", torch.neg, "numbers", "the same with the other sign"),
    One("math.reciprocal", "Reciprocal", torch.reciprocal, "fractions", "1 divided by it"),
    One("round math.round", "Round", torch.round, "fractions", "the nearest whole number, halves to even"),
    One("math.rsqrt", "Rsqrt", torch.rsqrt, "fractions", "1 divided by the square root"),
    One("sigmoid math.sigmoid nn.sigmoid", "Sigmoid", torch.sigmoid, "fractions", "1/(1 + exp(−x))"),
    One("sign math.sign", "Sign", torch.sign, "numbers", "−1, 0 or 1"),
    One("sin math.sin", "Sin", torch.sin, "fractions", "the sine"),
    One("sinh math.sinh", "Sinh", torch.sinh, "fractions", "the hyperbolic sine"),
    One("math.softplus nn.softplus", "Softplus", F.softplus, "fractions", "ln(1 + exp(x))"),
    One("sqrt math.sqrt", "Sqrt", torch.sqrt, "fractions", "the square root"),
    One("square math.square", "Square", torch.square, "numbers", "the square"),
    One("tan math.tan", "Tan", torch.tan, "fractions", "the tangent"),
    One("tanh math.tanh nn.tanh", "Tanh", torch.tanh, "fractions", "the hyperbolic tangent"),
    One("nn.relu", "Relu", torch.relu, "numbers", "max(0, x)"),
    One("nn.relu6", "Relu6", lambda x: torch.clamp(x, 0, 6), "numbers", "min(max(0, x), 6)"),
    One("nn.elu", "Elu", F.elu, "fractions", "x, or exp(x) − 1 below 0"),
    One("nn.selu", "Selu", F.selu, "fractions", "the scaled elu"),
    One("nn.softsign", "Softsign", lambda x: x / (1 + x.abs()), "fractions", "x/(1 + |x|)"),
    One("nn.silu nn.swish", "Silu", F.silu, "fractions", "x·sigmoid(x)"),
)
"""The functions of one value."""

TWO = (
    Two("add math.add", "AddV2", torch.add, "numbers", "the sum"),
    Two("subtract math.subtract", "Sub", torch.sub, "numbers", "the difference"),
    Two("multiply math.multiply", "Mul", torch.mul, "numbers", "the product, element by element"),
    Two("divide math.divide truediv math.truediv", "RealDiv", quotient, "numbers", "the quotient"),
    Two("math.divide_no_nan", "DivNoNan", _quotient_or_zero, "fractions", "the quotient, 0 where y is 0"),
    Two("math.floordiv", "FloorDiv", torch.floor_divide, "numbers", "the quotient, rounded down"),
    Two("math.floormod math.mod", "FloorMod", torch.remainder, "numbers", "what division leaves"),
    Two("pow math.pow", "Pow", power, "numbers", "x to the power of y"),
    Two("maximum math.maximum", "Maximum", _larger, "numbers", "the larger one; of equals the first"),
    Two("minimum math.minimum", "Minimum", _smaller, "numbers", "the smaller one; of equals the first"),
    Two(
        "atan2 math.atan2", "Atan2", lambda y, x: _angle(y, x), "fractions", "the angle of the point "
        "(x, y)"
    ),
    Two("math.squared_difference", "SquaredDifference", _squared_difference, "numbers", "(x − y)²"),
    Two("equal math.equal", "Equal", torch.eq, "all", "whether they are equal"),
    Two("not_equal math.not_equal", "NotEqual", torch.ne, "all", "whether they differ"),
    Two("less math.less", "Less", torch.lt, "numbers", "whether x is below y"),
    Two("less_equal math.less_equal", "LessEqual", torch.le, "numbers", "whether x is y or below"),
    Two("greater math.greater", "Greater", torch.gt, "numbers", "whether x is above y"),
    Two("greater_equal math.greater_equal", "GreaterEqual", torch.ge, "numbers", "whether x is y or above"),
    Two("logical_and math.logical_and", "LogicalAnd", torch.logical_and, "truths", "whether both are true"),
    Two("logical_or math.logical_or", "LogicalOr", torch.logical_or, "truths", "whether one is true"),
    Two("math.logical_xor", "LogicalXor", torch.logical_xor, "truths", "whether just one is true"),
)
"""The functions of two values."""


def _angle(y: Any, x: Any) -> Any:
    """Return the angle of the point (x, y) from −π to π; its slopes are those of arctan(y/x)."""
    plain = torch.atan(y / x)
    turned = torch.where(y >= 0, torch.pi * torch.ones_like(y), -torch.pi * torch.ones_like(y))
    return torch.where(x < 0, plain + turned, plain)


def of_one(row: One) -> Callable[..., Any]:
    """Return the function of a record."""

    def function(x: Any, name: str | None = None) -> Any:
        value = tensor(x)
        of_kind(row.op, value, row.takes)
        return run(row.function, value)

    function.__name__ = function.__qualname__ = row.names.split()[0].rpartition(".")[2]
    function.__doc__ = f"Return {row.does}, of each element."
    return function


def of_two(row: Two) -> Callable[..., Any]:
    """Return the function of a record; the first operand's dtype, or the only tensor's, is the second's."""

    def function(x: Any, y: Any, name: str | None = None) -> Any:
        swapped = isinstance(y, Value) and not isinstance(x, Value)
        value, other = (y, x) if swapped else (tensor(x), y)
        of_kind(row.op, value, row.takes)
        return pair(row.op, row.function, value, other, swapped)

    function.__name__ = function.__qualname__ = row.names.split()[0].rpartition(".")[2]
    function.__doc__ = f"Return {row.does}."
    return function


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Return the values held between two bounds; beyond them the gradient is 0."""
    value = tensor(t)
    of_kind("ClipByValue", value, "numbers")
    low = pair("Maximum", torch.maximum, value, clip_value_min) if _varies(clip_value_min) else None
    if low is not None or _varies(clip_value_max):
        held = low if low is not None else run(lambda raw: torch.clamp(raw, min=clip_value_min), value)
        return pair("Minimum", torch.minimum, held, clip_value_max)
    return run(lambda raw: torch.clamp(raw, clip_value_min, clip_value_max), value)


def clip_by_norm(t: Any, clip_norm: float, axes: Any = None, name: str | None = None) -> Any:
    """Return the values scaled down so that their Euclidean norm is at most `clip_norm`."""
    value = tensor(t)
    of_kind("ClipByNorm", value, "fractions")

    def clipped(raw: Any) -> Any:
        dims = (
            tuple(range(raw.ndim))
            if axes is None
            else tuple(axes)
            if hasattr(axes, "__iter__")
            else (axes,)
        )
        total = torch.sum(torch.square(raw), dims, True) if raw.ndim else torch.square(raw)
        some = total > 0
        length = torch.where(some, torch.sqrt(torch.where(some, total, torch.ones_like(total))), total)
        return raw * clip_norm / torch.clamp(length, min=clip_norm)

    return run(clipped, value)


def _varies(bound: Any) -> bool:
    return not isinstance(bound, (int, float))
