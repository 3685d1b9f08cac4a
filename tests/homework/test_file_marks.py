"""The decimal mark of a file: what its other numbers show decides what one sheet does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.marking.results import marked_sheet
from backprop_tutor.homework.problems.problem_set import parse_problems

PROBLEMS = parse_problems(
    "[[problem]]\nid = 'p'\nprogram = 'q = x*y; f = q + z'\nvalues = {x = 500, y = 2, z = 0.25}\nask = ['q', 'f']"
)


def statuses(path: Path) -> dict[str, str]:
    """Return the status of each student's answer to q."""
    sheets = [event for event in read_answers(path, PROBLEMS) if isinstance(event, Sheet)]
    found = {}
    for sheet in sheets:
        cells = {cell.quantity: cell for _, cell in marked_sheet(PROBLEMS, sheet).cells()}
        found[sheet.student] = cells["q"].status
    return found


@pytest.mark.parametrize(
    ("text", "anna"),
    [
        ('student,q,f\nanna,"1,000",\nben,1000,1000.25\n', "correct"),
        ('student,q,f\nanna,"1,000",\nben,1000,"1000,25"\n', "could not be judged"),
        ("student;q;f\nanna;1.000;\nben;1000;1000,25\n", "correct"),
        ("student;q;f\nanna;1.000;\n", "correct"),
        ("student;q;f\nanna;1,000;\nben;1000;1000.25\n", "correct"),
        ('student,q,f\nanna,"1,000",\n', "could not be judged"),
        ('student,q,f\nanna,"1,000","1000,25"\nben,1000,1000.25\n', "could not be judged"),
        ('student,q,f\nanna,"1,000","1.000,25"\nben,1000,1\n', "could not be judged"),
        ('student,q,f\nanna,1000,\nben,1000,"0,5"\n', "correct"),
    ],
)
def test_the_file_decides(tmp_path: Path, text: str, anna: str) -> None:
    """A number that its sheet does not decide is read as the file's numbers are; else a person sees it."""
    path = tmp_path / "answers.csv"
    path.write_text(text, encoding="utf-8")
    assert statuses(path)["anna"] == anna


def test_many_sheets_are_read_in_order(tmp_path: Path) -> None:
    """What stands beyond the sheets that are held back comes in order, and is decided by all before it."""
    rows = [f"s{number:04},1000," for number in range(900)]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["student,q,f", 'a,"1,000",', *rows, 'z,"1,000",1000.25']) + "\n", encoding="utf-8")
    found = statuses(path)
    assert list(found)[:3] == ["a", "s0000", "s0001"]
    assert len(found) == 902
    assert (found["a"], found["z"]) == ("could not be judged", "correct")
