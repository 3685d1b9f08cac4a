"""What a student wrote in a cell of matrices, read: a matrix, an entry, a shape, a formula, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import printable, quoted
from ...ops.sizes import shown as shape_shown
from ...sentences import said
from ..equivalence.array_formulas import ArrayFormulas, ArrayVerdict
from ..quantities.quantity_record import Quantity
from ..quantities.typed_arrays import TypedArray, given_array, is_array_answer
from ..spellings.characters import plain
from ..spellings.nothing import says_nothing
from ..spellings.reading import spelled
from ..spellings.spelled import Cell

__all__ = ["WrittenArray", "read_array_answer", "shape_answer"]

_SIZES = re.compile(
    r"\s*[(\[]?\s*(?P<sizes>\d{1,9}(?:\s*(?:[x×X*,]|by|\\times|\s)\s*\d{1,9})*)\s*,?\s*[)\]]?\s*\Z"
)
_SCALAR = frozenset({"()", "[]", "scalar", "a scalar", "number", "a number", "a single number"})
_ANYWHERE = Cell()
_LONGEST_WORD = 60
_NUMBER = re.compile(r"[\s+\-−\d.eE/*^()]*\Z")


@dataclass(frozen=True, slots=True)
class WrittenArray:
    """One answer, as read.

    Attributes:
        text: as the student wrote it.
        typed: the matrix, number or sizes; None if there is none.
        formula: what became of a formula; None for numbers.
        fault: why it cannot be read; empty if it can.
        wrong_shape: whether the matrix has another shape than is asked for.
        how: how the text was read, where that is not plain.
        several: why it may mean several things; empty if it does not.
    """

    text: str
    typed: TypedArray | None = None
    formula: ArrayVerdict | None = None
    fault: str = ""
    wrong_shape: bool = False
    how: str = ""
    several: str = ""


def read_array_answer(
    given: Any, quantity: Quantity, shape: tuple[int, ...], formulas: ArrayFormulas, want: str,
    cell: Cell = _ANYWHERE,
) -> WrittenArray:  # fmt: skip
    """Return what stands in a cell.

    Args:
        given: a list, an array, a number or a text.
        quantity: what the cell asks for.
        shape: that of the right answer; of an entry `()`.
        formulas: what a formula is judged by.
        want: "number", "formula" or "either".
        cell: what the reading of a single number may look at.
    """
    if isinstance(given, str) and not shape and quantity.part != "shape":
        read = spelled(given, cell)
        text = given.strip()
        if read.kind == "nothing":
            return WrittenArray(text)
        if read.kind == "ambiguous":
            return WrittenArray(text, several=read.reason)
        if read.kind == "refused":
            return WrittenArray(text, fault=read.reason)
        if read.text != text:
            found = _as_it_stands(read.text, quantity, shape, formulas, want)
            how = f"{read.text}: {', '.join(read.how)}" if read.how else ""
            return replace(found, text=text, how=how)
    in_words = isinstance(given, str) and len(given) < _LONGEST_WORD and not set(given) & set("[](){}")
    if in_words and says_nothing(plain(given), cell.names):
        return WrittenArray(given.strip())
    return _as_it_stands(given, quantity, shape, formulas, want)


def _as_it_stands(
    given: Any, quantity: Quantity, shape: tuple[int, ...], formulas: ArrayFormulas, want: str
) -> WrittenArray:
    """Return what stands in a cell, in the language's spelling."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return WrittenArray("")
    if isinstance(given, bool | np.bool_):
        fault = said("`{given}` is a truth value, not a number", given=given)
        return WrittenArray(str(given), fault=fault)
    if quantity.part == "shape":
        return _shape(given)
    if is_array_answer(given):
        return _matrix(given, shape)
    if not isinstance(given, str):
        return _number(given, shape)
    text = given.strip()
    if _NUMBER.match(text):
        return _number(text, shape)
    single = given_array([text])
    if not single.fault:
        return _number(text, shape)
    if want == "number":
        fault = said("a number is asked for, and this is a formula")
        if shape:
            fault = said("a {shape} matrix of numbers is asked for: {fault}", shape=shape_shown(shape),
                         fault=quoted(text[:60]))  # fmt: skip
        return WrittenArray(text, fault=fault)
    verdict = formulas.judged(quantity, text)
    if verdict.status == "unreadable":
        return WrittenArray(text, fault=verdict.reason)
    typed = None
    if verdict.number is not None:
        number = np.asarray(verdict.number, float)
        typed = TypedArray(text, number, (), np.zeros(number.shape))
    wrong = typed is not None and typed.numbers is not None and typed.numbers.shape != shape
    return WrittenArray(text, typed, verdict, wrong_shape=wrong)


