"""What notebooks show: pictures, players and markings that leave each other alone, and nothing that loads."""

from __future__ import annotations

import re

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import Marker
from backprop_tutor.render.drawing.embedding import scoped


@pytest.fixture(scope="module")
def line() -> bt.Derivation:
    return bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})


def ids(html: str) -> set[str]:
    return set(re.findall(r'\sid="([^"]+)"', html))


def test_two_pictures_share_no_id(line: bt.Derivation) -> None:
    """Ids of two pictures on one page differ, and each refers to its own."""
    one, other = line.diagram()._repr_html_(), line.diagram(3)._repr_html_()
    assert ids(one)
    assert not ids(one) & ids(other)
    assert scoped('<a id="x" fill="url(#x)"/>') == scoped('<a id="x" fill="url(#x)"/>')
    assert re.fullmatch(r'<a id="(i\w+-x)" fill="url\(#\1\)"/>', scoped('<a id="x" fill="url(#x)"/>'))


def test_a_derivation_shows_its_picture_and_its_words(line: bt.Derivation) -> None:
    """A derivation is its picture, with the explanation in MathML below it; no script."""
    html = line._repr_html_()
    assert "<svg" in html
    assert "<math" in html
    assert "<script" not in html
    assert "the slope along one factor is the other factor" in html


def test_a_marking_is_a_table(line: bt.Derivation) -> None:
    """A marking shows each cell with its verdict; what a student wrote stays text."""
    marking = Marker(line).mark({"f": "-7", "df/dw": "<b>five</b>"})
    html = marking._repr_html_()
    assert "<td>df/dw</td><td>&lt;b&gt;five&lt;/b&gt;</td><td>? not readable</td>" in html
    assert "score 50%" in html


def test_the_player_is_a_page_of_its_own(line: bt.Derivation) -> None:
    """Frames show themselves in a frame with a script of its own that may load nothing."""
    html = line.frames()._repr_html_()
    assert html.startswith("<iframe")
    assert 'sandbox="allow-scripts' in html
    assert "default-src &#39;none&#39;" in html


