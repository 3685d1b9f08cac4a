from __future__ import annotations

import contextlib
import gc
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.errors import FileError
from backprop_tutor.homework.answers.handed_in import Refused, Remark
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.problems.problem_set import ProblemSet, parse_problems

ONE = parse_problems(
    """
    [[problem]]
    id = "p1"
    program = "q = x + y; f = q*z"
    values = {x = -2, y = 5, z = -4}
    ask = ["q", "all gradients", "local(f, q)"]
    """
)
TWO = parse_problems(
    """
    [[problem]]
    id = "p1"
    program = "q = x + y; f = q*z"
    values = {x = -2, y = 5, z = -4}
    [[problem]]
    id = "p2"
    program = "q = x*y; g = q + y"
    values = {x = -2, y = 5}
    """
)


def read(
    path: Path, data: str | bytes, problems: ProblemSet = ONE
) -> tuple[dict[str, dict[str, str]], list[str], list[str]]:
    """Return a file's answers by student, what was refused, and the remarks."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    sheets: dict[str, dict[str, str]] = {}
    refused: list[str] = []
    remarks: list[str] = []
    for event in read_answers(path, problems):
        if isinstance(event, Sheet):
            one = len(problems) == 1
            sheets[event.student] = {
                key[1] if one else ": ".join(key): f"!{g.refused}" if g.refused else g.text
                for key, g in event.answers.items()
            }
            refused += event.faults
        elif isinstance(event, Refused):
            refused.append(str(event))
        elif isinstance(event, Remark):
            remarks.append(str(event))
    return sheets, refused, remarks


def test_wide(tmp_path: Path) -> None:
    """A row a student, a column a quantity; an empty cell is no answer; BOM and CRLF are named."""
    text = 'student,q,∂f/∂x,"local(f, q)"\r\nanna,3,-4,-4\r\nben,,1/3,\r\n'
    sheets, refused, remarks = read(tmp_path / "a.csv", text.encode("utf-8-sig"))
    assert sheets == {
        "anna": {"q": "3", "df/dx": "-4", "local(f, q)": "-4"}, "ben": {"df/dx": "1/3"},
    }  # fmt: skip
    assert not refused
    assert remarks == [
        "a.csv: a byte order mark at the beginning was left out",
        "a.csv: its lines end in CRLF, as on Windows",
    ]


def test_semicolons(tmp_path: Path) -> None:
    """A semicolon as separator is understood and named, also beside `local(f, q)`."""
    sheets, _, remarks = read(tmp_path / "a.csv", "name;q;local(f, q)\nanna;3;-4,5\n")
    assert sheets == {"anna": {"q": "3", "local(f, q)": "-4,5"}}
    assert remarks == ["a.csv: its separator is `;`"]


def test_wide_faults(tmp_path: Path) -> None:
    """A bad column, row or name is refused with file, row and column; the rest is read."""
    text = "student,q,q,df/dw,df/dx\nanna,3,3,1,-4\n,1,1,1,1\nanna,1,1,1,1\nben,1,1,1,2,9\n"
    sheets, refused, _ = read(tmp_path / "a.csv", text)
    assert sheets == {"anna": {"df/dx": "1"}, "ben": {"df/dx": "2"}}  # the last of a student's two rows
    assert refused == [
        "a.csv, row 1, column 3: `q` is column 2 already",
        "a.csv, row 1, column 4: `df/dw` is no quantity of this graph; did you mean `df/dz`?",
        "a.csv, row 3: no student is named",
        "a.csv, row 5: 6 cells, and the header has 5",
    ]


def test_a_comma_in_an_unquoted_header(tmp_path: Path) -> None:
    """`local(f, q)` without quotation marks in a header is refused with the remedy."""
    _, refused, _ = read(tmp_path / "a.csv", "student,q,local(f, q)\nanna,3,1\n")
    assert 'stands in quotation marks: "local(q, x)"' in refused[0]


def test_long(tmp_path: Path) -> None:
    """A row an answer; a student's rows need not stand together; twice the same cell is refused."""
    text = "student,quantity,answer\nanna,q,3\nben,q,4\nanna,df/dx,-4\nanna,q,5\nanna,df/dw,1\n"
    sheets, refused, _ = read(tmp_path / "a.csv", text)
    assert sheets["ben"] == {"q": "4"}
    assert sheets["anna"] == {
        "q": "!`q` is answered twice: a.csv, row 2, column answer and a.csv, row 5, column answer",
        "df/dx": "-4",
    }
    assert refused == [
        "a.csv, row 6, column 2: `df/dw` is no quantity of this graph; did you mean `df/dz`?"
    ]


