"""A page without its key only collects answers: nothing that was derived stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import backprop_tutor as bt
from backprop_tutor.cli.lesson import lesson as command
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.lesson import lesson

PROGRAM = "q = x + y; a = sigmoid(q); f = a*z"
AT = {"x": -2.25, "y": 5.5, "z": -4.125}


@pytest.fixture(scope="module")
def derived() -> bt.Derivation:
    return bt.derive(PROGRAM, at=AT)


def numbers(d: bt.Derivation) -> set[str]:
    """Return every derived number, to three figures, without its sign."""
    found = [d.values[name] for name in ("q", "a", "f")]
    found += [d.gradients[name] for name in ("q", "x", "y", "z")]  # df/da is z
    return {f"{abs(float(number)):.3g}" for number in found}


def read(html: str) -> str:
    """Return what a reader, or a search in the source, finds: no coordinates of the picture."""
    svg = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert svg is not None
    return html.replace(svg[0], re.sub(r"<[^>]*>", " ", svg[0]))


def test_nothing_derived_stands_in_the_page(derived: bt.Derivation) -> None:
    """No value, no gradient, no keyed data, no rule and no slip; the inputs' values do."""
    html = lesson(derived, key=False).html
    for number in numbers(derived):
        assert number not in read(html)
    for word in ("lesson-key", "lesson-data", "RULES", "FUNCTIONS", "slip", "verdict", "atob"):
        assert word not in html
    assert "at x = −2.25, y = 5.5, z = −4.125" in html
    given = re.findall(r'data-cell="([^"]*)"', html)
    assert sorted(given) == sorted(["q", "a", "f", "df/dx", "df/dy", "df/dz", "df/dq", "df/da"])


def test_the_same_numbers_stand_in_a_page_with_its_key(derived: bt.Derivation) -> None:
    """The search of the test above finds a derived number where one is: in the picture."""
    assert any(number in read(derived.diagram().svg) for number in numbers(derived))


@pytest.mark.parametrize(
    "asked", ["all gradients", "all values", ["local(a, q)"], ["down(f, a)"], ["q"]], ids=str
)
def test_whatever_is_asked_is_blank(derived: bt.Derivation, asked: str | list[str]) -> None:
    """What is asked for, and what would give it away, is not to be read; fields are labelled."""
    html = lesson(derived, key=False, asked=asked).html
    gradients = {f"{abs(float(derived.gradients[name])):.3g}" for name in ("q", "x", "z")}  # df/da is z
    assert not any(number in read(html) for number in gradients)
    fields = re.findall(r'<input id="(cell-\d+)"', html)
    assert fields
    assert all(f'<label for="{field}">' in html for field in fields)


def test_the_page_loads_nothing_and_is_deterministic(derived: bt.Derivation) -> None:
    """The policy allows one script by its hash and no request; two pages are the same bytes."""
    html = lesson(derived, key=False).html
    assert "default-src 'none'; script-src 'sha256-" in html
    assert not re.search(r"<(link|img|iframe|object|embed)\b", html)
    assert html == lesson(bt.derive(PROGRAM, at=AT), key=False).html


def test_titles_and_problems_are_text(derived: bt.Derivation) -> None:
    """Markup in a title, a problem's id or a language stays text."""
    html = lesson(derived, key=False, title="<script>alert(1)</script>", problem='"><script>').html
    assert "<script>alert" not in html
    assert 'data-problem="&#34;&gt;&lt;script&gt;"' in html


def test_it_speaks_korean(derived: bt.Derivation) -> None:
    """The page's words are in the language that is asked for."""
    html = lesson(derived, key=False, lang="ko").html
    assert '<html lang="ko">' in html
    assert "Save the answers" not in html
    assert "Your answers stay" not in html


def test_what_cannot_be_asked(derived: bt.Derivation) -> None:
    """Unknown, given and unfindable quantities are refused, and a page without anything to do."""
    with pytest.raises(UnknownNameError, match="df/dqq"):
        lesson(derived, key=False, asked=["df/dqq"])
    with pytest.raises(OptionError, match="is given, so practice cannot ask for it"):
        lesson(derived, key=False, asked=["x"])
    with pytest.raises(OptionError, match="found by no step"):
        lesson(derived, key=False, asked=["new(x)"])
    with pytest.raises(OptionError, match="asks for one quantity or more"):
        lesson(derived, key=False, asked=[])
    with pytest.raises(OptionError, match="only collects answers; without practice it is empty"):
        lesson(derived, key=False, practice=False)
    with pytest.raises(OptionError, match="no theme"):
        lesson(derived, key=False, theme="neon")


def test_the_command(tmp_path: Path) -> None:
    """`--no-key` writes such a page; a page for marks that holds its key says so."""
    path = tmp_path / "a.html"
    arguments = ["f = wx + b", "w=-2", "x=5", "b=3", "-o", str(path), "--problem", "p1"]
    done = CliRunner().invoke(command, [*arguments, "--no-key"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "holds its key" not in done.output
    assert "lesson-key" not in path.read_text(encoding="utf-8")
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert "the page holds its key: for marks make it with --no-key" in done.output
    assert "lesson-key" in path.read_text(encoding="utf-8")
