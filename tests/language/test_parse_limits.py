"""How large a text may be: each limit is accepted at its size, and refused by name beyond it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from shared import counted

from backprop_tutor.errors import LimitError, TutorError
from backprop_tutor.language import (
    Program,
    evaluate,
    parse,
    parse_formula,
    parse_number,
    parser,
    written,
)
from backprop_tutor.language.limits import PROGRAM, Limits


def program(text: str) -> object:
    return parse(text)


def answer(text: str) -> object:
    return parse_formula(text, ["x"])


NESTED: list[tuple[str, Callable[[int], str]]] = [
    ("brackets", lambda n: "(" * n + "x" + ")" * n),
    ("signs", lambda n: "-" * n + "x"),
    ("powers", lambda n: "x" + "^x" * n),
    ("calls", lambda n: "sin(" * n + "x" + ")" * n),
    ("braces", lambda n: r"\frac{1}{" * n + "x" + "}" * n),
    ("roots", lambda n: r"\sqrt{" * n + "x" + "}" * n),
    ("raised braces", lambda n: "x^{" * (n // 2) + "x" + "}" * (n // 2)),
]


@pytest.mark.parametrize(("what", "nested"), NESTED)
def test_nesting_is_accepted_up_to_the_limit_and_refused_beyond(
    what: str, nested: Callable[[int], str]
) -> None:
    """A program nests 1,000 deep and an answer 100, whatever nests."""
    for read, depth in ((program, 1_000), (answer, 100)):
        assert read(nested(depth)) is not None
        with pytest.raises(LimitError, match=f"nest more than {depth:,} deep"):
            read(nested(depth + 2))


def test_functions_without_brackets_nest_no_deeper() -> None:
    r"""A chain of `\\ln\\ln...` is read without recursion."""
    assert parse(r"\ln" * 900 + " x").inputs == ("x",)


def test_a_program_s_limits_are_those_that_are_documented() -> None:
    """Two million characters, 200,000 nodes, 1,000 deep and 400 characters a number."""
    assert Limits("a program", 2_000_000, 200_000, 1_000, 400) == PROGRAM


@pytest.mark.parametrize(
    "text",
    ["+".join(["x"] * 1_001), ";".join(f"a{i}=1" for i in range(2_001)),
     ";".join(f"a{i}=x+x" for i in range(700)), "x^" * 1_000 + "x", "-" * 900 + "x*" * 600 + "x"],
    ids=["one sum", "many assignments", "nodes of several assignments", "powers", "signs"],
)  # fmt: skip
def test_a_program_has_so_many_nodes_and_no_more(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nodes are counted over the whole program; a hundredth of the real limit shows it as well."""
    monkeypatch.setattr(parser, "PROGRAM", replace(PROGRAM, nodes=2_000))
    with pytest.raises(LimitError, match="a program has at most 2,000 nodes"):
        parse(text)
    monkeypatch.setattr(parser, "PROGRAM", replace(PROGRAM, nodes=4_100))
    assert parse(text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x" + " " * 2_000_000, "a program has at most 2,000,000 characters; this has 2,000,001"),
        ("f = " + "9" * 401, "a number of 401 characters; at most 400"),
        (r"f = \frac{" + "9" * 401 + "}{2}", "a number of 401 characters; at most 400"),
    ],
)
def test_a_program_beyond_a_limit_is_refused_by_its_name(text: str, limit: str) -> None:
    """Characters and digits each have their limit, and the message says which."""
    with pytest.raises(LimitError, match=limit):
        parse(text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("+".join(["x"] * 20_000), "an answer has at most 10,000 characters; this has 39,999"),
        ("+".join(["x"] * 1_001), "an answer has at most 2,000 nodes"),
        ("9" * 401, "a number of 401 characters; at most 400"),
    ],
)
def test_an_answer_beyond_a_limit_is_refused_by_its_name(text: str, limit: str) -> None:
    """An answer is a formula of a person's size."""
    with pytest.raises(LimitError, match=limit):
        answer(text)
    assert answer("+".join(["x"] * 1_000)) is not None


def test_a_number_has_at_most_400_characters() -> None:
    """Also where blanks or signs make it longer."""
    assert parse_number("1" * 300).value == int("1" * 300)
    with pytest.raises(LimitError, match="a number has at most 400 characters; this has 5,000"):
        parse_number("9" * 5000)


def test_long_programs_cost_in_proportion_to_their_length() -> None:
    """A sum of 10,000 terms and a chain of 10,000 assignments are read, written and evaluated at once."""
    cost = {}
    for terms in (500, 2_000):
        with counted() as calls:
            parse("+".join(["x"] * terms))
        cost[terms] = calls()
    assert cost[2_000] < 4.2 * cost[500]
    total = parse("+".join(["x"] * 10_000))
    assert evaluate(total.assignments[0].expression, {"x": 2}) == 20_000
    assert len(written(total.assignments[0].expression)) == 39_997
    chained = parse("v0 = x\n" + "\n".join(f"v{i} = v{i - 1} + x" for i in range(1, 10_000)))
    assert isinstance(chained, Program)
    assert chained.output == "v9999"


@pytest.mark.parametrize(
    "text",
    ["(" * 5_000, "$" * 5_000, "|x|+" * 500 + "1", "\\" * 5_000, r"\frac" * 1_250,
     "∂a/∂b=1\n" * 250, "x_{" * 1_250, "\\hat{" * 750, "^{" * 2_500, "sin " * 1_000,
     "f(x" * 2_500, "'x" * 2_500, "x|" * 1_250, "x" * 5_000, "{" * 2_500 + "_{",
     "a=1\n" * 1_000],
)  # fmt: skip
def test_long_nonsense_is_refused_or_read_in_proportion_to_its_length(text: str) -> None:
    """No text makes the reading quadratic: four times the length is at most about four times the cost."""
    cost = []
    for part in (text[: len(text) // 4], text):
        with counted() as calls, contextlib.suppress(TutorError):  # read or refused is not the point
            parse(part)
        cost.append(calls())
    assert cost[1] < 5 * cost[0] + 10_000


NINES = "9" * 5000


@pytest.mark.parametrize(
    "text",
    [
        rf"\left|x\right|^{{{NINES}}}", f"x^{{{NINES}}}", f"sin^{{{NINES}}} x", rf"\frac{{{NINES}}}{{x}}",
        f"sum_{{i=1}}^{{{NINES}}} i*x", rf"\sum_{{i={NINES}}}^{{{NINES}}} i*x", "∑_{i=1}^" + "⁹" * 5000 + " x",
        f"{NINES}x", rf"\sqrt[{NINES}]{{x}}",
    ],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_digits_beyond_every_float_wherever_a_number_stands(text: str) -> None:
    """A number of 5,000 digits is refused in our words, as exponent, bound, root or factor."""
    with pytest.raises(TutorError) as caught:
        parse(text)
    assert "line 1, column" in str(caught.value)


def test_a_bound_with_zeros_in_front() -> None:
    """Zeros in front of a sum's bound are nothing, however many."""
    text = r"\sum_{i=" + "0" * 500 + "1}^{3} i*x"
    assert parse(text).reading == parse(r"\sum_{i=1}^{3} i*x").reading


def test_two_spellings_of_one_name() -> None:
    r"""Names that would look alike are told apart, in LaTeX too: \hat{y} beside others."""
    assert parse(r"\hat{y}w_1(w^{(1)} x + b)").reading == "f = ŷ·w_1·(w1·x + b)"
