"""A matrix that a student gave, read: its numbers, how precisely each was typed, and every fault's place.

Enters: nested lists, a NumPy array, or a text. Leaves: a `TypedArray`; which of its entries are right is
`compared`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DomainError, OptionError, TutorError, printable, quoted
from ...ops.sizes import shown as shape_shown
from ...sentences import said
from .array_texts import Grid, is_matrix_text, matrix_grid, nested_grid, nested_text
from .figures import Precision, typed_precision
from .tolerance import Tolerance
from .typed_numbers import Typed, compare, read_number

__all__ = ["TypedArray", "compared", "given_array", "is_array_answer", "place_text", "shape_fault"]

Numbers = NDArray[np.float64]

_PLAIN = re.compile(r"[+\-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d{1,2})?\Z")
_LISTED = 20
_DIGITS = 15
"""A number of so many digits was not rounded by hand."""
_SINGLE = 2e-6
"""What float32 leaves of a matrix's largest entry after a few operations."""
_MOST_LOOKED_AT = 20_000
"""So many entries are looked at digit by digit; of larger matrices all count as typed in full."""


@dataclass(frozen=True, slots=True, eq=False)
class TypedArray:
    """What was given as a matrix.

    Attributes:
        text: as it was given, for the eye.
        numbers: its entries; None where there are faults.
        texts: the entries as typed, flat and in order.
        halves: half a unit of each entry's last digit; 0 where it is exact.
        fault: what is wrong, every fault with its place; empty if nothing is.
    """

    text: str
    numbers: Numbers | None = None
    texts: tuple[str, ...] = ()
    halves: Numbers | None = None
    fault: str = ""

    def entry(self, at: tuple[int, ...]) -> str:
        """Return an entry as it was typed."""
        assert self.numbers is not None  # asked of what was read
        if self.texts:
            return self.texts[int(np.ravel_multi_index(at, self.numbers.shape))] if at else self.texts[0]
        return repr(float(self.numbers[at]))

    def shaped(self, shape: tuple[int, ...]) -> TypedArray:
        """Return the same entries in another shape."""
        assert self.numbers is not None  # asked of what was read
        assert self.halves is not None
        return TypedArray(
            self.text, self.numbers.reshape(shape), self.texts, self.halves.reshape(shape)
        )


def place_text(at: tuple[int, ...]) -> str:
    """Return a place as it is written: `[0, 2]`."""
    return f"[{', '.join(map(str, at))}]"


def is_array_answer(given: object) -> bool:
    """Return whether an answer is given as an array: a list, an array, or the text of one."""
    if isinstance(given, str):
        return is_matrix_text(given)
    return isinstance(given, list | tuple) or len(getattr(given, "shape", ())) > 0


def given_array(given: Any) -> TypedArray:
    """Return a matrix as it was given, or with every fault and its place.

    >>> given_array("[[0.5, a], [, 1]]").fault
    'entry [0, 1]: `a` is no number; entry [1, 0] is empty'
    """
    if hasattr(given, "shape") and not isinstance(given, list | tuple):
        return _of_numpy(given)
    text = given.strip() if isinstance(given, str) else _listed_text(given)
    grid = matrix_grid(given) if isinstance(given, str) else nested_grid(given)
    if grid.faults:
        return TypedArray(text, fault="; ".join(grid.faults[:_LISTED]))
    numbers = np.zeros(grid.shape)
    texts: list[str] = []
    precisions: list[Precision | None] = []
    faults: list[str] = []
    for at, entry in _entries(grid):
        typed, fault = _entry(entry)
        if fault:
            faults.append(said("entry {place} {fault}", place=place_text(at), fault=fault))
            continue
        numbers[at] = float(typed.exact)
        texts.append(typed.text)
        precisions.append(typed.precision)
    if faults:
        more = len(faults) - _LISTED
        told = "; ".join(faults[:_LISTED]) + (said("; and {count} more", count=more) if more > 0 else "")
        return TypedArray(text, fault=told.replace(" : ", ": "))
    halves = np.array(_halves(numbers.ravel(), precisions)).reshape(grid.shape)
    return TypedArray(text, numbers, tuple(texts), halves)


