"""tinygrad's switches, all at rest."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from benchmarks.shims.not_offered import Missing

CI = True
DEBUG = IMAGE = TRANSCENDENTAL = 0
CPU_LLVM = AMD_LLVM = False
EMULATE = ""
OSX = False
GlobalCounters = Missing("GlobalCounters", "the engine counts no kernels")


def getenv(name: str, otherwise: Any = 0) -> Any:
    """Return a switch of the environment as a value of its default's type."""
    return type(otherwise)(os.environ.get(name, otherwise))


def Context(**_: Any) -> AbstractContextManager[None]:
    """Do nothing: the switches it sets are about kernels."""
    return nullcontext()
