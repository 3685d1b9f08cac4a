from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

import backprop_tutor as bt
from backprop_tutor.motion import contact_sheet

SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_holds_every_frame_as_it_is(neuron: bt.Derivation) -> None:
    """Every frame stands on the page once, in order, with its own texts; the legend stands below them."""
    page = ElementTree.fromstring(contact_sheet(neuron).svg)
    cells = page.findall(f"{SVG}svg")
    frames = neuron.frames()
    assert len(cells) == len(frames) == 17
    for cell, frame in zip(cells, frames, strict=True):
        drawn = ElementTree.fromstring(frame.svg)
        keys = [t for t in drawn.iter(f"{SVG}text") if "key" in t.get("class", "").split()]
        own = [t.text for t in drawn.iter(f"{SVG}text") if t not in keys]
        assert [t.text for t in cell.iter(f"{SVG}text")] == own
    legend = page.findall(f"{SVG}g")
    assert [[t.text for t in one] for one in legend] == [[t.text for t in keys]]


def test_text_is_legible_on_paper(neuron: bt.Derivation, small: bt.Derivation) -> None:
    """On A4, with margins of 8 mm, no text of the PDF is below 6 pt; more frames take more pages."""
    for derivation in (neuron, small):
        sheet = contact_sheet(derivation)
        pages = sheet.pages
        sizes = set()
        for svg in pages:
            root = ElementTree.fromstring(svg)
            wide, high = (float(root.attrib[side]) for side in ("width", "height"))
            sizes.add((wide, high))
            paper = (281, 194) if wide > high else (194, 281)
            point = min(paper[0] / wide, paper[1] / high) / 25.4 * 72
            texts = re.findall(r"font-size[:=]\"?([\d.]+)", svg)
            assert min(map(float, texts)) * point >= 5.95
            assert svg.count('class="key ') == sheet.svg.count('class="key ')
        assert len(sizes) == 1
        frames = [int(n) for svg in pages for n in sorted(set(re.findall(r'id="frame-(\d+)-', svg)), key=int)]
        assert frames == list(range(1, len(derivation.steps) + 1))
    assert len(contact_sheet(neuron).pages) > 1


def test_cells_stand_in_rows_and_touch_nothing(neuron: bt.Derivation) -> None:
    """Frames stand in rows, left to right, apart from each other and inside the page."""
    sheet = contact_sheet(neuron, columns=3)
    page = ElementTree.fromstring(sheet.svg)
    boxes = [
        tuple(float(cell.attrib[k]) for k in ("x", "y", "width", "height"))
        for cell in page.findall(f"{SVG}svg")
    ]
    assert [len({y for _, y, _, _ in boxes}), sheet.rows, sheet.columns] == [6, 6, 3]
    for i, (x, y, w, h) in enumerate(boxes):
        assert min(x, y) >= 0
        assert x + w <= sheet.size[0]
        assert y + h <= sheet.size[1]
        for x2, y2, _, _ in boxes[i + 1 :]:
            assert y2 >= y + h or x2 >= x + w


def test_no_id_is_used_twice(neuron: bt.Derivation) -> None:
    """Ids stay unique on the page: those of frame 3 begin with `frame-3-`."""
    ids = re.findall(r' id="([^"]*)"', contact_sheet(neuron).svg)
    assert len(ids) == len(set(ids))
    assert "frame-3-node-0" in ids


def test_png_and_pdf_and_svg_are_saved(small: bt.Derivation, tmp_path: Path) -> None:
    """The suffix says the format, a PNG has the scale asked for."""
    sheet = contact_sheet(small, theme="dark")
    with Image.open(sheet.save(tmp_path / "c.png", scale=0.5)) as image:
        assert image.width == pytest.approx(sheet.size[0] / 2, abs=1)
    assert sheet.save(tmp_path / "c.svg").read_text(encoding="utf-8") == sheet.svg
    with pytest.raises(bt.OptionError, match=r"ends in \.svg, \.png or \.pdf"):
        sheet.save(tmp_path / "c.gif")


def test_pdf_is_one_page(small: bt.Derivation) -> None:
    """With the extra `pdf` the page is a PDF, the same bytes each time."""
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    data = contact_sheet(small).pdf()
    assert data.startswith(b"%PDF")
    assert data == contact_sheet(small).pdf()


@pytest.mark.parametrize("columns", [0, 6, True, 2.0])
def test_columns_that_do_not_fit_are_refused(small: bt.Derivation, columns: object) -> None:
    """Columns are a whole number from 1 to the number of frames."""
    with pytest.raises(bt.OptionError, match="columns is a whole number from 1 to 5"):
        contact_sheet(small, columns=columns)  # type: ignore[arg-type]


def test_a_png_of_wide_frames_is_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where 2400 pixels would make the text unreadable the page is drawn at half its size, and no larger."""
    asked: list[tuple[float, tuple[float, float]]] = []

    def noted(svg: str, scale: float, size: tuple[float, float]) -> bytes:
        asked.append((scale, size))
        return b""  # to draw that many pixels takes seconds; those of smaller pages are drawn below

    monkeypatch.setattr("backprop_tutor.motion.contact.png_bytes", noted)
    network = bt.derive(bt.network([2, 2, 1], activation="sigmoid", loss="half_squared_error"))
    page = contact_sheet(network)
    page.png()
    assert asked == [(pytest.approx(0.5), page.size)]
    assert page.size[0] / 2 > 2 * 1900


def test_a_png_is_legible_by_default(neuron: bt.Derivation) -> None:
    """Without a scale a PNG of the page is about 2400 pixels wide and not empty."""
    with Image.open(io.BytesIO(contact_sheet(neuron).png())) as image:
        assert 2300 <= image.width <= 2500
        assert len(image.convert("RGB").getcolors(1 << 22) or ()) > 100
