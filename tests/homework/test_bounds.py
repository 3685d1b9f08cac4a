"""A file of tables is looked at before it is parsed: no size, depth or number gets through."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.errors import FileError
from backprop_tutor.homework.problems.file_limits import (
    CLASS,
    SHEET,
    Bounds,
    json_within,
    toml_within,
)
from backprop_tutor.homework.problems.problem_set import parse_problems

NINES = "9" * 5000

TOML = [
    (".".join(["a"] * 30_000) + " = 1", "line 1: it nests too deep; at most 12 levels are read"),
    ("[" + ".".join(["a"] * 300) + "]", "line 1: it nests too deep; at most 12 levels are read"),
    ("x = 1\ny = " + "[" * 13, "line 2: it nests too deep; at most 12 levels are read"),
    ("y = " + "{a = " * 100_00, "line 1: it nests too deep; at most 12 levels are read"),
    ("y = 1" + "." * 200_000, "line 1: it nests too deep; at most 12 levels are read"),
    ("q = " + NINES, "line 1: a number or a bare key has 5,000 characters; at most 400 are read"),
    ("q = -" + NINES, "line 1: a number or a bare key has 5,001 characters; at most 400 are read"),
    ("q = 0x" + "f" * 5000, "line 1: a number or a bare key has 5,002 characters; at most 400 are read"),
    ("q = 9" + "_9" * 500, "line 1: a number or a bare key has 1,001 characters; at most 400 are read"),
    ("q = 1." + NINES, "line 1: a number or a bare key has 5,000 characters; at most 400 are read"),
    ("q = 1e" + NINES, "line 1: a number or a bare key has 5,002 characters; at most 400 are read"),
    ("q = [" + "1," * 10_001 + "]", "line 1: it has too many keys and items; at most 10,000 are read"),
    ("".join(f"k{i} = 1\n" for i in range(10_001)), "line 10001: it has too many keys and items; at most 10,000 are read"),
    ("[[a]]\n" * 5_001, "line 5001: it has too many keys and items; at most 10,000 are read"),
    ("\n" * 20_000, "it has 20,001 lines; at most 20,000 are read"),
    (" " * 250_001, "it has 250,001 bytes; at most 250,000 are read"),
    ("q = '''" + "a" * 250_000, "it has 250,007 bytes; at most 250,000 are read"),
    ('"' * 240_000, "it is not TOML: Expected '=' after a key in a key/value pair (at line 1, column 3)"),
    ('"""' + "\\" * 200_000, "it is not TOML: Expected '=' after a key in a key/value pair (at line 1, column 3)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), TOML, ids=lambda t: t[:20])
def test_toml_beyond_the_bounds(text: str, message: str) -> None:
    """Each limit is named with the place, and nothing is parsed first."""
    with pytest.raises(FileError) as caught:
        toml_within(text, SHEET)
    assert str(caught.value) == message


JSON = [
    ("[" * 100_000, "line 1: it nests too deep; at most 12 levels are read"),
    ('{"a":' * 13, "line 1: it nests too deep; at most 12 levels are read"),
    ("[" + "1," * 10_001, "line 1: it has too many keys and items; at most 10,000 are read"),
    ('{"q":\n1' + ',"k":1' * 10_000, "line 2: it has too many keys and items; at most 10,000 are read"),
    (" " * 250_001, "it has 250,001 bytes; at most 250,000 are read"),
    ('"' * 240_000, "it is not JSON: line 1, column 3: Extra data"),
    ('"\\' * 110_000, "it is not JSON: line 1, column 1: Unterminated string starting at"),
]


@pytest.mark.parametrize(("text", "message"), JSON, ids=lambda t: t[:20])
def test_json_beyond_the_bounds(text: str, message: str) -> None:
    """Each limit is named with the place, and nothing is parsed first."""
    with pytest.raises(FileError) as caught:
        json_within(text, SHEET)
    assert str(caught.value) == message


def test_what_only_looks_large_is_read() -> None:
    """Brackets, dots, digits and signs inside texts and comments count for nothing."""
    deep = "[" * 50 + "." * 50 + "=" * 50 + "9" * 500
    text = f"a = \"{deep}\"\nb = '{deep}'\nc = '''{deep}'''\nd = \"\"\"{deep}\"\"\" # {deep}\n\"{deep}\" = 1\n"
    assert toml_within(text, SHEET)["d"] == deep
    assert json_within(json.dumps({deep: deep, "q": '\\"' + deep}), SHEET)[deep] == deep
    assert json_within('{"q": ' + NINES + "}", SHEET) == {"q": NINES}
    assert toml_within('a = """x ""y"" z""""\nb = 1', SHEET) == {"a": 'x ""y"" z"', "b": 1}
    assert toml_within("a = '''x ''y'' z''''\r\nb = 1", SHEET) == {"a": "x ''y'' z'", "b": 1}


_VALUES = st.recursive(
    st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(_VALUES)
@settings(max_examples=200, deadline=None)
def test_whatever_is_within_reads_as_without(value: object) -> None:
    """Within the bounds a text says what the plain parser says."""
    text = json.dumps(value)
    plain = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    assert json_within(text, SHEET) == plain


@given(st.text(alphabet="ab=.'\"[]{}\\#,\n 1", max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_as_toml_or_refused(text: str) -> None:
    """The walk refuses nothing that the parser takes, and takes nothing else."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(FileError):
            toml_within(text, SHEET)
        return
    assert toml_within(text, SHEET) == plain


def test_a_million_keys() -> None:
    """A class's file has a limit of its own."""
    with pytest.raises(FileError, match="at most 1,000,000 are read"):
        json_within("[" + "1," * 1_000_001, CLASS)
    with pytest.raises(FileError, match="at most 3 levels are read"):
        json_within("[[[[", Bounds(10, 10, 10, depth=3))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a." * 30_000 + "a = 1", "`p.toml`: line 1: it nests too deep; at most 12 levels are read"),
        ("seed = " + NINES, "`p.toml`: line 1: a number or a bare key has 5,000 characters; at most 400 are read"),
        ("a = [", "`p.toml`: it is not TOML: Invalid value (at end of document)"),
    ],
    ids=["dots", "digits", "toml"],
)  # fmt: skip
def test_problem_files(text: str, says: str) -> None:
    """A problem file keeps to limits too, and the file is named."""
    with pytest.raises(FileError) as caught:
        parse_problems(text, "p.toml")
    assert str(caught.value) == says
