"""A Korean reader: no command of any kind, in success or error, shows an English sentence."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from shared import environment

from backprop_tutor.cli import main
from backprop_tutor.cli.group import _COMMANDS
from backprop_tutor.errors import columns_of as width
from backprop_tutor.homework.checking import MOST_STUDENTS

WX = ("f = wx + b", "w=-2", "x=5", "b=3")

PROBLEMS = """\
title = "연습"
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["df/dx", "q"]
"""

FILES = {
    "problems.toml": PROBLEMS,
    "faulty.toml": PROBLEMS.replace("df/dx", "df/dk").replace("z = -4", "k = 1"),
    "misspelt.toml": PROBLEMS.replace("title", "titel").replace("-4", "'a'").replace("ask", "wants"),
    "shapes.toml": '[[problem]]\nid = "a b"\nwant = "word"\npoints = -1\nask = 3\nkinks = 2\n'
    "cells = { q = { points = 'x' } }\nfollow_through = 2\n[[problem]]\nprogram = 1\n",
    "torn.toml": 'title = "a\n',
    "twice.toml": "a = 1\na = 2\n",
    "values.toml": "w = true\n",
    "latin.toml": b"title = '\xe9'",
    "answers.csv": "student,df/dx,q\nkim,-4,3\nlee,4,idk\n",
    "odd.csv": "\ufeffstudent;df/dx;q;df/dk\r\nkim;-4;3;1\r\nkim;1;2;3\r\nlee;=1+1;1,5;;9\r\n",
    "torn.json": '{"kim": {"q": 3,}',
    "lists.json": '[{"student": "kim", "q": [1]}, {"student": true}, 3, {"student": "lee", "q": 3, "q": 4}]',
    "answers.docx": "word",
    "roster.csv": "student\nkim\nlee\n",
    "double.csv": "student\nkim\nkim\n",
    "nobody.csv": "a,b\n1,2\n",
    "data.csv": "a,b,c\n1,2,0\n2,x,1\n3,4\n",
    "texts.csv": "a,b,c\nu,2,0\nv,3,1\nu,4,0\n",
    "cars.csv": "a,b,c\n" + "".join(f"{i},{i * i % 7},{i * 1.5}\n" for i in range(40)),
    "head.csv": "a,b,c\n",
    "empty.csv": "",
}

_EXEMPT = re.compile(
    r"`[^`\n]*`|\"[^\"\n]*\"|'[^'\n]*'|^\s*backprop-tutor .*$|\S*[_/=.<>\[\]]\S*", re.MULTILINE
)
_ENGLISH = re.compile(r"\b[A-Za-z]?[a-z]{1,}(?:[ ,]+[a-z]{2,}){2,}\b")
_NAMED = re.compile(
    r"(?:[a-z][a-z_₀-₉0-9-]*(?: id)?, ){2,}[a-z][a-z_₀-₉0-9-]*(?: id)?"
)
"""Names to choose from, which are what one types in every language."""


def english(text: str) -> list[str]:
    """Return the runs of three or more English words outside quotations, names and examples."""
    shown = "\n".join(line for line in text.splitlines() if not re.match(r"\s*[\^ ]+$", line))
    return _ENGLISH.findall(_NAMED.sub(" ⟨⟩ ", _EXEMPT.sub(" ⟨⟩ ", shown)))


def test_english_is_found() -> None:
    """The judge of these tests finds an English sentence, and none in Korean about `a name`."""
    assert english("오류: the value of it is missing") == ["the value of it is missing"]
    assert english("오류: `the value of it`의 값이 없습니다. w=1 x=2처럼 적으세요") == []


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with files, good and bad, in which a command runs under a Korean system."""
    for name, content in FILES.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKPROP_TUTOR_LANG", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return tmp_path


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return the exit status and all that a command prints."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out + shown.err


