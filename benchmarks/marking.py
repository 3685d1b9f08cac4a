"""How fast a class is marked, and what it takes in memory.

Three measurements: 300 students of 20 cells from a CSV file to every report, half of them with
slips (limit 30 s on two cores); many right sheets of ten cells as a stream (the memory of 10,000 is
that of 1,000); and one perturbed cell a sheet, caught at that cell.

    python -m benchmarks.marking [--students 300] [--right 20000] [--workers 2]
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.marking.batch import mark_class
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.homework.slips.broken_pass import Own, Plan
from backprop_tutor.homework.slips.sheet_columns import SheetKey
from backprop_tutor.homework.slips.slip_table import instances

CLASS = """
title = "A class"
[[problem]]
id = "net"
program = '''
z1 = w11*x1 + w12*x2 + b1
a1 = sigmoid(z1)
z2 = w21*x1 + w22*x2 + b2
a2 = sigmoid(z2)
z3 = v1*a1 + v2*a2 + c
L = (z3 - t)^2/2
'''
ask = ["all values", "dL/dz3", "dL/dv1", "dL/dv2", "dL/dc", "dL/da1", "dL/da2", "dL/dz1", "dL/dz2",
       "dL/dw11", "dL/dw12", "dL/dw21", "dL/dw22", "dL/db1", "dL/db2"]
[problem.values]
w11 = 0.4
w12 = -0.3
w21 = 0.7
w22 = 0.2
b1 = 0.1
b2 = -0.6
x1 = 1.5
x2 = -2
v1 = 0.8
v2 = -0.5
c = 0.3
t = 1
"""

TEN = """
[[problem]]
id = "p1"
program = "q = x + y; r = q*z; s = r + w; f = s^2"
values = {x = -2, y = 5, z = -4, w = 3}
ask = ["all values", "df/ds", "df/dr", "df/dq", "df/dz", "df/dw", "df/dx"]
"""


def typed(value: float) -> str:
    """Return a number as a careful student types it."""
    return f"{value:.4g}"


def class_rows(students: int) -> Iterator[list[str]]:
    """Yield the rows of a class: half of the students make one slip of the table."""
    problem = parse_problems(CLASS).problems[0]
    plan = Plan(problem.derivation(), previous=None, rates=(0.1,))
    key = SheetKey(plan, [cell.quantity for cell in problem.cells], 0.1)
    made = instances(plan.scene)
    draw = random.Random(1)
    yield ["student", *(quantity.text for quantity in key.columns)]
    for number in range(students):
        row = key.true
        if number % 2:
            row = key.row(plan.run(draw.choice(made).bend, Own()), Own())
        yield [f"student-{number:03}", *(typed(float(v)) for v in row)]


def whole_class(students: int, workers: int) -> None:
    """Print the time of a class, from file to files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "problems.toml").write_text(CLASS, encoding="utf-8")
        with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
            rows = list(class_rows(students))
            csv.writer(file).writerows(rows)
        start = time.perf_counter()
        marks = check_class(
            folder / "problems.toml", folder / "answers.csv", folder / "marks", workers=workers
        )
        spent = time.perf_counter() - start
        files = sum(path.is_file() for path in (folder / "marks").rglob("*"))
    cells = len(rows[0]) - 1
    print(
        f"class: {marks.counts.students} students x {cells} cells, {workers} workers: {spent:.1f} s "
        f"(limit 30 s), {files} files, mean {marks.counts.mean:.0%}, {marks.counts.stopped} stopped"
    )


def right_sheets(count: int) -> Iterator[Sheet]:
    """Yield sheets of ten right answers."""
    answers = parse_problems(TEN).problems[0].answers()
    given = {("p1", text): Given(str(value)) for text, value in answers.items()}
    return (Sheet(f"s{number}", given) for number in range(count))


def stream(count: int) -> None:
    """Print time and memory of right sheets as a stream, and that none is diagnosed."""
    for number in (count // 10, count):
        tracemalloc.start()
        _, before = tracemalloc.get_traced_memory()
        right = sum(r.score == 1 for r in mark_class(TEN, right_sheets(number), workers=0))
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"stream: {right} of {number} sheets right, peak {(top - before) / 1024:.0f} KB")
    start = time.perf_counter()
    for _ in mark_class(TEN, right_sheets(count // 10), workers=0):
        pass
    spent = time.perf_counter() - start
    print(f"stream: {1e6 * spent / (count // 10):.0f} µs a right sheet of ten cells, one process")


def perturbed() -> None:
    """Print how many single perturbed cells are caught, and caught at that cell."""
    problem = parse_problems(TEN).problems[0]
    answers = problem.answers()
    caught = 0
    for text in answers:
        changed = {key: str(value) for key, value in answers.items()}
        changed[text] = str(float(answers[text]) * 1.37 + 0.123)
        sheet = Sheet("s", {("p1", key): Given(value) for key, value in changed.items()})
        (result,) = mark_class(TEN, [sheet], workers=0)
        wrong = [c.quantity for _, c in result.cells() if c.points < c.possible]
        caught += wrong == [text] and result.problems[0].first_wrong == text
    print(f"perturbed: {caught} of {len(answers)} cells caught at that cell and no other")


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--right", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    perturbed()
    whole_class(options.students, options.workers)
    stream(options.right)


if __name__ == "__main__":
    main()
