"""How long a class takes beside another state of this repository: the same files, in turn, in one run.

300 students of 20 cells, half of them with slips, are marked from a CSV file to every report, in one
process each time. What counts is the median of the processor's time, which other programs hardly change.

    git worktree add --detach ../before COMMIT
    python -m benchmarks.marking_rival ../before [--students 300] [--rounds 3] [--limit 1.5]
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.marking import CLASS, class_rows

HERE = Path(__file__).parents[1]
_MARK = """
import sys, time
from pathlib import Path
from backprop_tutor.homework.checking import check_class
folder, into = Path(sys.argv[1]), Path(sys.argv[2])
start = time.process_time()
marks = check_class(folder / "problems.toml", folder / "answers.csv", into, workers=0)
print(time.process_time() - start, marks.counts.mean)
"""


def seconds(tree: Path, folder: Path, into: Path) -> tuple[float, float]:
    """Return the processor's time that a tree takes for the class, and the mean of its marks."""
    done = subprocess.run(
        [sys.executable, "-c", _MARK, str(folder), str(into)],
        env=os.environ | {"PYTHONPATH": str(tree)}, cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    spent, mean = map(float, done.stdout.split()[-2:])
    return spent, mean


def main() -> int:
    """Print both times and their ratio; return 1 where it is past the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rival", type=Path, help="a folder with another state of this repository")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1.5)
    options = parser.parse_args()
    spent: dict[str, list[float]] = {"here": [], "there": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "problems.toml").write_text(CLASS, encoding="utf-8")
        with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(class_rows(options.students))
        for number in range(options.rounds):
            for label, tree in (("there", options.rival.resolve()), ("here", HERE)):
                time, mean = seconds(tree, folder, folder / f"marks-{label}-{number}")
                spent[label].append(time)
                print(f"{label}: {time:.2f} s, mean {mean:.2%}")
    here, there = (statistics.median(spent[label]) for label in ("here", "there"))
    print(f"{options.students} students: {here:.2f} s here, {there:.2f} s there: {here / there:.2f} times "
          f"(limit {options.limit})")  # fmt: skip
    return int(here > options.limit * there)


if __name__ == "__main__":
    sys.exit(main())
