"""What refused text is told: the place, what was expected, the nearest valid choice; whole messages."""

from __future__ import annotations

import pytest

from backprop_tutor.errors import DomainError, ParseError
from backprop_tutor.language import parse, parse_formula

NAMES = ("x", "y", "w", "z", "b", "a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sine(x)", """line 1, column 1: there is no function `sine`
  sine(x)
  ^^^^
did you mean `sin`?"""),
        ("2 3", """line 1, column 3: two numbers side by side
  2 3
    ^
write the operation between them, for a product `*`"""),
        ("x 2", """line 1, column 3: a number right behind `x`
  x 2
    ^
write the operation between them, for a product `*`"""),
        ("q = x\ndL/dw = x", """line 2, column 1: an assignment's left side is a name, not `dL/dw`
  dL/dw = x
  ^^^^^
a gradient is asked for, not assigned"""),
        ("q = x +", """line 1, column 7: the formula ends after `+`
  q = x +
        ^
expected a number, a name, a function or a bracket"""),
        ("q = * x", """line 1, column 5: nothing stands before this
  q = * x
      ^
expected a number, a name, a function or a bracket"""),
        ("q = x ^^ 2", """line 1, column 8: nothing stands between `^` and this
  q = x ^^ 2
         ^
expected a number, a name, a function or a bracket"""),
        ("((x+1", """line 1, column 1: 2 brackets are opened and not closed; this is one
  ((x+1
  ^
line 1, column 2: 2 brackets are opened and not closed; this is one
  ((x+1
   ^"""),
        ("5 + (1+2] + 3", """line 1, column 9: `(` is closed by `]`
  5 + (1+2] + 3
          ^
expected `)`"""),
        ("[x, y]", """line 1, column 1: square brackets hold a list, and only a function takes one
  [x, y]
  ^
use ( and )"""),
        ("()x", """line 1, column 1: empty brackets
  ()x
  ^^
something stands between brackets"""),
        ("x)", """line 1, column 2: this bracket closes nothing
  x)
   ^
delete it, or open one"""),
        ("sin*x", """line 1, column 1: the function `sin` is used without an argument
  sin*x
  ^^^
write sin( … )"""),
        ("sin x^2", """line 1, column 1: how far `sin` reaches is not clear
  sin x^2
  ^^^^^
write brackets: sin(x …)"""),
        ("sin^-1(x)", """line 1, column 1: `sin^-1` could mean the inverse or one over
  sin^-1(x)
  ^^^^^
write 1/sin(…), or the inverse by its name"""),
        ("relu(x, y)", """line 1, column 1: `relu` takes 1 argument, and 2 were given
  relu(x, y)
  ^^^^^^^^^^"""),
        ("max(x)", """line 1, column 1: `max` takes 2 or more arguments, and 1 was given
  max(x)
  ^^^^^^"""),
        ("leaky_relu(x, slop=1)", """line 1, column 1: leaky_relu has no option `slop`; its options: slope
  leaky_relu(x, slop=1)
  ^^^^^^^^^^^^^^^^^^^^^
did you mean `slope`?"""),
        ("g(x, y)", """line 1, column 4: `g` is not a function, and a product has no commas
  g(x, y)
     ^"""),
        ("3,14159", """line 1, column 2: a comma between two numbers
  3,14159
   ^
write 3.14159: the decimal mark is a point"""),
        ("x == y", """line 1, column 3: equality is not part of the language: comparisons are >, <, >= and <=
  x == y
    ^^
an assignment has one `=`"""),
        ("a = b = c", """line 1, column 7: an `=` inside a formula
  a = b = c
        ^
an assignment is a line of its own"""),
        ("a =", """line 1, column 3: nothing stands after the `=`
  a =
    ^
expected a formula"""),
        ("x.__class__", """line 1, column 2: a `.` that belongs to no number; names have no attributes
  x.__class__
   ^
line 1, column 3: a name starts with a letter, not with `_`
  x.__class__
    ^^^^^^^^^"""),
        ("0x10 + 1.2.3", """line 1, column 1: hexadecimal, octal and binary numbers are not part of the language
  0x10 + 1.2.3
  ^^^^
line 1, column 8: a number with two decimal points
  0x10 + 1.2.3
         ^^^^^"""),
        ("|a+b|c+d|e+f|", """line 1, column 1: these bars can be paired in two ways
  |a+b|c+d|e+f|
  ^
use abs( ) instead of | |"""),
        ("|x|y|", """line 1, column 1: these bars | do not pair up
  |x|y|
  ^
every | | encloses something"""),
        ("q = x\nq = y", """line 2, column 1: `q` is assigned twice; first on line 1
  q = y
  ^^^^^
give the second another name"""),
        ("x; y", """line 1, column 4: `f` is assigned twice; first on line 1
  x; y
     ^
a formula without a left side is called `f`; name each: y = …"""),
        ("a = q\nq = a", """line 1, column 5: `q` is used before its assignment on line 2
  a = q
      ^
each of q → a → q is made of the next, so none can be worked out first"""),
        ("q = q + 1", """line 1, column 5: `q` is used before its own assignment
  q = q + 1
      ^"""),
        ("p1, p2, p3 = softmax(x, y)", """line 1, column 14: the outputs of softmax number 2 here; the names on the left side: 3
  p1, p2, p3 = softmax(x, y)
               ^^^^^^^^^^^^^
p1, p2 = softmax(…)"""),
        ("f = 1 + softmax(x, y)", """line 1, column 9: softmax has several outputs and stands alone on the right side
  f = 1 + softmax(x, y)
          ^^^^^^^^^^^^^
p1, p2 = softmax(z1, z2)"""),
        ("p, q = x", """line 1, column 8: 2 names for one value
  p, q = x
         ^
only softmax has several outputs"""),
        ("1½", """line 1, column 1: a mixed number: `1½` could be a sum or a product
  1½
  ^^
write the operation between them"""),
        ("", "line 1, column 1: the program is empty\n  \n  ^\n"
         "write an assignment, such as f = w*x + b"),
        ("\u0445+1", """line 1, column 1: the character U+0445 CYRILLIC SMALL LETTER HA only looks like `x`
  \u0445+1
  ^
did you mean `x`?"""),
        ("𝑥+1", """line 1, column 1: the character U+1D465 MATHEMATICAL ITALIC SMALL X is a styled `x`
  𝑥+1
  ^
did you mean `x`?"""),
        ("\u202e1+x", """line 1, column 1: an invisible character that turns the writing direction (U+202E RIGHT-TO-LEFT OVERRIDE) is not accepted
  \\u202e1+x
  ^^^^^^
delete it"""),
    ],
)  # fmt: skip
def test_a_refused_program_is_told_what_where_and_how_to_mend_it(text: str, message: str) -> None:
    """The whole message is line, column, what is wrong, the line with a caret, and the remedy."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_the_error_carries_line_column_caret_and_all_faults() -> None:
    """Programs that show the error themselves find its parts in it."""
    with pytest.raises(ParseError) as caught:
        parse("q = x\nf = q ++* z\ng = 2 3", source="notes.txt")
    error = caught.value
    assert (error.line, error.column) == (2, 9)
    assert error.caret == "  f = q ++* z\n          ^"
    assert [fault.message for fault in error.faults] == [
        "nothing stands between `+` and this",
        "two numbers side by side",
    ]
    assert str(error).startswith("notes.txt: line 2, column 9: ")


def test_all_unknown_names_of_a_formula_are_reported_at_once_and_each_once() -> None:
    """Every name that is not declared is named, with the nearest that is."""
    with pytest.raises(ParseError) as caught:
        parse_formula("X + weigth*q + q + E", ["x", "weight"])
    assert [(fault.message, fault.hint) for fault in caught.value.faults] == [
        ("the name `X` is not known", "did you mean `x`?"),
        ("the name `weigth` is not known", "did you mean `weight`?"),
        ("the name `q` is not known", "known here: weight, x"),
        ("the name `E` is not known", "known here: weight, x"),
    ]


@pytest.mark.parametrize(
    "name", ["E", "S", "I", "N", "O", "Q", "C", "oo", "zoo", "X", "j", "θ", "a1"]
)
def test_no_name_is_known_by_accident(name: str) -> None:
    """Letters that other programs take for constants are unknown names unless declared."""
    with pytest.raises(ParseError, match="is not known"):
        parse_formula(name, NAMES)
    assert parse_formula(name, [*NAMES, name])[0] is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing is written here"),
        ("x; y", "one formula is expected here, and this is more than one"),
        ("x # why", "a `#` starts a comment, and a formula has none"),
        ("q = x", "a formula is expected, without a left side"),
        ("softmax(x, y)", "softmax has several outputs, and a formula has one value"),
        (r"\frac{x}{2} % half", "a `%` starts a comment, and a formula has none"),
    ],
)
def test_a_formula_is_one_formula_and_nothing_else(text: str, message: str) -> None:
    """Comments, left sides, several formulas and several outputs are refused in an answer."""
    with pytest.raises(ParseError) as caught:
        parse_formula(text, NAMES, node="df/dx")
    assert caught.value.faults[0].message == message


def test_a_number_beyond_float64_is_a_fault_of_range() -> None:
    """`1e400` is well written and has no value: the error is both."""
    with pytest.raises(DomainError, match="beyond float64") as caught:
        parse("f = 1e400*x")
    assert isinstance(caught.value, ParseError)
