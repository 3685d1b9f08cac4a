"""Processes of our own: they are started fresh and never run the script that asked for them again.

`multiprocessing` has a new process import the script that started it, in case what is called stands in
there. A script that marks a class without `if __name__ == "__main__":` would then mark it again in each
of its workers. What we send to our processes is our own and the standard library's: they need no script,
and a program read from standard input, which no process can read again, may have them too.
"""

from __future__ import annotations

import multiprocessing.spawn
import sys
from functools import lru_cache
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import current_process
from types import FunctionType
from typing import Any

__all__ = ["FRESH", "is_starting"]


class _Spawn:
    """`multiprocessing.spawn`, but what a new process is told about says nothing of a script."""

    def __getattr__(self, name: str) -> Any:
        return getattr(multiprocessing.spawn, name)

    def get_preparation_data(self, name: str) -> dict[str, object]:
        """Return what a new process sets up before it works."""
        told: dict[str, object] = multiprocessing.spawn.get_preparation_data(name)
        return {key: value for key, value in told.items() if not key.startswith("init_main_from_")}


@lru_cache(maxsize=1)
def _starter() -> type:
    """Return the standard library's class that starts a process, with `_Spawn` for its `spawn`.

    Its starting function asks the module `spawn` what to tell the process. The function here is the
    same one that finds our `_Spawn` under that name, so that nothing is changed for anyone else.
    """
    if sys.platform == "win32":
        from multiprocessing.popen_spawn_win32 import Popen

        name = "__init__"
    else:
        from multiprocessing.popen_spawn_posix import Popen

        name = "_launch"
    usual: FunctionType = getattr(Popen, name)
    seen = {**usual.__globals__, "spawn": _Spawn()}
    own = FunctionType(usual.__code__, seen, name, usual.__defaults__, usual.__closure__)
    return type("Popen", (Popen,), {name: own})


class _Process(SpawnProcess):
    """A process that does not run the script again."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        return _starter()(process_obj)


class _Fresh(SpawnContext):
    """The context of such processes."""

    Process = _Process  # a context's class of processes


FRESH = _Fresh()
"""The context for pools and processes of ours."""


def is_starting() -> bool:
    """Return whether this process of somebody's is being set up, and reads the script for that.

    >>> is_starting()
    False
    """
    return bool(getattr(current_process(), "_inheriting", False))
