"""Derivations as programs in PyTorch: run on the engine, they give the derivation's gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine
from backprop_tutor.cli import main
from backprop_tutor.source.identifiers import of_graph
from backprop_tutor.source.torch_program import torch_program

X, W, B = [[1.0, -2.0], [0.5, 3.0]], [[0.3, -0.1, 0.2], [0.4, 0.5, -0.6]], [0.1, -0.2, 0.3]
PROGRAMS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "neuron": ("z = w*x + b; a = σ(z); L = (a - t)^2/2", {"w": 1, "x": 2, "b": -1, "t": 0}, ("z", "a", "L")),
    "functions": (
        "a = max(x, y, 0.5); b = |x|*sqrt(y) + cbrt(x); c = leaky_relu(x) + gelu(y); L = a*b + c^2 + softplus(x)",
        {"x": -1.2, "y": 0.7}, ("a", "c", "L"),
    ),
    "shares": ("p, q = softmax(x, 2*x); L = -ln(p) + ln(x^2 + 1)*q", {"x": 0.5}, ("p", "L")),
    "classes": ("Z = X@W + b; A = tanh(Z); L = cross_entropy(A, y)",
                {"X": X, "W": W, "b": B, "y": np.array([0, 2])}, ("A", "Z", "L")),
    "batch": ("Z = X@W + b; A = relu(Z); L = mse(A, T)", {"X": X, "W": W, "b": B, "T": [[1.0, 0, 0], [0, 1, 0]]},
              ("A", "L")),
    "norms": ("A = batchnorm(X, g, h); P = softmax(A@W); m = max(P, axis=1); L = sum(m) + norm(X)",
              {"X": [*X, [2.0, 1.0]], "W": W, "g": [1.0, 2.0], "h": [0.0, 1.0]}, ("A", "P", "m")),
    "constants": ("L = x*3 + x^2 + 2^x + 1/x + pi*e", {"x": 1.5}, ()),
}  # fmt: skip
CASES = [(name, own) for name, (_, _, own_ones) in PROGRAMS.items() for own in (None, *own_ones)]


@pytest.mark.parametrize(("name", "own"), CASES)
def test_gradients(name: str, own: str | None) -> None:
    """Each program as it is, and with one operation as a function of its own: the derivation's gradients."""
    text, at, _ = PROGRAMS[name]
    d = bt.derive(text, at=at)
    written = torch_program(d, own=own)
    assert ("class Own(torch.autograd.Function)" in written) == (own is not None)
    space: dict[str, Any] = {"__name__": "program"}
    exec(written.replace("import torch", "from backprop_tutor import engine as torch"), space)  # noqa: S102  (ours)
    given = {}
    for node, identifier in of_graph(d.graph_table).of.items():
        if node in d.at:
            value = np.asarray(d.at[node]) if isinstance(d.at[node], np.ndarray) else np.asarray(float(d.at[node]))
            given[identifier] = engine.tensor(value).requires_grad_(node in d.gradients)
    space["forward"](**given).backward()
    for node in d.at:
        if node in d.gradients:
            found = given[of_graph(d.graph_table).of[node]].grad.numpy()
            np.testing.assert_allclose(found, np.asarray(d.gradients[node], float), rtol=1e-9, atol=1e-12)


def test_the_text() -> None:
    """Losses and activations by PyTorch's names; inputs as tensors that ask for gradients, labels not."""
    text, at, _ = PROGRAMS["classes"]
    assert bt.derive(text, at=at).explain("torch", detail="brief").split("import torch\n")[1] == '''

def forward(X, W, b, y):
    """Return L."""
    Z = X @ W + b
    A = torch.tanh(Z)
    L = torch.nn.functional.cross_entropy(A, y)
    return L


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    X = torch.tensor([[1.0, -2.0], [0.5, 3.0]], requires_grad=True)
    W = torch.tensor([[0.3, -0.1, 0.2], [0.4, 0.5, -0.6]], requires_grad=True)
    b = torch.tensor([0.1, -0.2, 0.3], requires_grad=True)
    y = torch.tensor([0, 2])
    forward(X, W, b, y).backward()
    for name, tensor in {"X": X, "W": W, "b": b}.items():
        print(name, tensor.grad, sep=" = ")
'''


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("x", "`x` is no operation, and has no backward rule"),
        ("none", "the graph has no node `none`; its nodes: x, v1, L"),
        ("v1", "the backward rule of `v1` puts entries back at their places, which is not written as a function "
               "of one's own; choose an operation that computes"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_function_of_its_own(own: str, told: str) -> None:
    """An input, a name that there is not, and a rule that is no expression of tensors."""
    d = bt.derive("L = sum(x[0])", at={"x": [[1.0], [2.0]]})
    with pytest.raises(bt.TutorError) as caught:
        torch_program(d, own=own)
    assert str(caught.value) == told


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`--own` goes with `--format torch` alone."""
    given = ["explain", "z = w*x; a = σ(z)", "w=1", "x=2"]
    with pytest.raises(SystemExit, match=r"^0$"):
        main([*given, "--format", "torch", "--own", "a"])
    assert "a = Own.apply(z)" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"^2$"):
        main([*given, "--own", "a"])
    assert capsys.readouterr().err == "Error: --own is for --format torch, not for text\n"
