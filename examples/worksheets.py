"""A worksheet for a class of three, its key, and the round trip through marking.

Run it: `python examples/worksheets.py [folder]`. The folder is made; without one, a temporary folder.
"""

import sys
import tempfile
from pathlib import Path

from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.homework.reports.writing import Settings
from backprop_tutor.motion import animation
from backprop_tutor.worksheets import Knobs, write_worksheets

PROBLEMS = """
title = "Week 3"

[[problem]]
id = "circuit"
program = "q = x + y; f = q*z"
values = {x = {from = -5, to = 5, not = [0]}, y = {from = -5, to = 5, not = [0]}, z = -4}

[[problem]]
id = "neuron"
program = "f = sigmoid(w*x + b)"
values = {w = {from = -3, to = 3, not = [0]}, x = 2, b = -1}
ask = ["f", "df/dw", "local(f, v2)"]
formulas = ["local(f, v2)"]
"""


def main(folder: Path) -> None:
    """Write the worksheets, mark their key, and animate what the first student has to find."""
    students = parse_roster("student\nanna\nben\n김민수\n")
    made = write_worksheets(
        PROBLEMS, folder / "out", students=students, knobs=Knobs(seed=7), formats=["html", "markdown"]
    )
    print(f"{made.students} worksheets in {made.files} files")

    marks = check_class(
        made.folder / "problems.toml", made.folder / "key.csv", folder / "marks",
        settings=Settings(formats=("json",)), workers=0,
    )  # fmt: skip
    print(f"the key scores {marks.counts.mean:.0%}")
    assert marks.counts.students == 3
    assert marks.counts.mean == 1.0

    problems = parse_problems((made.folder / "problems.toml").read_text(encoding="utf-8"))
    derivation = problems.problem("circuit").derivation("anna")
    moving = animation(derivation, pace=0.8, title="{what} at {node}", scale=1.0)
    path = moving.save(folder / "circuit.gif")
    print(f"{path.name}: {len(moving)} frames, {moving.seconds:g} s")
    assert path.stat().st_size > 1000


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            main(Path(place))