def test_one_students_own_file(tmp_path: Path) -> None:
    """A file without a student column is the work of the student it is named after."""
    assert read(tmp_path / "anna.csv", "\ufeffnode,value\r\nq,2\r\n")[0] == {"anna": {"q": "2"}}
    assert read(tmp_path / "ben.csv", "node,value\n")[0] == {"ben": {}}
    twice = read(tmp_path / "cy.csv", "node,value\nq,1\nq,2\n")[0]["cy"]["q"]
    assert "row 2" in twice
    assert "row 3" in twice


def test_lines_may_end_in_cr_alone(tmp_path: Path) -> None:
    """Wide and long files, with quotation marks and mixed line ends, are read and remarked on."""
    wide = b'student,q,df/dx\r\ranna,"3",1\rben,"4\r",2'
    sheets, refused, remarks = read(tmp_path / "a.csv", wide)
    assert sheets == {"anna": {"q": "3", "df/dx": "1"}, "ben": {"q": "4\r", "df/dx": "2"}}
    assert refused == []
    assert remarks == ["a.csv: its lines end in CR alone"]
    mixed = b"student;quantity;answer\r\nanna;q;3\rben;q;4\nben;df/dx;1\r"
    sheets, refused, _ = read(tmp_path / "b.csv", mixed)
    assert sheets == {"anna": {"q": "3"}, "ben": {"q": "4", "df/dx": "1"}}
    assert refused == []


def test_encodings(tmp_path: Path) -> None:
    """What is not UTF-8 spoils its cell alone; UTF-16 is read, with a byte order mark or without."""
    data = "student,q,df/dx\nanna,3é,1\njosé,3,1\n".encode("latin-1")
    sheets, refused, _ = read(tmp_path / "a.csv", data)
    assert sheets == {"anna": {"q": "!a.csv, row 2, column q: not UTF-8 text", "df/dx": "1"}}
    assert refused == ["a.csv, row 3: the student's name is not UTF-8 text"]
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        sheets, refused, remarks = read(tmp_path / "b.csv", "student;q\r\nÅsa;3\r\n".encode(encoding))
        assert (sheets, refused) == ({"Åsa": {"q": "3"}}, [])
        assert "b.csv: it is UTF-16 text" in remarks
    _, refused, _ = read(tmp_path / "c.csv", b"\0student,q\nanna,3\n")
    assert refused == ["c.csv: the file is not text: it has zero bytes"]
    _, refused, _ = read(tmp_path / "c.json", b'{"q": "\xff"}')
    assert "not UTF-8" in refused[0]


def test_several_problems(tmp_path: Path) -> None:
    """`p1: q` picks the problem; a quantity alone is enough where one problem asks for it."""
    text = "student,p1: q,p2:q,df/dz,q\nanna,3,-10,3,7\n"
    sheets, refused, _ = read(tmp_path / "a.csv", text, TWO)
    assert sheets == {"anna": {"p1: q": "3", "p2: q": "-10", "p1: df/dz": "3"}}
    assert "asked for in several problems; write p1: q or p2: q" in refused[0]
    long = "student,problem,quantity,answer\nanna,p2,g,-5\nanna,p3,g,1\n"
    sheets, refused, _ = read(tmp_path / "b.csv", long, TWO)
    assert sheets == {"anna": {"p2: g": "-5"}}
    assert "there is no problem `p3`; the problems: p1, p2" in refused[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"q": 1.50}', {"a": {"q": "1.50"}}),
        ('{"student": "x", "answers": {"q": "3"}}', {"x": {"q": "3"}}),
        ('{"student": "x", "p1": {"q": 3}}', {"x": {"q": "3"}}),
        ('{"x": {"q": 1}, "y": {"p1": {"q": 2}}}', {"x": {"q": "1"}, "y": {"q": "2"}}),
        ('[{"student": "x", "q": 1}, {"student": 7, "q": 2}]', {"x": {"q": "1"}, "7": {"q": "2"}}),
        ('{"students": [{"id": "x", "q": 1}]}', {"x": {"q": "1"}}),
        ('{"q": null}', {"a": {}}),
        ('{"q": NaN}', {"a": {"q": "NaN"}}),
        ("{}", {"a": {}}),
    ],
)
def test_json(tmp_path: Path, text: str, expected: dict[str, dict[str, str]]) -> None:
    """JSON's shapes are read, numbers digit for digit."""
    assert read(tmp_path / "a.json", text)[0] == expected


def test_json_faults(tmp_path: Path) -> None:
    """Truth values, lists and keys that stand twice are refused where they stand."""
    sheets, refused, _ = read(
        tmp_path / "a.json", '{"q": true, "df/dx": [1], "df/dy": 1, "df/dy": 2, "zz": 1}'
    )
    assert sheets["a"] == {
        "q": "!a.json, key `q`: true is a truth value, not a number",
        "df/dx": "!a.json, key `df/dx`: a list is not an answer",
        "df/dy": "!a.json, key `df/dy`: the key stands twice",
    }
    assert refused[0].startswith("a.json, key `zz`: `zz` is no quantity")
    assert "line 1, column 2" in read(tmp_path / "b.json", "{q: 1}")[1][0]
    assert "nests too deep" in read(tmp_path / "c.json", "[" * 100_000)[1][0]
    assert "an object" in read(tmp_path / "d.json", "3")[1][0]


