"""Figures without pyplot: the colours and panels of all plots, and files with the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from ...errors import OptionError, did_you_mean
from ...files import folder as make_folder
from ...files import write_whole
from ...sentences import said

__all__ = ["BLUE", "COLOURS", "GREY", "RED", "panels", "save_figure"]


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
