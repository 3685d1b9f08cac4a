"""Which run of letters before a bracket is a function, and which is refused: none is split by guess."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import ParseError
from backprop_tutor.language import parse
from backprop_tutor.ops import FUNCTIONS, function_named

ANY_CASE = [
    ("Relu(x)", "f = relu(x)"),
    ("RELU(x)", "f = relu(x)"),
    ("LeakyReLU(x, 0.1)", "f = leaky_relu(x, slope=0.1)"),
    ("leaky_ReLU(x)", "f = leaky_relu(x)"),
    ("Leakyrelu(x)", "f = leaky_relu(x)"),
    ("Sigmoid(x)", "f = σ(x)"),
    ("Sin(x)", "f = sin(x)"),
    ("Sin x", "f = sin(x)"),
    ("Tanh^2(x)", "f = tanh(x)²"),
    ("ELU(x) + GELU(x)", "f = elu(x) + gelu(x)"),
    ("Arctan(x)", "f = arctan(x)"),
    ("MSE([a, b], [c, d])", "f = mse([a, b], [c, d])"),
    ("Cross_Entropy(p, t)", "f = ce(p, t)"),
    ("p, q = Softmax(x, y)", "p, q = softmax(x, y)"),
    (r"\mathrm{Relu}(x)", "f = relu(x)"),
    (r"\operatorname{LeakyReLU}(x)", "f = leaky_relu(x)"),
]


@pytest.mark.parametrize(("text", "reading"), ANY_CASE)
def test_capitals_and_underscores_make_no_other_function(text: str, reading: str) -> None:
    """A function's name in other capitals or without its `_` is that function."""
    shown = parse(text).reading
    assert shown.replace("atan(", "arctan(") == reading


def test_a_spelling_means_one_row() -> None:
    """Every spelling leads to its own row whatever its capitals, or to none."""
    for name, row in FUNCTIONS.items():
        for typed in (name, name.upper(), name.capitalize(), name.replace("_", "")):
            if typed.isascii():
                assert FUNCTIONS[function_named(typed)] is row
    assert function_named("f") == function_named("Σ") == ""


REFUSED = [
    ("xsin(x)", "there is no function `xsin`", "did you mean `sin`, or the product x*sin( … )?"),
    ("Rrelu (x)", "there is no function `Rrelu`", "did you mean `relu`, or the product R*relu( … )?"),
    ("Rrelu^2(x)", "there is no function `Rrelu`", "did you mean `relu`, or the product R*relu( … )?"),
    ("x1exp(x2)", "there is no function `x1exp`", "did you mean `exp`, or the product x1*exp( … )?"),
    ("w_1tanh(z)", "there is no function `w_1tanh`",
     "did you mean `tanh`, or the product w_1*tanh( … )?"),
    ("argmax(x)", "there is no function `argmax`", "it is flat between its steps, so there is no gradient to follow"),
    ("thetasin(x)", "there is no function `thetasin`",
     "did you mean `sin`, or the product theta*sin( … )?"),
    ("qtanh²(x)", "there is no function `qtanh`", "did you mean `tanh`, or the product q*tanh( … )?"),
    ("sigmod(x)", "there is no function `sigmod`", "did you mean `sigmoid`?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_a_run_that_ends_in_a_function_is_not_split(text: str, message: str, hint: str) -> None:
    """Where what stands before it is no known name, the run is refused with both readings."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert [(f.message, f.hint) for f in caught.value.faults] == [(message, hint)]


def test_a_known_name_before_a_function_is_a_factor() -> None:
    """Where what stands before the function is declared, or π, the run is that product."""
    assert parse("f = xsin(x)", ["x"]).reading == "f = x·sin(x)"
    assert parse("w = 2; f = wtanh(z)").reading == "w = 2\nf = w·tanh(z)"
    assert parse("f = x1x2exp(y)", ["x1", "x2"]).reading == "f = x₁·x₂·exp(y)"
    assert parse("f = pisin(x)").reading == "f = π·sin(x)"
    assert parse("f = θsin(x)").reading == "f = θ·sin(x)"
    assert parse("f = wx(y + z)").reading == "f = w·x·(y + z)"


def test_letters_that_are_all_declared_are_not_taken_for_a_function() -> None:
    """`SE(` with S and E declared could be the loss or a product, and is refused."""
    with pytest.raises(ParseError) as caught:
        parse("f = SE(y + 1)", ["S", "E"])
    fault = caught.value.faults[0]
    assert (fault.message, fault.hint) == (
        "`SE` could be a function or a product", "write se( … ), or S*E*( … )"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("f = sinx", "`sinx` could be a function or a product",
         "write sin(x), or s*i*n*x; or give the name `sinx` a value"),
        ("f = wx + expz", "`expz` could be a function or a product",
         "write exp(z), or e*x*p*z; or give the name `expz` a value"),
        ("f = 3ln2", "`ln2` could be a function or a product",
         "write ln(2), or l*n2; or give the name `ln2` a value"),
        ("f = x*lnx", "`lnx` could be a function or a product",
         "write ln(x), or l*n*x; or give the name `lnx` a value"),
        ("f = x if x", "the word `if` has no meaning in a formula", "a choice is written where(x > 0, a, b)"),
        ("f = x % y", "a `%` has no meaning here", "52% is written 0.52; there is no operation for remainders"),
        ("d = speed*minutes", "`minutes` could be a function or a product",
         "write min( … ), or m*i*n*u*t*e*s; or give the name `minutes` a value"),
        ("f = mean_x", "`mean_x` could be a function or a product",
         "write mean(x), or m*e*a*n_x; or give the name `mean_x` a value"),
        ("f = log_b x", "the function `log_b` is used without an argument",
         "its argument stands in brackets: log_b( … )"),
        ("f = log_loss", "the function `log_loss` is used without an argument",
         "its argument stands in brackets: log_loss( … )"),
    ],
)  # fmt: skip
def test_a_run_that_begins_with_a_function_is_no_product(text: str, message: str, hint: str) -> None:
    """`sinx` is neither read as s·i·n·x nor as sin(x) without being asked."""
    with pytest.raises(bt.ParseError) as caught:
        bt.parse(text)
    fault = caught.value.faults[-1]
    assert (fault.message, fault.hint) == (message, hint)


def test_a_declared_name_may_begin_with_a_function() -> None:
    """A name that has a value, or is assigned, is itself whatever it begins with."""
    assert bt.derive("d = 2*minutes + sinx", at={"minutes": 3, "sinx": 1}).values["d"] == 7
    assert bt.derive("log_p = ln(p); f = 2*log_p", at={"p": 1.0}).values["f"] == 0
