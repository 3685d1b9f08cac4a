import subprocess
import sys

import pytest
from PIL import ImageFont

from backprop_tutor.render.typesetting import fonts


@pytest.mark.parametrize("style", ["regular", "bold", "italic"])
@pytest.mark.parametrize(
    "text", ["−2.00", "w₁ = −0.1966", "∂f/∂θᵢ", "f·(1 − f)", "4.386×10⁻⁷", "ŷ⁽²⁾σ√∛"]
)
def test_widths_are_those_of_the_font_file(text, style):
    """A text's width is the sum of its advances in the file that draws it, to half a pixel."""
    path = fonts.font_files()[style]
    drawn = ImageFont.truetype(str(path), 1000, layout_engine=ImageFont.Layout.BASIC)
    advances = sum(drawn.getlength(character) for character in text)
    assert fonts.width(text, 1000, style) == pytest.approx(advances, abs=0.5 * len(text))


def test_measuring_imports_no_matplotlib():
    """Measuring reads the fonts that matplotlib carries without importing it."""
    code = (
        "import sys; from backprop_tutor.render.typesetting.fonts import width; width('x', 12); "
        "print('matplotlib' in sys.modules, 'PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_every_sign_of_a_picture_is_in_the_fonts():
    """Greek, subscripts, superscripts and the signs of mathematics are in all three fonts."""
    wanted = "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾αβγδεθλμπρστφψωΓΔΘΛΣΦΨΩŷ∂×·−÷√∛½|…∞←"
    for style in fonts.font_files():
        face = fonts._face(style)
        assert [c for c in wanted if ord(c) not in face.glyphs] == []


def test_a_text_too_wide_is_shortened_in_the_middle():
    """An elided text fits, keeps its ends, and says by an ellipsis that it was longer."""
    short = fonts.elided("the_price_of_all_apples", 90, 14)
    assert fonts.width(short, 14) <= 90
    assert short[:3] == "the"
    assert short[-3:] == "les"
    assert "…" in short
    assert fonts.elided("w", 90, 14) == "w"


def test_lines_are_never_wider_than_their_room():
    """Wrapped lines fit, whatever the words, and no word is lost where all of them fit."""
    text = "∂f/∂w₁ = upstream × local = 0.1966 × x₁ = 0.1966 × (−2) = −0.3932"
    lines = fonts.wrapped(text, 160, 15, indent=24)
    assert " ".join(lines) == text
    assert all(fonts.width(line, 15) <= 160 - 24 * bool(i) for i, line in enumerate(lines))
    assert all(fonts.width(line, 15) <= 160 for line in fonts.wrapped("a" * 400 + " b", 160, 15))
