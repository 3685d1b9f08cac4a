"""What stands around the backward pass: hooks, gradients wanted elsewhere, anomaly detection, records.

The pass (`traversal`) calls the rule of a node itself in the usual case. Where a node carries hooks, or
the pass is to end at some places, to look for nans or to be recorded, it asks an `Around` instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from .node import FREED
from .tape import (
    Node,
    Tensor,
    anomaly_is_on,
    complain_of_write,
    nan_is_checked,
    saved_tensors,
    wrap,
)

__all__ = ["KERNELS", "PLAIN", "Around", "call_hook"]

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


def call_hook(hook: Any, g: Any, raw: bool) -> Any:
    """Return the gradient that a hook makes of one, or the same where it makes none."""
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
            grads[index] = call_hook(hook, grads[index], raw)
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
    """Store the gradient of a tensor that is not a leaf; a later pass makes a new sum."""
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


def _capture(node: Node, g: Any, targets: set[Any], captured: dict[Any, Any]) -> None:
    if node in targets:
        captured[node] = g
    elif node.many:
        for i in range(len(g)):
            if (node, i) in targets:
                captured[node, i] = g[i]


def _complain_of_nan(node: Node, results: Any) -> None:
    for i, r in enumerate(results):
        if r is None:
            continue
        array = r._a if isinstance(r, Tensor) else np.asarray(r)
        if array.dtype.kind == "f" and np.isnan(array).any():
            raise RuntimeError(
                f"Function '{type(node).__name__}' returned nan values in its {i}th output."
            )


def _called(node: Node, kernel: Any, g: Any, saved: Any) -> Any:
    """Return what a node's rule makes of a gradient, by its way of arrays where the kernel is theirs."""
    if kernel is RAW:
        return node.of_arrays(g, saved, node.options, node.edges)
    return node.backward(kernel, g, saved, node.options, [edge is not None for edge in node.edges])


def _watched(node: Node, kernel: Any, g: Any, saved: Any) -> Any:
    """Run a node's rule under anomaly detection."""
    try:
        results = _called(node, kernel, g, saved)
        if nan_is_checked():
            _complain_of_nan(node, results)
    except Exception:
        _say_where(node)
        raise
    return results


def _say_where(node: Node) -> None:
    """Warn where the failing operation was recorded."""
    if node.trace:
        warnings.warn(
            f"Error detected in {type(node).__name__}. Traceback of forward call that caused the "
            f"error:\n{node.trace}", UserWarning, stacklevel=4,
        )


class Around:
    """Calls the rules of a pass that is more than the usual one.

    `only` are the edges to end at, `captured` gets what arrived at them; under `create` tensors
    take the place of arrays, so that the pass itself is recorded.
    """

    raw: bool
    captured: dict[Any, Any] | None
    watched: bool

    def __init__(
        self, roots: Sequence[tuple[Any, Any]], create: bool, only: Sequence[Any] | None,
        captured: dict[Any, Any] | None,
    ) -> None:
        self.raw, self.captured, self.watched = not create, captured, anomaly_is_on()
        self.kernel: Any = KERNELS["tensor"] if create else RAW
        self.targets: set[Any] | None = None
        if only is not None:
            self.targets = set(only)
            self.useful: set[Any] = _reaching([_node_of(edge) for edge, _ in roots], self.targets)

    def __call__(self, node: Node, g: Any) -> Any:
        """Return what the node's rule makes of a gradient, or None where nobody wants it."""
        if node.hooks is not None:
            g = _before(node, g, self.raw)
        if self.targets is not None:
            if self.captured is not None:
                _capture(node, g, self.targets, self.captured)
            if node not in self.useful:
                return None
        saved = node.saved
        if saved is None:
            raise RuntimeError(FREED)
        for check in node.checks:
            if check is not None and check[0][0] != check[1]:
                saved = complain_of_write(node)
        if not self.raw:
            saved = saved_tensors(node)
        if self.watched:
            results = _watched(node, self.kernel, g, saved)
        else:
            results = _called(node, self.kernel, g, saved)
        return results if node.hooks is None else _after(node, results, g, self.raw)


PLAIN = Around((), False, None, None)
"""What stands around the usual pass: it is asked for nodes that carry hooks only."""
