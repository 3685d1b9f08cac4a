"""Derivations as programs in NumPy: they run alone and give the derivation's numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from searches.check_programs import program

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.cli import main
from backprop_tutor.source.numpy_program import NumpyProgram
from backprop_tutor.testing import check_function

RNG = np.random.default_rng(26)


def drawn(*shape: int) -> Any:
    return RNG.normal(size=shape).round(2)


MLP: dict[str, Any] = {
    "X": drawn(4, 3), "W1": drawn(3, 5), "b1": drawn(5), "W2": drawn(5, 2), "b2": drawn(2),
}  # fmt: skip
Y = np.array([0, 1, 1, 0])

PROGRAMS: dict[str, tuple[str, dict[str, Any]]] = {
    "formula": ("f = wx + b", {"w": -2, "x": 5, "b": 3}),
    "fan-out": ("s = x^2; f = s*x + sin(s) - s/x", {"x": 1.5}),
    "neuron": ("z = w*x + b; a = σ(z); L = (a - t)^2/2", {"w": 1, "x": 2, "b": -1, "t": 0}),
    "shares": (
        "p1, p2, p3 = softmax(x, y, 2); L = -ln(p2) + max(x, y)*relu(-x)", {"x": 0.5, "y": -1},
    ),
    "2-2-2": (
        "h1 = σ(a*i + b*j + c); h2 = σ(d*i + e*j + c); o1 = σ(u*h1 + v*h2 + k); o2 = σ(p*h1 + q*h2 + k); "
        "E = (o1 - .01)^2/2 + (o2 - .99)^2/2",
        {"i": .05, "j": .1, "a": .15, "b": .2, "c": .35, "d": .25, "e": .3, "u": .4, "v": .45, "k": .6,
         "p": .5, "q": .55},
    ),
    "batch": ("Z1 = X@W1 + b1; A1 = tanh(Z1); S = A1@W2 + b2; L = mean((S - T)**2)", {**MLP, "T": drawn(4, 2)}),
    "columns": ("z = Wx + b; L = sum(relu(z))", {"W": drawn(2, 3), "x": drawn(3), "b": drawn(2)}),
    "softmax regression": ("S = X@W + b; L = cross_entropy(S, y)",
                           {"X": drawn(4, 3), "W": drawn(3, 2), "b": drawn(2), "y": Y}),
    "two layers": ("Z1 = X@W1 + b1; A1 = relu(Z1); S = A1@W2 + b2; L = cross_entropy(S, y)", {**MLP, "y": Y}),
    "batch norm": ("Z = X@W; A = batchnorm(Z, gamma, beta); L = mean(A*A*X)",
                   {"X": drawn(4, 3), "W": drawn(3, 3), "gamma": drawn(3), "beta": drawn(3)}),
    "shared": ("H = tanh(X@W); G = tanh(H@W); L = sum(G*H) + sum(W**2)/2", {"X": drawn(2, 3), "W": drawn(3, 3)}),
    "passed on and used again": ("Q = X*X; S = X + Y; L = sum(S*S) + sum(Q)", {"X": drawn(2, 2), "Y": drawn(2, 2)}),
    "axes": ("P = softmax(X); m = max(X, axis=1); L = sum(P[:, 0]*m) + norm(X)", {"X": drawn(3, 4)}),
}  # fmt: skip


def run(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "listing"}
    exec(text, space)  # noqa: S102  (a program of ours, which is what is tested)
    return space


def inputs_of(d: Any) -> dict[str, Any]:
    lines = NumpyProgram(d).lines
    return {lines.names.of[name]: lines.codes[d.graph_table.index[name]].value for name in d.graph_table.inputs}


def assert_same_numbers(d: Any, share: float = 1e-9) -> None:
    """Values and gradients of the program are the derivation's; to the last bit where it says so."""
    made = NumpyProgram(d)
    space, given, called = run(made.text()), inputs_of(d), made.lines.names.of
    gradients, values = space["backward"](**given), space["forward"](**given)
    rounded = made.rounds()
    for name in d.graph_table.inputs:
        if name in d.gradients:
            wanted = np.asarray(d.gradients[name], float)
            assert np.shape(gradients[called[name]]) == wanted.shape
            gap = np.abs(gradients[called[name]] - wanted).max(initial=0)
            assert gap <= rounded.get(made.lines.gradient_names[name], 0.0), name
            assert gap <= share * np.abs(wanted).max(initial=0) + 1e-15, name
    for name, value in values.items():
        own = next(node for node, of in called.items() if of == name)
        np.testing.assert_allclose(np.asarray(value, float), np.asarray(d.values[own], float), rtol=share)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_gives_the_derivations_numbers(name: str) -> None:
    """Twelve programs, numbers and matrices: the text runs, and is right as a student's function."""
    text, at = PROGRAMS[name]
    d = bt.derive(text, at=at)
    assert_same_numbers(d)
    assert check_function(run(d.explain("numpy"))["backward"], d).score == 1


