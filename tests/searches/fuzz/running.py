"""A target run over many inputs: in a process of its own, with its time and memory watched."""

from __future__ import annotations

import io
import random
import sys
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from typing import Any

import backprop_tutor as bt

from .targets import TARGETS

__all__ = ["HEAD", "Figures", "attempted", "here", "judged", "repeated", "row", "run"]

SLOW = 1.0
"""Seconds that no input may take."""

HANGS = 20.0
"""Seconds after which an input's process is ended."""

MEMORY = 1024
"""Megabytes that no target may take."""

_BATCH = 50


@dataclass
class Figures:
    """What came of a target's inputs.

    `foreign` has, for each kind of foreign exception (its type and where it was raised), how often it
    came and the number of the first input; `slow` the numbers of inputs over a second.
    """

    inputs: int = 0
    accepted: int = 0
    foreign: dict[str, tuple[int, int]] = field(default_factory=dict)
    slow: list[tuple[int, float]] = field(default_factory=list)
    slowest: float = 0.0
    seconds: float = 0.0
    megabytes: float = 0.0

    def add(self, number: int, kind: str, seconds: float) -> None:
        """Count one input: "" for accepted, "refused", or a foreign exception's kind."""
        self.inputs += 1
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)
        self.accepted += kind == ""
        if kind not in ("", "refused"):
            count, first = self.foreign.get(kind, (0, number))
            self.foreign[kind] = count + 1, first
        if seconds > SLOW:
            self.slow.append((number, seconds))

    def examples(self) -> list[str]:
        """Return a line for each kind of fault, with the number that makes it again."""
        lines = [
            f"{kind}: {count} times, first --only {first}"
            for kind, (count, first) in sorted(self.foreign.items(), key=lambda item: -item[1][0])[
                :20
            ]
        ]
        return lines + [f"{seconds:.1f} s: --only {number}" for number, seconds in self.slow[:10]]


def _generator(name: str, seed: int, number: int) -> random.Random:
    return random.Random(f"{seed} {name} {number}")


def attempted(name: str, seed: int, number: int) -> tuple[str, float]:
    """Make and read one input; return what came of it and the processor's seconds."""
    rng = _generator(name, seed, number)
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            TARGETS[name].attempt(rng)
        kind = ""
    except bt.TutorError as error:
        str(error)
        kind = "refused"
    except Exception as error:  # what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "backprop_tutor" in frame.filename]
        place = ours[-1] if ours else frames[-1]
        file = place.filename.rpartition("backprop_tutor/")[2]
        kind = f"{type(error).__name__} in {file}, {place.name}: {str(error)[:80]!r}"
    return kind, time.process_time() - start


def repeated(name: str, seed: int, number: int) -> object:
    """Make and read one input again; return what came of it, or let its exception through."""
    try:
        return TARGETS[name].attempt(_generator(name, seed, number))
    except bt.TutorError as error:
        return f"refused: {error}"


def here(name: str, seed: int, count: int) -> Figures:
    """Run a target in this process."""
    found = Figures()
    for number in range(count):
        found.add(number, *attempted(name, seed, number))
    return found


def _megabytes() -> float:
    try:
        import resource
    except ImportError:  # Windows has no such figure
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def _work(name: str, seed: int, start: int, end: int, results: Connection) -> None:
    sys.stdin = io.StringIO()  # a command that reads it finds it empty
    for number in range(start, end):
        results.send((number, None, 0.0, 0.0))
        results.send((number, *attempted(name, seed, number), _megabytes()))
    results.close()


def run(name: str, seed: int, start: int, count: int, context: SpawnContext) -> Figures:
    """Run a target in a process of its own, in a new one after each input that hangs or kills it.

    `count` inputs are made, the first of which has the number `start`.
    """
    found = Figures()
    end = start + count
    while start < end:
        receiving, sending = context.Pipe(duplex=False)
        process = context.Process(
            target=_work, args=(name, seed, start, end, sending), daemon=True
        )
        process.start()
        sending.close()
        start = _followed(receiving, process, found, start, end)
        receiving.close()
    return found


def _followed(receiving: Connection, process: Any, found: Figures, start: int, end: int) -> int:
    """Count what a process says until it ends; return the number of the next input."""
    current = start
    while receiving.poll(HANGS + 60 * (current == start)):  # Python and its libraries start first
        try:
            number, kind, seconds, megabytes = receiving.recv()
        except EOFError:
            process.join()
            if current >= end:
                return end
            found.add(current, f"the process ended with {process.exitcode}", 0.0)
            return current + 1
        current = number if kind is None else number + 1
        if kind is not None:
            found.add(number, kind, seconds)
            found.megabytes = max(found.megabytes, megabytes)
    process.kill()
    process.join()
    found.add(current, "refused", HANGS)
    return current + 1


HEAD = (
    f"{'target':<11} {'inputs':>8} {'accepted':>8} {'foreign':>8} {'over 1 s':>8} {'slowest':>8} "
    f"{'ms each':>8} {'MB':>6}"
)


def row(name: str, found: Figures) -> str:
    """Return a target's line of the table."""
    foreign = Counter({kind: count for kind, (count, _) in found.foreign.items()}).total()
    each = 1000 * found.seconds / max(1, found.inputs)
    return (
        f"{name:<11} {found.inputs:>8,} {found.accepted:>8,} {foreign:>8,} {len(found.slow):>8,} "
        f"{found.slowest:>6.2f} s {each:>8.2f} {found.megabytes:>6.0f}"
    )


def judged(found: Figures) -> bool:
    """Return whether a target held: nothing foreign, nothing over a second, under a gigabyte."""
    return not found.foreign and not found.slow and found.megabytes < MEMORY
