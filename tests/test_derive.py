"""The passes: exactness, fan-out, kinks, domains, points that do not fit."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.steps import AccumulateStep, BackwardStep


def test_exact_in_exact_out() -> None:
    """Integers and fractions stay exact through rational operations; decimals are float64."""
    d = bt.derive("f = (a + b/3)^2/2", at={"a": 1, "b": Fraction(1, 2)})
    assert d.values["f"] == Fraction(49, 72)
    assert d.gradients["b"] == Fraction(7, 18)
    assert type(bt.derive("2*x", at={"x": 3}).values["f"]) is int
    assert type(bt.derive("2*x", at={"x": 3.0}).values["f"]) is float


def test_exact_numbers_do_not_grow_without_bound() -> None:
    """Beyond 1024 bits an exact number becomes float64, and beyond that an overflow."""
    assert bt.derive("f = 3^600", at={}).values["f"] == 3**600
    assert isinstance(bt.derive("f = (1/3)^2000*3^600", at={}).values["f"], float)
    with pytest.raises(bt.DomainError, match="overflows"):
        bt.derive("9**9**9**9")


@pytest.mark.parametrize(
    ("text", "contributions", "total"),
    [("a + a", [1, 1], 2), ("a*a", [3, 3], 6), ("x*x + x", [5, 5, 1], 11)],
)
def test_fan_out_is_an_explicit_sum(text: str, contributions: list[int], total: int) -> None:
    """A node used n times gets n contributions and one step that adds them."""
    name = text[0]
    d = bt.derive(text, at={name: {"a": 3, "x": 5}[name]})
    step = next(s for s in d.steps if isinstance(s, AccumulateStep))
    assert [edge.downstream for edge in step.contributions] == contributions
    assert step.total == total == d.gradients[name]


def test_steps_come_in_order() -> None:
    """Forward steps, the seed, then backward from the output; numbered from 1."""
    d = bt.derive("q = x + y; f = q*q", at={"x": 1, "y": 2})
    assert [s.phase for s in d.steps] == [
        "forward",
        "forward",
        "seed",
        "backward",
        "accumulate",
        "backward",
    ]
    assert [s.number for s in d.steps] == [1, 2, 3, 4, 5, 6]


def test_a_node_that_does_not_matter() -> None:
    """What the output does not depend on has the gradient 0 and no step backward."""
    d = bt.derive("q = x*y; r = x*z; f = q + 1", at={"x": 1, "y": 2, "z": 3})
    assert (d.gradients["z"], d.gradients["r"], d.gradients["x"]) == (0, 0, 2)
    backward = [s.node for s in d.steps if isinstance(s, BackwardStep)]
    assert backward == ["f", "q"]
    assert not any(isinstance(s, AccumulateStep) for s in d.steps)


@pytest.mark.parametrize(
    ("text", "at", "gradients"),
    [
        ("relu(x)", {"x": 0}, {"x": 0}),
        ("abs(x)", {"x": 0}, {"x": 0}),
        ("max(a, b)", {"a": 2, "b": 2}, {"a": Fraction(1, 2), "b": Fraction(1, 2)}),
        ("min(a, b, c)", {"a": 1, "b": 1, "c": 1}, {"a": Fraction(1, 3)}),
        ("leaky_relu(x)", {"x": 0}, {"x": 0.01}),
        ("elu(x)", {"x": 0}, {"x": 1.0}),
        ("step(x)", {"x": 0}, {"x": 0}),
        ("sign(x)", {"x": 0}, {"x": 0}),
        ("x^0", {"x": 0}, {"x": 0}),
        ("x^1", {"x": 0}, {"x": 1}),
    ],
)
def test_conventions_at_kinks(text: str, at: dict[str, int], gradients: dict[str, float]) -> None:
    """At kinks and ties the slopes are PyTorch's, and the check reports a kink, not a fault."""
    d = bt.derive(text, at=at)
    for name, value in gradients.items():
        assert d.gradients[name] == value
    assert d.check().ok


def test_saturation_loses_no_digits() -> None:
    """The slope of a saturated sigmoid and tanh is right to the last digits."""
    assert bt.derive("σ(z)", at={"z": 40}).gradients["z"] == pytest.approx(math.exp(-40), rel=1e-14)
    assert bt.derive("tanh(z)", at={"z": 20}).gradients["z"] == pytest.approx(
        4 * math.exp(-40), rel=1e-14
    )
    assert bt.derive("σ(z)", at={"z": -800}).values["f"] == 0.0
    assert bt.derive("p, q = softmax(a, b)", at={"a": 0, "b": 5000}).values["p"] == 0.0


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("f = x/y", {"x": 1, "y": 0}, "f = x/y is a division by zero; at x = 1, y = 0"),
        ("f = ln(x)", {"x": -1},
         "f = ln(x) is not defined over the real numbers: the logarithm needs a positive number; at x = −1"),
        ("f = sqrt(x)", {"x": -4},
         "f = sqrt(x) is not defined over the real numbers: the square root needs a number that is not "
         "negative; at x = −4"),
        ("f = exp(x)", {"x": 1000},
         "f = exp(x) overflows: the result is beyond float64, which ends near 1.8e308; at x = 1000"),
        ("f = sqrt(x)", {"x": 0}, "f = sqrt(x) has an infinite slope along x; at x = 0"),
        ("f = x^0.5", {"x": -1},
         "f = x^0.5 is not defined over the real numbers: a negative base needs a whole exponent, and 0 an "
         "exponent that is not negative; at x = −1"),
    ],
)  # fmt: skip
def test_domains(text: str, at: dict[str, float], message: str) -> None:
    """A value outside an operation's domain stops the pass and names node, formula and operands."""
    with pytest.raises(bt.DomainError) as caught:
        bt.derive(text, at=at)
    assert str(caught.value) == message


