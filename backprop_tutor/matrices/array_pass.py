"""The pass over arrays: values forward, gradients back, by the rules of `ops` on the kernel of arrays.

Entry by entry goes the chain rule, δ ⊙ f′; what mixes entries has a rule of its own. A single number that
is used for every entry gathers the sum over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import DomainError, ShapeError
from ..frozen import FrozenDict
from ..graph import Node
from ..language import shown_name, written
from ..ops import OPS
from ..ops.array_kernel import RAW
from ..ops.sizes import shown
from ..sentences import said
from ..steps import AccumulateStep, BackwardStep, Contribution, ForwardStep, SeedStep, Step
from .array_graph import ArrayGraph, Bound, is_target, options_of, record_of
from .given import finite

__all__ = [
    "array_pass", "as_needed", "back", "forward", "kind_of", "need_number", "single", "value_of",
    "way_back",
]  # fmt: skip

Array = Any


def value_of(node: Node, operands: list[Array], kernel: Any = RAW) -> Array:
    """Return an operation's value from its operands' values."""
    record = record_of(node)
    if record is not None:
        return record.forward(
            kernel, *_padded(node, operands), **options_of(node)
        )
    row = OPS[node.op]
    options = row.with_options(node.options)
    rule = row.value if kernel is RAW else row.forward
    return rule(kernel, *operands, **options)


def way_back(
    node: Node, slot: int, g: Array, out: Array, operands: list[Array], kernel: Any = RAW
) -> Array:
    """Return the gradient that an operation hands to the operand number `slot`; None if it has none."""
    record = record_of(node)
    if record is not None:
        rule = record.gradient(slot)
        if rule is None:
            return None
        return rule(kernel, g, out, *_padded(node, operands), **options_of(node))
    row = OPS[node.op]
    slope = row.slope(slot) if kernel is RAW else row.partial(slot)
    local = slope(kernel, out, *operands, **row.with_options(node.options))
    return kernel.fit(g * local, kernel.shape(operands[slot]))


def _padded(node: Node, operands: list[Array]) -> list[Array]:
    """Return the operands with None for those that were left out."""
    record = record_of(node)
    assert record is not None  # asked of records alone
    spare = 0 if record.many else len(record.operands) - len(operands)
    return [*operands, *([None] * spare)]


def array_pass(graph: ArrayGraph, at: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a derivation: values, gradients, contributions, steps.

    Raises:
        ShapeError: an output that is no single number.
        DomainError: a value or a gradient that is not finite; the operation and the entry are named.
    """
    need_number(graph)
    steps: list[Step] = []
    numbers = forward(graph, at, steps)
    upstreams, edges = back(graph, numbers, np.ones((), kind_of(at)), steps)
    return {
        "numbers": tuple(map(single, numbers)), "contributions": FrozenDict(edges),
        "upstreams": tuple(None if g is None else single(g) for g in upstreams),
        "steps": tuple(steps),
    }  # fmt: skip


def need_number(graph: ArrayGraph) -> None:
    """Refuse an output that is no single number.

    Raises:
        ShapeError: it has rows or columns.
    """
    if graph.shapes[graph.output]:
        name = graph.nodes[graph.output].name
        raise ShapeError(
            said(
                "the output {name} is {shape}, and gradients are those of a single number; add a last "
                "line such as L = sum({name})",
                name=name, shape=shown(graph.shapes[graph.output]),
            )
        )  # fmt: skip


def kind_of(at: Mapping[str, Any]) -> Any:
    """Return the dtype that a pass computes in: float32 where all arrays are of it, else float64.

    >>> kind_of({"W": np.zeros((2, 2), np.float32), "y": np.array([1])}), kind_of({"W": np.zeros(2)})
    (dtype('float32'), dtype('float64'))
    """
    kinds = {array.dtype for array in at.values() if getattr(array, "ndim", 0) and array.dtype.kind == "f"}
    return kinds.pop() if len(kinds) == 1 else _DOUBLE


_DOUBLE = np.dtype(np.float64)


def forward(graph: ArrayGraph, at: Mapping[str, Any], steps: list[Step]) -> list[Array]:
    """Return every node's value, and add a step for each operation.

    Raises:
        DomainError: a value that is not finite; the operation and the entry are named.
    """
    numbers: list[Array] = []
    kind = kind_of(at)
    with np.errstate(all="ignore"):
        for place, (node, bound) in enumerate(zip(graph.nodes, graph.bound, strict=True)):
            if bound is not None:
                operands = _needed(bound, [numbers[i] for i in node.operands], kind)
                value: Any = np.asarray(bound.value(operands))
                if not finite(value, quietly=False):
                    _refuse(graph, place, value, "value", node.name)
                steps.append(ForwardStep(len(steps) + 1, node.name, single(value), place))
            elif node.kind == "input":
                value = np.asarray(at[node.name])
            else:
                value = np.asarray(float(node.value or 0), kind)
            value.flags.writeable = False
            numbers.append(value)
    return numbers


def as_needed(node: Node, operands: list[Array]) -> list[Array]:
    """Return whole numbers as float64, but for labels, which stay what they are."""
    arrays = map(np.asarray, operands)
    return [
        array if array.dtype.kind == "f" or is_target(node, slot) else array.astype(np.float64)
        for slot, array in enumerate(arrays)
    ]


