"""Keras's table of a model: one row a layer, its output shape and its number of parameters."""

from __future__ import annotations

from collections.abc import Sequence

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


def _row(cells: Sequence[str], bar: str) -> str:
    """Return one line of the table, the last cell set right."""
    filled = []
    for number, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
        room = width - 2
        if len(cell) > room:
            cell = cell[: room - 1] + "…"
        filled.append(" " + (cell.rjust(room) if number == 2 else cell.ljust(room)) + " ")
    return bar + bar.join(filled) + bar


def _rule(left: str, line: str, cross: str, right: str) -> str:
    return left + cross.join(line * width for width in _WIDTHS) + right


def summary_of(name: str, layers: Sequence[Layer]) -> str:
    """Return the table of a built model."""
    lines = [
        f'Model: "{name}"',
        _rule("┏", "━", "┳", "┓"),
        _row(("Layer (type)", "Output Shape", "Param #"), "┃"),
        _rule("┡", "━", "╇", "┩"),
    ]
    learnt = fixed = 0
    for number, layer in enumerate(layers):
        if number:
            lines.append(_rule("├", "─", "┼", "┤"))
        own_learnt, own_fixed = layer.counts()
        learnt, fixed = learnt + own_learnt, fixed + own_fixed
        shape = "(" + ", ".join(["None", *map(str, layer.output_shape)]) + ")"
        title = f"{layer.name} ({type(layer).__name__})"
        lines.append(_row((title, shape, f"{own_learnt + own_fixed:,}"), "│"))
    lines.append(_rule("└", "─", "┴", "┘"))
    for said, count in (
        ("Total", learnt + fixed), ("Trainable", learnt), ("Non-trainable", fixed),
    ):
        lines.append(f" {said} params: {count:,} ({bytes_of(count)})")
    return "\n".join(lines)
