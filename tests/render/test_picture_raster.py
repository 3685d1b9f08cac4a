import io

import numpy as np
import pytest
from picture_geometry import measure
from pictured import derived
from PIL import Image

import backprop_tutor as bt
from backprop_tutor.render.typesetting.raster import check_fonts


def pixels(picture, scale=2.0):
    return Image.open(io.BytesIO(picture.png(scale))).convert("RGB")


def test_the_texts_are_in_the_png():
    """In the box of every text there are pixels that are not paper: no font was missing."""
    picture = derived("huge_and_tiny").diagram()
    image = pixels(picture)
    for box in measure(picture.svg).texts:
        area = image.crop(tuple(int(2 * v) for v in (box.left, box.top, box.right, box.bottom)))
        dark = (np.asarray(area).min(axis=-1) < 200).sum()
        assert dark > 0.03 * area.width * area.height, box.what


def test_texts_are_as_wide_as_they_were_measured():
    """What is drawn of a text ends where its box ends: the font measured is the font drawn."""
    picture = derived("sigmoid_neuron").diagram()
    image = pixels(picture, 4.0)
    for box in measure(picture.svg).texts:
        if " value " not in box.what:
            continue
        row = image.crop(
            (
                int(4 * box.left) - 40,
                int(4 * box.top),
                int(4 * box.right) + 40,
                int(4 * box.bottom) - 4,
            )
        )
        ink = [
            x
            for x in range(row.width)
            if any(row.getpixel((x, y))[0] < 128 for y in range(row.height))
        ]
        assert min(ink) >= 36
        assert max(ink) <= row.width - 36


def test_values_are_green_and_gradients_red_in_the_png():
    """The colours of the numbers reach the pixels."""
    colours = {colour for _, colour in pixels(derived("line").diagram(), 4.0).getcolors(1 << 24)}
    assert (0, 122, 0) in colours
    assert (192, 0, 0) in colours


@pytest.mark.parametrize("scale", [0.5, 1, 1.5, 10])
def test_the_scale_is_pixels_per_px(scale):
    """A PNG's size is the picture's size times the scale."""
    picture = derived("square").diagram()
    image = pixels(picture, scale)
    assert image.size == pytest.approx([side * scale for side in picture.size], abs=1)


@pytest.mark.parametrize("scale", [0, -1, 10.5, float("nan"), float("inf"), "2", True])
def test_a_scale_that_is_none_is_refused(scale):
    """A scale outside 0 to 10, or no number, is refused with the range."""
    with pytest.raises(bt.TutorError, match="above 0 and up to 10"):
        derived("square").diagram().png(scale)


def test_a_character_that_no_font_has_is_refused():
    """Pixels and PDFs of a character without a glyph anywhere are refused, never drawn as a box; DejaVu's are drawn."""
    with pytest.raises(bt.TutorError, match="no font of this system has \u0379"):
        check_fonts("<svg><text>a\u0379</text></svg>")
    assert not check_fonts("<svg><text>∂f/∂w₁ ŷ σ</text></svg>")
