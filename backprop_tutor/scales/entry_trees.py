"""The kernel whose arrays hold terms of the language: a rule of arrays written out entry by entry.

Enters: arrays of `Cell`s, each the formula of one entry. Leaves: arrays of cells. What rearranges entries
is what arrays do; what computes writes a row of `OPS` for each entry. Choices stay choices
(`max`, `where_above`), so that a formula holds on all pieces. Labels are whole numbers and stay so.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from ..language import Apply, Expression, Number
from ..ops.array_kernel import RAW
from ..ops.sizes import axes_of, kept

__all__ = ["TREES", "Cell", "applied", "cells_of", "constant"]

_AS_ARRAYS = frozenset({
    "shape", "swap", "permute", "reshape", "expand", "index", "take_along", "concatenate", "stack",
    "flip", "roll", "zeros", "zeros_like", "kind", "rows_sum", "sum", "matmul", "einsum", "cumsum",
    "cumprod", "product",
})  # fmt: skip
"""What arrays of objects do as arrays of numbers do."""

_ROWS = {
    "exp": "exp", "log": "log", "sqrt": "sqrt", "absolute": "abs", "tanh": "tanh", "sigmoid": "sigmoid",
    "softplus": "softplus", "sign": "sign", "power": "power", "maximum": "max", "minimum": "min",
    "log1p": "log1p", "expm1": "expm1",
}  # fmt: skip
"""The functions of a kernel that are rows of `OPS`, by their names there."""

_ABOVE = {"greater": "above", "less": "below"}
_OTHERWISE = {"above": "at_most", "below": "at_least"}


class Cell:
    """One entry's formula, with the arithmetic that rules need; a plain number is a constant."""

    __slots__ = ("tree",)

    def __init__(self, tree: Expression) -> None:
        self.tree: Expression = tree

    def is_number(self, value: int) -> bool:
        """Return whether it is the constant."""
        return isinstance(self.tree, Number) and self.tree.value == value


class _Condition:
    """Where one formula is above or below another."""

    __slots__ = ("one", "other", "word")

    def __init__(self, word: str, one: Cell, other: Cell) -> None:
        self.word: str = word
        self.one: Cell = one
        self.other: Cell = other


def constant(value: Any) -> Cell:
    """Return a number as a cell; whole ones are exact.

    >>> constant(2.0).tree.text, constant(0.5).tree.text
    ('2', '0.5')
    """
    number = float(value)
    if number.is_integer() and abs(number) < 2**53:
        return Cell(Number(Fraction(int(number)), str(int(number)).replace("-", "−")))
    return Cell(Number(number, repr(number).replace("-", "−")))


def applied(op: str, *operands: Cell, **options: Any) -> Cell:
    """Return an operation of the table on cells."""
    return Cell(Apply(op, tuple(each.tree for each in operands), tuple(sorted(options.items()))))


def _cell(value: Any) -> Cell:
    return value if isinstance(value, Cell) else constant(value)


