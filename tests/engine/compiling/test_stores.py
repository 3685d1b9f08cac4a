"""Arrays of one group lie together, so that one call updates them; what somebody else holds is not moved."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine.compiling import program
from backprop_tutor.engine.compiling.stores import aligned, blocks, laid, parts, stretch
from backprop_tutor.engine.compiling.writing import statements

nn, F = torch.nn, torch.nn.functional


class Training:
    """A network with its step, and batches that are the same each time."""

    def __init__(
        self, sizes: tuple[int, ...], optimizer: Callable[[Any], Any], count: int = 6, halved: bool = False
    ) -> None:
        torch.manual_seed(1)
        layers = [nn.Linear(n, m) for n, m in pairwise(sizes)]
        self.model = model = nn.Sequential(*layers)
        self.optimizer = steps = optimizer(model.parameters())
        rng = np.random.default_rng(0)
        self.x = torch.tensor(rng.normal(size=(count, sizes[0])).astype(np.float32))
        self.y = torch.tensor(rng.integers(0, sizes[-1], count))

        def train_step(x: Any, y: Any) -> Any:
            steps.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            steps.step()
            if halved:
                with torch.no_grad():
                    model[0].weight.mul_(0.5)
            return loss

        self.train_step = train_step
        self.step = torch.compile(train_step)

    def run(self, step: Any, times: int = 5) -> list[Any]:
        """Return what so many steps leave."""
        losses = [step(self.x, self.y).item() for _ in range(times)]
        kept = [each._a for state in self.optimizer.state.values() for each in state.values()]
        return [*losses, *(p._a for p in self.model.parameters()),
                *(p.grad._a for p in self.model.parameters()), *kept]


OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.01),
}


@pytest.mark.parametrize("name", ["adam", "nadam"])
def test_long_stretches_and_small_batches_leave_an_eager_steps_bits(name: str) -> None:
    """A large first layer: its product turned, its update in blocks; every bit is eager training's."""
    eager, written = (Training((784, 180, 3), OPTIMIZERS[name], 9) for _ in range(2))
    for a, b in zip(written.run(written.step, 4), eager.run(eager.train_step, 4), strict=True):
        np.testing.assert_array_equal(a, b)
    assert "65536 entries at a time" in written.step.source
    assert written.step.calls["written"] >= 2, written.step.reason


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.bool_, np.complex128])
def test_large_arrays_begin_at_a_line_of_the_cache(kind: Any) -> None:
    """Wherever NumPy's memory begins; small ones take no more room than NumPy's."""
    made = [aligned((4096 + i, 3), kind) for i in range(8)]
    assert [each.ctypes.data % 64 for each in made] == [0] * 8
    assert [(each.shape, each.dtype) for each in made] == [((4096 + i, 3), np.dtype(kind)) for i in range(8)]
    assert aligned((2, 2), kind).base is None


def test_parameters_moments_and_gradients_begin_at_a_line_of_the_cache() -> None:
    """The stretches of a compiled step do, after gradients were given new memory, too."""
    training = Training((784, 20, 3), OPTIMIZERS["adam"])
    training.run(training.step, 3)
    weight = training.model[0].weight
    held = weight.grad._a
    training.run(training.step, 2)
    state = training.optimizer.state[weight]
    arrays = [weight._a, state["exp_avg"]._a, state["exp_avg_sq"]._a, weight.grad._a]
    assert weight.grad._a is not held
    assert [each.ctypes.data % 64 for each in arrays] == [0] * 4


def test_the_text_of_a_program_is_kept_small_and_read_whole() -> None:
    """It is read on request; until then its lines take no room of their own."""
    training = Training((4, 3), OPTIMIZERS["adam"])
    training.run(training.step, 3)
    written = training.step._last
    assert not written.lines.lines
    assert len(written._text) < len(training.step.source) / 2
    assert training.step.source.startswith("def step(a0, a1):\n")
    assert "return made(" in training.step.source


@pytest.mark.parametrize("label", [-1, 3, 2**62])
def test_a_label_of_no_class_among_many_is_told_by_an_eager_step(label: int) -> None:
    """More labels than are looked at one by one: the largest without sign is the test."""
    training = Training((4, 3), OPTIMIZERS["momentum"], count=40)
    training.run(training.step, 3)
    training.y[17] = label
    with pytest.raises(IndexError, match="out of bounds"):
        training.step(training.x, training.y)


