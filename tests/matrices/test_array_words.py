"""Derivations over arrays in words: text, Markdown, LaTeX, Korean, and the commands."""

from __future__ import annotations

import doctest
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shared import ROOT, here

import backprop_tutor as bt
from backprop_tutor.cli.array_values import shape_typed, typed_array

LAYER = ("Z = X@W + b; L = mean(Z**2)", {"X": [[1, 2], [3, 4]], "W": [[1], [0]], "b": [1]})


@pytest.fixture
def layer() -> Any:
    return bt.derive(*LAYER)


def test_text_whole(layer: Any) -> None:
    """The explanation of one layer, line by line."""
    assert layer.explain(check=False) == """\
The derivation of L
  Z = X @ W + b
  L = mean(Z²)

Shapes
  name  shape        what it is
  ────  ───────────  ──────────
  X     2×2          input
  W     2×1          input
  b     vector of 1  input
  Z     2×1          operation
  L     a number     operation

Forward
1
  v₁ = X @ W = [ 1 ]
               [ 3 ]   (2×1)
2
  v₂ = b repeated to 2×1 = [ 1 ]
                           [ 1 ]   (2×1)
  b is used once for each of the 2 rows
3
  Z = v₁ + v₂ = [ 2 ]
                [ 4 ]   (2×1)
4
  v₃ = Z² = [  4 ]
            [ 16 ]   (2×1)
5
  L = mean(v₃) = 10

Backward
6
  ∂L/∂L = 1
7  through L = mean(v₃); upstream δ = ∂L/∂L, a number
  ∂L/∂v₃ = δ/2 = [ 1/2 ]
                 [ 1/2 ]   (2×1)
    ∂L/∂v₃[i,j] = δ/2
    a mean moves by each entry's equal share: δ over their number, to each
8  through v₃ = Z²; upstream δ = ∂L/∂v₃, 2×1
  ∂L/∂Z = δ ⊙ 2·Z = [ 2 ]
                    [ 4 ]   (2×1)
    ∂L/∂Zᵢⱼ = δᵢⱼ·2·Zᵢⱼ
    bring the exponent down as a factor and lower it by one
9  through Z = v₁ + v₂; upstream δ = ∂L/∂Z, 2×1
  ∂L/∂v₁ = δ = [ 2 ]
               [ 4 ]   (2×1)
    a sum moves exactly as much as either of its terms
  ∂L/∂v₂ = δ = [ 2 ]
               [ 4 ]   (2×1)
    a sum moves exactly as much as either of its terms
10  through v₂ = b repeated to 2×1; upstream δ = ∂L/∂v₂, 2×1
  ∂L/∂b = Σ over the rows of δ = [ 6 ]   (vector of 1)
    ∂L/∂bᵢ = Σₙ δₙᵢ
    what is used several times gets the sum of what its uses hand back
11  through v₁ = X @ W; upstream δ = ∂L/∂v₁, 2×1
  ∂L/∂X = δ·Wᵀ = [ 2  0 ]
                 [ 4  0 ]   (2×2)
    ∂L/∂Xᵢⱼ = Σₖ δᵢₖ·Wⱼₖ
    each entry of the left factor meets a row of the right one, so its gradient collects δ along that row: δ times the right factor turned
    shapes alone do not decide here: W·δᵀ would have the shape of X, 2×2, too
  ∂L/∂W = Xᵀ·δ = [ 14 ]
                 [ 20 ]   (2×1)
    ∂L/∂Wᵢⱼ = Σₙ Xₙᵢ·δₙⱼ
    each entry of the right factor meets a column of the left one, so its gradient collects δ along that column: the left factor turned, times δ
    shapes alone do not decide here: X·δ would have the shape of W, 2×1, too

Gradients
  gradient  shape         norm
  ────────  ───────────  ─────
  ∂L/∂X     2×2          4.472
  ∂L/∂W     2×1          24.41
  ∂L/∂b     vector of 1      6
"""


