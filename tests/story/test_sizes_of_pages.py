"""Pictures of a story's page are never shown so small that their texts cannot be read: they scroll."""

from __future__ import annotations

import re

from backprop_tutor.render.stage.marks import words
from backprop_tutor.story.page import Section, Slides, page

PICTURE = '<svg viewBox="0 0 1100 400"><text font-size="16">a</text><text font-size="12">b</text></svg>'


def test_a_picture_is_at_least_as_wide_as_its_smallest_text_asks_for() -> None:
    """A text of 12 units on 1,100 is 11 px where the picture is 1,009 px wide; narrower screens scroll it."""
    html = page("t", [], [Section(heading="one", told="", svg=PICTURE)], "c")
    assert '<div class="picture w1009" tabindex="0" role="group" aria-label="one"><svg' in html
    assert ".w1009 svg { min-width: 1009px; }" in html


def test_the_frames_are_as_wide_as_the_smallest_text_of_any_asks_for() -> None:
    """The slider's picture has one width for all its frames."""
    frames = [[words("a", 0, 0, 20)], [words("b", 0, 0, 10), words("c", 0, 0, 20)]]
    html = page("t", [], [], "c", Slides(frames=frames, labels=["1", "2"], size=(1000, 500), told="all"))
    assert '<div class="picture w1100"' in html
    assert ".w1100 svg { min-width: 1100px; }" in html


def test_a_heading_is_escaped_where_it_names_a_picture() -> None:
    """Text of a user's reaches the page as text."""
    html = page("t", [], [Section(heading='"><script>', told="", svg=PICTURE)], "c")
    assert not re.search(r"<script>(?!\(|<)", html.replace("<script></script>", ""))
    assert 'aria-label="&#34;&gt;&lt;script&gt;"' in html
