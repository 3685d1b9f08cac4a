"""Lists as operands of functions: where square brackets stand, and how numbers in a row are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.language import PLAIN, functions, parse, same, trace, written

READ = [
    ("L = mse([y1, y2], [t1, t2])", "L = mse([y₁, y₂], [t₁, t₂])"),
    ("cross_entropy([p1, p2, p3], [1, 0, 0])", "f = ce([p₁, p₂, p₃], [1, 0, 0])"),
    ("mse([y], [t])", "f = mse(y, t)"),
    ("2mse([|x|, y], [-1, 2x])^2z", "f = 2·mse([|x|, y], [−1, 2·x])²·z"),
    ("max([a, b, c])", "f = max(a, b, c)"),
    ("p, q = softmax([a, b])", "p, q = softmax(a, b)"),
    ("mse([a,\n  b], [c, d])", "f = mse([a, b], [c, d])"),
    ("mse^2([a, b], [c, d])", "f = mse([a, b], [c, d])²"),
    (r"\text{mse}([y_1, y_2], [t_1, t_2])", "f = mse([y₁, y₂], [t₁, t₂])"),
    (r"\text{ce}\left([p, q], [1, 0]\right)", "f = ce([p, q], [1, 0])"),
    (r"\tanh[x + 1] \cdot [y]^2", "f = tanh(x + 1)·y²"),
    (r"\max([x + 1], 2)", "f = max(x + 1, 2)"),
]


@pytest.mark.parametrize(("text", "reading"), READ)
def test_lists_are_operands_of_functions(text: str, reading: str) -> None:
    """A list stands for its numbers; what is shown and what is written parse back to the same."""
    program = parse(text)
    assert program.reading == reading
    if len(program.assignments[0].targets) == 1:
        tree = program.assignments[0].expression
        assert same(parse(written(tree, PLAIN)).assignments[0].expression, tree)


def test_a_loss_over_lists_pairs_each_prediction_with_its_target() -> None:
    """The first list holds the predictions: equal lists have no error, and operands keep their order."""
    at = {"y1": 1, "y2": 2, "t1": 1, "t2": 2}
    assert bt.derive("L = mse([y1, y2], [t1, t2])", at).values["L"] == 0
    d = bt.derive("L = mse([y1, y2], [t1, t2])", {**at, "t1": 3, "t2": 6})
    assert d.values["L"] == 10
    assert [d.gradients[n] for n in ("y1", "y2", "t1", "t2")] == [-2, -4, 2, 4]
    assert [d.local("L", n).slot for n in ("y1", "y2", "t1", "t2")] == [0, 1, 2, 3]
    ce = bt.derive("L = ce([p1, p2], [1, 0])", {"p1": 0.7310585786300049, "p2": 0.2689414213699951})
    assert ce.values["L"] == pytest.approx(0.3132616875182228, rel=1e-15)


REFUSED = [
    ("L = mse(y1, y2, t1, t2)", "4 numbers in `mse` can be read in two ways",
     "write mse([y1, y2], [t1, t2]) or mse([y1, t1], [y2, t2]); the list that comes first: prediction"),
    ("ce(p1, p2, t1, t2)", "4 numbers in `ce` can be read in two ways",
     "write ce([p1, p2], [t1, t2]) or ce([p1, t1], [p2, t2]); the list that comes first: prediction"),
    ("mse(a, b, c)", "`mse` takes 2 lists of the same length, and 3 numbers were given",
     "the lists stand in this order, prediction, target: mse([p1, p2], [t1, t2])"),
    ("mse(a)", "`mse` takes 2 lists of the same length, and 1 was given", ""),
    ("mse([a, b], [c])", "`mse` takes 2 lists of the same length, and these hold 2 and 1 numbers", ""),
    ("mse([a, b])", "`mse` takes 2 lists of the same length, and 1 was given",
     "the lists stand in this order, prediction, target: mse([p1, p2], [t1, t2])"),
    ("mse([a, b], c, d)", "`mse` takes numbers or lists, and both were given", ""),
    ("mse([[a], b], [c, d])", "a list inside a list", "a list holds numbers: [a, b, c]"),
    ("mse([], [])", "empty brackets", "something stands between brackets"),
    ("bce([p1, p2], [t1, t2])", "`bce` takes 2 arguments, numbers and no lists",
     "their sum is bce(p1, t1) + bce(p2, t2), their mean (bce(p1, t1) + bce(p2, t2))/2"),
    ("se([y], [t])", "`se` takes 2 arguments, numbers and no lists", "write se(y, t)"),
    ("sin([x])", "`sin` takes 1 argument, numbers and no lists", ""),
    ("max([a, b], [c])", "`max` takes 1 list, and 2 were given", ""),
    ("max([a, b], c)", "`max` takes numbers or lists, and both were given", ""),
    ("max([a])", "`max` takes 2 or more arguments, and the list holds 1", ""),
    ("[x, y]", "square brackets hold a list, and only a function takes one", "use ( and )"),
    ("X = [[1, 2], [3, -4]]", "vectors and matrices are values, which stand beside the program",
     "leave this line out, and give X=[[1, 2], [3, 4]] where values are given"),
    ("x = [1, 2]", "vectors and matrices are values, which stand beside the program",
     "leave this line out, and give X=[[1, 2], [3, 4]] where values are given"),
    ("f = [1, 2] + c", "square brackets hold a list, and only a function takes one", "use ( and )"),
    ("f = sin(x[1])", "`x[` is an index, and entries of arrays are not read", "a number of a name is part of it: x1"),
    ("f = mean(a, b)[0]", "square brackets hold a list, and only a function takes one", "use ( and )"),
    ("f = [a, b] + c", "square brackets hold a list, and only a function takes one", "use ( and )"),
    ("sigmoid[x]", "`sigmoid` is called with round brackets", "write sigmoid( … )"),
    ("mse([a, b], [c, d]", "this bracket is not closed", "add a `)`"),
    ("mse([a, b), [c, d])", "`[` is closed by `)`", "expected `]`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_is_no_list_or_two_is_refused(text: str, message: str, hint: str) -> None:
    """Brackets elsewhere, lists that do not fit, and numbers that could be paired in two ways."""
    with pytest.raises(bt.ParseError) as caught:
        parse(text)
    assert (caught.value.faults[0].message, caught.value.faults[0].hint) == (message, hint)


def test_python_functions_take_lists_by_the_same_rule() -> None:
    """A list or a tuple of operands is a list; many numbers in a row are refused."""
    mse = functions()["mse"]
    assert mse([1, 2], (3, 6)) == 10
    assert functions()["max"]([1, Fraction(5, 2)]) == 2.5
    program = trace(lambda y1, y2, t: mse([y1, y2], [t, 1]))
    assert program.reading == "f = mse([y₁, y₂], [t, 1])"
    with pytest.raises(bt.ShapeError) as caught:
        mse(1, 2, 3, 6)
    assert str(caught.value) == (
        "4 numbers in `mse` can be read in two ways; "
        "write mse([1, 2], [3, 6]) or mse([1, 3], [2, 6]); the list that comes first: prediction"
    )


SAID = [
    ("L = bce(p, t)", "in `bce(p, t)`: prediction p, target t"),
    ("L = half_se(wx, t)/2", "in `half_se(w·x, t)`: prediction w·x, target t"),
    ("mse([y1, y2], [t1, t2])", "in `mse([y₁, y₂], [t₁, t₂])`: predictions y₁, y₂; targets t₁, t₂"),
    ("ce([a, b, c, d], [1, 0, 0, 0])",
     "in `ce([a, b, c, d], [1, 0, 0, 0])`: predictions a, b, c, …; targets 1, 0, 0, …"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "note"), SAID)
def test_the_reading_says_which_is_the_prediction(text: str, note: str) -> None:
    """Arguments without keywords have an order, and the reading tells it."""
    assert note in parse(text).notes
    assert trace(lambda p, t: functions()["bce"](p, t)).notes == (
        "in `bce(p, t)`: prediction p, target t",
    )


SWAPPED = [
    ("p = σ(z); L = ce(1, p)", {},
     "`ce(1, p)` has a 0 or 1 as its prediction and the output of an activation as its target; "
     "if that is swapped, write `ce(p, 1)`"),
    ("t = 0; L = bce(t, sigmoid(z))", {},
     "`bce(t, σ(z))` has a 0 or 1 as its prediction and the output of an activation as its target; "
     "if that is swapped, write `bce(σ(z), t)`"),
    ("p = σ(z); L = ce(t, p)", {"z": 1, "t": 1},
     "`ce(t, p)` has a 0 or 1 as its prediction and the output of an activation as its target; "
     "if that is swapped, write `ce(p, t)`"),
    ("p, q = softmax(a, b); L = ce([1, 0], [p, q])", {},
     "`ce([1, 0], [p, q])` has a one-hot list as its prediction and the output of an activation as "
     "its target; if that is swapped, write `ce([p, q], [1, 0])`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "note"), SWAPPED)
def test_a_loss_that_seems_swapped_is_remarked_on(
    text: str, at: dict[str, float], note: str
) -> None:
    """A 0 or 1, or a one-hot list, as prediction and an activation's output as target."""
    program = bt.derive(text, at).graph_table.program if at else parse(text)
    assert program.notes[-1] == note


@pytest.mark.parametrize(
    "text",
    [
        "p = σ(z); L = bce(p, 1)", "p = σ(z); L = ce(0.5, p)", "L = ce(1, p)", "L = se(1, σ(z))",
        "p, q = softmax(a, b); L = ce([1, 1], [p, q])", "p = wx; L = ce(1, p)",
        "p = σ(z); L = ce([1, 0], [p, q])",
    ],
)  # fmt: skip
def test_a_loss_in_its_order_is_not(text: str) -> None:
    """Neither are losses that are the same both ways, nor targets that are no activation's output."""
    assert not any("swapped" in note for note in parse(text).notes)


def test_a_swapped_loss_without_a_value_says_the_order() -> None:
    """bce of a prediction that is exactly 1 has no value; the message tells the order."""
    with pytest.raises(bt.DomainError, match="the prediction comes first, then the target"):
        bt.derive("p = σ(z); L = bce(t, p)", {"z": 1, "t": 1})
