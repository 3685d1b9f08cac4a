"""What layers look like while they learn: histograms of weights and gradients, and activations.

Gradients that shrink from the last layer to the first, as they do behind many sigmoids, show as
histograms that grow narrower: all panels share the scale of the widest, and say their deviation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ...errors import OptionError
from ..autograd.tape import wrap
from ..fused.activations import layers
from ..training.choices import ACTIVATIONS, chosen
from .figures import BLUE, RED, panels

__all__ = ["activations", "gradient_histograms", "weight_histograms"]


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
