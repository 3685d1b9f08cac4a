"""What notebooks show: pictures, players and markings that leave each other alone, and nothing that loads."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import Marker


@pytest.fixture(scope="module")
def line() -> bt.Derivation:
    return bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})


def ids(html: str) -> set[str]:
    return set(re.findall(r'\sid="([^"]+)"', html))


def test_a_picture_is_an_image(line: bt.Derivation) -> None:
    """A picture is an image that holds the whole SVG, so that ids and styles of two never meet; its words are told."""
    one, other = line.diagram(), line.diagram(3)
    for picture in (one, other):
        html = picture._repr_html_()
        source = re.search(r'src="data:image/svg\+xml,([^"]+)"', html)
        assert source is not None
        assert unquote(unescape(source[1])) == picture.svg
        assert ids(html) == set()
    assert 'alt="Computational graph of f. all 5 steps. f = −7"' in one._repr_html_()


def kept(html: str) -> str:
    """Return what a sanitizer leaves that drops frames, scripts and SVG, and keeps what a frame has in it."""
    return re.sub(r"<script>.*?</script>|</?iframe[^>]*>|<svg.*?</svg>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_an_untrusted_lesson_says_how_to_run_it(line: bt.Derivation, lang: str) -> None:
    """Where frames are taken away a sentence in the lesson's language is left, and the picture of the beginning."""
    left = kept(line.lesson(lang=lang)._repr_html_())
    assert left.startswith({"en": "<p>What stands here runs scripts", "ko": "<p>여기"}[lang])
    assert "Trust Notebook" in left
    source = re.search(r'src="data:image/svg\+xml,([^"]+)"', left)
    assert source is not None
    assert "after" not in unquote(source[1])
    assert ">−7</text>" not in unquote(source[1])


def test_untrusted_frames_are_the_whole_picture(line: bt.Derivation) -> None:
    """Where frames are taken away the player leaves its sentence and the picture of all steps."""
    left = kept(line.frames()._repr_html_())
    assert "Trust Notebook" in left
    assert line.diagram()._repr_html_() in left


@pytest.mark.parametrize(("program", "at", "told"), [
    ("net_h = w1*i1 + b1; h = sigmoid(net_h); E = (h - t)^2", {"w1": 1, "i1": 2, "b1": 0, "t": 1}, "neurons"),
    ("Z = X@W; L = sum(Z)", {"X": [[1.0, 2]], "W": [[3.0], [4]]}, "layers"),
])  # fmt: skip
def test_an_untrusted_lesson_is_drawn_at_its_scale(program: str, at: dict[str, Any], told: Any) -> None:
    """The picture that is left is the one of the scale at which the page opens."""
    left = kept(bt.derive(program, at=at).lesson(scale=told)._repr_html_())
    assert re.search(rf'alt="[^"]*{told}', left, re.IGNORECASE)


def test_a_page_without_its_key_leaves_no_picture(line: bt.Derivation) -> None:
    """Of a page that only collects answers the sentence is left alone."""
    left = kept(line.lesson(key=False)._repr_html_())
    assert "Trust Notebook" in left
    assert "<img" not in left


def test_a_derivation_shows_its_picture_and_its_words(line: bt.Derivation) -> None:
    """A derivation is its picture, with the explanation in MathML below it; no script."""
    html = line._repr_html_()
    assert "<img alt=" in html
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


