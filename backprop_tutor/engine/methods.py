"""What can be written after a dot or between two tensors: functions attached to `Tensor`.

A table of names; nothing is computed here. Importing this module fills in the class.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import (
    arithmetic,
    arrangement,
    assembling,
    backward,
    choosing,
    contractions,
    conversions,
    decompositions,
    determinants,
    diagonals,
    draws,
    extremes,
    floating,
    functions,
    fused,
    gammas,
    hooks,
    indexing,
    inplace,
    joining,
    least_squares,
    linear_algebra,
    matrices,
    meshes,
    picking,
    products,
    quantiles,
    reductions,
    rounding,
    samples,
    scattering,
    shapes,
    three_operands,
    weighed_sums,
    windows,
)
from . import tensor_kernel as _tensor_kernel  # noqa: F401  (registers the kernel of tensors)
from .arguments import demanding
from .inplace import in_place
from .pairs import NUMBERS
from .tape import Tensor

__all__: list[str] = []


def _between(function: Any, swapped: bool = False) -> Any:
    """Return the function as an operator between two operands; what is no number is not ours."""

    def operator(self: Tensor, other: Any) -> Any:
        if not isinstance(other, (Tensor, np.ndarray, *NUMBERS)):
            return NotImplemented
        return function(other, self) if swapped else function(self, other)

    return operator


def _run(
    self: Tensor, gradient: Any = None, retain_graph: Any = None, create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Accumulate the gradient of this tensor in the leaves' `.grad`."""
    if (
        gradient is None and not create_graph and inputs is None and self._edge is not None
        and self._base is None and not self._a.ndim
    ):
        backward.from_scalar(self, bool(retain_graph))
        return
    backward.backward(self, gradient, retain_graph, create_graph, inputs=inputs)


def _reduction(function: Any) -> Any:
    """Return the reduction as a method that also takes its dimensions one by one."""

    def method(self: Tensor, *dims: Any, **options: Any) -> Any:
        if len(dims) > 1 and all(isinstance(d, int) and not isinstance(d, bool) for d in dims):
            return function(self, dims, **options)
        if "axis" in options:
            options["dim"] = options.pop("axis")
        if "keepdims" in options:
            options["keepdim"] = options.pop("keepdims")
        return function(self, *dims, **options)

    method.__name__ = function.__name__
    method.__doc__ = function.__doc__
    return method


METHODS: dict[str, Any] = {
    "__add__": _between(arithmetic.add), "__radd__": _between(arithmetic.add, True),
    "__sub__": _between(arithmetic.sub), "__rsub__": _between(arithmetic.sub, True),
    "__mul__": _between(arithmetic.mul), "__rmul__": _between(arithmetic.mul, True),
    "__truediv__": _between(arithmetic.div), "__rtruediv__": _between(arithmetic.divided_by, True),
    "__floordiv__": _between(arithmetic.floor_divide),
    "__rfloordiv__": _between(arithmetic.floor_divide, True),
    "__mod__": _between(arithmetic.remainder), "__rmod__": _between(arithmetic.remainder, True),
    "__pow__": _between(arithmetic.pow), "__rpow__": _between(arithmetic.pow, True),
    "__matmul__": _between(linear_algebra.matmul),
    "__rmatmul__": _between(linear_algebra.matmul, True),
    "__neg__": arithmetic.neg, "__pos__": arithmetic.positive, "__abs__": functions.abs,
    "__invert__": choosing.invert,
    "__and__": _between(choosing.bitwise_and), "__rand__": _between(choosing.bitwise_and, True),
    "__or__": _between(choosing.bitwise_or), "__ror__": _between(choosing.bitwise_or, True),
    "__xor__": _between(choosing.bitwise_xor), "__rxor__": _between(choosing.bitwise_xor, True),
    "__lshift__": _between(choosing.bitwise_left_shift),
    "__rlshift__": _between(choosing.bitwise_left_shift, True),
    "__rrshift__": _between(choosing.bitwise_right_shift, True),
    "__rshift__": _between(choosing.bitwise_right_shift),
    "__eq__": _between(choosing.eq), "__ne__": _between(choosing.ne),
    "__lt__": _between(choosing.lt), "__le__": _between(choosing.le),
    "__gt__": _between(choosing.gt), "__ge__": _between(choosing.ge),
    "__getitem__": indexing.get, "__setitem__": indexing.set_, "__iter__": indexing.iterate,
    "T": property(shapes.numpy_T), "mT": property(shapes.mT), "H": property(shapes.numpy_T),
    "backward": _run, "register_hook": hooks.register_hook,
    "register_post_accumulate_grad_hook": hooks.register_post_accumulate_grad_hook,
    "retain_grad": hooks.retain_grad, "fill_": inplace.fill_, "zero_": inplace.zero_,
    "copy_": inplace.copy_, "nonzero": meshes.nonzero, "argwhere": meshes.argwhere,
    "repeat_interleave": meshes.repeat_interleave, "unique": meshes.unique,
    "bincount": meshes.bincount, "histc": meshes.histc, "sum": _reduction(reductions.sum_),
    "absolute": functions.abs,
    **conversions.METHODS,
}
_DIRECT = (
    arrangement,
    arithmetic, choosing, contractions, diagonals, extremes, functions, joining, linear_algebra,
    picking, products, reductions, rounding, scattering, shapes, three_operands, weighed_sums,
)
_NOT_METHODS = {
    "einsum", "tensordot", "cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack",
    "column_stack", "vector_norm", "sum_", "numpy_T",
}
_REDUCTIONS = {"mean", "amax", "amin", "var", "std", "all", "any", "logsumexp", "nansum", "nanmean"}
for _room in _DIRECT:
    for _name in _room.__all__:
        if _name not in _NOT_METHODS and _name not in METHODS:
            _found = getattr(_room, _name)
            METHODS[_name] = _reduction(_found) if _name in _REDUCTIONS else _found
