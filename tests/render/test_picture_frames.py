import os
import re
import subprocess
import sys

import pytest
from pictured import derived, recurrence
from shared import counted

import backprop_tutor as bt
from backprop_tutor.render.drawing import diagram
from backprop_tutor.render.drawing import frames as module

PLACES = re.compile(r' (?:x|y|cx|cy|r|d|width|height|viewBox|transform)="[^"]*"')


def fixed(svg):
    """Return the places of a frame's circuit, without its caption and what is drawn on top."""
    head, _, tail = svg.partition('<g class="caption">')
    return PLACES.findall(re.sub(r'<g class="active">.*?</g>', "", head)), PLACES.findall(
        tail.partition('<g class="legend">')[2]
    )


@pytest.mark.parametrize("name", ["sigmoid_neuron", "mazur", "micrograd", "softmax"])
def test_between_frames_nothing_moves(name):
    """Every circle, line, arrow and text has the same place in all frames, and in the whole."""
    d = derived(name)
    frames = d.frames()
    places = {str(fixed(frame.svg)) for frame in frames}
    assert len(places) == 1
    assert places == {str(fixed(d.diagram().svg))}
    assert len({frame.svg for frame in frames}) == len(d.steps)


def test_frames_are_a_sequence_of_diagrams():
    """One frame a step, from step 1; indices and slices as for any sequence."""
    d = derived("line")
    frames = d.frames()
    assert len(frames) == len(d.steps) == 5
    assert [frame.step for frame in frames] == [1, 2, 3, 4, 5]
    assert frames[-1].step == 5
    assert [frame.step for frame in frames[1:3]] == [2, 3]
    assert frames[2].svg == d.diagram(3).svg
    with pytest.raises(IndexError):
        frames[5]


def test_one_layout_serves_all_frames(monkeypatch):
    """The layout engine runs once, however many frames are drawn."""
    runs = []
    original = module.Plate.placement.func

    def counted(plate):
        runs.append(plate)
        return original(plate)

    counted_property = type(module.Plate.placement)(counted)
    counted_property.__set_name__(module.Plate, "placement")
    monkeypatch.setattr(module.Plate, "placement", counted_property)
    assert len([frame.svg for frame in derived("mazur").frames()]) > 40
    assert len(runs) == 1


def test_frames_are_saved_as_numbered_files(tmp_path):
    """A folder is made and holds one numbered file a step; their paths come back in order."""
    frames = derived("sigmoid_neuron").frames()
    paths = frames.save(tmp_path / "new" / "out")
    assert [path.name for path in paths] == [f"step-{i:02}.svg" for i in range(1, 12)]
    assert paths[9].read_text(encoding="utf-8") == frames[9].svg
    assert sorted(paths[0].parent.iterdir()) == paths


def test_frames_are_saved_as_png(tmp_path):
    """`format="png"` writes PNGs of one size."""
    paths = derived("square").frames().save(tmp_path, format="png", scale=1)
    assert len(paths) == 4
    assert len({path.read_bytes()[16:24] for path in paths}) == 1


def test_frames_refuse_what_they_cannot_do(tmp_path):
    """An unknown format names the choices; a file in the folder's place is named; nothing is left."""
    frames = derived("square").frames()
    with pytest.raises(bt.TutorError, match="svg, png"):
        frames.save(tmp_path / "out", format="gif")
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    with pytest.raises(bt.TutorError, match="file"):
        frames.save(blocked)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_bytes_do_not_depend_on_the_hash_seed():
    """SVG, DOT and every frame are the same bytes under different hash seeds."""
    code = (
        "import hashlib, backprop_tutor as bt; "
        "d = bt.derive('q = x + y; p1, p2 = softmax(q, x*x); f = p1*x + max(y, q)', "
        "at={'x': 1.5, 'y': 2}); "
        "all = [d.diagram().source, *(f.svg + f.source for f in d.frames())]; "
        "print(hashlib.sha256(''.join(all).encode()).hexdigest())"
    )
    found = set()
    for seed in ("0", "1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        found.add(done.stdout)
    assert len(found) == 1


def test_all_frames_share_one_layout(monkeypatch):
    """A graph of 200 operations is laid out once, and each of its frames costs a few thousand calls."""
    assert derived("line").diagram().svg
    d = recurrence(100)
    assert d.graph_table.operations == 201
    laid_out = []
    lay_out = diagram.lay_out
    monkeypatch.setattr(diagram, "lay_out", lambda *given: laid_out.append(1) or lay_out(*given))
    with counted() as calls:
        frames = d.frames()
        total = sum(len(frame.svg) for frame in frames)
    assert len(laid_out) == 1
    assert calls() < 6_000 * len(frames)
    assert total > 1_000_000
