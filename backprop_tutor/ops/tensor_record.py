"""What a tensor operation is: one frozen record of its shape rule, its value and its way back.

Where `record.Operation` says an operation on single numbers that tensors apply entry by entry, a
`TensorOperation` mixes entries: products of matrices, sums over axes, softmax. Its rules are written
once over a kernel `k` (`vocabulary.TensorKernel`); the engine, the tutor and the proof read them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import OptionError, did_you_mean
from .record import Rule
from .sizes import Shape

__all__ = ["OUT", "Sample", "Step", "TensorOperation", "Torch"]

OUT = "out"
"""The name of an operation's own value among the values that its rules read and a tape saves."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the contract battery tries a record: operands' shapes (None for one left out), options, draws.

    A draw is "normal", "positive", "unit" (between 0 and 1), "shares" (which sum to 1 along the last
    axis), "mask" (0 and 1), "regular" (matrices far from singular), or a number of classes or rows for
    labels below it.
    """

    shapes: tuple[tuple[int, ...] | None, ...]
    options: tuple[tuple[str, Any], ...] = ()
    draws: tuple[str | int, ...] = ()

    def draw(self, slot: int) -> str | int:
        """Return how the operand of a slot is drawn."""
        return self.draws[slot] if slot < len(self.draws) else "normal"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the program that a fused operation is equal to: `name = operation(operands, options)`.

    Operands are names of earlier lines or of the operation's operands, or numbers.
    """

    name: str
    operation: str
    operands: tuple[str | int | float, ...]
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Torch:
    """Where PyTorch has an operation, by names.

    Attributes:
        name: its name there, where that is not the record's.
        nodes: what the graph calls it (`MmBackward0`), the usual one first.
        top, method: whether it is a function at the top, a method of tensors.
        also: its other names at these places.
        operator: the word of its operator between two operands.
        writes: whether it has a twin that writes into its operand (`name_`).
        reshapes: the nodes of a twin that gives the operand another shape, with and without arguments.
        spreads: whether its method also takes axes one by one, `x.sum(0, 1)`.
        functional, module: its names in `nn.functional` and in `nn`.
    """

    name: str = ""
    nodes: tuple[str, ...] = ()
    top: bool = True
    method: bool = True
    also: tuple[str, ...] = ()
    operator: str = ""
    writes: bool = False
    reshapes: tuple[str, ...] = ()
    spreads: bool = False
    functional: str = ""
    module: str = ""

    def __post_init__(self) -> None:
        for name in (self.name, *self.nodes, *self.also, *self.reshapes, self.operator, self.functional,
                     self.module):
            if name and not name.isidentifier():
                raise ValueError(f"a name of PyTorch's is an identifier, not {name!r}")


