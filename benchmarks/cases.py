"""The case files of the engine, made again with PyTorch (extra `bench`).

    python -m benchmarks.cases                 run every program on PyTorch; say what has changed
    python -m benchmarks.cases --store         and write it into the files
    python -m benchmarks.cases --prune         drop what asks for names outside of the engine's scope

The programs stand in `tests/cases/torch/*.json`, one file a topic. A new case is added with its
program alone (`{"topic": ..., "case": ..., "program": ...}`), and made with `--store`. Pruning goes
by a rule: a program during which the engine is asked for a name that it does not have, or for a write
through a recorded view, is out of scope; where it collects results in a list `R = [...]`, only those
entries go. The exit code is 1 where PyTorch's outcome is not what a file says, or the engine's is not
PyTorch's.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "engine"))

from programs import difference, outcome

from backprop_tutor import engine
from backprop_tutor.engine import absent
from backprop_tutor.engine.tensors.tensor import STALE
from backprop_tutor.engine.tensors.writes import THROUGH

torch.set_warn_always(True)  # each program for itself, whatever was run before
FOLDER = Path(__file__).parents[1] / "tests" / "cases" / "torch"


def load(path: Path) -> dict[str, Any]:
    """Return a case file."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def store(path: Path, cases: list[dict[str, Any]]) -> None:
    """Write a case file: a line a case."""
    rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    path.write_text(
        f'{{"torch": "{torch.__version__}", "cases": [\n{rows}\n]}}\n', encoding="utf-8", newline="\n")


def made(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with what PyTorch makes of it."""
    found = outcome(torch, case)
    kept = {key: value for key, value in case.items() if key not in ("result", "warns")}
    kept["result"] = found["result"]
    if found["warns"]:
        kept["warns"] = found["warns"]
    return kept


def is_outside(case: dict[str, Any]) -> bool:
    """Return whether the program asks for a name that the engine has not, or for what it refuses."""
    asked: list[str] = []
    before = absent.AbsentName.__init__

    def noting(self: Any, holder: str, name: str, listed: Any) -> None:
        if not name.startswith("__"):
            asked.append(name)
        before(self, holder, name, listed)

    absent.AbsentName.__init__ = noting  # type: ignore[method-assign]
    try:
        said = json.dumps(outcome(engine, case))
    finally:
        absent.AbsentName.__init__ = before  # type: ignore[method-assign]
    return bool(asked) or any(words in said for words in (THROUGH[:60], STALE[:60]))


def pruned(case: dict[str, Any]) -> dict[str, Any] | None:
    """Return the case within the scope: whole, with fewer entries of its list, or None."""
    if not is_outside(case):
        return case
    tree = ast.parse(case["program"])
    last = tree.body[-1]
    if not (isinstance(last, ast.Assign) and isinstance(last.value, ast.List)
            and isinstance(last.targets[0], ast.Name) and last.targets[0].id == "R"):
        return None
    entries, kept = last.value.elts, []
    for entry in entries:
        last.value.elts = [entry]
        if not is_outside({**case, "program": ast.unparse(tree)}):
            kept.append(entry)
    if not kept:
        return None
    last.value.elts = kept
    return {**case, "program": ast.unparse(tree)}


def main(arguments: list[str]) -> int:
    """Make the case files again; return 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", help="files by their names without .json (all)")
    parser.add_argument("--store", action="store_true", help="write what PyTorch made of the programs")
    parser.add_argument("--prune", action="store_true", help="drop what is outside of the scope")
    asked = parser.parse_args(arguments)
    failed = 0
    for path in sorted(FOLDER.glob("*.json")):
        if asked.topics and path.stem not in asked.topics:
            continue
        cases = load(path)["cases"]
        count = len(cases)
        if asked.prune:
            cases = [kept for kept in map(pruned, cases) if kept is not None]
        remade = [made(case) for case in cases]
        changed = [new for new, old in zip(remade, cases, strict=True)
                   if difference(new | {"warns": new.get("warns", [])}, old if "result" in old else new)]
        wrong = [(case, said) for case in remade if (said := difference(outcome(engine, case), case))]
        print(f"{path.stem}: {count} cases, {count - len(cases)} pruned, {len(changed)} changed, "
              f"{len(wrong)} differ on the engine")
        for case, said in wrong:
            print(f"  {case['topic']}: {case['case']}\n    {case['program']}\n    {said[:400]}")
        failed += len(wrong) + (0 if asked.store else len(changed))
        if asked.store:
            store(path, remade)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
