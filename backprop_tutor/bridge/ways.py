"""Operations of the engine that no single record says, as formulas of those that there are.

Enters: a node, the terms of its inputs. Leaves: a tree, and the stem of its name. Each way has the value
and the gradients of the operation: `split` is picking, `lerp` a formula, `clamp` a choice at its bounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from ..engine.autograd.node import Node
from ..language import Apply, Expression
from ..ops.places import shown_key
from .assignments import Reading, applied, number

__all__ = ["PARTS", "WAYS", "bounded", "picked"]

Told: TypeAlias = tuple[Expression, str]
Terms: TypeAlias = list[Any]


def _index(term: Expression, key: tuple[Any, ...]) -> Expression:
    return applied("index", term, key=shown_key(key))


def _shape(term: Expression, shape: Any) -> Expression:
    return applied("reshape", term, shape=tuple(int(n) for n in shape))


def picked(reading: Reading, term: Expression, key: Any, shape: tuple[int, ...]) -> Told:
    """Return what an array of a shape holds at a key of places: whole rows, an entry a row, or any."""
    parts = key if isinstance(key, tuple) else (key,)
    arrays = [p for p in parts if hasattr(p, "dtype")]
    first = arrays[0]
    if len(parts) == 1 and first.dtype.kind in "iu" and len(shape) == 2 and (first >= 0).all():
        return applied("embedding", reading.leaf(first, "I"), term), "v_"
    flat = np.arange(math.prod(shape)).reshape(shape)[key]
    if _an_entry_a_row(parts, arrays, shape):
        places = reading.leaf(parts[1][:, None], "I")
        return _shape(reading.assign("v_", applied("gather", term, places, axis=1)), flat.shape), "v_"
    whole = term if len(shape) == 1 else reading.assign("v_", _shape(term, (math.prod(shape),)))
    found = applied("gather", whole, reading.leaf(flat.reshape(-1), "I"))
    return (found, "v_") if flat.ndim == 1 else (_shape(reading.assign("v_", found), flat.shape), "v_")


def _an_entry_a_row(parts: tuple[Any, ...], arrays: list[Any], shape: tuple[int, ...]) -> bool:
    """Return whether a key is one of labels: `P[range(N), y]`."""
    if len(parts) != 2 or len(arrays) != 2 or len(shape) != 2:
        return False
    rows, columns = arrays
    return bool(
        all(p.dtype.kind in "iu" and p.shape == (shape[0],) for p in arrays)
        and (rows == np.arange(shape[0])).all() and (columns >= 0).all()
    )  # fmt: skip


def _indexed(node: Node, terms: Terms, reading: Reading) -> Told:
    settings, shape = node.options
    return picked(reading, terms[0], settings["key"], shape)


def _at_key(node: Node, terms: Terms, reading: Reading) -> Told:
    key, shape = node.options
    return picked(reading, terms[0], key, shape)


def _trace(node: Node, terms: Terms, reading: Reading) -> Told:
    return applied("sum", reading.assign("v_", _at_key(node, terms, reading)[0])), "v_"


def bounded(term: Expression, values: Any, bounds: tuple[Any, Any], reading: Reading) -> Expression:
    """Return what is kept between bounds: the larger and the smaller one of two.

    Where an entry lies on its bound it is a choice: its slope there is 1, and the larger one of two shares.
    """
    (low, high), found = bounds, term
    if low is not None:
        found = _kept(found, float(low), "max", "where_at_least", bool(np.any(values == low)))
    if high is not None:
        on_bound = bool(np.any(values == high))
        if on_bound and found is not term:
            found = reading.assign("v_", found)
        found = _kept(found, float(high), "min", "where_at_most", on_bound)
    return found


def _kept(term: Expression, bound: float, shares: str, chooses: str, on_bound: bool) -> Expression:
    limit = number(bound)
    return Apply(chooses, (term, limit, term, limit)) if on_bound else Apply(shares, (term, limit))


def _scaled(term: Expression, by: Any) -> Expression:
    return term if by == 1 else Apply("multiply", (number(float(by)), term))


def _added_product(node: Node, terms: Terms, reading: Reading) -> Told:
    a, b, c = terms
    product = reading.assign("v_", Apply("multiply", (b, c)))
    return Apply("add", (a, _scaled(product, node.options[1]))), "v_"


def _added_quotient(node: Node, terms: Terms, reading: Reading) -> Told:
    a, b, c = terms
    quotient = reading.assign("v_", Apply("divide", (b, c)))
    return Apply("add", (a, _scaled(quotient, node.options[1]))), "v_"


def _between(node: Node, terms: Terms, reading: Reading) -> Told:
    a, b, *share = terms
    by = share[0] if share and share[0] is not None else number(float(node.options[1]))
    way = reading.assign("v_", Apply("subtract", (b, a)))
    return Apply("add", (a, Apply("multiply", (by, way)))), "v_"


def _repeated(node: Node, terms: Terms, reading: Reading) -> Told:
    split, lead, shape = node.options
    times = [*split[:lead], *split[lead::2]]
    final = [n * own for n, own in zip(times, [1] * lead + list(shape), strict=True)]
    term = terms[0]
    if all(n == 1 or own == 1 for n, own in zip(split[lead::2], shape, strict=True)):
        return applied("expand", term, shape=tuple(int(n) for n in final)), "v_"
    apart = [1] * lead + [n for own in shape for n in (1, own)]
    term = reading.assign("v_", _shape(term, apart))
    term = reading.assign("v_", applied("expand", term, shape=tuple(int(n) for n in split)))
    return _shape(term, final), "v_"


def _triangle(node: Node, terms: Terms, reading: Reading) -> Told:
    return applied("choose", reading.leaf(node.options, "M"), terms[0], number(0.0)), "v_"


def _contracted(node: Node, terms: Terms, reading: Reading) -> Told:
    return applied("einsum", *terms, equation=node.options), "v_"


def _bell_by_tanh(node: Node, terms: Terms, reading: Reading) -> Told:
    a = terms[0]
    cube = reading.assign("v_", Apply("power", (a, number(3.0))))
    inner = Apply("add", (a, Apply("multiply", (number(0.044715), cube))))
    inner = Apply("multiply", (number(math.sqrt(2 / math.pi)), inner))
    bend = reading.assign("v_", Apply("tanh", (inner,)))
    half = Apply("multiply", (number(0.5), a))
    return Apply("multiply", (half, Apply("add", (number(1.0), bend)))), "A"


def _spread(node: Node, terms: Terms, reading: Reading) -> Told:
    dim, places, adds, shape = node.options
    if not adds or tuple(shape) != places.shape or not places.ndim:
        raise reading.seen.refused(node)
    return applied("scatter_add", terms[0], reading.leaf(places, "I"), terms[1], axis=int(dim)), "v_"


def _middle(node: Node, terms: Terms, reading: Reading) -> Told:
    """The median of all entries, where it is one of them alone."""
    array, out = (node.saved or (None, None))[:2]
    if array is None or len(hits := np.flatnonzero(array == out)) != 1:
        raise reading.seen.refused(node)
    whole = reading.assign("v_", _shape(terms[0], (array.size,)))
    return _index(whole, (int(hits[0]),)), "v_"


def _rolled(node: Node, terms: Terms, reading: Reading) -> Told:
    shape = np.shape(reading.seen.array(node, 0))
    whole = reading.assign("v_", _shape(terms[0], (math.prod(shape),)))
    moved = reading.assign("v_", applied("roll", whole, shifts=node.options, axes=(0,)))
    return _shape(moved, shape), "v_"


def _same(node: Node, terms: Terms, reading: Reading) -> Told:
    return terms[0], ""


def _extreme(name: str) -> Callable[[Node, Terms, Reading], Told]:
    return lambda node, terms, reading: (applied(name, terms[0]), "v_")


WAYS: dict[str, Callable[[Node, Terms, Reading], Told]] = {
    "IndexBackward0": _indexed, "IndexSelectBackward0": _indexed, "DiagonalBackward0": _at_key,
    "DiagonalBackward0_copy": _at_key, "TraceBackward0": _trace, "AddcmulBackward0": _added_product,
    "AddcdivBackward0": _added_quotient, "LerpBackward0": _between, "LerpBackward1": _between,
    "RepeatBackward0": _repeated, "TrilBackward0": _triangle, "TriuBackward0": _triangle,
    "EinsumBackward0": _contracted, "GeluBackward0": _bell_by_tanh, "TBackward0": _same,
    "MaxBackward1": _extreme("max"), "MinBackward1": _extreme("min"),
    "MedianBackward0": _middle, "RollBackward0": _rolled,
    "ScatterAddBackward0": _spread,
}  # fmt: skip
"""By the names of nodes that no record says."""


def _piece(node: Node, i: int, term: Expression, reading: Reading) -> Told:
    dim, shapes = node.options
    start = sum(int(shape[dim]) for shape in shapes[:i])
    part = slice(start, start + int(shapes[i][dim]))
    return _index(term, (*[slice(None)] * dim, part)), "v_"


def _entry(node: Node, i: int, term: Expression, reading: Reading) -> Told:
    return _index(term, (*[slice(None)] * node.options[0], i)), "v_"


def _placed(node: Node, i: int, term: Expression, reading: Reading) -> Told:
    """Values at places along an axis: the largest where it stands alone, else what stands at the places."""
    dim, shape, where, _ = node.options
    if not shape:
        return term, ""
    kept = tuple(node.meta[0][0])
    found, array = type(node).__name__, reading.seen.array(node, 0)
    name = {"MaxBackward0": "max", "MinBackward0": "min"}.get(found)
    if name and array is not None:
        extreme = np.take_along_axis(array, where, dim)
        if ((array == extreme).sum(dim) == 1).all():
            keeps = {"keepdims": True} if kept == where.shape else {}
            return applied(name, term, axis=int(dim), **keeps), "v_"
    picks = applied("gather", term, reading.leaf(where, "I"), **({"axis": int(dim)} if dim else {}))
    if kept == where.shape:
        return picks, "v_"
    return _shape(reading.assign("v_", picks), kept), "v_"


PARTS: dict[str, Callable[[Node, int, Expression, Reading], Told]] = {
    "SplitBackward0": _piece, "SplitWithSizesBackward0": _piece, "UnbindBackward0": _entry,
    **{f"{name}Backward0": _placed for name in ("Max", "Min", "Median", "Sort", "Topk")},
}  # fmt: skip
"""One of the results of a node that has several, by the nodes' names."""
