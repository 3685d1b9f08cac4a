"""The gradient tape: what is computed while it records can be differentiated afterwards.

One pass a tape, unless it is persistent; a tape within a tape gives second derivatives; loops and
conditions are differentiated along the path that was taken.
"""

from __future__ import annotations

from backprop_tutor import engine as torch
from backprop_tutor.engine import GradientTape


def square_of_sum() -> None:
    x = torch.ones(2, 2)
    with GradientTape() as tape:
        tape.watch(x)
        y = x.sum()
        z = y * y
    slope = tape.gradient(z, x)
    print("d(Σx)²/dx =", slope.tolist())
    assert slope.tolist() == [[8.0, 8.0], [8.0, 8.0]]


def persistent() -> None:
    x = torch.tensor(3.0)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    print("dz/dx =", tape.gradient(z, x).item(), " dy/dx =", tape.gradient(y, x).item())
    assert tape.gradient(z, x).item() == 108.0
    assert tape.gradient(y, x).item() == 6.0


def control_flow() -> None:
    def product(x: torch.Tensor, count: int) -> torch.Tensor:
        output = torch.tensor(1.0)
        for i in range(count):
            if 1 < i < 5:
                output = output * x
        return output

    def slope(x: torch.Tensor, count: int) -> float:
        with GradientTape() as tape:
            tape.watch(x)
            out = product(x, count)
        return tape.gradient(out, x).item()

    x = torch.tensor(2.0)
    found = [slope(x, count) for count in (6, 5, 4)]
    print("through a loop:", found)
    assert found == [12.0, 12.0, 4.0]


def second_order() -> None:
    x = torch.tensor(1.0)
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(x)
            y = x * x * x
        first = inner.gradient(y, x)
    second = outer.gradient(first, x)
    print("x³ at 1: slope", first.item(), "and the slope's slope", second.item())
    assert (first.item(), second.item()) == (3.0, 6.0)


if __name__ == "__main__":
    square_of_sum()
    persistent()
    control_flow()
    second_order()
