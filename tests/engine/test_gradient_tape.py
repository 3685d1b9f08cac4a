"""`GradientTape`: TensorFlow's way of asking for gradients."""

from __future__ import annotations

import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine import GradientTape


def test_a_watched_tensor_gets_its_gradient() -> None:
    """The square of a sum of four ones has the gradient 8 everywhere."""
    x = torch.ones(2, 2)
    with GradientTape() as tape:
        tape.watch(x)
        y = x.sum()
        z = y * y
    assert tape.gradient(z, x).tolist() == [[8.0, 8.0], [8.0, 8.0]]
    assert not x.requires_grad


def test_a_persistent_tape_answers_twice() -> None:
    """At x = 3, z = y², y = x²: dz/dx = 108 and dy/dx = 6."""
    x = torch.tensor(3.0)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    assert tape.gradient(z, x).item() == 108.0
    assert tape.gradient(y, x).item() == 6.0
    assert tape.gradient(z, [x, y])[1].item() == 18.0


def test_a_plain_tape_answers_once() -> None:
    """A second question to a tape that is not persistent is an error that says so."""
    x = torch.tensor(3.0)
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="non-persistent GradientTape can only be used"):
        tape.gradient(y, x)


def test_control_flow_is_recorded_as_it_happens() -> None:
    """Only the operations that ran count."""

    def f(x: torch.Tensor, n: int) -> torch.Tensor:
        out = torch.tensor(1.0)
        for i in range(n):
            if 1 < i < 5:
                out = out * x
        return out

    x = torch.tensor(2.0)
    for n, wanted in ((6, 12.0), (5, 12.0), (4, 4.0)):
        with GradientTape() as tape:
            tape.watch(x)
            y = f(x, n)
        assert tape.gradient(y, x).item() == wanted


def test_nested_tapes_give_higher_orders() -> None:
    """The second derivative of x³ at 2 is 12, the third 6."""
    x = torch.tensor(2.0)
    with GradientTape() as t3:
        t3.watch(x)
        with GradientTape() as t2:
            t2.watch(x)
            with GradientTape() as t1:
                t1.watch(x)
                y = x * x * x
            first = t1.gradient(y, x)
        second = t2.gradient(first, x)
    assert (first.item(), second.item(), t3.gradient(second, x).item()) == (12.0, 12.0, 6.0)


def test_what_is_not_connected_gives_none_or_zeros() -> None:
    """`unconnected_gradients` chooses; another word is refused with the choices."""
    x, w = torch.ones(2), torch.ones(3)
    with GradientTape(persistent=True) as tape:
        tape.watch([x, w])
        y = x.sum()
    assert tape.gradient(y, w) is None
    assert tape.gradient(y, w, unconnected_gradients="zero").tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="choose 'none' or 'zero'"):
        tape.gradient(y, w, unconnected_gradients="nought")


def test_sources_may_be_nested() -> None:
    """The answer has the structure of the sources."""
    a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    with GradientTape() as tape:
        y = a * b
    found = tape.gradient(y, {"a": a, "both": [a, b]})
    assert found["a"].item() == 3.0
    assert [g.item() for g in found["both"]] == [3.0, 2.0]


def test_recording_can_pause() -> None:
    """Nothing computed under `stop_recording` counts."""
    x = torch.tensor(3.0)
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
        with tape.stop_recording():
            z = y * y
    assert tape.gradient(z, x) is None


def test_the_jacobian_has_the_shape_of_both() -> None:
    """∂(x²)/∂x of a vector is a diagonal matrix."""
    x = torch.tensor([1.0, 2.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert tape.jacobian(y, x).tolist() == [[2.0, 0.0], [0.0, 4.0]]


@pytest.mark.parametrize("given", [3.0, torch.tensor([1, 2])])
def test_only_floating_tensors_can_be_watched(given: object) -> None:
    """Numbers and whole-number tensors are refused."""
    with GradientTape() as tape, pytest.raises((ValueError, TypeError)):
        tape.watch(given)
