"""The value of a formula: exact where every step is, checked at each, with any kernel."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
import sympy

from backprop_tutor.errors import DomainError, OptionError, ShapeError, UnknownNameError
from backprop_tutor.language import Apply, Expression, Name, Number, evaluate, evaluated, parse
from backprop_tutor.ops import OPS, SCALAR
from backprop_tutor.ops.sympy_kernel import SYMPY


def tree(text: str, *names: str) -> Expression:
    return parse(text, names).assignments[-1].expression


def test_whole_numbers_and_fractions_stay_exact() -> None:
    """Rational operations on exact numbers give a Fraction, and a float makes a float."""
    assert evaluate(tree("x/3 + 2^-2"), {"x": 1}) == Fraction(7, 12)
    assert isinstance(evaluate(tree("x/3"), {"x": 1}), Fraction)
    assert isinstance(evaluate(tree("x/3"), {"x": 1.0}), float)
    assert isinstance(evaluate(tree("step(x)"), {"x": 2}), Fraction)
    assert evaluate(tree("max(x, 1/2)"), {"x": Fraction(1, 3)}) == Fraction(1, 2)


def test_functions_are_float64() -> None:
    """A sigmoid of exact numbers is a float."""
    assert evaluate(tree("sigmoid(w x)"), {"w": 0, "x": 3}) == 0.5
    assert evaluate(tree("leaky_relu(x, 0.1)"), {"x": -2.0}) == -0.2
    assert evaluate(tree("e^x"), {"x": 1}) == math.e


@pytest.mark.parametrize("name", sorted(OPS))
def test_every_operation_evaluates_as_its_own_rule_does(name: str) -> None:
    """Through the tree or by the table, an operation gives the same number."""
    op = OPS[name]
    for sample in op.samples:
        options = (("index", 0),) if op.outputs else ()
        node = Apply(name, tuple(Name(f"a{i}") for i in range(len(sample))), options)
        env = {f"a{i}": value for i, value in enumerate(sample)}
        wanted = op.forward(SCALAR, *sample, **op.with_options(options))
        assert evaluate(node, env) == pytest.approx(float(wanted), rel=1e-15)


def test_another_kernel_computes_with_its_own_numbers() -> None:
    """With SymPy's kernel the value is an expression; constants are made as asked."""
    x = sympy.Symbol("x", real=True)

    def constant(node: Number) -> Any:
        return sympy.pi if node.text == "π" else sympy.sympify(node.value.numerator)  # type: ignore[union-attr]

    assert evaluate(tree("sin(pi/2)*x^2 + x"), {"x": x}, SYMPY, constant) == x**2 + x
    assert evaluate(tree("2x + 1"), {"x": x}, SYMPY) == 2 * x + 1


def test_ten_thousand_chained_operations_are_evaluated() -> None:
    """Depth costs no recursion."""
    deep: Expression = Name("x")
    for _ in range(10_000):
        deep = Apply("add", (deep, Name("x")))
    assert evaluate(deep, {"x": 1}) == 10_001
    assert evaluate(deep, {"x": 1}, SCALAR) == 10_001


def test_a_missing_value_is_named() -> None:
    """The message names the name, and the nearest that has a value."""
    with pytest.raises(UnknownNameError) as caught:
        evaluate(tree("weight", "weight"), {"weigth": 1})
    assert str(caught.value) == "`weight` has no value; did you mean `weigth`?"


def test_a_value_is_a_finite_number() -> None:
    """Infinities, truth values and text are refused as values."""
    for value, error in ((math.inf, DomainError), (math.nan, DomainError), (10**400, DomainError),
                         (True, OptionError), ("1", OptionError)):  # fmt: skip
        with pytest.raises(error, match="the value of `x` is"):
            evaluate(tree("x"), {"x": value})  # type: ignore[dict-item]


def test_the_message_names_the_part_its_operands_and_the_reason() -> None:
    """Where a step has no value, the sub-formula and its operands' values are shown."""
    with pytest.raises(DomainError) as caught:
        evaluate(tree("1 + ln(w x)"), {"w": -2, "x": 2})
    assert str(caught.value) == (
        "`ln(w·x)` where w·x = −4: no real value; the logarithm needs a positive number"
    )
    with pytest.raises(DomainError, match="`1/x` where x = 0: division by zero"):
        evaluate(tree("1/x"), {"x": 0})


def test_results_too_small_for_float64_are_noted() -> None:
    """An underflow counts as 0 and is said; an ordinary 0 is not."""
    assert evaluated(tree("x*y"), {"x": 1e-200, "y": 1e-200}).notes == (
        "`x·y` is too small for float64 and was taken as 0",
    )
    assert evaluated(tree("x*y"), {"x": 0.0, "y": 2.0}).notes == ()


def test_an_operation_of_several_outputs_has_no_single_value() -> None:
    """softmax without a choice of output is refused."""
    with pytest.raises(ShapeError, match="has several values, not one"):
        evaluate(tree("p, q = softmax(x, y)"), {"x": 1, "y": 2})
