"""One of anything is said in the singular: whatever a command prints, no `1 edges`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main

PLURAL = re.compile(r"(?<![\w.,/–-])1 (?:more |different )?[a-z]{2,}s\b")
ALLOWED = {"1 does", "1 gives", "1 is", "1 as", "1 has", "1 was", "1 less"}

PROBLEMS = """\
[[problem]]
id = "one"
program = "f = 2*x"
values = { x = 3 }
ask = ["f"]
"""


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (("explain", "f = 3"), "1 node, 0 of them operations, and 0 edges"),
        (("explain", "f = exp(x)", "x=1"), "2 nodes, 1 of them an operation, and 1 edge"),
        (("explain", "f = 2*x", "x=1", "--update", "lr=1", "--steps", "1"), "one step of gradient descent"),
        (("paths", "f = exp(x)", "x=1", "--depth", "1", "--width", "1"), "1 multiplication, path by path"),
        (("draw", "f = 3", "-o", "f.svg"), "wrote f.svg"),
        (("draw", "f = 3", "--steps", "-o", "steps"), "wrote 1 picture to steps"),
        (("animate", "f = 3", "-o", "f.gif"), "wrote f.gif: 1 frame, "),
        (("problem-check", "problems.toml"), "1 problem, 1 point"),
        (("check", "problems.toml", "answers.csv", "-o", "marks"), "1 student, mean score 100%"),
        (("worksheet", "problems.toml", "-o", "out"), "wrote 1 worksheet with keys"),
        (("lesson", "f = 3", "-o", "f.html"), "wrote f.html"),
        (("train", "one.csv", "--epochs", "1"), ""),
    ],
)
def test_commands(
    words: tuple[str, ...], seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Commands about one thing say so in the singular, on both streams and in the files they write."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.toml").write_text(PROBLEMS, encoding="utf-8")
    (tmp_path / "answers.csv").write_text("student,problem,quantity,answer\nanna,one,f,6\n", encoding="utf-8")
    (tmp_path / "one.csv").write_text("a,b,label\n0,0,no\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(list(words))
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert seen in said
    for path in tmp_path.rglob("*"):
        if path.suffix in (".svg", ".html", ".csv", ".md") and path.parent != tmp_path / "assets":
            said += re.sub(r"<(script|style).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert set(PLURAL.findall(said)) - ALLOWED == set()


def test_messages() -> None:
    """Refusals about one thing say so in the singular."""
    d = bt.derive("f = 3")
    for call in (
        lambda: bt.parse("L = mse(x)"),
        lambda: d.animation(title=["a", "b"]),
        lambda: bt.network([1]),
    ):
        with pytest.raises(bt.TutorError) as caught:
            call()  # type: ignore[no-untyped-call]
        assert set(PLURAL.findall(str(caught.value))) - ALLOWED == set()
    assert repr(d.animation()) == "<Animation of f, 1 frame>"
    assert repr(d.contact_sheet()) == "<ContactSheet of f, 1 frame in 1 row>"
