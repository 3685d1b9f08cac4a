"""Python functions become programs: what is computed once is one node, what cannot be said is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from backprop_tutor.errors import DomainError, OptionError, ShapeError, TutorError
from backprop_tutor.language import TraceError, evaluate, functions, parse, same, trace
from backprop_tutor.ops import FUNCTIONS

F = functions()


def test_a_function_becomes_the_program_of_its_formula() -> None:
    """Parameters are the names, and the tree is that of the typed formula."""
    program = trace(lambda w, x, b: F["sigmoid"](w * x + b))
    assert program.reading == "f = σ(w·x + b)"
    typed = parse("f = sigmoid(w*x + b)")
    assert same(program.assignments[0].expression, typed.assignments[0].expression)
    assert program.text == "f = sigmoid(w*x + b)"
    assert program.inputs == ("w", "x", "b")


def test_every_operator_is_written_down() -> None:
    """Arithmetic from both sides, signs, powers and abs are operations as typed."""

    def arithmetic(x: Any, y: Any) -> Any:
        return (1 + x) * y - 2 / x + (+x) ** 2 - 2**y + abs(-x) - x / 3.5

    assert trace(arithmetic).reading == "f = (1 + x)·y − 2/x + x² − 2^y + |−x| − x/3.5"


def test_what_is_used_twice_is_computed_once_and_named() -> None:
    """`a = w*x; return a*a` has one product of w and x, used twice."""

    def squared(w: Any, x: Any) -> Any:
        a = w * x
        return a * a

    assert trace(squared).reading == "v₁ = w·x\nf = v₁·v₁"
    assert trace(lambda w, x: (w * x) * (w * x)).reading == "f = w·x·(w·x)"


def test_shared_results_are_named_in_the_order_needed() -> None:
    """Names step over those taken by parameters."""

    def shared(v1: Any, x: Any) -> Any:
        a = v1 * x
        b = a + a
        return b * b + a

    assert trace(shared).reading == "v₂ = v₁·x\nv₃ = v₂ + v₂\nf = v₃·v₃ + v₂"


def test_several_results_are_several_outputs() -> None:
    """A tuple gives y1, y2, ...; a mapping its keys; the last is the output."""

    def both(x: Any, y: Any) -> Any:
        a = x * y
        return a, a + x

    assert trace(both).reading == "y₁ = x·y\ny₂ = y₁ + x"
    assert trace(lambda x, y: (lambda a: (a + x, a))(x * y)).reading == (
        "v₁ = x·y\ny₁ = v₁ + x\ny₂ = v₁"
    )
    program = trace(lambda x: {"q": x * x, "loss": x - 1})
    assert program.assigned == ("q", "loss")
    assert program.output == "loss"
    assert trace(lambda y1, x: (y1 + x, y1)).reading == "f₁ = y₁ + x\nf₂ = y₁"


def test_softmax_gives_as_many_operands_as_it_takes() -> None:
    """Its outputs are named together, by the results where these are all of them."""
    assert trace(lambda a, b: F["softmax"](a, b)).reading == "y₁, y₂ = softmax(a, b)"
    assert trace(lambda a, b: F["softmax"](a, b)[1]).reading == "v₁, f = softmax(a, b)"
    assert trace(lambda a, b: F["softmax"](a, b)[0] * 2).reading == (
        "v₁, v₂ = softmax(a, b)\nf = v₁·2"
    )


def test_defaults_become_values() -> None:
    """A numeric default is the parameter's value; the result's name avoids the parameters'."""
    program = trace(lambda f, w=2, b=-1.5, c=Fraction(1, 3): f * w + b + c)
    assert program.values == {"w": 2, "b": -1.5, "c": Fraction(1, 3)}
    assert program.output == "y"


def test_constants_keep_their_kind() -> None:
    """Whole numbers stay exact, fractions become quotients, floats stay floats."""
    program = trace(lambda x: x * 2 + Fraction(1, 3) - 0.5 + np.int64(4) + np.float32(0.25))
    assert program.reading == "f = x·2 + 1/3 − 0.5 + 4 + 0.25"
    assert evaluate(trace(lambda x: x / 3).assignments[0].expression, {"x": 1}) == Fraction(1, 3)


def test_numpy_functions_are_the_operations_of_the_same_meaning() -> None:
    """np.exp and its like are traced, also with NumPy's numbers on the left."""

    def with_numpy(x: Any) -> Any:
        return np.exp(-x) + np.float64(2) * np.tanh(x) + np.maximum(x, 0) + np.log(np.square(x))

    assert trace(with_numpy).reading == "f = exp(−x) + 2.0·tanh(x) + max(x, 0) + ln(x²)"
    assert trace(lambda x: np.log1p(x) - np.expm1(x)).reading == "f = log1p(x) − expm1(x)"


