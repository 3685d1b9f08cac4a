"""What holds for every tree and every text: writing parses back, and only a user's errors arise."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.errors import TutorError
from backprop_tutor.language import (
    PLAIN,
    Apply,
    Expression,
    Name,
    Number,
    Program,
    evaluated,
    parse,
    parse_formula,
    parse_number,
    postorder,
    same,
    trace,
    written,
)
from backprop_tutor.ops import OPS, Operation

FEW = settings(max_examples=150, deadline=None, derandomize=True)
NAMES = ("x", "y", "w1", "w2_21", "theta", "net_h1", "y_hat")

names = st.sampled_from(NAMES).map(Name)
whole = st.integers(0, 10**6).map(lambda n: Number(Fraction(n), str(n)))
decimals = st.floats(0, 1e12, allow_nan=False).map(lambda v: Number(v, repr(v)))
negative = st.integers(1, 99).map(lambda n: Number(Fraction(-n), f"−{n}"))
constants = st.sampled_from([parse("pi").assignments[0].expression])
leaves: st.SearchStrategy[Expression] = st.one_of(names, whole, decimals, negative, constants)


def _can_be_typed(op: Operation) -> bool:
    signs = ("add", "subtract", "multiply", "divide", "power")
    return (bool(op.spelled) or op.name in signs) and not op.outputs


def _grown(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    plain = [op for op in OPS.values() if _can_be_typed(op)]

    def applied(name: str) -> st.SearchStrategy[Expression]:
        op = OPS[name]
        most = op.most or op.least + 2 * op.lists
        counts = [n for n in range(op.least, most + 1) if op.accepts(n)]
        options = st.just(())
        if op.options:
            options = st.floats(1e-9, 100).map(lambda v: ((op.options[0][0], v),)) | options
        return st.sampled_from(counts).flatmap(
            lambda n: st.builds(
                lambda operands, chosen: Apply(name, operands, chosen),
                st.tuples(*[children] * n),
                options,
            )
        )

    # A minus before a number is part of the number; before all else it is an operation.
    negated = children.filter(lambda e: not isinstance(e, Number)).map(
        lambda e: Apply("negate", (e,))
    )
    return st.sampled_from([op.name for op in plain]).flatmap(applied) | negated


trees = st.recursive(leaves, _grown, max_leaves=12)


@FEW
@given(trees)
def test_a_tree_written_in_plain_characters_parses_to_itself(tree: Expression) -> None:
    """No bracket is missing, whatever stands where."""
    back = parse("f = " + written(tree, PLAIN), NAMES).assignments[0].expression
    assert same(back, tree)


@FEW
@given(trees)
def test_a_tree_as_it_is_shown_parses_to_itself(tree: Expression) -> None:
    """The reading printed by the explanations is itself a formula of the language."""
    back = parse("f = " + written(tree), NAMES).assignments[0].expression
    assert same(back, tree)


PIECES = [
    "x", "w1", "w_1", "θ", "σ", "sin", "exp", "max", "e", "pi", "2", "0.5", "1e400", "(", ")", "|", "+",
    "-", "*", "/", "^", "²", "⁻¹", ",", "=", "==", ";", "\n", " ", "_", "^{", "_{", "{", "}", "\\frac",
    "\\frac12", "\\sqrt", "[", "]", "\\left(", "\\right)", "\\left|", "\\right|", "\\hat", "\\hat{y}",
    "\\mathrm{ReLU}", "\\sigma", "\\\\", "$", "\\begin{align}", "\\end{align}", "\\max", "\\{", "\\}",
    "\\log_2", "\\cdot", "&", "%", "#", "ŷ", "½", "₁", "ᵢ", "⁽²⁾", "\u200b", "∂", "'", "\\partial",
    "\\mathbb{R}", "\\text{net}", "T", "(2)", "\\", "⟨", "⟩", "\u2060", "．", "\x00", "\ud800", "\u0302",
    "leaky_relu(x, slope=", "softmax",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(texts)
def test_any_text_is_read_or_refused_as_a_users_error(text: str) -> None:
    """Whatever is typed, no other exception arises, and what is read can be written and read again."""
    try:
        program = parse(text)
        for assignment in program.assignments:
            line = f"{', '.join(assignment.targets)} = {written(assignment.expression, PLAIN)}"
            back = parse(line, [*program.inputs, *program.assigned])
            assert same(back.assignments[0].expression, assignment.expression)
        said = program.reading
    except TutorError as error:
        said = str(error)
    assert said


@settings(max_examples=300, deadline=None, derandomize=True)
@given(texts)
def test_any_answer_is_read_or_refused_as_a_users_error(text: str) -> None:
    """The same for formulas over closed names and their values, and for numbers."""
    for read in (
        lambda: evaluated(parse_formula(text, ["x", "w1"])[0], {"x": 0.3, "w1": -2}),
        lambda: parse_number(text),
    ):
        try:
            said = str(read().value)
        except TutorError as error:
            said = str(error)
        assert said


def chained(count: int) -> Program:
    def function(x: Expression) -> Expression:
        total = x
        for _ in range(count):
            total = total + x  # type: ignore[operator]
        return total

    return trace(function)


def test_a_program_of_ten_thousand_operations_is_pickled_and_copied() -> None:
    """Depth costs no recursion there either, and nothing is lost."""
    program = chained(10_000)
    tree = program.assignments[0].expression
    for again in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program)):  # noqa: S301 - our own bytes
        assert again.text == program.text
        assert same(again.assignments[0].expression, tree)
    assert same(copy.deepcopy(tree), tree)
    assert repr(tree) == "Apply('add', 2 operands)"


def test_a_copy_has_values_of_its_own_and_the_same_places() -> None:
    """A copy's values cannot be changed either, and make a dict that can; spans survive."""
    program = parse("f = 2*(x + leaky_relu(y, 0.1))")
    again = copy.deepcopy(program)
    with pytest.raises(TypeError):
        again.values["x"] = 1  # type: ignore[index]
    assert dict(again.values) == program.values == {}
    pairs = zip(
        postorder(program.assignments[0].expression),
        postorder(again.assignments[0].expression),
        strict=True,
    )
    assert all(one.span == other.span for one, other in pairs)


def test_reading_is_the_same_under_every_hash_seed() -> None:
    """Messages and notes name things in one order, whatever the seed of Python's hashes."""
    code = (
        "from backprop_tutor.language import parse, parse_formula\n"
        "print(parse('f = wx + six').notes)\n"
        "try: parse_formula('Q+R', ['a', 'b', 'c', 'alpha'])\n"
        "except Exception as e: print(e)\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, check=True, encoding="utf-8", cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": str(seed), "PYTHONIOENCODING": "utf-8", "PATH": ""},
        ).stdout
        for seed in (0, 1, 2)
    }  # fmt: skip
    assert len(printed) == 1
