"""Nothing that a stranger wrote reaches a terminal as a control sequence."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import backprop_tutor as bt
from backprop_tutor import cli
from backprop_tutor.cli.explain import explain
from backprop_tutor.cli.printing import columns, failed
from backprop_tutor.cli.problem_check import problem_check
from backprop_tutor.cli.train import train
from backprop_tutor.errors import caret, harmless, printable, quoted

HOSTILE = [
    ("\x1b[31mred", "\\x1b[31mred"),
    ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    ("\x9b2J", "\\x9b2J"),
    ("\x90q\x9c", "\\x90q\\x9c"),
    ("a\rb", "a\\rb"),
    ("a\x08b\x7f", "a\\x08b\\x7f"),
    ("\x00", "\\x00"),
    ("\x85next", "\\x85next"),
    ("\u202eabc", "\\u202eabc"),
    ("\u2066abc", "\\u2066abc"),
    ("\u2028", "\\u2028"),
    ("\ud800", "\\ud800"),
    ("\udcff", "\\udcff"),
]


@pytest.mark.parametrize(("text", "escaped"), HOSTILE)
def test_escapes(text: str, escaped: str) -> None:
    """C0, C1, directions and lone surrogates are shown as escapes, on lines and in quotes."""
    assert harmless(text) == escaped
    assert printable(text) == escaped
    assert quoted(text) == f"`{escaped}`"
    assert str(bt.TutorError(text)) == escaped
    assert str(bt.FileError(text)) == escaped


def test_what_stays() -> None:
    """Letters of every script, formulas, tabs and line ends are shown as they are."""
    text = "안나\t∂f/∂x = −4\n√2 · 𝑥 👩‍🔬"
    assert harmless(text) == text
    assert printable("tab\tand line\n") == "tab\\tand line\\n"
    assert printable("zero\u200bwidth") == "zero\\u200bwidth"


def test_the_caret_stands_under_what_is_shown() -> None:
    """Escapes before the place move the caret, and an escaped character is marked whole."""
    assert caret("\x1bf = ?", bt.errors.Span(5, 6)) == "  \\x1bf = ?\n          ^"
    assert caret("f\x9b", bt.errors.Span(1, 2)) == "  f\\x9b\n   ^^^^"


def test_every_command_prints_through_one_file() -> None:
    """No command calls `click.echo`, `print` or a stream but `printing`; a counter is the exception."""
    calls = []
    for path in sorted(Path(cli.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "click.echo", "click.secho", "print", "sys.stdout.write", "sys.stderr.write",
            ):  # fmt: skip
                calls.append((path.name, ast.unparse(node.args[0])))
    assert [call for call in calls if call[0] != "printing.py"] == [
        ("worksheet.py", "f'\\r{line}'")
    ]


def run(args: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Run the command line; return its exit status and all that it printed."""
    with pytest.raises(SystemExit) as ended:
        cli.main(args)
    shown = capfd.readouterr()
    return ended.value.code, shown.out + shown.err


@pytest.mark.parametrize(
    "args",
    [
        ["\x1b[31mexplain"],
        ["explain", "--\x9b2J"],
        ["explain", "f = x", "x=\x1b]0;t\x07"],
        ["explain", "f = x", "x=1", "--of", "\x1b[2J"],
        ["explain", "-f", "\x1b[2J.txt"],
        ["draw", "f = x", "x=1", "-o", "no-folder/\x1b[2J.svg"],
        ["draw", "f = x", "x=1", "-o", "a.\x1b[2J"],
        ["train", "\x1b[2J"],
        ["train", "xor", "--optimizer", "\x1b[2J"],
        ["check", "\x1b[2J", "\x1b[2J"],
        ["worksheet", "\x1b[2J", "-o", "out"],
        ["problem-check", "\x9b2J"],
        ["lesson", "f = x", "x=1", "-o", "\x1b[2J"],
    ],
    ids=lambda args: " ".join(args).encode("unicode_escape").decode(),
)
def test_arguments_in_messages(args: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """What was typed comes back in the message as escapes."""
    code, shown = run(args, capfd)
    assert code == 2
    assert not any(c in shown for c in "\x1b\x9b\x07")


def test_keys_of_a_problem_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Unknown keys, titles and ids of a problem file are shown as escapes."""
    place = tmp_path / "p.toml"
    text = '[[problem]]\nid = "p"\nprogram = "f = x"\nvalues = {x = 1}\n"\\u001b[2J" = 1\n'
    place.write_text(text, encoding="utf-8")
    code, shown = run(["problem-check", str(place)], capfd)
    assert code == 2
    assert "problem 1 (`p`), `\\x1b[2J`: there is no such key" in shown
    place.write_text(text.replace('"\\u001b[2J" = 1', 'title = "\\u001b[2J\\u009b1m"'), encoding="utf-8")
    shown = CliRunner().invoke(problem_check, [str(place)]).output
    assert shown.startswith("p: \\x1b[2J\\x9b1m (")


def test_labels_of_training(tmp_path: Path) -> None:
    """Classes and columns of a CSV file, and the file's name, are shown as escapes, in even columns."""
    place = tmp_path / "data.csv"
    rows = "".join(f"{i},{i % 3},\x1b[3{i % 2}mcat\x9b\n" for i in range(40))
    place.write_text("a,\x1b[2Jb,kind\n" + rows, encoding="utf-8")
    run = CliRunner().invoke(train, [str(place), "--epochs", "1", "--quiet", "--layers", "2"])
    assert run.exit_code == 0, run.output
    assert "\x1b" not in run.output
    assert "\x9b" not in run.output
    assert "\\x1b[30mcat…" in run.output


@pytest.mark.parametrize(("given", "most"), [("60", 60), ("40", 40), ("5", 20), ("0", None), ("x", None)])
def test_columns(given: str, most: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS says how wide the output is; without it, and without a terminal, nothing is broken."""
    monkeypatch.setenv("COLUMNS", given)
    assert columns() == most
    ran = CliRunner().invoke(explain, ["E = half_se(w*x + b, t)", "w=2", "x=3", "b=1", "t=2"])
    assert max(map(len, ran.output.splitlines())) <= (most or 200)
    assert most or max(map(len, ran.output.splitlines())) > 80


def test_what_programs_read_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON, programs and Markdown are printed line by line as they are, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "20")
    given = ["f = sigmoid(w*x + b)", "w=2", "x=3", "b=1", "--format", "json"]
    assert json.loads(CliRunner().invoke(explain, given).output)["output"] == "f"


def test_an_error_keeps_its_caret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a narrow terminal the sentence is broken; the line that the caret points into is not."""
    monkeypatch.setenv("COLUMNS", "30")
    failed("`f = wx + + b and more` stops in the middle\n  f = wx + + b and more and more of it\n           ^")
    assert capsys.readouterr().err == (
        "Error: `f = wx + + b and more`\nstops in the middle\n"
        "  f = wx + + b and more and more of it\n           ^\n"
    )
