"""The recorded graph: how it is walked, freed, watched and kept small."""

from __future__ import annotations

import gc
import tracemalloc
import warnings
import weakref
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch


def test_a_chain_of_20000_operations_needs_no_recursion() -> None:
    """A long chain goes backward, and is freed, without exhausting Python's stack."""
    x = torch.tensor([1.0], requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y + 0.5
    y.sum().backward()
    assert x.grad.item() == 1.0
    held = weakref.ref(y.grad_fn)
    del y
    assert held() is None


def test_a_long_chain_differentiates_twice() -> None:
    """Higher orders walk long chains too."""
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(2_000):
        y = y * 1.0001 + x * x * 1e-4
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    (h,) = torch.autograd.grad(g, x)
    n, r = 2000, 1.0001
    total = (r**n - 1) / (r - 1)
    assert h.item() == pytest.approx(2e-4 * total)


def test_training_steps_leave_nothing_behind() -> None:
    """Memory after many steps is what it was after few, without the garbage collector's help."""
    torch.manual_seed(0)
    w = torch.rand(3, 3, requires_grad=True)
    x = torch.rand(4, 3)

    def step() -> None:
        w.grad = None
        ((x @ w).sigmoid().sum(1) - 1).pow(2).mean().backward()
        with torch.no_grad():
            w.sub_(0.01 * w.grad)

    for _ in range(200):
        step()
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(2000):
            step()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(2000):
            step()
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before < 20_000


def test_a_view_made_each_step_is_not_remembered() -> None:
    """Slicing a long-lived tensor over and over keeps no list of the slices."""
    data = torch.rand(100, 2, requires_grad=True)
    first = weakref.ref(data[3:5])
    assert first() is None


def test_a_shared_gradient_array_is_not_shared_between_leaves() -> None:
    """Two leaves that receive the same gradient own an array each."""
    a, b = (torch.zeros(3, requires_grad=True) for _ in range(2))
    (a + b).sum().backward()
    a.grad.mul_(5)
    assert b.grad.tolist() == [1.0, 1.0, 1.0]


def test_backward_runs_each_node_once_in_a_wide_graph() -> None:
    """Sixty doublings by fan-out cost sixty steps, not two to the sixty."""
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad.item() == 2.0**60


def test_only_the_wanted_part_of_the_graph_runs() -> None:
    """`autograd.grad` does not run nodes that lead to no input asked for."""
    seen: list[str] = []
    x = torch.ones(2, requires_grad=True)
    z = torch.ones(2, requires_grad=True)
    y = z * 2
    y.register_hook(lambda g: seen.append("z"))
    torch.autograd.grad((x * 3).sum() + (y * z).sum(), x)
    assert seen == []


def test_hooks_of_nodes_see_and_replace_gradients() -> None:
    """Hooks before and after a node get its gradients as tuples, and may change them."""
    x = torch.tensor([2.0], requires_grad=True)
    y = x * 3
    seen: list[Any] = []
    y.grad_fn.register_prehook(lambda outs: seen.append(outs[0].item()))
    y.grad_fn.register_hook(lambda ins, outs: (ins[0] * 10, *ins[1:]))
    y.sum().backward()
    assert seen == [1.0]
    assert x.grad.item() == 30.0


def test_a_hook_after_accumulation_can_update_at_once() -> None:
    """`register_post_accumulate_grad_hook` sees the finished gradient."""
    x = torch.tensor([2.0], requires_grad=True)
    seen: list[float] = []
    x.register_post_accumulate_grad_hook(lambda leaf: seen.append(leaf.grad.item()))
    (x * x + x).sum().backward()
    assert seen == [5.0]


def test_a_hook_of_another_size_is_refused() -> None:
    """A hook must not change the size of a gradient."""
    x = torch.tensor([2.0], requires_grad=True)
    x.register_hook(lambda g: torch.ones(3))
    with pytest.raises(RuntimeError, match="has changed the size of value"):
        (x * 2).sum().backward()


def test_a_pass_inside_a_hook_does_not_disturb_the_outer_one() -> None:
    """Passes keep their sums to themselves, so one can run within another."""
    x = torch.tensor([2.0], requires_grad=True)
    w = torch.tensor([5.0], requires_grad=True)

    def hook(g: Any) -> None:
        with torch.enable_grad():
            (w * w).sum().backward()

    y = x * 3
    y.register_hook(hook)
    (y * y).sum().backward()
    assert x.grad.item() == 36.0
    assert w.grad.item() == 10.0


def test_anomaly_detection_names_the_recording_line() -> None:
    """Under anomaly detection a nan gradient is an error, and a warning shows where it was made."""
    x = torch.tensor([0.0], requires_grad=True)

    def anomalous(x: Any) -> None:
        with torch.autograd.detect_anomaly():
            y = x.sqrt() * 0
            y.sum().backward()

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError, match="returned nan values in its 0th output"):
            anomalous(x)
    assert any("x.sqrt() * 0" in str(w.message) for w in heard)