def _operator(op: str, turned: bool = False) -> Callable[[Cell, Any], Any]:
    def apply(self: Cell, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        pair = (_cell(other), self) if turned else (self, _cell(other))
        return _without_effect(op, *pair) or applied(op, *pair)

    return apply


def _without_effect(op: str, a: Cell, b: Cell) -> Cell | None:
    """Return the operand that a sum with 0, or a product with 1, is."""
    if op == "add" and a.is_number(0):
        return b
    if op in ("add", "subtract") and b.is_number(0):
        return a
    if op == "multiply" and a.is_number(1):
        return b
    return a if op in ("multiply", "divide", "power") and b.is_number(1) else None


for _sign, _op in (
    ("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "divide"), ("pow", "power"),
):  # fmt: skip
    setattr(Cell, f"__{_sign}__", _operator(_op))
    setattr(Cell, f"__r{_sign}__", _operator(_op, turned=True))


def _negative(cell: Cell) -> Cell:
    if isinstance(cell.tree, Number):
        return constant(-float(cell.tree.value))
    return applied("negate", cell)


setattr(Cell, "__neg__", _negative)  # noqa: B010  # as the others


def cells_of(given: Any) -> Any:
    """Return an array of numbers as one of constants."""
    return _array(np.frompyfunc(constant, 1, 1)(given))


def _array(found: Any) -> Any:
    """Return a cell as an array without axes: NumPy hands out what such an array holds."""
    if isinstance(found, Cell | _Condition):
        made = np.empty((), object)
        made[()] = found
        return made
    return type(found)(map(_array, found)) if isinstance(found, tuple | list) else found


def _kind(given: Any) -> str:
    """Return the letter of an array's kind; nothing of what is no array."""
    return str(getattr(getattr(given, "dtype", None), "kind", ""))


def _holds_cells(given: Any) -> bool:
    if isinstance(given, tuple | list):
        return any(map(_holds_cells, given))
    return isinstance(given, Cell | _Condition) or _kind(given) == "O"


class _Trees:
    """The kernel; what it has no name for is asked of arrays of objects, or is a row of `OPS`."""

    one: Any = 1

    def __getattr__(self, name: str) -> Any:
        if name in _AS_ARRAYS:
            function = getattr(RAW, name)
            return lambda *args, **options: _array(function(*map(_array, args), **options))
        if name not in _ROWS:
            raise AttributeError(name)
        row = _ROWS[name]

        def entry_by_entry(*operands: Any) -> Any:
            if not _holds_cells(operands):
                return getattr(RAW, name)(*operands)
            made = np.frompyfunc(lambda *each: applied(row, *map(_cell, each)), len(operands), 1)
            return _array(made(*map(_array, operands)))

        return entry_by_entry

    def _extreme(self, op: str, a: Any, dims: Any, keep: bool) -> Any:
        a = _array(a)
        gone = axes_of(dims, a.ndim)
        stay = [i for i in range(a.ndim) if i not in gone]
        lines = a.transpose([*stay, *gone]).reshape(*(a.shape[i] for i in stay), -1)
        found = np.empty(lines.shape[:-1], object)
        for place in np.ndindex(*found.shape):
            line = lines[place]
            found[place] = line[0] if len(line) == 1 else applied(op, *line)
        return found.reshape(kept(a.shape, gone)) if keep else found

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the largest over some axes, as one operation of all."""
        return self._extreme("max", a, dims, keep)

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the smallest over some axes, as one operation of all."""
        return self._extreme("min", a, dims, keep)

    def _compared(self, name: str, a: Any, b: Any) -> Any:
        if not _holds_cells((a, b)):
            return getattr(RAW, name)(a, b)
        made = np.frompyfunc(lambda x, y: _Condition(_ABOVE[name], _cell(x), _cell(y)), 2, 1)
        return _array(made(_array(a), _array(b)))

    def greater(self, a: Any, b: Any) -> Any:
        """Return where a > b, as a condition."""
        return self._compared("greater", a, b)

    def less(self, a: Any, b: Any) -> Any:
        """Return where a < b, as a condition."""
        return self._compared("less", a, b)

    def equal(self, a: Any, b: Any) -> Any:
        """Return where numbers are equal; a formula is no number."""
        if not _holds_cells((a, b)):
            return RAW.equal(a, b)
        return np.frompyfunc(_same_number, 2, 1)(_array(a), _array(b)).astype(bool)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a choice entry by entry; a condition of labels is decided now."""
        return _array(np.frompyfunc(_chosen, 3, 1)(*map(_array, (condition, a, b))))

    guard = where

    def offset(self, a: Any, dims: Any) -> int:
        """Return 0: a formula overflows where its numbers do."""
        return 0

    def finite(self, a: Any) -> Any:
        """Return the array as it is."""
        return a

    def cast(self, a: Any, kind: Any) -> Any:
        """Return the array; a condition as 1 where it holds, else 0."""
        return self.where(a, 1, 0) if _kind(a) == "b" else a

    def one_hot(self, labels: Any, classes: int, like: Any) -> Any:
        """Return a 1 at each label's place along a new last axis."""
        return cells_of(np.equal(labels[..., None], np.arange(classes)).astype(float))

    def array(self, a: Any) -> Any:
        """Return a raw array as constants."""
        return cells_of(np.asarray(a))


def _same_number(a: Any, b: Any) -> bool:
    one, other = _cell(a).tree, _cell(b).tree
    return isinstance(one, Number) and isinstance(other, Number) and one.value == other.value


def _chosen(condition: Any, a: Any, b: Any) -> Cell:
    yes, no = _cell(a), _cell(b)
    if not isinstance(condition, _Condition):
        return yes if condition else no
    word, one, other = condition.word, condition.one, condition.other
    if yes.is_number(1) and no.is_number(0):
        return applied(f"indicator_{word}", one, other)
    if yes.is_number(0) and no.is_number(1):
        return applied(f"indicator_{_OTHERWISE[word]}", one, other)
    return applied(f"where_{word}", one, other, yes, no)


TREES = _Trees()
