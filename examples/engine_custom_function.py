"""A function with a backward pass of one's own: multiplication, checked against differences."""

from __future__ import annotations

from typing import Any

from backprop_tutor import engine as torch


class Multiply(torch.autograd.Function):
    """x·y, whose slope along each factor is the other factor."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the product, remembering both factors."""
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, grad_z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the gradient times the other factor, for each."""
        x, y = ctx.saved_tensors
        return grad_z * y, grad_z * x


def main() -> None:
    x = torch.tensor(-2.0, requires_grad=True)
    y = torch.tensor(5.0, requires_grad=True)
    z = Multiply.apply(x, y)
    z.backward()
    print(f"z = {z.item()}, dz/dx = {x.grad.item()}, dz/dy = {y.grad.item()}")
    print("recorded as", type(z.grad_fn).__name__)
    assert (z.item(), x.grad.item(), y.grad.item()) == (-10.0, 5.0, -2.0)
    points = [torch.randn(3, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    assert torch.autograd.gradcheck(Multiply.apply, tuple(points))


if __name__ == "__main__":
    main()
