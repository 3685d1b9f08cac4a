"""What courses write into a forward is opened: operations that no single record says are formulas of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.bridge.naming import parameter_names
from backprop_tutor.engine import nn
from backprop_tutor.engine.nn import functional as F

X = np.random.default_rng(5).normal(size=(6, 4))
LABELS = np.array([0, 2, 1, 3, 0, 1])


class Model(nn.Module):
    """A layer, and after it what is to be opened; it has a parameter and a buffer beside."""

    def __init__(self, then: Callable[[Any, Any], Any]) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.then = then
        self.layer = nn.Linear(4, 4).double()
        self.W = nn.Parameter(torch.rand(4, 4, dtype=torch.float64) + 0.5)
        self.register_buffer("shift", torch.rand(6, 4, dtype=torch.float64))

    def forward(self, x: Any) -> Any:
        return self.then(self, self.layer(x))


def judged(output: Any, wanted: Any) -> Any:
    return (output * output).sum() + output.mean()


def written_to(z: Any) -> Any:
    out = z * 1
    out.mul_(2)
    return out


LONG = {"dtype": torch.int64}
KEPT: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "a constant": (lambda m, z: z + m.shift, "v₁ = Z₁ + s_hift"),
    "a constant divided": (lambda m, z: m.shift / (z * z + 1), "v₁ = Z₁·Z₁\nv₂ = v₁ + 1\nv₃ = s_hift/v₂"),
    "a drawn one": (lambda m, z: z + torch.rand(6, 4, dtype=torch.float64), "v₁ = Z₁ + c₁"),
    "a number to a power": (lambda m, z: 2**z, "v₁ = 2^Z₁"),
    "detached": (lambda m, z: z - z.detach().max(), "v₁ = Z₁ − 0.888015"),
    "ones in front": (lambda m, z: torch.cat([torch.ones(6, 1, dtype=torch.float64), z], 1),
                      "C₁ = concat(c₁, Z₁, axis=1)"),
    "split": (lambda m, z: z.split(2, 1)[1], "v₁ = Z₁[:, 2:4]"),
    "split in sizes": (lambda m, z: z.split([1, 3], 1)[1] * z.split([1, 3], 1)[0],
                       "v₁ = Z₁[:, 1:4]\nv₂ = Z₁[:, 0:1]\nv₃ = v₁·v₂"),
    "chunks": (lambda m, z: torch.mul(*z.chunk(2, 1)), "v₁ = Z₁[:, 0:2]\nv₂ = Z₁[:, 2:4]\nv₃ = v₁·v₂"),
    "rows in turn": (lambda m, z: sum(row.sum() for row in z[:2]),
                     "v₁ = Z₁[:2]\nv₂ = v₁[0]\nv₃ = sum(v₂)\nv₄ = v₁[1]\nv₅ = sum(v₄)\nv₆ = v₃ + v₅"),
    "labels that pick": (lambda m, z: F.log_softmax(z, dim=1)[range(6), torch.tensor(LABELS)],
                         "v₁ = log_softmax(Z₁, axis=1)\nv₂ = gather(v₁, I, axis=1)\nv₃ = reshape(v₂, 6)"),
    "rows by places": (lambda m, z: z[torch.tensor([0, 2, 2])], "v₁ = embedding(I, Z₁)"),
    "columns by places": (lambda m, z: z[:, torch.tensor([1, 3])],
                          "v₁ = reshape(Z₁, 24)\nv₂ = gather(v₁, I)\nv₃ = reshape(v₂, 6, 2)"),
    "from the end": (lambda m, z: z[torch.tensor([-1, 0])],
                     "v₁ = reshape(Z₁, 24)\nv₂ = gather(v₁, I)\nv₃ = reshape(v₂, 2, 4)"),
    "a mask": (lambda m, z: z[m.shift > 0.5], "v₁ = reshape(Z₁, 24)\nv₂ = gather(v₁, I)"),
    "the largest of a row": (lambda m, z: z.max(dim=1)[0], "v₁ = max(Z₁, axis=1)"),
    "kept as a column": (lambda m, z: z - z.min(1, keepdim=True)[0],
                         "v₁ = min(Z₁, axis=1, keepdims=1)\nv₂ = Z₁ − v₁"),
    "a tie, which the first place has": (
        lambda m, z: torch.relu(z - 9).max(1)[0],
        "v₁ = Z₁ − 9\nA₁ = relu(v₁)\nv₂ = gather(A₁, I, axis=1)\nv₃ = reshape(v₂, 6)"),
    "sorted": (lambda m, z: z.sort(1)[0] * m.shift, "v₁ = gather(Z₁, I, axis=1)\nv₂ = v₁·s_hift"),
    "the median": (lambda m, z: z.median() * z, "v₁ = reshape(Z₁, 24)\nv₂ = v₁[8]\nv₃ = v₂·Z₁"),
    "kept above a bound that none lies on": (lambda m, z: z.clamp(min=0.25), "v₁ = max(Z₁, 0.25)"),
    "kept between bounds, some on one": (
        lambda m, z: torch.relu(z).clamp(0, 0.75), "A₁ = relu(Z₁)\nv₁ = min(where(A₁ ≥ 0, A₁, 0), 0.75)"),
    "kept between bounds, some on the upper one": (
        lambda m, z: (-torch.relu(z)).clamp(-0.75, 0),
        "A₁ = relu(Z₁)\nv₁ = −A₁\nv₂ = max(v₁, −0.75)\nv₃ = where(v₂ ≤ 0, v₂, 0)"),
    "copies along new and old axes": (
        lambda m, z: z.repeat(2, 1), "v₁ = reshape(Z₁, 1, 6, 1, 4)\nv₂ = broadcast_to(v₁, 2, 6, 1, 4)\n"
        "v₃ = reshape(v₂, 12, 4)"),
    "copies of a column": (lambda m, z: z[:, :1].repeat(1, 3), "v₁ = Z₁[:, :1]\nv₂ = broadcast_to(v₁, 6, 3)"),
    "a triangle": (lambda m, z: torch.tril(z[:4]) @ m.W, "v₁ = Z₁[:4]\nv₂ = choose(M, v₁, 0)\nv₃ = v₂ @ W"),
    "a trace": (lambda m, z: torch.trace(m.W * z.mean()), "v₁ = mean(Z₁)\nv₂ = W·v₁\nv₃ = gather(v₂, I, axis=1)\n"
                "v₄ = reshape(v₃, 4)\nv₅ = sum(v₄)"),
    "letters": (lambda m, z: torch.einsum("ij,kj->ik", z, m.W), "v₁ = einsum(Z₁, W, equation=ij,kj->ik)"),
    "a product added": (lambda m, z: torch.addcmul(m.shift, z, z, value=0.5), "v₁ = Z₁·Z₁\nv₂ = s_hift + 0.5·v₁"),
    "a quotient added": (lambda m, z: torch.addcdiv(z, z, m.shift), "v₁ = Z₁/s_hift\nv₂ = Z₁ + v₁"),
    "between two": (lambda m, z: torch.lerp(z, m.shift, 0.25), "v₁ = s_hift − Z₁\nv₂ = Z₁ + 0.25·v₁"),
    "between two, by shares": (lambda m, z: torch.lerp(z, m.shift, torch.sigmoid(z)),
                               "A₁ = σ(Z₁)\nv₁ = s_hift − Z₁\nv₂ = Z₁ + A₁·v₁"),
    "rolled as one": (lambda m, z: torch.roll(z, 1) * m.shift,
                      "v₁ = reshape(Z₁, 24)\nv₂ = roll(v₁, axes=(0), shifts=(1))\nv₃ = reshape(v₂, 6, 4)\n"
                      "v₄ = v₃·s_hift"),
    "scattered": (lambda m, z: m.shift.scatter_add(1, torch.zeros(6, 1, **LONG), z[:, :1]),
                  "v₁ = Z₁[:, :1]\nv₂ = scatter_add(s_hift, I, v₁, axis=1)"),
    "a bell by tanh": (lambda m, z: F.gelu(z, approximate="tanh"),
                       "v₁ = Z₁³\nv₂ = tanh(0.7978845608028654·(Z₁ + 0.044715·v₁))\nA₁ = 0.5·Z₁·(1 + v₂)"),
    "a softer bend": (lambda m, z: F.softplus(z, beta=2), "A₁ = softplus(2·Z₁)/2"),
    "the sum of sizes": (lambda m, z: m.W.norm(p=1) + z.mean(),
                         "v₁ = reshape(W, -1)\nv₂ = norm(v₁, p=1)\nv₃ = mean(Z₁)\nv₄ = v₂ + v₃"),
    "in place": (lambda m, z: written_to(z), "v₁ = Z₁·1\nv₂ = v₁·2"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(KEPT))
def test_gradients_are_the_models(name: str) -> None:
    """What a forward writes out is read as a formula with its value and its gradients."""
    then, reading = KEPT[name]
    model = Model(then)
    torch.manual_seed(4)
    d = bt.from_model(model, X, LABELS, loss=judged)
    told = d.graph_table.program.reading
    assert told.startswith(f"Z₁ = X @ W₁ᵀ + b₁\n{reading}")
    torch.manual_seed(4)
    loss = judged(model(torch.tensor(X)), None)
    loss.backward()
    assert np.isclose(float(d.values["L"]), float(loss), rtol=1e-12)
    for called, parameter in parameter_names(model).items():
        if parameter.grad is not None:
            assert np.allclose(d.gradients[called], parameter.grad.numpy(), rtol=1e-7, atol=1e-9)
    assert d.check().ok


def test_a_targets_other_shape_is_the_target() -> None:
    """What lies in the target's memory is told as the target in another shape, not as an unknown array."""
    model = nn.Linear(4, 1).double()

    def step(x: Any, t: Any) -> Any:
        loss = F.mse_loss(model(x), t.view(-1, 1))
        loss.backward()
        return loss

    d = bt.from_step(step, torch.tensor(X), torch.tensor(X[:, 0].copy()))
    assert "v₁ = reshape(t, 6, 1)\nL = mse(Z₁, v₁)" in d.graph_table.program.reading
    assert d.check().ok


def test_reading_along_ends_with_the_reading() -> None:
    """After a model is opened, or refused, nobody is told of nodes any more."""
    from backprop_tutor.engine.autograd import tape

    bt.from_model(Model(lambda m, z: z), X, LABELS, loss=judged)
    with pytest.raises(bt.OptionError):
        bt.from_model(Model(lambda m, z: torch.round(z)), X, LABELS, loss=judged)
    assert (tape.MODE.told, tape._watched) == (None, 0)


def test_a_median_that_several_entries_are_is_refused() -> None:
    """Which of them the gradient goes to is not recorded."""
    with pytest.raises(bt.TutorError, match="`Median` cannot be opened"):
        bt.from_model(Model(lambda m, z: torch.relu(z - 9).median() * z), X, X, loss=judged)


def test_places_may_be_given_as_decimals() -> None:
    """At another point places that are whole numbers in decimals are places, also where there is one an entry."""
    d = bt.from_model(Model(lambda m, z: z.sort(1)[0] * m.shift), X, X, loss=judged)
    assert d.moved(I=np.asarray(d.at["I"], float)).values["L"] == d.values["L"]
