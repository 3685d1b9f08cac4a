from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backprop_tutor as bt
from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.worksheets import Knobs, turned
from backprop_tutor.worksheets.knobs import read_range
from backprop_tutor.worksheets.toml import toml_text

leaves = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(10**12), 10**12), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(keys, trees, max_size=5))
def test_toml_is_read_back_as_it_was(tables: dict[str, object]) -> None:
    """Tables written as TOML and read by tomllib are the same tables."""
    assert tomllib.loads(toml_text(tables)) == tables


def test_with_no_knob_turned_the_file_stays(problems: str) -> None:
    """Without options the problem file is copied byte for byte."""
    assert turned(problems, Knobs()) == problems


def test_the_seed_is_set_whatever_stands_in_the_file(problems: str) -> None:
    """A seed on the command line replaces the file's, or is added."""
    for text in (problems, problems.replace("seed = 1\n", "")):
        made = tomllib.loads(turned(text, Knobs(seed=7)))
        assert made["seed"] == 7
        assert made["problem"] == tomllib.loads(problems)["problem"]


def test_knobs_ask_for_something_else(problems: str) -> None:
    """What is asked, and how, is that of the knobs for every problem."""
    made = parse_problems(turned(problems, Knobs(ask=("all gradients",), want="formula")))
    assert {cell.want for problem in made for cell in problem.cells} == {"formula"}
    assert {cell.quantity.kind for problem in made for cell in problem.cells} == {"gradient"}


def test_a_range_is_drawn_from_by_all_inputs(problems: str) -> None:
    """With a range every input of every problem is drawn from it, 0 left out."""
    made = parse_problems(turned(problems, Knobs(range=read_range("-1:1:0.25"))))
    for problem in made:
        assert set(problem.draws) == set(problem.graph.inputs)
        values = [v for s in ("anna", "ben") for v in problem.values(s).values()]
        assert all(-1 <= v <= 1 and v != 0 and v * 4 == int(v * 4) for v in values)


def test_an_unknown_quantity_names_its_place(problems: str) -> None:
    """A quantity that no problem has is refused with the problem and the nearest name."""
    with pytest.raises(bt.FileError) as caught:
        turned(problems, Knobs(ask=("df/dqq",)), "p.toml")
    assert "`p.toml, with the options given`" in str(caught.value)
    assert "problem 1 (`p1`), `ask`" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("5", "a range is LOW:HIGH or LOW:HIGH:STEP"),
        ("1:2:3:4", "a range is LOW:HIGH or LOW:HIGH:STEP"),
        ("5:1", "5 is not below 1"),
        ("1:5:0", "the step of a range is positive"),
        ("0:1:1e-9", "the step of a range is positive and not too small"),
        ("a:b", "the range `a:b`"),
        ("-inf:3", "the range `-inf:3`"),
    ],
)
def test_ranges_that_are_none_are_refused(text: str, says: str) -> None:
    """A range is two or three numbers in order."""
    with pytest.raises(bt.OptionError, match=says.replace("(", r"\(")):
        read_range(text)


def test_ranges_are_exact() -> None:
    """Decimals and fractions of a range stay what they are."""
    assert [str(n) for n in (read_range("-0.5:0.5:0.1").step, read_range("0:1:1/3").step)] == ["1/10", "1/3"]


def test_rosters_of_every_shape() -> None:
    """A column of names, a header, another separator, a byte order mark, an id beside a name."""
    assert [s.name for s in parse_roster("anna\nben\n")] == ["anna", "ben"]
    assert [s.name for s in parse_roster("group;student\n1;anna\n2;ben\n")] == ["anna", "ben"]
    assert [s.name for s in parse_roster("group;student\r1;anna\r2;ben")] == ["anna", "ben"]
    (student,) = parse_roster("id,name\n77,Anna  Müller\n")
    assert (student.name, student.label, student.slug) == ("77", "Anna Müller", "77")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no students"),
        ("student\n", "names no students"),
        ("a,b\n1,2\n", "no column of the header names the students"),
        ("student\nanna\nben\nanna\n", "row 4: `anna` is in row 2 already"),
        ("student,x\n,1\n", "row 2: no student is named"),
        ("student\n" + "x" * 300 + "\n", "row 2: a student's name has at most 200 characters"),
    ],
)
def test_faults_of_a_roster_name_their_rows(text: str, says: str) -> None:
    """What is wrong in a roster is said with its row, all of it at once."""
    with pytest.raises(bt.FileError) as caught:
        parse_roster(text)
    assert says in str(caught.value)


def test_slugs_are_safe_and_apart() -> None:
    """Names that differ by case or by what no path may hold get different files."""
    names = ["anna", "Anna", "ANNA", "../anna", "con", "CON", "a/b", "a\\b", "é", "è", "김", "."]
    slugs = [student.slug for student in parse_roster("student\n" + "\n".join(names))]
    assert len({slug.casefold() for slug in slugs}) == len(names)
    assert all(slug.isascii() and "/" not in slug and ".." not in slug for slug in slugs)


def test_a_name_is_no_spreadsheet_formula() -> None:
    """A name that a spreadsheet would compute is kept as text in answer files, whole on the page."""
    (student,) = parse_roster("student\n=1+1\n")
    assert (student.name, student.label) == ("'=1+1", "=1+1")