def test_a_group_is_updated_by_one_call_for_all_its_parameters() -> None:
    """Parameters lie in one stretch, and so do the moments; each is what it was."""
    training = Training((4, 3, 2), OPTIMIZERS["momentum"])
    training.run(training.step, 3)
    listed = [p._a for p in training.model.parameters()]
    assert stretch(listed) is not None
    assert stretch([s["momentum_buffer"]._a for s in training.optimizer.state.values()]) is not None
    assert training.step.source.count("# update of") == 6


@pytest.mark.parametrize("name", ["adam", "nadam"])
def test_no_array_has_the_name_of_anything_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are letters with numbers; the letters of arrays are never those of objects, so they cannot meet."""
    seen: list[tuple[set[str], set[str]]] = []

    def watched(lines: Any, plan: Any, after: Any) -> None:
        statements(lines, plan, after)
        held = {each.rstrip("0123456789") for each in lines._objects.values()}
        seen.append((held, {each.rstrip("0123456789") for each in plan.names.values()}))

    monkeypatch.setattr(program, "statements", watched)
    training = Training((4, 3, 2), OPTIMIZERS[name])
    training.run(training.step, 3)
    assert seen
    for objects, arrays in seen:
        assert objects & arrays == set()


def test_a_group_that_was_trained_eagerly_before_lies_together_too() -> None:
    """What an optimizer keeps for its own sake is no reason to leave the arrays where they are."""
    training = Training((4, 3, 2), lambda p: torch.optim.SGD(p, lr=0.1))
    training.run(training.train_step, 2)
    training.run(training.step, 2)
    assert stretch([p._a for p in training.model.parameters()]) is not None


def test_a_compiled_step_holds_no_more_than_an_eager_one() -> None:
    """Nothing that was recorded is kept, nor what eager updates compute in."""
    held = []
    for compiled in (False, True):
        training = Training((300, 200, 3), OPTIMIZERS["nadam"])
        step = training.step if compiled else training.train_step
        tracemalloc.start()
        training.run(step, 3)
        gc.collect()
        tracemalloc.reset_peak()
        training.run(step, 1)
        held.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert held[1] < 1.1 * held[0]


def _data(model: Any) -> Any:
    return model[0].weight.data


def _turned(model: Any) -> Any:
    return model[0].weight.detach().T


def _array(model: Any) -> Any:
    return model[0].bias.detach().numpy()


@pytest.mark.parametrize("held", [_data, _turned, _array])
def test_a_weight_that_somebody_holds_is_not_moved(held: Any) -> None:
    """`.data`, a view and an array show the weight after compiled steps as after eager ones."""
    training = Training((4, 3, 2), OPTIMIZERS["adam"])
    kept = held(training.model)
    training.run(training.step)
    assert training.step.calls["written"] == 3
    np.testing.assert_array_equal(np.asarray(kept), np.asarray(held(training.model)))


def test_arrays_of_gradients_that_somebody_holds_stay_what_they_were() -> None:
    """What `numpy()` gave of a gradient is left alone by later steps, though gradients lie together."""
    training = Training((4, 3, 2), OPTIMIZERS["adam"])
    training.run(training.step)
    kept = training.model[1].bias.grad.numpy()[:]  # a view, of which NumPy says that it is one of the stretch
    seen = kept.copy()
    training.run(training.step, 2)
    np.testing.assert_array_equal(kept, seen)
    assert not np.array_equal(kept, training.model[1].bias.grad.numpy())


def test_a_weight_that_is_written_after_the_step_is_written_in_its_place() -> None:
    """A constraint on the weights after the step reads what the update left, and holds."""
    eager, written = (Training((4, 3, 2), OPTIMIZERS["momentum"], halved=True) for _ in range(2))
    for a, b in zip(written.run(written.step), eager.run(eager.train_step), strict=True):
        np.testing.assert_array_equal(a, b)
    assert written.step.calls["written"] == 3, written.step.reason


def test_pieces_of_a_stretch() -> None:
    """Parts, views and blocks of a stretch; a gap, another order or another base is no stretch."""
    flat = np.arange(6.0)
    assert list(parts([(2, 1), (), (3,)])) == [(0, 2, (2, 1)), (2, 3, ()), (3, 6, (3,))]
    views = laid(flat, [(2, 1), (), (3,)])
    assert stretch(views) is not None
    assert stretch([views[0], views[2]]) is None
    assert stretch([np.zeros(2), np.zeros(2)]) is None
    assert stretch([np.zeros((2, 3)).T]) is None
    long, room = np.zeros(65536 + 4), np.zeros(65536)
    assert [tuple(each.size for each in piece) for piece in blocks([long, room], [False, True])] == [
        (65536, 65536), (4, 4)]
