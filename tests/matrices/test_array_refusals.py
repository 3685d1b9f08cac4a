"""What programs over arrays refuse, message by message, and the ways to give a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt

X = np.arange(1.0, 13.0).reshape(4, 3)
W = np.arange(1.0, 7.0).reshape(3, 2)
B = np.array([1.0, 2.0])


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "inner sizes": (lambda: bt.derive("Z = X@W; L = sum(Z)", at={"X": X, "W": W.T}), "line 1, column 5: the inner sizes 3 and 2 of 4×3 @ 2×3 differ; `X @ W.T` would be 4×2\n  Z = X@W; L = sum(Z)\n      ^^^"),
    "all at once": (lambda: bt.derive("Z = X + b; Q = X@b; L = sum(Z) + sum(Q)", at={"X": X, "b": B}), "line 1, column 9: 4×3 and (2,) do not broadcast: the sizes 3 and 2 differ, and neither is 1; `b` would need 3 entries\n  Z = X + b; Q = X@b; L = sum(Z) + sum(Q)\n          ^\nline 1, column 16: the inner sizes 3 and 2 of 4×3 @ (2,) differ; `b` would need 3 entries\n  Z = X + b; Q = X@b; L = sum(Z) + sum(Q)\n                 ^^^"),
    "an axis": (lambda: bt.derive("L = sum(X, axis=3)", at={"X": X}), "line 1, column 12: there is no axis 3 in X, 4×3: its axes count from 0 to 1\n  L = sum(X, axis=3)\n             ^^^^^^"),
    "no single number": (lambda: bt.derive("Z = X@W", at={"X": X, "W": W}), "the output Z is 4×2, and gradients are those of a single number; add a last line such as L = sum(Z)"),
    "a number for a matrix": (lambda: bt.derive("L = sum(X@W)", at={"X": X, "W": 2}), "line 1, column 11: a matrix product needs vectors or matrices, and one of the two is a number; `X * W` would be 4×3\n  L = sum(X@W)\n            ^"),
    "missing": (lambda: bt.derive("L = sum(X@W)", at={"X": X}), "no value and no shape for W"),
    "ragged": (lambda: bt.derive("L = sum(X)", at={"X": [[1, 2], [3]]}), "the rows of `X` have different lengths"),
    "words": (lambda: bt.derive("L = sum(X)", at={"X": [["a"]]}), "the values of `X` are no array of real numbers"),
    "nan": (lambda: bt.derive("L = sum(X)", at={"X": [1, np.nan]}), "the value of `X[1]` is nan; expected a finite number"),
    "a logarithm": (lambda: bt.derive("L = sum(ln(X))", at={"X": [[1.0, -1.0]]}), "the value of v₁ is nan at entry [0, 1], in v₁ = ln(X)"),
    "a label": (lambda: bt.derive("L = cross_entropy(S, y)", at={"S": X, "y": [0, 1, 2, 3]}), "`y[3]` is 3; S has 3 classes, so labels are 0 to 2"),
    "half a label": (lambda: bt.derive("L = cross_entropy(S, y)", at={"S": X, "y": [0, 0.5, 1, 2]}), "`y[1]` is 0.5; labels are whole numbers, from 0 on"),
    "a row that is not there": (lambda: bt.derive("L = sum(embedding(I, E))", at={"I": [0, 9], "E": W}), "`I[1]` is 9; the rows of E are 0 to 2"),
    "half a row": (lambda: bt.derive("L = sum(embedding(I, E))", at={"I": [0.5], "E": W}), "`I[0]` is 0.5; labels are whole numbers, from 0 on"),
    "beyond float64": (lambda: bt.derive("L = sum(X)", at={"X": [[10**400, 1]]}), "`X` has a number that is beyond float64"),
    "several outputs": (lambda: bt.derive("p, q = softmax(X, X); L = sum(p)", at={"X": X}), "p, q are several numbers; among arrays one name holds them all"),
    "numbers alone": (lambda: bt.derive("L = X@W", at={"X": 1, "W": 2}), "`X @ W` is an operation on vectors and matrices, and here each name is a single number; matrices are given as values, [[1, 2], [3, 4]], or without numbers by their shapes, N,3"),
    "a fixed operand used elsewhere": (lambda: bt.derive("L = sum(dropout(X, M)) + sum(M)", at={"X": X, "M": X > 0}), "`M` is the mask of dropout, which takes it as fixed: it is an input of its own, used for nothing else"),
    "a fixed operand worked out": (lambda: bt.derive("M = 2*K; L = sum(dropout(X, M))", at={"X": X, "K": X}), "`M` is the mask of dropout, which takes it as fixed: it is an input of its own, used for nothing else"),
    "the gradient of a mask": (lambda: bt.derive("L = sum(dropout(X, M))", at={"X": X, "M": X}).gradients["M"], "`M` takes no gradient: it holds labels, a mask or class weights, or is made of constants"),
    "half an axis": (lambda: bt.derive("L = sum(sum(X, axis=0.5))", at={"X": X}), "line 1, column 16: the option `axis` is a whole number, not 0.5\n  L = sum(sum(X, axis=0.5))\n                 ^^^^^^^^"),
    "a truth of 2": (lambda: bt.derive("L = sum(X, keepdims=2)", at={"X": X}), "line 1, column 12: the option `keepdims` is True or False, not 2\n  L = sum(X, keepdims=2)\n             ^^^^^^^^^^"),
    "too much smoothing": (lambda: bt.derive("L = cross_entropy(X, y, label_smoothing=5)", at={"X": X, "y": [0] * 4}), "line 1, column 25: the option `label_smoothing` is a number from 0 to 1, not 5\n  L = cross_entropy(X, y, label_smoothing=5)\n                          ^^^^^^^^^^^^^^^^^"),
    "an option twice": (lambda: bt.derive("L = sum(X, axis=0, axis=1)", at={"X": X}), "line 1, column 5: an option is given twice\n  L = sum(X, axis=0, axis=1)\n      ^^^^^^^^^^^^^^^^^^^^^^"),
    "merge": (lambda: bt.derive("L = sum(X)", at={"X": X}, merge=True), "merge is for programs of single numbers, and arrays are given"),
    "paths": (lambda: bt.derive("L = sum(X)", at={"X": X}).paths("X"), "`paths` is for programs of single numbers; over arrays there are at_scale, check, diagram, edges, entry, explain, explain_entry, frames, gates, graph, layers, lesson, local, moved, neurons, shapes, update"),
    "a sweep": (lambda: bt.sweep("L = X@X", {"X": X}), "`X @ X` is an operation on vectors and matrices, and here each name is a single number; matrices are given as values, [[1, 2], [3, 4]], or without numbers by their shapes, N,3"),
    "an entry": (lambda: bt.derive("L = sum(X)", at={"X": X}).entry("X", (9, 0)), "`X` is 4×3 and has no entry [9, 0]"),
    "a moved name": (lambda: bt.derive("L = sum(X)", at={"X": X}).moved(Y=1), "no input is called `Y`; its inputs: X"),
    "a formula of numbers": (lambda: bt.equivalent("A@B", "B@A"), "`A @ B` is an operation on vectors and matrices, and a formula is of single numbers"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_what_does_not_fit_is_told_in_words(case: tuple[Callable[[], object], str]) -> None:
    """Every misfit has its place, both shapes and what would fit; all of them at once."""
    call, message = case
    with pytest.raises(bt.TutorError) as caught:
        call()
    assert str(caught.value) == message


def test_what_numbers_alone_have_is_told() -> None:
    """Every public attribute of a derivation of numbers is there over arrays, or says that it is not."""
    d = bt.derive("L = sum(X)", at={"X": X})
    from backprop_tutor.objects.arrays import _OF_NUMBERS

    public = {name for name in dir(bt.Derivation) if not name.startswith("_")}
    assert public - set(dir(type(d))) == set(_OF_NUMBERS)
    for name in _OF_NUMBERS:
        with pytest.raises(bt.OptionError, match=f"`{name}` is for programs of single numbers; over arrays"):
            getattr(d, name)
    with pytest.raises(AttributeError, match="has no attribute 'weights'"):
        d.weights  # type: ignore[attr-defined]  # noqa: B018


MATRIX = [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "given",
    ["[[1, 2], [3, 4]]", "1 2; 3 4", "[1 2; 3 4]", "1, 2; 3, 4", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
     "[[1,2],\n [3,8/2]]", ((1, 2), (3, 4)), np.array(MATRIX), np.array(MATRIX, np.float32)],
    ids=repr,
)  # fmt: skip
def test_ways_to_give_a_matrix(given: Any) -> None:
    """Lists, arrays, and text in three notations are the same matrix."""
    assert bt.derive("L = sum(X)", at={"X": given}).at["X"].tolist() == MATRIX


@pytest.mark.parametrize(
    "given", ["[[1, 2], [3, 4]", "[1, 2]]", "[[1, 2] [3, 4]]", "[1,, 2]", "[[1, 2],]", "[]"]
)
def test_brackets_that_do_not_close(given: str) -> None:
    """Text that is no list of rows is refused as such."""
    with pytest.raises(bt.TutorError):
        bt.derive("L = sum(X)", at={"X": given})
