"""Views: tensors that share another's memory, and what writing through one does to the graph.

A view shares its base's array memory and version counter. When a view is written to, the base's
history changes: a node that takes the view's old part of the gradient elsewhere (`CopySlices`)
becomes the base's, and every other view finds out, by the base's epoch, when it is next used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .tape import MODE, Rule, Tensor, edge_of, record, wrap

__all__ = ["CUSTOM", "MANY", "UNTRACKED", "positions", "record_view", "write_through"]

SINGLE, MANY, UNTRACKED, CUSTOM = 0, 1, 2, 3


def record_view(
    rule: Rule, out: Any, x: Tensor, options: Any = None, kind: int = SINGLE
) -> Tensor:
    """Return the recorded tensor of an array that shares x's memory."""
    made = record(rule, out, (x,), (), options)
    made._ver = x._ver
    base = x._base
    made._base = base = x if base is None else base
    made._epoch = base._epoch
    made._kind = kind if MODE.grad else UNTRACKED
    return made


def positions(base: Any, part: Any) -> Any:
    """Return, for each element of `part`, its number among the elements of `base`."""

    def offsets(array: Any, origin: int) -> Any:
        found = np.full(array.shape, array.__array_interface__["data"][0] - origin, np.int64)
        for axis, (n, stride) in enumerate(zip(array.shape, array.strides, strict=True)):
            steps = np.arange(n, dtype=np.int64) * stride
            found += steps.reshape((-1,) + (1,) * (array.ndim - axis - 1))
        return found

    origin = base.__array_interface__["data"][0]
    held = offsets(base, origin).reshape(-1)
    wanted = offsets(part, origin)
    order = np.argsort(held, kind="stable")
    return order[np.searchsorted(held[order], wanted)]


def _strided_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, where = options
    flat = k.put(k.reshape(g, (-1,)), where.reshape(-1), (int(np.prod(shape)),), False)
    return (k.reshape(flat, shape),)


AS_STRIDED = Rule("AsStridedBackward0", _strided_backward)


def _slices_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, where = options
    flat = k.reshape(g, (-1,))
    rest = part = None
    if need[1]:
        part = k.reshape(k.index(flat, where.reshape(-1)), where.shape)
    if need[0]:
        mask = np.ones(flat.shape, bool)
        mask[where.reshape(-1)] = False
        rest = k.reshape(flat * k.array(mask), shape)
    return rest, part


COPY_SLICES = Rule("CopySlices", _slices_backward)


def refresh(view: Tensor) -> None:
    """Give a view its edge anew if the base's history has changed since."""
    base = view._base
    if base is None or view._epoch == base._epoch:
        return
    view._epoch = base._epoch
    before = MODE.grad
    MODE.grad = True
    try:
        again = record(
            AS_STRIDED, view._a, (base,), (), (base._a.shape, positions(base._a, view._a))
        )
    finally:
        MODE.grad = before
    view._edge, view._rg = again._edge, again._rg


Tensor.refresh = staticmethod(refresh)


def write_through(view: Tensor, written: Tensor) -> None:
    """Record that a view's part of its base was overwritten by `written` (already copied)."""
    base = view._base
    assert base is not None
    where = positions(base._a, view._a)
    again = record(COPY_SLICES, base._a, (base, written), (), (base._a.shape, where))
    base._edge, base._rg = again._edge, again._rg
    base._epoch += 1
    refresh(view)


def detached(x: Tensor) -> Tensor:
    """Return the same memory and version counter, without the graph."""
    made = wrap(x._a)
    made._ver = x._ver
    return made


def has_graph(x: Tensor) -> bool:
    """Return whether a gradient flows through the tensor."""
    return edge_of(x) is not None
