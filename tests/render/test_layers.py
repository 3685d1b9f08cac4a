"""Pictures of layers: nothing meets, nothing moves, what is said is true, and they are saved as any other."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from layered import PROGRAMS, boxes, derived
from stage_pictures import assert_texts_apart, assert_wires_clear, texts

import backprop_tutor as bt
from backprop_tutor.render.drawing.bands import STAGES
from backprop_tutor.render.layers.entries import entries_of
from backprop_tutor.render.layers.heat import heat_of
from backprop_tutor.render.layers.plate import LayersPlate

OUTSIDE = ("name", "range", "landing", "bench", "tag")


def chosen(count):
    """Return the steps that are looked at: all of a few, else the ends and the middle."""
    return range(count + 2) if count < 8 else (0, 1, count // 2, count - 1, count, count + 1)


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_meets_and_nothing_moves(name):
    """Texts, boxes and wires stay apart and inside in every frame; boxes stand where they stood."""
    plate = LayersPlate(derived(name))
    size = plate.stage.width, plate.stage.height
    before = None
    for step in chosen(plate.steps):
        marks = (*plate.marks(step), *plate.foot(step))
        found = boxes(marks)
        assert_texts_apart(marks, size)
        assert_wires_clear(marks, found)
        outside = [t for t in texts(marks) if t.kind in OUTSIDE]
        for number, (key, box) in enumerate(found):
            assert box.left >= 0, key
            assert box.right <= size[0], key
            assert not [other for other, each in found[:number] if box.meets(each, 0.5)], key
            assert not [t.text for t in outside if t.bounds.meets(box, 1.5)], key
        assert before in (None, found)
        before = found


@pytest.mark.parametrize("fit", [name for name in STAGES if name != "16:9"])
@pytest.mark.parametrize("name", ["a batch", "large"])
def test_every_format_holds_its_picture(name, fit):
    """On an older slide, a page and a phone texts stay apart and inside."""
    plate = LayersPlate(derived(name), fit=fit)
    marks = (*plate.marks(plate.steps), *plate.foot(plate.steps))
    assert_texts_apart(marks, (plate.stage.width, plate.stage.height))


@pytest.mark.parametrize(("name", "steps"), [("a batch", 15), ("large", 13), ("one sample", 17), ("tiny", 3)])
def test_a_step_is_a_gate_one_way(name, steps):
    """Each gate has a step forward and one back, and the seed one; a bias is repeated in its gate's."""
    assert len(derived(name).frames()) == steps


@pytest.mark.parametrize("name", ["a batch", "one sample", "large", "residual", "tiny"])
def test_what_fits_a_slide_is_a_slide(name):
    """A picture of one line keeps to 1280×720 and does not grow."""
    assert derived(name).diagram().size == (1280, 720)


def test_a_product_is_told_with_sizes_one_entry_and_why():
    """The caption has formula, sizes that agree, one entry as a sum, its result, and the reason."""
    plate = LayersPlate(derived("a batch"))
    note = plate.notes[15]
    assert note.title == "step 15 of 15 · backward · matrix product"
    assert ["".join(run.text for run in line) for line in note.lines] == [
        "∂L/∂W₁ = Xᵀ·δ₁     (2×4)(4×3) → 2×3     δ₁ = ∂L/∂Z₁",
        "∂L/∂W₁[0, 2] = 0·0.0143 + 0·(−0.0105) + 1·(−0.0066) + 1·0.0137 = 0.0071",
    ]
    assert note.reason.startswith("each entry of the right factor meets a column of the left one")


def test_one_product_lights_the_same_cells_twice():
    """The row, the column and the entry on the bench are lit in the boxes too."""
    plate = LayersPlate(derived("a batch"))
    work = plate.works[15]
    (bench,) = work.benches
    index = plate.derivation.graph_table.index
    assert bench.product.at == (0, 2)
    assert work.lit.values[index["X"]] == {(r, 0) for r in range(4)}
    assert work.lit.gradients[index["Z1"]] == {(r, 2) for r in range(4)}
    assert work.lit.ring == (index["W1"], "gradient", 0, 2)


@pytest.mark.parametrize("name", ["a batch", "one sample", "attention", "any graph", "batchnorm", "decay"])
def test_sums_in_captions_multiply_out_or_say_that_they_are_rounded(name):
    """Products of the numbers shown give the number shown, or the note says that it is not so."""
    plate = LayersPlate(derived(name))
    seen = 0
    for note in plate.notes:
        for line in note.lines:
            text = "".join(run.text for run in line).replace("−", "-")
            match = re.search(r"\] = ([-\d.·()+ ]+) = (-?[\d.]+)\Z", text)
            if match is None or "·" not in match[1]:
                continue
            terms = [t.replace("(", "").replace(")", "").split("·") for t in match[1].split(" + ")]
            total = sum(float(np.prod([float(f) for f in term])) for term in terms)
            last = 0.5 * 10.0 ** -len(match[2].partition(".")[2])
            assert abs(total - float(match[2])) <= last * 1.01 or "unrounded" in note.reason, text
            seen += 1
    assert seen


