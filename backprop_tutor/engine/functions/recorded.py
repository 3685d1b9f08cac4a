"""From a tensor record of `ops` to an operation of the engine: computed and recorded by its rules.

A record's rule of an operand becomes the rule of a node. What is saved of the operands and the value is
what the rules read of them, found once by tracing; of the rest its shape alone is kept. Where arrays have a
faster way, `node_rule` takes it beside the record's rules, to which the contract battery holds it.

A node saves operands and value, then what a faster way wants; its options are the record's options, the
operands' shapes, then what a faster way wants.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ops.array_kernel import RAW
from ...ops.tensors import TENSOR_OPS
from ...ops.tracing import reads
from ..autograd.node import Told
from ..autograd.tape import OUT, Rule, Tensor, record, record_one
from ..tensors.quiet import hush, unhush
from ..tensors.tensor import share

__all__ = ["Recorded", "Shaped", "node_rule", "record_view"]


def record_view(rule: Rule, out: Any, x: Tensor, options: Any = None) -> Tensor:
    """Return the recorded tensor of an array that shares x's memory."""
    made = record(rule, out, (x,), (), options)
    share(made, x)
    return made


class Shaped:
    """Stands for an operand of which a rule asks nothing but its shape."""

    __slots__ = ("shape",)

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape: tuple[int, ...] = shape


def _of_one(rule: Any) -> Callable[..., Any]:
    """Return the rule of a node of one operand."""

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        settings, shape = options
        a, out = saved or (None, None)
        return (rule(k, g, out, Shaped(shape) if a is None else a, **settings),)

    return backward


def _of_several(
    rules: tuple[Any, ...], order: tuple[int, ...], held: tuple[int, ...]
) -> Callable[..., Any]:
    """Return the rule of a node whose inputs are the operands of the slots in `order`.

    `held` are the slots of what is saved first; the value's is the one after the last operand's.
    """
    count = len(rules)

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        settings, shapes = options[:2]
        operands = [None if shape is None else Shaped(shape) for shape in shapes]
        out = None
        for slot, a in zip(held, saved or ()):  # noqa: B905  (what a faster way saves stands behind)
            if slot == count:
                out = a
            elif a is not None:
                operands[slot] = a
        return [
            rules[slot](k, g, out, *operands, **settings) if wanted else None
            for slot, wanted in zip(order, need, strict=True)
        ]

    return backward


def node_rule(
    name: str, node: str, of_arrays: Callable[..., Any] | None = None, *, order: tuple[int, ...] = (),
    held: tuple[int, ...] = (), fresh: bool = True, turned: tuple[int, ...] = (),
) -> Rule:
    """Return the rule, under the name that its nodes have, that a tensor record makes.

    `order` says which operands are the node's inputs, `held` which are saved, both in their order; all of
    them (and the value) without it. `of_arrays(g, saved, options, edges)` gives the gradients of arrays
    faster than the record's rules. `fresh` and `turned` are those of `tape.Rule`.
    """
    row = TENSOR_OPS[name]
    rules = tuple(row.gradient(slot) for slot in range(len(row.operands)))
    if len(rules) == 1:
        own = _of_one(rules[0])
    else:
        every = tuple(range(len(rules)))
        own = _of_several(rules, order or every, held or (*every, len(rules)))
    every = tuple(range(len(rules)))
    told = Told("record", name, order or every, held or (*every, len(rules)))
    alone = len(rules) == 1
    return Rule(node, own, fresh=fresh, turned=turned, of_arrays=of_arrays, alone=alone, told=told)


class Recorded:
    """An operation of the engine that a tensor record makes.

    >>> from backprop_tutor import engine as torch
    >>> Recorded("sum", "SumBackward0")(torch.ones(2, 3), axis=1)
    tensor([3., 3.])
    """

    __slots__ = ("_order", "_saves", "_shaped", "forward", "row", "rule")

    def __init__(
        self, name: str, node: str, *, order: tuple[int, ...] = (), fresh: bool = True,
        rule: Rule | None = None,
    ) -> None:
        self.row = row = TENSOR_OPS[name]
        self.forward: Callable[..., Any] = row.forward
        self.rule: Rule = rule or node_rule(name, node, order=order, fresh=fresh)
        self._order = order or tuple(range(len(row.operands)))
        self._saves: dict[int, tuple[bool, ...]] = {}
        self._shaped = any(option == "shape" for option, _ in row.options)

    def value(self, *arrays: Any, **settings: Any) -> Any:
        """Return the record's value of raw arrays."""
        token = hush()
        try:
            return self.forward(RAW, *arrays, **settings)
        finally:
            unhush(token)

    def __call__(self, *operands: Any, **settings: Any) -> Tensor:
        """Return the recorded value of tensors; raw arrays among them are constants, None is left out."""
        arrays = [x._a if isinstance(x, Tensor) else x for x in operands]
        return self.record(self.value(*arrays, **settings), *operands, **settings)

    def view(self, out: Any, base: Tensor, **settings: Any) -> Tensor:
        """Return the tensor of a raw view of another's memory, recorded as this operation."""
        if self._shaped:
            settings["shape"] = out.shape
        return record_view(self.rule, out, base, (settings, base._a.shape))

    def record(self, out: Any, *operands: Any, **settings: Any) -> Tensor:
        """Return the tensor of a raw value that was computed elsewhere, recorded as this operation."""
        if len(operands) == 1:
            x = operands[0]
            x_kept, out_kept = self._kept(1)
            if self._shaped:
                settings["shape"] = out.shape
            return record_one(self.rule, out, x, x_kept + 2 * out_kept, (settings, x._a.shape))
        shapes = tuple([
            x._a.shape if isinstance(x, Tensor) else None if x is None else x.shape for x in operands
        ])
        wanted = 0
        inputs: list[Any] = []
        for slot in self._order:
            x = operands[slot]
            if isinstance(x, Tensor):
                inputs.append(x)
                if x._rg:
                    wanted |= 1 << slot
            else:
                inputs.append(None)
        kept = tuple([
            x if keeps else None for x, keeps in zip((*operands, OUT), self._kept(wanted), strict=True)
        ])
        return record(self.rule, out, tuple(inputs), kept, (settings, shapes))

    def _kept(self, wanted: int) -> tuple[bool, ...]:
        """Return which operands, and whether the value, the gradients of some slots (as bits) read."""
        found = self._saves.get(wanted)
        if found is None:
            names = (*self.row.operands, "out")
            slots = [slot for slot in range(len(names) - 1) if wanted >> slot & 1]
            seen = frozenset().union(*(reads(self.row, slot) for slot in slots))
            found = self._saves[wanted] = tuple(name in seen for name in names)
        return found
