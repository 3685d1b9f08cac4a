"""Worked examples that other small engines publish, run on this one through a thin shim."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch


class Value:
    """micrograd's scalar: `data`, `grad`, arithmetic, `relu`, and a backward pass that sums up."""

    def __init__(self, held: Any) -> None:
        given = isinstance(held, torch.Tensor)
        self.held = held if given else torch.tensor(
            float(held), dtype=torch.float64, requires_grad=True
        )
        if self.held.grad_fn is not None:
            self.held.retain_grad()

    @property
    def data(self) -> float:
        return float(self.held.item())

    @property
    def grad(self) -> float:
        found = self.held.grad
        return 0.0 if found is None else float(found.item())

    def relu(self) -> Value:
        return Value(self.held.relu())

    def backward(self) -> None:
        self.held.backward()

    def __add__(self, other: Any) -> Value:
        return Value(self.held + _held(other))

    def __mul__(self, other: Any) -> Value:
        return Value(self.held * _held(other))

    def __pow__(self, power: float) -> Value:
        return Value(self.held**power)

    def __sub__(self, other: Any) -> Value:
        return Value(self.held - _held(other))

    def __truediv__(self, other: Any) -> Value:
        return Value(self.held / _held(other))

    def __neg__(self) -> Value:
        return Value(-self.held)

    def __radd__(self, other: Any) -> Value:
        return Value(_held(other) + self.held)

    def __rmul__(self, other: Any) -> Value:
        return Value(_held(other) * self.held)

    def __rsub__(self, other: Any) -> Value:
        return Value(_held(other) - self.held)

    def __rtruediv__(self, other: Any) -> Value:
        return Value(_held(other) / self.held)


def _held(x: Any) -> Any:
    return x.held if isinstance(x, Value) else x


def test_the_sanity_check_of_a_scalar_engine() -> None:
    """A value used five times collects all its paths: y = -20 and dy/dx = 46 at x = -4."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)
    assert (z.data, q.data, h.data) == (-10.0, 40.0, 100.0)


def test_more_operations_of_a_scalar_engine() -> None:
    """Sums, products, powers, quotients and relu in one expression: 24.7041, 138.8338, 645.5773."""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert round(g.data, 4) == 24.7041
    assert (round(a.grad, 4), round(b.grad, 4)) == (138.8338, 645.5773)


def test_a_scalar_neuron() -> None:
    """tanh(x1·w1 + x2·w2 + b) with b = 6.8813735870195432 has output 0.7071 and slopes of halves."""
    x1, x2, w1, w2 = (
        torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (2.0, 0.0, -3.0, 1.0)
    )
    b = torch.tensor(6.8813735870195432, dtype=torch.float64, requires_grad=True)
    out = torch.tanh(x1 * w1 + x2 * w2 + b)
    out.backward()
    assert out.item() == pytest.approx(0.7071067811865476)
    slopes = [v.grad.item() for v in (x1, w1, x2, w2)]
    assert slopes == pytest.approx([-1.5, 1.0, 0.5, 0.0])


def test_a_neuron_in_a_network_of_scalars_learns() -> None:
    """A 3-4-4-1 network of scalars fits four targets by descent, as micrograd's own does."""
    torch.manual_seed(1337)
    sizes = (3, 4, 4, 1)
    layers = [
        [[Value(v) for v in torch.rand(n + 1).mul(2).sub(1).tolist()] for _ in range(m)]
        for n, m in pairwise(sizes)
    ]
    rows = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    targets = [1.0, -1.0, -1.0, 1.0]

    def answer(row: list[Any]) -> Value:
        signals: list[Any] = row
        for layer in layers:
            sums = [
                sum((w * s for w, s in zip(n, signals, strict=False)), n[-1]) for n in layer
            ]
            signals = [Value(torch.tanh(s.held)) for s in sums]
        return signals[0]

    seen = []
    for _ in range(150):
        loss = sum(((answer(r) - t) ** 2 for r, t in zip(rows, targets, strict=True)), Value(0.0))
        loss.backward()
        seen.append(loss.data)
        for layer in layers:
            for neuron in layer:
                for p in neuron:
                    with torch.no_grad():
                        p.held -= 0.1 * p.held.grad
                    p.held.grad = None
    assert seen[0] > 1 > 0.1 > seen[-1]


def test_a_quadratic_as_mygrad_introduces_it() -> None:
    """f(x) = x² at [1, 2, 3]: the gradient of the sum is 2x, and constants have none."""
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = torch.tensor([1.0, 1.0, 1.0])
    (x**2 * y).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0, 6.0]
    assert y.grad is None


def test_broadcast_product_as_mygrad_shows_it() -> None:
    """Of a (2, 3) array times a row, each gradient has its operand's own shape."""
    x = torch.arange(6.0).reshape(2, 3).requires_grad_()
    row = torch.tensor([1.0, 10.0, 100.0], requires_grad=True)
    (x * row).sum().backward()
    assert x.grad.tolist() == [[1.0, 10.0, 100.0]] * 2
    assert row.grad.tolist() == [3.0, 5.0, 7.0]


def test_derivatives_of_tanh_as_autograd_plots_them() -> None:
    """Six derivatives of tanh, each by the one before, agree with their closed forms."""
    x = torch.linspace(-7, 7, 200, dtype=torch.float64).requires_grad_()
    order = [torch.tanh(x)]
    for _ in range(6):
        order.append(torch.autograd.grad(order[-1].sum(), x, create_graph=True)[0])
    t = np.tanh(x.detach().numpy())
    closed = [np.polynomial.Polynomial([0, 1])]
    for _ in range(6):  # d/dx p(tanh x) = p'(t)(1 - t²)
        closed.append(closed[-1].deriv() * np.polynomial.Polynomial([1, 0, -1]))
    for found, polynomial in zip(order, closed, strict=True):
        np.testing.assert_allclose(found.detach().numpy(), polynomial(t), rtol=1e-9, atol=1e-11)


def test_a_taylor_series_as_autograd_shows_it() -> None:
    """A sine built from its series by a loop with an exit has the cosine for a derivative."""
    x = torch.tensor(np.pi / 3, dtype=torch.float64, requires_grad=True)
    term = total = x
    i = 0
    while abs(term.item()) > 1e-12:
        term = -term * x * x / ((2 * i + 3) * (2 * i + 2))
        total = total + term
        i += 1
    total.backward()
    assert x.grad.item() == pytest.approx(0.5, abs=1e-11)


def test_a_logistic_regression_as_autograd_trains_it() -> None:
    """Descent on the likelihood of four labels lowers the loss and reads them all right."""
    inputs = torch.tensor(
        [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]],
        dtype=torch.float64,
    )
    labels = torch.tensor([True, True, False, True])
    weights = torch.zeros(3, dtype=torch.float64, requires_grad=True)

    def loss() -> Any:
        shares = 0.5 * (torch.tanh(inputs @ weights) + 1)
        return -torch.log(torch.where(labels, shares, 1 - shares)).sum()

    first = loss().item()
    for _ in range(100):
        (slope,) = torch.autograd.grad(loss(), weights)
        with torch.no_grad():
            weights -= 0.01 * slope
    assert first == pytest.approx(4 * np.log(2))
    assert loss().item() < 1.1
    assert (((inputs @ weights) > 0) == labels).all()