def test_values_appear_when_they_are_found():
    """Before the first step inputs alone have numbers; gradients come from the output down."""
    plate = LayersPlate(derived("a batch"))

    def shown(step, role):
        return {m.key.split("-")[1] for m in texts(plate.marks(step)) if m.kind.startswith(role)}

    index = plate.derivation.graph_table.index
    assert shown(0, "value") == {str(index[n]) for n in ("X", "W1", "b1", "W2", "b2", "Y")}
    assert shown(7, "gradient") == set()
    assert shown(8, "gradient") == {str(index["L"])}
    assert len(shown(16, "gradient")) == 9


def test_a_picture_too_wide_is_cut_and_its_wires_go_on_dashed():
    """Strips stand one below the other; a cut wire is dashed and its name is repeated."""
    plate = LayersPlate(derived("wide"))
    marks = plate.marks(plate.steps)
    assert plate.arrangement.strips > 1
    assert plate.stage.width == 1280
    assert any(getattr(m, "dash", "") for m in marks)
    assert [t.text for t in texts(marks) if t.kind == "landing"]


def test_figures_are_dropped_before_a_picture_is_cut():
    """Entries keep 3 figures where one line holds them; asked for, a precision is kept."""
    assert LayersPlate(derived("a batch")).arrangement.digits == 3
    assert LayersPlate(derived("a batch"), precision=5).arrangement.digits == 5


def test_entries_share_their_decimals_and_tiny_ones_a_power_of_ten():
    """No entry that is not 0 is shown as 0 because all are small."""
    assert entries_of(np.array([[1e-9, -2e-9]])).rows == (("1", "−2"),)
    assert entries_of(np.array([[1e-9, -2e-9]])).factor == "×10⁻⁹"
    assert entries_of(np.array([[1e12, 2.5e12]])).factor == "×10¹²"
    assert entries_of(np.array([[-0.0, 0.0004], [1.0, 0.25]])).rows == (("0.00", "0.00"), ("1.00", "0.25"))


def test_a_heat_map_keeps_signs_and_peaks():
    """A cell is its block's largest entry with its sign; white is below an eighth of the largest."""
    table = np.zeros((32, 32))
    table[0, 1], table[31, 31], table[8, 8] = -4.0, 1.0, 0.4
    heat = heat_of(table)
    assert heat.levels.shape == (16, 16)
    assert (heat.levels[0, 0], heat.levels[15, 15], heat.levels[4, 4], heat.largest) == (-4, 1, 0, 4.0)


def test_data_have_no_lower_half_where_a_model_is_trained():
    """X beside targets shows no gradient; without targets, and for batch norm's g, it is shown."""

    def data(name):
        plate = LayersPlate(derived(name))
        return {plate.derivation.graph_table.nodes[i].name for i in plate.parts.data}

    assert data("a batch") == {"X", "Y"}
    assert data("cs231n_L2_vec") == set()
    assert data("batchnorm") == {"X", "y"}


@pytest.mark.parametrize("suffix", ["svg", "png", "tex", "dot", "gv"])
def test_pictures_are_saved_as_any_other(tmp_path, suffix):
    """A picture of layers is written as SVG, PNG, LaTeX and DOT."""
    d = derived("residual")
    place = d.diagram(5, theme="dark").save(tmp_path / f"f.{suffix}")
    assert place.stat().st_size > 1000
    assert d.diagram(5).svg == derived("residual").diagram(5).svg


def test_dot_has_every_position_pinned():
    """Each node of the DOT has a place of its own, so that Graphviz moves nothing."""
    source = derived("residual").diagram(3).source
    nodes = [line for line in source.splitlines() if "pos=" in line]
    assert len(nodes) == 7 + 5  # boxes and gates
    assert all(re.search(r'pos="-?[\d.]+,-?[\d.]+!"', line) for line in nodes)


def test_frames_are_saved_in_order(tmp_path):
    """Frames are numbered files, one a step of this scale."""
    paths = derived("tiny").frames().save(tmp_path)
    assert [path.name for path in paths] == ["step-01.svg", "step-02.svg", "step-03.svg"]


def test_words_are_in_the_language_asked_for():
    """A Korean picture has Korean captions, legend and tags, whatever is spoken when it is drawn."""
    svg = derived("a batch").diagram(15, lang="ko").svg
    assert "가운데 선 위: 값" in svg
    assert "0행" in svg
    assert "values above" not in svg


