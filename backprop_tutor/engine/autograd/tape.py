"""The tape: what is remembered of an operation for the backward pass, and how it is recorded.

A `Rule` is an operation's backward rule. `record` wraps the raw result in a tensor and, where an input
requires a gradient, appends a `Node`: its edges (where each input came from), what it saved, and
its number. Numbers grow with creation, so descending numbers are an order for the backward pass.

A node never holds its own output tensor, so graphs are freed without the garbage collector.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import numpy as np

from ..tensors.tensor import Size, Tensor, refuse_stale, type_name, wrap
from .node import FREED, INFERENCE_SAVED, Node, Rule, plain_name

__all__ = [
    "MODE", "OUT", "POSITIONS", "Node", "Rule", "Size", "Tensor", "edge_of", "record", "record_affine",
    "record_loss", "record_many", "record_one", "saved_arrays", "saved_tensors", "set_anomaly", "watch",
    "wrap",
]


class _Mode(threading.local):
    """What this thread records: `grad` (operations are recorded) and `inference`; who is told of nodes."""

    grad: bool = True
    inference: bool = False
    told: Callable[[Node, Any], None] | None = None


MODE = _Mode()


class _Out:
    """Stands in `saved` for the operation's own output."""

    def __repr__(self) -> str:
        return "OUT"


OUT: Any = _Out()
POSITIONS: Any = (None,)
"""What operations save that keep positions among their options: freed as saved tensors are."""
_COUNT = count()
_next = _COUNT.__next__
_NOTHING: tuple[Any, Any] = ((), ())
_new = object.__new__
_ndarray = np.ndarray
_anomaly, _check_nan = False, True
_watched, _counting = 0, threading.Lock()  # how many want to know of the nodes that are made


def set_anomaly(on: bool, check_nan: bool = True) -> None:
    """Remember where each node is made, or stop doing so."""
    global _anomaly, _check_nan
    watch(on - _anomaly)
    _anomaly, _check_nan = on, check_nan


def watch(more: int) -> None:
    """Count one more, or one less, who wants to know of the nodes that are made."""
    global _watched
    with _counting:
        _watched += more


def nan_is_checked() -> bool:
    """Return whether gradients that are nan count as failures."""
    return _check_nan


def anomaly_is_on() -> bool:
    """Return whether nodes remember where they are made."""
    return _anomaly


def edge_of(x: Tensor) -> Any:
    """Return where the tensor's gradient goes: its node, itself as a leaf, or None."""
    if x._base is not None:
        refuse_stale(x)
    if not x._rg:
        return None
    return x if x._edge is None else x._edge


def _kept(saved: Iterable[Any], ver: Any, out: Any) -> tuple[Any, Any]:
    """Return the arrays of what is saved, and for each the version it has now and whose it is."""
    arrays: list[Any] = []
    checks: list[Any] = []
    for each in saved:
        if each is OUT:
            arrays.append(out)
            checks.append((ver, 0, None))
        elif each is None or each.__class__ is _ndarray:
            arrays.append(each)
            checks.append(None)
        else:
            version = each._ver
            if version is None:
                raise RuntimeError(INFERENCE_SAVED)
            arrays.append(each._a)
            checks.append((version, version[0], each))
    return arrays, checks


def _note(node: Node, inputs: Any) -> None:
    if MODE.told is not None:
        MODE.told(node, inputs)
    if _anomaly:
        import traceback  # loads much, and only anomaly detection needs it

        node.trace = "".join(traceback.format_stack()[:-2])


def _node(rule: Rule, edges: list[Any], saved: Iterable[Any], options: Any, inputs: Any) -> Node:
    node = _new(rule.node)
    node.edges = edges
    node.options = options
    node.hooks = node.trace = None
    node.seq = _next()
    node.saved, node.checks = _kept(saved, None, None) if saved else _NOTHING
    if _watched:
        _note(node, inputs)
    return node


