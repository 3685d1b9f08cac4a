"""The lesson page as a file: self-contained, deterministic, small, and nothing typed becomes markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError
from backprop_tutor.lesson import lesson

AT = {"w": -2, "x": 5, "b": 3}


@pytest.fixture(scope="module")
def line() -> bt.Derivation:
    return bt.derive("f = wx + b", at=AT)


def test_the_page_loads_nothing(line: bt.Derivation) -> None:
    """No element of the page asks for another file, and its policy forbids every request."""
    html = lesson(line).html
    assert "default-src 'none'" in html
    assert not re.search(r"<(link|img|iframe|object|embed)\b", html)
    assert not re.search(r"""\b(src|href)\s*=\s*["'](?!#)""", html)
    assert not re.search(r"@import|url\(", html)


def test_answers_do_not_stand_in_the_source(line: bt.Derivation) -> None:
    """Values and gradients found on the way are not to be read in the page's source."""
    html = lesson(bt.derive("f = wx + b", at={"w": -2.5, "x": 5.25, "b": 3.75})).html
    assert "9.375" not in html
    assert "13.125" not in html


def test_the_same_lesson_is_the_same_file(line: bt.Derivation) -> None:
    """Two pages of one derivation are byte-identical."""
    assert lesson(line).html == lesson(bt.derive("f = wx + b", at=AT)).html


def test_the_title_is_text(line: bt.Derivation) -> None:
    """A title with markup in it stays text."""
    html = lesson(line, title='</title><script>alert("1")</script>').html
    assert "<script>alert" not in html
    assert "&lt;/title&gt;" in html


def test_a_page_is_saved_whole(line: bt.Derivation, tmp_path: Path) -> None:
    """`save` writes the page as UTF-8 and returns its path."""
    page = lesson(line)
    path = page.save(tmp_path / "lesson.html")
    assert path.read_text(encoding="utf-8") == page.html


def test_a_network_stays_under_a_megabyte() -> None:
    """The page of a 2-2-2 network, with its program and practice at two scales, is under 1.05 MB."""
    program = bt.network([2, 2, 2], activation="sigmoid", loss="half_squared_error")
    at = {name: 0.1 * (i + 1) for i, name in enumerate(bt_inputs(program))}
    assert len(lesson(bt.derive(program, at=at)).html.encode()) < 1_050_000


def bt_inputs(program: bt.Program) -> tuple[str, ...]:
    from backprop_tutor.graph_builder import build_graph

    return build_graph(program).inputs


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"theme": "drak"}, "there is no theme `drak`"),
        ({"lang": "klingon"}, "no catalogue for the language"),
        ({"precision": 0}, "precision is a whole number from 1 to 17"),
        ({"title": "x" * 301}, "at most 300 characters"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    line: bt.Derivation, options: dict[str, object], message: str
) -> None:
    """A wrong option is an error that says what is expected."""
    with pytest.raises(OptionError, match=re.escape(message)):
        lesson(line, **options)  # type: ignore[arg-type]


def test_a_graph_nobody_could_step_through_is_refused() -> None:
    """More nodes than a page can show is an error that names another way."""
    chain = "; ".join(f"x{i + 1} = x{i} + 1" for i in range(800))
    with pytest.raises(OptionError, match="a lesson has at most 1500 nodes"):
        lesson(bt.derive(chain, at={"x0": 1}))
