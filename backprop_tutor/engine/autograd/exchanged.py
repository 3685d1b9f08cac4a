"""What happens to a saved array whose tensor was given another one, by `x.data = other`.

As in PyTorch the backward pass then uses the array of today; where that makes no sense it refuses.
"""

from __future__ import annotations

from typing import Any

from ..tensors.tensor import Tensor, type_name

__all__ = ["renew"]


def renew(node: Any, i: int, name: str) -> None:
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
