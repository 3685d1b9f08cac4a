"""A number typed as an answer or a value: exact where typed exactly, refused where it is none."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from backprop_tutor.errors import DomainError, ParseError
from backprop_tutor.language import Value, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", Fraction(3)),
        ("-2", Fraction(-2)),
        ("−2", Fraction(-2)),
        ("+2", Fraction(2)),
        ("１／３", Fraction(1, 3)),
        ("1/3", Fraction(1, 3)),
        ("-1/3", Fraction(-1, 3)),
        ("½", Fraction(1, 2)),
        ("2^-3", Fraction(1, 8)),
        ("2**-3", Fraction(1, 8)),
        ("10⁻³", Fraction(1, 1000)),
        ("3·10^2", Fraction(300)),
        (" 7 ", Fraction(7)),
        ("(7)", Fraction(7)),
        (r"\frac{1}{3}", Fraction(1, 3)),
        ("0.25", 0.25),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        ("2E+3", 2000.0),
        ("pi/2", math.pi / 2),
        ("π", math.pi),
        ("e", math.e),
        ("sqrt(2)", math.sqrt(2)),
        ("1/sqrt(2)", 1 / math.sqrt(2)),
        ("e^-1", math.exp(-1)),
        ("ln(2)", math.log(2)),
    ],
)
def test_numbers_and_what_computes_to_one(text: str, value: Fraction | float) -> None:
    """Whole numbers and their quotients and powers stay exact; all else is float64."""
    number = parse_number(text)
    assert number == Value(value)
    assert type(number.value) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3,14", """line 1, column 2: a comma in a number
  3,14
   ^
write 3.14: the decimal mark is a point"""),
        ("1,000", """line 1, column 2: a comma in a number
  1,000
   ^
write 1.000: the decimal mark is a point; if it groups thousands, write 1000"""),
        ("52%", """line 1, column 3: a percentage is not accepted
  52%
    ^
write it as a decimal: 52% is 0.52"""),
        ("12.5%", """line 1, column 5: a percentage is not accepted
  12.5%
      ^
write it as a decimal: 52% is 0.52"""),
        ("true", """line 1, column 1: `true` is not a number
  true
  ^^^^
a truth value is not 1 or 0"""),
        ("[1, 2]", """line 1, column 1: a list is not a number
  [1, 2]
  ^^^^^^
write one number, without brackets around it"""),
        ("0x10", """line 1, column 1: hexadecimal, octal and binary numbers are not part of the language
  0x10
  ^^^^"""),
        ("3j", """line 1, column 1: an imaginary number is not accepted
  3j
  ^^
answers are real numbers"""),
        ("  ", "line 1, column 1: no number is written here\n    \n  ^\n"
         "write a number, such as 0.25 or 1/4"),
        ("", "line 1, column 1: no number is written here\n  \n  ^\n"
         "write a number, such as 0.25 or 1/4"),
        ("x", """line 1, column 1: the name `x` is not known
  x
  ^
no names can be used here"""),
        ("1 1/2", """line 1, column 3: two numbers side by side
  1 1/2
    ^
write the operation between them, for a product `*`"""),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_its_remedy(text: str, message: str) -> None:
    """Decimal commas, percentages, lists, truth values, other bases and blanks are told apart."""
    with pytest.raises(ParseError) as caught:
        parse_number(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["None", "1;2", "1 2", "--", "1..2", "0b11", "2+3i", "1'000", "1_000",
                                  "5 kg", "~3", "<3", "≈3", "e5x", "{3}", "(1,2)"])  # fmt: skip
def test_more_that_is_no_number(text: str) -> None:
    """Units, guesses and separators are faults of the text."""
    with pytest.raises(ParseError):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inf", "`inf` is not a finite number"),
        ("-Infinity", "`-Infinity` is not a finite number"),
        ("NaN", "`NaN` is not a finite number"),
        ("∞", "`∞` is not a finite number"),
        ("1/0", "`1/0`: division by zero"),
        ("0^-1", "`0^(−1)`: division by zero"),
        ("sqrt(-1)",
         "`sqrt(−1)`: no real value; the square root needs a number that is not negative"),
        ("9**9**9**9",
         "`9^9⁹` where 9⁹ = 387420489: an overflow, beyond float64, which ends near 1.8e308"),
    ],
)  # fmt: skip
def test_what_has_no_finite_value_is_outside_the_domain(text: str, message: str) -> None:
    """Infinities, poles and overflows are numbers that float64 cannot hold."""
    with pytest.raises(DomainError) as caught:
        parse_number(text)
    assert str(caught.value) == message


def test_a_literal_beyond_float64_is_outside_the_domain_too() -> None:
    """`1e400` is an overflow, whole numbers of 350 digits as well."""
    for text in ("1e400", "-1e999", "9" * 350):
        with pytest.raises(DomainError, match="beyond float64"):
            parse_number(text)


def test_an_underflow_is_zero_with_a_note() -> None:
    """A number too small for float64 is taken as 0, and that is said."""
    assert parse_number("1e-400") == Value(
        0.0, ("`1e-400` is too small for float64 and was read as 0",)
    )
    assert parse_number("0.111*10^-960000000") == Value(
        0.0, ("`10^(−960000000)` is too small for float64 and was taken as 0",)
    )
    assert parse_number("0.0").notes == ()
