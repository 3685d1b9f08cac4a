"""What an experiment leaves in a folder: curves, weights, and one JSON record of everything."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...files import folder as make_folder
from ...files import write_whole
from .experiment import Outcome

__all__ = ["write"]


def _record(outcome: Outcome) -> dict[str, Any]:
    table = outcome.table
    found = {
        "settings": asdict(outcome.settings),
        "data": {
            "name": table.name, "rows": len(table), "columns": list(table.columns),
            "classes": list(table.classes), "target": table.target,
            "train": outcome.train_size, "test": outcome.test_size,
        },
        "model": repr(outcome.model),
        "layers": list(outcome.network.sizes),
        "network": [asdict(part) for part in outcome.network.parts],
        "loss": outcome.network.output.said,
        "parameters": outcome.network.parameters,
        "scaling": {
            "mean": [float(each) for each in outcome.scaling.mean],
            "deviation": [float(each) for each in outcome.scaling.deviation],
            "target_mean": outcome.scaling.target_mean,
            "target_deviation": outcome.scaling.target_deviation,
        },
        "training": outcome.history.record(),
    }
    if outcome.matrix is None:
        found["test_mean_squared_error"] = outcome.score
        found["test_mean_absolute_error"] = outcome.absolute
        found["mean_squared_error_of_the_mean"] = outcome.alone
    else:
        found["test_accuracy"] = outcome.score
        found["confusion_matrix"] = outcome.matrix.tolist()
    return found


def write(outcome: Outcome, folder: str | Path) -> Sequence[Path]:
    """Write curves.png, curves.svg, weights.npz and record.json; return their paths.

    Raises:
        FileError: the folder or a file cannot be written.
    """
    from ..plots import save_figure  # matplotlib is loaded when something is drawn

    folder = make_folder(folder)
    written = []
    if len(outcome.history):
        figure = outcome.history.plot(outcome.table.name)
        written += [save_figure(figure, folder / f"curves.{kind}") for kind in ("png", "svg")]
    held = io.BytesIO()
    np.savez(held, **{name: each._a for name, each in outcome.model.state_dict().items()})
    write_whole(folder / "weights.npz", held.getvalue())
    text = json.dumps(_record(outcome), indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / "record.json", text)
    return [*written, folder / "weights.npz", folder / "record.json"]
