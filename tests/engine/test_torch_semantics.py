"""One-line PyTorch programs run on the engine give PyTorch's results, errors and warnings."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch

FILES = (
    "torch_semantics.json", "torch_programs.json", "torch_programs_course.json",
    "torch_programs_exam.json", "torch_dtypes.json", "torch_linear_algebra.json",
)
CASES = [
    case
    for name in FILES
    for case in json.loads(
        (Path(__file__).parents[1] / "cases" / name).read_text(encoding="utf-8")
    )["cases"]
]


def _leaf(values: Any, g: bool = True) -> Any:
    return torch.tensor(values, dtype=torch.float64, requires_grad=g)


def _grad(function: Any, *xs: Any) -> Any:
    return torch.autograd.grad(function(*xs).sum(), xs)


def _names() -> dict[str, Any]:
    return {
        "torch": torch, "t": _leaf, "grad": _grad, "np": np, "math": math, "nn": torch.nn,
        "Fn": torch.nn.functional, "F": torch.nn.functional,
    }


def run(program: str) -> Any:
    """Run a program of the case file and return its R."""
    names = _names()
    exec(compile(program, "<case>", "exec"), names)  # noqa: S102  (the project's own case file)
    return names.get("R")


def plain(value: Any) -> Any:
    """Return a result as the case file writes it."""
    if isinstance(value, torch.Tensor):
        return {
            "tensor": plain(value.tolist()), "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
        }
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def same(found: Any, expected: Any, tolerance: float) -> bool:
    """Return whether two plain results agree, numbers to a relative tolerance."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key], tolerance) for key in expected
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(
            same(a, b, tolerance) for a, b in zip(found, expected, strict=True)
        )
    if isinstance(expected, float) and isinstance(found, (int, float)):
        return math.isclose(found, expected, rel_tol=tolerance, abs_tol=1e-12)
    return bool(type(found) is type(expected) and found == expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['category']}: {case['case']}")
def test_a_program_gives_what_pytorch_gives(case: dict[str, Any]) -> None:
    """The value, dtype and shape, or the exception and its message, and the warnings are PyTorch's."""
    expected = case["result"]
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        if isinstance(expected, dict) and "raises" in expected:
            with pytest.raises(Exception) as caught:  # noqa: PT011  (its type is compared below)
                run(case["program"])
            given = caught.value
            assert expected["raises"] in [kind.__name__ for kind in type(given).__mro__]
            message = " ".join(str(given).split())
            wanted = " ".join(expected["message"].split())
            assert message == wanted or str(given).split("\n")[0] == expected["message"]
        else:
            tolerance = 1e-5 if "1e-5" in case["case"] else 1e-6
            found = plain(run(case["program"]))
            assert same(found, expected, tolerance), f"{found} is not {expected}"
    texts = [str(each.message) for each in heard]
    for wanted in case.get("warns", []):
        assert any(text.startswith(wanted) for text in texts), texts
    if not case.get("warns"):
        assert not texts
