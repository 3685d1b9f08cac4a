"""What the rules of a tensor record read, found by running them on tracers.

A tracer is an array that remembers the names of the values it was computed from. Only what a rule reads
has to be saved for the backward pass; a shape that is asked for by `k.shape` is not read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .array_kernel import RAW
from .draws import drawn
from .tensor_record import OUT, Sample, TensorOperation

__all__ = ["reads"]


def _bare(given: Any, seen: set[str]) -> Any:
    """Return what is traced as plain arrays, and add its names to `seen`."""
    if isinstance(given, Tracer):
        seen |= given.seen
        return given.array
    if isinstance(given, (tuple, list)):
        return type(given)(_bare(each, seen) for each in given)
    return given


def _traced(function: Callable[..., Any]) -> Callable[..., Any]:
    def traced(*args: Any, **options: Any) -> Tracer:
        seen: set[str] = set()
        found = function(*(_bare(each, seen) for each in args), **options)
        return Tracer(np.asarray(found), frozenset(seen))

    return traced


class Tracer:
    """An array, and the names of the values in whose computation it took part."""

    __array_ufunc__ = None
    __slots__ = ("array", "seen")

    def __init__(self, array: Any, seen: frozenset[str]) -> None:
        self.array: Any = array
        self.seen: frozenset[str] = seen

    __add__, __radd__ = _traced(np.add), _traced(lambda a, b: b + a)
    __sub__, __rsub__ = _traced(np.subtract), _traced(lambda a, b: b - a)
    __mul__, __rmul__ = _traced(np.multiply), _traced(lambda a, b: b * a)
    __truediv__, __rtruediv__ = _traced(np.divide), _traced(lambda a, b: b / a)
    __pow__, __neg__ = _traced(np.power), _traced(np.negative)


class _TracingKernel:
    """The vocabulary on tracers: what RAW computes, with the names it was computed from."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(RAW, name)
        return _traced(found) if callable(found) else found

    def shape(self, a: Any) -> Any:
        """Return the shape; that is not reading."""
        return a.array.shape

    def kind(self, a: Any) -> Any:
        """Return the dtype; that is not reading."""
        return a.array.dtype

    def zeros(self, shape: tuple[int, ...], like: Tracer) -> Tracer:
        """Return zeros: of the other operand its dtype alone is taken."""
        return Tracer(np.zeros(shape, like.array.dtype), frozenset())

    def zeros_like(self, a: Tracer) -> Tracer:
        """Return zeros: of the operand its shape and dtype alone are taken."""
        return Tracer(np.zeros_like(a.array), frozenset())

    def one_hot(self, labels: Any, classes: int, like: Tracer) -> Tracer:
        """Return ones at labels: of the last operand its dtype alone is taken."""
        return Tracer(RAW.one_hot(labels.array, classes, like.array), labels.seen)


_TRACING = _TracingKernel()


def _read(op: TensorOperation, slot: int, sample: Sample) -> frozenset[str]:
    rule = op.gradient(slot)
    options = op.with_options(dict(sample.options))
    if rule is None or sample.shapes[slot] is None or isinstance(sample.draw(slot), int):
        return frozenset()
    arrays = drawn(sample)
    with np.errstate(all="ignore"):
        value = np.asarray(op.forward(RAW, *arrays, **options))
        found = rule(
            _TRACING, Tracer(np.ones_like(value), frozenset()), Tracer(value, frozenset((OUT,))),
            *(None if a is None else Tracer(a, frozenset((op.named(i),))) for i, a in enumerate(arrays)),
            **options,
        )
    return found.seen if isinstance(found, Tracer) else frozenset()


@cache
def reads(op: TensorOperation, slot: int) -> frozenset[str]:
    """Return the names of the values that the gradient of an operand reads, `out` for the value itself.

    >>> from backprop_tutor.ops.tensors import TENSOR_OPS
    >>> sorted(reads(TENSOR_OPS["matmul"], 0)), sorted(reads(TENSOR_OPS["sum"], 0))
    (['b'], [])
    """
    samples = (sample for sample in op.samples if slot < len(sample.shapes))
    return frozenset().union(*(_read(op, slot, sample) for sample in samples))
