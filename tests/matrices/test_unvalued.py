"""Derivations over arrays without numbers: rules, chains filled in, what is refused, what is not claimed."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main
from backprop_tutor.ops.named_sizes import NamedSize

LAYER = "Z = X@W + b; A = sigmoid(Z); L = sum(A)"
SIZES: dict[str, Any] = {"X": ("N", 3), "W": (3, 4), "b": (4,)}

CHAINS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    (LAYER, SIZES, {
        "W": "Xᵀ·(A ⊙ (1 − A))", "X": "(A ⊙ (1 − A))·Wᵀ", "A": "ones(N×4)", "L": "1",
        "b": "Σ over the rows of A ⊙ (1 − A)"}),
    ("Z = X@W; L = mean(Z^2)", {"X": ("N", "D"), "W": ("D", "K")}, {
        "W": "2/(N·K)·Xᵀ·Z", "X": "2/(N·K)·Z·Wᵀ", "Z": "2/(N·K)·Z"}),
    ("L = mse(X@w, y)", {"X": ("n", "d"), "w": ("d",), "y": ("n",)}, {
        "w": "2/n·Xᵀ·(v₁ − y)", "X": "2/n·(v₁ − y)·wᵀ", "y": "2/n·(y − v₁)"}),
    ("L = sum((X@w - y)^2)/2 + s*sum(w^2)", {"X": ("N", 2), "w": (2,), "y": ("N",), "s": ()}, {
        "w": "2·s·w + Xᵀ·v₂", "s": "v₇", "y": "−v₂"}),
    ("z = W@x + b; h = relu(z); y = v@h; L = (y - t)^2",
     {"W": ("h", "d"), "x": ("d",), "b": ("h",), "v": ("h",), "t": ()}, {
        "W": "2·v₂·(v ⊙ [z > 0])·xᵀ", "x": "2·v₂·Wᵀ·(v ⊙ [z > 0])", "t": "−2·v₂"}),
    ("Y = X*X; L = sum(Y*Y)", {"X": ("N", "M")}, {"Y": "2·Y", "X": "4·Y ⊙ X"}),
    ("L = sum(exp(X.T @ X))", {"X": ("N", "D")}, {"X": "v₁ᵀ·v₃ + (v₃·Xᵀ)ᵀ"}),
    ("L = mean(X - Y)", {"X": (784, "N"), "Y": (784, "N")}, {
        "X": "1/(784·N)·ones(784×N)", "Y": "−1/(784·N)·ones(784×N)"}),
    ("L = sum(concatenate(A, B)^2)", {"A": ("N", 3), "B": ("M", 3)}, {"B": "2·v₁[N:N+M]"}),
    ("L = max(sum(X@W, axis=1))", {"X": ("N", 3), "W": (3, 4)}, {
        "W": "Xᵀ·∂L/∂v₁",
        "v1": "[v₂ = L] ⊙ 1/(Σ over all entries of [v₂ = L]) repeated to N×4",
        "v2": "[v₂ = L] ⊙ 1/(Σ over all entries of [v₂ = L])"}),
    ("L = sum(X) + 0*sum(U)", {"X": ("N",), "U": (2,)}, {"U": "0·ones(2)"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sizes", "wanted"), CHAINS, ids=[each[0] for each in CHAINS])
def test_gradients_are_filled_in(text: str, sizes: Any, wanted: dict[str, str]) -> None:
    """Each gradient is a formula in matrices, numbers and sizes in front, true at every size."""
    found = bt.derive(text, shapes=sizes).gradients
    assert {name: found[name].text for name in wanted} == wanted


class Held:
    """An array whose products are those of the formulas: · of matrices or with a number, ⊙ entry by entry."""

    def __init__(self, value: Any, turned: bool = False) -> None:
        self.value = np.asarray(value, np.float64)
        self.turned = turned and self.value.ndim == 1

    def __matmul__(self, other: Held) -> Held:
        if not self.value.ndim or not other.value.ndim:
            return Held(self.value * other.value)
        if other.turned:
            return Held(np.outer(self.value, other.value))
        return Held(self.value @ other.value)

    def __mul__(self, other: Held) -> Held:
        return Held(self.value * other.value)

    def __truediv__(self, other: Held) -> Held:
        return Held(self.value / other.value)

    def __add__(self, other: Held) -> Held:
        return Held(self.value + other.value)

    def __sub__(self, other: Held) -> Held:
        return Held(self.value - other.value)

    def __neg__(self) -> Held:
        return Held(-self.value)

    def __gt__(self, other: Held) -> Held:
        return Held(self.value > other.value)

    @property
    def T(self) -> Held:  # as NumPy calls it
        return Held(self.value.T, True)


def worked_out(formula: str, names: dict[str, Held]) -> Any:
    """Return what a formula of ours is at arrays; the tests' own reading, apart from the writer."""
    text = re.sub(r"ones\(([^()]*)\)", lambda m: f"ones({m[1].replace('×', ',')})", formula)
    text = text.replace("ᵀ", ".T").replace("−", "-").replace("·", "@").replace("⊙", "*")
    text = re.sub(r"\[([^\]>]* > [^\]]*)\]", r"(\1)", text)
    text = re.sub(r"Σ over the rows of (.*)", r"rows(\1)", text)
    text = re.sub(r"(?<![\w₀-₉])(\d+)", r"Held(\1)", text)
    sub = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    ones = {"ones": lambda *n: Held(np.ones([int(each.value) for each in n])),
            "rows": lambda a: Held(a.value.sum(0)), "Held": Held}  # fmt: skip
    return eval(text.translate(sub), {**ones, **names}).value  # noqa: S307  # a formula of this file


