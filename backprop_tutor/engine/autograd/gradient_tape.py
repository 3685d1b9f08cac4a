"""`GradientTape`: TensorFlow's way of asking for gradients, on the same machinery.

Inside the context, what is computed from watched tensors is recorded; afterwards `gradient` walks
back. A gradient taken while another tape is recording is recorded by it, which gives higher orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..functions import table as _table  # noqa: F401  (fills in the class Tensor)
from ..functions.joining import stack
from .modes import enable_grad, no_grad
from .requests import grad
from .tape import MODE, Tensor, wrap

__all__ = ["GradientTape"]

_RECORDING: list[GradientTape] = []


class GradientTape:
    """Records operations on watched tensors for `gradient`.

    Args:
        persistent: allow `gradient` more than once.
        watch_accessed_variables: tensors that require a gradient are watched by themselves.

    >>> from backprop_tutor import engine as torch
    >>> x = torch.tensor(3.0)
    >>> with GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> tape.gradient(y, x)
    tensor(6.)
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._automatic = watch_accessed_variables
        self._borrowed: list[Tensor] = []
        self._watched: dict[int, Tensor] = {}
        self._used = False
        self._before = MODE.grad

    def __enter__(self) -> GradientTape:
        if self in _RECORDING:
            raise ValueError("Tape is still recording, This can happen if you try to re-enter an "
                             "already-active tape.")
        self._before = MODE.grad
        MODE.grad = True
        _RECORDING.append(self)
        return self

    def __exit__(self, *exc: object) -> None:
        _RECORDING.remove(self)
        MODE.grad = self._before
        for x in self._borrowed:
            x._rg = False
        self._borrowed.clear()

    def watch(self, tensor: Any) -> None:
        """Record what is computed from a tensor (or from several, in a list or tuple).

        Raises:
            ValueError: something that is not a tensor.
            TypeError: a tensor of an integer dtype.
        """
        for x in tensor if isinstance(tensor, (list, tuple)) else (tensor,):
            if not isinstance(x, Tensor):
                raise ValueError(f"Passed in object {x!r} of type {type(x).__name__!r}, not a Tensor")
            if x._a.dtype.kind != "f":
                raise TypeError(
                    f"The dtype of the watched tensor must be floating (e.g. torch.float32), "
                    f"got {x.dtype!r}"
                )
            self._watched[id(x)] = x
            if not x.requires_grad:
                x._rg = True
                self._borrowed.append(x)

    def watched_variables(self) -> tuple[Tensor, ...]:
        """Return the watched tensors, in order."""
        return tuple(self._watched.values())

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Pause the recording."""
        if self not in _RECORDING:
            raise ValueError("Tape is not recording, so it cannot stop.")
        with no_grad():
            yield

    def reset(self) -> None:
        """Forget what was watched."""
        self._watched.clear()
        self._used = False

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """Return ∂target/∂source for each source, in the structure of `sources`.

        A target of several elements counts as their sum, several targets too. A source the target
        does not depend on gives None, or zeros under `unconnected_gradients="zero"`.

        Raises:
            RuntimeError: a second call on a tape that is not persistent.
            ValueError: an unknown `unconnected_gradients`.
        """
        choice = str(getattr(unconnected_gradients, "value", unconnected_gradients)).lower()
        if choice not in ("none", "zero"):
            raise ValueError(
                f"Unknown value for unconnected_gradients: {unconnected_gradients!r}; "
                "choose 'none' or 'zero'"
            )
        if self._used and not self._persistent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of gradients "
                "(or jacobians)"
            )
        self._used = True
        flat = list(_leaves(sources))
        allowed = [x for x in flat if self._automatic or id(x) in self._watched]
        found = dict(zip((id(x) for x in allowed), self._walk(target, allowed, output_gradients),
                         strict=True))

        def answer(x: Tensor) -> Any:
            g = found.get(id(x))
            return wrap(np.zeros_like(x._a)) if g is None and choice == "zero" else g

        return _like(sources, answer)

    def _walk(self, target: Any, sources: list[Tensor], start: Any) -> tuple[Any, ...]:
        targets = list(_leaves(target))
        starts = list(_leaves(start)) if start is not None else [None] * len(targets)
        reached = [(y, s) for y, s in zip(targets, starts, strict=True) if y.requires_grad]
        outer = bool(_RECORDING)
        lent = [x for x in sources if not x.requires_grad]
        for x in lent:  # borrowed during the recording; the graph still ends in them
            x._rg = True
        try:
            if not reached or not sources:
                return (None,) * len(sources)
            seeds = [wrap(np.ones_like(y._a)) if s is None else s for y, s in reached]
            with enable_grad():
                return grad([y for y, _ in reached], sources, seeds,
                            retain_graph=self._persistent or outer, create_graph=outer,
                            allow_unused=True)
        finally:
            for x in lent:
                x._rg = False

    def jacobian(self, target: Tensor, sources: Any, unconnected_gradients: str = "none") -> Any:
        """Return ∂target/∂source, in the target's shape followed by the source's."""
        held, self._persistent = self._persistent, True
        try:
            rows = [
                self.gradient(y, list(_leaves(sources)), None, "zero")
                for y in target.reshape(-1).unbind(0)
            ]
        finally:
            self._persistent = held
        columns = iter(range(len(rows[0])) if rows else ())

        def answer(x: Tensor) -> Any:
            i = next(columns)
            return stack([row[i] for row in rows]).reshape(target._a.shape + x._a.shape)

        return _like(sources, answer)


def _leaves(structure: Any) -> Iterator[Tensor]:
    """Yield the tensors of nested lists, tuples and dictionaries."""
    if isinstance(structure, Tensor):
        yield structure
    elif isinstance(structure, dict):
        for each in structure.values():
            yield from _leaves(each)
    elif isinstance(structure, (list, tuple)):
        for each in structure:
            yield from _leaves(each)
    else:
        raise TypeError(f"expected a tensor or a list of tensors, not {type(structure).__name__}")


def _like(structure: Any, answer: Any) -> Any:
    if isinstance(structure, Tensor):
        return answer(structure)
    if isinstance(structure, dict):
        return {key: _like(each, answer) for key, each in structure.items()}
    return type(structure)(_like(each, answer) for each in structure)