@dataclass(frozen=True, kw_only=True, eq=False)
class TensorOperation:
    """One row of the table `TENSOR_OPS`.

    Attributes:
        name: the field's name for it, unique ("matmul").
        operands: the names of its operands, in order; what a tape saves of them has these names.
        spelled: the names by which the typed language calls it; `@` and `ᵀ` are signs of its grammar.
        sign: what stands in its box in a picture, at most five characters.
        rule: the name of the differentiation rule ("matrix product").
        optional: the operands that may be left out (None).
        many: whether the last operand may be repeated: any number of them.
        options: names and defaults of its options.
        shape: `shape(*shapes, **options)`, the value's shape from sizes that are numbers or symbols;
            raises `Misfit`, which says what is wrong and what would fit.
        forward: `forward(k, *operands, **options)`, the value.
        backward: for each operand a rule `(k, g, out, *operands, **options)` of its gradient, with g
            the gradient of the value; None for operands without one (labels). For operations of many
            operands, a function from the slot to that.
        indices: `indices(*shapes, **options)`, the value entry by entry as a formula over indices
            (`index_formulas`), or None where only equations say it (an inverse).
        index_gradients: for each operand `index_gradients[slot](*shapes, **options)`, its gradient entry by
            entry, where the one that is differentiated from `indices` would be hard to read; else None.
        because: why each operand's gradient is what it is.
        stands_for: for fused ones `stands_for(*shapes, **options)`, the program they are equal to; ()
            where options have none.
        samples: where the contract battery tries it.
        torch: its names in PyTorch.
    """

    name: str
    operands: tuple[str, ...]
    shape: Callable[..., Shape]
    forward: Rule
    backward: tuple[Rule | None, ...] | Callable[[int], Rule | None]
    because: tuple[str, ...]
    samples: tuple[Sample, ...]
    indices: Callable[..., str] | None
    index_gradients: tuple[Callable[..., str] | None, ...] = ()
    spelled: tuple[str, ...] = ()
    sign: str = ""
    rule: str = ""
    optional: tuple[str, ...] = ()
    many: bool = False
    options: tuple[tuple[str, Any], ...] = ()
    stands_for: Callable[..., tuple[Step, ...]] | None = None
    torch: Torch = Torch()

    def __post_init__(self) -> None:
        for word in (self.name, *self.operands):
            if not word.isidentifier():
                raise ValueError(f"{self.name}: a name is an identifier, not {word!r}")
        if OUT in self.operands or len(set(self.operands)) != len(self.operands):
            raise ValueError(f"{self.name}: two values of one name among {self.operands}")
        if not self.many and (callable(self.backward) or len(self.backward) != len(self.operands)):
            raise ValueError(f"{self.name}: {len(self.operands)} operands need as many rules")
        if len(self.because) != len(self.operands):
            raise ValueError(f"{self.name}: {len(self.operands)} operands need as many reasons")
        if not set(self.optional) <= set(self.operands):
            raise ValueError(f"{self.name}: {self.optional} are not among {self.operands}")
        if len(self.sign) > 5:
            raise ValueError(f"{self.name}: the sign {self.sign!r} does not fit a box")
        if not self.samples:
            raise ValueError(f"{self.name}: no samples for the contract battery")
        for sample in self.samples:
            if not self.accepts(len(sample.shapes)):
                raise ValueError(f"{self.name}: a sample of {len(sample.shapes)} operands")
            self.with_options(dict(sample.options))
        for slot in range(len(self.operands)):
            if not any(len(s.shapes) > slot and s.shapes[slot] is not None for s in self.samples):
                raise ValueError(f"{self.name}: no sample has the operand {self.operands[slot]}")
            if bool(self.gradient(slot)) != bool(self.because[slot]):
                raise ValueError(f"{self.name}: a gradient and its reason go together, for slot {slot}")

    def accepts(self, count: int) -> bool:
        """Return whether the operation takes `count` operands, those left out included."""
        return count >= 1 if self.many else count == len(self.operands)

    def gradient(self, slot: int) -> Rule | None:
        """Return the rule of the gradient of the operand number `slot`, from 0; None where it has none."""
        return self.backward(slot) if callable(self.backward) else self.backward[slot]

    def reason(self, slot: int) -> str:
        """Return why the gradient of the operand number `slot` is what it is."""
        return self.because[min(slot, len(self.because) - 1)]

    def named(self, slot: int) -> str:
        """Return the name of the operand number `slot`: of many ones `a1`, `a2`, ..."""
        if not self.many or slot < len(self.operands) - 1:
            return self.operands[slot]
        return f"{self.operands[-1]}{slot - len(self.operands) + 2}"

    def with_options(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return all options, the given ones over the defaults.

        Raises:
            OptionError: an option that the operation does not have.
        """
        values = dict(self.options)
        for name, value in given.items():
            if name not in values:
                message = f"{self.name} has no option `{name}`; its options: {', '.join(values) or 'none'}"
                hint = did_you_mean(name, list(values))
                raise OptionError(f"{message} ({hint})" if hint else message)
            values[name] = value
        return values
