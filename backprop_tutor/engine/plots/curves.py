"""Learning curves: the losses over the epochs, and beside them each metric."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...errors import OptionError
from ...sentences import said
from .style import BLUE, RED, panels

__all__ = ["curves"]

History = Any
"""`training.History`, which draws itself by this file."""


def curves(history: History, title: str = "") -> Figure:
    """Return a figure with one panel for the loss and one for each metric.

    Training is a solid blue line, validation a dashed red one; the epoch whose weights were kept is
    marked.

    Raises:
        OptionError: the history holds no epoch.
    """
    if not len(history):
        raise OptionError(said("the history holds no epoch: there is nothing to plot"))
    names = [name for name in history.history if not name.startswith("val_")]
    figure, axes = panels(len(names), most=3, width=4.5, height=3.4)
    for axis, name in zip(axes, names, strict=True):
        for key, style, colour, label in (
            (name, "-", BLUE, "training"), ("val_" + name, "--", RED, "validation"),
        ):
            values = history.history.get(key)
            if values:
                dot = "o" if len(values) == 1 else None
                axis.plot(
                    history.epoch[: len(values)], values, style, color=colour, label=label, marker=dot
                )
        if history.best_epoch is not None:
            axis.axvline(history.best_epoch, color="#8a8a8a", linestyle=":", label="kept")
        axis.set_xlabel("epoch")
        axis.set_ylabel(name)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
        axis.legend()
    if title:
        figure.suptitle(title)
    return figure