for _name in ("relu", "relu_", "softmax", "log_softmax", "prelu", "sigmoid", "tanh"):
    METHODS[_name] = getattr(fused, _name)
for _name in (
    "add", "sub", "mul", "div", "pow", "multiply", "divide", "true_divide", "subtract", "remainder",
    "fmod", "floor_divide", "addcmul", "addcdiv", "lerp", "neg", "negative", "abs", "absolute",
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal", "square",
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sigmoid", "erf", "sign",
    "floor", "ceil", "round", "trunc", "frac", "clamp", "clip", "clamp_min", "clamp_max", "eq", "ne",
    "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor", "logical_not",
    "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not", "tril", "triu", "cumsum", "cumprod",
    "masked_fill", "masked_scatter", "scatter", "scatter_add", "scatter_reduce", "put",
    "index_add", "index_copy", "index_fill", "index_put", "addmm", "addmv", "addr", "baddbmm",
    "addbmm", "atan2", "xlogy", "nan_to_num", "float_power", "logit", "asinh", "acosh", "atanh",
    "hypot",
):
    METHODS.setdefault(f"{_name}_", in_place(METHODS[_name]))
for _name, _node, _plain in (
    ("squeeze", "SqueezeBackward4", "SqueezeBackward3"), ("unsqueeze", "UnsqueezeBackward1", ""),
    ("transpose", "TransposeBackward1", ""), ("swapaxes", "TransposeBackward1", ""),
    ("t", "TBackward1", ""),
):
    METHODS[f"{_name}_"] = inplace.reshaping(METHODS[_name], _node, _plain)
for _name in (
    "uniform_", "normal_", "bernoulli_", "random_", "exponential_", "cauchy_", "log_normal_",
    "geometric_",
):
    METHODS[_name] = getattr(draws, _name)
METHODS["bernoulli"] = draws.bernoulli
METHODS["multinomial"] = draws.multinomial
for _name, _same in (
    ("arccos", "acos"), ("arccosh", "acosh"), ("arcsin", "asin"), ("arcsinh", "asinh"),
    ("arctan", "atan"), ("arctan2", "atan2"), ("arctanh", "atanh"), ("ger", "outer"),
    ("moveaxis", "movedim"), ("swapdims", "swapaxes"),
):
    METHODS[_name] = METHODS[_same]
    if f"{_same}_" in METHODS:
        METHODS[f"{_name}_"] = METHODS[f"{_same}_"]
for _room, _names in (
    (assembling, ("cross", "diagflat", "dsplit", "hsplit", "split_with_sizes", "vsplit")),
    (decompositions, ("matrix_power",)),
    (determinants, ("det", "logdet", "slogdet")),
    (floating, ("copysign", "frexp", "gcd", "lcm", "ldexp", "nextafter")),
    (gammas, ("digamma", "erfinv", "lgamma", "mvlgamma", "polygamma")),
    (samples, (
        "corrcoef", "cov", "msort", "renorm", "unique_consecutive",
    )),
    (quantiles, quantiles.__all__),
    (windows, windows.__all__),
):
    for _name in _names:
        METHODS[_name] = getattr(_room, _name)
METHODS["cholesky"], METHODS["qr"] = decompositions.cholesky_of, decompositions.qr_of
METHODS["pinverse"] = least_squares.pinverse
for _name in (
    "copysign", "digamma", "erfinv", "lgamma", "nextafter", "renorm", "sinc", "erfc", "sgn", "fix",
):
    METHODS[f"{_name}_"] = in_place(METHODS[_name])
METHODS["inverse"] = matrices.inv
for _symbol, _name in (
    ("iadd", "add"), ("isub", "sub"), ("imul", "mul"), ("itruediv", "div"), ("ipow", "pow"),
    ("ifloordiv", "floor_divide"), ("imod", "remainder"), ("iand", "bitwise_and"),
    ("ior", "bitwise_or"), ("ixor", "bitwise_xor"),
):
    METHODS[f"__{_symbol}__"] = METHODS[f"{_name}_"]
for _name in ("dot", "mv", "mm", "bmm", "outer", "ger", "equal", "allclose", "isclose", "addmm"):
    METHODS[_name] = demanding(METHODS[_name], _name, skip=1)
for _name, _function in METHODS.items():
    setattr(Tensor, _name, _function)