def _needed(bound: Bound, operands: list[Array], kind: Any) -> list[Array]:
    """Return operands as `as_needed` does, where the operation's rules are at hand."""
    return [
        array if array.dtype.kind == "f" or slot in bound.targets else array.astype(kind)
        for slot, array in enumerate(operands)
    ]


def single(array: Array) -> Array:
    """Return an array as users hold it: one without axes is a number.

    >>> single(np.array(2.0)), single(np.array([2.0]))
    (2.0, array([2.]))
    """
    return array if array.ndim else array[()].item()


def _refuse(graph: ArrayGraph, place: int, array: Array, kind: str, name: str) -> None:
    """Refuse a value or a gradient with the first entry that is not finite."""
    what = (
        said("the value of {name}", name=shown_name(name)) if kind == "value"
        else said("the gradient of {name}", name=shown_name(name))
    )  # fmt: skip
    wrong: Any = np.argwhere(~np.isfinite(array))
    entry = ", ".join(map(str, wrong[0]))
    formula = f"{shown_name(graph.nodes[place].name)} = {written(graph.formula(place))}"
    raise DomainError(
        said(
            "{what} is {value} at entry [{entry}], in {formula}",
            what=what, value=array[tuple(wrong[0])], entry=entry, formula=formula,
        ) if len(wrong[0]) else said(
            "{what} is {value}, in {formula}", what=what, value=array[()], formula=formula
        )
    )  # fmt: skip


def back(
    graph: ArrayGraph, numbers: Sequence[Array], seed: Array, steps: list[Step]
) -> tuple[list[Array | None], dict[tuple[int, int, int], Contribution]]:
    """Return every node's gradient and what each edge hands back, the output's gradient being the seed.

    Raises:
        DomainError: a gradient that is not finite; the operation and the entry are named.
    """
    with np.errstate(all="ignore"):
        return _back(graph, numbers, seed, steps)


def _back(
    graph: ArrayGraph, numbers: Sequence[Array], seed: Array, steps: list[Step]
) -> tuple[list[Array | None], dict[tuple[int, int, int], Contribution]]:
    nodes, kind = graph.nodes, seed.dtype
    varies = [v and numbers[i].dtype.kind == "f" for i, v in enumerate(graph.varies)]
    upstreams: list[Array | None] = [None] * len(nodes)
    edges: dict[tuple[int, int, int], Contribution] = {}
    relevant, awaited = graph.relevant, list(graph.awaited)
    steps.append(SeedStep(len(steps) + 1, nodes[graph.output].name, graph.output))
    upstreams[graph.output] = seed
    for place in range(graph.output, -1, -1):
        node, upstream, bound = nodes[place], upstreams[place], graph.bound[place]
        if bound is None or not relevant[place] or upstream is None:
            continue
        operands = _needed(bound, [numbers[i] for i in node.operands], kind)
        handed = []
        above = single(upstream)
        for slot, source in enumerate(node.operands):
            if not varies[source]:
                continue
            local, back = bound.handed(slot, upstream, numbers[place], operands)
            if back is None:
                continue
            back = np.asarray(back, kind)
            if back.shape != numbers[source].shape:
                back = np.array(np.broadcast_to(back, numbers[source].shape))
            elif back.base is not None or back.flags.writeable is False:
                back = back.view()  # what passes through unchanged is held once
            if back.base is not upstream and not finite(back, quietly=False):
                _refuse(graph, place, back, "gradient", nodes[source].name)
            back.flags.writeable = False
            edge = Contribution(
                nodes[source].name, node.name, slot,
                local if bound.mixes else single(np.asarray(local)), above, single(back), (source, place),
            )  # fmt: skip
            edges[source, place, slot] = edge
            handed.append(edge)
        if handed:
            steps.append(BackwardStep(len(steps) + 1, node.name, above, tuple(handed), place))
        for source in dict.fromkeys(node.operands):
            awaited[source] -= node.operands.count(source)
            if awaited[source] == 0 and varies[source]:
                upstreams[source] = _gathered(graph, source, edges, steps, numbers)
    for place, wanted in enumerate(varies):
        if wanted and upstreams[place] is None:  # the output does not depend on it
            upstreams[place] = np.zeros(numbers[place].shape, kind)
    return upstreams, edges


def _gathered(
    graph: ArrayGraph,
    source: int,
    edges: Mapping[tuple[int, int, int], Contribution],
    steps: list[Step],
    numbers: Sequence[Array],
) -> Array:
    handed = tuple([
        edge for use in graph.uses[source] if (edge := edges.get((source, use.target, use.slot)))
    ])
    if len(handed) == 1:
        return np.asarray(handed[0].downstream)
    total: Any = np.zeros(numbers[source].shape, numbers[source].dtype)
    for edge in handed:
        total = np.asarray(total + edge.downstream)
    total.flags.writeable = False
    if len(handed) > 1:
        name = graph.nodes[source].name
        steps.append(AccumulateStep(len(steps) + 1, name, handed, single(total), source))
    return total