def test_views_follow_what_is_written_to_their_base() -> None:
    """A view taken before a write shows the write, in value and in gradient."""
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    part, row = y[1:], y.view(3, 1)
    y[2] = 7.0
    part.mul_(2)
    row.sum().backward()
    assert y.tolist() == [1.0, 4.0, 14.0]
    assert x.grad.tolist() == [1.0, 2.0, 0.0]


def test_random_programs_of_writes_through_views_are_right() -> None:
    """Writes through views of a base, in random order, give the gradient of the same pure program."""
    rng = np.random.default_rng(3)
    for _ in range(25):
        x = torch.tensor(rng.normal(size=(3, 4)), requires_grad=True)
        ops = [(int(rng.integers(4)), float(rng.normal())) for _ in range(5)]

        def inplace(x: Any, ops: Any = ops) -> Any:
            y = x * 1
            views = (y[1], y.t()[2], y.reshape(-1)[::5], y[:, 1:3])
            for which, factor in ops:
                views[which].mul_(factor).add_(y[0, 0] * 0.5)
            return (y * y).sum() + views[3].sum()

        def pure(x: Any, ops: Any = ops) -> Any:
            flat = torch.arange(12).reshape(3, 4)
            places = (flat[1], flat.t()[2], flat.reshape(-1)[::5], flat[:, 1:3])
            y = x.reshape(-1)
            for which, factor in ops:
                where = places[which].reshape(-1)
                hit = torch.zeros(12, dtype=torch.float64)
                hit[where] = 1.0
                scaled = y * (1 - hit + hit * factor)
                y = scaled + hit * scaled[0] * 0.5
            y = y.reshape(3, 4)
            return (y * y).sum() + y[:, 1:3].sum()

        a, b = inplace(x), pure(x)
        assert a.item() == pytest.approx(b.item())
        (ga,) = torch.autograd.grad(a, x)
        (gb,) = torch.autograd.grad(b, x)
        np.testing.assert_allclose(ga.numpy(), gb.numpy(), rtol=1e-12)


def test_gradients_of_a_created_graph_are_each_leafs_own() -> None:
    """Under create_graph a leaf gets a copy: one that may be written to, and is no other leaf's."""
    a, b = (torch.ones(2, requires_grad=True) for _ in range(2))
    with pytest.warns(UserWarning, match="create_graph=True"):
        (a + b).sum().backward(create_graph=True)
    assert a.grad is not None
    assert b.grad is not None
    with torch.no_grad():
        a.grad.mul_(5)
    assert a.grad.tolist() == [5.0, 5.0]
    assert b.grad.tolist() == [1.0, 1.0]
    c = torch.tensor(2.0, requires_grad=True)
    with pytest.warns(UserWarning, match="create_graph=True"):
        (c**3).backward(create_graph=True)
    assert c.grad is not None
    assert c.grad.grad_fn.name() == "torch::autograd::CopyBackwards"


def test_positions_written_to_are_freed_with_the_graph() -> None:
    """A second backward through a write at positions is refused, as PyTorch, which saved them, does."""
    x, at = torch.zeros(3, requires_grad=True), torch.tensor([0, 2])
    written = x.clone()
    written[at] = torch.ones(2)
    for y in (x.index_select(0, at).sum(), written.sum()):
        y.backward()
        with pytest.raises(RuntimeError, match="backward through the graph a second time"):
            y.backward()