SUCCESSES = [
    ("--help",),
    ("--version",),
    ("explain", *WX),
    ("explain", "p = sigmoid(w*x); L = bce(p, 1)", "w=1", "x=2", "--update", "lr=0.1"),
    ("explain", "f = relu(x) + |x| + max(x, y)", "x=0", "y=0", "--check"),
    ("explain", "f = w*x", "w=2", "x=3", "--update", "lr=0.1", "--steps", "3", "--wrt", "w"),
    ("explain", r"\frac{1}{1+e^{-(w x + b)}}", "w=1", "x=2", "b=0", "--format", "markdown"),
    ("explain", *WX, "--format", "latex"),
    ("draw", *WX, "-o", "f.svg"),
    ("draw", *WX, "--steps", "-o", "steps"),
    ("paths", "e = (a+b)*(b+1)", "a=2", "b=1"),
    ("shapes", "Z = X@W + b", "X=N,3", "W=3,4", "b=4"),
    ("explain", "Z = XW + b; L = mean(relu(Z))", "X=1 2; 3 4", "W=[[1], [0]]", "b=[1]"),
    ("explain", "L = sum(X@X)", "X=1 2; 3 4", "--entry", "X[0,1]"),
    ("check-gradients", "f = tanh(w*x)", "w=0.5", "x=2"),
    ("lesson", *WX, "-o", "lesson.html"),
    ("animate", *WX, "-o", "f.tex"),
    ("worksheet", "problems.toml", "--students", "roster.csv", "-o", "sheets", "--format", "markdown"),
    ("check", "problems.toml", "answers.csv", "-o", "marks", "--workers", "0"),
    ("problem-check", "problems.toml"),
    ("problem-check", "problems.toml", "--find-values", "1"),
    ("train", "xor", "--layers", "2,1", "--epochs", "2", "--seed", "1", "--quiet"),
    ("train", "cars.csv", "--layers", "2,1", "--epochs", "3", "--patience", "1", "--quiet"),
    ("story", "xor", "--epochs", "2", "--quiet", "-o", "story"),
    ("story", "xor", "--rule", "perceptron", "-o", "story"),
    ("activations", "relu", "tanh"),
    ("activations", "relu", "--depth", "3"),
    ("collapse", "h = W1 x + b1; y = W2 h + b2"),
    ("collapse", "h = relu(W1 x + b1); y = W2 h"),
    ("approximate", "y = x", "--units", "1", "--widths", "2", "--depths", "1", "--epochs", "2", "-o", "near"),
    ("cost", "--layers", "4,3", "--depth", "2", "--repeats", "1"),
]

