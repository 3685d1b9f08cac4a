"""Random programs of views, writes and derivatives, run by PyTorch and by the engine side by side.

Run `python -m benchmarks.torch_fuzz [--programs N] [--seed S]` where PyTorch is installed (extra
`bench`). Each program makes a few leaves, then up to a dozen random statements: operations, views
of views, writes in place (through views, under `no_grad`, of leaves), indexing, backward passes.
After each statement both sides must agree: the same exception with the same message, or the same
values, `requires_grad`, `is_leaf`, name of `grad_fn` and version. Where the engine refuses in words
what it does not follow (a recorded write through a view, a view of before such a write), the program
ends. The first difference of a program is printed with the program, which can be run as it stands;
the exit code is 1 if there is one. `--store FILE` writes the programs on which both agree, with
PyTorch's outcome, for the tests.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "engine"))

from random_programs import REFUSED, Run, difference, program

from backprop_tutor import engine


def compare(lines: list[str]) -> tuple[str, dict[str, Any]]:
    """Run a program on both; return the first difference in words, or "", and PyTorch's outcome."""
    theirs, mine = Run(torch), Run(engine)
    errors: list[str] = []
    before: dict[str, Any] = {}
    for line in lines:
        said, answer = theirs.step(line), mine.step(line)
        errors.append(said)
        if said != answer and answer.startswith(REFUSED):  # what follows has another history
            done = lines[: len(errors) - 1]
            return "", {"program": done, "errors": errors[:-1], "state": before, "refused": [line, answer]}
        if said != answer:
            return f"{line}\n    PyTorch: {said[:300]}\n    engine:  {answer[:300]}", {}
        before = theirs.state()
        found = difference(mine.state(), before)
        if found:
            return f"{line}\n    {found}", {}
    return "", {"program": lines, "errors": errors, "state": before}


def main(arguments: list[str]) -> int:
    """Compare many programs; print the first difference of each that has one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torch_fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=1000, help="how many programs (1000)")
    parser.add_argument("--seed", type=int, default=0, help="number of the first program (0)")
    parser.add_argument("--most", type=int, default=10, help="differences to print in full (10)")
    parser.add_argument("--store", type=Path, help="a JSON file for what both agree on")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    different, agreed = 0, []
    for seed in range(asked.seed, asked.seed + asked.programs):
        lines = program(seed)
        found, outcome = compare(lines)
        if not found:
            agreed.append(outcome)
        else:
            different += 1
            if different <= asked.most:
                print(f"--- program {seed}")
                print("\n".join(lines))
                print(f"  at {found}")
    print(f"{asked.programs} programs, {different} differ")
    if asked.store is not None:
        rows = ",\n".join(json.dumps(each) for each in agreed)
        asked.store.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
