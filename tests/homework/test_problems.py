from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.errors import FileError, TutorError, UnknownNameError
from backprop_tutor.homework.problems.problem_set import parse_problems, read_problems

SHEET = """
title = "Sheet 3"
tolerance = "2%"
follow_through = 0.5

[[problem]]
id = "p1"
title = "A product"
program = '''
q = x + y
f = q*z
'''
values = {x = -2, y = 5, z = "-4"}
total = 10
formulas = ["df/dx"]

[problem.cells."df/dz"]
points = 3
tolerance = {absolute = 0.5}

[[problem]]
id = "net"
network = {sizes = [2, 1], biases = "layer"}
ask = ["all gradients", "new(b1)"]
lr = 0.5
points = 2
tolerance = 0.05
follow_through = 1
"""


def faults_of(text: str) -> list[str]:
    """Return the faults that a problem file is refused with."""
    with pytest.raises(FileError) as caught:
        parse_problems(text, "sheet.toml")
    return str(caught.value).splitlines()


def test_a_sheet() -> None:
    """A file's settings reach the cells: points, tolerance, number or formula, follow-through."""
    sheet = parse_problems(SHEET)
    product, net = sheet.problems
    assert sheet.title == "Sheet 3"
    assert product.points == pytest.approx(10)
    assert {c.text: round(c.points, 3) for c in product.cells}["df/dz"] == round(30 / 8, 3)
    assert product.cell("∂f/∂z").tolerance.absolute == Fraction(1, 2)
    assert product.cell("q").tolerance.relative == Fraction(1, 50)
    assert [c.text for c in product.cells if c.want == "formula"] == ["df/dx"]
    assert (product.follow_through, net.follow_through) == (0.5, 1)
    assert net.cell("new(b1)").points == 2
    assert net.cell("new(b1)").tolerance.relative == Fraction(1, 20)


def test_points_by_cell() -> None:
    """Points by cell leave 1 for the others; a cell that is not asked for is a fault."""
    text = "[[problem]]\nid='p'\nprogram='f = x*y'\nvalues={x=2, y=3}\n"
    problem = parse_problems(text + "points = {'∂f/∂x' = 2.5}").problems[0]
    assert {cell.text: cell.points for cell in problem.cells} == {"f": 1, "df/dx": 2.5, "df/dy": 1}
    assert "`points.g`" in "\n".join(faults_of(text + "points = {g = 1}"))
    assert "`points.f`" in "\n".join(faults_of(text + "points = {f = -1}"))


def test_answers_are_derived() -> None:
    """The key is the derivation's; an update asks for its learning rate."""
    sheet = parse_problems(SHEET)
    assert sheet.problem("p1").answers() == {
        "q": 3, "f": -12, "df/dq": -4, "df/dx": -4, "df/dy": -4, "df/dz": 3,
    }  # fmt: skip
    net = sheet.problem("net")
    d = net.derivation()
    assert net.answers()["new(b1)"] == d.at["b1"] - 0.5 * d.gradients["b1"]


def test_every_fault_at_once_with_its_place() -> None:
    """Faults of several problems are told together, each with problem and key."""
    faults = faults_of(
        """
        [[problem]]
        id = "p1"
        program = "f = x + +"
        [[problem]]
        id = "P1"
        program = "f = x*w"
        values = {x = 1, v = 2}
        ask = ["df/dz", "f"]
        tolerance = "abc"
        [problem.cells."df/dw"]
        tolerance = -1
        """
    )
    text = "\n".join(faults)
    assert faults[0].endswith("faults")
    for place in (
        "problem 1 (`p1`), `program`: program: line 1, column 9",
        "problem 2 (`P1`), `values.v`: no input has this name",
        "problem 2 (`P1`), `values`: no value for w",
        "problem 2 (`P1`), `ask`: `df/dz`",
        "problem 2 (`P1`), `id`: problem 1 has the same id",
    ):
        assert place in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", "`problem`: this key is missing"),
        ("a = [", "it is not TOML"),
        ("titel = 'x'\n[[problem]]\nid='p'\nprogram='f=2'", "did you mean `title`?"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=true}", "a truth value is not a number"),
        ("[[problem]]\nid='../p'\nprogram='f=x'\nvalues={x=1}", "an id has letters"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=nan}", "finite"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\npoints=-1", "`points`"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nfollow_through=2", "`follow_through`"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nnetwork={sizes=[1,1]}", "one of the two"),
        ("[[problem]]\nid='p'", "one of the two"),
        (
            "[[problem]]\nid='p'\nnetwork={sizes=[2,2,1_0001]}",
            "problem 1 (`p`), `network`: sizes [2, 2, 10001] make 20,006 weights; "
            "a problem's network has at most 1,000",
        ),
        (
            "[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nask=['q', 'df/dz']",
            "`ask`: `df/dz` is no quantity of this graph; did you mean `df/dx`?",
        ),
        ("[[problem]]\nid='p'\nprogram='f=ln(x)'\nvalues={x=-1}", "not defined over the real"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nask=['new(x)']", "a learning rate"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nask=['f','f']", "asked for twice"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nask=[]", "nothing is asked for"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nwant='nmber'", "`want`"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\nformulas=['q']", "`formulas.q`"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x=1}\ndomain='positiv'", "`positive`"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x={from=3,to=1}}", "3 is above 1"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x={from=0,to=1,step=0}}", "positive"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x={choose=[1],not=[1]}}", "nothing is left"),
        ("[[problem]]\nid='p'\nprogram='f=x'\nvalues={x={from=0,to=1e9}}", "at most 10,000"),
        (
            "[[problem]]\nid='p'\nprogram='f=ln(x)'\nvalues={x={from=-9,to=-1}}",
            "no values were drawn",
        ),
    ],
)
def test_refused(text: str, expected: str) -> None:
    """What a problem file may not say is refused with the reason."""
    assert expected in "\n".join(faults_of(text))