ERRORS = [
    (),
    ("explan",),
    ("explain",),
    ("explain", "f = wx + b", "w=1"),
    ("explain", "f = wx +", "w=1"),
    ("explain", "f = Sinn(x)", "x=1"),
    ("explain", "f = (x", "x=1"),
    ("explain", "f = x = 2", "x=1"),
    ("explain", "f = x ? y", "x=1", "y=1"),
    ("explain", "f = ln(x)", "x=-1"),
    ("explain", "f = 1/x", "x=0"),
    ("explain", "f = mse(a, b, c, d)", "a=1", "b=1", "c=1", "d=1"),
    ("explain", r"\frac{x}", "x=1"),
    ("explain", *WX, "w=3"),
    ("explain", *WX, "rest of it"),
    ("explain", *WX, "--of", "g"),
    ("explain", *WX, "--expand", "foo"),
    ("explain", *WX, "--format", "word"),
    ("explain", *WX, "--update", "0"),
    ("explain", *WX, "--update", "rate=1"),
    ("explain", *WX, "--wrt", "w"),
    ("explain", *WX, "--update", "lr=1", "--wrt", "k"),
    ("explain", *WX, "--update", "lr=1", "--steps", "-1"),
    ("explain", *WX, "--precision", "abc"),
    ("explain", *WX, "--precision", "40"),
    ("explain", *WX, "-o", "f.docx"),
    ("explain", *WX, "--maxmize"),
    ("explain", *WX, "--lang", "fr"),
    ("explain", "-f", "missing.txt"),
    ("explain", "-f", "folder"),
    ("explain", "f = w", "--values", "values.toml"),
    ("explain", "f = w", "--values", "torn.toml"),
    ("explain", "f = w", "--values", "latin.toml"),
    ("draw", *WX),
    ("draw", *WX, "-o", "f.docx"),
    ("draw", *WX, "--step", "99", "-o", "f.svg"),
    ("draw", *WX, "--step", "1", "--steps", "-o", "f"),
    ("draw", *WX, "--steps", "-o", "f.svg"),
    ("draw", *WX, "--blank", "words", "-o", "f.svg"),
    ("draw", *WX, "--scale", "0", "-o", "f.png"),
    ("draw", *WX, "-o", "missing/folder/f.svg"),
    ("draw", *WX, "-o", "folder/"),
    ("animate", *WX, "-o", "f.mp3"),
    ("animate", *WX, "--pace", "0", "-o", "f.gif"),
    ("animate", *WX, "--columns", "2", "-o", "f.gif"),
    ("animate", *WX, "--title", "{word}", "-o", "f.gif"),
    ("animate", *WX, "--theme", "pink", "-o", "f.gif"),
    ("paths", *WX, "--from", "g"),
    ("shapes", "Z = X@W", "X=N,3"),
    ("explain", "L = X@W", "X=1", "W=2"),
    ("draw", "L = sum(X)", "X=1 2; 3 4", "-o", "f.svg", "--blank", "values"),
    ("paths", *WX, "--wrt", "g"),
    ("check-gradients", *WX, "--precision", "0"),
    ("lesson", *WX, "--theme", "pink", "-o", "l.html"),
    ("lesson", *WX, "-o", "l.pdf"),
    ("lesson", *WX, "--ask", "df/dk", "-o", "l.html"),
    ("check", "problems.toml"),
    ("check", "missing.toml", "answers.csv", "-o", "marks"),
    ("check", "problems.toml", "missing.csv", "-o", "marks"),
    ("check", "problems.toml", "answers.docx", "-o", "marks"),
    ("check", "problems.toml", "odd.csv", "-o", "marks", "--workers", "0"),
    ("check", "problems.toml", "torn.json", "-o", "marks", "--workers", "0"),
    ("check", "problems.toml", "lists.json", "-o", "marks", "--workers", "0"),
    ("check", "problems.toml", "empty.csv", "-o", "marks", "--workers", "0"),
    ("check", "problems.toml", "answers.csv", "-o", "problems.toml", "--workers", "0"),
    ("check", "problems.toml", "answers.csv", "--students", "roster.csv", "--most-students", "3"),
    ("check", "problems.toml", "answers.csv", "--time-limit", "-1"),
    ("check", "problems.toml", "answers.csv", "--memory-limit", "1"),
    ("check", "faulty.toml", "answers.csv", "-o", "marks"),
    ("problem-check", "faulty.toml"),
    ("problem-check", "misspelt.toml"),
    ("problem-check", "shapes.toml"),
    ("problem-check", "torn.toml"),
    ("problem-check", "twice.toml"),
    ("problem-check", "latin.toml"),
    ("problem-check", "empty.csv"),
    ("worksheet", "-o", "w"),
    ("worksheet", "problems.toml", "--students", "missing.csv", "-o", "w"),
    ("worksheet", "problems.toml", "--students", "double.csv", "-o", "w"),
    ("worksheet", "problems.toml", "--students", "nobody.csv", "-o", "w"),
    ("worksheet", "problems.toml", "--students", "empty.csv", "-o", "w"),
    ("worksheet", "problems.toml", "--size", "3", "-o", "w"),
    ("worksheet", "problems.toml", "--random-graphs", "2", "-o", "w"),
    ("worksheet", "problems.toml", "--range", "5", "-o", "w"),
    ("worksheet", "problems.toml", "--range", "5:1", "-o", "w"),
    ("worksheet", "problems.toml", "--ask", "df/dk", "-o", "w"),
    ("worksheet", "--random-graphs", "2", "--operations", "adding", "-o", "w"),
    ("worksheet", "--random-graphs", "0", "-o", "w"),
    ("worksheet", "problems.toml", "--theme", "pink", "-o", "w"),
    ("train", "xro"),
    ("story", "iris", "--columns", "petal_lenght", "-o", "story"),
    ("story", "iris", "--rule", "perceptron", "-o", "story"),
    ("story", "y = sin(x) + z", "-o", "story"),
    ("story", "y = 1/x", "--from", "-1", "--to", "1", "--points", "3", "-o", "story"),
    ("story", "y = x", "--from", "1", "--to", "0", "-o", "story"),
    ("story", "xor", "--noise", "1", "-o", "story"),
    ("story", "xor", "--rule", "perceptron", "--lr", "1", "-o", "story"),
    ("activations", "rleu"),
    ("activations", "relu", "--width", "3"),
    ("collapse", "h = W1 x", "W1"),
    ("collapse", "h = W1 z"),
    ("collapse", "h = W1 x", "W1=[1, 2, 3]"),
    ("cost", "--layers", "4"),
    ("approximate", "y = x", "--units", "501", "-o", "near"),
    ("story", "iris", "--columns", "petal_length,petal_length", "-o", "story"),
    ("train", "xor", "--layers", "2,x"),
    ("train", "xor", "--layers", "2,7"),
    ("train", "xor", "--layers", "1", "--dropout", "0.5"),
    ("train", "xor", "--layers", "9999999,9999999,1"),
    ("train", "xor", "--optimizer", "adm"),
    ("train", "xor", "--activation", "rleu"),
    ("train", "xor", "--lr", "-1"),
    ("train", "xor", "--epochs", "0"),
    ("train", "xor", "--dropout", "2"),
    ("train", "xor", "--test-size", "0.5"),
    ("train", "xor", "--target", "a"),
    ("train", "xor", "--folder", "folder"),
    ("train", "mnist"),
    ("train", "mnist", "--folder", "folder"),
    ("train", "missing.csv"),
    ("train", "data.csv"),
    ("train", "texts.csv"),
    ("train", "texts.csv", "--target", "k"),
    ("train", "texts.csv", "--one-hot", "c"),
    ("train", "texts.csv", "--one-hot", "a", "--drop", "a"),
    ("train", "head.csv"),
    ("train", "empty.csv"),
]


