"""A sheet speaks for its own student; names are bounded by the files, the roster, or a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_tutor.errors import FileError, OptionError
from backprop_tutor.homework import checking
from backprop_tutor.homework.answers.handed_in import Refused
from backprop_tutor.homework.answers.path_names import digest
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.answers.speakers import Roster, Speaker, student_name
from backprop_tutor.homework.problems.problem_set import parse_problems

PROBLEMS = """
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
ask = ["q", "df/dx"]
"""
ONE = parse_problems(PROBLEMS)


def read(
    place: Path, files: dict[str, str], roster: Roster | None = None, given: tuple[str, ...] = ()
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the answers by student, and what was refused, of a folder or of files in it."""
    folder = place / "in"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    paths = [folder / name for name in given] or [folder]
    sheets: dict[str, dict[str, str]] = {}
    refused = []
    for event in read_answers(paths, ONE, roster):
        if isinstance(event, Sheet):
            assert event.student not in sheets
            sheets[event.student] = {key[1]: g.text for key, g in event.answers.items()}
        elif isinstance(event, Refused):
            refused.append(str(event))
    return sheets, refused


ANOTHERS = {
    "aaron.csv": "student,q\naaron,1\nanna,0\n",
    "abel.csv": "student,quantity,answer\nabel,q,1\nanna,q,0\n",
    "abby.json": '{"student": "anna", "q": 0}',
    "ada.json": '{"anna": {"q": 0}, "ada": {"q": 1}}',
    "adam.json": '[{"student": "anna", "q": 0}, {"student": "adam", "q": 1}]',
    "agnes.jsonl": '{"student": "anna", "q": 0}\n{"q": 1}\n',
    "alan.toml": 'student = "anna"\nq = 0\n',
    "alma.toml": "[anna]\nq = 0\n[alma]\nq = 1\n",
    "anna.csv": "student,q\nanna,3\n",
}


def test_a_folders_file_speaks_for_its_student_alone(tmp_path: Path) -> None:
    """Rows for another are refused in every format, and listed; Anna's own file is read."""
    sheets, refused = read(tmp_path, ANOTHERS)
    assert sheets == {
        "aaron": {"q": "1"}, "abel": {"q": "1"}, "ada": {"q": "1"}, "adam": {"q": "1"},
        "agnes": {"q": "1"}, "alma": {"q": "1"}, "anna": {"q": "3"},
    }  # fmt: skip
    tail = "; it does not speak for `anna` (a file that holds a class is given by its own path)"
    assert refused == [
        f"in/aaron.csv, row 3: this file is `aaron`'s{tail}",
        f"in/abby.json: this file is `abby`'s{tail}",
        f"in/abel.csv, row 3: this file is `abel`'s{tail}",
        f"in/ada.json, `anna`: this file is `ada`'s{tail}",
        f"in/adam.json, entry 1: this file is `adam`'s{tail}",
        f"in/agnes.jsonl, line 1: this file is `agnes`'s{tail}",
        f"in/alan.toml: this file is `alan`'s{tail}",
        f"in/alma.toml, `anna`: this file is `alma`'s{tail}",
    ]


def test_one_file_invents_nobody(tmp_path: Path) -> None:
    """2,000 names in a folder's file make one sheet, whatever looks like its name."""
    rows = "".join(f"s{i},1\n" for i in range(2000))
    looks = "a.da,1\nAda,1\nada!,1\na-d-a,1\nada,2\n"
    sheets, refused = read(tmp_path, {"ada.csv": "student,q\n" + looks + rows})
    assert sheets == {"a.da": {"q": "1"}}
    assert len(refused) == 21
    assert refused[-1] == "in/ada.csv: 1,984 more of its rows or columns are refused"


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("anna", "anna"),
        ("Anna", "anna"),
        ("anna-muller", "Anna Muller"),
        ("anna_muller", "Anna Muller"),
        ("mulleranna_123_456_answers", "Anna Muller"),
        ("mulleranna_LATE_123_456_answers", "Muller, Anna"),
        ("x_1234_567_answers", "1234"),
        ("Anna Muller_77_assignsubmission_file_answers", "Anna Muller"),
        ("s106 (1)", "s106"),
        ("s106(2)", "S106"),
        ("zoe\u0308", "zoë"),
        (f"anna-b-{digest('Anna B', 8)}", "Anna B"),
        (f"anna-b-{digest('Anna B', 16)}", "Anna B"),
        ("anna@x.edu", "anna@x.edu"),
        ("김지우", "김지우"),
    ],
)
def test_names_of_files(stem: str, name: str) -> None:
    """A file is its student's under the name that worksheets and learning platforms give it."""
    assert Speaker(stem, alone=True).student(name) == name
    assert Speaker(stem, roster=Roster([name, "ben"])).student(None) == name


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("aaron_anna", "anna"),
        ("aaron_12_34_anna", "anna"),
        ("aaron_12_34_99", "99"),
        ("aaron-anna", "anna"),
        (f"anna-{digest('Anna', 8)}", "ANNA"),
        ("annamuller", "anna"),
        ("aaron", "Aaron K"),
    ],
)
def test_names_that_are_anothers(stem: str, name: str) -> None:
    """What a student may choose in a file's name says nothing about whose it is."""
    with pytest.raises(FileError, match="it does not speak for"):
        Speaker(stem, alone=True).student(name)