def test_more_faults_than_are_listed() -> None:
    """After fifty faults no more are looked for, and long lists of names are cut."""
    values = ", ".join(f"a{i} = 1" for i in range(60))
    text = f"[[problem]]\nid='p'\nprogram='f=x'\nvalues={{x = 1, {values}}}"
    told = faults_of(text)
    assert told[0] == "`sheet.toml`: more than 50 faults, the first of which are"
    assert len(told) == 51
    sums = "+".join(f"b{i}" for i in range(20))
    assert faults_of(f"[[problem]]\nid='p'\nprogram='f={sums}'\nvalues={{zz = 1}}")[1:] == [
        "  problem 1 (`p`), `values.zz`: no input has this name; the inputs: "
        "b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, …",
        "  problem 1 (`p`), `values`: no value for b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, …",
    ]


def test_a_problem_that_is_not_there() -> None:
    """A misspelt problem, or a quantity that is not asked for, is answered with the nearest one."""
    sheet = parse_problems(SHEET)
    with pytest.raises(UnknownNameError, match="did you mean `net`"):
        sheet.problem("nett")
    with pytest.raises(UnknownNameError, match="not asked for"):
        sheet.problem("p1").cell("local(f, q)")


def test_files(tmp_path: Path) -> None:
    """A file is read with its byte order mark and CRLF; the digest is of its text."""
    path = tmp_path / "sheet.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SHEET.replace("\n", "\r\n").encode())
    sheet = read_problems(path)
    assert sheet.source == "sheet.toml"
    assert len(sheet.digest) == 32
    with pytest.raises(FileError, match="no file"):
        read_problems(tmp_path / "other.toml")


VARIANTS = """
seed = 11
[[problem]]
id = "p1"
program = "f = ln(x) + x*y"
values = {x = {from = -3, to = 3}, y = {choose = ["1/2", 3]}}
"""


def test_a_student_always_gets_the_same() -> None:
    """Values are drawn by seed, problem and student; where the program is not defined, again."""
    problem = parse_problems(VARIANTS).problems[0]
    drawn = {name: tuple(problem.values(name).values()) for name in map(str, range(40))}
    again = parse_problems(VARIANTS).problems[0]
    assert drawn == {name: tuple(again.values(name).values()) for name in drawn}
    assert {values[0] for values in drawn.values()} == {1, 2, 3}
    assert {values[1] for values in drawn.values()} == {Fraction(1, 2), 3}
    other = parse_problems(VARIANTS.replace("11", "12")).problems[0]
    assert drawn != {name: tuple(other.values(name).values()) for name in drawn}


def test_a_student_gets_one_set_of_values() -> None:
    """Values in sets stay together, every set is somebody's, and the same student always gets the same."""
    text = "[[problem]]\nid='a'\nprogram='f = x*y'\nvalues=[{x=1, y=0.5}, {x=2, y='1/3'}, {y=7, x=3}]"
    (problem,) = parse_problems(text)
    got = [tuple(sorted(problem.values(f"student {i}").items())) for i in range(40)]
    assert set(got) == {
        (("x", 1), ("y", 0.5)), (("x", 2), ("y", Fraction(1, 3))), (("x", 3), ("y", 7)),
    }  # fmt: skip
    assert got == [tuple(sorted(problem.values(f"student {i}").items())) for i in range(40)]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ("[{x=1, y=2}, {x=3}]", "`values`: set 2 gives x; set 1 gives x, y"),
        ("[{x=1, y=2}, {x=3, y='?'}]", "`values.y`: "),
        ("[{x=1}, {x=2}]", "`values`: no value for y"),
        ("[{x=1, y=2, z=3}]", "`values.z`: no input has this name"),
        ("[]", "`values`: "),
        ("[1, 2]", "`values.0`: a table is expected"),
        ("[{x=1, y=true}]", "`values.0.y`: a truth value is not a number"),
    ],
)
def test_sets_of_values_that_are_none_are_refused(values: str, says: str) -> None:
    """Every set has a number for the same names; what has not is named with its place."""
    text = f"[[problem]]\nid='a'\nprogram='f = x*y'\nvalues={values}"
    assert any(says in fault for fault in faults_of(text))


def test_draws_are_the_same_on_every_machine() -> None:
    """The values of a known seed and student are written down here, and stay."""
    problem = parse_problems(VARIANTS).problems[0]
    assert [str(v) for v in problem.values("anna").values()] == GOLDEN


GOLDEN = ["2", "1/2"]


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text gives anything but problems or a refusal."""
    try:
        parse_problems("[[problem]]\nid='p'\nprogram='''" + text + "'''\n" + text)
    except TutorError as error:
        refusal = str(error)
        assert refusal


def test_half_a_character_in_a_comment_stops_nothing() -> None:
    """A text that has no UTF-8, as programs may hand over, is read as far as it is needed."""
    text = '# \ud800\n[[problem]]\nid = "p"\nprogram = "f = x*y"\nvalues = { x = 2, y = 3 }\nask = ["f"]\n'
    assert parse_problems(text, "p.toml").problems[0].id == "p"
