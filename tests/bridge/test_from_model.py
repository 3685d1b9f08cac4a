"""A model of the engine opened as a derivation: gradients equal to `.grad`, nothing of the model changed."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.bridge.naming import parameter_names
from backprop_tutor.engine import datasets, nn
from backprop_tutor.engine.nn import functional as F
from backprop_tutor.language import shown_name
from backprop_tutor.objects.entries import array_derive

DRAW = np.random.default_rng(3)
X = DRAW.normal(size=(5, 3))
LABELS = np.array([0, 2, 1, 1, 0])
VALUES = DRAW.normal(size=(5, 3))
BITS = (VALUES > 0).astype(float)


class Written(nn.Module):
    """A module whose forward is written out: parameters of its own, numbers, pieces joined."""

    def __init__(self) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.tensor(DRAW.normal(size=(3, 4)), dtype=torch.float64))
        self.b = nn.Parameter(torch.zeros(4, dtype=torch.float64))
        self.out = nn.Linear(4, 3, dtype=torch.float64)

    def forward(self, x: Any) -> Any:
        h = 1 - torch.sigmoid(x @ self.W + self.b)
        h = torch.cat([h[:, :2] ** 2, torch.relu(h[:, 2:] - 0.25)], 1)
        return self.out(h * 0.5 + 0.1)


def in_double(*layers: Any) -> Any:
    return nn.Sequential(*layers).double()


def by_hand(p: Any, t: Any) -> Any:
    """Binary cross-entropy as a course writes it."""
    p = torch.clamp(p, 1e-7, 1 - 1e-7)
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()


MODELS: dict[str, tuple[Callable[[], Any], Any, Any, Any, str]] = {
    "scores": (lambda: in_double(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3)), X, LABELS, "cross_entropy",
               "Z₁ = X @ W₁ᵀ + b₁\nA₁ = relu(Z₁)\nZ₂ = A₁ @ W₂ᵀ + b₂\nL = cross_entropy(Z₂, y)"),
    "normalised, dropping out": (
        lambda: in_double(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Dropout(0.5), nn.LayerNorm(4),
                          nn.Linear(4, 3), nn.LogSoftmax(dim=1)), X, LABELS, "nll",
        "Z₁ = X @ W₁ᵀ + b₁\nB₁ = batchnorm(Z₁, γ₁, β₁)\nA₁ = tanh(B₁)\nD₁ = dropout(A₁, M)\n"
        "N₁ = layernorm(D₁, γ₂, β₂)\nZ₂ = N₁ @ W₂ᵀ + b₂\nv₁ = log_softmax(Z₂, axis=1)\nL = nll(v₁, y)"),
    "without bias": (lambda: in_double(nn.Linear(3, 3, bias=False), nn.LeakyReLU(0.1)), X, VALUES, "mse",
                     "Z₁ = X @ W₁ᵀ\nA₁ = leaky_relu(Z₁, slope=0.1)\nL = mse(A₁, y)"),
    "bits": (lambda: in_double(nn.Linear(3, 3), nn.Sigmoid()), X, BITS, "bce",
             "Z₁ = X @ W₁ᵀ + b₁\nA₁ = σ(Z₁)\nL = bce(A₁, y)"),
    "bits of scores": (lambda: in_double(nn.Linear(3, 3)), X, BITS, "bce_with_logits",
                       "Z₁ = X @ W₁ᵀ + b₁\nL = bce_with_logits(Z₁, y)"),
    "a sum": (lambda: in_double(nn.Linear(3, 3), nn.GELU()), X, VALUES, nn.MSELoss(reduction="sum"),
              "Z₁ = X @ W₁ᵀ + b₁\nA₁ = gelu(Z₁)\nL = mse(A₁, y, reduction=sum)"),
    "absolute": (lambda: in_double(nn.Linear(3, 3), nn.Softplus()), X, VALUES, "mae",
                 "Z₁ = X @ W₁ᵀ + b₁\nA₁ = softplus(Z₁)\nL = mae(A₁, y)"),
    "a table": (lambda: in_double(nn.Embedding(6, 2), nn.Flatten(), nn.Linear(4, 3)),
                np.array([[0, 1], [2, 3], [4, 5], [0, 0], [1, 1]]), LABELS, "cross_entropy",
                "v₁ = embedding(X, E₁)\nv₂ = reshape(v₁, 5, 4)\nZ₁ = v₂ @ W₁ᵀ + b₁\nL = cross_entropy(Z₁, y)"),
    "a loss written out": (
        lambda: in_double(nn.Linear(3, 3)), X, VALUES, lambda p, t: ((p - t) ** 2).sum() / 2,
        "Z₁ = X @ W₁ᵀ + b₁\nv₁ = Z₁ − y\nv₂ = v₁²\nv₃ = sum(v₂)\nL = v₃/2"),
    "cross-entropy by hand, kept from 0 and 1": (
        lambda: in_double(nn.Linear(3, 3), nn.Sigmoid()), X, BITS, by_hand,
        "Z₁ = X @ W₁ᵀ + b₁\nA₁ = σ(Z₁)\nv₁ = min(max(A₁, 1e−07), 0.9999999)\nv₂ = ln(v₁)\nv₃ = y·v₂\n"
        "v₄ = 1 − y\nv₅ = 1 − v₁\nv₆ = ln(v₅)\nv₇ = v₄·v₆\nv₈ = v₃ + v₇\nv₉ = mean(v₈)\nL = −v₉"),
    "labels that pick": (
        lambda: in_double(nn.Linear(3, 3)), X, LABELS,
        lambda s, t: -F.log_softmax(s, dim=1).gather(1, t.view(-1, 1)).mean(),
        "Z₁ = X @ W₁ᵀ + b₁\nv₁ = log_softmax(Z₁, axis=1)\nv₂ = gather(v₁, I, axis=1)\nv₃ = mean(v₂)\nL = −v₃"),
    "a sum that begins with 0": (
        lambda: in_double(nn.Linear(3, 3)), X, LABELS,
        lambda s, t: F.cross_entropy(s, t) + sum([(s**2).mean(), s.abs().mean()]),
        "Z₁ = X @ W₁ᵀ + b₁\nv₁ = cross_entropy(Z₁, y)\nv₂ = Z₁²\nv₃ = mean(v₂)\nv₄ = |Z₁|\nv₅ = mean(v₄)\n"
        "v₆ = v₃ + v₅\nL = v₁ + v₆"),
    "written out": (Written, X, LABELS, "cross_entropy", "v₁ = X @ W\nv₂ = v₁ + b\nA₁ = σ(v₂)\nv₃ = 1 − A₁\n"
                    "v₄ = v₃[:, :2]\nv₅ = v₄²\nv₆ = v₃[:, 2:]\nv₇ = v₆ − 0.25\nA₂ = relu(v₇)\n"
                    "C₁ = concat(v₅, A₂, axis=1)\nv₈ = C₁·0.5\nv₉ = v₈ + 0.1\nZ₁ = v₉ @ W₁ᵀ + b₁\n"
                    "L = cross_entropy(Z₁, y)"),
}  # fmt: skip
JUDGES: dict[Any, Any] = {
    "cross_entropy": F.cross_entropy, "nll": F.nll_loss, "mse": F.mse_loss, "bce": F.binary_cross_entropy,
    "bce_with_logits": F.binary_cross_entropy_with_logits, "mae": F.l1_loss,
}  # fmt: skip


def trained(model: Any, X: Any, y: Any, loss: Any) -> float:
    """Run the engine's own pass and return its loss."""
    for parameter in model.parameters():
        parameter.grad = None
    kind = next(iter(model.parameters())).dtype
    batch = torch.tensor(X)
    judged = JUDGES.get(loss, loss)(
        model(batch.to(kind) if X.dtype.kind == "f" else batch),
        torch.tensor(y).to(kind) if y.dtype.kind == "f" else torch.tensor(y),
    )
    judged.backward()
    return float(judged)


