"""Figures without pyplot: colours and panels of all plots, curves of loss, files with the same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...errors import OptionError, did_you_mean
from ...files import folder as make_folder
from ...files import write_whole
from ...sentences import said

__all__ = ["BLUE", "COLOURS", "GREY", "RED", "curves", "panels", "save_figure"]


BLUE, RED, GREY = "#1f5fb4", "#c00000", "#8a8a8a"

COLOURS = (
    "#1f5fb4", "#d95f02", "#1b9e77", "#7b3fa0", "#a6761d",
    "#c0267e", "#66a61e", "#4d4d4d", "#00a0b0", "#b5a000",
)
"""One colour a class, told apart also by those who see red and green alike; markers differ too."""


def panels(
    count: int, most: int = 4, width: float = 3.2, height: float = 2.6
) -> tuple[Figure, list[Any]]:
    """Return a figure with `count` axes in rows of at most `most`; unused places are left blank."""
    rows = -(-count // min(count, most))
    columns = -(-count // rows)  # rows as even as they can be: four panels are 2 by 2, not 3 and 1
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    axes = [figure.add_subplot(rows, columns, place + 1) for place in range(count)]
    return figure, axes


_KINDS = ("png", "svg", "pdf")


def save_figure(figure: Figure, path: str | Path, dpi: int = 144) -> Path:
    """Write the figure as the PNG, SVG or PDF that the path ends in; return the path.

    Raises:
        OptionError: another ending.
        FileError: the file cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lstrip(".").lower()
    if kind not in _KINDS:
        hint = did_you_mean(kind, _KINDS)
        raise OptionError(
            said("{path}: a figure is written as .png, .svg or .pdf", path=path)
            + (f"; {hint}" if hint else "")
        )
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[kind]
    held = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "backprop_tutor"}):
        figure.savefig(held, format=kind, dpi=dpi, metadata=metadata)
    make_folder(path.parent)
    return write_whole(path, held.getvalue())


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
