"""Random programs of views, writes and derivatives, with what PyTorch 2.13 made of them.

Stored by `python -m benchmarks.torch_fuzz --store`, which also makes as many others as wanted.
"""

from __future__ import annotations

import warnings
from typing import Any

from random_programs import Run, difference
from shared import faults_of, load_cases

from backprop_tutor import engine

CASES = load_cases("torch_views.json")


def test_views_and_writes_are_pytorchs() -> None:
    """Every statement ends as there; then every tensor has the values, the history and the gradient.

    A program ends earlier where the engine refuses a write through a view, or a view of before a write.
    """
    assert faults_of(assert_as_pytorch, [(number,) for number in range(len(CASES))]) == []


def assert_as_pytorch(number: int) -> None:
    """The program of one case ends as PyTorch's does."""
    case: dict[str, Any] = CASES[number]
    run = Run(engine)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line, expected in zip(case["program"], case["errors"], strict=True):
            assert run.step(line) == expected, line
        assert difference(run.state(), case["state"]) == ""
        if "refused" in case:
            line, said = case["refused"]
            assert run.step(line) == said


def test_a_difference_is_found() -> None:
    """What is compared would notice another value, version, history or gradient."""
    run = Run(engine)
    for line in ("a = torch.ones(2, requires_grad=True)", "b = a * 2", "b.sum().backward()"):
        assert run.step(line) == ""
    state = run.state()
    assert difference(state, state) == ""
    for place, other in ((0, [2.0, 3.0]), (3, "SubBackward0"), (4, 7), (5, [1.0, 1.0])):
        changed = {name: list(values) for name, values in state.items()}
        changed["a" if place == 5 else "b"][place] = other
        assert difference(changed, state) != ""
