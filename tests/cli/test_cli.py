"""The command line: what it prints, what it writes, how it refuses."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main


class Ran:
    """A command's exit status and what it printed."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def command(*args: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = 0
        try:
            main(list(args))
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return command


WX = ("f = wx + b", "w=-2", "x=5", "b=3")


def test_explain(run) -> None:  # type: ignore[no-untyped-def]
    """`explain` prints the derivation."""
    ran = run("explain", *WX)
    assert ran.status == 0
    assert "downstream  ∂f/∂w = ∂f/∂v₁ × ∂v₁/∂w = 1 × 5 = 5" in ran.out
    assert ran.err == ""


def test_formats_follow_the_suffix(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """-o decides the format by its suffix unless --format says otherwise."""
    for suffix, start in (
        (".json", "{"),
        (".md", "# The"),
        (".tex", "\\documentclass"),
        (".txt", "The"),
    ):
        target = tmp_path / f"f{suffix}"
        ran = run("explain", *WX, "-o", str(target))
        assert (ran.status, ran.out) == (0, "")
        assert target.read_text(encoding="utf-8").startswith(start)


def test_program_from_stdin_and_file(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The program comes from standard input or a file as well, values from a TOML file."""
    (tmp_path / "p.txt").write_text("q = x + y\nf = q*z\n", encoding="utf-8")
    (tmp_path / "v.toml").write_text('x = -2\ny = 5\nz = "-8/2"\n', encoding="utf-8")
    one = run("explain", "--file", str(tmp_path / "p.txt"), "--values", str(tmp_path / "v.toml"))
    two = run("explain", "x=-2", "y=5", "z=-4", stdin="q = x + y\nf = q*z\n")
    three = run("explain", "-", "x=-2", "y=5", "z=-4", stdin="q = x + y\nf = q*z\n")
    assert one.out == two.out == three.out
    assert "f = q·z = 3·(−4) = −12" in one.out


def test_values_of_all_kinds(run) -> None:  # type: ignore[no-untyped-def]
    """Values are numbers, fractions, powers of ten and multiples of pi."""
    ran = run(
        "explain", "f = a + b + c + d", "a=1/3", "b=pi/2", "c=1e-3", "d=−2", "--format", "json"
    )
    at = json.loads(ran.out)["at"]
    assert at == {
        "a": {"exact": "1/3", "float": 1 / 3},
        "b": 1.5707963267948966,
        "c": 0.001,
        "d": -2,
    }


def test_formula_that_begins_with_a_minus(run) -> None:  # type: ignore[no-untyped-def]
    """A formula may begin with a minus sign."""
    ran = run("explain", "-x^2", "x=3", "--detail", "brief")
    assert "f = −x²" in ran.out


def test_random_values(run) -> None:  # type: ignore[no-untyped-def]
    """--random draws the same small values for the same seed, and only inside the domain."""
    one, two = (run("explain", "f = ln(x) + sqrt(y)/z", "--random", "5") for _ in range(2))
    assert one.status == 0
    assert one.out == two.out


def test_draw(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """`draw` writes a picture, or one a step."""
    assert run("draw", *WX, "-o", str(tmp_path / "f.svg")).status == 0
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").startswith("<svg")
    ran = run("draw", *WX, "--steps", "-o", str(tmp_path / "steps"))
    assert ran.err == f"wrote 5 pictures to {tmp_path / 'steps'}\n"
    assert len(list((tmp_path / "steps").iterdir())) == 5
    ran = run("draw", *WX, "--steps", "-o", str(tmp_path / "steps.gif"))
    assert ran.status == 2
    assert "-o is a folder" in ran.err
    assert not (tmp_path / "steps.gif").exists()


def test_draw_for_latex(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """`draw -o f.tex` writes TikZ, of the whole or of a step; another suffix is answered with all there are."""
    assert run("draw", *WX, "-o", str(tmp_path / "f.tex"), "--step", "1").status == 0
    source = (tmp_path / "f.tex").read_text(encoding="utf-8")
    assert "{$-$10}" in source
    assert "{$-$7}" not in source, "the value of step 2"
    ran = run("draw", *WX, "-o", str(tmp_path / "f.jpg"))
    assert ran.status == 2
    assert "ends in .svg, .png, .dot, .gv, .pdf or .tex, not `.jpg`" in ran.err
    assert not (tmp_path / "f.jpg").exists()


def test_draw_in_korean(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """`draw --lang ko` writes the words under the picture in Korean."""
    assert run("draw", *WX, "--step", "4", "--lang", "ko", "-o", str(tmp_path / "f.svg")).status == 0
    assert "5단계 중 4단계 · 역전파 · 덧셈" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert run("draw", *WX, "--lang", "xx", "-o", str(tmp_path / "g.svg")).status == 2


def test_explain_refuses_a_suffix_that_it_cannot_write(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A file name that promises another format is refused, unless --format says what is meant."""
    ran = run("explain", *WX, "-o", str(tmp_path / "f.pdf"))
    assert ran.status == 2
    assert "ends in .md, .tex, .json, .txt, .py, not `.pdf`" in ran.err
    assert run("explain", *WX, "--format", "text", "-o", str(tmp_path / "f.log")).status == 0
    assert run("explain", *WX, "-o", str(tmp_path / "notes")).status == 0


def test_paths(run) -> None:  # type: ignore[no-untyped-def]
    """`paths` lists every path and their sum, then what all gradients take, then growth with depth."""
    program = ("e = (a + b)*(b + 1)", "a=2", "b=1")
    ran = run("paths", *program, "--wrt", "b", "--depth", "2")
    assert ran.out == (
        "∂e/∂b: 2 paths\n  b → v₁ → e\n    1 × 2 = 2\n  b → v₂ → e\n    1 × 3 = 3\n"
        "  sum  2 + 3 = 5\n  4 multiplications, path by path\n\n"
        f"{bt.derive(program[0], at={'a': 2, 'b': 1}).costs()}\n\n{bt.growth(2)}\n"
    )
    assert "layers" not in run("paths", *program, "--depth", "0").out


def test_paths_too_many_to_list(run) -> None:  # type: ignore[no-untyped-def]
    """Where paths are too many to list they are counted, and the comparison is shown all the same."""
    text = "; ".join(["a0 = x*1", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 61))])
    ran = run("paths", text, "x=1", "--depth", "0")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(
        "∂a₆₀/∂x: 1.153×10¹⁸ paths, more than the 1,000 that are listed (--limit); 7.033×10¹⁹ "
        "multiplications, path by path\n\nGradients of 1 input together (1.153×10¹⁸ paths), in "
        "multiplications\n"
    )


