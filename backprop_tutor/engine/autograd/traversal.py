"""The backward pass: nodes from the last to the first, each handing gradients to its inputs.

With g = ∂L/∂out at a node, its rule gives for each input x the product g · ∂out/∂x; what several
nodes hand to one x is added up, ∂L/∂x = Σ g · ∂out/∂x. Four steps, again and again:

    schedule   the node recorded last among those that have received something: all that can still
               reach it were recorded after it, so it has received everything
    call       its rule, on its gradient and what it saved
    add up     what the rule returns, to what each input has received so far
    deliver    at the end, to each leaf, what has arrived: into `.grad`

Nothing recurses, and no sum lives on a node: the pass keeps them. What else can be asked of a pass
(hooks, ends at other places, nans, a record of itself) stands in `around`.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush, heapreplace
from typing import Any

import numpy as np

from .around import PLAIN, Around, call_hook
from .node import FREED
from .tape import Node, Rule, Tensor, anomaly_is_on, complain_of_write, record, wrap

__all__ = ["run_backward"]

_ndarray = np.ndarray


def run_backward(
    roots: Sequence[tuple[Any, Any]], keep: bool, create: bool,
    only: Sequence[Any] | None = None, captured: dict[Any, Any] | None = None,
) -> None:
    """Send each root's gradient back through the graph.

    `roots` are (edge, gradient) with raw arrays, or tensors under `create`. Without `only`,
    leaves accumulate. With it, only the edges in `only` receive: leaves accumulate, and where
    `captured` is a dictionary it gets what arrived, keyed by edge, instead.
    """
    drop = not keep
    special = create or only is not None or anomaly_is_on()
    around = Around(roots, create, only, captured) if special else PLAIN
    arrived: dict[Node, Any] = {}  # node -> its gradient so far
    leaves: dict[Tensor, Any] = {}  # leaf -> its gradient so far
    shared: set[Tensor] = set()  # leaves whose gradient somebody else may hold
    waiting: list[tuple[int, Node]] = []  # a heap: the node recorded last comes first
    for edge, g in roots:
        _receive(edge, g, arrived, leaves, shared, waiting)

    follower: Any = None  # a node that has received `ahead`, and is not in the heap
    ahead: Any = None
    while True:
        # schedule
        if follower is None:
            if not waiting:
                break
            node = heappop(waiting)[1]
            g = arrived.pop(node)
        elif waiting and waiting[0][0] < -follower.seq:
            arrived[follower] = ahead
            node = heapreplace(waiting, (-follower.seq, follower))[1]
            g = arrived.pop(node)
        else:
            node, g = follower, ahead
        follower = None

        # call the rule
        edges = node.edges
        if special or node.hooks is not None:
            results = around(node, g)
            if results is None:
                continue
            if drop and node.checks:
                node.saved = None
        else:
            saved = node.saved
            if saved:
                for check in node.checks:
                    if check is not None and check[0][0] != check[1]:
                        saved = complain_of_write(node)
            elif saved is None:
                raise RuntimeError(FREED)
            results = node.of_arrays(g, saved, node.options, edges)
            if drop and saved:
                node.saved = None

        # add up
        for edge, r in zip(edges, results):  # noqa: B905  (the hot loop; rules return as many)
            if r is None or edge is None:
                continue
            if type(edge) is tuple:
                _receive(edge, r, arrived, leaves, shared, waiting)
                continue
            number = edge.seq
            if number < 0:  # a leaf
                if edge in leaves:
                    leaves[edge] = leaves[edge] + r
                    shared.discard(edge)
                else:
                    leaves[edge] = r
                    if not node.fresh:
                        shared.add(edge)
            elif edge is follower:
                ahead = ahead + r
            elif edge in arrived:
                arrived[edge] = arrived[edge] + r
            elif follower is None:
                follower, ahead = edge, r
            else:
                arrived[edge] = r
                heappush(waiting, (-number, edge))

    # deliver
    for leaf, g in leaves.items():
        if not leaf._rg:  # detached since
            continue
        if (
            leaf._arrived is None and not special and not (shared and leaf in shared)
            and not leaf.__dict__ and type(g) is _ndarray and g.dtype is leaf._a.dtype
        ):
            leaf._arrived = g  # the first gradient is the sum itself
        else:
            _deliver(leaf, g, leaf not in shared, around)


def _receive(
    edge: Any, g: Any, arrived: dict[Node, Any], leaves: dict[Tensor, Any], shared: set[Tensor],
    waiting: list[Any],
) -> None:
    """Add a gradient to what has arrived along any kind of edge; a node met first waits its turn."""
    if type(edge) is tuple:
        node, index = edge
        slots = arrived.get(node)
        if slots is None:
            slots = arrived[node] = [None] * len(node.meta)
            heappush(waiting, (-node.seq, node))
        slots[index] = g if slots[index] is None else slots[index] + g
    elif edge.seq < 0:
        leaves[edge] = leaves[edge] + g if edge in leaves else g
        shared.add(edge)
    elif edge in arrived:
        arrived[edge] = arrived[edge] + g
    else:
        arrived[edge] = g
        heappush(waiting, (-edge.seq, edge))


def _deliver(leaf: Tensor, g: Any, fresh: bool, around: Around) -> None:
    """Hand a leaf its gradient: to `.grad`, or to who wanted it elsewhere; its hooks come first."""
    extra = leaf.__dict__
    if extra and "_hooks" in extra:
        for hook in list(extra["_hooks"].values()):
            g = call_hook(hook, g, around.raw)
        fresh = False
    if around.targets is not None:
        if leaf not in around.targets:
            return
        if around.captured is not None:
            around.captured[leaf] = g
            return
    _accumulate(leaf, g, around.raw, fresh)
    if extra and "_after_hooks" in extra:
        for hook in list(extra["_after_hooks"].values()):
            hook(leaf)


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
