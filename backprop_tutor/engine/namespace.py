"""Every name at the top of the engine, under the names that PyTorch has there.

`engine/__init__.py` loads this module when one of them is first asked for.
"""

from __future__ import annotations

import math
from typing import Any

# One paragraph a room reads better here than one line a name.
# isort: off
from . import linalg
from . import methods as _methods  # noqa: F401  (importing it fills in the class Tensor)
from .arguments import demand_everywhere as _demand_everywhere
from .areas import cumulative_trapezoid, gradient, trapezoid, trapz
from .arithmetic import (
    add, div, divide, float_power, floor_divide, fmod, mul, multiply, neg, negative, positive, pow,
    remainder, rsub, sub, subtract, true_divide,
)
from .assembling import (
    atleast_3d, block_diag, combinations, cross, diagflat, dsplit, hsplit, split_with_sizes,
    unravel_index, vander, vsplit,
)
from .autograd.anomaly import is_anomaly_check_nan_enabled, is_anomaly_enabled
from .choosing import (
    allclose, bitwise_and, bitwise_left_shift, bitwise_not, bitwise_or, bitwise_right_shift,
    bitwise_xor, clamp, clamp_max, clamp_min, clip, eq, equal, fmax, fmin, ge, greater,
    greater_equal, gt, isclose, isfinite, isinf, isnan, isneginf, isposinf, le, less, less_equal,
    logical_and, logical_not, logical_or, logical_xor, lt, maximum, minimum, ne, not_equal, where,
)
from .chains import chain_matmul
from .contractions import einsum, inner, kron, tensordot, vdot
from .creation import (
    as_tensor, empty, empty_like, eye, from_numpy, full, full_like, ones, ones_like,
    scalar_tensor, tensor, zeros, zeros_like,
)
from .decompositions import cholesky_of as cholesky, matrix_power, qr_of as qr
from .determinants import logdet, slogdet
from .devices import backends, cuda, device
from .diagonals import diag, diag_embed, diagonal, narrow, select, trace
from .draws import (
    bernoulli, multinomial, normal, rand, rand_like, randint, randint_like, randn, randn_like, randperm,
)
from .dtypes import (
    bool_ as bool, can_cast, dtype, finfo, float16, float32, float64, get_default_dtype, iinfo, int8, int16,
    int32, int64, promote_types, set_default_dtype, uint8,
)
from .extremes import (
    amax, amin, aminmax, argmax, argmin, argsort, kthvalue, max, median, min, mode, sort, topk,
)
from .floating import copysign, frexp, gcd, lcm, ldexp, nextafter
from .functions import (
    abs, acos, acosh, asin, asinh, atan, atanh, cos, cosh, erf, exp, exp2, expm1, log, log1p, log2,
    log10, reciprocal, rsqrt, sigmoid, sign, sin, sinh, sqrt, square, tan, tanh,
)
from .fused import (
    celu, dropout, embedding, log_softmax, prelu, relu, relu_, selu, softmax, threshold,
)
from .gammas import digamma, erfinv, lgamma, mvlgamma, polygamma
from .gradient_tape import GradientTape
from .joining import (
    cat, chunk, column_stack, concat, concatenate, dstack, hstack, split, stack, tensor_split,
    unbind, vstack,
)
from .least_squares import pinverse
from .linear_algebra import bmm, dot, matmul, mm, mv, outer
from .meshes import (
    BoolTensor, ByteTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor, LongTensor,
    argwhere, atleast_1d, atleast_2d, bincount, broadcast_tensors, bucketize, cartesian_prod,
    histc, is_floating_point, is_tensor, isin, meshgrid, nonzero, numel, repeat_interleave,
    result_type, searchsorted, tril_indices, triu_indices, typename, unique,
)
from .modes import (
    enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad,
    set_grad_enabled,
)
from .picking import (
    gather, index_add, index_copy, index_fill, index_put, index_select, masked_fill,
    masked_scatter, masked_select, put, take, take_along_dim,
)
from .printing import set_printoptions
from .products import (
    cummax, cummin, cumprod, cumsum, diff, dist, logcumsumexp, norm, prod,
)
from .quantiles import nanmedian, nanquantile, quantile
from .randomness import (
    Generator, default_generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state,
)
from .ranges import arange, linspace, logspace
from .reductions import (
    all, any, count_nonzero, logsumexp, mean, nanmean, nansum, std, std_mean, sum_ as sum, var,
    var_mean,
)
from .rounding import (
    atan2, ceil, deg2rad, erfc, fix, floor, frac, heaviside, hypot, logaddexp, logaddexp2, logit,
    nan_to_num, rad2deg, round, sgn, sinc, trunc, xlogy,
)
from .arrangement import broadcast_to, flip, fliplr, flipud, roll, rot90, tile, tril, triu
from .samples import (
    cdist, corrcoef, cov, msort, pdist, renorm, unique_consecutive,
)
from .scattering import scatter, scatter_add, scatter_reduce
from .shapes import (
    clone, flatten, movedim, permute, ravel, reshape, squeeze, swapaxes, t, transpose,
    unflatten, unsqueeze,
)
from .tape import Size, Tensor
from .three_operands import addcdiv, addcmul, lerp
from .weighed_sums import addbmm, addmm, addmv, addr, baddbmm
from .windows import adjoint, as_strided
from . import top_names
from .top_names import *  # noqa: F403  (all that its own list names)

