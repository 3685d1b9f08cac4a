"""Tapes of `tf`: what is computed while one records can be differentiated afterwards.

A tape knows what it watches and what was computed from it; `gradient` walks its own entries backwards.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import wraps
from typing import Any

import numpy as np

from .. import engine as torch
from .converting import dtype_of, raw_of
from .recording import HERE, Entry, Value, run
from .structures import leaves_of, like
from .tensors import Tensor
from .variables import Variable

__all__ = ["GradientTape", "UnconnectedGradients", "custom_gradient", "stop_gradient"]

_ONCE = (
    "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians); "
    "make it "
    "with tf.GradientTape(persistent=True) to ask again"
)


class UnconnectedGradients(Enum):
    """What a gradient is along what the target does not depend on."""

    NONE = "none"
    ZERO = "zero"


_WAYS = tuple(way.value for way in UnconnectedGradients)


class GradientTape:
    """Records what is computed from watched tensors and from trainable variables.

    Args:
        persistent: allow `gradient` more than once.
        watch_accessed_variables: trainable variables are watched by themselves.

    >>> from backprop_tutor import tf
    >>> x = tf.constant(3.0)
    >>> with tf.GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> print(tape.gradient(y, x))
    tf.Tensor(6.0, shape=(), dtype=float32)
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._automatic = watch_accessed_variables
        self._recording = False
        self._used = False
        self.reset()

    def reset(self) -> None:
        """Forget everything, and what was watched."""
        self._entries: list[Entry] = []
        self._known: dict[int, Value] = {}
        self._variables: dict[int, Variable] = {}
        self._used = False

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError(
                "Tape is still recording, This can happen if you try to re-enter an already-active tape."
            )
        if not self._persistent:
            self.reset()
        self._start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._recording:
            self._stop()

    def _start(self) -> None:
        self._recording = True
        HERE.tapes.append(self)

    def _stop(self) -> None:
        self._recording = False
        HERE.tapes[:] = [tape for tape in HERE.tapes if tape is not self]

    def sees(self, value: Value) -> bool:
        """Return whether a value has gradients here; a trainable variable is watched at once."""
        if id(value) in self._known:
            return True
        if self._automatic and isinstance(value, Variable) and value.trainable and value.dtype.is_floating:
            self._known[id(value)] = self._variables[id(value)] = value
            return True
        return False

    def add(self, entry: Entry) -> None:
        """Keep the entry of an operation that ran."""
        self._entries.append(entry)
        for out in entry.outputs:
            if out is not None and dtype_of(out.raw).is_floating:
                self._known[id(out)] = out

    def watch(self, tensor: Any) -> None:
        """Watch a tensor, or those in a list or a dictionary.

        Raises:
            ValueError: what is neither a tensor nor a variable.
        """
        for each in leaves_of(tensor):
            if not isinstance(each, Value):
                raise ValueError(
                    f"Passed in object {each!r} of type {type(each).__name__!r}, not tf.Tensor or "
                    f"tf.Variable."
                )
            dtype = dtype_of(each.raw)
            if not dtype.is_floating:
                warnings.warn(
                    "The dtype of the watched tensor must be floating (e.g. tf.float32), got "
                    f"{dtype!r}; it has no gradient",
                    UserWarning,
                    stacklevel=2,
                )
                continue
            self._known[id(each)] = each
            if isinstance(each, Variable):
                self._variables[id(each)] = each

    def watched_variables(self) -> tuple[Variable, ...]:
        """Return the variables that are watched, in the order of their first use."""
        return tuple(self._variables.values())

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Pause the recording."""
        if not self._recording:
            raise ValueError("Tape is not recording.")
        self._stop()
        try:
            yield
        finally:
            self._start()

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None, unconnected_gradients: str = "none"
    ) -> Any:
        """Return ∂target/∂source for each source, in the structure of `sources`.

        A target of several elements counts as their sum, several targets too. A source on which the target
        does not depend, or that is not watched, gives None, or zeros under `unconnected_gradients="zero"`.

        Raises:
            RuntimeError: a second call on a tape that is not persistent.
            ValueError: what is neither a tensor nor a variable; an unknown `unconnected_gradients`.
        """
        way = _way(unconnected_gradients)
        wanted = [_checked(each, "source") for each in leaves_of(sources)]
        targets = [_checked(each, "target") for each in leaves_of(target)]
        starts = [None] * len(targets) if output_gradients is None else list(leaves_of(output_gradients))
        if len(starts) != len(targets):
            raise ValueError(f"{len(starts)} output_gradients for {len(targets)} targets")
        self._ask()
        known = {id(each) for each in wanted}
        found = self._walk(targets, starts, known)
        answers = iter([self._answer(each, found, way) for each in wanted])
        if not self._persistent:
            self._entries = []
        return like(sources, lambda _: next(answers))

    def _ask(self) -> None:
        if self._used and not self._persistent:
            raise RuntimeError(_ONCE)
        self._used = True
        if self._recording:
            if self._persistent:
                warnings.warn(
                    "Calling GradientTape.gradient on a persistent tape inside its context is "
                    "significantly "
                    "less efficient than calling it outside the context (it causes the gradient ops to "
                    "be "
                    "recorded on the tape). Only call it inside the context if you actually want to "
                    "trace the "
                    "gradient in order to compute higher order derivatives.",
                    UserWarning,
                    stacklevel=3,
                )
            else:
                self._stop()

    def _answer(self, source: Value, found: dict[int, Any], way: str) -> Any:
        gradient = found.get(id(source))
        if gradient is None and way == "zero":
            return Tensor(torch.zeros_like(source.raw))
        return gradient

    def _walk(
        self, targets: list[Value], starts: Sequence[Any], wanted: Collection[int] = ()
    ) -> dict[int, Any]:
        """Return the gradients along everything on the tape, by the identity of what they are along.

        A target that is wanted itself has the gradient 1 along itself, watched or not.
        """
        gradients: dict[int, Any] = {}
        for target, start in zip(targets, starts, strict=True):
            if not dtype_of(target.raw).is_floating:
                warnings.warn(
                    "The dtype of the target tensor must be floating (e.g. tf.float32) when calling "
                    f"GradientTape.gradient, got {dtype_of(target.raw)!r}",
                    UserWarning,
                    stacklevel=4,
                )
                continue
            if id(target) in self._known or id(target) in wanted:
                seed = Tensor(torch.ones_like(target.raw)) if start is None else _checked(start, "gradient")
                _add(gradients, target, seed)
        for entry in reversed(list(self._entries)):
            arrived = [None if out is None else gradients.get(id(out)) for out in entry.outputs]
            if all(each is None for each in arrived):
                continue
            for x, gradient in zip(entry.inputs, entry.pull(arrived), strict=True):
                if gradient is not None and id(x) in self._known:
                    _add(gradients, x, gradient)
        return gradients

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: str = "none") -> Any:
        """Return ∂target/∂source, in the target's shape followed by the source's."""
        way = _way(unconnected_gradients)
        wanted = [_checked(each, "source") for each in leaves_of(sources)]
        goal = _checked(target, "target")
        self._ask()
        count, shape = goal.raw.numel(), tuple(goal.raw.shape)
        rows = []
        for i in range(count):
            start = np.zeros(count, np.float64)
            start[i] = 1
            seed = torch.from_numpy(start.reshape(shape)).to(goal.raw.dtype)
            found = self._walk([goal], [Tensor(seed)])
            rows.append([self._answer(each, found, "none") for each in wanted])
        columns = iter(
            [_column(goal, each, [row[i] for row in rows], way) for i, each in enumerate(wanted)]
        )
        return like(sources, lambda _: next(columns))


def _column(target: Value, source: Value, rows: list[Any], way: str) -> Any:
    """Return the rows of one source's Jacobian together; None where the target does not depend on it."""
    shape = (*target.raw.shape, *source.raw.shape)
    if all(row is None for row in rows):
        return None if way == "none" else Tensor(torch.zeros(shape, dtype=source.raw.dtype))
    whole = [Tensor(torch.zeros_like(source.raw)) if row is None else row for row in rows]
    return run(lambda *raws: torch.stack(list(raws)).reshape(shape), *whole)


