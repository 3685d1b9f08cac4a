"""Activation functions drawn with their derivatives, which the engine itself computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ...errors import OptionError
from ..autograd.tape import wrap
from ..fused.derived import layers
from ..training.choices import ACTIVATIONS, chosen
from .style import BLUE, RED, panels

__all__ = ["activations"]


def activations(
    names: Sequence[str] | None = None,
    low: float = -5.0,
    high: float = 5.0,
) -> Figure:
    """Return a figure with one panel a function: the function solid blue, its slope dashed red.

    Without names every activation of the table is drawn.

    Raises:
        OptionError: an unknown name, or an empty interval.
    """
    if names is None:
        names = layers()
    if not names:
        raise OptionError(f"no activation named; there are {', '.join(ACTIVATIONS)}")
    if not low < high:
        raise OptionError(f"from {low} to {high}; expected an interval that rises")
    figure, axes = panels(len(names), most=3, width=3.6, height=2.8)
    for axis, name in zip(axes, names, strict=True):
        x = wrap(np.linspace(low, high, 401)).requires_grad_()
        y = chosen("activation", name, ACTIVATIONS)()(x)
        y.sum().backward()
        slope: Any = x.grad  # there is one after a backward pass
        axis.plot(x._a, y._a, color=BLUE, label=name)
        axis.plot(x._a, slope._a, "--", color=RED, label="slope")
        axis.axhline(0, color="#8a8a8a", linewidth=0.6)
        axis.axvline(0, color="#8a8a8a", linewidth=0.6)
        axis.set_title(name)
        axis.legend(fontsize="small")
    return figure