@pytest.mark.parametrize("arguments", SUCCESSES, ids=" ".join)
def test_a_command_speaks_korean(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """What a command prints is Korean, names and formulas apart; so are the files it writes."""
    status, text = said_by(capsys, *arguments)
    assert (status, english(text)) == (0, [])
    for file in place.rglob("*"):
        if file.suffix in (".csv", ".txt", ".md") and file.parent != place:
            assert english(file.read_text(encoding="utf-8-sig")) == [], file


@pytest.mark.parametrize("arguments", ERRORS, ids=" ".join)
def test_an_error_is_korean(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """A mistake is told in Korean: what was wrong, where, and what would be right."""
    status, text = said_by(capsys, *arguments)
    assert (status, english(text)) in ((2, []), (1, []))
    assert re.search("[가-힣]", text)
    assert not re.search(r"[은을이와]\([는를가과]\)|\((?:으|이)\)[로라]", text)


@pytest.mark.parametrize("command", [(), *((name,) for name in _COMMANDS)], ids=" ".join)
def test_help_is_korean(
    place: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    """A help page is Korean, options and kinds of values too, and fits the terminal's columns."""
    monkeypatch.setenv("COLUMNS", "90")
    status, text = said_by(capsys, *command, "--help")
    assert (status, english(text)) == (0, [])
    assert not re.search(r"\b(INTEGER|FLOAT|TEXT|PATH|default|required)\b", text)
    assert [line for line in text.splitlines() if width(line) > 90 and "backprop-tutor" not in line] == []


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_takes_a_language(
    place: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """`--lang en` gives English under a Korean system, and the next call is Korean again."""
    status, text = said_by(capsys, command, "--lang", "en", "--help")
    assert status == 0
    assert text.startswith("Usage: backprop-tutor")
    assert "--lang [en|ko]" in text
    assert not re.search("[가-힣]", text)
    assert said_by(capsys, command, "--help")[1].startswith("사용법: backprop-tutor")


def test_a_variable_that_names_no_language(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with BACKPROP_TUTOR_LANG is said in the system's language; `--lang` passes it by."""
    monkeypatch.setenv("BACKPROP_TUTOR_LANG", "xx")
    assert said_by(capsys, "--version") == (
        2, "오류: BACKPROP_TUTOR_LANG: 언어 `xx`의 번역이 없습니다. 쓸 수 있는 것: en, ko\n",
    )  # fmt: skip
    status, text = said_by(capsys, "explain", *WX, "--lang", "en")
    assert (status, text.startswith("The derivation of f")) == (0, True)


def test_carets_stand_below_wide_letters(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Behind Hangul the carets stand below the letter they mean, two below a wide one."""
    status, text = said_by(capsys, "explain", "값 = x + 수", "x=1")
    assert status == 2
    assert "  값 = x + 수\n  ^^\n" in text
    assert "  값 = x + 수\n           ^^" in text


def test_the_language_may_stand_before_the_command(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--lang` before the command is that of the whole command line."""
    status, text = said_by(capsys, "--lang", "en", "explain", *WX)
    assert (status, text.startswith("The derivation of f")) == (0, True)


def test_options_stand_in_a_column(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wide letters take two columns: the words of all options begin in the same one."""
    text = said_by(capsys, "problem-check", "--help")[1]
    lines = [line for line in text.splitlines() if re.match(r"  -", line)]
    starts = {width(line[: re.match(r"  -.*?  +", line).end()]) for line in lines}  # type: ignore[union-attr]
    assert len(lines) == 4
    assert len(starts) == 1


def test_columns_of_a_training_stand_below_each_other(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The network's table and the course of the training are aligned by columns, not by letters."""
    text = said_by(capsys, "train", "xor", "--layers", "2,1", "--epochs", "2", "--quiet")[1]
    table = [line for line in text.splitlines() if re.match("층 |선형|합계", line)]
    assert len(table) == 4
    assert len({width(line) for line in table}) == 1


def test_marks_in_korean_are_read_back(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answer files of a Korean worksheet, filled in, are marked; the tables' heads are Korean."""
    said_by(capsys, "worksheet", "problems.toml", "--students", "roster.csv", "-o", "sheets", "--format", "markdown")
    for file in (place / "sheets" / "answers").iterdir():
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        right = {"q": "3", "df/dx": "-4"}
        text = "\n".join(
            ",".join(f'"{cell}"' for cell in [*row[:-1], right.get(row[-2], row[-1])]) for row in rows
        )
        file.write_text(text, encoding="utf-8")
    status, text = said_by(
        capsys, "check", "sheets/problems.toml", "sheets/answers", "-o", "marks", "--workers", "0"
    )  # fmt: skip
    assert (status, english(text)) == (0, [])
    assert "학생 2명, 평균 점수 100%" in text
    for table in (place / "marks").glob("*.csv"):
        assert english(table.read_text(encoding="utf-8-sig")) == []


def test_a_korean_system_as_a_process(tmp_path: Path) -> None:
    """The whole way, as a process: LANG=ko_KR.UTF-8 alone makes an explanation Korean."""
    korean = {"LC_ALL": "", "LC_MESSAGES": "", "BACKPROP_TUTOR_LANG": "", "LANG": "ko_KR.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "backprop_tutor", "explain", *WX], cwd=tmp_path, check=False,
        capture_output=True, text=True, encoding="utf-8", env=environment(**korean),
    )  # fmt: skip
    assert (done.returncode, done.stderr, english(done.stdout)) == (0, "", [])
    assert done.stdout.startswith("다음의 유도: f")


def test_the_limit_that_help_names_is_the_limit() -> None:
    """How many students are marked without a roster stands in the help of `check` as it is."""
    from backprop_tutor.cli.check import check

    help_of = {parameter.name: getattr(parameter, "help", "") for parameter in check.params}
    assert str(MOST_STUDENTS) in help_of["most_students"]