def assert_gradients_are_the_models(d: Any, model: Any, far: float) -> None:
    for name, parameter in parameter_names(model).items():
        assert d.gradients[name].shape == tuple(parameter.shape)
        assert np.allclose(d.gradients[name], parameter.grad.numpy(), rtol=far, atol=far)


@pytest.mark.parametrize("name", list(MODELS))
def test_gradients_are_the_models(name: str) -> None:
    """A model is read as a program whose loss and gradients are the model's own, to the last digits."""
    make, batch, wanted, loss, reading = MODELS[name]
    torch.manual_seed(1)
    model = make()
    state = torch.get_rng_state()
    d = bt.from_model(model, batch, wanted, loss=loss)
    assert d.graph_table.program.reading == reading
    torch.set_rng_state(state)
    assert np.isclose(float(d.values["L"]), trained(model, batch, wanted, loss), rtol=1e-12)
    assert_gradients_are_the_models(d, model, 1e-12)
    assert d.check().ok


@pytest.mark.parametrize("steps", [0, 10, 100])
def test_any_moment_of_a_training_can_be_opened(steps: int) -> None:
    """XOR after so many steps of Adam, in float32: the derivation stands at the weights of that moment."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1))
    x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0.0], [1], [1], [0]])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(steps):
        trained(model, x, y, "mse")
        optimizer.step()
    d = bt.from_model(model, x, y, loss="mse")
    trained(model, x, y, "mse")
    assert_gradients_are_the_models(d, model, 1e-6)


@pytest.mark.parametrize("steps", [0, 10, 100])
def test_iris_can_be_opened_at_any_moment(steps: int) -> None:
    """A classifier of 4-5-3 on the irises, after so many steps of SGD."""
    torch.manual_seed(0)
    flowers = datasets.iris()
    x, y = flowers.features[::5], flowers.targets[::5]
    model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(steps):
        trained(model, x, y, "cross_entropy")
        optimizer.step()
    d = bt.from_model(model, x, y)
    assert float(d.values["L"]) == pytest.approx(trained(model, x, y, "cross_entropy"), rel=1e-5)
    assert_gradients_are_the_models(d, model, 1e-5)


def test_a_network_for_digits_is_opened() -> None:
    """784-128-10 with a batch of 32: every gradient is the model's, in float32's precision."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    x, y = DRAW.normal(size=(32, 784)), DRAW.integers(0, 10, 32)
    d = bt.from_model(model, x, y)
    trained(model, x, y, "cross_entropy")
    assert_gradients_are_the_models(d, model, 1e-5)
    assert "of X, 32×784, and δ, 32×128, only the product Xᵀ·δ has the shape" in d.explain(check=False)


