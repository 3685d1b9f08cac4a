from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

import backprop_tutor as bt
from backprop_tutor.motion import animation, animation_of
from backprop_tutor.motion.colours import theme_palette
from backprop_tutor.motion.patches import drawn_frames
from backprop_tutor.motion.titles import frame_titles, program_line
from backprop_tutor.render.drawing.theme import THEMES
from backprop_tutor.render.typesetting.raster import png_bytes


def frames_of(data: bytes) -> list[Image.Image]:
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(image.convert("RGB"))
        return found


def apart(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels differ by more than antialiasing."""
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(histogram[64:])


@pytest.mark.parametrize(("method", "tolerance"), [("gif", 60), ("apng", 0), ("webp", 0)])
def test_every_format_has_one_frame_a_step_and_shows_the_drawn_frames(
    small: bt.Derivation, method: str, tolerance: int
) -> None:
    """GIF, APNG and WebP hold one frame a step, each the frame as drawn."""
    moving = animation(small, scale=1.0)
    found = frames_of(getattr(moving, method)())
    assert len(found) == len(small.steps) == len(moving) == 5
    for step, image in enumerate(found, 1):
        with Image.open(io.BytesIO(png_bytes(moving.frame(step), 1.0, image.size))) as drawn:
            assert image.size == drawn.size
            assert apart(image, drawn.convert("RGB")) <= tolerance
    assert all(ImageChops.difference(a, b).getbbox() for a, b in pairwise(found))


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.3])
def test_patched_frames_are_those_drawn_whole(neuron: bt.Derivation, scale: float) -> None:
    """Redrawing only what changes gives the pixels of drawing every frame whole."""
    moving = animation(neuron, scale=scale)
    size = moving._reel.size
    texts = [moving.frame(step) for step in range(1, len(moving) + 1)]
    for number, (text, patched) in enumerate(zip(texts, drawn_frames(texts, size, scale), strict=True)):
        if number % 4 != 3:  # a fault stays in the frames after it
            continue
        (whole,) = drawn_frames([text], size, scale)
        difference = ImageChops.difference(patched, whole).convert("L")
        assert sum(difference.histogram()[24:]) <= 40, "more than the shade of an edge differs"


def test_the_background_of_a_gif_is_the_themes(small: bt.Derivation) -> None:
    """A GIF's colours are the theme's own, in every theme."""
    for name, theme in THEMES.items():
        image = frames_of(animation(small, scale=1.0, theme=name).gif())[-1]
        wanted = tuple(int(theme.paper[i : i + 2], 16) for i in (1, 3, 5))
        assert image.getpixel((2, 2)) == wanted
        colours = {colour for _, colour in image.getcolors(1 << 20) or ()}
        assert tuple(int(theme.value[i : i + 2], 16) for i in (1, 3, 5)) in colours


def test_a_palette_holds_each_colour_of_the_theme() -> None:
    """Every colour of every theme is among the 255 of its palette."""
    for theme in THEMES.values():
        colours = theme_palette(theme).colours
        assert len(colours) == len(set(colours)) <= 255
        for part in ("paper", "ink", "value", "gradient", "active", "active_fill", "quiet"):
            text = getattr(theme, part)
            assert tuple(int(text[i : i + 2], 16) for i in (1, 3, 5)) in colours


def test_pace_hold_and_loop_reach_the_files(small: bt.Derivation) -> None:
    """The frames' times and the loop are in the files as they were asked for."""
    moving = animation(small, pace=0.5, hold=2, scale=1.0)
    assert moving.seconds == pytest.approx(4.0)
    with Image.open(io.BytesIO(moving.gif())) as gif:
        times = []
        for number in range(5):
            gif.seek(number)
            times.append(gif.info["duration"])
        assert times == [500, 500, 500, 500, 2000]
        assert gif.info["loop"] == 0
    with Image.open(io.BytesIO(animation(small, loop=False, scale=1.0).gif())) as gif:
        assert "loop" not in gif.info
    with Image.open(io.BytesIO(animation(small, loop=False, scale=1.0).apng())) as apng:
        assert apng.info["loop"] == 1


def test_the_same_derivation_gives_the_same_bytes(small: bt.Derivation) -> None:
    """GIF, APNG and WebP are the same bytes every time."""
    one, other = animation(small, scale=1.0), animation(small, scale=1.0)
    assert (one.gif(), one.apng(), one.webp()) == (other.gif(), other.apng(), other.webp())


def test_each_frame_carries_its_title(neuron: bt.Derivation) -> None:
    """A title's fields are filled for each frame; the program stands there by default."""
    assert program_line(neuron) in animation(neuron).frame(3)
    titles = frame_titles(neuron, "{step}/{count} {phase}: {what} at {node}")
    assert titles[0] == "1/17 forward: forward · multiply at v₁"
    assert titles[8] == "9/17 seed: seed at f"
    texts = [f"No. {i}" for i in range(17)]
    assert "No. 16" in animation(neuron, title=texts).frame(17)


def test_a_title_is_text_and_nothing_else(small: bt.Derivation) -> None:
    """Markup in a title shows as it stands; braces reach no attribute; control characters go."""
    frame = animation(small, title="<script>&\x00\n\"x\"</script>").frame(1)
    root = ElementTree.fromstring(frame)
    words = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == '<script>& "x"</script>'
    with pytest.raises(bt.OptionError, match="no field"):
        animation(small, title="{step.__class__}")


def test_a_title_without_text_leaves_no_room(small: bt.Derivation) -> None:
    """Without a title the band above the picture holds the bar alone."""
    assert animation(small, title="")._reel.size[1] < animation(small)._reel.size[1]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"pace": 0}, "pace is a number of seconds from 0.02 to 600, not `0`"),
        ({"pace": float("nan")}, "pace is a number of seconds from 0.02 to 600, not `nan`"),
        ({"hold": "2"}, "hold is a number of seconds from 0.02 to 600, not `'2'`"),
        ({"loop": 3}, "loop is True or False, not `3`"),
        ({"scale": 0}, "scale is a number above 0 and up to 10, not `0`"),
        ({"theme": "drak"}, "there is no theme `drak`; did you mean `dark`?"),
        ({"title": ["a", "b"]}, "there are 2 titles for 5 frames; give one for each"),
        ({"title": "{stp}"}, "a title has no field {`stp`}; did you mean `step`?"),
        ({"blank": "gradient"}, "`gradient` cannot be left blank; did you mean `gradients`?"),
    ],
)
def test_options_that_are_none_are_refused(
    small: bt.Derivation, options: dict[str, object], says: str
) -> None:
    """An option that is none is refused before anything is drawn, with the choices."""
    with pytest.raises(bt.OptionError) as caught:
        animation(small, **options)  # type: ignore[arg-type]
    assert str(caught.value) == says


