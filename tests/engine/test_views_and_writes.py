"""Random programs of views, writes and derivatives, with what PyTorch 2.13 made of them.

Stored by `python -m benchmarks.torch_fuzz --store`, which also makes as many others as wanted.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from typing import Any

import pytest
from shared import ROOT, load_cases

from backprop_tutor import engine


def _loaded() -> Any:
    """Return the module that makes and compares the programs."""
    spec = importlib.util.spec_from_file_location(
        "fuzz_programs", ROOT / "benchmarks" / "fuzz_programs.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


FUZZ = _loaded()
CASES = load_cases("torch_views.json")


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number in range(len(CASES))])
def test_views_and_writes_are_pytorchs(case: dict[str, Any]) -> None:
    """Every statement ends as there; then every tensor has the values, the history and the gradient."""
    run = FUZZ.Run(engine)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line, expected in zip(case["program"], case["errors"], strict=True):
            assert run.step(line) == expected, line
        assert FUZZ.difference(run.state(), case["state"]) == ""


def test_a_difference_is_found() -> None:
    """What is compared would notice another value, version, history or gradient."""
    run = FUZZ.Run(engine)
    for line in ("a = torch.ones(2, requires_grad=True)", "b = a * 2", "b.sum().backward()"):
        assert run.step(line) == ""
    state = run.state()
    assert FUZZ.difference(state, state) == ""
    for place, other in ((0, [2.0, 3.0]), (3, "SubBackward0"), (4, 7), (5, [1.0, 1.0])):
        changed = {name: list(values) for name, values in state.items()}
        changed["a" if place == 5 else "b"][place] = other
        assert FUZZ.difference(changed, state) != ""
