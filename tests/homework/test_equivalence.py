from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from equivalence_pairs import DIFFERENT, HONEST, SAME, STEEP, UNDECIDED

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, ParseError, UnknownNameError
from backprop_tutor.homework.equivalence.equivalent import equivalent
from backprop_tutor.language import parse_formula

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "equivalence_cases.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['expected']} | {c['student']}")
def test_public_cases(case: dict[str, Any]) -> None:
    """Every public pair of formulas gets the verdict it has over the reals."""
    names, domain = case["variables"], case.get("domain")
    assert equivalent(case["expected"], case["student"], names, domain).equal is case["verdict"]
    one = case.get("expected_explicit", case["expected"])
    other = case.get("student_explicit", case["student"])
    assert equivalent(one, other, names, domain).equal is case["verdict"]


def test_the_same_verdicts_and_witnesses_again_in_another_process() -> None:
    """A second process with another hash seed gives the same verdicts and witnesses."""
    code = (
        "import json,sys\n"
        "from backprop_tutor.homework.equivalence.equivalent import equivalent\n"
        "for c in json.load(sys.stdin):\n"
        "    e = equivalent(c['expected'], c['student'], c['variables'], c.get('domain'))\n"
        "    print(e.equal, e.witness, e.note)\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], input=json.dumps(CASES), text=True, encoding="utf-8",
            capture_output=True, check=True, cwd=Path(bt.__file__).parents[1],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "PATH": "", "SYSTEMROOT": "",
                 "OMP_NUM_THREADS": "1"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


@pytest.mark.parametrize(("expected", "student"), STEEP)
def test_what_floats_cannot_tell_apart_is_told_apart(expected: str, student: str) -> None:
    """Steps too steep for samples, sums too large for a term, powers below every float: different."""
    for verdict in (equivalent(expected, student), equivalent(student, expected)):
        assert (verdict.equal, verdict.decided) == (False, True)
        assert verdict.witness is not None


@pytest.mark.parametrize(("expected", "student"), UNDECIDED)
def test_what_cannot_be_known_is_not_decided(expected: str, student: str) -> None:
    """Where no digit is known nothing is claimed, neither that formulas are equal nor how they differ."""
    for verdict in (equivalent(expected, student), equivalent(student, expected)):
        assert (verdict.equal, verdict.decided, verdict.witness) == (False, False, None)
        assert str(verdict) == f"whether the formulas are equal could not be judged: {verdict.note}"


@pytest.mark.parametrize(("expected", "student"), HONEST)
def test_large_and_small_numbers_are_no_hindrance(expected: str, student: str) -> None:
    """Formulas with numbers of unusual size that are the same are found equal."""
    assert equivalent(expected, student)
    assert equivalent(student, expected)


def test_why_nothing_was_decided() -> None:
    """The note says what stood in the way."""
    assert [equivalent(*UNDECIDED[place]).note for place in (0, 3, 11)] == [
        "no digit of it can be relied on: it is too steep, too large or too small to compute",
        "they could be compared with certainty at too few points",
        "neither formula has a value anywhere that was looked at",
    ]


def test_a_difference_below_the_last_digit_is_said_in_words() -> None:
    """Two numbers that are the same float are not shown as if the float told them apart."""
    assert str(equivalent("1", "abs(x)^(1e-300)")) == (
        "the formulas differ: at x = 0.99 they differ beyond the digits of float64, "
        "in which both are 1"
    )
    assert str(equivalent("sigmoid(1000)", "1")) == (
        "the formulas differ: they differ beyond the digits of float64, in which both are 1"
    )


def test_softmax_of_one_number() -> None:
    """Softmax of one number is its one output, and equal to 1."""
    assert equivalent("1", "softmax(x)")


@pytest.mark.parametrize(("expected", "student"), SAME)
def test_equal(expected: str, student: str) -> None:
    """Formulas that are the same function are equal, whichever is expected."""
    assert equivalent(expected, student)
    assert equivalent(student, expected)


@pytest.mark.parametrize(("expected", "student"), DIFFERENT)
def test_different(expected: str, student: str) -> None:
    """Formulas that differ somewhere are told apart, with a witness that can be checked."""
    verdict = equivalent(expected, student)
    assert not verdict
    assert not equivalent(student, expected)
    witness = verdict.witness
    assert witness is not None
    assert witness.expected is None or witness.student is None or str(witness)
    assert (witness.expected, witness.student) != (None, None)


def test_witness_is_one_to_check_by_hand() -> None:
    """The witness stands at easy numbers, and its values are the two formulas' there."""
    verdict = equivalent("(2/n)*(p-y)", "(1/n)*(p-y)")
    assert str(verdict) == (
        "the formulas differ: at n = 2, p = 3, y = −1 the expected one is 4, the other 2"
    )
    assert verdict.witness is not None
    assert verdict.witness.as_dict() == {
        "point": {"n": 2.0, "p": 3.0, "y": -1.0}, "expected": 4.0, "student": 2.0,
    }  # fmt: skip


def test_names_that_look_alike_are_kept_apart_in_a_witness() -> None:
    """`a_1` and `a1`, both shown as a₁, stand in the witness as they were typed."""
    assert "a1 = 2, a_1 = 3" in str(equivalent("a_1", "a1", names=["a1", "a_1"]))


def test_a_rounded_constant_is_suspected() -> None:
    """A fraction typed as a decimal differs, and the note says by how little."""
    verdict = equivalent("x^2/3", "0.333333333333333*x^2")
    assert verdict.note == "the values differ by 1e-15 of their size: perhaps a rounded constant"


@pytest.mark.parametrize(
    ("expected", "student", "domain"),
    [
        ("sqrt(x)^2", "x", "positive"),
        ("sqrt(x)*sqrt(y)", "sqrt(x*y)", "positive"),
        ("sin(pi*n)", "0", {"n": "integer"}),
        ("(-1)^n", "cos(pi*n)", "integer"),
        ("asin(x)+acos(x)", "pi/2", {"x": [-1, 1]}),
        ("atan(x)+atan(1/x)", "pi/2", "positive"),
        ("abs(x)", "-x", "negative"),
        ("x^x", "exp(x*ln(x))", "positive"),
    ],
)
def test_domains(expected: str, student: str, domain: Any) -> None:
    """Formulas that agree on a declared domain are equal there, and nowhere else."""
    assert equivalent(expected, student, domain=domain)
    assert not equivalent(f"{expected} + 1", student, domain=domain)


def test_bad_domains() -> None:
    """A domain that is none, or one for an unknown name, is refused with the nearest choice."""
    with pytest.raises(OptionError, match="did you mean `positive`"):
        equivalent("x", "x", domain="positiv")
    with pytest.raises(OptionError, match="from low to high"):
        equivalent("x", "x", domain={"x": [1, 0]})
    with pytest.raises(UnknownNameError, match="`y`"):
        equivalent("x", "x", domain={"y": "positive"})


def test_names_of_nodes_stand_for_their_values() -> None:
    """A student may write a(1 − a) where a is a node; it varies with its leaves."""
    program = bt.parse("z = w*x + b; a = σ(z); L = (a-t)^2/2")
    right = "(a-t)*a*(1-a)*x"
    assert equivalent(right, "(σ(w*x+b)-t)*a*(1-a)*x", program=program)
    assert equivalent("L", "(t-a)^2/2", program=program)
    assert not equivalent(right, "(a-t)*z*(1-z)*x", program=program)
    assert not equivalent(right, "(a-t)*a*(1-a)", program=program)
    assert equivalent("exp(-z)/(1+exp(-z))^2", "a*(1-a)", definitions={"a": "σ(z)"})
    d = bt.derive(program, {"w": 1, "x": 2, "b": 3, "t": 0})
    assert equivalent(right, "(a-t)*a*(1-a)*x", program=d)


def test_definitions_in_a_ring_are_refused() -> None:
    """Definitions that lead back to themselves are an error, not an endless loop."""
    with pytest.raises(OptionError, match="leads back"):
        equivalent("a", "b", definitions={"a": "b+1", "b": "a+1"})


def test_softmax_nodes() -> None:
    """Names of softmax's outputs stand for their shares."""
    program = bt.parse("p, q = softmax(y, z)")
    assert equivalent("p*(1-p)", "p*q", program=program)
    assert not equivalent("p*(1-p)", "p*p", program=program)


def test_trees_are_accepted() -> None:
    """Trees are compared like texts."""
    tree, _ = parse_formula("x*x", ["x"])
    assert equivalent(tree, "x^2")
    with pytest.raises(OptionError, match="text or a tree"):
        equivalent(3, "x")  # type: ignore[arg-type]


def test_declared_names_are_closed() -> None:
    """With names declared, any other is refused, with the nearest one."""
    with pytest.raises(ParseError, match="did you mean `x`"):
        equivalent("x", "X", names=["x", "w"])


def test_undefined_everywhere() -> None:
    """Two formulas without a value anywhere are not called equal, unless they are the same."""
    verdict = equivalent("x/0", "y/0")
    assert not verdict
    assert verdict.note == "neither formula has a value anywhere that was looked at"
    assert equivalent("x/0", "x/0")


def test_deep_and_long_formulas() -> None:
    """A thousand operations side by side are no trouble."""
    long = " + ".join(["x*y"] * 300)
    assert equivalent(long, "300*x*y")


def test_proof_on_request() -> None:
    """SymPy proves what it can, and where it cannot the verdict stands without a proof."""
    assert equivalent("(x+1)^2", "x^2 + 2x + 1", prove=20).proved
    assert not equivalent("(x+1)^2", "x^2 + 2x + 1").proved
    assert not equivalent("(x+1)^2", "x^2 + 2x", prove=20).proved
    with pytest.raises(OptionError, match="positive"):
        equivalent("x+x", "2x", prove=0)


@pytest.mark.parametrize(
    ("expected", "student"),
    [
        ("2*x", "2*x + step(x - 20)*step(20.0001 - x)"),
        ("2*x", "2*x + step(x - 0.3)*step(0.3001 - x)"),
        ("x", "x + step(x - 0.3)*step(0.3 + 1e-8 - x)"),
        ("2*x", "2*x + relu(x - 1)*relu(1.000001 - x)"),
        ("2*x", "2*x + relu(1 - x)*relu(x - 0.999)*relu(y)"),
        ("x", "x + relu(1e-6 - abs(x - 3))"),
        ("x", "x + min(relu(x - 50), relu(50.001 - x))"),
        ("x*cos(w*x) + 3*w^2", "max(x*cos(w*x) + 3*w^2, x*cos(w*x) + 3*w^2 + x - 1e10)"),
        ("x", "max(x, x + 1e20 + w - 1e20 - 7)"),
        ("x", "x + relu(x - 1e12)"),
    ],
)
def test_slivers_between_kinks_are_found(expected: str, student: str) -> None:
    """A difference that lives between two near kinks, or far out where float64 is blind, is found."""
    found = equivalent(expected, student)
    assert (found.equal, found.decided) == (False, True)


@pytest.mark.parametrize(
    ("expected", "student"),
    [
        ("relu(x)", "max(x, 0)"),
        ("abs(x)", "relu(x) + relu(-x)"),
        ("relu(x - 0.3) - relu(x - 5)", "min(max(x - 0.3, 0), 4.7)"),
        ("abs(abs(x) - 1)", "max(abs(x) - 1, 1 - abs(x))"),
        ("sin(1e9*x)", "sin(1e9*x) + relu(x) - max(x, 0)"),
        ("x", "max(x, x) + abs(x) - abs(-x)"),
        ("step(x)*y", "y*(1 + sign(x))/2"),
        ("x", "x*step(abs(x - 3) - 1e-7) + x*(1 - step(abs(x - 3) - 1e-7))"),
    ],
)
def test_pieces_put_together_otherwise_are_equal(expected: str, student: str) -> None:
    """The same pieces with other kinks, also ones that cancel, are found equal."""
    assert equivalent(expected, student)
    assert equivalent(student, expected)


def test_a_domain_of_a_name_that_neither_formula_uses() -> None:
    """A name that the problem has may have a domain though nobody wrote it."""
    assert equivalent("x", "x", names="x y", domain={"y": "positive"})
