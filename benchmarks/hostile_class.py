"""What five hostile sheets cost a class of 300: time against the clean class, and everybody's marks.

Clean and hostile classes are marked in turn, from files to every report, in this process; the ratio
is that of the medians of processor time. Limits: 1.3 times, nobody else's row changed, every hostile
file listed.

    python -m benchmarks.hostile_class [--students 300] [--rounds 3]
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.problems import ProblemSet, parse_problems
from benchmarks.marking import CLASS

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


def marked(root: Path, name: str) -> tuple[float, ClassMarks]:
    """Mark the class into a new folder; return the processor time."""
    start = time.process_time()
    marks = check_class(root / "problems.toml", root / "in", root / name, workers=0)
    return time.process_time() - start, marks


def main() -> None:
    """Print the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=300)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "problems.toml").write_text(CLASS, encoding="utf-8")
        (root / "in").mkdir()
        filled(root / "in", parse_problems(CLASS), chosen.students)
        marked(root, "warm")
        for kind, sheets in (("unreadable", UNREADABLE), ("expensive", EXPENSIVE)):
            clean: list[float] = []
            hostile: list[float] = []
            for turn in range(chosen.rounds):
                clean.append(marked(root, f"clean-{kind}-{turn}")[0])
                for name, text in sheets.items():
                    (root / "in" / name).write_text(text, encoding="utf-8", errors="replace")
                spent, marks = marked(root, f"{kind}-{turn}")
                hostile.append(spent)
                expected, found = rows(root / f"clean-{kind}-{turn}"), rows(root / f"{kind}-{turn}")
                assert all(found[student] == line for student, line in expected.items())
                listed = "\n".join([*marks.refused, *found])
                assert all(name in listed or Path(name).stem in found for name in sheets)
                for name in sheets:
                    (root / "in" / name).unlink()
            ratio = statistics.median(hostile) / statistics.median(clean)
            print(
                f"{kind}: clean {statistics.median(clean):.2f} s, with five such sheets "
                f"{statistics.median(hostile):.2f} s, {ratio:.2f} times (limit 1.3)"
            )


if __name__ == "__main__":
    main()
