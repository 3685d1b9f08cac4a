"""A student's program, run apart and marked here: nothing of it is run in our process.

Enters: the path of a program with a function `backward`, and the inputs. Leaves: what it returned, by
name or in order, or a `ProgramFault`. The process has a time limit and, where the system sets them,
limits of memory and of the files it writes; it starts without our environment's variables, in an empty
folder. It is no jail: it may read what the user may read, and use the network.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...errors import FileError, TutorError, printable, quoted
from ...files import special
from ...sentences import N_, counted, said

__all__ = ["ProgramFault", "Returned", "run_program"]

_RUNNER = Path(__file__).with_name("program_runner.py")
_MEMORY = 2 << 30
"""Bytes of memory that a program may use, with Python and NumPy."""
_LONGEST = 16 << 20
"""Bytes of gradients that are read."""
_LONGEST_FAULT = 300
_NOTHING = N_("it ended without a result: it took too much memory, or stopped by itself")
_KEPT = ("SYSTEMROOT", "LANG", "LC_ALL")


class ProgramFault(TutorError):
    """A student's program that did not run to its end; `line` is where in it, if that is known."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What `backward` returned: gradients by name, or in the order of its parameters, `names`."""

    names: tuple[str, ...]
    named: Mapping[str, Any] | None
    listed: tuple[Any, ...] | None


def run_program(path: str | os.PathLike[str], inputs: Mapping[str, Any], seconds: float = 10.0) -> Returned:
    """Run a program's `backward` in a process of its own and return what it gives.

    Args:
        path: the program's file.
        inputs: what its parameters are given, by name: numbers, or nested lists.
        seconds: how long it may take, its start included.

    Raises:
        FileError: no such file.
        ProgramFault: it does not end in time, or not well, or has no `backward`.
    """
    fault = special(path)
    if fault or not Path(path).is_file():
        name = quoted(str(path))
        raise FileError(f"{name} {fault}" if fault else said("there is no file {name}", name=name))
    with TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-I", "-B", str(_RUNNER), str(Path(path).resolve()), str(result),
                   str(int(seconds) + 1), str(_MEMORY)]  # fmt: skip
        _finished(command, json.dumps(dict(inputs)), folder, seconds)
        return _read(result)


def _finished(command: list[str], given: str, folder: str, seconds: float) -> None:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        env={**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    try:
        process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ProgramFault(
            said("it did not end within {seconds:g} s", seconds=seconds)
        ) from None
    except BrokenPipeError:
        process.wait(timeout=seconds)
    finally:
        _killed(process)


def _killed(process: subprocess.Popen[str]) -> None:
    """Kill the process, and on POSIX what it started."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended, and so did all that it started
        except PermissionError:
            process.kill()  # macOS: the group has ended but for its first process
    else:
        process.kill()
    process.wait()


def _read(result: Path) -> Returned:
    if not result.exists() or not 0 < result.stat().st_size <= _LONGEST:
        raise ProgramFault(said(_NOTHING))
    try:
        found: Any = json.loads(result.read_text(encoding="utf-8"))
    except ValueError:
        raise ProgramFault(said(_NOTHING)) from None
    if not isinstance(found, dict):
        raise ProgramFault(said(_NOTHING))
    if "fault" in found:
        line = found["line"] if isinstance(found.get("line"), int) else 0
        fault = printable(str(found["fault"])[:_LONGEST_FAULT])
        told = said("line {line}: {fault}", line=line, fault=fault) if line else fault
        error = ProgramFault(told)
        error.line = line or None
        raise error
    named, listed, names = found.get("named"), found.get("listed"), found.get("names")
    if not (isinstance(named, dict) or isinstance(listed, list)) or not isinstance(names, list):
        raise ProgramFault(said(_NOTHING))
    blank = [name for name, value in (named or {}).items() if value is None]
    if blank or (listed and None in listed):
        count = len(blank) or list(listed or ()).count(None)
        left = counted(count, N_("1 gradient is still blank"), N_("{count} gradients are still blank"))
        raise ProgramFault(f"{left}: {', '.join(blank)}" if blank else left)
    return Returned(tuple(map(str, names)), named, None if listed is None else tuple(listed))