def test_other_formats(layer: Any) -> None:
    """Markdown and LaTeX have the matrices as matrices; what is no format is refused."""
    assert r"v_{1} = X \, W = \begin{bmatrix} 1 \\ 3 \end{bmatrix}" in layer.explain("markdown")
    latex = layer.explain("latex")
    assert latex.startswith(r"\documentclass")
    assert r"\begin{bmatrix} 14 \\ 20 \end{bmatrix}" in latex
    assert "each entry of the left factor" not in layer.explain(detail="brief")
    with pytest.raises(bt.OptionError, match="is not written as `json`; the formats: text, markdown, latex"):
        layer.explain("json")


def test_large_matrices_are_summed_up() -> None:
    """Of more than six rows or columns a corner stands, with the extremes and the norm."""
    d = bt.derive("L = sum(X*X)", at={"X": np.arange(70.0).reshape(10, 7)})
    text = d.explain(check=False)
    assert "∂L/∂X = [  0   2   4 ]" in text.replace("part of ∂L/∂X through v₁, ", "") or "10×7; its corner" in text
    assert "10×7; its corner; smallest 0, largest 138" in text or "largest 69" in text


def test_the_check_is_appended(layer: Any) -> None:
    """The explanation ends with how far the pass is from differences and from SymPy."""
    text = layer.explain()
    assert "Check\n" in text
    assert text.rstrip().endswith("Relative distances; every entry agrees.")


def test_in_korean(layer: Any) -> None:
    """Headings and reasons follow the language."""
    text = layer.explain(lang="ko", check=False)
    for english in ("Shapes", "Forward", "through", "upstream", "a mean moves", "vector of", "repeated"):
        assert english not in text


def test_one_entry_in_words(layer: Any) -> None:
    """An entry is a table of products and their sum."""
    assert layer.explain_entry("W", (1, 0)) == """\
∂L/∂W[1, 0]
  upstream         local                  product
  ────────────  ─  ──────────────────  ─  ───────
  ∂L/∂v₁[0, 0]  2  ∂v₁[0, 0]/∂W[1, 0]  2        4
  ∂L/∂v₁[1, 0]  4  ∂v₁[1, 0]/∂W[1, 0]  4       16
  ∂L/∂W[1, 0] = 20   (the sum of the products)
"""


PROGRAM = "Z = X@W + b; L = mean(Z**2)"
POINT = ("X=1 2; 3 4", "W=[[1], [0]]", "b=[1]")


