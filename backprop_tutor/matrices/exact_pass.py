"""The exact pass over small matrices of whole numbers and fractions: what stays exact, and what it is.

Enters: a graph over arrays and its exact inputs, arrays of `Fraction`. Leaves: each node's value and
gradient so, or None from where an operation has no exact result (an exponential, a root): that stays
float64. The numbers of a derivation are float64 all the same, so that arrays work with everything of NumPy;
this says what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import TutorError
from ..graph import Node
from ..ops import OPS, SCALAR
from ..ops.array_kernel import Raw
from ..passes import as_number
from .array_graph import ArrayGraph, options_of, record_of
from .given import looks_like_an_array, matrix_text

__all__ = ["MOST_EXACT", "Exact", "exact_entries", "exact_inputs", "exact_pass"]

MOST_EXACT = 144
"""Arrays of more entries are not small, and not followed exactly."""
_LONGEST = 256
"""Whole numbers of more bits are no longer read, and are not followed."""
_RECORDS = frozenset({
    "matmul", "dot", "outer", "addmm", "linear", "sum", "mean", "transpose", "permute", "reshape", "expand",
    "flip", "concatenate", "stack", "index", "mse", "dropout",
})
"""The tensor records whose rules only add, multiply, divide by counts, and move entries."""


class _Fractions(Raw):
    """The kernel of arrays of fractions: what has become a single number is an array again."""

    def shape(self, a: Any) -> tuple[int, ...]:
        return np.shape(a)

    def matmul(self, a: Any, b: Any) -> Any:
        return np.asarray(np.dot(a, b) if np.ndim(b) < 3 else np.matmul(a, b), object)

    def sum(self, a: Any, dims: tuple[int, ...] | None = None, keep: bool = False) -> Any:
        return np.asarray(np.sum(_array(a), axis=dims, keepdims=keep), object)

    def rows_sum(self, a: Any) -> Any:
        return self.sum(a, (0,))

    def reshape(self, a: Any, shape: tuple[int, ...]) -> Any:
        return _array(a).reshape(shape)

    def expand(self, a: Any, shape: tuple[int, ...]) -> Any:
        return np.array(np.broadcast_to(_array(a), shape))

    def swap(self, a: Any, first: int = -1, second: int = -2) -> Any:
        return _array(a).swapaxes(first, second) if np.ndim(a) > 1 else _array(a)

    def fit(self, g: Any, shape: tuple[int, ...]) -> Any:
        return super().fit(_array(g), shape)

    def zeros(self, shape: tuple[int, ...], like: Any) -> Any:
        return np.full(shape, Fraction(0), object)

    def zeros_like(self, a: Any) -> Any:
        return np.full(np.shape(a), Fraction(0), object)

    def put(self, g: Any, key: Any, shape: tuple[int, ...], plain: bool) -> Any:
        out = np.full(shape, Fraction(0), object)
        np.add.at(out, key, g)
        return out


_EXACT = _Fractions()


def _array(a: Any) -> Any:
    return a if isinstance(a, np.ndarray) else np.asarray(a, object)


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """What is exact in a derivation: values, gradients and what edges hand back, by place.

    Each is an array of `Fraction`, or None.
    """

    values: tuple[Any, ...]
    gradients: tuple[Any, ...]
    edges: Mapping[tuple[int, int, int], Any]


def exact_inputs(at: Mapping[str, Any], sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return the inputs that are given exactly, as arrays of `Fraction`; `sizes` tells which are small."""
    found = {}
    for name, value in at.items():
        if sizes.get(name, MOST_EXACT + 1) > MOST_EXACT:
            continue
        if isinstance(value, str):
            value = matrix_text(name, value) if looks_like_an_array(value) else as_number(value, name)
        entries = exact_entries(value)
        if entries is not None:
            found[name] = entries
    return found


def exact_entries(given: Any) -> Any:
    """Return nested lists or an array of whole numbers and fractions as an array of `Fraction`; else None.

    >>> exact_entries([[1, Fraction(1, 3)]]).tolist()
    [[Fraction(1, 1), Fraction(1, 3)]]
    >>> exact_entries([0.5, 1]) is None
    True
    """
    if getattr(getattr(given, "dtype", None), "kind", "") == "f":
        return None
    listed = np.array(given, object)
    if not all(_is_exact(each) for each in listed.flat):
        return None
    return _followed(np.array([_fraction(each) for each in listed.flat], object).reshape(listed.shape))


def _is_exact(entry: Any) -> bool:
    return isinstance(entry, int | Fraction | np.integer | np.bool_)