def test_a_long_formula_is_many_lines() -> None:
    """A nest of brackets that Python refuses to read in one line."""
    text = "x"
    for _ in range(250):
        text = f"(x + {text})"
    d = bt.derive(f"f = {text}", at={"x": 0.5})
    assert_same_numbers(d)


def test_random_programs() -> None:
    """Programs over the whole table of rows, saturated and steep ones too."""
    for seed in range(60):
        text, at = program(seed)
        assert_same_numbers(bt.derive(text, at=at))


def test_a_trained_network() -> None:
    """784-128-10 on a batch of 32: no inputs are written into the text, and sizes are not either."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    X, y = RNG.normal(size=(32, 784)).astype(np.float32), RNG.integers(0, 10, 32)
    d = bt.from_model(model, torch.tensor(X), torch.tensor(y), loss="cross_entropy")
    assert_same_numbers(d, 1e-6)  # the engine computed in float32
    text = d.explain("numpy")
    assert "__main__" not in text
    code = "\n".join(line.partition("#")[0] for line in text.splitlines())
    assert "32" not in code
    assert "784" not in code
    half = {name: a[:16] if len(a) == 32 else a for name, a in inputs_of(d).items()}
    gradients = run(text)["backward"](**half)
    assert gradients["W1"].shape == (128, 784)


def test_the_text() -> None:
    """Names of the program, one line an operation, its formula and shapes beside it, `+=` where it is used again."""
    d = bt.derive("H = X@W; L = sum(H*H)", at={"X": [[1.0, 2.0], [5.0, 6.0]], "W": [[3.0], [4.0]]})
    assert d.explain("numpy").split("import numpy as np\n")[1] == '''

def forward(X, W):
    """Return every value by its name."""
    H = X @ W                                     # H = X @ W   (2×2)(2×1) → 2×1
    L = (H * H).sum()                             # L = sum(H·H)
    return {"H": H, "L": L}


def backward(X, W):
    """Return the gradient of L along each input."""
    values = forward(X, W)
    H = values["H"]
    dL = 1.0                                      # ∂L/∂L
    dv1 = np.full(H.shape, dL)                    # ∂L/∂v₁ = dL   2×1
    dH = dv1 * H                                  # ∂L/∂H = dv1 ⊙ H   2×1
    dH += dv1 * H                                 # ∂L/∂H += dv1 ⊙ H   2×1
    dX = dH @ W.T                                 # ∂L/∂X = dH·Wᵀ   (2×1)(1×2) → 2×2
    dW = X.T @ dH                                 # ∂L/∂W = Xᵀ·dH   (2×2)(2×1) → 2×1
    return {"X": dX, "W": dW}


if __name__ == "__main__":
    X = np.array([[1.0, 2.0], [5.0, 6.0]])
    W = np.array([[3.0], [4.0]])
    for name, gradient in backward(X, W).items():
        print(name, gradient, sep=" = ")
'''


def test_what_rounds_otherwise_is_said() -> None:
    """The derivation adds 1/10 and 1/5 exactly, a program in float64 does not; equal ones say so too."""
    text = bt.derive("f = a + b", at={"a": "1/10", "b": "1/5"}).explain("numpy")
    assert text.startswith(
        '"""f and its gradients in NumPy: forward, then backward.\n\nIt computes in float64, and rounds '
        "otherwise than the derivation in f: by at most 5.6e-17."
    )
    text = bt.derive("f = a + b", at={"a": 1, "b": 2}).explain("numpy")
    assert "At the derivation's values it gives the derivation's numbers, to the last bit." in text


def test_names_that_mean_something_to_python() -> None:
    """Keywords, builtins, the program's own words and gradients' names never meet."""
    d = bt.derive("lambda = np*sum + dnp; print = λ^2; f = print*forward", at=dict.fromkeys(
        ("np", "sum", "dnp", "forward"), 2.0))  # fmt: skip
    assert_same_numbers(d)
    signature = next(line for line in d.explain("numpy").splitlines() if line.startswith("def backward"))
    assert signature == "def backward(np_, sum_, dnp, forward_):"


def test_what_a_program_does_not_take() -> None:
    """A step of descent is of explanations in words."""
    d = bt.derive("f = x^2", at={"x": 3})
    with pytest.raises(bt.OptionError, match=r"^a program has no step of descent: update, steps is"):
        d.explain("numpy", update=0.1, steps=3)


def test_the_command_writes_a_program_that_runs_alone(tmp_path: Path) -> None:
    """`explain -o backward.py --check` writes it; run by Python alone it prints gradients and differences."""
    target = tmp_path / "backward.py"
    given = ["explain", "f = σ(w*x)", "w=1", "x=2", "-o", str(target), "--check"]
    with pytest.raises(SystemExit, match=r"^0$"):
        main(given)
    done = subprocess.run([sys.executable, "-I", target], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("w = 0.2099")
    assert [line.partition(": ")[0] for line in lines[2:]] == ["w", "x"]
    assert all(float(line.partition(": ")[2]) < 1e-8 for line in lines[2:])