@pytest.mark.parametrize(("text", "sizes", "wanted"), CHAINS[:6] + CHAINS[7:8], ids=lambda each: str(each)[:30])
def test_filled_in_formulas_are_the_gradients(text: str, sizes: Any, wanted: dict[str, str]) -> None:
    """At arrays each formula gives the pass' gradient, whatever the sizes that its symbols take."""
    draw = np.random.default_rng(3)
    symbols = {"N": 5, "D": 2, "K": 3, "n": 4, "d": 3, "h": 3, "M": 2}
    at = {
        name: draw.normal(size=[symbols.get(n, n) for n in shape]) if shape else float(draw.normal())
        for name, shape in sizes.items()
    }
    found = bt.derive(text, shapes=sizes)
    d = found.at(at)
    names = {name: Held(d.values[name]) for name in d.values} | {n: Held(v) for n, v in symbols.items()
                                                                 if n not in d.values}  # fmt: skip
    for name in wanted:
        assert np.allclose(worked_out(wanted[name], names), d.gradients[name]), name


def test_a_rule_is_told_in_matrices_in_indices_and_why() -> None:
    """An edge has its rule, one entry of it, the reason and the shape; labels have none."""
    s = bt.derive("S = X@W; L = cross_entropy(S, y)", shapes={"X": ("N", 3), "W": (3, 4), "y": ("N",)})
    edge = s.local("S", "W")
    assert (edge.rule, edge.entry, edge.by_entries, edge.shape) == ("Xᵀ·δ", "Wᵢⱼ", "Σₙ Xₙᵢ·δₙⱼ", (3, 4))
    assert edge.reason.startswith("each entry of the right factor meets a column of the left one")
    assert s.local("L", "S").by_entries == "δ·(exp(Sᵢⱼ)/(Σₖ exp(Sᵢₖ)) − [j = yᵢ])/N"
    assert (s.gradients["W"].rule, s.gradients["W"].text) == ("Xᵀ·∂L/∂S", "Xᵀ·∂L/∂S")
    assert list(s.gradients) == ["X", "W", "S", "L"]
    with pytest.raises(bt.UnknownNameError, match="`y` takes no gradient: it holds labels"):
        s.gradients["y"]
    with pytest.raises(bt.UnknownNameError, match="no gradient passes from `L` to `y`"):
        s.local("L", "y")


def test_the_running_index_is_no_size() -> None:
    """Where a size is called k, a sum beside it runs over another letter."""
    s = bt.derive("L = cross_entropy(S, y)", shapes={"S": ("k", 3), "y": ("k",)})
    assert s.local("L", "S").by_entries == "δ·(exp(Sᵢⱼ)/(Σₗ exp(Sᵢₗ)) − [j = yᵢ])/k"


