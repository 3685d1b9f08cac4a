"""Runs one student's program in a process of its own; `student_program` starts it.

`python -I program_runner.py PROGRAM RESULT SECONDS BYTES`. Nothing imports this file; it knows nothing of
the right gradients. It reads the inputs as JSON from standard input, sets what limits the system has, runs
the program's text as a module called "student", calls its `backward` by the names of its parameters, and
writes what that returns, or what went wrong, as JSON.
"""

from __future__ import annotations

import inspect
import json
import runpy
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def limit(seconds: int, size: int) -> None:
    """Limit the process's time, memory, and the size of the files it writes, where the system can."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    for name, most in (("RLIMIT_CPU", seconds), ("RLIMIT_AS", size), ("RLIMIT_FSIZE", 1 << 24),
                       ("RLIMIT_CORE", 0)):  # fmt: skip
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard < 0 else min(most, hard), hard))


def given(function: Callable[..., Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a function by name: arrays, whole numbers, or floats."""
    found = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in inputs:
            found[parameter.name] = inputs[parameter.name]
        elif parameter.default is parameter.empty and parameter.kind not in (
            parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD,
        ):  # fmt: skip
            raise NameError(f"the parameter {parameter.name} is no input")
    return found


def told(value: Any) -> Any:
    """Return a gradient as JSON has it; a blank as None."""
    if value is ...:
        return None
    return np.asarray(value, float).tolist()


def outcome(program: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the program's `backward` gives: `named` or `listed` gradients, or a `fault`."""
    try:
        space = runpy.run_path(program, run_name="student")
        backward = space.get("backward")
        if not callable(backward):
            return {"fault": "no function backward"}
        arguments = given(backward, inputs)
        with np.errstate(all="ignore"):
            returned = backward(**arguments)
        if returned is None:
            return {"fault": "backward returned None"}
        if isinstance(returned, Mapping):
            named = {str(name): told(value) for name, value in returned.items()}
            return {"names": list(arguments), "named": named}
        several = returned if isinstance(returned, (tuple, list)) else [returned]
        return {"names": list(arguments), "listed": [told(value) for value in several]}
    except BaseException as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == program]
        own = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
        line = own or (lines[-1] if lines else 0)
        return {"fault": f"{type(error).__name__}: {error}"[:500], "line": line}


def main() -> None:
    """Run the program that the command line names."""
    program, result, seconds, size = sys.argv[1:]
    inputs = {
        name: np.array(value) if isinstance(value, list) else value
        for name, value in json.load(sys.stdin).items()
    }  # fmt: skip
    limit(int(seconds), int(size))
    found = outcome(program, inputs)
    with open(result, "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
