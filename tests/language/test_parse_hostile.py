"""Hostile and malformed answers: each gets the outcome written beside it, at a bounded cost."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from shared import counted

from backprop_tutor.errors import DomainError, LimitError, ParseError, TutorError
from backprop_tutor.language import evaluated, parse, parse_formula, parse_number, written

NAMES = ("x", "y", "w", "z", "b", "a")
POINT = {"x": 0.7, "y": 1.3, "w": -0.4, "z": 2.0, "b": 0.5, "a": 1.5}
FILE = Path(__file__).parents[1] / "cases" / "hostile_inputs.txt"

BUILT = {
    "'(' * 60 + 'x' + ')' * 60": "(" * 60 + "x" + ")" * 60,
    "'+'.join(['x'] * 20000)": "+".join(["x"] * 20000),
    "'9' * 5000": "9" * 5000,
}
"""The texts that the file gives as expressions, built here instead of evaluated."""


MOST_CALLS = 25_000
CALLS_A_CHARACTER = 500
"""Three times what the most expensive of the texts here takes, and a long one for each character."""

for _once in ("y = sigmoid(x)", r"\frac{1}{2}"):  # the grammars are read once, and are no text's cost
    parse(_once)


def _lines() -> list[tuple[str, str, str, str]]:
    rows = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            code, layer, text, outcome = (part.strip() for part in line.split(" | ", 3))
            given = json.loads(text)
            if given.startswith("@gen:"):
                given = BUILT.get(given[5:], "")
            if layer in ("expr", "number"):
                rows.append((code, layer, given, outcome))
    return rows


WRONG = (ParseError, DomainError)


@pytest.mark.parametrize(("code", "layer", "text", "outcome"), _lines())
def test_each_line_of_the_file_has_its_outcome(
    code: str, layer: str, text: str, outcome: str
) -> None:
    """ACCEPT is read and has a value or none over the reals; REJECT names its kind of fault."""
    error: TutorError | None = None
    notes: tuple[str, ...] = ()
    names = (*NAMES, "lambda") if "lambda" in text else NAMES
    with counted() as calls:
        try:
            if layer == "number":
                parse_number(text)
            else:
                tree, notes = parse_formula(text, names, node="dL/dw")
                notes += evaluated(tree, POINT | {"lambda": 1.0}).notes
        except TutorError as refused:
            error = refused
    assert calls() < MOST_CALLS
    if outcome.startswith(("blank", "REJECT-SYNTAX", "REJECT-NAME", "REJECT:")):
        assert isinstance(error, ParseError)
        assert error.caret
    elif outcome.startswith("REJECT-SIZE"):
        assert isinstance(error, LimitError)
    elif "REJECT-DOMAIN" in outcome:
        assert isinstance(error, DomainError)
    elif outcome.startswith("ACCEPT+NOTE"):
        assert error is None
        assert notes
    else:
        assert error is None


@pytest.mark.parametrize(("code", "layer", "text", "outcome"), _lines())
def test_no_line_of_the_file_harms_a_program(
    code: str, layer: str, text: str, outcome: str
) -> None:
    """As a program each is read or refused, at a cost in proportion to its length."""
    text = text[:4_000]  # a longer one costs in proportion, as the tests of limits see
    with counted() as calls:
        try:
            said = parse(text).reading
        except TutorError as refused:
            said = str(refused)
    assert said
    assert calls() < MOST_CALLS + CALLS_A_CHARACTER * len(text)


@pytest.mark.parametrize(
    ("text", "read", "value"),
    [
        ("2^--2", "2^(−(−2))", Fraction(4)),
        ("x**-1", "x^(−1)", 1 / 0.7),
        ("2--2", "2 − (−2)", Fraction(4)),
        ("-2^2", "−2²", Fraction(-4)),
        ("2^3^2", "2^3²", Fraction(512)),
        ("relu(0)", "relu(0)", Fraction(0)),
        ("0^0", "0^0", Fraction(1)),
        ("cbrt(-8)", "cbrt(−8)", -2.0),
        ("1e-400*x", "1e−400·x", 0.0),
        ("10^-400", "10^(−400)", 0.0),
        ("exp(-1000)", "exp(−1000)", 0.0),
        ("x\r\n", "x", 0.7),
        ("\u200bx", "x", 0.7),
    ],
)
def test_unusual_answers_with_a_value_have_it(
    text: str, read: str, value: Fraction | float
) -> None:
    """Double signs, towers, kinks and underflows are read one way, and that is shown."""
    tree, _ = parse_formula(text, NAMES)
    assert written(tree) == read
    found = evaluated(tree, POINT).value
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "os.system('ls')", "lambda: x", "getattr(x, 'y')", "exec(x)", "open(x)", "import os",
        "(1, 2)", "{x}", "x = 3", "x if x", "diff(x, x)", "Sums(x)", "5!", "gamma(x)", "'x'",
        "x // y", "x % y", "x & y", "x @ y", "~x", "x < y", "x ≤ y", "$", "`x`", "x'", "∞", "nan",
        "inf", "NaN*x", "True", "None", "3i", "é", "x\u0301", "x\x00", "\ud800", "\u202ex", "\u0430",
        "1_000", "0b1", "1e+", "1.2.3", "1,2", "x,y", "x;y", "x\ny", "max()", "f(x)", "__x", "x.y",
        "52%", "𝑥", "ο", "=x", "x=", ":", "...", "sqrt2", "sinx", "\\", "\\x", "\\frac{x}",
        "\\mathbb{R}", "x^{", "}", "\\left(", "\\input{/etc/passwd}", "\\def\\x{y}", "\\write18{ls}",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_a_place(text: str) -> None:
    """Python, other languages, other scripts and half-written LaTeX are faults of the text."""
    with counted() as calls, pytest.raises(ParseError) as caught:
        parse_formula(text, NAMES)
    assert calls() < MOST_CALLS
    assert "^" in caught.value.caret


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9^9^9^9", "`9^9⁹` where 9⁹ = 387420489: an overflow, beyond float64, which ends near 1.8e308"),
        ("2**2**2**2**2**2",
         "`2^2^2^2²` where 2^2^2² = 65536: an overflow, beyond float64, which ends near 1.8e308"),
        ("10000**100", "`10000^100`: an overflow, beyond float64, which ends near 1.8e308"),
        ("x*1e308*10", "`x·1e308·10` where x·1e308 = 6.999999999999999e+307: an overflow, beyond "
         "float64, which ends near 1.8e308"),
        ("x/(y-y)", "`x/(y − y)` where x = 0.7, y − y = 0.0: division by zero"),
        ("x/0", "`x/0` where x = 0.7: division by zero"),
        ("0^-1", "`0^(−1)`: division by zero"),
        ("log(-x)", "`ln(−x)` where −x = −0.7: no real value; the logarithm needs a positive number"),
        ("sqrt(-4)",
         "`sqrt(−4)`: no real value; the square root needs a number that is not negative"),
        ("(-8)^(1/3)", "`(−8)^(1/3)`: no real value; a negative base needs a whole exponent, and 0 an "
         "exponent that is not negative"),
        ("tan(pi/2)", "`tan(π/2)` where π/2 = 1.5707963267948966: no value: a pole of tan"),
        ("exp(1000)", "`exp(1000)`: an overflow, beyond float64, which ends near 1.8e308"),
        ("asin(2)", "`asin(2)`: no real value; the inverse sine needs a number from −1 to 1"),
    ],
)  # fmt: skip
def test_what_has_no_value_names_the_part_and_its_operands(text: str, message: str) -> None:
    """Overflow, division by zero and numbers outside a domain stop at the part that has no value."""
    tree, _ = parse_formula(text, NAMES)
    with counted() as calls, pytest.raises(DomainError) as caught:
        evaluated(tree, POINT)
    assert calls() < MOST_CALLS
    assert str(caught.value) == message
