"""Operations that are no record of their own, and constants made on the way, are written, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch

nn, F = torch.nn, torch.nn.functional

X = torch.tensor(np.random.default_rng(0).normal(size=(6, 4)), dtype=torch.float32)
Y = torch.tensor([0, 1, 2, 0, 1, 2])

LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "clamp": lambda z, y: z.clamp(-0.5, 0.5).pow(2).sum(),
    "clamp at its bounds": lambda z, y: ((z - z.detach() + 0.5).clamp(-0.5, 0.5)
                                         * (z - z.detach() - 0.5).clamp(-0.5, 0.5)).sum(),
    "clamp from below": lambda z, y: (torch.clamp(z, min=0) * z).sum(),
    "clamp to above": lambda z, y: (z.clamp_max(0.2) * z).sum(),
    "cross-entropy by hand": lambda z, y: -(
        F.softmax(z, 1).clamp(1e-7, 1 - 1e-7).log() * F.one_hot(y, 3)).sum(1).mean(),
    "hinge": lambda z, y: F.relu(1 - z * (2 * F.one_hot(y, num_classes=3).float() - 1)).mean(),
    "picked by rows and labels": lambda z, y: -F.log_softmax(z, 1)[torch.arange(6), y].mean(),
    "picked by a range": lambda z, y: -F.log_softmax(z, 1)[range(6), y].mean(),
    "rows twice": lambda z, y: z[y].pow(2).sum() + z[[0, -1]].sum() + z[:, torch.tensor([0, 2])].sum(),
    "largest of rows": lambda z, y: (z - z.max(1, keepdim=True)[0]).exp().sum() + z.min(dim=0).values.sum(),
    "smallest of all": lambda z, y: z.min() + z.max() * 2,
    "places of the largest": lambda z, y: F.cross_entropy(z, torch.max(z, 1)[1]),
    "top two": lambda z, y: (z.topk(2, 1)[0] * torch.tensor([1.0, 3.0])).sum(),
    "in order": lambda z, y: (z.sort(0, descending=True)[0].cumsum(0) * z).sum(),
    "attention": lambda z, y: (F.softmax((z @ z.T).masked_fill(
        torch.tril(torch.ones(6, 6)) == 0, float("-inf")), 1) @ z).pow(2).sum(),
    "triangle": lambda z, y: (torch.triu(z, 1) * z).sum(),
    "einsum": lambda z, y: torch.einsum("ij,kj->ik", z, z).pow(2).sum(),
    "einsum of three": lambda z, y: torch.einsum("ij,jk,kl->il", z, z.T, z).sum(),
    "gates": lambda z, y: (lambda i, f, g: (torch.sigmoid(i) * torch.tanh(g) + f).sum())(*z.chunk(3, 1)),
    "one of the parts": lambda z, y: z.split([1, 2], 1)[1].pow(2).sum() + z.unbind(0)[2].sum(),
    "zeros to begin with": lambda z, y: (torch.tanh(z + torch.zeros(6, 3)) * torch.full((3,), 2.0)).sum(),
    "as many zeros": lambda z, y: F.mse_loss(z, torch.zeros_like(z)) + (z * torch.ones_like(z)).sum(),
    "rows of the identity": lambda z, y: F.mse_loss(z, torch.eye(3)[y]),
    "a gradient that is a constant": lambda z, y: z.mean(),
    "one class": lambda z, y: (z * (y == 1).float().unsqueeze(1)).sum() + (z * (y != 2)[:, None]).sum(),
    "inside, and no nan": lambda z, y: (z * ((z > -1) & ~(z > 1)) * ~torch.isnan(z)).sum(),
    "norm": lambda z, y: torch.linalg.norm(z),
}


def _left(loss_of: Callable[[Any, Any], Any], compiled: bool) -> tuple[list[Any], Any]:
    torch.manual_seed(0)
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    step = torch.compile(train_step) if compiled else train_step
    losses = [step(X * scale, y)._a for scale, y in ((1.0, Y), (0.5, Y), (-1.0, Y.flip(0)), (2.0, Y))]
    return [*losses, *(p._a for p in model.parameters()), *(p.grad._a for p in model.parameters())], step


@pytest.mark.parametrize("name", LOSSES)
def test_what_courses_compute_in_a_step_is_written(name: str) -> None:
    """Losses, parameters and gradients are an eager step's to the bit, for batches of other numbers too."""
    eager, _ = _left(LOSSES[name], False)
    written, step = _left(LOSSES[name], True)
    assert step.calls == {"written": 3, "eager": 1}, step.reason
    for a, b in zip(written, eager, strict=True):
        np.testing.assert_array_equal(a, b)


def test_labels_outside_the_columns_get_the_eager_message() -> None:
    """Where a label names no column of a one-hot, or no entry of a row, the eager step says so."""
    for name, said in (("hinge", "Class values must be smaller"), ("picked by a range", "out of bounds")):
        _, step = _left(LOSSES[name], True)
        with pytest.raises((RuntimeError, IndexError), match=said):
            step(X, torch.tensor([0, 1, 3, 0, 1, 2]))
