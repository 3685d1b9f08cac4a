"""Histograms of a model's weights, and of its gradients, one panel a layer.

Gradients that shrink from the last layer to the first, as they do behind many sigmoids, show as
histograms that grow narrower: all panels share the scale of the widest, and say their deviation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ...errors import OptionError
from .style import BLUE, RED, panels

__all__ = ["gradient_histograms", "weight_histograms"]


def _drawn(
    model: Any, read: Callable[[Any], Any], what: str, colour: str, bins: int, shared: bool
) -> Figure:
    found = []
    for name, parameter in model.named_parameters():
        values = read(parameter)
        if values is not None and parameter.dim() > 1:
            found.append((name, np.asarray(values).reshape(-1)))
    if not found:
        raise OptionError(f"the model has no {what} to draw")
    widest = max((float(np.abs(values).max(initial=0)) for _, values in found), default=0) or 1.0
    figure, axes = panels(len(found))
    for axis, (name, values) in zip(axes, found, strict=True):
        own = float(np.abs(values).max(initial=0)) or 1.0
        reach = widest if shared else own
        axis.hist(values, bins=bins, range=(-reach, reach), color=colour)
        axis.set_title(f"{name}\nstd {values.std():.2e}", fontsize="small")
        axis.ticklabel_format(axis="x", style="sci", scilimits=(-2, 3))
    figure.suptitle(f"{what} by layer, first to last")
    return figure


def weight_histograms(model: Any, bins: int = 40, shared: bool = False) -> Figure:
    """Return a figure of the weights of each layer; biases and vectors are left out."""
    return _drawn(model, lambda p: p._a, "weights", BLUE, bins, shared)


def gradient_histograms(model: Any, bins: int = 40, shared: bool = True) -> Figure:
    """Return a figure of the gradients of each layer's weights, on one scale unless `shared` is off.

    Raises:
        OptionError: no weight has a gradient: `backward()` has not run.
    """
    return _drawn(
        model, lambda p: None if p.grad is None else p.grad._a, "gradients", RED, bins, shared
    )
