"""A story where the system has no font for its words: what needs none is written, the rest is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_tutor.charts.picture import Picture
from backprop_tutor.cli import main
from backprop_tutor.story.written import of_pictures, write_all

NOBODYS = "\u0379"
"""A code point without a character, for which no font has a glyph."""


def test_what_no_font_can_show_is_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column's name that no font has: page and SVGs are written, the pixels are not, and a remark says which."""
    table = tmp_path / "points.csv"
    table.write_text(f"{NOBODYS},b,kind\n0,0,x\n0,1,y\n1,0,y\n1,1,x\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["story", str(table), "--layers", "2,2", "--epochs", "2", "--quiet", "-o", str(tmp_path / "run")])
    output, remarks = capsys.readouterr()
    made = {path.name for path in (tmp_path / "run").iterdir()}
    assert ended.value.code == 0
    assert {"story.html", "story.svg"} <= made
    assert not {"story.gif", "story.png"} & made
    assert all((tmp_path / "run" / name).name in output for name in made)
    assert remarks.startswith("left out: story.gif, story.png")
    assert f"no font of this system has {NOBODYS}" in remarks


def test_pictures_that_can_be_drawn_are(tmp_path: Path) -> None:
    """One picture without a font takes no other with it; where all can be drawn nothing is remarked."""
    pictures = {name: Picture(marks=(), size=(20.0, 10.0), title=name) for name in ("a", "b")}
    written = write_all(of_pictures(pictures), tmp_path)
    assert [path.name for path in written.paths] == ["a.svg", "a.png", "b.svg", "b.png"]
    assert written.remark == ""
