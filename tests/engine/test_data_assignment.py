"""`x.data = other` after something was computed from x: gradients use today's value, or refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backprop_tutor import engine as torch

OLD, NEW = [[0.31, 0.42], [0.83, 0.64]], [[0.72, 0.15], [0.27, 0.91]]


def slope(function: Callable[[Any], Any], assigned: Any) -> list[Any]:
    """Return the gradient at `OLD`, `.data` assigned between the two passes."""
    x = torch.tensor(OLD, requires_grad=True)
    out = function(x).sum()
    x.data = assigned
    out.backward()
    return x.grad.tolist()


@pytest.mark.parametrize(
    ("function", "expected"),  # what PyTorch 2.13 returns
    [
        (lambda x: x * x, [[1.44, 0.30], [0.54, 1.82]]),
        (lambda x: x**2, [[1.44, 0.30], [0.54, 1.82]]),
        (lambda x: x + 1, [[1.0, 1.0], [1.0, 1.0]]),
        (lambda x: x @ x, [[1.86, 2.17], [1.93, 2.24]]),
        (lambda x: 1 / (x + 1), [[-0.58271663, -0.49593338], [-0.29860553, -0.37180248]]),
        (lambda x: x.exp(), [[1.36342514, 1.52196157], [2.29331875, 1.89648080]]),
        (lambda x: x.sin(), [[0.75180572, 0.98877108], [0.96377093, 0.61374545]]),
        (lambda x: x[0] * x[1], [[0.83, 0.64], [0.31, 0.42]]),  # views of the memory of then
    ],
)  # fmt: skip
def test_the_value_of_today_is_used(function: Callable[[Any], Any], expected: Any) -> None:
    """What is saved of x itself is read when it is needed; saved results stay, as in PyTorch."""
    found = slope(function, torch.tensor(NEW))
    assert [v for row in found for v in row] == pytest.approx([v for row in expected for v in row], rel=1e-4)


def test_a_scalar_and_twice() -> None:
    """y = x·x at 2, then x.data = 5: the slope is 10; the last of several assignments counts."""
    x = torch.tensor(2.0, requires_grad=True)
    y = x * x
    x.data = torch.tensor(7.0)
    x.data = torch.tensor(5.0)
    y.backward()
    assert x.grad.item() == 10.0
    assert x._version == 0


def test_a_graph_made_before_and_after() -> None:
    """z = y·x with y = x·x computed at 2, x at 5: dz/dx = y + x·2x = 4 + 50, as in PyTorch."""
    x = torch.tensor(2.0, requires_grad=True)
    y = x * x
    x.data = torch.tensor(5.0)
    (y * x).backward()
    assert x.grad.item() == 54.0


def test_derivatives_of_derivatives_and_own_functions() -> None:
    """A created graph continues from today's value, and `ctx.saved_tensors` holds it."""
    x = torch.tensor(2.0, requires_grad=True)
    y = x**3
    x.data = torch.tensor(5.0)
    (first,) = torch.autograd.grad(y, x, create_graph=True)
    first.backward()
    assert (first.item(), x.grad.item()) == (75.0, 30.0)

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return 2 * ctx.saved_tensors[0] * g

    x = torch.tensor(2.0, requires_grad=True)
    y = Square.apply(x)
    x.data = torch.tensor(5.0)
    y.backward()
    assert x.grad.item() == 10.0


def test_a_write_is_still_a_write() -> None:
    """An in-place write after the assignment is refused as any write is."""
    x = torch.tensor([2.0], requires_grad=True)
    y = x * x
    x.data = torch.tensor([5.0])
    with torch.no_grad():
        x.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_another_shape_is_refused() -> None:
    """Where what was computed does not fit the new array, or depends on the old one, words say so."""
    with pytest.raises(RuntimeError) as refused:
        slope(lambda x: x * x, torch.tensor([1.0, 2.0, 3.0]))
    assert str(refused.value) == (
        "`.data` of a tensor of shape [2, 2] (torch.FloatTensor) that Mul saved for its backward "
        "pass was assigned another one, of shape [3] (torch.FloatTensor); its gradient is no longer "
        "that of what was computed. Assign `.data` after backward(), or compute the result again."
    )
    with pytest.raises(RuntimeError, match="that NativeLayerNorm saved"):
        slope(lambda x: torch.nn.functional.layer_norm(x, (2,)), torch.tensor(NEW))


def test_a_training_that_assigns_data() -> None:
    """`p.data = p.data - lr * p.grad` after each backward pass is gradient descent."""
    x = torch.tensor(4.0, requires_grad=True)
    for _ in range(3):
        ((x - 1) ** 2).backward()
        x.data = x.data - 0.25 * x.grad
        x.grad = None
    assert x.item() == 1.375
