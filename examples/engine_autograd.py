"""Autograd's walk-through: y = x + 2, z = 3y², out = mean(z) on ones(2, 2), gradients 4.5.

d out/dx = ¼ · 6(x + 2) = 4.5. Gradients of values on the way are kept on request, and a graph is
kept for a second pass on request.
"""

from __future__ import annotations

from backprop_tutor import engine as torch


def main() -> None:
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    z = y * y * 3
    out = z.mean()
    print("y was made by", type(y.grad_fn).__name__, "- x by nobody:", x.grad_fn)
    y.retain_grad()
    z.retain_grad()
    out.backward(retain_graph=True)
    print("d out/dx =", x.grad.tolist())
    assert x.grad.tolist() == [[4.5, 4.5], [4.5, 4.5]]
    assert y.grad.tolist() == [[4.5, 4.5], [4.5, 4.5]]
    assert z.grad.tolist() == [[0.25, 0.25], [0.25, 0.25]]
    out.backward()
    print("after a second pass:", x.grad.tolist())
    assert x.grad.tolist() == [[9.0, 9.0], [9.0, 9.0]]
    try:
        out.backward()
    except RuntimeError as error:
        print("a third pass:", str(error).split(".")[0])
    else:
        raise AssertionError("the graph was freed by the pass before")


if __name__ == "__main__":
    main()