def test_what_depends_on_a_size_as_no_formula_says_is_left_out() -> None:
    """2/(N − 1) is worked out by the variance's rule: no number that is true of one size alone is shown."""
    s = bt.derive("L = var(x)", shapes={"x": ("N",)})
    assert (s.local("L", "x").rule, s.gradients["x"].text) == ("", "")
    assert str(s.gradients["x"]) == "∂L/∂x has no short formula in matrices; explain tells its rule"
    with_numbers = bt.derive("L = sum(X[200])", shapes={"X": ("N", "D")})
    assert with_numbers.gradients["X"].text == ""


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bt.derive("Z = X@W", shapes=SIZES),
         'the output Z is N×4, and gradients are those of a single number; add a last line such as L = sum(Z)'),
        (lambda: bt.derive("L = sum(X@W)", shapes={"X": ("N", 3), "W": (4, 3)}),
         "line 1, column 9: the inner sizes 3 and 4 of N×3 @ 4×3 differ; `X @ W.T` would be N×4\n  L = sum(X@W)\n          ^^^"),
        (lambda: bt.derive("L = sum(X@W)", shapes={"X": ("N", 3)}), "no value and no shape for W"),
        (lambda: bt.derive("L = sum(X)", {"X": [1]}, shapes={"X": (1,)}),
         "shapes are for a derivation without values; leave out the values, or the shapes"),
        (lambda: bt.derive("L = sum(X)", shapes={"X": "N"}),
         '`shapes` maps names to sizes, such as {"X": ("N", 3), "b": (4,)}'),
        (lambda: bt.derive("L = sum(X)", shapes={"X": (0,)}),
         "a size of `X` is a whole number or a symbol, not `0`"),
        (lambda: bt.derive("L = sum(X)", shapes={"X": (2,)}, merge=True),
         "merge is for programs of single numbers, and arrays are given"),
        (lambda: bt.derive("L = cross_entropy(X, y, X[0])", shapes={"X": ("N", 3), "y": ("N",)}), None),
        (lambda: bt.derive(LAYER, shapes=SIZES).explain("json"),
         "the format json needs numbers, and only shapes are given"),
        (lambda: bt.derive(LAYER, shapes=SIZES).values, "`values` needs numbers, and only shapes are given"),
        (lambda: bt.derive(LAYER, shapes=SIZES).at(X=[[1, 2]], W=[[1], [1]], b=[0]),
         "`X` was said to be N×3, and the value given is 1×2"),
        (lambda: bt.derive("L = sum(X) + sum(y)", shapes={"X": ("N",), "y": ("N",)}).at(X=[1, 2], y=[1]),
         "`y` was said to be (N,), and the value given is (1,)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call: Any, message: str | None) -> None:
    """Shapes that do not fit, an output with rows, values beside shapes: each is told with what would do."""
    with pytest.raises(bt.TutorError) as told:
        call()
    assert message is None or str(told.value) == message


def test_values_come_later() -> None:
    """`at` is the derivation over arrays, of the same program and output."""
    s = bt.derive(LAYER, shapes=SIZES)
    d = s.at({"X": np.ones((2, 3)), "W": np.zeros((3, 4)), "b": np.zeros(4)})
    assert d.shapes["Z"] == (2, 4)
    assert d.values["L"] == 4.0
    assert s.shapes["dL/dW"] == (3, 4)
    assert s.inputs == ("X", "W", "b")
    assert s.output == "L"
    assert repr(s) == "<SymbolicArrayDerivation of L along X N×3, W 3×4, b (4,)>"
    assert s == bt.derive(LAYER, shapes=SIZES)


def exit_of(command: list[str]) -> Any:
    with pytest.raises(SystemExit) as end:
        main(command)
    return end.value.code


def test_the_command_takes_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain --shape` tells shapes, steps, rules, the chain and the gradients, without a number."""
    command = ["explain", "Z = X@W; L = mean(Z^2)", "--shape", "X=N,3", "--shape", "W=3,4", "--detail", "brief"]
    assert exit_of(command) == 0
    assert capsys.readouterr().out == """\
The derivation of L in symbols
  Z = X @ W
  L = mean(Z²)

Shapes
  name  shape     what it is
  ────  ────────  ──────────
  X     N×3       input
  W     3×4       input
  Z     N×4       operation
  L     a number  operation

Forward
1  Z = X @ W   (N×4)
2  v₁ = Z²   (N×4)
3  L = mean(v₁)   (a number)

Backward
4  ∂L/∂L = 1
5  through L = mean(v₁); upstream δ = ∂L/∂L, a number
  ∂L/∂v₁ = δ/(4·N)   (N×4)
    ∂L/∂v₁[i,j] = δ/(4·N)
6  through v₁ = Z²; upstream δ = ∂L/∂v₁, N×4
  ∂L/∂Z = δ ⊙ 2·Z   (N×4)
    ∂L/∂Zᵢⱼ = δᵢⱼ·2·Zᵢⱼ
7  through Z = X @ W; upstream δ = ∂L/∂Z, N×4
  ∂L/∂X = δ·Wᵀ   (N×3)
    ∂L/∂Xᵢⱼ = Σₖ δᵢₖ·Wⱼₖ
  ∂L/∂W = Xᵀ·δ   (3×4)
    ∂L/∂Wᵢⱼ = Σₙ Xₙᵢ·δₙⱼ

The chain: each gradient by the one before it, then filled in
  ∂L/∂v₁ = 1/(4·N)·ones(N×4)   (N×4)
  ∂L/∂Z = ∂L/∂v₁ ⊙ 2·Z = 1/(2·N)·Z   (N×4)
  ∂L/∂W = Xᵀ·∂L/∂Z = 1/(2·N)·Xᵀ·Z   (3×4)
  ∂L/∂X = ∂L/∂Z·Wᵀ = 1/(2·N)·Z·Wᵀ   (N×3)

Gradients
  gradient  in matrices   shape
  ────────  ────────────  ─────
  ∂L/∂X     1/(2·N)·Z·Wᵀ  N×3
  ∂L/∂W     1/(2·N)·Xᵀ·Z  3×4
"""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["X=1"], "Error: --shape is for a derivation without values; leave out `X=1`, or --shape\n"),
        (["--random", "3"], "Error: --random draws single numbers, and shapes are given\n"),
        (["--network", "2,1"], "Error: --shape is not for --network\n"),
        (["--check"], "Error: --check is not for a program of which shapes alone are given\n"),
        (["--shape", "X=4"], "Error: `X` is given twice on the command line\n"),
        (["--shape", "W"], "Error: `W` gives no shape; expected name=sizes, such as X=N,3\n"),
    ],
)
def test_the_command_refuses_what_does_not_go_with_shapes(
    more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Values, drawn values, networks and what needs numbers are refused beside --shape."""
    assert exit_of(["explain", "L = sum(X)", "--shape", "X=N", *more]) == 2
    assert capsys.readouterr().err == message


def test_sizes_keep_their_names() -> None:
    """A size is a whole number that says what it is called; a formula over indices marks it."""
    n = NamedSize(5, "N")
    assert [str(each) for each in (n, n * 4, n + 1, 4 * NamedSize(7, 784))] == [
        "size_N", "(4·size_N)", "(size_N+1)", "3136",
    ]  # fmt: skip
    assert json.dumps([n * 2])
    assert n * 2 == 10


SHAPED = {"X": ("N", 3), "W": (3, 4), "b": (4,)}


def _texts(svg: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg)]


def test_the_picture_has_shapes_and_rules() -> None:
    """Shapes stand above the wires, gradients in the names of those before them below, rules on the arrows."""
    s = bt.derive("Z = X@W + b; L = mean(Z^2)", shapes=SHAPED)
    texts = _texts(s.diagram().svg)
    for text in ("N×3", "3×4", "(4,)", "N×4", "a number", "Xᵀ·δ", "δ·Wᵀ", "Xᵀ·∂L/∂v₁", "∂L/∂v₃ ⊙ 2·Z",
                 "Σ over the rows of ∂L/∂v₂", "δ/(4·N)", "∂L/∂W = 1/(2·N)·Xᵀ·Z", "@", "copy"):  # fmt: skip
        assert text in texts, text
    frames = s.frames()
    assert len(frames) == 11
    before = _texts(s.diagram(0).svg)
    assert "N×3" in before
    assert not {"N×4", "Xᵀ·δ", "1"} & set(before)
    with pytest.raises(bt.OptionError, match="11"):
        s.diagram(12)


def test_a_use_in_two_places_is_summed_in_the_picture() -> None:
    """Each contribution stands under its arrow, the sum below the wire; labels and constants take no gradient."""
    s = bt.derive("Z = A@W + A@W; L = cross_entropy(Z, y)", shapes={"A": ("N", 2), "W": (2, 2), "y": ("N",)})
    phases = [(record.phase, record.quantity) for record in s.frames().plate.records]
    assert [phase for phase, _ in phases].count("accumulate") == 2
    assert "Aᵀ·∂L/∂v₁" in _texts(s.diagram().svg)
    arrows = s.frames().plate.circuit.arrows
    label = next(a for a in arrows if s.graph_table.nodes[a.source].name == "y")
    assert label.local is label.downstream is None


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--scale", "layers"], "--scale"), (["--blank", "values"], "--blank"), (["--precision", "3"], "--precision"),
    ],
)  # fmt: skip
def test_a_picture_of_shapes_has_no_options_of_numbers(
    more: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is about numbers is refused; without it the picture is written."""
    command = ["draw", "L = sum(X@W)", "--shape", "X=N,2", "--shape", "W=2,3", "-o", str(tmp_path / "f.svg")]
    assert exit_of([*command, *more]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "f.svg").exists()
    assert exit_of(command) == 0
    assert "Xᵀ·δ" in (tmp_path / "f.svg").read_text(encoding="utf-8")
