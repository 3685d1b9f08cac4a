"""From a tensor record of `ops` to an operation of the engine: computed and recorded by its rules.

A record's rule of an operand becomes the rule of a node. What is saved of the operands and the value is
what the rules read of them, found once by tracing; of the rest its shape alone is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ops.array_kernel import RAW
from ...ops.tensors import TENSOR_OPS
from ...ops.tracing import reads
from ..autograd.tape import OUT, Rule, Tensor, record
from ..tensors.quiet import hush, unhush

__all__ = ["Recorded", "Shaped"]


class Shaped:
    """Stands for an operand of which a rule asks nothing but its shape."""

    __slots__ = ("shape",)

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape


def _of_one(rule: Any) -> Callable[..., Any]:
    """Return the rule of a node of one operand."""

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        settings, shape = options
        a, out = saved or (None, None)
        return (rule(k, g, out, Shaped(shape) if a is None else a, **settings),)

    return backward


def _of_several(rules: tuple[Any, ...]) -> Callable[..., Any]:
    """Return the rule of a node of several operands, each of which may be left out."""
    nothing = (None,) * (len(rules) + 1)

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        settings, shapes = options
        *held, out = saved or nothing
        operands = [
            Shaped(shape) if a is None and shape is not None else a
            for a, shape in zip(held, shapes, strict=True)
        ]
        return [
            rule(k, g, out, *operands, **settings) if wanted else None
            for rule, wanted in zip(rules, need, strict=True)
        ]

    return backward


class Recorded:
    """An operation of the engine that a tensor record makes, under the name that its nodes have.

    `fresh` and `turned` are those of `tape.Rule`.

    >>> from backprop_tutor import engine as torch
    >>> Recorded("sum", "SumBackward0")(torch.ones(2, 3), axis=1)
    tensor([3., 3.])
    """

    __slots__ = ("_saves", "forward", "row", "rule")

    def __init__(
        self, name: str, node: str, *, fresh: bool = True, turned: tuple[int, ...] = (),
    ) -> None:
        self.row = row = TENSOR_OPS[name]
        self.forward = row.forward
        self._saves: tuple[frozenset[str], ...] | None = None
        rules = tuple(row.gradient(slot) for slot in range(len(row.operands)))
        backward = _of_one(rules[0]) if len(rules) == 1 else _of_several(rules)
        self.rule = Rule(node, backward, fresh=fresh, turned=turned)

    def value(self, *arrays: Any, **settings: Any) -> Any:
        """Return the record's value of raw arrays."""
        token = hush()
        try:
            return self.forward(RAW, *arrays, **settings)
        finally:
            unhush(token)

    def __call__(self, *operands: Any, **settings: Any) -> Tensor:
        """Return the recorded value of tensors; raw arrays among them are constants, None is left out."""
        arrays = [x._a if x.__class__ is Tensor or isinstance(x, Tensor) else x for x in operands]
        return self.record(self.value(*arrays, **settings), *operands, **settings)

    def record(self, out: Any, *operands: Any, **settings: Any) -> Tensor:
        """Return the tensor of a raw value that was computed elsewhere, recorded as this operation."""
        saves = self._saves
        if saves is None:
            saves = self._saves = tuple(reads(self.row, i) for i in range(len(operands)))
        names = self.row.operands
        if len(operands) == 1:
            x, seen = operands[0], saves[0]
            kept = (x if names[0] in seen else None, OUT if "out" in seen else None) if seen else ()
            return record(self.rule, out, operands, kept, (settings, x._a.shape))
        wanted: set[str] = set()
        inputs: list[Any] = []
        shapes: list[Any] = []
        for x, seen in zip(operands, saves, strict=True):
            if isinstance(x, Tensor):
                inputs.append(x)
                shapes.append(x._a.shape)
                if x._rg:
                    wanted |= seen
            else:
                inputs.append(None)
                shapes.append(None if x is None else x.shape)
        held = [x if name in wanted else None for name, x in zip(names, operands, strict=True)]
        return record(
            self.rule, out, tuple(inputs), (*held, OUT if "out" in wanted else None), (settings, shapes))