def test_nothing_of_the_model_changes() -> None:
    """Gradients, counts, the mode and the random numbers to come are as they were."""
    model = in_double(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout(0.5))
    before = [buffer.numpy().copy() for buffer in model.buffers()]
    state = torch.get_rng_state()
    first = bt.from_model(model, X, LABELS)
    assert first == bt.from_model(model, torch.tensor(X), torch.tensor(LABELS))
    assert all(np.array_equal(b.numpy(), a) for b, a in zip(model.buffers(), before, strict=True))
    assert bool((torch.get_rng_state() == state).all())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert model.training
    opened = bt.from_model(model.eval(), X, LABELS).graph_table.program.reading
    assert opened == "Z₁ = X @ W₁ᵀ + b₁\nB₁ = batch_norm_fixed(Z₁, γ₁, β₁, m_run, v_run)\nL = cross_entropy(B₁, y)"


class Rounded(nn.Module):
    """A module with an operation that no record says."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 3).double()

    def forward(self, x: Any) -> Any:
        return torch.round(self.layer(x))


ROUNDED = linecache.getline(__file__, Rounded.forward.__code__.co_firstlineno + 1).strip()


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "no model": (lambda: bt.from_model(3, X, LABELS), "a model is an engine's Module, not `int`"),
    "a loss": (lambda: bt.from_model(in_double(nn.Linear(3, 3)), X, VALUES, loss="mes"),
               "no loss is called `mes`; did you mean `mse`?"),
    "no loss": (lambda: bt.from_model(in_double(nn.Linear(3, 3)), X, VALUES, loss=5),
                "a loss is a name or a function of output and target, not `int`"),
    "a batch": (lambda: bt.from_model(in_double(nn.Linear(4, 3)), X, LABELS), "the model does not take this "
                "batch: mat1 and mat2 shapes cannot be multiplied (5x3 and 4x3)"),
    "several losses": (lambda: bt.from_model(in_double(nn.Linear(3, 3)), X, VALUES, loss=lambda p, y: p - y),
                       "a loss is one number; add its mean or its sum"),
    "words": (lambda: bt.from_model(in_double(nn.Linear(3, 3)), "X", LABELS), "`X` is an array of numbers"),
    "no record": (lambda: bt.from_model(Rounded(), X, LABELS), "a model with the operation `Round` cannot be "
                  "opened: no record of the tutor says what it is; it is in test_from_model.py, line "
                  f"{Rounded.forward.__code__.co_firstlineno + 1}: `{ROUNDED}`"),
    "no record, and no line of a user's": (
        lambda: bt.from_model(in_double(nn.Embedding(4, 3, padding_idx=0)), LABELS, VALUES, "mse"),
        "a model with the operation `Embedding` cannot be opened: no record of the tutor says what it is"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_told_is_refused(case: tuple[Callable[[], object], str]) -> None:
    """What is no model, no loss or no record is told in words."""
    call, message = case
    with pytest.raises(bt.TutorError) as caught:
        call()
    assert str(caught.value) == message


def test_a_large_model_of_float32_keeps_its_dtype() -> None:
    """Beyond 20,000 entries values are float32, at another point too, and the check still tells what is wrong."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(400, 50), nn.Tanh(), nn.Linear(50, 3))
    x, y = DRAW.normal(size=(4, 400)).astype(np.float32), np.array([0, 2, 1, 1])
    d = bt.from_model(model, x, y)
    assert {np.asarray(d.gradients[name]).dtype.name for name in d.at if name in d.gradients} == {"float32"}
    trained(model, x, y, "cross_entropy")
    assert_gradients_are_the_models(d, model, 1e-6)
    later = d.update(lr=0.1)
    assert later.at["W1"].dtype == later.gradients["Z1"].dtype == np.float32
    assert later.values["L"] < d.values["L"]
    small = bt.from_model(nn.Sequential(nn.Linear(400, 3)), x, y)
    assert small.gradients["W1"].dtype == np.float64


