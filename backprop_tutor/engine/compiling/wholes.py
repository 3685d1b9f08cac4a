"""Functions of the engine that are followed as one: what they were called with, and how that is written.

They are no record of their own, or give several tensors, or make a constant on the way. A row of `WHOLES`
reads a call (None: what it calls is followed instead) and writes its values, in the order in which an
eager step computes them.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from ..autograd.tape import Tensor
from ..functions import arrangement, choosing, contractions, extremes, indexing, joining, picking
from ..fused import affine
from .operations import Back, Ways
from .recording import code_of
from .values import Unwritable

__all__ = ["WHOLES", "Call", "Whole"]


class Call(NamedTuple):
    """Tensors that a function was called with, and the rest that decides what it does."""

    operands: tuple[Any, ...]
    settings: dict[str, Any]


class Whole(NamedTuple):
    """How a function's call is read from its first moment's names, and how it is written.

    `write` returns the values, one a tensor that the function gives, and their way back: it takes the
    gradients of all of them (None where there is none) and which operands want one.
    """

    read: Callable[[dict[str, Any]], Call | None]
    write: Callable[[Ways, list[Any], dict[str, Any]], tuple[list[Any], Back]]


def _nothing(g: Any, need: list[bool]) -> list[Any]:
    return [None for _ in need]


def _is_float(x: Any) -> bool:
    return isinstance(x, Tensor) and x._a.dtype.kind == "f"


def _plain_number(given: Any) -> bool:
    return given is None or (isinstance(given, (int, float)) and not isinstance(given, bool))


# kept between bounds


def _read_clamp(own: dict[str, Any]) -> Call | None:
    low, high = own["min"], own["max"]
    if not (_is_float(own["input"]) and _plain_number(low) and _plain_number(high)):
        return None
    return Call((own["input"],), {"low": low, "high": high})


def _clamp(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    k, a = ways.kernel, operands[0]
    low, high = settings["low"], settings["high"]
    out = a if low is None else k.maximum(a, low)
    out = out if high is None else k.minimum(out, high)

    def back(g: Any, need: list[bool]) -> list[Any]:
        above = None if low is None else k.apply("greater_equal", a, low)
        below = None if high is None else k.apply("less_equal", a, high)
        inside = below if above is None else above if below is None else k.apply(
            "logical_and", above, below)
        return [k.apply("where", inside, g[0], k.zeros_like(g[0]))]

    return [out], back


# classes and places


def _read_one_hot(own: dict[str, Any]) -> Call:
    if own["num_classes"] == -1:
        raise Unwritable("one_hot() without num_classes has as many columns as the labels decide")
    return Call((own["tensor"],), {"classes": int(own["num_classes"])})


def _one_hot(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    labels, classes = operands[0], settings["classes"]
    ways.checks.append(("labels", (labels,), {"classes": classes, "ignored": None}))
    return [ways.kernel.one_hot(labels, classes, labels)], _nothing


def _read_key(own: dict[str, Any]) -> Call | None:
    """Read a key of numbers, slices and at least one tensor, list or range of whole numbers."""
    x, key = own["x"], own["key"]
    parts = list(key) if isinstance(key, tuple) else [key]
    if isinstance(key, list) and indexing._stands_for_several(key):
        return None
    arrays: list[Any] = []
    for part in parts:
        if isinstance(part, Tensor):
            if part._a.dtype.kind == "b":
                raise Unwritable("a tensor is indexed by a mask, which decides how many entries there are")
            if part._a.dtype != np.int64 or not part._a.ndim:
                raise Unwritable("a tensor is indexed by a tensor's number")
            arrays.append(part)
        elif isinstance(part, (list, range)):
            found = np.asarray(part)
            if found.dtype != np.int64:
                return None
            arrays.append(found)
    if not arrays:
        return None
    if any(part is None or part is Ellipsis or part.__class__ is int for part in parts):
        if any(isinstance(part, Tensor) for part in parts):
            return None
        raise Unwritable("a tensor is indexed by a list beside numbers")
    return Call((x, *arrays), {"key": tuple(parts)})


def _picked(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    k, x = ways.kernel, operands[0]
    given = iter(operands[1:])
    key: list[Any] = []
    for dim, part in enumerate(settings["key"]):
        if isinstance(part, slice):
            key.append(part)
            continue
        places = next(given)
        if places.op != "constant":
            ways.checks.append(("labels", (places,), {"classes": x.shape[dim], "ignored": None}))
        key.append(places)
    out = k.index(x, tuple(key))
    return [out], lambda g, need: [k.put(g[0], tuple(key), x.shape, False)]


def _read_extreme(own: dict[str, Any]) -> Call | None:
    dim = own["dim"]
    if not (isinstance(dim, int) and _is_float(own["input"]) and own["input"]._a.ndim):
        return None
    return Call((own["input"],), {
        "dim": dim % own["input"]._a.ndim, "keep": bool(own["keepdim"]), "largest": own["largest"]})


def _extreme(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    k, a, dim, keep = ways.kernel, operands[0], settings["dim"], settings["keep"]
    where = k.argmax(a, dim) if settings["largest"] else k.argmin(a, dim)
    kept = (*a.shape[:dim], 1, *a.shape[dim + 1:])
    places = k.reshape(where, kept)
    values = k.take_along(a, places, dim)

    def back(g: Any, need: list[bool]) -> list[Any]:
        return [k.put_along(k.reshape(g[0], kept), places, dim, a.shape)]

    return ([values, places] if keep else [k.reshape(values, where.shape), where]), back


def _read_order(own: dict[str, Any]) -> Call | None:
    a = own["input"]._a
    if not (_is_float(own["input"]) and a.ndim):
        return None
    count = own.get("k", a.shape[own["dim"]])
    return Call((own["input"],), {
        "dim": own["dim"] % a.ndim, "count": int(count),
        "descending": bool(own["largest"] if "largest" in own else own["descending"])})


def _ordered(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    k, a, dim = ways.kernel, operands[0], settings["dim"]
    order = k.order(a, dim, settings["descending"])
    if settings["count"] < a.shape[dim]:
        order = k.index(order, (slice(None),) * dim + (slice(0, settings["count"]),))
    return [k.take_along(a, order, dim), order], lambda g, need: [k.put_along(g[0], order, dim, a.shape)]


# filled, masked, multiplied


def _read_fill(own: dict[str, Any]) -> Call | None:
    x, mask, value = own["input"], own["mask"], own["value"]
    if not (_is_float(x) and _plain_number(value)) or value is None or np.broadcast_shapes(
        x._a.shape, mask._a.shape
    ) != x._a.shape:
        return None
    return Call((x, mask), {"value": float(value)})


def _filled(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    k, (x, mask) = ways.kernel, operands
    out = k.apply("where", mask, k.operand(settings["value"], x.dtype), x)
    return [out], lambda g, need: [k.apply("where", mask, k.zeros_like(g[0]), g[0])]


def _read_triangle(own: dict[str, Any]) -> Call | None:
    return Call((own["input"],), {"diagonal": own["diagonal"]}) if _is_float(own["input"]) else None


def _triangle(lower: bool) -> Callable[..., tuple[list[Any], Back]]:
    def write(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
        k, a = ways.kernel, operands[0]
        rows, columns = a.shape[-2:]
        mask = k.array(np.tri(rows, columns, settings["diagonal"], bool) if lower
                       else ~np.tri(rows, columns, settings["diagonal"] - 1, bool))

        def masked(x: Any) -> Any:
            return k.apply("where", mask, x, k.operand(0, x.dtype))

        return [masked(a)], lambda g, need: [masked(g[0])]

    return write


def _read_contraction(own: dict[str, Any]) -> Call:
    return Call(tuple(own["tensors"]), {"terms": own["terms"], "result": own["result"]})


def _contracted(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    equation = f"{','.join(settings['terms'])}->{settings['result']}"
    _, back = ways.way("record", "einsum", operands, {"equation": equation})
    out = ways.kernel.raw_einsum(settings["terms"], settings["result"], operands)
    return [out], lambda g, need: back(g[0], need)


# cut into parts


def _read_views(own: dict[str, Any]) -> Call | None:
    rule, x, options = own["rule"], own["x"], own["options"]
    if not _is_float(x):
        return None
    if rule is joining.UNBIND:
        return Call((x,), {"dim": options[0], "sizes": None})
    return Call((x,), {"dim": options[0], "sizes": [shape[options[0]] for shape in options[1]]})


def _views(ways: Ways, operands: list[Any], settings: dict[str, Any]) -> tuple[list[Any], Back]:
    k, x, dim, sizes = ways.kernel, operands[0], settings["dim"], settings["sizes"]
    lead = (slice(None),) * dim
    if sizes is None:
        keys: list[Any] = [(*lead, i) for i in range(x.shape[dim])]
    else:
        ends = np.cumsum(sizes).tolist()
        keys = [(*lead, slice(end - size, end)) for size, end in zip(sizes, ends, strict=True)]
    outs = [k.index(x, key) for key in keys]

    def back(g: Any, need: list[bool]) -> list[Any]:
        parts = [k.zeros(out.shape, x) if each is None else each for out, each in zip(outs, g, strict=True)]
        return [k.stack(parts, dim) if sizes is None else k.concatenate(parts, dim)]

    return outs, back


WHOLES: dict[CodeType, Whole] = {
    code_of(choosing._clamp): Whole(_read_clamp, _clamp),
    code_of(affine.one_hot): Whole(_read_one_hot, _one_hot),
    code_of(indexing.get): Whole(_read_key, _picked),
    code_of(extremes._max_or_min): Whole(_read_extreme, _extreme),
    code_of(extremes.sort): Whole(_read_order, _ordered),
    code_of(extremes.topk): Whole(_read_order, _ordered),
    code_of(picking.masked_fill): Whole(_read_fill, _filled),
    code_of(arrangement.tril): Whole(_read_triangle, _triangle(True)),
    code_of(arrangement.triu): Whole(_read_triangle, _triangle(False)),
    code_of(contractions.contract): Whole(_read_contraction, _contracted),
    code_of(joining._views): Whole(_read_views, _views),
}
"""By the function's code."""