REFUSED = {
    "a step": (lambda d: d.diagram(16), "step is a whole number from 0 to 15, left out for the whole picture, not `16`"),
    "a theme": (lambda d: d.diagram(theme="drak"), "there is no theme `drak`; did you mean `dark`?"),
    "a format": (lambda d: d.frames(fit="a5"), "there is no format `a5`; the formats: 16:9, 4:3, a4, phone"),
    "a precision": (lambda d: d.diagram(precision=0), "precision is a whole number from 1 to 17, not `0`"),
    "a suffix": (lambda d: d.diagram().save("f.jpg"), "a picture's file name ends in .svg, .png, .dot, .gv, .pdf or .tex, not `.jpg`; did you mean `.png`?"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_picture_refuses(name):
    """Options that are none are refused with the choices."""
    ask, message = REFUSED[name]
    with pytest.raises(bt.OptionError) as caught:
        ask(derived("a batch"))
    assert str(caught.value) == message


def test_a_gradient_along_a_product_has_brackets():
    """∂L/∂(X·W) is along the product; ∂L/∂X·W would be a product of a gradient."""
    d = bt.derive("Z = X@W + b; L = sum(Z*Z)", at={"X": [[1, 2]], "W": [[3], [4]], "b": [5]})
    captions = ["".join(ElementTree.fromstring(picture.svg).itertext()) for picture in d.frames()]
    assert any("∂L/∂(X·W)" in caption for caption in captions)
    assert not any("∂L/∂X·W" in caption for caption in captions)


def test_a_way_that_comes_back_into_a_row_of_gates_is_drawn() -> None:
    """Where two rows of gates would need each other, each gate stands by itself, and the picture is made."""
    text = "p = σ(w1*x1 + w2*x2 + b); L = -(t*log(p) + (1 - t)*log(1 - p))"
    d = bt.derive(text, {"w1": 0.3, "w2": -0.2, "x1": 1.5, "x2": 2, "b": 0.1, "t": 1})
    plate = LayersPlate(d.layers())  # type: ignore[arg-type]
    assert plate.steps == 27
    assert "ln(1 − (·))" in plate.picture(27)


TURNED = [
    ("Z = X@W.T; L = sum(Z^2)", {"X": [[1.0, 2], [3, 4]], "W": [[1.0, 0], [0, 2], [1, 1]]},
     "X·Wᵀ     (2×2)(2×3) → 2×3", "∂L/∂W = δᵀ·X     (3×2)(2×2) → 3×2", "∂L/∂X = δ·W     (2×3)(3×2) → 2×2"),
    ("Z = W^T x; L = sum(Z^2)", {"W": [[1.0, 0, 2], [0, 2, 1]], "x": [1.0, 2]},
     "Wᵀ·x     (3×2)(2×1) → 3×1", "∂L/∂W = x·δᵀ     (2×1)(1×3) → 2×3", "∂L/∂x = W·δ     (2×3)(3×1) → 2×1"),
    ("Z = A.T @ B.T; L = sum(Z^2)", {"A": [[1.0, 2, 3], [4, 5, 6]], "B": [[1.0, 0], [0, 1]]},
     "Aᵀ·Bᵀ     (3×2)(2×2) → 3×2", "∂L/∂A = Bᵀ·δᵀ     (2×2)(2×3) → 2×3", "∂L/∂B = δᵀ·Aᵀ     (2×3)(3×2) → 2×2"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "at", *("forward", "one", "other")), TURNED, ids=[t[0] for t in TURNED])
def test_a_turned_matrix_belongs_to_its_product(program, at, forward, one, other):
    """`Wᵀ` is no step of its own: W hangs at its product, and its gradient has its shape at once."""
    d = bt.derive(program, at=at)
    plate = LayersPlate(d)
    said = ["".join(run.text for run in line) for step in range(1, plate.steps + 1)
            for line in plate.notes[step].lines]  # fmt: skip
    assert plate.steps == 5
    assert any(line.endswith(forward) for line in said)
    assert any(line.startswith(one) for line in said)
    assert any(line.startswith(other) for line in said)


def test_a_model_is_one_line_that_begins_with_its_data():
    """`X @ W₁ᵀ + b₁` begins with X, the weight above its product, in as many steps as the layers have gates."""
    torch = pytest.importorskip("backprop_tutor.engine")
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    d = bt.from_model(model, [[0.0, 1], [1, 1], [1, 0]], [[1.0], [0], [1]], loss="mse")
    plate = LayersPlate(d)
    assert plate.steps == 13
    found = dict(boxes(plate.marks(plate.steps)))
    x, w, z = (found[f"box-{d.graph_table.index[name]}"] for name in ("X", "W1", "Z1"))
    assert x.left < w.left < z.left
    assert w.bottom < (x.top + x.bottom) / 2
