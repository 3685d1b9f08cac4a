"""Views: tensors that share another's memory, and what writing through one does to the graph.

A view shares its base's array memory and version counter. When a view is written to, the base's
history changes: a node that takes the view's old part of the gradient elsewhere (`CopySlices`)
becomes the base's, and every other view finds out, by the version counter, when it is next used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .tape import MODE, Rule, Tensor, plain_name, record, wrap

__all__ = [
    "CUSTOM", "MANY", "UNTRACKED", "forbid_write", "positions", "record_view", "write_through",
]

SINGLE, MANY, UNTRACKED, CUSTOM = 0, 1, 2, 3


def record_view(
    rule: Rule, out: Any, x: Tensor, options: Any = None, kind: int = SINGLE
) -> Tensor:
    """Return the recorded tensor of an array that shares x's memory."""
    made = record(rule, out, (x,), (), options)
    share(made, x, kind)
    return made


def share(made: Tensor, x: Tensor, kind: int) -> None:
    """Note that a tensor is a view of x, made in a way that may forbid writing to it."""
    ver = made._ver = x._ver
    base = x._base
    made._base = x if base is None else base
    made._seen = 0 if ver is None else ver[0]
    if not MODE.grad:
        kind = UNTRACKED
    made._kind = x._kind if kind == SINGLE and base is not None else kind


_AMBIGUOUS = (
    " Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
    "code by moving both the view and the inplace either both inside the no_grad block (if you "
    "don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
)
_SEVERAL = (
    " This view is the output of a function that returns multiple views. Such functions do not "
    "allow the output views to be modified inplace. You should replace the inplace operation by an "
    "out-of-place one."
)


_OWN_FUNCTION = (
    " This view was created inside a custom Function (or because an input was returned as-is) and "
    "the autograd logic to handle view+inplace would override the custom backward associated with "
    "the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix "
    "this by cloning the output of the custom Function."
)


def forbid_write(view: Tensor, written: str = "is being") -> None:
    """Refuse a tracked write to a view that was made untracked, or as one of several.

    Raises:
        RuntimeError: such a view; `written` says whether it, or its base, is written to.
    """
    if view._kind == SINGLE:
        return
    edge = view._edge
    if edge is None or view._kind == UNTRACKED:
        node = None if edge is None else edge[0] if type(edge) is tuple else edge
        begun = "A view was created in" if node is None else (
            f"Output {view.output_nr} of {plain_name(node)} is a view of a view which was created in"
        )
        said = f"{begun} no_grad mode and {written} modified inplace with grad mode enabled."
    else:
        node = edge[0] if type(edge) is tuple else edge
        said = f"Output {view.output_nr} of {plain_name(node)} is a view and {written} modified inplace."
    why = {MANY: _SEVERAL, CUSTOM: _OWN_FUNCTION}.get(view._kind, _AMBIGUOUS)
    raise RuntimeError(said + why)


def positions(base: Any, part: Any) -> Any:
    """Return, for each element of `part`, its number among the elements of `base`; −1 for others."""

    def offsets(array: Any, origin: int) -> Any:
        found = np.full(array.shape, array.__array_interface__["data"][0] - origin, np.int64)
        for axis, (n, stride) in enumerate(zip(array.shape, array.strides, strict=True)):
            steps = np.arange(n, dtype=np.int64) * stride
            found += steps.reshape((-1,) + (1,) * (array.ndim - axis - 1))
        return found

    origin = base.__array_interface__["data"][0]
    held = offsets(base, origin).reshape(-1)
    wanted = offsets(part, origin)
    if not held.size:
        return np.full(wanted.shape, -1)
    order = np.argsort(held, kind="stable")
    found = order[np.minimum(np.searchsorted(held[order], wanted), held.size - 1)]
    return np.where(held[found] == wanted, found, -1)


def _strided_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, where = options
    own, where = k.reshape(g, (-1,)), where.reshape(-1)
    if (where < 0).any():  # what lies outside of the base has no gradient
        inside = np.flatnonzero(where >= 0)
        own, where = k.index(own, inside), where[inside]
    flat = k.put(own, where, (int(np.prod(shape)),), False)
    return (k.reshape(flat, shape),)


AS_STRIDED = Rule("AsStridedBackward0", _strided_backward)


def _slices_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, where = options
    flat = k.reshape(g, (-1,))
    rest = part = None
    if need[1]:
        part = k.reshape(k.index(flat, where.reshape(-1)), where.shape)
        if (where < 0).any():
            part = part * k.array(where >= 0)
    if need[0]:
        mask = np.ones(flat.shape, bool)
        mask[where[where >= 0]] = False
        rest = k.reshape(flat * k.array(mask), shape)
    return rest, part


COPY_SLICES = Rule("CopySlices", _slices_backward)


def refresh(view: Tensor) -> None:
    """Give a view its edge anew if it or its base was written to since.

    Raises:
        RuntimeError: a view that could not follow the write.
    """
    base = view._base
    ver = view._ver
    if base is None or ver is None:
        return
    if base._rg:
        view._rg = True
    if view._seen == ver[0] or (view._edge is None and not base._rg):
        return
    forbid_write(view, "its base or another view of its base has been")
    view._seen = ver[0]
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
    refresh(view)


def detached(x: Tensor) -> Tensor:
    """Return the same memory and version counter, without the graph."""
    made = wrap(x._a)
    made._ver = x._ver
    return made
