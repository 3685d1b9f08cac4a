"""What students type for a number, read before it is judged: the table of tests/cases/spellings.toml."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from shared import faults_of

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import Marker, mark
from backprop_tutor.homework.quantities.typed_numbers import read_number
from backprop_tutor.homework.spellings.decimal_marks import shown_mark
from backprop_tutor.translation import speaking

CASES: dict[str, list[Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "spellings.toml").read_text(encoding="utf-8")
)
PROGRAM = "q = x*y; w1 = q + z; f = w1*q"
D = bt.derive(PROGRAM, at={"x": -2, "y": 5, "z": -4})


def named(cases: list[Any]) -> Any:
    """Return the cases as parameters, each called by what is typed."""
    return [pytest.param(*(c if isinstance(c, list) else [c]), id=ascii(c)[:30]) for c in cases]


def marked(typed: str, *others: str) -> Any:
    """Return the marked cell of what was typed, beside other numbers on the sheet."""
    names = ("df/dx", "df/dy", "df/dz", "q", "w1")
    return mark(D, dict(zip(names, (typed, *others), strict=False)), want="number").cells["df/dx"]


def number_read(typed: str, *others: str) -> Fraction:
    """Return the number that a cell was judged by: that of a program whose right answer it is."""
    sheet = Marker(D, asked=["df/dx"], want="number")._sheets[("df/dx",)]
    decimal = shown_mark([typed, *others])
    written = sheet._read(0, typed, decimal)  # type: ignore[union-attr]
    assert not written.fault, written.fault  # type: ignore[union-attr]
    assert not written.several, written.several  # type: ignore[union-attr]
    return read_number(written.spelling or written.text).exact  # type: ignore[union-attr]


def test_a_number_is_read_as_it_is_meant() -> None:
    """Remarks, signs, commas and powers of ten are read; none becomes another number."""
    assert faults_of(assert_read, CASES["read"]) == []


def assert_read(typed: str, meant: str) -> None:
    """One is read."""
    assert float(number_read(typed)) == pytest.approx(float(Fraction(meant)), rel=1e-12)


@pytest.mark.parametrize(("typed", "others", "meant"), named(CASES["decided"]))
def test_the_other_numbers_decide(typed: str, others: list[str], meant: str) -> None:
    """Whether a comma or a point is decimal is decided by the other numbers on the sheet."""
    assert number_read(typed, *others) == Fraction(meant)


@pytest.mark.parametrize(("typed", "readings"), named(CASES["ambiguous"]))
def test_what_may_mean_two_things_is_never_guessed(typed: str, readings: list[str]) -> None:
    """An ambiguous number is listed for a person, with its readings; it earns nothing until then."""
    cell = marked(typed)
    assert (cell.status, cell.points) == ("could not be judged", 0)
    for reading in readings:
        assert f"`{reading}`" in cell.sentence


@pytest.mark.parametrize(("typed", "word"), named(CASES["refused"]))
def test_what_is_no_number_is_refused_by_name(typed: str, word: str) -> None:
    """A date, a range, two numbers: the reason says what it is."""
    cell = marked(typed)
    assert cell.status == "unreadable"
    assert word in cell.sentence
    assert "\n" not in cell.sentence


@pytest.mark.parametrize("typed", CASES["left"], ids=ascii)
def test_what_the_language_refuses(typed: str) -> None:
    """What is neither a number nor known by name is unreadable, never some number."""
    assert marked(typed).status == "unreadable"


@pytest.mark.parametrize("typed", CASES["nothing"], ids=ascii)
def test_no_answer(typed: str) -> None:
    """`idk` and its kind are no answer, no unknown name."""
    assert marked(typed).status == "unanswered"


def test_the_table_is_large_enough() -> None:
    """The table has the spellings of a class: 300 and more, each once."""
    typed = [c if isinstance(c, str) else c[0] for kind, cases in CASES.items() if kind != "decided" for c in cases]
    assert len(typed) == len(set(typed)) >= 300


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-4", "Right."),
        ("− 4", "Right."),
        ("-4,0", "Right. Read as −4: the comma as the decimal mark."),
        ("-400 %", "Right. Read as −4: a percentage: a hundredth of it."),
        ("z = -4 m", "Right. Read as −4: without `z` before it, without the remark `m`."),
        ("−4·10⁰", "Right. Read as −4: a power of ten."),
    ],
)
def test_how_it_was_read_is_said(typed: str, sentence: str) -> None:
    """A reading that is not plain is told with the verdict; one that everyone shares is not."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    assert mark(d, {"df/dx": typed}).cells["df/dx"].sentence == sentence


