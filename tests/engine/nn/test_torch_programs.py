"""Programs over layers, losses, optimizers, schedules and loaders end as they do in PyTorch 2.13."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch

CASES = Path(__file__).parents[2] / "cases"


def _leaf(values: Any, g: bool = True) -> Any:
    return torch.tensor(values, dtype=torch.float64, requires_grad=g)


def _grad(function: Any, *xs: Any) -> list[Any]:
    leaves = [x.detach().clone().requires_grad_() for x in xs]
    function(*leaves).sum().backward()
    return [leaf.grad for leaf in leaves]


NAMES = {
    "torch": torch, "nn": torch.nn, "optim": torch.optim, "data": torch.utils.data,
    "F": torch.nn.functional, "t": _leaf, "grad": _grad, "np": np, "math": math,
    "OrderedDict": OrderedDict, "warnings": warnings,
}


def _cases() -> list[Any]:
    found = []
    for part in ("nn", "optim", "data"):
        held = json.loads((CASES / f"engine_{part}.json").read_text(encoding="utf-8"))
        for number, case in enumerate(held["cases"]):
            program = case["program"].replace("{NET}", held["meta"]["net"])
            program = program.replace("{RUN}", held["meta"]["run"])
            last = case["program"].strip().splitlines()[-1][-60:]
            found.append(pytest.param(program, case, id=f"{part}{number}: {last}"))
    return found


def plain(value: Any) -> Any:
    """Return a result as the case files write it."""
    if isinstance(value, torch.Tensor):
        return {
            "tensor": plain(value.tolist()),
            "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
        }
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if isinstance(value, (bool, int, str, type(None))) else str(value)


def same(found: Any, expected: Any, tolerance: float) -> bool:
    """Return whether two plain results agree, numbers to a relative tolerance."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return bool(found == expected)
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        size = max(1e-3, abs(found), abs(expected))
        return found == expected or abs(found - expected) <= tolerance * size
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(
            same(a, b, tolerance) for a, b in zip(found, expected, strict=True)
        )
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key], tolerance) for key in found
        )
    return bool(found == expected)


@pytest.mark.parametrize(("program", "case"), _cases())
def test_program(program: str, case: dict[str, Any]) -> None:
    """The program's result, or its exception and message, and its warnings are PyTorch's."""
    names = dict(NAMES)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(program, "<case>", "exec"), names)  # noqa: S102  (our own case file)
            found = plain(names.get("R"))
        except Exception as error:  # the cases say which exception is right
            message = re.sub(r"\s+", " ", str(error))
            found = {"raises": type(error).__name__, "message": message}
    tolerance = 2e-5 if "float32" in json.dumps(case) else 1e-6
    assert same(found, case["result"], tolerance), (found, case["result"])
    assert [str(each.message)[:250] for each in caught] == case.get("warns", [])
