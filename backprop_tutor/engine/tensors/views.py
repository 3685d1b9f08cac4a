"""Views: tensors that share another's memory, and why none of them is written through while recorded.

A view shares its base's array memory and version counter, so a write to either is seen by both.
Their places in the graph do not follow each other: the base's history changes with a recorded
write, the history of a view taken before would stay behind. So a recorded write goes to a whole
tensor or by an index (`x[1:] = y`), never through a view; and a view taken before such a write is
not used after it. Both are refused in words; a gradient is never wrong.

    _base   the tensor that the view is of, a view of a view too
    _seen   the base's place in the graph when the view was taken
"""

from __future__ import annotations

from typing import Any

from ..autograd.tape import Rule, Tensor, record, wrap

__all__ = ["detached", "record_view", "refuse_writing_through", "share"]

LEAF_VIEW = "a view of a leaf Variable that requires grad is being used in an in-place operation."
THROUGH = (
    "a view of a tensor that takes part in a graph is written in place. The graph of its base would "
    "not follow: write to the base by an index, as in `x[1:] = x[1:] * 2`, to the whole base, or to a "
    "copy of the view (`view.clone()`)."
)


def record_view(rule: Rule, out: Any, x: Tensor, options: Any = None) -> Tensor:
    """Return the recorded tensor of an array that shares x's memory."""
    made = record(rule, out, (x,), (), options)
    share(made, x)
    return made


def share(made: Tensor, x: Tensor) -> None:
    """Note that a tensor is a view of x."""
    made._ver = x._ver
    base = x if x._base is None else x._base
    made._base, made._seen = base, base._edge


def refuse_writing_through(x: Tensor, recorded: bool) -> None:
    """Refuse a recorded write through a view, or a write through a view of a recorded tensor.

    Raises:
        RuntimeError: always where either is so.
    """
    base = x._base
    if base is None or not (recorded or base._rg):
        return
    raise RuntimeError(LEAF_VIEW if base._rg and base._edge is None else THROUGH)


def detached(x: Tensor) -> Tensor:
    """Return the same memory and version counter, without the graph."""
    made = wrap(x._a)
    made._ver = x._ver
    return made
