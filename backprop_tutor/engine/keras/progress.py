"""The lines that Keras prints while a model is fitted, and after it was evaluated.

    Epoch 1/5
    1875/1875 ━━━━━━━━━━━━━━━━━━━━ 4s 2ms/step - accuracy: 0.8251 - loss: 0.4960
    313/313 - 1s - 2ms/step - accuracy: 0.8831 - loss: 0.3352

On a terminal the bar grows in its line; elsewhere each epoch writes its line once, when it is done.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import OptionError
from ..training.history import PAUSE, Silence

__all__ = ["Lines", "level_of"]

_WIDTH = 20
_LEVELS = {"auto": 1, "0": 0, "1": 1, "2": 2}


def level_of(verbose: Any) -> int:
    """Return how much is printed: 0 nothing, 1 a bar, 2 a line.

    Raises:
        OptionError: none of these, nor "auto", True or False.
    """
    word = str(int(verbose)) if isinstance(verbose, (bool, int)) else str(verbose)
    if word not in _LEVELS:
        raise OptionError(f"verbose {verbose!r}; expected 0 (nothing), 1 (a bar), 2 (a line) or 'auto'")
    return _LEVELS[word]


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def _told(values: Mapping[str, float]) -> str:
    return "".join(f" - {name}: {_number(values[name])}" for name in sorted(values))


def per_step(seconds: float) -> str:
    """Return a step's time as Keras writes it.

    >>> per_step(0.0021), per_step(2.2), per_step(0)
    ('2ms/step', '2s/step', '0us/step')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.0f}{unit}/step"
    return f"{seconds / 1e-6:.0f}us/step"


class Lines(Silence):
    """The lines of a training of so many epochs, each of so many steps where that is known."""

    def __init__(self, level: int, epochs: int, steps: int | None) -> None:
        self._level = level
        self._epochs = epochs
        self._steps = steps
        self._grows = level == 1 and sys.stdout.isatty()
        self._epoch = 0
        self._done = 0
        self._began = self._next = 0.0
        self._width = 0

    def step(self, epoch: int, values: Callable[[], dict[str, float]]) -> None:
        """Name the epoch before its first step, and let the bar grow."""
        self._name(epoch)
        self._done += 1
        now = time.monotonic()
        if self._grows and now >= self._next:
            self._next = now + PAUSE
            self._write(self._bar(self._done, now - self._began, values()), "")

    def epoch(self, epoch: int, values: dict[str, float]) -> None:
        """Write the line of a finished epoch."""
        self._name(epoch)
        self.whole(values, time.monotonic() - self._began, self._done)

    def whole(self, values: Mapping[str, float], seconds: float, done: int | None = None) -> None:
        """Write the line of what is finished, after so many seconds."""
        steps = self._steps if done is None else done
        if self._level == 1:
            self._write(self._bar(steps or 0, seconds, values), "\n")
        elif self._level == 2:
            count = f"{steps}/{steps}" if steps else "0/0"
            pace = per_step(seconds / max(1, steps or 1))
            self._write(f"{count} - {seconds:.0f}s - {pace}{_told(values)}", "\n")

    def _name(self, epoch: int) -> None:
        if epoch == self._epoch or not self._level:
            return
        self._epoch, self._done, self._began = epoch, 0, time.monotonic()
        sys.stdout.write(f"Epoch {epoch}/{self._epochs}\n")

    def _bar(self, done: int, seconds: float, values: Mapping[str, float]) -> str:
        total = self._steps or done
        full = _WIDTH * done // total if total else _WIDTH
        bar, rest = "━" * full, "━" * (_WIDTH - full)
        if self._grows:
            bar, rest = f"\x1b[32m{bar}\x1b[0m", f"\x1b[37m{rest}\x1b[0m"
        count = f"{done:{len(str(total))}d}/{total}"
        return f"{count} {bar}{rest} {seconds:.0f}s {per_step(seconds / max(1, done))}{_told(values)}"

    def _write(self, text: str, end: str) -> None:
        before = "\r" if self._grows else ""
        sys.stdout.write(before + text.ljust(self._width) + end)
        self._width = len(text) if self._grows and not end else 0
        sys.stdout.flush()