def test_check_gradients(run) -> None:  # type: ignore[no-untyped-def]
    """`check-gradients` shows three numbers a node."""
    ran = run("check-gradients", "f = tanh(w*x)", "w=0.5", "x=2")
    assert ran.status == 0
    assert "  ∂f/∂w       0.839949  0.839949     0.839949  agree\n" in ran.out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("explan",), "Error: no command `explan`; did you mean `explain`?"),
        (("explain", "f = wx + b", "w=-2"), "Error: no value for x, b; give each: x=… b=…"),
        (("explain", "f = sine(x)", "x=1"),
         "Error: line 1, column 5: there is no function `sine`\n  f = sine(x)\n      ^^^^\ndid you mean `sin`?"),
        (("explain", "f = x", "x=3,14"), "Error: value of x: line 1, column 2: a comma in a number"),
        (("explain", "f = x", "x"), "Error: `x` is not a value; expected name=number, such as w=-2 or t=1/3; "
         "a program with blanks stands in quotation marks"),
        (("explain", "f", "=", "wx"), "Error: `=` is not a value; expected name=number, such as w=-2 or t=1/3; "
         "a program with blanks stands in quotation marks"),
        (("explain", "f = x", "x=abc"), "the name `abc` is not known\n  abc\n  ^^^\nno names can be used here"),
        (("lesson", *WX, "-o", "f.txt"), "Error: a page's file name ends in .html or .htm, not `.txt`"),
        (("lesson", *WX, "-o", "f"), "Error: a page's file name ends in .html or .htm, not `f`"),
        (("draw", *WX, "-o", "f.svg", "--step", "9"),
         "Error: step is a whole number from 0 to 5, left out for the whole picture, not `9`"),
        (("explain", "f = x", "x=1", "x=2"), "Error: `x` is given twice on the command line"),
        (("explain", "f = x", "x=1", "--of", "g"), "Error: the graph has no node `g`; its nodes: x, f"),
        (("explain", "f = x", "x=1", "--expand", "sigmod"),
         "Error: `sigmod` is not a composite that can be taken apart; did you mean `sigmoid`?"),
        (("explain", "f = x", "x=1", "--update", "rate=3"), "Error: --update takes lr=NUMBER, not `rate=3`"),
        (("explain", "--file", "/nowhere/p.txt"), "Error: there is no file `/nowhere/p.txt`"),
        (("explain", "f = x", "x=1", "-o", "/nowhere/f.txt"),
         "Error: `/nowhere/f.txt` cannot be written: there is no folder `/nowhere`"),
        (("explain", "f = 1/x", "x=0"), "Error: f = 1/x is a division by zero; at x = 0"),
        (("explain",), "no program was given"),
        (("explain", ""), "Error: line 1, column 1: the program is empty"),
        (("draw", *WX), "Missing option '-o'"),
        (("draw", *WX, "-o", "f.bmp"), "bmp"),
        (("explain", *WX, "--precison", "3"), "did you mean `--precision`?"),
    ],
)  # fmt: skip
def test_refusals(run, args: tuple[str, ...], message: str, tmp_path: Path,  # type: ignore[no-untyped-def]
                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A mistake is one message on standard error, without a traceback, and the exit status 2."""
    monkeypatch.chdir(tmp_path)
    ran = run(*args)
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Ctrl-C ends a command with a word and the shell's status for it."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("backprop_tutor.cli.explain.derivation", interrupt)
    ran = run("explain", *WX)
    assert (ran.status, ran.err) == (130, "\nStopped.\n")


def test_help(run) -> None:  # type: ignore[no-untyped-def]
    """Help names every command, and each command's help has an example."""
    whole = run("--help").out
    for name in ("explain", "draw", "paths", "check-gradients"):
        assert f"\n  {name} " in whole
        assert "Example" in run(name, "--help").out
    assert run("--version").out == "backprop-tutor, version 0.1.0\n"


@pytest.mark.parametrize(
    "values",
    [
        ("w=-2, x=5, b=3",), ("w=-2,x=5,b=3",), ("w=-2; x=5; b=3",), ("w=-2 x=5 b=3",),
        ("w=-2,", "x=5,", "b=3"), ("w=-2", ",", "x=5", ",", "b=3"), ("w = -2, x = 5", "b=3,"),
    ],
)  # fmt: skip
def test_values_may_be_parted_by_commas(run, values: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    """As one argument or several, with the commas that people write between them."""
    ran = run("explain", "--detail", "brief", "f = wx + b", *values)
    assert "at w = −2, x = 5, b = 3" in ran.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"x = {'9' * 5000}", "line 1: a number or a bare key has 5,000 characters; at most 400 are read"),
        (f"x = 0x{'f' * 5000}", "line 1: a number or a bare key has 5,002 characters; at most 400 are read"),
        ('"x\\ud800" = 3', "it is not TOML: Escaped character is not a Unicode scalar value"),
        (f"x = {'[' * 5000}", "line 1: "),
        (f"x = {'9' * 400}", "the value of `x` is beyond float64"),
    ],
)
def test_values_of_any_size_end_in_words(run, tmp_path: Path, text: str, message: str) -> None:  # type: ignore[no-untyped-def]
    """Thousands of digits, half characters and deep lists in a file of values are refused."""
    path = tmp_path / "v.toml"
    path.write_text(text, encoding="utf-8")
    ran = run("explain", "f = x + 1", "--values", str(path))
    assert ran.status == 2
    assert message in ran.err


@pytest.mark.parametrize("name", ["\ud800.toml", "a\0b.toml"])
def test_what_no_file_can_be_called_is_told_at_its_option(run, name: str) -> None:  # type: ignore[no-untyped-def]
    """Half a character or a zero byte in a path is a mistake in the command line."""
    for words in (["explain", "--file", name], ["explain", "f = x", "--values", name], ["check", name, name]):
        ran = run(*words)
        assert ran.status == 2
        assert f"no file can be called `{name!r}".replace("'", "") in ran.err
