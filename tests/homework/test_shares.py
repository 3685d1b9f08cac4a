"""Formula cells know the domains of their names: shares that sum to 1, one-hot labels, probabilities."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.homework.marking.marker import mark
from backprop_tutor.homework.problems.lint import lint_problem
from backprop_tutor.homework.problems.problem_set import parse_problems

SOFTMAX = "p1, p2, p3 = softmax(z1, z2, z3); "
LOSSES = {
    "written": SOFTMAX + "L = -(y1*log(p1) + y2*log(p2) + y3*log(p3))",
    "in turn": SOFTMAX + "L = -y1*log(p1) - y2*log(p2) - log(p3)*y3",
    "by name": SOFTMAX + "L = ce([p1, p2, p3], [y1, y2, y3])",
}
AT = {"z1": 1, "z2": 2, "z3": 0.5, "y1": 0, "y2": 1, "y3": 0}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize(
    ("formula", "right"),
    [("p1 - y1", True), ("p_1 - y_1", True), ("p1*(y1+y2+y3) - y1", True), ("p1*(y2+y3) - y1*(1-p1)", True),
     ("p1", False), ("p1 - y2", False), ("y1 - p1", False), ("p1 - y1^2", False)],
)  # fmt: skip
def test_labels_of_a_cross_entropy_sum_to_one(loss: str, formula: str, right: bool) -> None:
    """p − y is right for softmax and −Σ y ln p, however the loss is written."""
    cell = mark(bt.derive(loss, AT), {"dL/dz1": formula}, want="formula").cells["dL/dz1"]
    assert (cell.status == "correct") is right, cell.sentence


def test_labels_that_do_not_sum_to_one() -> None:
    """Where the labels' values do not sum to 1 they are any numbers, and p − y is another function."""
    d = bt.derive(LOSSES["written"], AT | {"y1": 2})
    assert mark(d, {"dL/dz1": "p1 - y1"}, want="formula").score == 0
    assert mark(d, {"dL/dz1": "p1*(y1+y2+y3) - y1"}, want="formula").score == 1


@pytest.mark.parametrize(
    ("one", "other", "domain", "equal"),
    [
        ("y1 + y2", "1 - y3", {"y": "probabilities"}, True),
        ("y1 + y2", "1 - y3", {"y": "onehot"}, True),
        ("y1*y2", "0*y3", {"y": "onehot"}, True),
        ("y1*y2", "0*y3", {"y": "probabilities"}, False),
        ("y1^2 + 0*y2*y3", "y1", {"y": "onehot"}, True),
        ("y1^2 + 0*y2*y3", "y1", {"y1, y2, y3": "one-hot"}, True),
        ("y1 + 0*y2*y3", "y2", {"y": "onehot"}, False),
        ("t^2", "t", {"t": "onehot"}, True),
        ("abs(p)*q", "p*q", {"p": "probability"}, True),
        ("sqrt(x^2)", "x", "positive", True),
        ("a_1 + a_2", "1", {"a": "probabilities"}, True),
        ("y1 + y2 + x", "1 + x", {"y": "onehot", "x": "positive"}, True),
    ],
)
def test_domains_of_several_names(one: str, other: str, domain: object, equal: bool) -> None:
    """One-hot labels and probabilities are said by the names' common beginning, or by a list."""
    names = sorted({name for name in ("y1", "y2", "y3", "t", "p", "q", "x", "a_1", "a_2") if name in one + other})
    assert bool(bt.equivalent(one, other, names, domain)) is equal  # type: ignore[arg-type]


def test_a_witness_of_labels_is_labels() -> None:
    """Where formulas differ the point says the labels themselves."""
    found = bt.equivalent("y1", "y2", "y1 y2", {"y": "onehot"})
    assert str(found) == "the formulas differ: at y₁ = 1, y₂ = 0 the expected one is 1, the other 0"
    found = bt.equivalent("y1", "y2", "y1 y2", {"y": "probabilities"})
    assert found.witness is not None
    assert sum(found.witness.point.values()) == pytest.approx(1)


def test_bad_domains_of_several_names() -> None:
    """A word for shares is said by name; a name that there is not is named."""
    with pytest.raises(OptionError, match="is said by name"):
        bt.equivalent("y1", "y1 + 0", "y1", "onehot")
    with pytest.raises(UnknownNameError, match="known here: y1"):
        bt.equivalent("y1", "y1 + 0", "y1", {"q": "onehot"})
    many = " + ".join(f"a{i}*b{i}" for i in range(1, 10))
    with pytest.raises(OptionError, match="at most 64 cases"):
        bt.equivalent(many, many + " + a1^2 - a1", domain={"a": "onehot", "b": "onehot"})


def refused(program: str, values: str, formulas: str, more: str = "") -> list[str]:
    """Return what `problem-check` says of usual answers that would be refused."""
    text = f"[[problem]]\nid='p'\nprogram='{program}'\nvalues={{{values}}}\nask={formulas}\nformulas={formulas}\n{more}"
    found = lint_problem(parse_problems(text).problems[0])
    return [finding.message for finding in found.findings if finding.kind == "refused"]


def test_usual_answers_that_would_be_refused() -> None:
    """Before a class has them: the active branch alone, logs of products, labels as numbers."""
    branch = refused("h = relu(w*x); L = h^2/2", "w=1, x=2", "['h', 'dL/dw']")
    assert branch == [
        "a usual answer to h, dL/dw is refused: only the branch that is active here is written, "
        "as 1 for the slope of relu"
    ]
    logs = "u = log(a*b); L = u^2"
    (found,) = refused(logs, "a=2, b=3", "['u']")
    assert found.startswith("a usual answer to u is refused: a log or root of a product is written as two")
    assert refused(logs, "a=2, b=3", "['u']", "domain='positive'") == []
    assert refused("u = sqrt(a^2); L = u*a", "a=2", "['u']")[0].count("root of a square") == 1
    values = "z1=1, z2=2, z3=0.5, y1=0, y2=1, y3=0"
    (found,) = refused(LOSSES["written"], values, "['dL/dz1']")
    assert "a label is written as its number" in found
    assert refused("z = w*x; L = z^2", "w=1, x=2", "['z', 'dL/dw']") == []
