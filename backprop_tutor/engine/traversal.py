"""The backward pass: nodes from the last to the first, each handing gradients to its inputs.

Creation order is a topological order, so a heap of node numbers is all the scheduling there is;
nothing recurses. What is summed on the way lives in dictionaries of this pass, never on nodes.
Raw arrays run through the rules normally; under `create_graph` tensors do, and are recorded.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush, heapreplace
from typing import Any

import numpy as np

from .kernels import RAW
from .tape import (
    FREED,
    Node,
    Rule,
    Tensor,
    anomaly_is_on,
    complain_of_write,
    nan_is_checked,
    record,
    saved_tensors,
    wrap,
)

__all__ = ["KERNELS", "run_backward"]

_ndarray = np.ndarray
_new = object.__new__
KERNELS: dict[str, Any] = {}
"""Holds the TENSOR kernel once it is imported: it stands on operations that stand on this."""


def _reaching(roots: Iterable[Any], targets: set[Any]) -> set[Any]:
    """Return the nodes among the roots' ancestors from which a target is reached."""
    seen: dict[Any, Node] = {}
    stack = [root for root in roots if isinstance(root, Node)]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen[node] = node
        for edge in node.edges:
            if type(edge) is tuple:
                edge = edge[0]
            if isinstance(edge, Node) and edge not in seen:
                stack.append(edge)
    useful: set[Any] = set()
    for node in sorted(seen, key=lambda n: n.seq):
        if any(edge in targets or _node_of(edge) in useful or (_node_of(edge) in targets)
               for edge in node.edges if edge is not None):
            useful.add(node)
    return useful


def _node_of(edge: Any) -> Any:
    return edge[0] if type(edge) is tuple else edge


def _zeros(meta: Any, raw: bool) -> Any:
    made = np.zeros(meta[0], meta[1])
    return made if raw else wrap(made)


def _call_hook(hook: Any, g: Any, raw: bool, meta: Any = None) -> Any:
    given = wrap(np.asarray(g)) if raw else g
    answer = hook(given)
    if answer is None:
        return given._a if raw else given
    if not isinstance(answer, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(answer).__name__}'")
    if answer._a.shape != given._a.shape:
        raise RuntimeError(
            f"hook '{getattr(hook, '__name__', hook)}' has changed the size of value"
        )
    return answer._a if raw else answer


def _before(node: Node, g: Any, raw: bool) -> Any:
    """Run the hooks on what arrives at a node: those of tensors, kept gradients, node hooks."""
    grads = list(g) if node.many else [g]
    kept: list[tuple[int, Any]] = []
    for kind, index, _, hook in list(node.hooks):
        if kind == "tensor":
            if grads[index] is None:
                grads[index] = _zeros(node.meta[index], raw)
            grads[index] = _call_hook(hook, grads[index], raw)
        elif kind == "retain":
            kept.append((index, hook))
        elif kind == "pre":
            given = tuple(None if x is None else wrap(np.asarray(x)) if raw else x for x in grads)
            answer = hook(given)
            if answer is not None:
                grads = [None if x is None else x._a if raw else x for x in answer]
    for index, held in kept:
        tensor = held()
        if tensor is not None and grads[index] is not None:
            _keep(tensor, grads[index], raw)
    return grads if node.many else grads[0]


def _keep(tensor: Tensor, g: Any, raw: bool) -> None:
    """Store the gradient of a tensor that is no leaf; a later pass makes a new sum."""
    held = tensor._grad
    if raw:
        g = wrap(np.array(g))
    tensor._grad = g if held is None else held + g


def _after(node: Node, results: Any, g: Any, raw: bool) -> Any:
    for kind, _, _, hook in list(node.hooks):
        if kind == "post":
            given = g if node.many else [g]
            ins = tuple(None if x is None else wrap(np.asarray(x)) if raw else x for x in results)
            outs = tuple(None if x is None else wrap(np.asarray(x)) if raw else x for x in given)
            answer = hook(ins, outs)
            if answer is not None:
                if isinstance(answer, Tensor):
                    answer = (answer,)
                results = tuple(None if x is None else x._a if raw else x for x in answer)
    return results


KEPT = Rule("CopyBackwards", lambda k, g, saved, options, need: (g,))
"""How a gradient that is part of a graph itself comes into `.grad`."""


def _accumulate(leaf: Tensor, g: Any, raw: bool, fresh: bool) -> None:
    held = leaf._grad
    kind = leaf._a.dtype
    if not raw:
        if g._a.dtype != kind:
            g = g.to(leaf.dtype)
        # a copy: what arrives may be another leaf's too, or a view of something else
        leaf._grad = record(KEPT, g._a.copy(), (g,)) if held is None else held + g
        return
    if g.dtype is not kind and g.dtype != kind:
        g, fresh = g.astype(kind), True
    if held is None:
        if g.__class__ is not _ndarray or not fresh:
            g = np.array(g)
        leaf._grad = wrap(g)
    elif held._rg:
        leaf._grad = held + wrap(np.asarray(g))
    else:
        np.add(held._a, g, out=held._a)
        held._ver[0] += 1


def _complain_of_nan(node: Node, results: Any) -> None:
    for i, r in enumerate(results):
        if r is None:
            continue
        array = r._a if isinstance(r, Tensor) else np.asarray(r)
        if array.dtype.kind == "f" and np.isnan(array).any():
            raise RuntimeError(
                f"Function '{type(node).__name__}' returned nan values in its {i}th output."
            )


