"""The structure of a room in numbers: files, lines, entries, cycles of imports, lines that courses run.

    python -m benchmarks.structure                     the engine
    python -m benchmarks.structure homework render     other rooms
    python -m benchmarks.structure --courses           and the lines that course programs execute

Cycles are counted in three graphs, each holding the one before: imports at the top of modules, also
those inside functions, also those under `TYPE_CHECKING`. A cycle is a set of modules each of which
reaches every other.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import runpy
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from import_graph import KINDS, cycles, floors, graph_of  # noqa: E402

PACKAGE = ROOT / "backprop_tutor"


def report(room: str) -> None:
    """Print the numbers of a room."""
    folder = PACKAGE / room
    files = sorted(folder.rglob("*.py"))
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in files}
    entries = [p for p in folder.iterdir() if p.name != "__pycache__"]
    print(f"{room}: {len(files)} files, {sum(lines.values())} lines, {len(entries)} entries at the top, "
          f"{sum(n > 400 for n in lines.values())} files over 400 lines")
    for kind, label in enumerate(KINDS):
        graph = graph_of(folder, kind)
        arrows = sum(len(others) for others in graph.values())
        rings = cycles(graph)
        print(f"  imports {label}: {arrows} arrows, {floors(graph)} floors, {len(rings)} cycles of "
              f"{sum(map(len, rings))} modules")
        for ring in rings:
            print("    " + " ".join(n.removeprefix(f"backprop_tutor.{room}.") for n in ring))


def start_up() -> None:
    """Print how long a new Python takes to import the engine and make a tensor."""
    program = "import time; t = time.perf_counter(); from backprop_tutor import engine as torch; " \
        "torch.tensor([1.0]); print(time.perf_counter() - t)"
    spent = [float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                                  check=True, cwd=ROOT).stdout) for _ in range(5)]
    print(f"start-up to the first tensor: {min(spent) * 1000:.0f} ms, NumPy included")


def executed() -> dict[str, set[int]]:
    """Return the lines of the engine that the examples and the course's programs execute."""
    found: dict[str, set[int]] = {}
    here = str(PACKAGE / "engine")

    def lines(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            found[frame.f_code.co_filename].add(frame.f_lineno)
        return lines

    seen: dict[Any, int] = {}

    def calls(frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(here):
            return None
        count = seen[frame.f_code] = seen.get(frame.f_code, 0) + 1
        if count > 60 and count % 97:  # most lines are met early; the rest by sampling
            return None
        found.setdefault(name, set()).add(frame.f_lineno)
        return lines

    sys.settrace(calls)
    try:
        for path in sorted((ROOT / "examples").glob("engine_*.py")):
            start = time.perf_counter()
            sys.argv = [str(path)]
            runpy.run_path(str(path), run_name="__main__")
            print(f"  {path.name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        from backprop_tutor import engine as torch
        from backprop_tutor.cli import main

        for options in ((), ("--batchnorm", "--optimizer", "adam")):
            with tempfile.TemporaryDirectory() as folder:
                sys.argv = ["backprop-tutor", "train", "iris", "--epochs", "2", "-o", folder, *options]
                with contextlib.suppress(SystemExit):
                    main()
        held = json.loads(
            (ROOT / "tests" / "cases" / "torch_programs_course.json").read_text(encoding="utf-8"))
        for case in held["cases"]:
            names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "Fn": torch.nn.functional,
                     "t": lambda v, g=True: torch.tensor(v, dtype=torch.float64, requires_grad=g)}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with contextlib.suppress(Exception):  # some of the programs are about errors
                    exec(compile(case["program"], "<case>", "exec"), names)  # noqa: S102
    finally:
        sys.settrace(None)
    return found


def main() -> int:
    """Print the numbers of the rooms given on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.structure", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("rooms", nargs="*", default=["engine"], help="folders of the package (engine)")
    parser.add_argument("--courses", action="store_true", help="count the lines that courses execute")
    asked = parser.parse_args()
    for room in asked.rooms:
        report(room)
    start_up()
    if asked.courses:
        found = executed()
        count = sum(map(len, found.values()))
        print(f"lines of the engine that course programs execute: {count} in {len(found)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
