"""The contract of the table of operations: one battery over every row of `OPS`."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from shared import faults_of

from backprop_tutor.ops import FUNCTIONS, OPS, SCALAR, Operation, exact
from backprop_tutor.ops.numpy_kernel import NUMPY
from backprop_tutor.ops.sympy_kernel import SYMPY

ROWS = sorted(OPS.values(), key=lambda row: row.name)
ELEMENTWISE = [row for row in ROWS if row.elementwise]


def _options(row: Operation) -> dict[str, Any]:
    chosen: dict[str, Any] = dict(row.options)
    if row.outputs:
        chosen["index"] = 0
    return chosen


def _label(value: Any) -> str:
    return value.name if isinstance(value, Operation) else str(value)


@pytest.mark.parametrize("row", ROWS, ids=_label)
def test_numbers_arrays_and_symbols_give_the_same_value(row: Operation) -> None:
    """The forward rule agrees under the SCALAR, NUMPY and SYMPY kernels."""
    assert faults_of(assert_same_value, [(row, point) for point in row.samples]) == []


def assert_same_value(row: Operation, point: Any) -> None:
    """It holds at one of the row's samples."""
    options = _options(row)
    value = row.forward(SCALAR, *point, **options)
    array = row.forward(NUMPY, *map(np.float64, point), **options)
    names = sp.symbols(f"a0:{len(point)}")
    formula = sp.sympify(row.forward(SYMPY, *names, **options))
    symbolic = float(formula.xreplace(dict(zip(names, map(sp.Float, point), strict=True))))
    assert math.isclose(value, float(array), rel_tol=1e-12, abs_tol=1e-14)
    assert math.isclose(value, symbolic, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("row", ROWS, ids=_label)
def test_every_slope_is_the_derivative_of_the_forward(row: Operation) -> None:
    """Each partial equals SymPy's derivative of the row's own forward, as number and on arrays."""
    assert faults_of(assert_derivative, [(row, point) for point in row.samples]) == []


def assert_derivative(row: Operation, point: Any) -> None:
    """It holds at one of the row's samples."""
    options = _options(row)
    names = sp.symbols(f"a0:{len(point)}")
    formula = sp.sympify(row.forward(SYMPY, *names, **options))
    at = dict(zip(names, map(sp.Float, point), strict=True))
    value = row.forward(SCALAR, *point, **options)
    arrays = tuple(map(np.float64, point))
    out = row.forward(NUMPY, *arrays, **options)
    for slot, name in enumerate(names):
        wanted = float(sp.diff(formula, name).xreplace(at).evalf())
        slope = row.partial(slot)(SCALAR, value, *point, **options)
        array = row.partial(slot)(NUMPY, out, *arrays, **options)
        assert math.isclose(slope, wanted, rel_tol=1e-9, abs_tol=1e-12), (slot, slope, wanted)
        assert math.isclose(float(array), wanted, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("row", ROWS, ids=_label)
def test_every_slope_agrees_with_centred_differences(row: Operation) -> None:
    """Each partial equals the centred difference quotient of the forward."""
    assert faults_of(assert_quotient, [(row, point) for point in row.samples]) == []


def assert_quotient(row: Operation, point: Any) -> None:
    """It holds at one of the row's samples."""
    options, step = _options(row), 1e-6
    value = row.forward(SCALAR, *point, **options)
    for slot, held in enumerate(point):
        upper, lower = list(point), list(point)
        upper[slot], lower[slot] = held + step, held - step
        try:
            rise = row.forward(SCALAR, *upper, **options) - row.forward(SCALAR, *lower, **options)
        except ValueError:  # a step outside the domain: power of a negative base
            continue
        slope = row.partial(slot)(SCALAR, value, *point, **options)
        assert math.isclose(float(slope), float(rise) / (2 * step), rel_tol=1e-5, abs_tol=1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("row", ELEMENTWISE, ids=_label)
def test_arrays_keep_their_shape_and_dtype(row: Operation, kind: Any) -> None:
    """Elementwise rules take arrays of any shape, empty and broadcast ones too."""
    options = _options(row)
    point = row.samples[0]
    with np.errstate(all="ignore"):
        for shape in ((), (3,), (2, 3), (0,), (2, 0)):
            arrays = [np.full(shape, x, kind) for x in point]
            out = np.asarray(row.forward(NUMPY, *arrays, **options))
            assert out.shape == shape
            if row.name not in ("step", "sign") and not row.name.startswith("indicator"):
                assert out.dtype == kind
        if len(point) == 2:
            column, line = np.full((3, 1), point[0], kind), np.full((1, 2), point[1], kind)
            assert np.shape(row.forward(NUMPY, column, line, **options)) == (3, 2)


@pytest.mark.parametrize("row", [row for row in ROWS if row.exact], ids=_label)
def test_fractions_in_give_fractions_out(row: Operation) -> None:
    """A row marked exact keeps fractions exact, in its value and its slopes."""
    options = _options(row)
    for point in row.samples:
        given = tuple(exact(Fraction(x).limit_denominator(64)) for x in point)
        if row.name == "power" and given[1] != int(given[1]):  # type: ignore[arg-type]
            continue
        value = row.forward(SCALAR, *given, **{k: exact(Fraction(v)) for k, v in options.items()})
        assert isinstance(value, (Fraction, int)), value


@pytest.mark.parametrize("row", ROWS, ids=_label)
def test_a_row_explains_each_slope(row: Operation) -> None:
    """Every operand's slope has a sentence, and every spelling leads back to the row."""
    for slot in range(row.least):
        assert row.reason(slot, row.least)
    for name in row.spelled:
        assert FUNCTIONS[name] is row


def test_a_wrong_slope_is_noticed() -> None:
    """The battery fails on a row whose slope is off, so its silence means something."""
    wrong = Operation(
        name="wrong", forward=lambda k, a: a * a, partials=(lambda k, out, a: 3 * a,),
        because="the slope is wrong on purpose", samples=((2.0,),),
    )
    with pytest.raises(AssertionError):
        test_every_slope_is_the_derivative_of_the_forward(wrong)
    with pytest.raises(AssertionError):
        test_every_slope_agrees_with_centred_differences(wrong)
