"""Colours and figure making that all plots share; figures are made without pyplot."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

__all__ = ["BLUE", "COLOURS", "GREY", "RED", "panels"]

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
