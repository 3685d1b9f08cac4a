"""Networks on worksheets by their neurons: blanks of at least 14 × 7 mm, keys with every number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backprop_tutor.errors import OptionError
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.reports.writing import Settings
from backprop_tutor.worksheets import write_worksheets
from backprop_tutor.worksheets.content import Look

NETWORK = """
[[problem]]
id = "net"
network = { sizes = [2, 2, 1], biases = "layer", seed = 1 }
ask = ["all values", "all gradients"]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_worksheets(NETWORK, tmp_path_factory.mktemp("net"), formats=["html"]).folder


def test_blanks_are_large_enough_to_write_in(made: Path) -> None:
    """Each is at least 14 × 7 mm on paper, and one stands for every value and gradient of the picture."""
    html = (made / "worksheets" / "worksheet.html").read_text(encoding="utf-8")
    [wide] = re.findall(r'<div class="strip" style="width:(\d+)px', html)
    share = float(wide) / 390 * 25.4 / 96
    slots = re.findall(r'class="slot" x="[^"]*" y="[^"]*" width="([^"]*)" height="([^"]*)"', html)
    assert len(slots) == 19
    assert min(float(w) for w, _ in slots) * share >= 14
    assert min(float(h) for _, h in slots) * share >= 7
    assert 'class="gradient"' not in html


def test_biases_have_their_names_and_wires_no_gaps(made: Path) -> None:
    """An own bias is called what the program calls it; no plate of paper lies on a wire without its text."""
    svg = (made / "worksheets" / "worksheet.html").read_text(encoding="utf-8")
    names = re.findall(r'bias-0" class="bias"[^>]*><tspan[^>]*>([^<]+) </tspan>', svg)
    assert names == ["b₂"]
    assert svg.count('class="plate"') == len(re.findall(r'id="[^"]*wire-\d+-weight"', svg))


def test_the_key_has_every_number_and_scores_full_marks(made: Path, tmp_path: Path) -> None:
    """The key's picture has no blank; `check` gives its answers every point."""
    html = (made / "keys" / "worksheet.html").read_text(encoding="utf-8")
    assert 'class="slot"' not in html
    assert 'class="gradient"' in html
    marks = check_class(
        made / "problems.toml", made / "key.csv", tmp_path, workers=0, settings=Settings(formats=("json",))
    )
    assert (marks.counts.mean, marks.refused) == (1.0, [])


def test_gates_where_they_are_asked_for(tmp_path: Path) -> None:
    """With `scale` gates, and where slopes are asked for, the picture has gates as before."""
    gates = write_worksheets(NETWORK, tmp_path / "a", formats=["html"], look=Look(scale="gates")).folder
    slopes = NETWORK.replace('"all values"', '"local(a2_1, z2_1)"')
    other = write_worksheets(slopes, tmp_path / "b", formats=["html"]).folder
    for folder in (gates, other):
        html = (folder / "worksheets" / "worksheet.html").read_text(encoding="utf-8")
        assert re.search(r'id="p1-s1-(part-\d-)?gate-', html)


def test_a_scale_that_there_is_none(tmp_path: Path) -> None:
    """It is refused with those that there are."""
    with pytest.raises(OptionError) as caught:
        Look(scale="layers")
    assert str(caught.value) == "the scale of a worksheet is neurons or gates, not `layers`"