def test_ten_thousand_operations_are_traced_without_recursion() -> None:
    """A long loop is a long formula; shared steps are a long program."""

    def chained(x: Any) -> Any:
        total = x
        for _ in range(10_000):
            total = total + x
        return total

    def doubled(x: Any) -> Any:
        for _ in range(3_000):
            x = x + x
        return x

    program = trace(chained)
    assert evaluate(program.assignments[0].expression, {"x": 1}) == 10_001
    assert len(trace(doubled).assignments) == 3_000


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: x if x > 0 else 0,
         "a symbolic operand has no value yet to compare or to branch on; choose with "
         "bt.where(x > 0, a, b), bt.max, bt.min, bt.relu or bt.abs instead of `if`, max and min"),
        (lambda x: x and 1,
         "a symbolic operand has no value yet to compare or to branch on; choose with "
         "bt.where(x > 0, a, b), bt.max, bt.min, bt.relu or bt.abs instead of `if`, max and min"),
        (lambda x: math.exp(x),
         "a symbolic operand has no value yet to turn into a number; call bt.exp, bt.sin, ... "
         "instead of the math module's"),
        (math.exp,
         "a symbolic operand has no value yet to turn into a number; call bt.exp, bt.sin, ... "
         "instead of the math module's"),
        (lambda x: max(x, 2),
         "a symbolic operand has no value yet to compare or to branch on; choose with "
         "bt.where(x > 0, a, b), bt.max, bt.min, bt.relu or bt.abs instead of `if`, max and min"),
        (lambda x: f"{x:.2f}",
         "a symbolic operand has no value yet to turn into a number; call bt.exp, bt.sin, ... "
         "instead of the math module's"),
        (lambda x: x.relo(), "a symbolic operand has no `relo`; did you mean `relu`?"),
        (lambda x: x.backward(), "a symbolic operand has no `backward`; its methods are the functions "
         "of the language: x.exp(), x.tanh(), …"),
        (lambda x: x.T, "a symbolic operand has no `T`; its methods are the functions of the language: "
         "x.exp(), x.tanh(), …"),
        (lambda x: x.clamp(), "clamp takes a lower bound `min`, an upper bound `max`, or both"),
        (lambda x: x << 2, "shifts of bits are not part of the language; use `*` or `/` with a power of 2"),
        (lambda x: pow(x, 2, 5), "a power with a modulus is not part of the language; use `**`"),
        (lambda x: _item_set(x), "the function does with an operand what formulas cannot: 'Symbolic' "
         "object does not support item assignment; call bt.exp, bt.tanh, … on operands"),
        (lambda x: x // 2,
         "`//` and `%` are not part of the language; they have no slope to speak of"),
        (lambda x: x @ x,
         "`@` multiplies matrices, and a symbolic operand is a single number; use `*`"),
        (lambda x: x[0], "a symbolic operand is a single number; it has no items and no length"),
        (lambda x: x(2), "a symbolic operand is not a function; a product is written with `*`"),
        (lambda x: x + "1", "an operand is a number or a symbolic operand, not of type str"),
        (lambda x: x * True, "an operand is a number or a symbolic operand, not of type bool"),
        (lambda x: np.array([1, 2]) * x,
         "an operand is a number or a symbolic operand, not of type ndarray"),
        (lambda x: np.floor(x), "np.floor is not part of the language"),
        (lambda *x: x[0],
         "`*x` stands for any number of operands; give each operand a parameter of its own"),
        (lambda x: None, "the function returns nothing; it returns a number made from its operands, "
         "or a tuple or mapping of them"),
        (lambda x: (), "the function returns no result: the tuple or mapping is empty"),
        (lambda x: {"2": x}, "the result `2` is not a name: a letter, then letters, digits and `_`"),
        (lambda x: {"x": x + 1}, "the result `x` has the name of a parameter"),
        (lambda x, s="a": x, "the default of `s` is a number, not of type str"),
        (lambda _x: _x, "the parameter `_x` is not a name of the language: a letter, then letters, "
         "digits and `_`"),
        (3, "`3` has no signature to trace; give a Python function whose parameters are the names"),
    ],
)  # fmt: skip
def test_what_a_program_cannot_say_is_refused(function: Callable[..., Any], message: str) -> None:
    """Branches, other modules' functions, matrices and items are told apart, each with a way out."""
    with pytest.raises(TutorError) as caught:
        trace(function)
    assert str(caught.value) == message
    assert isinstance(caught.value, TraceError | OptionError)


def _item_set(x: Any) -> None:
    x[0] = 1


def test_a_fault_of_the_functions_own_is_its_own() -> None:
    """What has nothing to do with the operands is no fault of theirs."""
    with pytest.raises(TypeError, match="unsupported operand"):
        trace(lambda x: x + (1 + "a"))  # type: ignore[operator]
    with pytest.raises(AttributeError, match="no attribute 'tanhh'"):
        trace(lambda x: x + np.tanhh(x))  # type: ignore[attr-defined]


