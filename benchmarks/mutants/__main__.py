"""Plant faults one at a time and see which the tests notice.

    python -m benchmarks.mutants.covering map.json      # once: which tests call what (long)
    python -m benchmarks.mutants map.json               # 300 sampled mutants of every room below
    python -m benchmarks.mutants map.json --count 40 --seed 3 --only ops/ --jobs 1

Enters: the map, and which mutants. Leaves: a line for each survivor and a line of counts. Each mutant
meets the tests that call the changed function, quickest first and of every test file in turn, until one
fails (noticed), the processor's time is up (noticed: an endless loop) or none is left (survived).
`same.toml` lists those that were looked at and change nothing that can be observed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from .covering import ROOT, Calls, Tests, load
from .planting import Mutant, mutants
from .running import Children, chosen_tests, control, preload

PACKAGE = ROOT / "backprop_tutor"

ROOMS = (
    "ops/",
    "passes.py",
    "slopes.py",
    "engine/autograd/",
    "engine/functions/",
    "engine/fused/",
    "engine/optim/",
    "engine/nn/losses.py",
    "homework/equivalence/",
    "homework/quantities/",
    "homework/slips/",
    "homework/marking/",
    "matrices/",
)
"""What is mutated, below `backprop_tutor/`: records and kernels, passes, tape, indexing, reductions,
losses, optimizers, equivalence, diagnosis and marking, programs over arrays."""

LEFT_OUT = ("sentences", "__init__", "stubs")
"""Parts of paths that are left out: what is only told to people has its own tests of whole texts."""


def sources() -> Iterator[tuple[str, str]]:
    """Yield the path from the root and the source of every module that is mutated.

    Raises:
        SystemExit: a room that is not there.
    """
    gone = [room for room in ROOMS if not (PACKAGE / room).exists()]
    if gone:
        raise SystemExit(f"no such rooms: {', '.join(gone)}")
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith(ROOMS) and not any(part in name for part in LEFT_OUT):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def known_same() -> set[tuple[str, str, str]]:
    """Return file, kind and line of the mutants that were found to change nothing.

    Raises:
        SystemExit: an entry of which the file or the line is gone.
    """
    data = tomllib.loads((Path(__file__).parent / "same.toml").read_text(encoding="utf-8"))
    found = {(each["file"], each["kind"], each["line"]) for each in data.get("same", [])}
    for file, _, line in sorted(found):
        path = ROOT / file
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        if line not in map(str.strip, lines):
            raise SystemExit(f"same.toml: {file} has no line `{line}`")
    return found


def sample(count: int, seed: int, only: str) -> list[Mutant]:
    """Return so many mutants of the rooms: half of them by the rooms' sizes, half the same from each."""
    found: dict[str, list[Mutant]] = defaultdict(list)
    for path, source in sources():
        below = path.removeprefix("backprop_tutor/")
        if below.startswith(only):
            room = next(room for room in ROOMS if below.startswith(room))
            found[room].extend(mutants(path, source))
    if not found:
        raise SystemExit(f"nothing below {only!r} is mutated; the rooms: {', '.join(ROOMS)}")
    same = known_same()
    draw = random.Random(seed)
    total = sum(map(len, found.values()))
    drawn: list[Mutant] = []
    for each in found.values():
        draw.shuffle(each)
        share = max(count // (2 * len(found)), round(count * len(each) / total / 2))
        drawn.extend(each[:share])
        each[:share] = []
    rest = [mutant for each in found.values() for mutant in each]
    draw.shuffle(rest)
    drawn.extend(rest[: max(0, count - len(drawn))])
    draw.shuffle(drawn)
    return [each for each in drawn[:count] if (each.path, each.kind, each.before) not in same]


def tried(waiting: list[Mutant], tests: Tests, calls: Calls, jobs: int) -> Counter[str]:
    """Put mutants to their tests, `jobs` at once; print survivors and return the counts."""
    preload()
    control(tests)
    counts: Counter[str] = Counter()
    children = Children()
    total = len(waiting)
    waiting = waiting[::-1]
    while waiting or children:
        while waiting and len(children) < jobs:
            mutant = waiting.pop()
            names = chosen_tests(mutant, tests, calls)
            if not names:
                counts["called by no test"] += 1
                print(f"called by no test  {mutant}", flush=True)
                continue
            sys.stdout.flush()  # a forked process would write it again
            children.start(mutant, names)
        if children:
            decided, became = children.ended()
            counts[became] += 1
            if became == "survived":
                print(f"survived  {decided}", flush=True)
            if counts.total() % 25 == 0:
                print(f"# {counts.total()} of {total}: {dict(counts)}", flush=True)
    return counts


def main() -> int:
    """Run the sampled mutants and print a report; return 1 where any survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("map", type=Path, help="what `benchmarks.mutants.covering` wrote")
    parser.add_argument("--count", type=int, default=300, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="the beginning of the paths to mutate")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    if given.count < 1 or given.jobs < 1:
        parser.error("--count and --jobs are at least 1")
    chosen = sample(given.count, given.seed, given.only)
    counts = tried(chosen, *load(given.map), given.jobs)
    missed = counts["survived"] + counts["called by no test"]
    noticed = len(chosen) - missed
    print(
        f"{len(chosen)} mutants, {noticed} noticed ({noticed / max(len(chosen), 1):.1%}), "
        f"of them {counts['noticed: endless']} as endless; {counts['survived']} survived, "
        f"{counts['called by no test']} called by no test"
    )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
