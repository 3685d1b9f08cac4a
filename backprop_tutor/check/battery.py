"""What a row of the table of operations must hold, computed from its own rules: one function a check.

Enters: an `Operation`, in the table or not. Leaves: the faults found, in words. `ops.admission` has what
every added row is held to at once; this takes NumPy and SymPy, for whoever writes a row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from ..language import evaluate, parse
from ..ops import SCALAR, Kernel, Operation, exact
from ..ops.numpy_kernel import NUMPY
from ..ops.sympy_kernel import SYMPY
from ..sentences import said

__all__ = ["CHECKS", "battery_faults"]

_GRID = (*(x / 4 for x in range(-80, 81)), 1e3, -1e3)


def _options(row: Operation) -> dict[str, Any]:
    return {**dict(row.options), **({"index": 0} if row.outputs else {})}


def _value(row: Operation, *operands: Any) -> float:
    """Return the row's value, nan where there is none."""
    try:
        return float(row.value(SCALAR, *operands, **_options(row)))
    except OverflowError:
        return math.inf  # of either sign: whatever is asked of it, it is no number
    except (ValueError, ArithmeticError):
        return math.nan


def _close(one: float, other: float, relative: float = 1e-9) -> bool:
    return math.isclose(one, other, rel_tol=relative, abs_tol=1e-12)


def _at(point: tuple[float, ...]) -> str:
    return ", ".join(f"{x:g}" for x in point)


def words(row: Operation) -> Iterator[str]:
    """The rules use the words of a kernel, which NumPy, SymPy and the lesson page know."""
    for word in sorted(row.words() - set(dir(Kernel))):
        yield said("a rule uses k.{word}, which no kernel has", word=word)


def arrays(row: Operation) -> Iterator[str]:
    """On arrays the rules give what they give on numbers, in the operands' shape and dtype."""
    options = _options(row)
    for point in row.samples:
        out = row.forward(SCALAR, *point, **options)
        columns = [np.full((2, 3), x) for x in point]
        found = np.asarray(row.forward(NUMPY, *columns, **options))
        if found.shape != (2, 3) or not _close(float(found.flat[0]), float(out)):
            yield said("at ({point}) the value on arrays is not that on numbers", point=_at(point))
            continue
        for slot in range(len(point)):
            slope = np.asarray(row.partial(slot)(NUMPY, found, *columns, **options), float)
            told = float(row.partial(slot)(SCALAR, out, *point, **options))
            if not _close(float(slope.flat[0]), told):
                yield said("at ({point}) the slope on arrays is not that on numbers", point=_at(point))
        narrow = row.forward(NUMPY, *(np.full(2, x, np.float32) for x in point), **options)
        if np.asarray(narrow).dtype.kind == "f" and np.asarray(narrow).dtype != np.float32:
            yield said("float32 in gives {dtype} out", dtype=str(np.asarray(narrow).dtype))


def symbols(row: Operation) -> Iterator[str]:
    """Each slope is SymPy's derivative of the value."""
    options = _options(row)
    for point in row.samples:
        names = sp.symbols(f"a0:{len(point)}", real=True)
        formula = sp.Integer(0) + row.forward(SYMPY, *names, **options)
        at = dict(zip(names, map(sp.Float, point), strict=True))
        out = row.forward(SCALAR, *point, **options)
        for slot, name in enumerate(names):
            wanted = float(sp.diff(formula, name).xreplace(at).evalf())
            told = float(row.partial(slot)(SCALAR, out, *point, **options))
            if not _close(told, wanted):
                yield said(
                    "at ({point}) the slope along operand {slot} is {told:.9g}, and the derivative of the "
                    "value is {found:.9g}",
                    point=_at(point), slot=slot + 1, told=told, found=wanted,
                )  # fmt: skip


def digits(row: Operation) -> Iterator[str]:
    """`precise` and `accurate` agree with `forward` and `partials` away from the edges."""
    options = _options(row)
    for point in row.samples:
        out = row.forward(SCALAR, *point, **options)
        if not _close(float(out), float(row.value(SCALAR, *point, **options))):
            yield said("at ({point}) {field} is another function", point=_at(point), field="`precise`")
        for slot in range(len(point)):
            slopes = [rule(slot)(SCALAR, out, *point, **options) for rule in (row.partial, row.slope)]
            if not _close(float(slopes[0]), float(slopes[1])):
                yield said("at ({point}) {field} is another function", point=_at(point), field="`accurate`")


