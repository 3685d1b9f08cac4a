"""The two switches that losses had before `reduction`, on every loss that takes them."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from backprop_tutor.engine import nn

PARAMETERS = {name: inspect.signature(getattr(nn, name)).parameters for name in nn.__all__ if name.endswith("Loss")}
LOSSES = sorted(name for name, taken in PARAMETERS.items() if "size_average" in taken)
REDUCED = sorted(name for name, taken in PARAMETERS.items() if "reduction" in taken)


def test_losses_are_found() -> None:
    """The loop below goes over those that take more than the two, too."""
    assert {"MSELoss", "CrossEntropyLoss", "KLDivLoss", "NLLLoss", "BCEWithLogitsLoss", "SmoothL1Loss"} <= {*LOSSES}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(
    ("switches", "reduction"),
    [({"size_average": False}, "sum"), ({"reduce": False}, "none"), ({"size_average": True, "reduce": True}, "mean"),
     ({"size_average": False, "reduce": True}, "sum"), ({"size_average": True, "reduce": False}, "none")],
)  # fmt: skip
def test_switches_become_a_reduction(name: str, switches: dict[str, Any], reduction: str) -> None:
    """`size_average=False` adds up and `reduce=False` keeps every element, with a warning of what to write."""
    with pytest.warns(UserWarning, match=f"reduction='{reduction}'"):
        loss = getattr(nn, name)(**switches)
    assert loss.reduction == reduction


@pytest.mark.parametrize("name", REDUCED)
def test_a_reduction_is_kept(name: str) -> None:
    """Without the switches, what `reduction` says stands."""
    assert [getattr(nn, name)(reduction=said).reduction for said in ("none", "mean", "sum")] == ["none", "mean", "sum"]