def test_a_class_file_and_own_files(tmp_path: Path) -> None:
    """A file given by its own path holds many, but nobody who has a file of their own."""
    files = {
        "aaron.csv": "student,q\naaron,1\nanna,0\n",
        "anna.csv": "student,q\nanna,3\n",
        "group.csv": "student,q\nben,4\ncy,5\nANNA,0\n",
    }
    sheets, refused = read(tmp_path, files, given=("aaron.csv", "anna.csv", "group.csv"))
    assert sheets == {
        "aaron": {"q": "1"}, "anna": {"q": "3"}, "ben": {"q": "4"}, "cy": {"q": "5"},
    }  # fmt: skip
    assert refused == [
        "aaron.csv, row 3: `anna` has a file of their own, `anna.csv`",
        "group.csv, row 4: `ANNA` has a file of their own, `anna.csv`",
    ]
    assert read(tmp_path, files, given=("aaron.csv",))[1] == []


def test_a_roster_bounds_the_names(tmp_path: Path) -> None:
    """Who is not on the roster is refused with the nearest name; files are found by it."""
    roster = Roster(["s106", "0012345", "Anna B", "ben"])
    files = {
        "class.csv": "student,q\nS106,1\n12345,2\nbenn,3\nzzz,4\nben,5\n",
        f"anna-b-{digest('Anna B', 8)}.csv": "quantity,answer\nq,6\n",
        "s106 (1).csv": "quantity,answer\nq,7\n",
        "nobody.csv": "quantity,answer\nq,8\n",
    }
    sheets, refused = read(tmp_path, files, roster, given=tuple(files))
    assert sheets == {"ben": {"q": "5"}, "Anna B": {"q": "6"}, "s106": {"q": "7"}}
    assert refused == [
        "class.csv, row 2: `S106` has a file of their own, `s106 (1).csv`",
        "class.csv, row 3: `12345` is not on the roster; did you mean `0012345`?",
        "class.csv, row 4: `benn` is not on the roster; did you mean `ben`?",
        "class.csv, row 5: `zzz` is not on the roster",
        "nobody.csv: `nobody` is not on the roster",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no student is named"),
        ("  \n ", "no student is named"),
        ("x" * 201, "a student's name has at most 200 characters"),
        ("a\ud800", "the student's name has \\ud800 in it, half a character"),
    ],
)
def test_names_that_are_none(text: str, says: str) -> None:
    """A name that cannot be kept is refused with the reason."""
    with pytest.raises(FileError) as caught:
        student_name(text)
    assert str(caught.value) == says


def check(place: Path, answers: str, **options: object) -> checking.ClassMarks:
    """Mark a class file."""
    (place / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    (place / "class.csv").write_text(answers, encoding="utf-8")
    return checking.check_class(
        place / "p.toml", place / "class.csv", place / "marks", workers=0, **options
    )  # type: ignore[arg-type]


def test_a_class_without_a_roster_has_a_limit(tmp_path: Path) -> None:
    """Without a roster a stated number of students is marked; the others are listed."""
    answers = "student,q\n" + "".join(f"s{i},3\n" for i in range(6))
    marks = check(tmp_path, answers, most_students=4)
    assert marks.counts.students == 4
    assert marks.refused == [
        f"class.csv, row {i + 2}: s{i} is one more than the 4 students that are marked without a roster"
        for i in (4, 5)
    ]
    assert not marks.whole
    assert sorted(path.name for path in (tmp_path / "marks" / "students").iterdir()) == [
        "s0", "s1", "s2", "s3",
    ]  # fmt: skip
    assert checking.MOST_STUDENTS == 1000
    with pytest.raises(OptionError, match="1 or more students are marked, not 0"):
        check(tmp_path, answers, most_students=0)
    with pytest.raises(OptionError, match="a roster says how many"):
        check(tmp_path, answers, most_students=1, students=["s0"])


def test_who_is_missing(tmp_path: Path) -> None:
    """With a roster nobody else is marked, and students without a sheet are named."""
    marks = check(tmp_path, "student,q\nben,3\nevil,3\n", students=["anna", "ben", "cy"])
    assert marks.counts.students == 1
    assert marks.refused == ["class.csv, row 3: `evil` is not on the roster"]
    assert marks.remarks == ["no sheet of 2 on the roster: anna, cy"]


def test_folders_never_collide(tmp_path: Path) -> None:
    """Two students never share a folder, whatever they are called; both reports are there."""
    name = f"anna-{digest('Anna', 8)}"
    for number, names in enumerate((["Anna", name], [name, "Anna"])):
        place = tmp_path / str(number)
        place.mkdir()
        marks = check(place, "student,q\n" + "".join(f"{one},3\n" for one in names))
        assert marks.counts.students == 2
        reports = [path.read_text(encoding="utf-8") for path in sorted(place.rglob("report.md"))]
        assert len(reports) == 2
        assert len(set(reports)) == 2
        assert check(place, "student,q\n" + "".join(f"{one},3\n" for one in names)).reused == 2


def test_pictures_never_collide(tmp_path: Path) -> None:
    """Two problems whose ids differ in case and digits have a picture each."""
    problem = PROBLEMS.replace('"p1"', '"A.b"') + PROBLEMS.replace(
        '"p1"', f'"a.b-{digest("A.b", 8)}"'
    )
    (tmp_path / "p.toml").write_text(problem, encoding="utf-8")
    (tmp_path / "anna.csv").write_text("problem,quantity,answer\nA.b,q,3\n", encoding="utf-8")
    checking.check_class(tmp_path / "p.toml", tmp_path / "anna.csv", tmp_path / "m", workers=0)
    assert len(list((tmp_path / "m" / "students" / "anna").glob("graph-*.svg"))) == 2