def _matrix(given: Any, shape: tuple[int, ...]) -> WrittenArray:
    typed = given_array(given)
    if typed.fault or typed.numbers is None:
        return WrittenArray(typed.text, fault=typed.fault)
    fitted = _fitted(typed, shape)
    return WrittenArray(typed.text, fitted, wrong_shape=fitted.numbers.shape != shape)  # type: ignore[union-attr]


def _fitted(typed: TypedArray, shape: tuple[int, ...]) -> TypedArray:
    """Return a vector in the shape asked for, where it is only written as a row, or as a column.

    A vector has no orientation: it may be written as either. A row of a matrix may be written as a list.
    """
    numbers = typed.numbers
    assert numbers is not None  # read
    own = numbers.shape
    if len(shape) == 1 and len(own) == 2 and 1 in own and numbers.size == shape[0]:
        return typed.shaped(shape)
    if len(shape) == 2 and shape[0] == 1 and own == (shape[1],):
        return typed.shaped(shape)
    return typed.shaped(()) if not shape and numbers.size == 1 else typed


def _number(given: Any, shape: tuple[int, ...]) -> WrittenArray:
    typed = given_array([given])
    text = given.strip() if isinstance(given, str) else printable(str(given))[:80]
    if typed.fault or typed.numbers is None:
        if isinstance(given, float | int | str):
            return WrittenArray(text, fault=typed.fault.partition(": ")[2] or typed.fault)
        kind = type(given).__name__
        fault = said("an answer is a matrix, a text or a number, not a {kind}", kind=kind)
        return WrittenArray(text, fault=fault)
    size = int(np.prod(shape))
    if size != 1:
        fault = said("a {shape} matrix is asked for, not a number", shape=shape_shown(shape))
        return WrittenArray(text, fault=fault)
    return WrittenArray(text, replace(typed.shaped(shape), text=text))


def _shape(given: Any) -> WrittenArray:
    text = printable(str(given)).strip()[:80]
    sizes = shape_answer(given)
    if sizes is None:
        fault = said("{given} is no shape; write it as 2×3, or (2, 3)", given=quoted(text))
        return WrittenArray(text, fault=fault)
    numbers = np.array(sizes, float)
    return WrittenArray(text, TypedArray(text, numbers, (), np.zeros(numbers.shape)))


def shape_answer(given: Any) -> tuple[int, ...] | None:
    """Return the sizes that a shape's text says; None if it says none.

    >>> [shape_answer(t) for t in ("2x3", "(2, 3)", "2 × 3", "(3,)", "()", "two", [2, 3])]
    [(2, 3), (2, 3), (2, 3), (3,), (), None, (2, 3)]
    """
    if isinstance(given, str):
        text = given.strip()
        if text.lower() in _SCALAR:
            return ()
        match = _SIZES.match(text)
        return tuple(int(size) for size in re.findall(r"\d+", match["sizes"])) if match else None
    if isinstance(given, int) and not isinstance(given, bool):
        return (given,)
    if hasattr(given, "tolist"):
        given = given.tolist()
    if not isinstance(given, list | tuple):
        return None
    whole = all(isinstance(size, int) and not isinstance(size, bool) and size >= 0 for size in given)
    return tuple(given) if whole else None