METHODS = [
    (lambda x: x.tanh() + x.exp(), "f = tanh(x) + exp(x)"),
    (lambda x: x.relu().log(), "f = ln(relu(x))"),
    (lambda x: x.sigmoid() * x.leaky_relu(0.1), "f = σ(x)·leaky_relu(x, slope=0.1)"),
    (lambda x: x.pow(2).add(1).sub(x).mul(3).div(x).neg(), "f = −((x² + 1 − x)·3/x)"),
    (lambda x, y: x.maximum(y) + x.minimum(0), "f = max(x, y) + min(x, 0)"),
    (lambda x: x.clamp(-1, 1) + x.clamp(min=0) + x.clamp(max=6),
     "f = min(max(x, −1), 1) + max(x, 0) + min(x, 6)"),
    (lambda x: np.clip(x, 0, 1) + x.clip(0, 1), "f = min(max(x, 0), 1) + min(max(x, 0), 1)"),
    (lambda x: x.square().sqrt().abs(), "f = |sqrt(x²)|"),
    (lambda x, y: np.exp(np.array([x, y])).sum(), "f = exp(x) + exp(y)"),
    (lambda x, y: sum([x, y, 1]), "f = 0 + x + y + 1"),
]


@pytest.mark.parametrize(("function", "reading"), METHODS)
def test_methods_are_the_functions_of_the_language(
    function: Callable[..., Any], reading: str
) -> None:
    """x.tanh() and its like, PyTorch's and NumPy's other names, and arrays of operands."""
    assert trace(function).reading == reading
    assert not hasattr(trace_operand(), "shape")


def trace_operand() -> Any:
    """Return an operand of a trace."""
    found = []

    def kept(x: Any) -> Any:
        found.append(x)
        return x

    trace(kept)
    return found[0]


def test_an_operand_belongs_to_its_own_trace() -> None:
    """An operand that escaped from one function cannot enter another."""
    escaped: list[Any] = []
    trace(lambda x: escaped.append(x) or x)
    with pytest.raises(TraceError, match="of another trace"):
        trace(lambda x: x + escaped[0])


def test_a_constant_that_is_not_finite_is_refused() -> None:
    """nan and infinities cannot stand in a formula."""
    with pytest.raises(DomainError, match="nan is not a finite number"):
        trace(lambda x: x * math.nan)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_works_on_numbers_and_on_symbolic_operands(name: str) -> None:
    """Called on a row's sample points and traced, a function gives the same numbers."""
    op = FUNCTIONS[name]
    sample = op.samples[0]
    if op.name == "where_above":  # the comparison of the first two operands is an argument of its own
        value = F[name](sample[0] > sample[1], *sample[2:])
        program = trace(lambda a0, a1, a2, a3: F[name](a0 > a1, a2, a3))
        env = {f"a{i}": number for i, number in enumerate(sample)}
        assert float(evaluate(program.assignments[0].expression, env)) == float(value)
        return
    half = len(sample) // op.lists
    lists = [sample[i : i + half] for i in range(0, len(sample), half)]
    value = F[name](*lists) if half > 1 and op.lists > 1 else F[name](*sample)
    program = trace(with_parameters(F[name], len(sample)))
    if op.outputs:
        assert isinstance(value, tuple)
        assert program.assigned == ("y1", "y2")
        return
    env = {f"a{i}": number for i, number in enumerate(sample)}
    assert float(evaluate(program.assignments[0].expression, env)) == float(value)
    assert F[name].__name__ == name
    assert F[name].__doc__


def with_parameters(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """Return the function with exactly `count` named parameters."""
    return {
        1: lambda a0: function(a0),
        2: lambda a0, a1: function(a0, a1),
        4: lambda a0, a1, a2, a3: function([a0, a1], (a2, a3)),
    }[count]


def test_functions_on_numbers_are_exact_and_checked() -> None:
    """Exact in, exact out; outside the domain the call is named; wrong arguments are counted."""
    assert F["relu"](-3) == 0
    assert F["abs"](Fraction(-1, 3)) == Fraction(1, 3)
    assert F["leaky_relu"](-2.0, 0.1) == -0.2
    assert F["leaky_relu"](-2.0, slope=0.1) == -0.2
    assert F["softmax"](0, 0) == (0.5, 0.5)
    for call, error, message in (
        (lambda: F["ln"](-1), DomainError,
         "`ln(-1)`: no real value; the logarithm needs a positive number"),
        (lambda: F["exp"](1, 2), ShapeError, "`exp` takes 1 argument, and 2 were given"),
        (lambda: F["exp"]("1"), TraceError, "exp takes numbers, and one is of type str"),
        (lambda: F["leaky_relu"](1, slop=2), OptionError,
         "leaky_relu has no option `slop`; its options: slope (did you mean `slope`?)"),
        (lambda: F["leaky_relu"](1, slope="a"), OptionError,
         "the option `slope` of leaky_relu takes a number"),
        (lambda: F["leaky_relu"](1, 2, slope=3), OptionError,
         "the option `slope` of leaky_relu is given twice"),
        (lambda: F["softmax"](1, 2, index=0), OptionError, "softmax has no option `index`"),
    ):  # fmt: skip
        with pytest.raises(TutorError) as caught:
            call()
        assert type(caught.value) is error
        assert str(caught.value) == message