# isort: on

__all__ = [  # noqa: RUF022  (sorted as names are read, capitals first)
    "BoolTensor", "ByteTensor", "DoubleTensor", "FloatTensor", "Generator", "GradientTape",
    "HalfTensor", "IntTensor", "LongTensor", "Size", "Tensor", "abs", "absolute", "acos", "acosh",
    "add", "addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr", "all", "allclose", "amax",
    "amin", "aminmax", "any", "arange", "arccos", "arccosh", "arcsin", "arcsinh", "arctan",
    "arctan2", "arctanh", "argmax", "argmin", "argsort", "argwhere", "as_tensor", "asin", "asinh",
    "atan", "atan2", "atanh", "atleast_1d", "atleast_2d", "backends", "baddbmm", "bernoulli",
    "bincount", "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or",
    "bitwise_right_shift", "bitwise_xor", "bmm", "bool", "broadcast_tensors", "broadcast_to",
    "bucketize", "can_cast", "cartesian_prod", "cat", "ceil", "celu", "chain_matmul", "chunk", "clamp",
    "clamp_max", "clamp_min", "clip", "clone", "column_stack", "concat", "concatenate",
    "contiguous_format", "cos", "cosh", "count_nonzero", "cuda", "cummax", "cummin", "cumprod",
    "cumsum", "default_generator", "deg2rad", "device", "diag", "diag_embed", "diagonal", "diff",
    "dist", "div", "divide", "dot", "double", "dropout", "dstack", "dtype", "e", "einsum",
    "embedding", "empty", "empty_like", "enable_grad", "eq", "equal", "erf", "erfc", "exp",
    "exp2", "expm1", "eye", "finfo", "fix", "flatten", "flip", "fliplr", "flipud", "float",
    "float16", "float32", "float64", "float_power", "floor", "floor_divide", "fmax", "fmin",
    "fmod", "frac", "from_numpy", "full", "full_like", "gather", "ge", "ger", "get_default_dtype",
    "get_num_threads", "get_rng_state", "greater", "greater_equal", "gt", "half", "heaviside",
    "histc", "hstack", "hypot", "iinfo", "index_add", "index_copy", "index_fill", "index_put",
    "index_select", "inf", "inference_mode", "initial_seed", "inner", "int", "int16", "int32",
    "int64", "int8", "is_floating_point", "is_grad_enabled", "is_inference_mode_enabled",
    "is_tensor", "isclose", "isfinite", "isin", "isinf", "isnan", "isneginf", "isposinf", "kron",
    "kthvalue", "le", "lerp", "less", "less_equal", "linalg", "linspace", "log", "log10",
    "log1p", "log2", "log_softmax", "logaddexp", "logaddexp2", "logcumsumexp", "logical_and",
    "logical_not", "logical_or", "logical_xor", "logit", "logspace", "logsumexp", "long", "lt",
    "manual_seed", "masked_fill", "masked_scatter", "masked_select", "matmul", "max", "maximum",
    "mean", "median", "meshgrid", "min", "minimum", "mm", "mode", "moveaxis", "movedim", "mul",
    "multinomial", "multiply", "mv", "nan", "nan_to_num", "nanmean", "nansum", "narrow", "ne",
    "neg", "negative", "newaxis", "no_grad", "nonzero", "norm", "normal", "not_equal", "numel",
    "ones", "ones_like", "outer", "permute", "pi", "positive", "pow", "prelu", "preserve_format",
    "prod", "promote_types", "put", "quantile", "rad2deg", "rand", "rand_like", "randint",
    "randint_like", "randn", "randn_like", "randperm", "ravel", "reciprocal", "relu", "relu_",
    "remainder", "repeat_interleave", "reshape", "result_type", "roll", "rot90", "round", "rsqrt",
    "rsub", "scalar_tensor", "scatter", "scatter_add", "scatter_reduce", "searchsorted", "seed", "select",
    "selu", "set_default_dtype", "set_grad_enabled", "set_num_threads", "set_printoptions",
    "set_rng_state", "sgn", "short", "sigmoid", "sign", "sin", "sinc", "sinh", "softmax", "sort",
    "split", "sqrt", "square", "squeeze", "stack", "std", "std_mean", "strided", "sub",
    "subtract", "sum", "swapaxes", "swapdims", "t", "take", "take_along_dim", "tan", "tanh",
    "tensor", "tensor_split", "tensordot", "threshold", "tile", "topk", "trace", "transpose",
    "tril", "tril_indices", "triu", "triu_indices", "true_divide", "trunc", "typename", "uint8",
    "unbind", "unflatten", "unique", "unsqueeze", "use_deterministic_algorithms", "var",
    "var_mean", "vdot", "vstack", "where", "xlogy", "zeros", "zeros_like",
]