def run_backward(
    roots: Sequence[tuple[Any, Any]], keep: bool, create: bool,
    only: Sequence[Any] | None = None, captured: dict[Any, Any] | None = None,
) -> None:
    """Send each root's gradient back through the graph.

    `roots` are (edge, gradient) with raw arrays, or tensors under `create`. Without `only`,
    leaves accumulate. With it, only the edges in `only` receive: leaves accumulate, and where
    `captured` is a dictionary it gets what arrived, keyed by edge, instead.
    """
    raw = not create
    kernel = RAW if raw else KERNELS["tensor"]
    arrived: dict[Any, Any] = {}  # node or leaf -> gradient so far
    fresh_leaves: dict[Any, bool] = {}  # leaf -> whether its gradient is held by nobody else
    heap: list[tuple[int, Node]] = []
    targets: set[Any] = set()
    useful: set[Any] | None = None
    if only is not None:
        targets = set(only)
        useful = _reaching([_node_of(edge) for edge, _ in roots], targets)
    watched = anomaly_is_on()

    for edge, g in roots:
        _receive(edge, g, arrived, fresh_leaves, heap)

    follower: Any = None  # the one node that is next anyway, without a turn in the heap
    while heap or follower is not None:
        if follower is None:
            node = heappop(heap)[1]
        elif heap and heap[0][0] < -follower.seq:
            node = heapreplace(heap, (-follower.seq, follower))[1]
        else:
            node = follower
        follower = None
        g = arrived.pop(node)
        if node.hooks is not None:
            g = _before(node, g, raw)
        if useful is not None:
            if captured is not None:
                _capture(node, g, targets, captured)
            if node not in useful:
                continue
        saved = node.saved
        if saved is None:
            raise RuntimeError(FREED)
        for check in node.checks:
            if check is not None and check[0][0] != check[1]:
                saved = complain_of_write(node)
        if not raw:
            saved = saved_tensors(node)
        edges = node.edges
        if watched:
            results = _watched(node, kernel, g, saved)
        else:
            results = node.backward(
                kernel, g, saved, node.options, [edge is not None for edge in edges]
            )
        if node.hooks is not None:
            results = _after(node, results, g, raw)
        if not keep and node.checks:
            node.saved = None
        for edge, r in zip(edges, results):  # noqa: B905  (the hot loop; rules return as many)
            if r is None or edge is None:
                continue
            if edge.__class__ is tuple:
                _receive(edge, r, arrived, fresh_leaves, heap)
            elif edge in arrived:
                arrived[edge] = arrived[edge] + r
                if edge.seq < 0:
                    fresh_leaves[edge] = True
            else:
                arrived[edge] = r
                number = edge.seq
                if number < 0:
                    fresh_leaves[edge] = node.fresh
                elif follower is None:
                    follower = edge
                else:
                    heappush(heap, (-number, edge))

    _deliver(arrived, fresh_leaves, raw, targets if only is not None else None, captured)


def _receive(
    edge: Any, g: Any, arrived: dict[Any, Any], leaves: dict[Any, bool], heap: list[Any]
) -> None:
    """Add a gradient to what has arrived along an edge; a node met first takes its turn."""
    if type(edge) is tuple:
        node, index = edge
        slots = arrived.get(node)
        if slots is None:
            slots = arrived[node] = [None] * len(node.meta)
            heappush(heap, (-node.seq, node))
        slots[index] = g if slots[index] is None else slots[index] + g
    elif edge in arrived:
        arrived[edge] = arrived[edge] + g
    else:
        arrived[edge] = g
        if edge.seq < 0:
            leaves[edge] = False
        else:
            heappush(heap, (-edge.seq, edge))


def _capture(node: Node, g: Any, targets: set[Any], captured: dict[Any, Any]) -> None:
    if node in targets:
        captured[node] = g
    elif node.many:
        for i in range(len(g)):
            if (node, i) in targets:
                captured[node, i] = g[i]


def _watched(node: Node, kernel: Any, g: Any, saved: Any) -> Any:
    """Run a node's rule under anomaly detection."""
    try:
        results = node.backward(
            kernel, g, saved, node.options, [edge is not None for edge in node.edges]
        )
        if nan_is_checked():
            _complain_of_nan(node, results)
    except Exception:
        _say_where(node)
        raise
    return results


def _deliver(
    arrived: dict[Any, Any], leaves: dict[Any, bool], raw: bool, targets: set[Any] | None,
    captured: dict[Any, Any] | None,
) -> None:
    """Hand the leaves what has arrived: to `.grad`, or to `captured`."""
    for leaf, fresh in leaves.items():
        if not leaf._rg:  # detached since
            continue
        g = arrived[leaf]
        extra = leaf.__dict__
        if extra and "_hooks" in extra:
            for hook in list(extra["_hooks"].values()):
                g = _call_hook(hook, g, raw)
            fresh = False
        if targets is not None:
            if leaf not in targets:
                continue
            if captured is not None:
                captured[leaf] = g
                continue
        if (
            raw and fresh and leaf._grad is None and g.__class__ is _ndarray
            and g.dtype is leaf._a.dtype
        ):
            leaf._grad = made = _new(Tensor)  # as `wrap` does
            made._a = g
            made._rg = False
            made._edge = made._grad = made._base = None
            made._ver = [0]
        else:
            _accumulate(leaf, g, raw, fresh)
        if extra and "_after_hooks" in extra:
            for hook in list(extra["_after_hooks"].values()):
                hook(leaf)


def _say_where(node: Node) -> None:
    """Warn where the failing operation was recorded."""
    if node.trace:
        warnings.warn(
            f"Error detected in {type(node).__name__}. Traceback of forward call that caused the "
            f"error:\n{node.trace}", UserWarning, stacklevel=4,
        )
