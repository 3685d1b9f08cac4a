"""Slips of the batch: the sum over samples forgotten, one sample, a mean for the sum, 1/N, the axis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...matrices.array_graph import record_of
from ...matrices.array_pass import value_of
from .array_bends import Array, ArrayBend, ArrayPlan, Edge, EdgeRule, View, kind_of
from .array_products import sample_edges
from .array_sites import (
    ArraySite,
    as_operand,
    at_edges,
    flat_size,
    is_parameter,
    leaf_of,
    matrices,
    node_of,
    sizes_about,
)
from .slip_record import Slip

__all__ = ["ROWS"]

_AVERAGES = {"mean": "operand", "mse": "operand", "bce": "operand", "cross_entropy": "rows"}
"""Operations that divide by a count, and of what."""


def _repeated(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether an edge repeats a row, a column or a number for each sample."""
    return kind_of(plan.graph.nodes[edge[1]]) == "expand"


def _axes(view: View) -> tuple[int, ...]:
    """Return the axes of the gradient along which the operand was repeated."""
    shape = view.operand.shape
    spare = view.g.ndim - len(shape)
    own = (1,) * spare + shape
    return tuple(i for i, n in enumerate(own) if n == 1 and view.g.shape[i] > 1)


def _one(view: View, which: int) -> Array:
    found = view.g
    for axis in _axes(view):
        found = np.take(found, [which], axis=axis)
    return found.reshape(view.operand.shape)


def _sample(which: int) -> EdgeRule:
    def rule(view: View) -> Array:
        if kind_of(view.node) == "expand":
            return _one(view, which)
        g, a, b = matrices(view)
        pick = slice(which, which + 1 or None)
        if view.slot == 1:
            return as_operand(view, a[pick].T @ g[pick])
        return as_operand(view, g[:, pick] @ b[:, pick].T)

    return rule


def _averaged(view: View) -> Array:
    return view.right() / _samples(view)


def _samples(view: View) -> int:
    """Return over how many samples the way back sums at an edge."""
    if kind_of(view.node) == "expand":
        return int(np.prod([view.g.shape[axis] for axis in _axes(view)]))
    _g, a, b = matrices(view)
    return int(a.shape[0] if view.slot == 1 else b.shape[1])


def _summing(plan: ArrayPlan, edge: Edge) -> bool:
    return sample_edges(plan, edge) or (_repeated(plan, edge) and is_parameter(plan, edge[0]))


def _other_axis(view: View) -> Array:
    if view.g.ndim != 2:
        raise ValueError("one axis alone")
    axis = 1 - _axes(view)[0]
    return np.asarray(view.g.sum(axis=axis, keepdims=view.operand.ndim == 2))


