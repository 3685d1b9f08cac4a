"""`History`, what a training leaves behind: the numbers of every epoch, and the curves drawn of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

from ...sentences import counted

__all__ = ["History"]


class History:
    """The loss and the metrics after each epoch.

    `history["loss"]` is a list with one number an epoch; names that begin with "val_" were measured
    on the validation data. `stopped` says why training ended before its time, "" if it did not;
    `interrupted` is whether the user ended it, in which case the last epoch is not whole.

    >>> h = History()
    >>> h.add(1, {"loss": 0.5})
    >>> h["loss"], h.epoch
    ([0.5], [1])
    """

    def __init__(self) -> None:
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}
        self.stopped = ""
        self.interrupted = False
        self.best_epoch: int | None = None

    def add(self, epoch: int, values: dict[str, float]) -> None:
        """Append the numbers of an epoch."""
        self.epoch.append(epoch)
        for name, value in values.items():
            self.history.setdefault(name, []).append(float(value))

    def __getitem__(self, name: str) -> list[float]:
        return self.history[name]

    def __contains__(self, name: object) -> bool:
        return name in self.history

    def __len__(self) -> int:
        return len(self.epoch)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in self.history.items())
        ended = f", {self.stopped}" if self.stopped else ""
        return f"<History of {counted(len(self), '1 epoch', '{count} epochs')}: {last}{ended}>"

    def record(self) -> dict[str, Any]:
        """Return everything as plain lists and numbers, ready for JSON."""
        return {
            "epoch": list(self.epoch),
            "history": {name: list(values) for name, values in self.history.items()},
            "stopped": self.stopped,
            "interrupted": self.interrupted,
            "best_epoch": self.best_epoch,
        }

    def plot(self, title: str = "") -> Figure:
        """Return a figure of the losses and, beside them, of each metric over the epochs."""
        from ..plots.curves import curves  # matplotlib is loaded when something is drawn

        return curves(self, title)
