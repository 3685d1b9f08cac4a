"""An optimizer's step as calls: of a whole group at once where its arrays may lie together.

Entry by entry both compute the same, so the numbers are an eager step's to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, NamedTuple

import numpy as np

from ..autograd.tape import Tensor
from ..optim.optimizer import Optimizer
from .kernel import Writer
from .stores import BLOCK, parts
from .ticking import Ticking
from .updating import Place
from .values import FORMS, Unwritable, Value

__all__ = ["Steps", "Together", "lasting"]

Together = Callable[[list[Tensor]], Any]
"""Lays the arrays of tensors into one stretch of memory and returns it; None where that may not be."""


class _Group(NamedTuple):
    """Parameters of a group with their gradients and, by name, what the optimizer keeps of each."""

    parameters: list[Tensor]
    gradients: list[Value]
    kept: dict[str, list[Tensor]]


class Steps:
    """The steps of one call's optimizers.

    `stretches` are the gradients that lie together: the value of all of them, and the values in it.
    """

    kernel: Writer

    def __init__(
        self, kernel: Writer, place: Callable[[Tensor], Place], name: Callable[[Tensor], str],
        together: Together,
    ) -> None:
        self.kernel, self.place, self.name, self.together = kernel, place, name, together
        self.tickings: dict[int, Ticking] = {}
        self.stretches: list[tuple[Value, list[Value]]] = []
        self._stepped: set[int] = set()

    def step(self, optimizer: Optimizer, gradient: Callable[[Tensor], Any],
             grads: dict[Tensor, Any]) -> list[Tensor]:
        """Write a step; return the parameters that it moves.

        Raises:
            Unwritable: a second step, or an optimizer that keeps what cannot be followed.
        """
        if id(optimizer) in self._stepped:
            raise Unwritable("one optimizer makes two steps")
        self._stepped.add(id(optimizer))
        moved: list[Tensor] = []
        for group in optimizer.param_groups:
            ticking = self.tickings[id(group)] = Ticking(optimizer, group)
            if isinstance(group["lr"], Tensor):
                raise Unwritable("the learning rate is a tensor")
            listed = [p for p in group["params"] if gradient(p) is not None]
            states = [self._state(ticking, p) for p in listed]
            whole = self._whole(listed, states, grads)
            if whole is not None:
                self._all(ticking, whole)
            else:
                for p, state in zip(listed, states, strict=True):
                    self.kernel.values.about = f"update of {self.name(p)}"
                    self._update(ticking, self.place(p), gradient(p),
                                 {name: self.place(held) for name, held in state.items()})
            moved += listed
        return moved

    def _state(self, ticking: Ticking, p: Tensor) -> dict[str, Tensor]:
        """Return what the optimizer keeps of a parameter, having noted its count and single numbers."""
        state = ticking.optimizer.state.get(p) or {}
        for name, held in state.items():
            if not isinstance(held, Tensor):
                raise Unwritable("the optimizer keeps something that is not a tensor")
            if name == "step":
                if ticking.steps and float(ticking.steps[0]._a) != float(held._a):
                    raise Unwritable("the parameters of a group are at different steps")
                ticking.steps.append(held)
            elif held._a.ndim == 0 and p._a.ndim:
                ticking.kept.setdefault(name, held)
        return state

    # one by one

    def _update(self, ticking: Ticking, p: Place, g: Any, places: dict[str, Place]) -> None:
        for name, place in places.items():
            if name in ticking.update.flushes and ticking.group["eps"] > 0:
                ticking.moments.append(place.leaf.array)
        if "step" in places:
            count = places["step"]
            count.put("add", count.now, np.array(1, count.leaf.dtype))
        numbers = {
            name: self._number(ticking, name, np.dtype(np.float32) if name in ticking.update.single
                               else p.leaf.dtype, value)
            for name, value in ticking.numbers().items()
        }
        ticking.update.write(self.kernel, p, g, places, numbers, ticking.group)

    def _number(self, ticking: Ticking, name: str, kind: Any, value: float) -> Value:
        key = (name, kind)
        if key not in ticking.values:
            array = np.array(value, kind)
            ticking.arrays[key] = (name, array)
            ticking.values[key] = self.kernel.own(self.kernel.values.leaf("setting", array, array, name))
        return ticking.values[key]

    # all at once

    def _whole(self, listed: list[Tensor], states: list[dict[str, Tensor]],
               grads: dict[Tensor, Any]) -> _Group | None:
        """Return the group where its arrays may lie together: alike, and not written to before."""
        if not listed or len({id(p) for p in listed}) < len(listed):
            return None
        if len(listed) == 1 and listed[0]._a.size <= 2 * BLOCK:
            return None
        kinds = {(p._a.dtype, grads[p].dtype, tuple(state))
                 for p, state in zip(listed, states, strict=True)}
        found = [grads[p] for p in listed]
        if len(kinds) > 1 or any(
            g.dtype != p._a.dtype or g.op == "gradient" or (g.into is not None and g.into.op == "gradient")
            for p, g in zip(listed, found, strict=True)
        ):
            return None
        kept = {name: [state[name] for state in states] for name in states[0]}
        if any(
            self.place(each).now is not self.place(each).leaf
            for tensors in (listed, *kept.values()) for each in tensors
        ) or any(
            held._a.ndim and held._a.shape != p._a.shape
            for tensors in kept.values() for p, held in zip(listed, tensors, strict=True)
        ):
            return None
        stored: set[Value] = set()
        for p in listed:
            grads[p] = lasting(self.kernel, grads[p], stored)
            stored.add(grads[p])
        return _Group(listed, [grads[p] for p in listed], kept)

    def _all(self, ticking: Ticking, group: _Group) -> None:
        """Write one update for all parameters of a group, one by one where memory is not ours to move."""
        listed = {"": group.parameters, **group.kept}
        stretches = {name: self.together(tensors) for name, tensors in listed.items()}
        names = [self.name(p) for p in group.parameters]
        if any(flat is None for flat in stretches.values()):
            for i, p in enumerate(group.parameters):
                self.kernel.values.about = f"update of {names[i]}"
                self._update(ticking, self.place(p), group.gradients[i],
                             {name: self.place(held[i]) for name, held in group.kept.items()})
            return
        told = ", ".join(names) if len(names) <= 4 else f"{names[0]} … {names[-1]}"
        self.kernel.values.about = f"update of {told}"
        g = self.kernel.values.gathered(group.gradients)
        self.stretches.append((self.kernel.own(g), group.gradients))
        places = {name: self._stretch(flat, listed[name]) for name, flat in stretches.items()}
        self._update(ticking, places[""], g, {name: places[name] for name in group.kept})
        for name, tensors in listed.items():
            for (start, stop, shape), tensor in zip(
                parts([t._a.shape for t in tensors]), tensors, strict=True
            ):
                self.place(tensor).now = self.kernel.apply(
                    "part", places[name].now, start=start, stop=stop, shape=shape)

    def _stretch(self, flat: Any, tensors: list[Tensor]) -> Place:
        """Return the place of tensors that lie together."""
        leaf = self.kernel.own(self.kernel.values.leaf("kept", flat, flat))
        for each in tensors:
            self.place(each).leaf.within = leaf
        return Place(self.kernel, leaf)


def lasting(kernel: Writer, g: Value, taken: Container[Value]) -> Value:
    """Return a gradient as a value with memory of its own, in which it can be left."""
    if (g.leaf or g.into is not None or g in taken or g.op not in FORMS
            or FORMS[g.op].kind not in ("ufunc", "out")):
        g = kernel.own(kernel.values.call("copy", (g,), own=True))
        g.about = "gradient"
    return g
