from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import backprop_tutor as bt
from backprop_tutor.motion import tikz, tikz_document
from backprop_tutor.render.drawing.shapes import path_commands
from backprop_tutor.render.drawing.styles import read_rules
from backprop_tutor.render.narration.tex import escape
from backprop_tutor.translation import speaking

PAPER = "\\documentclass{article}\\usepackage{tikz}\\begin{document}\n%s\\end{document}\n"

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    found = [g for g in root.iter() if g.get("class") in ("caption", "legend")]
    left_out = {id(t) for g in found for t in g.iter()}
    return [t.text for t in root.iter() if t.tag.endswith("}text") and id(t) not in left_out and t.text]


@pytest.mark.parametrize("step", [0, 3, 12, None])
def test_a_figure_shows_the_texts_of_the_picture(neuron: bt.Derivation, step: int | None) -> None:
    """The nodes of the TikZ picture are the SVG's texts, escaped, in order."""
    source = tikz(neuron, step)
    nodes = re.findall(r"at \([^)]*\) \{(.*)\};", source)
    assert nodes == [escape(text) for text in texts(neuron.diagram(step).svg)]


def test_the_active_gate_is_thick_and_coloured(small: bt.Derivation) -> None:
    """What a step works at looks in TikZ as it looks in the SVG."""
    assert "\\definecolor{backprop" in tikz(small, 4)
    circle = next(line for line in tikz(small, 4).splitlines() if "circle" in line and "1.56pt" in line)
    assert "fill=" in circle
    assert "1.56pt" not in "".join(line for line in tikz(small).splitlines() if "circle" in line)


@needs_latex
@pytest.mark.parametrize("theme", ["light", "dark", "colour-blind"])
def test_a_figure_compiles_with_tikz_alone(neuron: bt.Derivation, tmp_path: Path, theme: str) -> None:
    """The picture compiles in an article whose only package is tikz."""
    assert_compiles(PAPER % tikz(neuron, 12, theme=theme), tmp_path)


def test_a_saved_figure_is_a_document_and_a_figure(small: bt.Derivation, tmp_path: Path) -> None:
    """`.save("f.tex")` writes the TikZ picture, between the lines that make it a document where it is none."""
    source = small.diagram(3).save(tmp_path / "f.tex").read_text(encoding="utf-8")
    before, picture, after = re.split(r"(?s)(\\begin\{tikzpicture\}.*\\end\{tikzpicture\})", source)
    assert picture + "\n" == tikz(small, 3)
    guard, document = before.split("\\ifdefined\\tikzpicture\\else\n")
    assert guard.splitlines()[1:] == ["\\def\\backpropend{}"]
    assert document.startswith("\\documentclass[border=2pt]{standalone}\n")
    assert document.endswith("\\begin{document}\n\\fi\n")
    assert after == "%\n\\backpropend\n"
    assert balanced(source)


def test_a_dark_figure_stands_on_its_ground(small: bt.Derivation) -> None:
    """A figure in a dark theme begins with its paper under all of the graph; a light one has none."""
    dark = next(line for line in tikz(small, theme="dark").splitlines() if "\\path" in line)
    assert re.fullmatch(r"  \\path\[fill=backprop\d+\] \(0,0\) rectangle \([\d.]+,[\d.]+\);", dark)
    colour = re.search(r"fill=(backprop\d+)", dark)
    assert colour is not None
    assert f"\\definecolor{{{colour[1]}}}{{HTML}}{{15181C}}" in tikz(small, theme="dark")
    right, bottom = map(float, re.findall(r"\(([\d.]+),([\d.]+)\);", dark)[0])
    spots = re.findall(r"\((-?[\d.]+),(-?[\d.]+)\)", tikz(small, theme="dark"))
    assert all(0 <= float(x) <= right and 0 <= float(y) <= bottom for x, y in spots)
    assert "rectangle" not in tikz(small)


