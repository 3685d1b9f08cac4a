"""What five hostile sheets cost a class of 300: time against the clean class, and everybody's marks.

Clean and hostile classes are marked in turn, from files to every report, once in this process and once
over a pool of killable workers; each ratio is that of medians: of processor time, of this process and
its workers, which other programs hardly change, and of the time on the clock. Limits: 1.3 times the
processor's, nobody else's row changed, every hostile file listed.

    python -m benchmarks.hostile_class [--students 300] [--rounds 3] [--workers 2] [--kinds costly ...]
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.problems.problem_set import ProblemSet, parse_problems
from benchmarks.marking import CLASS

LIMIT = 1.3

UNREADABLE = {
    "keys.json": json.dumps({f"k{i}": 1 for i in range(1_500_000)}),
    "dots.toml": ".".join(["a"] * 30_000) + " = 1\n",
    "surrogate.json": '{"student": "\\ud800", "z1": 3}',
    "digits.toml": f"z1 = {'9' * 5000}\n",
    "names.csv": "student,z1\n" + "".join(f"n{i},1\n" for i in range(19_000)),
}
"""Sheets of which nothing, or one row, can be read."""

EXPENSIVE = {
    "unknown.json": json.dumps({f"k{i}": "x" for i in range(9_000)}),
    "deep.json": json.dumps({"z1": "(" * 19_000, "a1": "+".join(["w11"] * 4_000)}),
    "powers.json": json.dumps({"z1": "0e318", "a1": "10**400", "z2": "9**9**9**9", "L": "1e400-1e400"}),
    "formulas.json": json.dumps({"z1": "tan(1e22)", "a1": "x1^(1e16)", "z2": "0.5^(2^60)"}),
    "quotes.json": json.dumps({"z1": "\ud800", "dL/dz1": "softmax(x1, x2)", "a1": "\x1b[2J" * 1_000}),
}
"""Sheets that are read, and whose answers try to take long."""

_COSTLY = {
    "series.json": "x1" + "".join(f" + gelu(x1 + {i}) - gelu(x1 + {i})" for i in range(60)),
    "towers.json": "^".join(["x1"] * 60),
    "long.json": "*".join(f"(x1 + {i})" for i in range(900)),
    "bends.json": "x1" + "".join(f" + relu(x1 - 1e5*{i})" for i in range(60)),
    "fractions.json": "*".join("(1+1/3)^300" for _ in range(500)),
}
COSTLY = {
    name: json.dumps(dict.fromkeys(parse_problems(CLASS).problems[0].answers(), text))
    for name, text in _COSTLY.items()
}
"""Sheets whose every answer takes as much as an answer may."""

KINDS = {"unreadable": UNREADABLE, "expensive": EXPENSIVE, "costly": COSTLY}


def filled(folder: Path, problems: ProblemSet, students: int) -> None:
    """Write a sheet a student, a tenth of the answers with another sign."""
    chance = random.Random(1)
    for number in range(students):
        with (folder / f"s{number:04}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["quantity", "answer"])
            for problem in problems:
                for quantity, answer in problem.answers().items():
                    shown = float(answer) if chance.random() < 0.9 else -float(answer)
                    rows.writerow([quantity, repr(shown)])


def rows(place: Path) -> dict[str, str]:
    """Return the class table's lines by student."""
    lines = (place / "class.csv").read_text(encoding="utf-8").splitlines()
    return {line.partition(",")[0]: line for line in lines[1:]}


@dataclass(frozen=True)
class Spent:
    """What marking a class took: the processor's seconds, workers included, and the clock's."""

    processor: float
    clock: float


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def marked(root: Path, name: str, workers: int) -> tuple[Spent, ClassMarks]:
    """Mark the class into a new folder; return what it took."""
    before, start = _processor(), time.perf_counter()
    marks = check_class(root / "problems.toml", root / "in", root / name, workers=workers)
    return Spent(_processor() - before, time.perf_counter() - start), marks


def compared(root: Path, kind: str, workers: int, rounds: int) -> bool:
    """Print the ratios of a kind of sheets; return whether they are within the limit."""
    sheets = KINDS[kind]
    clean: list[Spent] = []
    hostile: list[Spent] = []
    for turn in range(rounds):
        place = f"{kind}-{workers}-{turn}"
        clean.append(marked(root, f"clean-{place}", workers)[0])
        for name, text in sheets.items():
            (root / "in" / name).write_text(text, encoding="utf-8", errors="replace")
        spent, marks = marked(root, place, workers)
        hostile.append(spent)
        expected, found = rows(root / f"clean-{place}"), rows(root / place)
        assert all(found[student] == line for student, line in expected.items())
        listed = "\n".join([*marks.refused, *found])
        assert all(name in listed or Path(name).stem in found for name in sheets)
        for name in sheets:
            (root / "in" / name).unlink()
    shown, ratio = [], {}
    for what in ("processor", "clock"):
        one, other = (statistics.median(getattr(s, what) for s in some) for some in (clean, hostile))
        ratio[what] = other / one
        shown.append(f"{what} {one:.2f} s, then {other:.2f} s: {other / one:.2f} times")
    where = f"{workers} workers" if workers else "this process"
    print(f"{kind:<11} {where:<12} {'; '.join(shown)}", flush=True)
    return ratio["processor"] <= LIMIT


def main() -> None:
    """Print the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=300)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--kinds", nargs="*", choices=list(KINDS), default=list(KINDS))
    chosen = options.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "problems.toml").write_text(CLASS, encoding="utf-8")
        (root / "in").mkdir()
        filled(root / "in", parse_problems(CLASS), chosen.students)
        for workers in (0, chosen.workers):
            for kind in chosen.kinds:
                good &= compared(root, kind, workers, chosen.rounds)
    sys.exit(0 if good else f"more than {LIMIT} times the processor time of the clean class")


if __name__ == "__main__":
    main()