def _listed_text(given: Any) -> str:
    return printable(nested_text(given))[:400]


def _of_numpy(given: Any) -> TypedArray:
    try:
        array = np.asarray(given)
    except Exception as error:  # a library's own array that refuses to become NumPy's
        return TypedArray(printable(repr(given))[:100], fault=f"{type(error).__name__}: {error}")
    shown = " ".join(np.array2string(array, separator=", ", threshold=400).split())
    text = printable(shown)[:400]
    if array.dtype.kind not in "iuf" or not array.size:
        kind = said("it has no entries") if not array.size else said(
            "an array of {dtype} is no array of real numbers", dtype=quoted(str(array.dtype))
        )
        return TypedArray(text, fault=kind)
    numbers = array.astype(np.float64)
    wrong = np.argwhere(~np.isfinite(numbers))
    if len(wrong):
        listed = ", ".join(
            said("{place} is {value}", place=place_text(tuple(map(int, at))), value=numbers[tuple(at)])
            for at in wrong[:_LISTED]
        )
        more = said(", and {count} more", count=len(wrong) - _LISTED) if len(wrong) > _LISTED else ""
        fault = said("not every entry is a finite number: {listed}", listed=listed) + more
        return TypedArray(text, fault=fault)
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        texts = tuple(str(x) for x in array.ravel()) if array.size <= _MOST_LOOKED_AT else ()
    else:
        texts = tuple(repr(x) for x in numbers.ravel().tolist()) if array.size <= _MOST_LOOKED_AT else ()
    precisions = [typed_precision(_as_rounded(t)) for t in texts]
    flat = numbers.ravel()
    halves = np.array(_halves(flat, precisions)) if texts else np.zeros(flat.shape)
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        unit = _SINGLE if array.dtype.itemsize == 4 else 1e-3
        halves = np.maximum(halves, unit * float(np.max(np.abs(flat), initial=0.0)))
    return TypedArray(text, numbers, texts, halves.reshape(numbers.shape))


def _as_rounded(text: str) -> str:
    """Return a float's text without the `.0` that nobody typed."""
    return text.removesuffix(".0")


def _entries(grid: Grid) -> Iterator[tuple[tuple[int, ...], Any]]:
    for at in np.ndindex(*grid.shape):
        item: Any = grid.entries
        for i in at:
            item = item[i]
        yield at, item


def _entry(given: Any) -> tuple[Typed, str]:
    """Return an entry as a number with its precision, or what is wrong with it."""
    nothing = Typed(0.0)
    if given is None or (isinstance(given, str) and not given.strip()):
        return nothing, said("is empty")
    if isinstance(given, bool | np.bool_):
        return nothing, said(": {given} is a truth value, not a number", given=quoted(str(given)))
    if isinstance(given, str):
        return _text_entry(given.strip())
    if isinstance(given, int | float | Fraction | np.integer | np.floating):
        whole = given if isinstance(given, Fraction) else 0
        value = float(given) if isinstance(given, float | np.floating) else whole or Fraction(int(given))
        try:
            finite = math.isfinite(value)
        except OverflowError:  # a whole number beyond float64
            return nothing, said(": {given} has no value", given=quoted(str(given)[:20] + "…"))
        if not finite:
            return nothing, said("is {value}; expected a finite number", value=value)
        text = _as_rounded(str(given)) if isinstance(given, float | np.floating) else str(given)
        return Typed(value, text, typed_precision(text)), ""
    return nothing, said(": {given} is no number", given=quoted(printable(str(given))[:40]))


def _text_entry(text: str) -> tuple[Typed, str]:
    try:
        typed = read_number(text)
        if not math.isfinite(float(typed.exact)):
            raise OverflowError
    except (DomainError, OverflowError, OptionError):
        return Typed(0.0), said(": {given} has no value", given=quoted(text[:60]))
    except TutorError as error:
        if any(c.isalpha() for c in text) or re.search(r"\d\s+[-−+]?\d", text) or len(text) > 40:
            parts = len(text.split()) > 1 and not any(c.isalpha() for c in text)
            hint = said("; is a comma missing?") if parts else ""
            return Typed(0.0), said(": {given} is no number", given=quoted(text[:60])) + hint
        first = str(error).splitlines()[0]
        return Typed(0.0), said(": {fault}", fault=first.split(": ", 1)[-1])
    return typed, ""