def _fraction(entry: Any) -> Fraction:
    return entry if isinstance(entry, Fraction) else Fraction(int(entry))


def _followed(array: Any) -> Any:
    """Return the array, if every entry is a fraction that can still be read; else None."""
    for entry in array.flat:
        if not isinstance(entry, int | Fraction) or isinstance(entry, bool):
            return None
        if max(abs(entry.numerator), entry.denominator).bit_length() > _LONGEST:
            return None
    if all(isinstance(entry, Fraction) for entry in array.flat):
        return array
    return np.array([Fraction(entry) for entry in array.flat], object).reshape(array.shape)


def exact_pass(graph: ArrayGraph, exact: Mapping[str, Any]) -> Exact:
    """Return what is exact of a graph at exact inputs."""
    values: list[Any] = []
    for place, node in enumerate(graph.nodes):
        if node.kind == "input":
            values.append(exact.get(node.name))
        elif node.kind == "constant":
            fraction = isinstance(node.value, int | Fraction)
            values.append(np.asarray(Fraction(node.value), object) if fraction else None)  # type: ignore[arg-type]
        else:
            operands = [values[i] for i in node.operands]
            known = _size(graph, place) <= MOST_EXACT and all(each is not None for each in operands)
            values.append(_value(node, operands) if known else None)
    edges: dict[tuple[int, int, int], Any] = {}
    return Exact(tuple(values), tuple(_gradients(graph, values, edges)), edges)


def _size(graph: ArrayGraph, place: int) -> int:
    size = 1
    for n in graph.shapes[place]:
        size *= int(n)
    return size


def _value(node: Node, operands: Sequence[Any]) -> Any:
    record = record_of(node)
    if record is not None:
        if record.name not in _RECORDS:
            return None
        spare = 0 if record.many else len(record.operands) - len(operands)
        return _followed(_array(record.forward(_EXACT, *operands, *[None] * spare, **options_of(node))))
    row = OPS[node.op]
    options = row.with_options(node.options)
    return _each(lambda *entries: row.value(SCALAR, *entries, **options), operands)


def _each(function: Any, operands: Sequence[Any]) -> Any:
    """Return a function of single numbers at every entry; None where one is not exact."""
    spread = np.broadcast_arrays(*operands)
    found = np.empty(spread[0].shape, object)
    for place in np.ndindex(*found.shape):
        try:
            entry = function(*(each[place] for each in spread))
        except (TutorError, ArithmeticError, ValueError):
            return None  # float64 says what it is there
        if not isinstance(entry, int | Fraction) or isinstance(entry, bool):
            return None
        found[place] = Fraction(entry)
    return _followed(found)


def _gradients(
    graph: ArrayGraph, values: Sequence[Any], edges: dict[tuple[int, int, int], Any]
) -> list[Any]:
    """Return the exact gradients: a node's is one where all that its uses hand back is."""
    nodes = graph.nodes
    found: list[Any] = [None] * len(nodes)
    lost = [False] * len(nodes)
    found[graph.output] = np.asarray(Fraction(1), object)
    for place in range(graph.output, -1, -1):
        node = nodes[place]
        if node.kind != "operation" or not graph.relevant[place]:
            continue
        for slot, source in enumerate(node.operands):
            if not graph.varies[source]:
                continue
            back = None
            if found[place] is not None and not lost[place]:
                back = _back(node, slot, found[place], values, place)
            if back is None or back.shape != graph.shapes[source]:
                lost[source] = True
                continue
            edges[source, place, slot] = back
            if found[source] is None:
                found[source] = back
            else:
                found[source] = _followed(_array(found[source] + back))
                lost[source] = found[source] is None
    return [None if gone else each for each, gone in zip(found, lost, strict=True)]


def _back(node: Node, slot: int, g: Any, values: Sequence[Any], place: int) -> Any:
    operands = [values[i] for i in node.operands]
    out = values[place]
    record = record_of(node)
    if record is not None:
        rule = record.gradient(slot) if record.name in _RECORDS else None
        if rule is None or any(each is None for each in operands):
            return None
        spare = 0 if record.many else len(record.operands) - len(operands)
        return _followed(
            _array(rule(_EXACT, g, out, *operands, *[None] * spare, **options_of(node)))
        )
    row = OPS[node.op]
    if any(each is None for each in operands) or out is None:
        return None
    slope = row.slope(slot)
    options = row.with_options(node.options)
    local = _each(lambda o, *entries: slope(SCALAR, o, *entries, **options), [out, *operands])
    if local is None:
        return None
    return _followed(_array(_EXACT.fit(_array(g * local), operands[slot].shape)))