def fractions(row: Operation) -> Iterator[str]:
    """`exact` says whether fractions in give fractions out."""
    if row.options and not row.exact:
        return  # its options are floats by default
    kept = []
    for point in row.samples:
        given = tuple(exact(Fraction(x).limit_denominator(64)) for x in point)
        chosen = {**_options(row), **{name: exact(Fraction(v)) for name, v in row.options}}
        out = row.value(SCALAR, *given, **chosen)
        kept += [out, *(row.slope(i)(SCALAR, out, *given, **chosen) for i in range(len(given)))]
    whole = [isinstance(x, Fraction | int) for x in kept]
    if row.exact and not any(whole):
        yield said("exact=True, and fractions in do not give fractions out")
    if not row.exact and all(whole):
        yield said("exact=False, and fractions in give fractions out")


def longer_form(row: Operation) -> Iterator[str]:
    """What the row stands for has its value."""
    if row.stands_for is None:
        return
    for point in row.samples:
        given: list[Any] = [len(point)] if row.most is None else []
        text = row.stands_for(*given, *([0] if row.outputs else []))
        known: dict[str, Any] = {f"a{i}": x for i, x in enumerate(point, 1)}
        out: Any = math.nan
        for assignment in parse(text, tuple(known)).assignments:
            out = evaluate(assignment.expression, known)
            known.update(dict.fromkeys(assignment.targets, out))
        if not _close(float(out), _value(row, *point)):
            yield said(
                "it stands for {formula}, which is {out:.9g} at ({point}), and its value is {value:.9g}",
                formula=f"`{text}`", out=float(out), point=_at(point), value=_value(row, *point),
            )  # fmt: skip


def bounds(row: Operation) -> Iterator[str]:
    """All values lie in the range; a domain is told where there is no value; activations are finite."""
    if row.least == row.most == 1 and not row.outputs:
        values = {x: _value(row, x) for x in _GRID}
        missing = [x for x, v in values.items() if math.isnan(v)]
        if missing and not row.domain and not row.angle:
            yield said("there is no value at {x:g}, and {field} is empty", x=missing[0], field="`domain`")
        if row.activation and any(not math.isfinite(v) for v in values.values()):
            yield said("an activation has a finite value everywhere")
        if row.range is not None:
            ends = (row.range.low, row.range.high)
            out = [
                (x, v) for x, v in values.items()
                if math.isfinite(v) and v not in row.range and not any(abs(v - e) < 1e-9 for e in ends)
            ]
            for x, v in out[:1]:
                yield said("at ({point}) the value {value:.6g} is outside the range {range}",
                           point=f"{x:g}", value=v, range=str(row.range))  # fmt: skip
    elif row.activation and not row.outputs:
        yield said("an activation takes one operand")


def kinks(row: Operation) -> Iterator[str]:
    """Where the slope jumps at 0 a branch says so, and no sample lies on a kink."""
    options = dict(row.options)
    for point in row.samples:
        if row.branch is not None and row.branch(*point, **options).kink:
            yield said("the sample ({point}) lies on a kink", point=_at(point))
    if row.least == row.most == 1 and not row.outputs and row.branch is None:
        slopes = []
        for x in (-1e-9, 1e-9):
            value = _value(row, x)
            slopes.append(float(row.slope(0)(SCALAR, value, x, **options)) if value == value else value)
        if abs(slopes[0] - slopes[1]) > 1e-3:
            yield said("the slope jumps at 0, and {field} says nothing of it", field="`branch`")


def moving_options(row: Operation) -> Iterator[str]:
    """Each option changes the value at a sample."""
    options = _options(row)
    for name, default in row.options:
        moved = {**options, name: default + 0.5}
        if all(
            row.forward(SCALAR, *point, **options) == row.forward(SCALAR, *point, **moved)
            for point in row.samples
        ):
            yield said("the option {name} changes nothing", name=f"`{name}`")


CHECKS: tuple[Callable[[Operation], Iterator[str]], ...] = (
    words, arrays, symbols, digits, fractions, longer_form, bounds, kinks, moving_options,
)  # fmt: skip


def battery_faults(row: Operation) -> list[str]:
    """Return what is wrong with a row; nothing where it holds all that it says.

    >>> from backprop_tutor.ops import OPS
    >>> battery_faults(OPS["sigmoid"])
    []
    """
    found: list[str] = []
    for check in CHECKS:
        try:
            found += check(row)
        except Exception as error:  # a rule may raise anything
            found.append(
                said("{check} could not be tried: {error}", check=check.__name__.replace("_", " "),
                     error=f"{type(error).__name__}: {error}")
            )  # fmt: skip
    return list(dict.fromkeys(found))