def _halves(numbers: Numbers, precisions: list[Precision | None]) -> list[float]:
    """Return half a unit of each entry's last digit, as it was typed or would have been with its zeros.

    Matrices are rounded to so many decimals throughout, or to so many figures: 0.4 among 0.123 and 0.456
    is 0.400, and among 12.3 and 0.0456 it has three figures.
    """
    known = [p for p in precisions if p is not None]
    decimals = max((p.decimals for p in known), default=0)
    figures = max((p.most for p in known), default=1)
    fractional = any(p.decimals or p.unit < 1 for p in known)
    halves: list[float] = []
    for number, precision in zip(numbers.tolist(), precisions, strict=True):
        if precision is None or precision.most >= _DIGITS or (precision.unit == 1 and not fractional):
            halves.append(0.0)
            continue
        unit = float(precision.unit)
        by_decimals = 10.0**-decimals
        if number:
            by_figures = 10.0 ** (math.floor(math.log10(abs(number))) - figures + 1)
            by_decimals = max(by_decimals, by_figures)
        halves.append(min(unit, by_decimals) / 2)
    return halves


def compared(
    true: Numbers, typed: TypedArray, tolerance: Tolerance, tiny: float
) -> tuple[NDArray[np.int_], dict[tuple[int, ...], str]]:
    """Return for each entry 0 where it is right, 1 where it is rounded, 2 where it is wrong; and reasons.

    An entry is right within the tolerance, as a single number is. One rounded to its last digit is right
    where half a unit of it is within `tolerance.rounding` of the matrix's largest entry: a matrix is
    rounded to so many decimals throughout, small entries too.

    Args:
        tiny: what rounding leaves of a true 0.
    """
    given = typed.numbers
    assert given is not None  # asked of what was read
    assert typed.halves is not None
    if tolerance.judge is not None:
        accepted = [
            0 if tolerance.accepts(float(given[at]), float(true[at])) else 2
            for at in np.ndindex(*true.shape)
        ]
        return np.array(accepted, dtype=int).reshape(true.shape), {}
    apart = np.abs(given - true)
    nothing = apart <= tiny
    if tolerance.figures is not None or tolerance.digits is not None:
        return _by_figures(true, typed, tolerance, nothing)
    size = np.maximum(np.abs(given), np.abs(true))
    right = nothing | (apart <= float(tolerance.relative) * (1 + 1e-12) * size)
    right |= apart <= float(tolerance.absolute) * (1 + 1e-12)
    found: NDArray[np.int_] = np.where(right, 0, 2)
    scale = float(np.max(np.abs(true), initial=0.0))
    coarsest = float(tolerance.rounding) * scale
    rounded = (apart <= typed.halves * (1 + 1e-9)) & (typed.halves <= coarsest)
    found[rounded & ~right] = 1
    return found, {}


def _by_figures(
    true: Numbers, typed: TypedArray, tolerance: Tolerance, nothing: NDArray[np.bool_]
) -> tuple[NDArray[np.int_], dict[tuple[int, ...], str]]:
    """Compare entry by entry where figures are asked for; a 0 has none."""
    found: NDArray[np.int_] = np.zeros(true.shape, dtype=int)
    reasons: dict[tuple[int, ...], str] = {}
    for at in np.ndindex(*true.shape):
        text = typed.entry(at)
        if nothing[at] and float(typed.numbers[at]) == 0:  # type: ignore[index]  # read
            continue
        number = Typed(float(typed.numbers[at]), text, typed_precision(text))  # type: ignore[index]
        verdict = compare(float(true[at]), number, tolerance)
        if not verdict:
            found[at] = 2
            reasons[at] = verdict.reason
    return found, reasons


def shape_fault(name: str, given: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return what is said of a wrong shape: `3×2 where W1 is 2×3: transposed?`."""
    told = said(
        "{given} where {name} is {expected}",
        given=shape_shown(given), name=name, expected=shape_shown(expected),
    )  # fmt: skip
    turned = len(given) > 1 and given[::-1] == expected
    return told + (said(": transposed?") if turned else ".")
