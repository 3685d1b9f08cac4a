"""Writing a figure to a file, whole or not at all, with the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from ...errors import OptionError, did_you_mean
from ...files import folder as make_folder
from ...files import write_whole
from ...sentences import said

__all__ = ["save_figure"]

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