def _way(given: Any) -> str:
    choice = str(getattr(given, "value", given)).lower()
    if choice not in _WAYS:
        raise ValueError(f"Unknown value for unconnected_gradients: {given!r}; choose 'none' or 'zero'")
    return choice


def _checked(each: Any, what: str) -> Value:
    if not isinstance(each, Value):
        raise ValueError(
            f"a {what} is {each!r}, a {type(each).__name__}; expected a tf.Tensor or a tf.Variable"
            + (": what numpy() returns is no longer on the tape" if isinstance(each, np.generic) else "")
        )
    return each


def _add(gradients: dict[int, Any], x: Value, gradient: Any) -> None:
    held = gradients.get(id(x))
    gradients[id(x)] = gradient if held is None else run(torch.add, held, gradient)


def stop_gradient(input: Any, name: str | None = None) -> Any:
    """Return the value as one that no tape knows: a constant for every gradient."""
    return Tensor(input.raw if isinstance(input, Value) else raw_of(input))


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose gradient is one's own: `f` returns its value and a function of the gradient.

    >>> from backprop_tutor import tf
    >>> @tf.custom_gradient
    ... def clipped(x):
    ...     return x, lambda g: tf.clip_by_value(g, -0.5, 0.5)
    >>> v = tf.Variable(2.0)
    >>> with tf.GradientTape() as tape:
    ...     y = clipped(v) * 3.0
    >>> print(tape.gradient(y, v).numpy())
    0.5
    """

    @wraps(f)
    def wrapped(*inputs: Any) -> Any:
        values = [x.read() if isinstance(x, Value) else Tensor(raw_of(x)) for x in inputs]
        tapes = [t for t in HERE.tapes if any(t.sees(x) for x in values)]
        held, HERE.tapes = HERE.tapes, []
        try:
            out, pull = f(*values)
        finally:
            HERE.tapes = held
        several = isinstance(out, (list, tuple))
        outs = tuple(Tensor(each.raw) for each in (out if several else (out,)))

        def pulled(gradients: Sequence[Any]) -> Sequence[Any]:
            whole = [
                Tensor(torch.zeros_like(o.raw)) if g is None else g
                for g, o in zip(gradients, outs, strict=True)
            ]
            found = pull(*whole)
            return list(found) if isinstance(found, (list, tuple)) else [found]

        for tape in tapes:
            tape.add(Entry(tuple(values), outs, pulled))
        return type(out)(outs) if several else outs[0]

    return wrapped