def test_the_check_judges_float32_by_float64() -> None:
    """Rounding in the seventh digit is none of the pass's faults; a wrong gradient is one."""
    d = bt.derive("Z = X@W; L = mean(tanh(Z))", at={"X": X, "W": np.eye(3)})
    single = array_derive(d.program, d.at, "L", kind=np.float32)
    assert single.gradients["W"].dtype == np.float32
    assert single.check().ok
    place = single.graph_table.index["W"]
    upstreams = tuple(g * np.float32(1.001) if i == place else g for i, g in enumerate(single.upstreams))
    assert repr(single.with_fields(upstreams=upstreams).check()) == "<Check of 2 gradients: 1 differ>"


def test_opening_the_same_model_again_keeps_its_graph() -> None:
    """A training is opened at many moments: its graph is built once for a language and for the shapes."""
    model = in_double(nn.Linear(3, 3), nn.Tanh())
    first, again = (bt.from_model(model, X, VALUES, "mse") for _ in range(2))
    assert first.graph_table is again.graph_table
    assert bt.from_model(model, X[:2], VALUES[:2], "mse").graph_table is not first.graph_table
    other = bt.from_model(in_double(nn.Linear(3, 3), nn.ReLU()), X, VALUES, "mse")
    assert other.graph_table.program.reading.splitlines()[1] == "A₁ = relu(Z₁)"


def seeded(output: Any, target: Any) -> Any:
    """A loss that seeds the generator anew, and opens a model itself."""
    torch.manual_seed(7)
    bt.from_model(in_double(nn.Dropout(0.5), nn.Linear(3, 3)), X, VALUES, loss="mse")
    torch.rand(3)
    return F.mse_loss(output, target)


@pytest.mark.parametrize("drawn", [0, 3])
def test_a_loss_that_seeds_anew_leaves_the_random_numbers_alone(drawn: int) -> None:
    """Whatever is drawn or seeded while the model is read, the numbers to come are those of before."""
    model = in_double(nn.Linear(3, 3))
    torch.manual_seed(1)
    torch.randn(drawn)
    expected = torch.get_rng_state()
    bt.from_model(model, X, VALUES, loss=seeded)
    assert bool((torch.get_rng_state() == expected).all())


def test_whole_numbers_are_wanted_of_a_loss_that_is_written_out() -> None:
    """Bits typed as integers stand in the formula as y, in the output's dtype."""
    model = in_double(nn.Linear(3, 3))
    d = bt.from_model(model, X, BITS.astype(int), loss=lambda p, t: ((p - t) ** 2).mean())
    assert d.graph_table.program.reading == "Z₁ = X @ W₁ᵀ + b₁\nv₁ = Z₁ − y\nv₂ = v₁²\nL = mean(v₂)"
    assert np.array_equal(d.values["y"], BITS)
    assert d.check().ok


def test_no_two_values_look_alike() -> None:
    """What has no name of its own is numbered past the names that are shown the same."""
    d = bt.from_model(in_double(nn.Linear(3, 3)), X, VALUES, loss=lambda p, t: ((p - t) ** 2).sum() / 2)
    shown = [shown_name(node.name) for node in d.graph_table.nodes]
    assert len(set(shown)) == len(shown)