__all__ += [
    "adjoint", "as_strided", "atleast_3d", "block_diag", "cdist", "cholesky", "combinations",
    "copysign", "corrcoef", "cov", "cross", "cumulative_trapezoid", "diagflat", "digamma", "dsplit",
    "erfinv", "frexp", "gcd", "gradient", "hsplit", "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled", "lcm", "ldexp", "lgamma", "logdet", "matrix_power", "msort", "mvlgamma",
    "nanmedian", "nanquantile", "nextafter", "pdist", "pinverse", "polygamma", "qr", "renorm",
    "slogdet", "split_with_sizes", "trapezoid", "trapz", "unique_consecutive", "unravel_index",
    "vander", "vsplit",
]
__all__ += top_names.__all__

absolute = abs
arccos, arcsin, arctan, arctan2 = acos, asin, atan, atan2
arccosh, arcsinh, arctanh = acosh, asinh, atanh
double, float, half = float64, float32, float16
long, int, short = int64, int32, int16
moveaxis, swapdims = movedim, swapaxes
ger = outer
e, pi, inf, nan = math.e, math.pi, math.inf, math.nan
newaxis = None
strided, contiguous_format, preserve_format = "torch.strided", None, None

def set_num_threads(n: Any) -> None:
    """Accept a number of threads; NumPy keeps its own."""


def get_num_threads() -> Any:
    """Return 1: the engine itself runs on one thread."""
    return 1


def use_deterministic_algorithms(mode: Any, *, warn_only: Any = False) -> None:
    """Accept the wish; everything here is deterministic."""


_demand_everywhere(
    globals(), __all__,
    frozenset({
        "atleast_1d", "atleast_2d", "broadcast_tensors", "cartesian_prod", "column_stack", "dstack",
        "hstack", "row_stack", "vstack",
    }),
    frozenset({"relu", "sigmoid", "tanh", "exp", "log", "matmul", "mm"}),
)
