"""NumPy's functions written in the engine's; `ENGINES` is the table of all that there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tutor import engine
from benchmarks.shims.not_offered import NotOffered

from .wrapping import as_tensor, joined


def _dims(a: Any, axis: Any) -> tuple[int, ...]:
    return (
        tuple(range(a.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    )


def _both(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: function(as_tensor(a), as_tensor(b))


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False
    ) -> Any:
        a = as_tensor(a)
        return function(a, _dims(a, axis), keepdim=keepdims) if a.ndim else a + 0

    return reduce


def _spread(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(a: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
        a = as_tensor(a)
        if not a.ndim:
            return a * 0
        return function(a, _dims(a, axis), correction=ddof, keepdim=keepdims)

    return reduce


def _prod(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False
) -> Any:
    for dim in sorted(_dims(a, axis), reverse=True):
        a = a.prod(dim, keepdim=True)
    return (
        a
        if keepdims
        else a.reshape(tuple(n for i, n in enumerate(a.shape) if i not in _dims(a, axis)))
    )


def _transpose(a: Any, axes: Any = None) -> Any:
    return a.permute(tuple(range(a.ndim))[::-1] if axes is None else tuple(axes))


def _dot(a: Any, b: Any) -> Any:
    a, b = as_tensor(a), as_tensor(b)
    if not a.ndim or not b.ndim:
        return a * b
    return engine.tensordot(a, b, ([a.ndim - 1], [max(0, b.ndim - 2)]))


def _inner(a: Any, b: Any) -> Any:
    a, b = as_tensor(a), as_tensor(b)
    return a * b if not a.ndim or not b.ndim else engine.inner(a, b)


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    a, b = as_tensor(a), as_tensor(b)
    if not isinstance(axes, int):
        axes = tuple(
            [n % t.ndim for n in ([d] if isinstance(d, int) else d)]
            for d, t in zip(axes, (a, b), strict=True)
        )
    return engine.tensordot(a, b, axes)


def _repeat(a: Any, repeats: Any, axis: Any = None) -> Any:
    return engine.repeat_interleave(a, repeats, axis)


def _tile(a: Any, reps: Any) -> Any:
    return engine.tile(a, (reps,) if isinstance(reps, int) else tuple(reps))


def _split(a: Any, parts: Any, axis: int = 0) -> Any:
    return list(engine.tensor_split(a, parts if isinstance(parts, int) else list(parts), axis))


def _rows(x: Any) -> Any:
    return list(x.unbind(0)) if isinstance(x, engine.Tensor) else [as_tensor(e) for e in x]


def _where(condition: Any, x: Any, y: Any) -> Any:
    return engine.where(as_tensor(condition).bool(), x, y)


def _clip(a: Any, a_min: Any, a_max: Any) -> Any:
    return engine.clamp(a, a_min, a_max)


def _roll(a: Any, shift: Any, axis: Any = None) -> Any:
    return engine.roll(a, shift, axis)


def _trace(a: Any, offset: int = 0) -> Any:
    return engine.diagonal(a, offset, 0, 1).sum(-1)


def _diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return engine.diagonal(a, offset, axis1, axis2)


def _diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    return engine.diff(a, n, axis)


def _cumsum(a: Any, axis: Any = None) -> Any:
    return engine.cumsum(a.reshape(-1), 0) if axis is None else engine.cumsum(a, axis)


def _concatenate(parts: Any, axis: int = 0) -> Any:
    return engine.cat(_rows(parts), axis)


def _append(a: Any, values: Any, axis: Any = None) -> Any:
    a, values = as_tensor(a), as_tensor(values)
    return engine.cat(
        [a.reshape(-1), values.reshape(-1)] if axis is None else [a, values], axis or 0
    )


def _expanded(a: Any, axis: Any) -> Any:
    return a.unsqueeze(axis)


def _squeeze(a: Any, axis: Any = None) -> Any:
    return a.squeeze() if axis is None else a.squeeze(axis)


def _sort(a: Any, axis: int = -1) -> Any:
    return engine.sort(a, axis)[0]


def _cross(a: Any, b: Any, **_: Any) -> Any:
    raise NotOffered("numpy.cross: the engine has no such operation")


def _einsum(*args: Any) -> Any:
    if isinstance(args[0], str):
        return engine.einsum(args[0], *map(as_tensor, args[1:]))
    operands = [as_tensor(a) for a in args[: len(args) // 2 * 2 : 2]]
    letters = [_letters(s) for s in (*args[1::2], *args[len(args) // 2 * 2 :])]
    given = ",".join(letters[: len(operands)])
    return engine.einsum(given + ("->" + letters[-1] if len(args) % 2 else ""), *operands)


def _letters(places: Any) -> str:
    return "".join("..." if p is Ellipsis else "abcdefghij"[p] for p in places)


def _pad(a: Any, width: Any, mode: str = "constant") -> Any:
    pairs = (
        np.broadcast_to(np.asarray(width), (a.ndim, 2))
        if np.size(width) > 1
        else [(int(np.ravel(width)[0]),) * 2] * a.ndim
    )
    for d, (before, after) in enumerate(pairs):
        ends = [
            engine.zeros((*a.shape[:d], int(n), *a.shape[d + 1 :]), dtype=a.dtype)
            for n in (before, after)
        ]
        a = engine.cat([ends[0], a, ends[1]], d)
    return a


def _same(a: Any, *_: Any, **__: Any) -> Any:
    return a


def _array(x: Any, *_: Any, **__: Any) -> Any:
    return joined(x)


def _power(a: Any, b: Any) -> Any:
    return (
        engine.pow(as_tensor(a), b)
        if not isinstance(a, engine.Tensor) and isinstance(b, engine.Tensor)
        else engine.pow(a, b)
    )


ENGINES: dict[str, Callable[..., Any]] = {
    **{
        n: getattr(engine, n)
        for n in (
            "abs",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "exp",
            "exp2",
            "expm1",
            "log",
            "log2",
            "log10",
            "log1p",
            "sqrt",
            "square",
            "sign",
            "ceil",
            "floor",
            "reciprocal",
            "sinc",
            "rad2deg",
            "deg2rad",
            "negative",
            "flipud",
            "fliplr",
            "kron",
            "ravel",
            "isfinite",
            "isinf",
            "isnan",
            "nan_to_num",
            "moveaxis",
            "atleast_1d",
            "atleast_2d",
            "atleast_3d",
        )
        if hasattr(engine, n)
    },
    "absolute": engine.abs,
    "fabs": engine.abs,
    "arcsin": engine.asin,
    "arccos": engine.acos,
    "arctan": engine.atan,
    "arcsinh": engine.asinh,
    "arccosh": engine.acosh,
    "arctanh": engine.atanh,
    "degrees": engine.rad2deg,
    "radians": engine.deg2rad,
    "add": engine.add,
    "subtract": _both(engine.sub),
    "multiply": engine.mul,
    "divide": _both(engine.div),
    "true_divide": _both(engine.div),
    "power": _power,
    "maximum": _both(engine.maximum),
    "minimum": _both(engine.minimum),
    "fmax": _both(engine.fmax),
    "fmin": _both(engine.fmin),
    "mod": _both(engine.remainder),
    "remainder": _both(engine.remainder),
    "arctan2": _both(engine.atan2),
    "logaddexp": _both(engine.logaddexp),
    "logaddexp2": _both(engine.logaddexp2),
    "hypot": _both(engine.hypot),
    "sum": _reduction(engine.sum),
    "mean": _reduction(engine.mean),
    "max": _reduction(engine.amax),
    "min": _reduction(engine.amin),
    "amax": _reduction(engine.amax),
    "amin": _reduction(engine.amin),
    "prod": _prod,
    "var": _spread(engine.var),
    "std": _spread(engine.std),
    "cumsum": _cumsum,
    "transpose": _transpose,
    "reshape": lambda a, *shape: a.reshape(*shape),
    "squeeze": _squeeze,
    "expand_dims": _expanded,
    "roll": _roll,
    "repeat": _repeat,
    "tile": _tile,
    "diff": _diff,
    "sort": _sort,
    "clip": _clip,
    "concatenate": _concatenate,
    "stack": lambda p, axis=0: engine.stack(_rows(p), axis),
    "vstack": lambda p: engine.vstack(_rows(p)),
    "row_stack": lambda p: engine.vstack(_rows(p)),
    "hstack": lambda p: engine.hstack(_rows(p)),
    "column_stack": lambda p: engine.column_stack(_rows(p)),
    "append": _append,
    "split": _split,
    "array_split": _split,
    "vsplit": lambda a, n: _split(a, n, 0),
    "hsplit": lambda a, n: _split(a, n, 1),
    "dsplit": lambda a, n: _split(a, n, 2),
    "dot": _dot,
    "inner": _inner,
    "outer": lambda a, b: engine.outer(as_tensor(a).reshape(-1), as_tensor(b).reshape(-1)),
    "matmul": _both(engine.matmul),
    "tensordot": _tensordot,
    "einsum": _einsum,
    "trace": _trace,
    "diag": lambda a, k=0: engine.diag(a, k),
    "diagonal": _diagonal,
    "tril": lambda a, k=0: engine.tril(a, k),
    "triu": lambda a, k=0: engine.triu(a, k),
    "rot90": lambda a, k=1: engine.rot90(a, k),
    "where": _where,
    "swapaxes": lambda a, axis1, axis2: a.transpose(axis1, axis2),
    "pad": _pad,
    "cross": _cross,
    "array": _array,
    "asarray": _array,
    "real": _same,
    "real_if_close": _same,
    "conj": _same,
    "conjugate": _same,
    "equal": engine.eq,
    "less": engine.lt,
    "greater": engine.gt,
    "less_equal": engine.le,
    "greater_equal": engine.ge,
    "not_equal": engine.ne,
    "logical_not": engine.logical_not,
}