def test_undefined_slope() -> None:
    """A negative base has no slope along its exponent; the rest of the pass stands."""
    d = bt.derive("f = x^n", at={"x": -2, "n": 2})
    assert d.gradients["x"] == -4
    assert math.isnan(d.gradients["n"])
    assert d.check()["n"].status == "undefined"


def test_missing_values_are_listed() -> None:
    """All inputs without a value are named at once, with the near miss that was given."""
    with pytest.raises(bt.MissingValueError) as caught:
        bt.derive("f = wx + b", at={"w": 1})
    assert str(caught.value) == "no value for x, b; give each: x=… b=…"
    with pytest.raises(bt.MissingValueError, match="`X` was given: did you mean `x`"):
        bt.derive("f = w*x", at={"w": 1, "X": 2})


@pytest.mark.parametrize("value", [True, None, math.nan, math.inf, {1}, 1j])
def test_values_are_finite_numbers(value: object) -> None:
    """A value is a finite number; nothing else is guessed at."""
    with pytest.raises(bt.OptionError, match="the value of `x` is"):
        bt.derive("2*x", at={"x": value})


def test_computed_names_take_no_value() -> None:
    """A value for a name that the program computes is refused; a number in the text may be replaced."""
    with pytest.raises(bt.OptionError, match="`q` is computed by the program"):
        bt.derive("q = x*y; f = q", at={"x": 1, "y": 2, "q": 3})
    assert bt.derive("w = 2; f = w*x", at={"x": 5, "w": 3}).values["f"] == 15


def test_spare_values_are_noted() -> None:
    """A value for a name that the program does not use is remarked on."""
    d = bt.derive("2*x", at={"x": 1, "y": 2})
    assert d.notes == ("a value was given for `y`, which the program does not use",)


def test_names_are_found_however_written() -> None:
    """A name is the same with a subscript character and with a digit, in Greek and in letters."""
    d = bt.derive("f = w₁·θ", at={"w1": 2, "θ": 3})
    assert d.values["w₁"] == d.values["w1"] == 2
    assert d.gradients["theta"] == 2
    with pytest.raises(KeyError, match="no node `w2`"):
        d.values["w2"]


def test_ten_thousand_additions() -> None:
    """A chain of 10,000 operations needs no recursion, also to explain and to pickle its program."""
    d = bt.derive("+".join(["x"] * 10_001), at={"x": 1})
    assert d.gradients["x"] == 10_001
    told = bt.derive("+".join(["x"] * 1_201), at={"x": 1}).explain(detail="brief")
    assert told.count("\n") > 3_600
    deep = bt.derive(
        "a0 = x\n" + "\n".join(f"a{i} = tanh(a{i - 1})" for i in range(1, 1500)), at={"x": 1}
    )
    assert 0 < deep.gradients["x"] < 1


@pytest.mark.parametrize(
    ("text", "at", "note"),
    [
        ("x*y", {"x": 1e-200, "y": 1e-200}, "f = x·y is too small for float64 and became 0"),
        ("exp(x)", {"x": -1000}, "f = exp(x) is too small for float64 and became 0"),
        ("tan(pi/2)", {}, "f = tan(v₁) is round-off: at this point float64 holds no digit of it"),
        ("sin(pi)", {}, "f = sin(π) is round-off: at this point float64 holds no digit of it"),
    ],
)
def test_numbers_without_digits_are_noted(text: str, at: dict[str, float], note: str) -> None:
    """An underflow and a value that is all round-off are remarked on, and honest zeros are not."""
    assert bt.derive(text, at=at).notes == (note,)
    assert bt.derive("0*x + ln(y)", at={"x": 3, "y": 1}).notes == ()


def test_a_value_of_usual_size_is_not_doubted() -> None:
    """Values far out and near 0 are looked at for lost digits, those between are not: sin has all of them."""
    assert bt.derive("f = sin(x)", at={"x": 1e15}).notes == ()
    assert bt.derive("f = exp(x)", at={"x": -800}).notes == ("f = exp(x) is too small for float64 and became 0",)
