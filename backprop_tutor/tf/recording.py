"""How an operation runs: the engine's function on arrays, and an entry on each tape that watches.

    y = f(x)                               out, by an engine's function over its own leaves
    entry: inputs, outputs, pull           pull(∂L/∂out) = ∂L/∂inputs

A tape keeps the entries of the operations that ran while it recorded and that depend on what it
watches: other tapes' entries are none of its own, which is what TensorFlow's tapes promise. Each entry
differentiates its one operation by `autograd.grad`; where another tape watches the gradient itself, the
pull is an operation too and is recorded like every other, which gives derivatives of any order.

While a model is trained by the engine's loop (`attached`), values keep the engine's own graph instead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from .. import engine as torch

__all__ = ["HERE", "Entry", "Value", "attached", "run", "run_many"]

Pull = Callable[[Sequence[Any]], Sequence[Any]]


class Value:
    """What operations take: a tensor, or a variable that is read to be one."""

    __slots__ = ("__weakref__",)

    @property
    def raw(self) -> Any:
        """The engine's tensor of today's value: constant, never written to."""
        raise NotImplementedError

    @property
    def linked(self) -> Any:
        """The engine's tensor that keeps its place in the engine's graph."""
        raise NotImplementedError

    def read(self) -> Value:
        """Return the tensor of today's value."""
        raise NotImplementedError

    def result(self, raw: Any) -> Any:
        """Return a tensor of what an operation has computed."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One operation on a tape."""

    inputs: tuple[Value, ...]
    outputs: tuple[Value | None, ...]
    pull: Pull


class Recorder(Protocol):
    """A tape, as this file sees it."""

    def sees(self, value: Value) -> bool:
        """Return whether gradients along a value are asked for."""

    def add(self, entry: Entry) -> None:
        """Keep an entry."""


class _Here(threading.local):
    """The tapes that record in this thread, and whether values keep the engine's graph."""

    def __init__(self) -> None:
        self.tapes: list[Recorder] = []
        self.attached = False


HERE = _Here()


@contextmanager
def attached() -> Iterator[None]:
    """Let values keep the engine's graph: what the engine's own training loop differentiates."""
    before, tapes = HERE.attached, HERE.tapes
    HERE.attached, HERE.tapes = True, []
    try:
        yield
    finally:
        HERE.attached, HERE.tapes = before, tapes


def _leaf(raw: Any, wanted: bool) -> Any:
    leaf = raw.detach()
    if wanted:
        leaf.requires_grad_(True)
    return leaf


class _Pulling:
    """The gradients of one operation that ran, or that run again where they are to be recorded."""

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: tuple[Value, ...],
        wanted: list[int],
        leaves: list[Any],
        outs: tuple[Any, ...],
    ) -> None:
        self.function = function
        self.inputs = inputs
        self.wanted = wanted
        self.leaves = leaves
        self.outs = outs

    def __call__(self, gradients: Sequence[Any]) -> Sequence[Any]:
        """Return the gradients along the inputs, None where there is none."""
        reached = [
            i
            for i, (g, out) in enumerate(zip(gradients, self.outs, strict=True))
            if g is not None and out is not None and out.requires_grad
        ]
        if not reached:
            return [None] * len(self.inputs)
        given = [gradients[i] for i in reached]
        if any(t.sees(x) for t in HERE.tapes for x in (*given, *self.inputs)):
            found: Sequence[Any] = run_many(self._again(reached), *given, *self.inputs)
        else:
            raws = torch.autograd.grad(
                [self.outs[i] for i in reached],
                [self.leaves[i] for i in self.wanted],
                [g.raw for g in given],
                retain_graph=True,
                allow_unused=True,
            )
            found = [None if raw is None else given[0].result(raw.detach()) for raw in raws]
        along = dict(zip(self.wanted, found, strict=True))
        return [along.get(i) for i in range(len(self.inputs))]

    def _again(self, reached: list[int]) -> Callable[..., Any]:
        """Return the function of the outputs' gradients and the inputs that gives the inputs' gradients."""

        def pulled(*raws: Any) -> tuple[Any, ...]:
            start = list(raws[: len(reached)])
            again = [
                x if x.requires_grad or i not in self.wanted else _leaf(x, True)
                for i, x in enumerate(raws[len(reached) :])
            ]
            with torch.enable_grad():
                outs = self.function(*again)
                outs = outs if isinstance(outs, tuple) else (outs,)
                found: tuple[Any, ...] = torch.autograd.grad(
                    [outs[i] for i in reached],
                    [again[i] for i in self.wanted],
                    start,
                    create_graph=True,
                    allow_unused=True,
                )
            return found

        return pulled


def run_many(function: Callable[..., Any], *inputs: Value) -> list[Any]:
    """Return the results of an engine's function, which may have several; None stays None."""
    first = inputs[0]
    if HERE.attached:
        outs = function(*[x.linked for x in inputs])
        outs = outs if isinstance(outs, tuple) else (outs,)
        return [None if out is None else first.result(out) for out in outs]
    read = tuple(x.read() for x in inputs)
    tapes = HERE.tapes
    watched = [any(t.sees(x) for t in tapes) for x in read] if tapes else []
    if True not in watched:
        with torch.no_grad():
            outs = function(*[x.raw for x in read])
        outs = outs if isinstance(outs, tuple) else (outs,)
        return [None if out is None else first.result(out.detach()) for out in outs]
    leaves = [_leaf(x.raw, w) for x, w in zip(read, watched, strict=True)]
    with torch.enable_grad():
        outs = function(*leaves)
    outs = outs if isinstance(outs, tuple) else (outs,)
    made = [None if out is None else first.result(out.detach()) for out in outs]
    if any(out is not None and out.requires_grad for out in outs):
        wanted = [i for i, w in enumerate(watched) if w]
        entry = Entry(read, tuple(made), _Pulling(function, read, wanted, leaves, outs))
        for tape in tapes:
            if any(tape.sees(x) for x in read):
                tape.add(entry)
    return made


def run(function: Callable[..., Any], *inputs: Value) -> Any:
    """Return the result of an engine's function on values, recorded where a tape watches one of them."""
    return run_many(function, *inputs)[0]
