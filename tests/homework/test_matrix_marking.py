"""Marking matrices: right, rounded, of the wrong shape, unreadable with every place; entries, shapes, formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.homework.marking.marker import Marker
from backprop_tutor.homework.quantities.typed_arrays import given_array

X = [[1.2, -0.5, 0.3], [0.4, 2.0, -1.1], [-0.7, 0.6, 0.9], [1.5, -1.0, 0.2]]
W1 = [[0.5, -0.3], [0.8, 0.1], [-0.6, 0.9]]
W2 = [[0.7, -0.2, 0.4], [-0.5, 0.3, 0.6]]
D = bt.derive(
    "Z = X@W1 + b1\nA = sigmoid(Z)\nS = A@W2 + b2\nP = softmax(S)\nL = -sum(Y*ln(P))/4",
    at={"X": X, "W1": W1, "b1": [0.1, -0.2], "W2": W2, "b2": [0.0, 0.2, -0.1],
        "Y": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]},
)  # fmt: skip
G, V = D.gradients, D.values


def cell(quantity: str, answer: Any, **options: Any) -> Any:
    """Return the one cell of a sheet with one answer."""
    return bt.mark(D, {quantity: answer}, **options).cells[quantity]


def test_a_right_matrix_is_right_however_it_is_given() -> None:
    """Arrays, lists, MATLAB's rows, a bmatrix, NumPy's print: the same matrix, all right."""
    dw = G["W2"].round(6)
    rows = dw.tolist()
    latex = r"\begin{bmatrix}" + r"\\ ".join(" & ".join(map(str, row)) for row in rows) + r"\end{bmatrix}"
    for answer in (
        dw, rows, str(rows), "; ".join(" ".join(map(str, row)) for row in rows), latex, str(dw),
        repr(dw), "\n".join(", ".join(map(str, row)) for row in rows),
    ):  # fmt: skip
        assert cell("dL/dW2", answer).status in ("correct", "correct (rounded)"), answer


def test_wrong_entries_are_listed() -> None:
    """A matrix with two wrong entries lists them with their places, and names them in the sentence."""
    wrong = G["W1"].copy()
    wrong[0, 1] += 1
    wrong[2, 0] -= 1
    found = cell("dL/dW1", wrong)
    assert found.status == "unexplained"
    assert [entry.at for entry in found.entries] == [(0, 1), (2, 0)]
    assert found.entries[0].expected == pytest.approx(G["W1"][0, 1])
    assert found.sentence == (
        "Not right at 2 of 6 entries: [0, 1], [2, 0]. No known slip gives this matrix."
    )
    one = G["W1"].copy()
    one[1, 1] = 7
    assert cell("dL/dW1", one).sentence == (
        "Not right at [1, 1], and no known slip gives this matrix."
    )


def test_a_wrong_shape_is_told_as_such() -> None:
    """A transposed matrix is asked about, another shape is named; a vector may be a row or a column."""
    turned = cell("dL/dW1", G["W1"].T.tolist())
    assert turned.status == "slip"
    assert turned.slip.name == "transposed"
    assert turned.sentence == (
        "2×3 where W1 is 3×2: transposed? This matrix is transposed: a gradient has the shape of its value."
    )
    other = cell("dL/dW1", [[1, 2], [3, 4]])
    assert (other.status, other.sentence) == ("unexplained", "2×2 where W1 is 3×2.")
    for answer in (G["b1"], [G["b1"].tolist()], G["b1"][:, None]):
        assert cell("dL/db1", answer).status == "correct"
    assert cell("dL/dW1", 3).sentence == "a 3×2 matrix is asked for, not a number"


FAULTS = [
    ("[[1, 2], [3]]", "row 1 has 1 entry; row 0 has 2"),
    ("[[1, x], [, 2]]", "entry [0, 1]: `x` is no number; entry [1, 0] is empty"),
    ("1 2; 3", "row 1 has 1 entry; row 0 has 2"),
    ("0,5 0,3; 1,2 0,4",
     "entry [0, 1]: `5 0` is no number; is a comma missing?; entry [1, 1]: `2 0` is no number; is a comma "
     "missing?"),
    ("[[1, 2", "a bracket is not closed"),
    ("[]", "it has no entries"),
    ("[[1, 2], 3]", "[1] is `3`, where a row is expected"),
    ("[[nan, 1]]", "entry [0, 0]: `nan` has no value"),
    ([[1, True], ["1/2", None]], "entry [0, 1]: `True` is a truth value, not a number; entry [1, 1] is empty"),
    (np.array([[1.0, np.nan], [np.inf, 2.0]]),
     "not every entry is a finite number: [0, 1] is nan, [1, 0] is inf"),
    ([["a"]], "entry [0, 0]: `a` is no number"),
    ([[1 + 2j]], "entry [0, 0]: `(1+2j)` is no number"),
    ([[[[[1]]]]], "more than 4 lists lie in each other"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "fault"), FAULTS, ids=[str(f[0])[:24] for f in FAULTS])
def test_every_fault_has_its_place(answer: Any, fault: str) -> None:
    """What is no matrix is not readable, and every fault is told with its place."""
    found = cell("dL/dW1", answer)
    assert (found.status, found.sentence) == ("unreadable", fault)


def test_rounded_matrices_are_right() -> None:
    """A matrix rounded to decimals throughout is right, its small entries too; all zeros are not."""
    for digits in (3, 2):
        assert cell("dL/dW1", G["W1"].round(digits).tolist()).right
    assert cell("dL/dW1", np.float32(G["W1"])).right
    nothing = cell("dL/dW1", np.zeros((3, 2)).tolist())
    assert not nothing.right
    figures = {"figures": 3}
    good = [[f"{x:#.3g}" for x in row] for row in G["W1"].tolist()]
    assert cell("dL/dW1", good, tolerance=figures).right
    good[1][0] = f"{G['W1'][1, 0]:.2g}"
    found = cell("dL/dW1", good, tolerance=figures)
    assert [entry.at for entry in found.entries] == [(1, 0)]
    assert found.sentence.startswith("The numbers are right, but not their figures, at [1, 0]: ")


def test_a_coarsely_rounded_matrix_is_not_accused() -> None:
    """A right matrix typed to so many decimals throughout is right though some entries have one digit left."""
    true = np.asarray(G["S"]) * 0.1
    d = bt.derive("Z = X - Y; L = sum(Z**2)/2", at={"X": true, "Y": np.zeros((4, 3))})
    found = bt.mark(d, {"dL/dX": [[f"{x:.2f}" for x in row] for row in true]}).cells["dL/dX"]
    assert found.status == "correct (rounded)"
    nothing = bt.mark(d, {"dL/dX": [["0.0"] * 3] * 4}).cells["dL/dX"]
    assert nothing.sentence == (
        "Rounded to 0, nothing of the matrix is left: give a significant figure."
    )


def test_entries_and_shapes() -> None:
    """One entry and a shape are cells of their own, however they are written."""
    right = {"dL/dW1[0,1]": G["W1"][0, 1], "Z[3, 0]": f"{V['Z'][3, 0]:.3g}", "shape(dL/dW1)": "3x2",
             "shape(Z)": "(4, 2)", "shape(dL/db1)": "(2,)", "shape(L)": "()"}  # fmt: skip
    marking = bt.mark(D, right)
    assert {c.status for c in marking.cells.values()} == {"correct"}
    turned = cell("shape(dL/dW1)", "2×3")
    assert turned.slip.name == "transposed"
    assert cell("shape(dL/dW1)", "4×2").sentence == (
        "The shape is not 4×2: a gradient has the shape of its value."
    )
    assert cell("shape(dL/dW1)", "wide").sentence == "`wide` is no shape; write it as 2×3, or (2, 3)"
    assert cell("dL/dW1[0,1]", 99).status == "unexplained"


def test_places_that_there_are_not() -> None:
    """A place outside, an entry of an entry, the shape of an entry: refused, what there is named."""
    with pytest.raises(UnknownNameError) as caught:
        bt.mark(D, {"dL/dW1[3,0]": 1})
    assert str(caught.value) == (
        "`dL/dW1[3,0]`: dL/dW1 is 3×2 and has no such entry; places are counted from 0"
    )
    for name in ("dL/dW1[a]", "dL/dW1[0]", "shape(dL/dW1[0,1])", "dL/dQ", "L[0]"):
        with pytest.raises(UnknownNameError):
            bt.mark(D, {name: 1})


FORMULAS = [
    ("dL/dW2", "Aᵀ(P - Y)/N", "correct"), ("dL/dW2", "A.T @ (P-Y)/4", "correct"),
    ("dL/dW2", r"\frac{1}{N} A^\top (P - Y)", "correct"), ("dL/dW2", "A^T dL/dS", "correct"),
    ("dL/db2", "sum(dL/dS, axis=0)", "correct"), ("dL/dZ", "dL/dA ⊙ σ'(Z)", "correct"),
    ("dL/dZ", "((P-Y)W2ᵀ/N) * A*(1-A)", "correct"), ("Z", "X W1 + b1", "correct"),
    ("dL/dS", "dL/dS = (P - Y)/N", "correct"),
    ("dL/dW2", "Aᵀ(P - Y)", "slip"), ("dL/dS", "(Y - P)/N", "slip"), ("dL/dS", "P/N", "slip"),
    ("dL/dW2", "(P-Y)ᵀA/N", "slip"), ("dL/dW2", "A(P-Y)/N", "unexplained"),
    ("dL/dS", "0.25001*(P-Y)", "unexplained"), ("dL/dS", "0.2500000001*(P-Y)", "could not be judged"),
    ("dL/dS", "ln(P - 2)", "could not be judged"), ("dL/dW2", "dL/dW2", "unreadable"),
    ("dL/dS", "dL/dP - dL/dA", "unreadable"), ("Z", "Z", "unreadable"), ("dL/dS", "(P-Q)/N", "unreadable"),
    ("dL/dS", "P; x=3", "unreadable"), ("dL/dS", "__import__('os')", "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "formula", "status"), FORMULAS, ids=[f[1] for f in FORMULAS])
def test_formulas_in_matrices(quantity: str, formula: str, status: str) -> None:
    """A formula is judged by its shapes and by numbers at random matrices."""
    found = cell(quantity, formula)
    assert found.status == status, found.sentence


def test_shapes_of_formulas_that_do_not_fit() -> None:
    """Factors that do not fit are told with both shapes and what would fit."""
    assert "the inner sizes 2 and 4 of 4×2 @ 4×3 differ" in cell("dL/dW2", "A(P-Y)/N").sentence


def test_what_a_cell_wants() -> None:
    """A formula where numbers are asked for, and numbers where a formula is, are told."""
    assert cell("dL/dS", "(P-Y)/N", want="number").status == "unreadable"
    assert cell("dL/dS", G["S"], want="formula").sentence == (
        "The number is right, but a formula is asked for."
    )


def test_a_matrix_a_cell_an_entry() -> None:
    """A matrix that is asked for may be answered entry by entry; one that is missing is named."""
    marker = Marker(D, asked=["dL/db1"])
    both = {"dL/db1[0]": str(G["b1"][0]), "dL/db1[1]": G["b1"][1]}
    assert marker.mark(both).score == 1
    lone = marker.mark({"dL/db1[0]": G["b1"][0]}).cells["dL/db1"]
    assert lone.sentence == "entry [1] is empty"
    with pytest.raises(OptionError, match="answered whole and by its entries"):
        marker.mark({"dL/db1[0]": 1, "dL/db1": [1, 2]})


def test_what_follows_keeps_its_marks() -> None:
    """The slope left out costs its own cell; what is worked out from it rightly is right."""
    dz = G["A"]
    marking = bt.mark(D, {"dL/dA": G["A"], "dL/dZ": dz, "dL/dW1": np.array(X).T @ dz, "dL/db1": dz.sum(0)})
    assert [c.status for c in marking.cells.values()] == ["correct", "slip", "follows", "follows"]
    assert (marking.root.name, marking.root.where) == ("slope-left-out", "at Z → A")
    assert marking.score == 0.75
    half = bt.mark(D, {"dL/dZ": dz, "dL/db1": dz.sum(0)}, follow_through=0.5)
    assert float(half.points) == 0.5


def test_any_subgradient_is_refused_over_arrays() -> None:
    """Over arrays the slope on a kink is the convention's, and another wish is refused."""
    with pytest.raises(OptionError, match="kinks is convention"):
        bt.mark(D, {"L": 1}, kinks="any")


def test_a_zero_of_rounding_is_a_zero() -> None:
    """Where the true entry is 0 but for the last bits of float64, a typed 0 is right."""
    d = bt.derive("Z = 0.1*X - 0.3*X + 0.2*X; L = sum(Z*X) + sum(X)", at={"X": [[1.0, 3.0]]})
    assert bt.mark(d, {"Z": [[0, 0]]}).cells["Z"].right


def test_typed_digits_are_kept() -> None:
    """How precisely an entry was typed is read from its text, from a list as from a string."""
    text, listed = given_array("[[0.40, 1200], [3, 0.123]]"), given_array([["0.40", "1200"], ["3", "0.123"]])
    assert text.halves is not None
    assert listed.halves is not None
    assert text.halves.tolist() == listed.halves.tolist()
    assert text.entry((0, 0)) == "0.40"
