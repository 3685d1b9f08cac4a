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


THROUGH = (
    "a view of a tensor that takes part in a graph is written in place. The graph of its base would not "
    "follow: write to the base by an index, as in `x[1:] = x[1:] * 2`, to the whole base, or to a copy of "
    "the view (`view.clone()`)."
)
STALE = (
    "this view was taken before its base was written in place; what it holds is of after the write, its "
    "graph of before. Take the view again after the write."
)


@pytest.mark.parametrize(
    "write",
    [
        lambda y: y[1:].mul_(2), lambda y: y.view(3, 1).add_(1), lambda y: y[0].zero_(),
        lambda y: y.t().copy_(torch.zeros(3)), lambda y: y.unbind()[1].fill_(2.0),
        lambda y: y[1:].__setitem__(0, 5.0), lambda y: y[::2].exp_(), lambda y: y.detach()[1:].mul_(y[1:]),
        lambda y: torch.nn.functional.relu(y[1:], inplace=True), lambda y: y.reshape(3)[:2].__iadd__(1),
    ],
)
def test_a_write_through_a_view_of_a_recorded_tensor_is_refused(write: Any) -> None:
    """It is refused before anything is written, and the gradient is that of what is there."""
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    with pytest.raises(RuntimeError) as caught:
        write(y)
    assert str(caught.value) == THROUGH
    y.sum().backward()
    assert y.tolist() == [1.0, 2.0, 3.0]
    assert x.grad.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "use",
    [
        lambda v: v.sum().backward(), lambda v: v.sort()[0].sum().backward(), lambda v: v * 2,
        lambda v: v[0], lambda v: torch.stack([v, v]), lambda v: v.unbind(), lambda v: v.mul_(2),
        lambda v: torch.autograd.grad(v, [torch.ones(1, requires_grad=True)], torch.ones(2)),
    ],
)
def test_a_view_of_before_a_write_is_refused(use: Any) -> None:
    """A view taken before its base was written is not used: its graph is of before."""
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    view = y[0:2]
    y.mul_(2)
    with pytest.raises(RuntimeError) as caught:
        use(view)
    assert str(caught.value) in (STALE, THROUGH)
    y[0:2].sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 0.0]


def test_a_view_keeps_its_graph_when_its_base_is_detached() -> None:
    """`detach_` writes nothing: a view of before is used as before, unless there was a write, too."""
    x = torch.ones(3, requires_grad=True)
    y = x * 2
    view = y[1:]
    y.detach_()
    (view * 3).sum().backward()
    assert x.grad.tolist() == [0.0, 6.0, 6.0]
    y = x * 2
    view = y[1:]
    y.mul_(2)
    y.detach_()
    with pytest.raises(RuntimeError, match="Take the view again after the write"):
        view * 3


def test_a_view_of_a_constant_is_refused_once_its_base_takes_part() -> None:
    """What a write brought into a graph is not read through a view that knows nothing of it."""
    w = torch.tensor(2.0, requires_grad=True)
    base = torch.zeros(3)
    view = base[1:]
    base[1] = w
    with pytest.raises(RuntimeError, match="Take the view again after the write"):
        view * 1
    (base[1:] * 3).sum().backward()
    assert w.grad.item() == 3.0


def test_views_are_written_where_nothing_is_recorded() -> None:
    """Under no_grad, and of constants, a write through a view is one to its base; the version counts it."""
    w = torch.ones(2, 3, requires_grad=True)
    with torch.no_grad():
        w[0].mul_(5)
        w.t()[0] = 7.0
    assert w.tolist() == [[7.0, 5.0, 5.0], [7.0, 1.0, 1.0]]
    assert w._version == 2
    base = torch.zeros(4)
    base.view(2, 2)[1].add_(1)
    assert base.tolist() == [0.0, 0.0, 1.0, 1.0]
    y = w.exp()
    with torch.no_grad():
        y[0].zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_random_programs_of_writes_by_index_are_right() -> None:
    """Recorded writes at slices, numbers, masks and positions give the gradient of the pure program."""
    rng = np.random.default_rng(3)
    keys: list[Any] = [1, (slice(None), 2), (slice(0, 2), slice(1, 3)), (slice(None, None, 2), -1),
                       [0, 2], (Ellipsis, [0, 3]), torch.eye(3, 4).bool(), (1, [0, 2]), (None, 1)]
    for _ in range(25):
        x = torch.tensor(rng.normal(size=(3, 4)), requires_grad=True)
        ops = [(int(rng.integers(len(keys))), float(rng.normal())) for _ in range(5)]

        def written(x: Any, ops: Any = ops) -> Any:
            y = x * 1
            for which, factor in ops:
                y[keys[which]] = y[keys[which]] * factor + y[0, 0] * 0.5
            return (y * y).sum()

        def pure(x: Any, ops: Any = ops) -> Any:
            y = x
            for which, factor in ops:
                hit = torch.zeros(3, 4, dtype=torch.float64)
                hit[keys[which]] = 1.0
                y = y * (1 - hit) + hit * (y * factor + y[0, 0] * 0.5)
            return (y * y).sum()

        a, b = written(x), pure(x)
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


@pytest.mark.filterwarnings("ignore:.*create_graph=True")
@pytest.mark.parametrize("asked", ["grad", "backward"])
def test_a_graph_is_kept_where_derivatives_of_it_are_asked_for(asked: str) -> None:
    """`create_graph` keeps the graph where `retain_graph` says nothing, and not where it says False."""
    def derive(y: Any, x: Any, **options: Any) -> Any:
        if asked == "backward":
            y.backward(inputs=[x], **options)
            return x.grad
        return torch.autograd.grad(y, [x], **options)[0]

    for options, kept in (
        ({}, False), ({"create_graph": True}, True), ({"retain_graph": True}, True),
        ({"create_graph": True, "retain_graph": False}, False),
    ):  # fmt: skip
        x = torch.tensor([2.0], requires_grad=True)
        y = (x * x).exp().sum()
        derive(y, x, **options)
        if kept:
            torch.autograd.grad(y, [x])
        else:
            with pytest.raises(RuntimeError, match="a second time"):
                torch.autograd.grad(y, [x])