def test_too_many_pixels_are_refused_with_the_scale_that_fits(neuron: bt.Derivation) -> None:
    """A scale that would fill the memory is refused, and the message's scale is accepted."""
    with pytest.raises(bt.OptionError, match="a scale up to") as caught:
        animation(neuron, scale=10)
    fits = float(str(caught.value).split("a scale up to ")[1].split(" ")[0])
    assert animation(neuron, scale=fits).scale == fits


def test_files_are_chosen_by_suffix(small: bt.Derivation, tmp_path: Path) -> None:
    """The suffix says the format; .png is an APNG; another is refused and nothing is written."""
    moving = animation(small, scale=1.0)
    kinds = {".gif": "GIF", ".apng": "PNG", ".png": "PNG", ".webp": "WEBP", ".GIF": "GIF"}
    for suffix, kind in kinds.items():
        with Image.open(moving.save(tmp_path / f"f{suffix}")) as image:
            assert (image.format, image.n_frames) == (kind, 5)
    with pytest.raises(bt.OptionError, match=r"ends in \.gif"):
        moving.save(tmp_path / "f.mp4")
    assert not (tmp_path / "f.mp4").exists()


def test_the_shortest_program_moves_too() -> None:
    """A program of one name is animated like any other."""
    derived = bt.derive("f = x", {"x": 2})
    still = animation(derived, scale=1.0)
    counts = {len(frames_of(data)) for data in (still.gif(), still.apng(), still.webp())}
    assert counts == {len(derived.steps)}


def test_notebooks_play_it(small: bt.Derivation) -> None:
    """A notebook gets one image that needs no file beside it."""
    page = animation(small, scale=0.5)._repr_html_()
    assert page.startswith('<img alt="5 steps')
    assert "data:image/png;base64," in page


def test_frames_are_drawn_by_what_changes(twelve: bt.Derivation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 23 frames or more less is drawn than six whole ones, and two formats draw them once."""
    areas: list[float] = []

    def drawing(svg: str, scale: float, size: tuple[float, float]) -> bytes:
        areas.append(size[0] * size[1])
        return png_bytes(svg, scale, size)

    monkeypatch.setattr("backprop_tutor.motion.patches.png_bytes", drawing)
    moving = animation(twelve, scale=0.5)
    assert len(moving) >= 23
    moving.gif()
    drawn = len(areas)
    moving.apng()
    assert len(areas) == drawn
    assert sum(areas) < 6 * max(areas)


def test_letters_are_legible_where_a_frame_is_as_wide_as_a4(twelve: bt.Derivation) -> None:
    """No text of any frame is below 6 pt on 210 mm, at each scale; one legend stands in each frame."""
    batch = bt.derive("Z = X@W + b; H = relu(Z); L = mean(H**2)",
                      at={"X": [[1, 2], [3, 4], [5, 6]], "W": [[1, 2, 3], [3, 4, -5]], "b": [1, 2, 3]})  # fmt: skip
    network = bt.derive(bt.network([3, 4, 2], activation="sigmoid", loss="half_squared_error", seed=7))
    cases = ((twelve, "gates"), (network, "gates"), (network, "neurons"), (batch, "layers"), (batch, "gates"))
    for derivation, scale in cases:
        moving = animation_of(derivation.at_scale(scale).frames())
        for step in (1, len(moving)):
            svg = moving.frame(step)
            wide = float(re.search(r' width="([\d.]+)"', svg)[1])  # type: ignore[index]
            sizes = [float(size) for size in re.findall(r'font-size[:=]"?([\d.]+)', svg)]
            assert min(sizes) * 210 / 25.4 * 72 / wide >= 5.95, (scale, step)
            assert svg.count('<g class="legend">') + svg.count('<g class="caption">') <= 2


def test_a_frame_ends_with_paper() -> None:
    """A scale of no whole number of pixels adds no row that paper covers in part, which would be black."""
    size, scale = (942.0, 537.0), 1600 / 942
    paper = '<rect width="942" height="537" fill="#fff"/>'
    frame = f'<svg xmlns="http://www.w3.org/2000/svg"><style>.p{{}}</style>{paper}</svg>'
    for factor in (scale, 1.1, 1.3, 0.7):
        [image] = drawn_frames([frame], size, factor)
        assert {image.getpixel((x, image.height - 1)) for x in (0, image.width - 1)} == {(255, 255, 255)}
