"""The state that a step may change: taken before a call, compared after it, and put back.

Parameters, buffers and what optimizers keep are copied; of other tensors the version tells whether they
were written to.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from .nearness import close
from .reading import Reader
from .stores import aligned, laid, stretch
from .values import Unwritable

__all__ = ["Kept"]

_COPIED = 1 << 16
"""Tensors of so many elements are copied even where nothing learns them."""


class _Held:
    """One tensor: its array, what stood in it before and after, and its gradient then."""

    def __init__(self, tensor: Tensor, copied: bool) -> None:
        self.alone = _alone(tensor, 2)
        self.tensor, self.array = tensor, tensor._a
        self.before: Any = tensor._a.copy() if copied else None
        self.after: Any = None
        self.version = None if tensor._ver is None else int(tensor._ver[0])
        self.versions: list[Any] = []
        arrived = tensor._arrived
        self.grad = arrived
        self.grad_before: Any = None if arrived is None else _array(arrived).copy()
        self.grad_after: Any = None
        self.grad_object: Any = None


def _alone(tensor: Tensor, known: int) -> bool:
    """Return whether nobody holds a tensor's array, or views of it, but those that are known."""
    return sys.getrefcount(tensor._a) <= known and tensor._a.base is None and tensor._base is None


def _nothing(told: Any) -> None:
    """Take no note."""


def _array(held: Any) -> Any:
    return held if isinstance(held, np.ndarray) else held._a


class Kept:
    """What a watched call may have changed; it fills while the call is read."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.held: dict[int, _Held] = {}
        self.states: dict[int, set[Any]] = {}
        self.new_state: bool = False
        reader.on_tensor = self._tensor
        reader.on_optimizer = self._optimizer

    def _tensor(self, tensor: Tensor) -> None:
        if id(tensor) not in self.held:
            copied = tensor._rg or tensor._a.size <= _COPIED or id(tensor) in self.reader.owned
            self.held[id(tensor)] = _Held(tensor, copied)

    def _optimizer(self, optimizer: Any) -> None:
        optimizer._let_go()
        for group in optimizer.param_groups:
            for p in group["params"]:
                held = self.held.get(id(p))
                if held is not None:
                    held.alone = held.alone or _alone(p, 3)
        self.states[id(optimizer)] = {
            (id(p), name) for p, state in optimizer.state.items() for name in state
        }
        for state in optimizer.state.values():
            for each in state.values():
                if isinstance(each, Tensor):
                    self.reader.owned.add(id(each))
                    self.reader.root(each, "state")

    def look(self) -> None:
        """See what the call left.

        Raises:
            Unwritable: an optimizer made its state, or something that is not copied was written to.
        """
        for optimizer in self.reader.optimizers:
            now = {(id(p), name) for p, state in optimizer.state.items() for name in state}
            if now != self.states[id(optimizer)]:
                self.new_state = True
                raise Unwritable("the optimizer made its state in this call; the next one is written")
        why = self.reader.changed()
        if why:
            raise Unwritable(f"the step itself changes {why}, which it looks up")
        for each in self.held.values():
            t = each.tensor
            if t._a is not each.array:
                raise Unwritable("a tensor is given another array")
            each.versions = [None if t._ver is None else t._ver[0]]
            if each.before is None:
                if each.version != each.versions[0]:
                    raise Unwritable("a large tensor that is not learnt is written to")
                continue
            each.after = t._a.copy()
            each.grad_object = t._arrived
            each.grad_after = None if t._arrived is None else _array(t._arrived).copy()

    def gradients(self) -> dict[Tensor, Any]:
        """Return, for each tensor that can have one, the array of its gradient before the call, or None."""
        return {
            each.tensor: None if each.grad is None else _array(each.grad) for each in self.held.values()
            if each.tensor._rg
        }

    def together(self, tensors: list[Tensor]) -> Any:
        """Return one stretch of memory in which the tensors' arrays lie from now on, one after the other.

        None where one of the arrays may be held by somebody else, who would not see it change any more.
        """
        arrays = [t._a for t in tensors]
        found = stretch(arrays)
        if found is not None:
            return found
        held = [self.held.get(id(t)) for t in tensors]
        if not all(each is not None and each.alone and each.before is not None for each in held):
            return None
        flat = aligned((sum(a.size for a in arrays),), arrays[0].dtype)
        np.concatenate([a.reshape(-1) for a in arrays], out=flat)
        for each, part in zip(held, laid(flat, [a.shape for a in arrays]), strict=True):
            assert each is not None
            each.array = each.tensor._a = part
        return flat

    def go_back(self) -> None:
        """Put everything as it was before the call."""
        for each in self.held.values():
            if each.before is not None:
                each.array[...] = each.before
                each.tensor._arrived = each.grad
                if each.grad is not None:
                    _array(each.grad)[...] = each.grad_before

    def undo(self) -> None:
        """Put everything as it was before the call, versions and arrays that were exchanged too."""
        for each in self.held.values():
            if each.tensor._a is not each.array:
                each.tensor._a = each.array
            if each.version is not None and each.tensor._ver is not None:
                each.tensor._ver[0] = each.version
        self.go_back()

    def release(self) -> None:
        """Let go of everything: the reader and what it told this would hold one another."""
        self.reader.on_tensor = self.reader.on_optimizer = _nothing
        self.held.clear()

    def compare(self) -> None:
        """Hold what stands now to what the call left.

        Raises:
            Unwritable: something differs beyond rounding.
        """
        for each in self.held.values():
            if each.before is None:
                continue
            name = self.reader.names.get(id(each.tensor), "a tensor")
            if not close(each.array, each.after):
                raise Unwritable(f"the program leaves another {name} than the eager step")
            now = each.tensor._arrived
            if (now is None) != (each.grad_after is None) or (
                now is not None and not close(_array(now), each.grad_after)
            ):
                raise Unwritable(f"the program leaves another gradient of {name} than the eager step")

    def go_on(self) -> None:
        """Put everything as the call left it."""
        for each in self.held.values():
            if each.before is None or each.after is None:
                continue
            each.array[...] = each.after
            if each.tensor._ver is not None:
                each.tensor._ver[0] = each.versions[0]
            each.tensor._arrived = each.grad_object
            if each.grad_object is not None:
                _array(each.grad_object)[...] = each.grad_after