def test_commands(tmp_path: Path) -> None:
    """`explain` and `shapes` take matrices, typed or as files; other commands say that they do not."""
    told = here("explain", PROGRAM, *POINT, "--no-check", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (0, bt.derive(*LAYER).explain(check=False))
    (tmp_path / "x.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    np.save(tmp_path / "w.npy", np.array([[1], [0]]))
    same = here("explain", PROGRAM, "X=@x.csv", "W=@w.npy", "b=[1]", "--no-check", cwd=tmp_path)
    assert same.stdout == told.stdout
    entry = here("explain", PROGRAM, *POINT, "--entry", "W[1,0]", cwd=tmp_path)
    assert entry.stdout.startswith("∂L/∂W[1, 0]\n")
    sizes = here("shapes", "Z = X@W + b", "X=N,3", "W=3x4", "b=4", cwd=tmp_path)
    assert (sizes.returncode, sizes.stdout.splitlines()[-1]) == (0, "  Z     N×4    ∂/∂Z      N×4")


REFUSED = [
    (("paths", PROGRAM, *POINT), "this command takes programs of single numbers; those over vectors and matrices are for explain, draw, shapes"),
    (("explain", PROGRAM, *POINT, "--update", "lr=1"), "--update is not for a program over arrays"),
    (("explain", "f = wx", "w=1", "x=2", "--entry", "w"), "--entry is not for a program of single numbers"),
    (("explain", PROGRAM, *POINT, "--entry", "W[9,9]"), "`W` is 2×1 and has no entry [9, 9]"),
    (("explain", PROGRAM, *POINT, "--entry", "W(1)"), "--entry takes a name and a place, such as W1[0,2], not `W(1)`"),
    (("explain", "L = sum(X)", "X=@nothing.csv"), "there is no file `nothing.csv`"),
    (("explain", "L = sum(X)", "X=@x.xlsx"), "an array is read from .csv, .tsv, .txt, .npy, not `x.xlsx`"),
    (("explain", "L = sum(X)", "X=@bad.csv"), "`bad.csv`, line 2: line 1, column 1: the name `u` is not known"),
    (("explain", "L = sum(X)", "X=@bad.npy"), "`bad.npy` is no array saved by NumPy"),
    (("shapes", "Z = X@W", "X=N,3"), "no value and no shape for W"),
    (("shapes", "Z = X@W", "X"), "`X` gives no shape; expected name=sizes, such as X=N,3"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_mistakes(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """Every mistake is one message and 2."""
    (tmp_path / "bad.csv").write_text("1,2\nu,4\n", encoding="utf-8")
    (tmp_path / "bad.npy").write_bytes(b"nothing")
    done = here(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {message}\n")


def test_the_examples_of_the_documentation() -> None:
    """The examples of docs/matrices.md run and print what they show."""
    found = doctest.testfile(str(ROOT / "docs" / "matrices.md"), module_relative=False, encoding="utf-8")
    assert (found.attempted >= 6, found.failed) == (True, 0)


@pytest.mark.parametrize(
    ("text", "shape"),
    [("N,3", ("N", 3)), ("4x3", (4, 3)), ("4×3", (4, 3)), ("(4, 3)", (4, 3)), ("5", (5,)), ("()", ()), ("", ())],
)  # fmt: skip
def test_typed_shapes(text: str, shape: tuple[int | str, ...]) -> None:
    """Sizes are parted by commas or, between numbers, by x."""
    assert shape_typed("X", text) == shape


def test_single_numbers_among_arrays() -> None:
    """Where no input that is used is an array, an explanation without the check is told too."""
    d = bt.derive("f = -|3|; g = 2*s + f", {"b": [1, 0], "s": 2.5})
    for check in (None, False, True):
        assert d.explain(check=check).startswith("The derivation of g")


@pytest.mark.parametrize(("typed", "one", "several"), [
    ("1 000", "1000", "1, 0"), ("12 050", "12050", "12, 50"), ("-1 000 200", "-1000200", "-1, 0, 200"),
])  # fmt: skip
def test_thousands_set_apart(typed: str, one: str, several: str) -> None:
    """What may be one number or a vector is asked about; 10 200 and 0 5 are vectors."""
    with pytest.raises(bt.TutorError) as caught:
        bt.derive("f = sum(b)", {"b": typed})
    expected = f"`{typed}` may be one number or several: write {one}, or [{several}]"
    assert expected in str(caught.value)
    assert bt.derive("f = sum(b)", {"b": "10 200"}).values["f"] == 210
    assert bt.derive("f = sum(b)", {"b": "0 5"}).values["f"] == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize("name", ["x.npy", "x.csv"])
def test_an_array_from_a_pipe(tmp_path: Path, name: str) -> None:
    """A pipe in an array file's place is refused at once."""
    path = tmp_path / name
    os.mkfifo(path)
    with pytest.raises(bt.FileError) as caught:
        typed_array("X", f"@{path}")
    assert str(caught.value) == f"`{path}` is a pipe, not a file"


def test_a_transposed_vector_is_named() -> None:
    """A vector turned before a product with another is told by its own name."""
    d = bt.derive("L = v.T@w", {"v": [1, 2], "w": [3, 4]})
    assert d.notes == ("v is a vector: its transpose times a vector is their scalar product",)