def record(
    rule: Rule, out: Any, inputs: tuple[Any, ...], saved: tuple[Any, ...] = (), options: Any = None
) -> Tensor:
    """Return the tensor of a raw result, recorded where an input requires a gradient.

    `saved` holds tensors among the inputs, `OUT` for the result itself, raw arrays, or None.
    """
    if out.__class__ is not _ndarray:
        out = np.asarray(out)
    made = _new(Tensor)
    made._a = out
    made._edge = made._arrived = made._base = None
    if not MODE.grad:
        made._rg = False
        made._ver = None if MODE.inference else [0]
        return made
    made._ver = ver = [0]
    edges: list[Any] = []
    wanted = False
    for x in inputs:
        if x is None or (not x._rg and x._base is None):
            edges.append(None)
            continue
        if x._base is not None:
            refuse_stale(x)
        if x._rg:
            wanted = True
            edges.append(x._edge or x)
        else:
            edges.append(None)
    made._rg = wanted
    if wanted:  # as `_node` does, without the cost of calling it
        made._edge = node = _new(rule.node)
        node.edges = edges
        node.options = options
        node.hooks = node.trace = None
        node.seq = _next()
        node.saved, node.checks = _kept(saved, ver, out) if saved else _NOTHING
        if _watched:
            _note(node, inputs)
    return made


def record_one(rule: Rule, out: Any, x: Tensor, reads: int = 0, options: Any = None) -> Tensor:
    """Return what `record` returns for an operation of one tensor, at half its cost.

    `reads` says what is saved for the rule: 1 the input, 2 the result, 3 both, always in two places.
    """
    if out.__class__ is not _ndarray:
        out = np.asarray(out)
    made = _new(Tensor)
    made._a = out
    made._edge = made._arrived = made._base = None
    if not MODE.grad:
        made._rg = False
        made._ver = None if MODE.inference else [0]
        return made
    made._ver = ver = [0]
    if x._base is not None:
        refuse_stale(x)
    made._rg = x._rg
    if x._rg:
        made._edge = node = _new(rule.node)
        node.edges = (x._edge or x,)
        node.options = options
        node.hooks = node.trace = None
        node.seq = _next()
        if reads == 2:
            node.saved, node.checks = [None, out], [None, (ver, 0, None)]
        elif reads:
            read = x._ver
            if read is None:
                raise RuntimeError(INFERENCE_SAVED)
            both = reads == 3
            node.saved = [x._a, out if both else None]
            node.checks = [(read, read[0], x), (ver, 0, None) if both else None]
        else:
            node.saved, node.checks = _NOTHING
        if _watched:
            _note(node, (x,))
    return made


def record_affine(
    rule: Rule, out: Any, x: Tensor, weight: Tensor, bias: Tensor, options: Any
) -> Tensor:
    """Return what `record` returns for x·wᵀ + b, the node of every layer, at half its cost.

    Its inputs are b, x and w in this order; of x and w it saves what the other's gradient reads.
    """
    of_x, of_w = x._rg, weight._rg
    read, read_w = x._ver, weight._ver
    if (
        not MODE.grad or x._base is not None or weight._base is not None or bias._base is not None
        or read is None or read_w is None or not (of_x or of_w) or _watched
    ):
        saved = (x if of_w else None, weight if of_x else None)
        return record(rule, out, (bias, x, weight), saved, options)
    made = _new(Tensor)
    made._a = out
    made._arrived = made._base = None
    made._rg = True
    made._ver = [0]
    made._edge = node = _new(rule.node)
    node.edges = (
        bias._edge or bias if bias._rg else None,
        x._edge or x if of_x else None, weight._edge or weight if of_w else None,
    )
    node.options = options
    node.hooks = node.trace = None
    node.seq = _next()
    node.saved = [x._a if of_w else None, weight._a if of_x else None]
    node.checks = [
        (read, read[0], x) if of_w else None, (read_w, read_w[0], weight) if of_x else None,
    ]
    return made


def record_loss(rule: Rule, out: Any, x: Tensor, target: Tensor, options: Any) -> Tensor:
    """Return what `record` returns for a loss of x and a constant target, both saved, at half its cost."""
    read, read_target = x._ver, target._ver
    if (
        not x._rg or not MODE.grad or x._base is not None or target._base is not None
        or read is None or read_target is None or _watched
    ):
        return record(rule, out, (x, target), (x, target), options)
    made = _new(Tensor)
    made._a = out if out.__class__ is _ndarray else np.asarray(out)
    made._arrived = made._base = None
    made._rg = True
    made._ver = [0]
    made._edge = node = _new(rule.node)
    node.edges = (x._edge or x, None)
    node.options = options
    node.hooks = node.trace = None
    node.seq = _next()
    node.saved = [x._a, target._a]
    node.checks = [(read, read[0], x), (read_target, read_target[0], target)]
    return made