def balanced(source: str) -> bool:
    """Return whether every brace that is not escaped is closed, and every environment ended."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", re.sub(r"(?<!\\)%.*", "", source)):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    names = [re.findall(rf"\\{word}\{{(\w+)\}}", source) for word in ("begin", "end")]
    return depth == 0 and sorted(names[0]) == sorted(names[1])


def test_korean_words_bring_their_package(small: bt.Derivation) -> None:
    """A LaTeX source with Korean words loads kotex, and one without does not."""
    with speaking("ko"):
        korean = [small.explain("latex"), tikz_document(small)]
    english = [small.explain("latex"), tikz_document(small)]
    assert [source.count("\\usepackage{kotex}\n") for source in (*korean, *english)] == [1, 1, 0, 0]
    assert all(map(balanced, (*korean, *english)))


@needs_latex
def test_a_saved_figure_compiles_alone_and_in_a_paper(neuron: bt.Derivation, tmp_path: Path) -> None:
    """The same file is a document of one page, and a figure of a paper that goes on after it."""
    neuron.diagram().save(tmp_path / "figure.tex")
    assert "(1 page" in assert_compiles((tmp_path / "figure.tex").read_text(encoding="utf-8"), tmp_path)
    assert "(2 pages" in assert_compiles(PAPER % "\\input{figure.tex}\\newpage after", tmp_path)


@needs_latex
def test_the_document_has_one_page_a_step(twelve: bt.Derivation, tmp_path: Path) -> None:
    """All frames are a document of as many pages as there are steps."""
    log = assert_compiles(tikz_document(twelve), tmp_path)
    assert f"({len(twelve.steps)} pages" in log


@needs_latex
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("y_hat = sigmoid(theta*x1 + b_i); L = bce(y_hat, t)", {"theta": 1.5, "x1": 0.3, "b_i": 0.1, "t": 1}),
        ("x_max = max(x, y, z); f = |x_max| / sqrt(Omega3) + cbrt(x)*pi", {"x": 1, "y": 2, "z": 3, "Omega3": 4}),
    ],
)
def test_names_of_every_kind_compile(text: str, at: dict[str, float], tmp_path: Path) -> None:
    """Accents, Greek, subscripts and underscores compile in figures and in explanations."""
    derived = bt.derive(text, at)
    assert_compiles(PAPER % tikz(derived, caption=True), tmp_path)
    assert_compiles(derived.explain("latex"), tmp_path)


@needs_latex
def test_latex_explanations_compile(neuron: bt.Derivation, twelve: bt.Derivation, tmp_path: Path) -> None:
    """The LaTeX explanation of a neuron, of fan-out and of a network compiles with pdflatex."""
    network = bt.derive(bt.network([2, 2, 2], activation="sigmoid", loss="half_squared_error"))
    for derived in (neuron, twelve, network):
        log = assert_compiles(derived.explain("latex", update=0.5), tmp_path)
        assert "Overfull" not in log, "a line runs over the margin"


def assert_compiles(source: str, folder: Path) -> str:
    """Return pdflatex's log of a source that compiles without an error."""
    (folder / "f.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "f.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = run.stdout.decode("utf-8", "replace")
    assert run.returncode == 0, log[-1500:]
    return log


def test_escaping_leaves_no_markup() -> None:
    """Every character that means something to TeX is shown as itself."""
    shown = escape("\\input{x} $a$ #1 %c &_^~ {}")
    assert shown == (
        r"\textbackslash{}input\{x\} \$a\$ \#1 \%c \&\_\textasciicircum{}\textasciitilde{} \{\}"
    )


def test_paths_are_read_as_svg_defines_them() -> None:
    """Absolute and relative commands, quadratic curves and repeated pairs become M, L, C and Z."""
    assert [c for c, _ in path_commands("M0 0 5 5h3v-2c1,1 2,2 3,3q1 1 2 0z")] == list("MLLLCCZ")
    *_, (_, curve) = path_commands("M0,0Q3,3 6,0")
    assert curve == ((2.0, 2.0), (4.0, 2.0), (6.0, 0.0))


def test_style_rules_cascade() -> None:
    """More classes win over fewer, then later over earlier; ancestors must match in order."""
    rules = read_rules(
        ".p .x .line{stroke:b}.p .line{stroke:a}.p .line,.p path{width:1}.q .line{stroke:c}.line{width:2}"
    )
    chain = [ElementTree.Element("g", {"class": c}) for c in ("p top", "x")]
    line = ElementTree.Element("path", {"class": "line"})
    assert rules.of([*chain, line]) == {"stroke": "b", "width": "1"}
    assert rules.of([chain[1], line]) == {"width": "2"}


@pytest.mark.parametrize("step", [-1, 99, True, "3"])
def test_a_step_that_is_none_is_refused(small: bt.Derivation, step: object) -> None:
    """Steps go from 0 to their number."""
    with pytest.raises(bt.OptionError, match="step is a whole number from 0 to 5"):
        tikz(small, step)  # type: ignore[arg-type]