def test_jsonl(tmp_path: Path) -> None:
    """A bad line is refused by its number; the others are read."""
    text = '{"student": "a", "q": 1}\nnope\n\n{"student": "b", "answers": {"q": 2}}\n{"q": 3}\n'
    sheets, refused, _ = read(tmp_path / "a.jsonl", text)
    assert sheets == {"a": {"q": "1"}, "b": {"q": "2"}}
    assert refused == [
        "a.jsonl, line 2: it is not JSON: line 1, column 1: Expecting value",
        "a.jsonl, line 5: no student is named",
    ]


def test_toml(tmp_path: Path) -> None:
    """TOML is read; a key that stands twice, or a date, is refused."""
    text = 'student = "x"\nq = 1.50\n[p1]\n"df/dx" = -4\n"df/dy" = 2024-01-01\n'
    assert read(tmp_path / "a.toml", text)[0] == {
        "x": {
            "q": "1.50",
            "df/dx": "-4",
            "df/dy": "!a.toml, p1, key `df/dy`: a date is not an answer",
        }
    }
    assert "not TOML" in read(tmp_path / "b.toml", "q = 1\nq = 2")[1][0]


def test_folder(tmp_path: Path) -> None:
    """A folder of one file a student: read by name, one bad file stops none, links are not followed."""
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "ben.json").write_text('{"q": 4}', encoding="utf-8")
    (folder / "anna.csv").write_text("node,value\nq,3\n", encoding="utf-8")
    (folder / "cy.json").write_text("{", encoding="utf-8")
    (folder / "dora.docx").write_bytes(b"PK")
    (folder / ".hidden").write_text("", encoding="utf-8")
    (folder / "inner").mkdir()
    (tmp_path / "secret.json").write_text('{"q": 1}', encoding="utf-8")
    with contextlib.suppress(OSError):
        (folder / "eve.json").symlink_to(tmp_path / "secret.json")
    events = list(read_answers(folder, ONE))
    assert [event.student for event in events if isinstance(event, Sheet)] == ["anna", "ben"]
    refused = [str(event) for event in events if isinstance(event, Refused)]
    assert refused[0].startswith("answers/cy.json: it is not JSON")
    assert refused[1].startswith("answers/dora.docx: files that end in `.docx` are not read")
    if (folder / "eve.json").is_symlink():
        assert refused[2].startswith("answers/eve.json: a link is not followed")


def test_missing_path(tmp_path: Path) -> None:
    """A path that is not there is an error of the caller."""
    with pytest.raises(FileError, match="no file or folder"):
        list(read_answers(tmp_path / "nothing", ONE))


def test_yaml_is_not_read(tmp_path: Path) -> None:
    """YAML is refused, whatever it says."""
    assert "are not read" in read(tmp_path / "a.yaml", "!!python/object/apply:os.getpid []")[1][0]


def test_memory_does_not_grow(tmp_path: Path) -> None:
    """Four times the rows take the same memory, wide and long."""

    def peak(path: Path) -> int:
        seldom = gc.get_threshold()  # the tests': what waits to be looked at would be counted
        gc.set_threshold(700, 10, 10)
        tracemalloc.start()
        try:
            count = sum(isinstance(event, Sheet) for event in read_answers(path, ONE))
            _, top = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            gc.set_threshold(*seldom)
        assert count in (300, 1200)
        return top

    for kind, row in (("student,q,df/dx", "s{0},3,-4"), ("student,quantity,answer", "s{0},q,3")):
        sizes = []
        for number in (300, 1200):
            path = tmp_path / f"{number}.csv"
            lines = [kind, *(row.format(i) for i in range(number))]
            path.write_text("\n".join(lines), encoding="utf-8")
            sizes.append(peak(path))
        assert sizes[1] < 1.5 * sizes[0] + 50_000


@given(st.binary(max_size=200), st.sampled_from([".csv", ".json", ".jsonl", ".toml"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    """No file gives anything but sheets, refusals and remarks."""
    path = tmp_path_factory.mktemp("fuzz") / f"a{suffix}"
    path.write_bytes(data)
    for event in read_answers(path, ONE):
        assert isinstance(event, Sheet | Refused | Remark)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["q", "student", "p1", "answers", "df/dx", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_VALUES)
@settings(max_examples=40, deadline=None)
def test_any_json_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: object
) -> None:
    """No JSON value gives anything but sheets, refusals and remarks."""
    path = tmp_path_factory.mktemp("fuzz") / "a.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    for event in read_answers(path, ONE):
        assert isinstance(event, Sheet | Refused | Remark)
