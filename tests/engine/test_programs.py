"""Small PyTorch programs end on the engine as they did on PyTorch 2.13: values, errors, warnings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from programs import difference, outcome
from shared import CASES

from backprop_tutor import engine

FILES = sorted((CASES / "torch").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_programs_end_as_on_pytorch(path: Path) -> None:
    """The value, dtype and shape, or the exception and its message, and the warnings are PyTorch's."""
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    found = {f"{case['topic']}: {case['case']}": difference(outcome(engine, case), case) for case in cases}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    ("result", "program", "said"),
    [
        (2.0, "R=2.0", ""), (2.0, "R=2", ""), (2.0, "R=2.1", "2.1 is not 2.0"),
        (True, "R=1", "1 is not True"), ([1.0], "R=[1.0, 2.0]", "[1.0, 2.0] is not [1.0]"),
        ("nan", "R=math.nan", ""), (1, "R=1; warnings.warn('so')", "warns ['so'] instead of []"),
        ({"raises": "ValueError", "message": "no"}, "raise ValueError('no')", ""),
        ({"raises": "ValueError", "message": "no"}, "raise TypeError('no')",
         "TypeError instead of ValueError"),
        ({"raises": "ValueError", "message": "no"}, "raise ValueError('yes')", "says 'yes' instead of 'no'"),
        ({"raises": "ValueError", "message": "no"}, "R=1", "1 instead of ValueError: no"),
        ("\"mse_cpu\" not implemented for 'Long'",
         "R='mse_loss() is not defined for torch.int64; convert the tensor first, as by .float()'", ""),
        ("\"mse_cpu\" not implemented for 'Long'",
         "R='mse_loss() is not defined for torch.int32; convert the tensor first, as by .float()'",
         "mse_loss() is not defined for torch.int32; convert the tensor first, as by .float() is not "
         "\"mse_cpu\" not implemented for 'Long'"),
    ],
)
def test_a_difference_is_found(result: Any, program: str, said: str) -> None:
    """What compares two outcomes tells values, kinds, messages and warnings apart."""
    assert difference(outcome(engine, {"program": program}), {"result": result}) == said