def _scalar_edges(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether a single number goes into an operation on every entry."""
    node = plan.graph.nodes[edge[1]]
    return (
        record_of(node) is None and plan.numbers[edge[0]].ndim == 0 and plan.numbers[edge[1]].ndim > 0
    )


def _unsummed(view: View) -> Array:
    return view.g * view.slope(view.out, *view.operands)


def _count(plan: ArrayPlan, place: int) -> int:
    """Return by what an operation divides."""
    node = plan.graph.nodes[place]
    of = _AVERAGES[kind_of(node)]
    if of == "rows":
        first = plan.numbers[node.operands[0]]
        return int(first.size // first.shape[-1])
    return flat_size(node, plan) // max(1, int(plan.numbers[place].size))


def _is_average(plan: ArrayPlan, place: int) -> bool:
    node = plan.graph.nodes[place]
    return kind_of(node) in _AVERAGES and _count(plan, place) > 1


def _division(plan: ArrayPlan, place: int) -> int | None:
    """Return the number that an explicit division divides by: `sum(...)/N`; None where it is none."""
    node = plan.graph.nodes[place]
    if node.op != "divide" or plan.numbers[node.operands[1]].ndim:
        return None
    leaf = plan.graph.nodes[leaf_of(plan, node.operands[1])]
    return node.operands[1] if leaf.kind in ("constant", "input") else None


def _counts(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield averages with the count left out, taken twice, or another one."""
    abouts = sizes_about(plan)
    for edge in plan.edges:
        target = edge[1]
        count: float
        if _is_average(plan, target) and edge[2] == 0:
            count = _count(plan, target)
        else:
            by = _division(plan, target) if edge[2] == 0 else None
            if by is None:
                continue
            count = float(plan.numbers[by])
        yield from _factors(edge, count, abouts)


def _factors(edge: Edge, count: float, abouts: tuple[int, ...]) -> Iterator[ArraySite]:
    def times(factor: float) -> EdgeRule:
        return lambda view: np.broadcast_to(view.right() * factor, view.operand.shape)

    yield ArraySite(edge, ArrayBend(edges={edge: times(count)}), "forgotten")
    yield ArraySite(edge, ArrayBend(edges={edge: times(1 / count)}), "twice")
    for other in abouts:
        if other != count:
            bend = ArrayBend(edges={edge: times(count / other)})
            yield ArraySite(edge, bend, "wrong count")


def _summed_forward(plan: ArrayPlan) -> Iterator[ArraySite]:
    for place in range(len(plan.graph.nodes)):
        if not _is_average(plan, place):
            continue
        count = _count(plan, place)
        node = plan.graph.nodes[place]

        def value(plan: ArrayPlan, operands: list[Any], factor: float, node: Any = node) -> Any:
            return np.asarray(value_of(node, operands)) * factor

        yield ArraySite(
            place, ArrayBend(values={place: lambda p, o, v=value, c=count: v(p, o, c)}), "sum"  # type: ignore[misc]
        )
        for other in sizes_about(plan):
            if other != count:
                yield ArraySite(
                    place,
                    ArrayBend(values={place: lambda p, o, v=value, c=count / other: v(p, o, c)}),  # type: ignore[misc]
                    "wrong count",
                )


_REDUCED = ("sum", "mean", "max", "min", "softmax", "log_softmax", "logsumexp", "norm", "var", "std")


def _axis_forward(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield reductions and shares taken along the other axis of a matrix."""
    for place, node in enumerate(plan.graph.nodes):
        record = record_of(node)
        if record is None or record.name not in _REDUCED or plan.numbers[node.operands[0]].ndim != 2:
            continue
        options = record.with_options(dict(node.options))
        axis = options.get("axis")
        if not isinstance(axis, int):
            continue
        turned = {**options, "axis": 1 - axis % 2}

        def value(plan: ArrayPlan, operands: list[Any], record: Any = record, turned: Any = turned) -> Any:
            from ...ops.array_kernel import RAW

            return record.forward(RAW, *operands, **turned)

        yield ArraySite(place, ArrayBend(values={place: value}), "value")


def _sum_averaged(view: View) -> Array:
    found = view.right()
    return found * view.out.size / view.operand.size


ROWS = (
    Slip(
        name="batch-not-summed", family="batch", rank=1,
        sites=at_edges(_repeated, {"": lambda view: view.g}),
        sentence="The sum over the batch was forgotten: a bias is used once for each sample.",
        hint="How often is the bias used? Each use hands something back.",
    ),
    Slip(
        name="one-sample", family="batch", rank=1,
        sites=at_edges(_summing, {"first": _sample(0), "last": _sample(-1)}),
        sentence="The gradient of one sample alone stands here; it is the sum over all of them.",
        hint="Every sample of the batch hands something back to the parameter.",
        variants={
            "first": "The gradient of the first sample alone stands here; it is the sum over all samples.",
            "last": "The gradient of the last sample alone stands here; it is the sum over all samples.",
        },
    ),
    Slip(
        name="batch-averaged", family="batch", rank=2,
        sites=at_edges(_summing, {"": _averaged}),
        sentence="The gradient was averaged over the batch, where it is summed.",
        hint="Where does this loss divide by the number of samples, and is that already in the gradient?",
    ),
    Slip(
        name="wrong-axis", family="batch", rank=1,
        sites=at_edges(_repeated, {"": _other_axis}),
        sentence="The gradient was summed along the wrong axis.",
        hint="Along which axis was the value repeated? Along that one its gradient is summed.",
    ),
    Slip(
        name="uses-not-summed", family="batch", rank=2,
        sites=at_edges(_scalar_edges, {"": _unsummed}),
        sentence="A single number is used for every entry; its gradient is the sum over all of them.",
        hint="How often is this number used?",
    ),
    Slip(
        name="count", family="batch", rank=1, sites=_counts,
        sentence="The number that the loss divides by is not right on the way back.",
        hint="By how many does the loss divide: by the samples, or by all entries?",
        variants={
            "forgotten": "The 1/N of the mean was forgotten.",
            "twice": "The 1/N of the mean was taken twice.",
            "wrong count": "The mean divides by another count: by all that it is taken over.",
        },
    ),
    Slip(
        name="sum-averaged", family="batch", rank=3,
        sites=at_edges(
            lambda plan, edge: kind_of(plan.graph.nodes[edge[1]]) == "sum", {"": _sum_averaged}
        ),
        sentence="A sum was treated as a mean: nothing divides by the count here.",
        hint="Does the program say sum or mean?",
    ),
    Slip(
        name="forward-count", family="forward", rank=2, sites=_summed_forward,
        sentence="The sum stands here, where the mean is asked for.",
        hint="By how many does the loss divide?",
        variants={"wrong count": "The sum was divided by another count than the mean's."},
    ),
    Slip(
        name="forward-mean", family="forward", rank=3,
        sites=lambda plan: (
            ArraySite(
                place,
                ArrayBend(values={place: lambda p, o, n=node: np.asarray(value_of(n, o))  # type: ignore[misc]
                                  * p.numbers[p.graph.index[n.name]].size / o[0].size}),
            )
            for place, node in enumerate(plan.graph.nodes)
            if node_of("sum")(plan, place)
        ),
        sentence="The mean stands here, where the sum is asked for.",
        hint="Does the program say sum or mean?",
    ),
    Slip(
        name="forward-axis", family="forward", rank=1, sites=_axis_forward,
        sentence="It was worked out along the wrong axis.",
        hint="Along which axis: for each row, or for each column?",
    ),
)  # fmt: skip
