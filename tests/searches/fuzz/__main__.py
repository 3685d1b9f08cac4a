"""`python -m benchmarks.fuzz`: the targets run, one after the other, and a table of figures.

An input is made from the seed, the target and its number alone, so a long run may go in parts:
`--start 20000 --count 20000` takes up where `--count 20000` ended.
"""

from __future__ import annotations

import argparse
import sys
from multiprocessing import get_context

from .running import HEAD, judged, repeated, row, run
from .targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000, help="inputs for each target")
    parser.add_argument("--start", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="the number of one input, made and read again")
    given = parser.parse_args()
    if given.start < 0 or given.count < 1:
        parser.error("--start is at least 0 and --count at least 1")
    for name in given.targets:
        if name not in TARGETS:
            parser.error(f"no target {name}; the targets: {', '.join(TARGETS)}")
    chosen = given.targets or list(TARGETS)
    if given.only is not None:
        for name in chosen:
            print(name, repeated(name, given.seed, given.only))
        return
    print(HEAD)
    good = True
    for name in chosen:
        found = run(name, given.seed, given.start, given.count, get_context("spawn"))
        print(row(name, found), flush=True)
        for line in found.examples():
            print(f"    {line}")
        good = good and judged(found)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
