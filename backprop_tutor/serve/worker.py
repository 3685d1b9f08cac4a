"""What runs in a process of the pools: it is warmed up once, has a limit of memory, and answers with data.

Enters: a `Wanted`. Leaves: JSON text, or a file's bytes. A fault of the user comes back as data; anything
else is the server's fault and is raised there.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from importlib.util import find_spec
from typing import Any

from ..errors import TutorError
from ..translation import speaking
from .exports import EXPORTS, Made, UnfitError, make
from .pictures import answer
from .reading import fault_rows
from .wanted import Wanted

__all__ = ["export", "lesson", "picture", "started", "warm"]

_MEGABYTE = 2**20


def started(megabytes: int, nice: int) -> None:
    """Set up a process: its memory, how much it gives way to others, and what it needs loaded.

    The limit is on data: the layout engine reserves far more addresses than it uses memory.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    if sys.platform != "darwin" and find_spec("resource") is not None:
        import resource  # POSIX only, and looked for above

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = megabytes * _MEGABYTE
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    warm()


def warm() -> bool:
    """Draw once, so that nothing is loaded while somebody waits, and let that be kept for good.

    What is loaded is never garbage: to look through all of it took 50 ms whenever the collector did.
    """
    for program in ("f = w*x + b", "h = σ(w*x + b); y = v*h + c; E = (y - t)^2/2"):
        answer(Wanted(program=program))
    gc.collect()
    gc.freeze()
    return True


def picture(wanted: Wanted) -> str:
    """Return the answer to a key that was pressed, as JSON."""
    return json.dumps(answer(wanted), ensure_ascii=False)


def lesson(wanted: Wanted) -> Made | str:
    """Return the lesson of a program as a page, or the faults as JSON."""
    return _tried(wanted, "page")


def export(wanted: Wanted, kind: str) -> Made | str:
    """Return a file made of a program, or the faults as JSON."""
    return _tried(wanted, kind)


def _tried(wanted: Wanted, kind: str) -> Made | str:
    with speaking(wanted.lang):
        try:
            return make(wanted, EXPORTS[kind])
        except UnfitError as error:
            rows: list[dict[str, Any]] = error.faults
        except TutorError as error:
            rows = list(fault_rows(error))
        return json.dumps({"ok": False, "faults": rows}, ensure_ascii=False)
