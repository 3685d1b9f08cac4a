"""Keras's table of a model, `summary()`: each layer with its shape and its number of parameters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from .layers import Layer

__all__ = ["bytes_of", "summary_of"]


_WIDTHS = (33, 24, 15)


def bytes_of(parameters: int) -> str:
    """Return the memory of float32 parameters as Keras writes it.

    >>> bytes_of(101770), bytes_of(0)
    ('397.54 KB', '0.00 B')
    """
    size = float(4 * parameters)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            break
        size /= 1024
    return f"{size:.2f} {unit}"


def _row(cells: Sequence[str], bar: str) -> list[str]:
    """Return the lines of one row: cells too wide are wrapped, the last one is set right."""
    wrapped = [
        textwrap.wrap(cell, width - 2) or [""]
        for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    lines = []
    for parts in zip_longest(*wrapped, fillvalue=""):
        filled = [
            " " + (part.rjust(width - 2) if number == 2 else part.ljust(width - 2)) + " "
            for number, (part, width) in enumerate(zip(parts, _WIDTHS, strict=True))
        ]
        lines.append(bar + bar.join(filled) + bar)
    return lines


def _rule(left: str, line: str, cross: str, right: str) -> str:
    return left + cross.join(line * width for width in _WIDTHS) + right


def summary_of(name: str, layers: Sequence[Layer], total: tuple[int, int] | None = None) -> str:
    """Return the table of a model; what is not built yet has no shape and no parameters.

    `total` is the model's parameters, trained and not, where they are not the sum over the layers.
    """
    lines = [
        f'Model: "{name}"',
        _rule("┏", "━", "┳", "┓"),
        *_row(("Layer (type)", "Output Shape", "Param #"), "┃"),
        _rule("┡", "━", "╇", "┩"),
    ]
    learnt = fixed = 0
    for number, layer in enumerate(layers):
        if number:
            lines.append(_rule("├", "─", "┼", "┤"))
        own_learnt, own_fixed = layer.counts()
        learnt, fixed = learnt + own_learnt, fixed + own_fixed
        shape, count = "?", "0 (unbuilt)"
        if layer.module is not None:
            shape = "(" + ", ".join(["None", *map(str, layer.output_shape)]) + ")"
            count = f"{own_learnt + own_fixed:,}"
        lines += _row((f"{layer.name} ({type(layer).__name__})", shape, count), "│")
    lines.append(_rule("└", "─", "┴", "┘"))
    learnt, fixed = total or (learnt, fixed)
    for said, number in (
        ("Total", learnt + fixed), ("Trainable", learnt), ("Non-trainable", fixed),
    ):
        lines.append(f" {said} params: {number:,} ({bytes_of(number)})")
    return "\n".join(lines)