def test_a_reading_that_would_be_right_is_for_a_person() -> None:
    """Where a number is wrong as it was read and right as it may be meant, nobody is accused."""
    d = bt.derive("q = x*y; f = q + z", at={"x": 1000, "y": 1, "z": 0})
    assert mark(d, {"q": "1.000"}).cells["q"].status == "could not be judged"
    assert mark(d, {"q": "1.000", "df/dq": "1,0"}).cells["q"].status == "correct"
    assert mark(d, {"q": "1.000", "f": "1000.0"}).cells["q"].status != "correct"
    product = bt.derive("f = x*y", at={"x": 0, "y": 5})
    assert mark(product, {"f": "0·5"}).cells["f"].status == "could not be judged"


@pytest.mark.parametrize(
    ("typed", "names"),
    [("2 m", "m"), ("0.5 V", "V"), ("3 k", "k"), ("na", "n a"), ("2 rad", "r a d"), ("no", "n o")],
)
def test_a_name_of_the_program_is_no_remark(typed: str, names: str) -> None:
    """A unit or a word that the program has as a name is that name."""
    program = f"f = {' + '.join(names.split())}"
    d = bt.derive(program, dict.fromkeys(names.split(), 2))
    cell = mark(d, {"f": typed}).cells["f"]
    assert cell.status not in ("correct", "unanswered")
    assert "Read as" not in cell.sentence


@pytest.mark.parametrize(
    ("formula", "status"),
    [
        ("dL/dz*x", "correct"), ("∂L/∂z·x", "correct"), ("\\frac{dL}{dz} x", "correct"), ("dL/da*σ'(z)*x", "correct"),
        ("dL/da sigma'(z) x", "correct"), ("dL/dw = dL/dz*x", "correct"), ("(a-t) σ'(z) x", "correct"),
        ("(a_1-t)*0", "unreadable"), ("dL/dw", "unreadable"), ("dL/dz", "slip"), ("dL/dz*x^2/x", "correct"),
        ("dL/dw = (a-t)*a*(1-a)*x = 0.08", "correct"), ("0,5*dL/dz*2*x", "correct"), ("dL/dz*b_1", "unreadable"),
        ("dL/dz*x (chain rule)", "correct"), ("dL/dz x  # chain rule", "unreadable"), ("dL/da * da/dz * x", "unreadable"),
        ("dL/dz*x = 0,08", "correct"), ("dL/dw: dL/dz*x", "correct"), ("sin(dL/dz) (x)", "unexplained"),
    ],
)  # fmt: skip
def test_formulas_may_use_gradients_and_slopes(formula: str, status: str) -> None:
    """A formula cell takes dL/dz, σ'(z) and what stands before an `=`; its own name is no answer."""
    d = bt.derive("z = w*x + b; a = sigmoid(z); L = (a - t)^2/2", {"w": 1, "x": 0.5, "b": 1, "t": 0})
    assert mark(d, {"dL/dw": formula}, want="formula").cells["dL/dw"].status == status


def test_names_with_a_subscript() -> None:
    """`p_1`, `p_{1}` and `p₁` are the name p1; a name that the program spells with `_` stays."""
    d = bt.derive("p1 = x*y; a_2 = p1 + x; L = p1*a_2", {"x": 2, "y": 3})
    for formula in ("p_1", "p1", "p_{1}", "p₁"):
        assert mark(d, {"local(L, a_2)": formula}, want="formula").score == 1
    for formula in ("a_2", "a2", "a₂"):
        assert mark(d, {"local(L, p1)": formula}, want="formula").score == 1


def test_advice_in_korean() -> None:
    """What is wrong with an answer, and what to do, is said in the report's language, in one line."""
    with speaking("ko"):
        for typed in ("1-Feb", "2x +", "-2 1/2", "0.5 or 0.6", "3 y"):
            sentence = marked(typed).sentence
            assert any("가" <= character <= "힣" for character in sentence), sentence
            assert "\n" not in sentence


@pytest.mark.parametrize("typed", ["9" * 3000, "(" * 3000, "= " * 1500, "1," * 900, "0.5 " + "a" * 1900, "~" * 1999])
def test_long_texts_are_read_in_time(typed: str) -> None:
    """A text made to take long is refused like any other."""
    assert marked(typed).points == 0