def record_many(
    rule: Rule, outs: Iterable[Any], inputs: tuple[Any, ...], saved: tuple[Any, ...] = (),
    options: Any = None, differentiable: tuple[bool, ...] | None = None,
) -> tuple[Tensor, ...]:
    """Return the tensors of an operation with several results (`rule.many`)."""
    made = tuple(wrap(np.asarray(out)) for out in outs)
    mode = MODE
    if not mode.grad:
        if mode.inference:
            for each in made:
                each._ver = None
        return made
    edges = [None if x is None else edge_of(x) for x in inputs]
    if any(edge is not None for edge in edges):
        node = _node(rule, edges, [s for s in saved if not isinstance(s, int)], options, inputs)
        for s in saved:  # a number in `saved` stands for that output
            if isinstance(s, int):
                node.saved = [*node.saved, made[s]._a]
                node.checks = [*node.checks, (made[s]._ver, 0, s)]
        node.meta = [(each._a.shape, each._a.dtype) for each in made]
        for i, each in enumerate(made):
            if differentiable is None or differentiable[i]:
                each._edge = (node, i)
                each._rg = True
    return made


def _renew(node: Any, i: int, name: str) -> None:
    """Put in place of the node's saved array number `i` the one that its tensor has today.

    `name` is what a message calls the node.

    Raises:
        RuntimeError: it has another shape or dtype than what was computed with, or the node keeps
            numbers computed from the array before.
    """
    source, kept = node.checks[i][2], node.saved[i]
    if not isinstance(source, Tensor) or source._a is kept:
        return
    today = source._a
    fits = today.shape == kept.shape and today.dtype == kept.dtype
    if not fits or any(
        check is None and array is not None and array.dtype.kind == "f"
        for array, check in zip(node.saved, node.checks, strict=True)
    ):
        of_kept = "" if fits else f" of shape {list(kept.shape)} ({type_name(kept, True)})"
        of_today = "" if fits else f", of shape {list(today.shape)} ({type_name(today, True)})"
        raise RuntimeError(
            f"`.data` of a tensor{of_kept} that {name} saved for its backward pass was "
            f"assigned another one{of_today}; its gradient is no longer that of what was computed. "
            "Assign `.data` after backward(), or compute the result again."
        )
    node.saved[i] = today


def _check(node: Node, i: int) -> None:
    version, seen, source = node.checks[i]
    if int(version[0]) == int(seen):
        _renew(node, i, plain_name(node))
    else:
        array = node.saved[i]
        turned = i in node.turned
        shape = ", ".join(map(str, reversed(array.shape) if turned else array.shape))
        which = ""
        if turned:
            which = ", which is output 0 of AsStrided,"
        elif source is None or isinstance(source, int):
            which = f", which is output {source or 0} of {plain_name(node)},"
        elif source._edge is not None and not isinstance(source._edge, Tensor):
            which = f", which is output {source.output_nr} of {plain_name(source.grad_fn)},"
        hint = (
            "Hint: the backtrace further above shows the operation that failed to compute its "
            "gradient. The variable in question was changed in there or anywhere later. Good luck!"
            if _anomaly else
            "Hint: enable anomaly detection to find the operation that failed to compute its "
            "gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
        )
        raise RuntimeError(
            "one of the variables needed for gradient computation has been modified by an inplace "
            f"operation: [{type_name(array, True)} [{shape}]]{which} is at version {version[0]}; "
            f"expected version {seen} instead. {hint}"
        )


def complain_of_write(node: Node) -> Any:
    """Return what the node saved where only `.data` was exchanged; raise the error of a write."""
    for i, check in enumerate(node.checks):
        if check is not None and check[0][0] != check[1]:
            _check(node, i)
    return node.saved


def saved_arrays(node: Node) -> Any:
    """Return what the node saved, as raw arrays.

    Raises:
        RuntimeError: it was freed, or something saved was written to since.
    """
    if node.saved is None:
        raise RuntimeError(FREED)
    return complain_of_write(node)


def saved_tensors(node: Node) -> list[Any]:
    """Return what the node saved, as tensors that continue the graph.

    Raises:
        RuntimeError: it was freed, or something saved was written to since.
    """
    found: list[Any] = []
    saved = saved_arrays(node)
    for array, check in zip(saved, node.checks, strict=True):
        if check is None:
            found.append(None if array is None else wrap(array))
            continue
        version, _, source = check
        if isinstance(source, Tensor) and source._a is array:
            found.append(source)
            continue
        again = wrap(array)
        again._ver = version
        if isinstance(source, Tensor):
            again._edge, again._rg = edge_of(source), source._rg
        else:
            again._edge, again._rg = ((node, source) if node.many else node), True
        found.append(again)
    return found
