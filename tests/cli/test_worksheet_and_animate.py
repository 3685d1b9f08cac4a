from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from backprop_tutor.cli.animate import animate
from backprop_tutor.cli.worksheet import worksheet
from backprop_tutor.errors import TutorError

PROBLEM = '[[problem]]\nid = "p1"\nprogram = "q = x + y; f = q*z"\nvalues = {x = -2, y = 5, z = -4}\n'
PROGRAM = ("f = wx + b", "w=-2", "x=5", "b=3")


def refused(command: object, arguments: Sequence[str]) -> str:
    """Return the message of a command that refuses its arguments."""
    result = CliRunner().invoke(command, list(arguments))  # type: ignore[arg-type]
    if isinstance(result.exception, TutorError):
        return str(result.exception)
    assert result.exit_code == 2
    return result.output


def run(command: object, *arguments: str) -> str:
    result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("suffix", ["gif", "apng", "webp"])
def test_animate_writes_what_the_suffix_says(tmp_path: Path, suffix: str) -> None:
    """`animate -o f.gif` writes one frame a step and says how many and how long."""
    target = tmp_path / f"f.{suffix}"
    said = run(animate, *PROGRAM, "-o", str(target), "--pace", "0.5", "--scale", "1")
    assert said.endswith(f"f.{suffix}: 5 frames, 3.25 s\n")
    with Image.open(target) as image:
        assert image.n_frames == 5


def test_animate_writes_pages_and_figures(tmp_path: Path) -> None:
    """--contact puts the frames on one page; .tex is TikZ, of one step or of all."""
    run(animate, *PROGRAM, "-o", str(tmp_path / "all.svg"), "--contact", "--columns", "2", "--theme", "dark")
    assert (tmp_path / "all.svg").read_text(encoding="utf-8").count("<svg") == 6
    run(animate, *PROGRAM, "-o", str(tmp_path / "one.tex"), "--step", "3")
    assert (tmp_path / "one.tex").read_text(encoding="utf-8").startswith("\\begin{tikzpicture}")
    run(animate, *PROGRAM, "-o", str(tmp_path / "all.tex"))
    text = (tmp_path / "all.tex").read_text(encoding="utf-8")
    assert text.count("\\begin{tikzpicture}") == 5


def test_animate_speaks_the_languages(tmp_path: Path) -> None:
    """--lang ko writes the words of every frame in Korean, and the next call is English again."""
    for lang, words in (("ko", "5단계 중 4단계 · 역전파 · 덧셈"), ("en", "step 4 of 5 · backward · add")):
        run(animate, *PROGRAM, "-o", str(tmp_path / "all.svg"), "--contact", "--lang", lang)
        assert words in (tmp_path / "all.svg").read_text(encoding="utf-8")
        run(animate, *PROGRAM, "-o", str(tmp_path / "all.tex"), "--lang", lang)
        source = (tmp_path / "all.tex").read_text(encoding="utf-8")
        assert ("\\usepackage{kotex}" in source) == (lang == "ko")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "f.gif", "--lang", "fr"], "'fr' is not one of 'en', 'ko'"),
        (["-o", "f.mp4"], "ends in .gif, .apng, .png, .webp, .tex or .pdf, not `.mp4`"),
        (["-o", "f.svg"], "for one page with all frames add --contact"),
        (["-o", "f.gif", "--columns", "2"], "--columns means nothing for an animation"),
        (["-o", "f.tex", "--once"], "--once means nothing for a .tex file"),
        (["-o", "f.png", "--contact", "--pace", "2"], "--pace means nothing for --contact"),
        (["-o", "f.gif", "--title", "{name}"], "a title has no field {`name`}"),
        (["-o", "f.gif", "--theme", "night"], "there is no theme `night`"),
        (["-o", "no/such/f.gif"], "there is no folder"),
    ],
)
def test_animate_refuses_what_does_not_fit(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option that means nothing for the file asked for is refused, not ignored."""
    monkeypatch.chdir(tmp_path)
    assert says in refused(animate, [*PROGRAM, *arguments])
    assert not list(tmp_path.iterdir())


def test_worksheets_are_written_from_the_command_line(tmp_path: Path) -> None:
    """The command writes the folder and says how it is marked."""
    (tmp_path / "p.toml").write_text(PROBLEM, encoding="utf-8")
    (tmp_path / "r.csv").write_text("anna\nben\n", encoding="utf-8")
    said = run(
        worksheet, str(tmp_path / "p.toml"), "-o", str(tmp_path / "out"), "--students",
        str(tmp_path / "r.csv"), "--seed", "7", "--format", "html", "--format", "markdown",
        "--ask", "all gradients,local(q, x)", "--range", "-3:3",
    )  # fmt: skip
    assert "wrote 2 worksheets with keys and answer files" in said
    assert "backprop-tutor check" in said
    lines = (tmp_path / "out" / "answers" / "anna.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "student,problem,quantity,answer"
    assert lines[-1] == 'anna,p1,"local(q, x)",'


def test_new_exercises_from_the_command_line(tmp_path: Path) -> None:
    """--random-graphs makes a problem file of its own, with worksheets."""
    run(
        worksheet, "--random-graphs", "2", "--operations", "add,multiply,sigmoid", "--size", "3",
        "-o", str(tmp_path), "--format", "markdown",
    )  # fmt: skip
    text = (tmp_path / "problems.toml").read_text(encoding="utf-8")
    assert text.count("[[problem]]") == 2
    assert "sigmoid" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give a problem file, or --random-graphs N"),
        (["nothing.toml"], "there is no file `nothing.toml`"),
        (["p.toml", "--random-graphs", "2"], "makes problems of its own"),
        (["p.toml", "--size", "3"], "--size means nothing without --random-graphs"),
        (["p.toml", "--ask", "df/dk"], "`df/dk` is no quantity of this graph"),
        (["p.toml", "--range", "3"], "a range is LOW:HIGH"),
        (["p.toml", "--blank", "value"], "did you mean `values`?"),
        (["p.toml", "--students", "nobody.csv"], "there is no file `nobody.csv`"),
        (["p.toml", "--theme", "drak"], "did you mean `dark`?"),
        (["p.toml", "--precision", "0"], "precision is a whole number from 1 to 17"),
    ],
)
def test_worksheet_refuses_what_does_not_fit(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be is refused before a file is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM, encoding="utf-8")
    assert says in refused(worksheet, [*arguments, "-o", "out", "--format", "markdown"])
    assert not (tmp_path / "out").exists()


def test_random_graphs_with_a_range_give_each_student_numbers(tmp_path: Path) -> None:
    """A roster and a range together mean values of one's own; a roster alone the same for all, and says so."""
    (tmp_path / "r.csv").write_text("anna\nben\ncleo\ndana\n", encoding="utf-8")
    options = ["--random-graphs", "1", "--size", "2", "--students", str(tmp_path / "r.csv"), "--format", "markdown"]

    def points(folder: str) -> set[str]:
        pages = (tmp_path / folder / "worksheets").glob("*.md")
        return {line for p in pages for line in p.read_text(encoding="utf-8").splitlines() if line.startswith("at ")}

    assert "--range gives each their own" in run(worksheet, *options, "-o", str(tmp_path / "same"))
    assert len(points("same")) == 1
    assert "the same numbers" not in run(worksheet, *options, "-o", str(tmp_path / "own"), "--range", "-5:5")
    assert len(points("own")) > 1
