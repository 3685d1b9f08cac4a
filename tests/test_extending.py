"""What others add: a package from outside is installed, and its additions are known by name everywhere."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from shared import ROOT

import backprop_tutor as bt
from backprop_tutor.extending import (
    ENGINES,
    Document,
    EdgeView,
    Handed,
    Heading,
    Slip,
    Tolerance,
    handed_on_edges,
)

EXTRAS = ROOT / "examples" / "course_extras"

LOOKS = r"""
import io, json, sys
before = "course_extras" in sys.modules
import backprop_tutor as bt
from backprop_tutor import engine as torch
d = bt.derive("f = 3*bent_identity(w*x)", {"w": 2, "x": 1})
page = io.BytesIO()
d.diagram(layout="roomy").save(page, "html")
wrong = bt.mark(d, {"df/dw": str(3 * (d.local("v2", "v1").value - 1))}).cells["df/dw"]
network = bt.derive(bt.network([2, 2, 1], activation="bent_identity"))
print(json.dumps({
    "loaded by the import": before,
    "checked": d.check().ok,
    "slip": wrong.slip.name if wrong.slip else wrong.sentence,
    "format": d.explain("rst").splitlines()[:2],
    "page": page.getvalue().decode()[:15],
    "wider": d.diagram(layout="roomy").size[0] > d.diagram().size[0],
    "Korean": "굽은 항등 함수의 기울기" in d.explain(lang="ko"),
    "English": "lies between one half" in d.explain(),
    "network": network.check().ok,
    "module": repr(torch.nn.BentIdentity()),
}, ensure_ascii=False))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which the example package was installed."""
    if int(version("setuptools").split(".")[0]) < 71:
        pytest.skip("the setuptools here are too old to build the example package")
    folder = tmp_path_factory.mktemp("installed")
    source = tmp_path_factory.mktemp("source") / "course_extras"
    import shutil

    shutil.copytree(EXTRAS, source, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation",
         "--target", str(folder), str(source)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def ran(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), str(ROOT)])
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8",
        check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "BACKPROP_TUTOR_LANG": "en"},
    )  # fmt: skip


def test_what_a_package_adds_is_known_by_name(installed: Path, tmp_path: Path) -> None:
    """An operation, a slip, formats, a layout and words of a package are there once it is installed."""
    (tmp_path / "looks.py").write_text(LOOKS, encoding="utf-8")
    done = ran(installed, tmp_path, "looks.py")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    assert found == {
        "loaded by the import": False, "checked": True, "slip": "line-forgotten",
        "format": ["The derivation of ``f``", "======================="],
        "page": "<!doctype html>", "wider": True, "Korean": True, "English": True, "network": True,
        "module": "BentIdentity()",
    }  # fmt: skip


COMMANDS = """
import json, sys
from backprop_tutor.cli import main
for words in json.loads(sys.argv[1]):
    try:
        main(words)
        status = 0
    except SystemExit as end:
        status = end.code or 0
    print(f"status {status}", flush=True)
"""
"""Commands of one process: what is installed is the point, not the start."""


def test_the_command_line_knows_it_too(installed: Path, tmp_path: Path) -> None:
    """Operations, formats, suffixes of pictures and languages are taken by the commands."""
    commands = [
        ("explain", "f = bent_identity(x)", "x=1", "--format", "rst"),
        ("draw", "f = bent_identity(x)", "x=1", "-o", "f.html"),
        ("draw", "f = x*y", "x=1", "y=2", "--layout", "roomy", "-o", "wide.svg"),
        ("animate", "f = x*y", "x=1", "y=2", "--layout", "roomy", "-o", "wide.gif"),
        ("draw", "f = x", "x=1", "--layout", "rommy", "-o", "g.svg"),
        ("explain", "f = x", "x=1", "--format", "asciidoc"),
    ]
    done = ran(installed, tmp_path, "-c", COMMANDS, json.dumps(commands))
    assert re.findall(r"^status (\d)$", done.stdout, re.MULTILINE) == ["0", "0", "0", "0", "2", "2"], done.stderr
    assert done.stdout.startswith("The derivation of ``f``\n=====")
    assert (tmp_path / "f.html").read_text(encoding="utf-8")[:15] == "<!doctype html>"
    assert (tmp_path / "wide.svg").exists()
    assert (tmp_path / "wide.gif").exists()
    assert done.stderr.count("Error: ") == 2
    assert "'rommy' is not one of 'embedded', 'dot', 'roomy'" in done.stderr
    assert "'asciidoc' is not one of 'text', 'markdown', 'latex', 'json', 'numpy', 'torch', 'rst'" in done.stderr


BROKEN = {
    "absent": ("operations", "no_such_module:X", "ModuleNotFoundError: No module named 'no_such_module'"),
    "number": ("operations", "math:pi", "Operation is expected, or a list of them, not `float`"),
    "words": ("catalogues", "no_such_module", "it is no package"),
}


def test_a_package_at_fault_takes_nothing_from_the_others(installed: Path, tmp_path: Path) -> None:
    """What cannot be added is warned about with the reason; all else is there."""
    folder = tmp_path / "broken-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n", encoding="utf-8")
    groups: dict[str, list[str]] = {}
    for name, (group, value, _) in BROKEN.items():
        groups.setdefault(group, []).append(f"{name} = {value}")
    (folder / "entry_points.txt").write_text(
        "\n".join(f"[backprop_tutor.{group}]\n" + "\n".join(rows) for group, rows in groups.items()), encoding="utf-8"
    )
    program = 'import backprop_tutor as bt; print(bt.derive("f = bent_identity(x)", {"x": 0}).explain(lang="ko")[:2])'
    path = os.pathsep.join([str(installed), str(tmp_path), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "다음\n")
    for name, (group, value, reason) in BROKEN.items():
        told = f"{name} = {value} of the group backprop_tutor.{group} is left out: {reason}"
        assert done.stderr.count(told) == 1, done.stderr


def seventh(view: EdgeView) -> Handed:
    return Handed(view.local / 7, local=view.local / 7)


SEVENTH = Slip(
    name="seven-too-little", family="own", sentence="Only a seventh of the slope is there.", hint="Is there a factor of 7?",
    sites=handed_on_edges(seventh, ops="power"),
)  # fmt: skip


def test_a_slip_of_ones_own_is_tried_beside_the_tables() -> None:
    """`slips` names wrong rules that no table has; without them the number is unexplained."""
    d = bt.derive("f = 5*x^3", {"x": 2})
    cell = bt.mark(d, {"df/dx": "8.5714285714"}, slips=[SEVENTH]).cells["df/dx"]
    assert (cell.status, cell.slip and cell.slip.name) == ("slip", "seven-too-little")
    assert cell.sentence == "Only a seventh of the slope is there."
    assert bt.mark(d, {"df/dx": "8.5714285714"}).cells["df/dx"].slip is None
    assert bt.mark(d, {"df/dx": "60"}, slips=[SEVENTH]).score == 1


SLIPS: list[tuple[Any, str]] = [
    (SEVENTH, "`slips` is a list of slips, not `Slip`"),
    ("seventh", "`slips` is a list of slips, not `str`"),
    (3, "`slips` is a list of slips, not `int`"),
    ([seventh], "a Slip is expected, not `function`"),
    ([SEVENTH, SEVENTH], "the slip `seven-too-little` is refused: there is one of that name"),
    ([Slip(name="copied", family="x", sentence="A.", hint="B.", sites=lambda scene: iter(()))],
     "the slip `copied` is refused: there is one of that name"),
    ([Slip(name="broken", family="x", sentence="A.", hint="B.", sites=lambda scene: [1 / 0])],
     "the slip `broken` cannot be tried: ZeroDivisionError: division by zero"),
]  # fmt: skip


@pytest.mark.parametrize(("slips", "message"), SLIPS, ids=[message[:30] for _, message in SLIPS])
def test_slips_that_do_not_fit_are_refused(slips: Any, message: str) -> None:
    """What is no slip, has a taken name or raises, is said so."""
    with pytest.raises(bt.OptionError) as caught:
        bt.mark(bt.derive("f = x^3", {"x": 2}), {"df/dx": "8.5714285714"}, slips=slips)
    assert str(caught.value) == message


def test_a_rule_of_ones_own_is_a_tolerance() -> None:
    """A function from the typed and the true number decides, in place of every other rule."""
    d = bt.derive("f = x^3", {"x": 2})

    def within_one(typed: float, true: float) -> bool:
        return abs(typed - true) <= 1

    def status(answer: str, tolerance: Any) -> str:
        return bt.mark(d, {"f": answer}, tolerance=tolerance).cells["f"].status

    assert [status(answer, within_one) for answer in ("8", "9", "7.0", "9.1")] == [
        "correct", "correct", "correct", "unexplained",
    ]
    assert status("9", Tolerance(judge=within_one)) == "correct"
    assert status("8", lambda typed, true: typed > true) == "unexplained"
    by_cell = bt.mark(d, {"f": "9", "df/dx": "13"}, tolerances={"f": within_one})
    assert [cell.right for cell in by_cell.cells.values()] == [True, False]
    with pytest.raises(bt.OptionError, match=r"the tolerance's own rule fails at 9\.0 and 8\.0: ZeroDivisionError"):
        status("9", lambda typed, true: 1 / 0)


def test_over_arrays_a_rule_of_ones_own_judges_each_entry_and_slips_are_refused() -> None:
    """A tolerance's function is asked of every entry; slips of one's own are for single numbers."""
    d = bt.derive("L = sum(X*X)", {"X": [1.0, 2.0]})
    assert bt.mark(d, {"dL/dX": "[2.5, 4.5]"}, tolerance=lambda typed, true: abs(typed - true) < 0.6).score == 1
    assert bt.mark(d, {"dL/dX": "[2, 4]"}, tolerance=lambda typed, true: typed > true).score == 0
    with pytest.raises(bt.OptionError, match="`slips` is for programs of single numbers, and this one is over arrays"):
        bt.mark(d, {"dL/dX": "[2, 4]"}, slips=[SEVENTH])


def test_a_format_of_ones_own_is_a_function_of_the_explanation() -> None:
    """`explain` hands the document to a function; over numbers and over arrays."""

    def outline(document: Document) -> str:
        return "; ".join(str(block.parts[0]) for block in document.blocks if isinstance(block, Heading))

    d = bt.derive("f = x*y", {"x": 2, "y": 3})
    assert d.explain(outline, check=False).startswith("The derivation of ; The graph")
    assert "Forward" in bt.derive("L = sum(X*X)", {"X": [1.0, 2.0]}).explain(outline)
    for bad, message in ((len, "a format returns text, not `int`"), (3, "format is one of text, markdown, latex, json, numpy, torch, not `3`")):
        with pytest.raises((bt.OptionError, TypeError)) as caught:
            d.explain(lambda document: 3) if bad is len else d.explain(bad)  # type: ignore[arg-type,return-value]
        assert str(caught.value) == message


def test_a_picture_goes_into_files_that_are_open_and_into_axes(tmp_path: Path) -> None:
    """`save` takes a stream with a format, `draw` axes of matplotlib's, `png_bytes` is the PNG."""
    from matplotlib.figure import Figure

    picture = bt.derive("f = x*y", {"x": 2, "y": 3}).diagram()
    for format, start in (("svg", b"<svg"), (".png", b"\x89PNG"), ("DOT", b"digraph"), (lambda p: "own", b"own")):
        stream = io.BytesIO()
        assert picture.save(stream, format) is None
        assert stream.getvalue().startswith(start)
    assert picture.png_bytes() == picture.png()
    assert picture.save(tmp_path / "f.bin", "svg").read_text(encoding="utf-8") == picture.svg
    axes = Figure().subplots()
    image = picture.draw(ax=axes)
    assert image.get_extent() == [0, picture.size[0], picture.size[1], 0]
    assert not axes.axison


PICTURES: list[tuple[Any, Any, str]] = [
    (io.BytesIO(), None, 'an open file has no suffix that says the format: format="svg"'),
    (io.StringIO(), "svg", "a path is expected, or a binary file open for writing, not `StringIO`"),
    (3, "svg", "a path is expected, or a binary file open for writing, not `int`"),
    (io.BytesIO(), "swg", "a picture's file name ends in .svg, .png, .dot, .gv, .pdf or .tex, not `swg`; did you mean `.svg`?"),
    ("f.svg", 3, "a picture's file name ends in .svg, .png, .dot, .gv, .pdf or .tex, not `3`"),
    (io.BytesIO(), lambda picture: 3, "a picture's format returns bytes or text, not `int`"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "format", "message"), PICTURES, ids=range(len(PICTURES)))
def test_what_no_picture_goes_into_is_refused(place: Any, format: Any, message: str) -> None:
    """A stream of text, a format that is none, a function that returns no content: said in words."""
    with pytest.raises(bt.OptionError) as caught:
        bt.derive("f = x*y", {"x": 2, "y": 3}).diagram().save(place, format)
    assert str(caught.value) == message


def test_axes_are_matplotlibs() -> None:
    """What is drawn into must be axes."""
    with pytest.raises(bt.OptionError, match="axes of matplotlib's are expected, not `int`"):
        bt.derive("f = x*y", {"x": 2, "y": 3}).diagram().draw(3)


def test_a_layout_of_ones_own_is_a_function_of_the_plan() -> None:
    """It gets a plan in DOT and returns positions as Graphviz's JSON has them; its mistakes are told."""
    d = bt.derive("f = sin(cos(exp(x*y)))", {"x": 0.5, "y": 0.25})
    embedded: Any = ENGINES["embedded"]
    wide = d.diagram(layout=lambda plan: embedded(re.sub(r"ranksep=[\d.]+", "ranksep=2", plan)))
    assert wide.size[0] > d.diagram().size[0]
    assert len(d.frames(layout=embedded)) == len(d.steps)
    with pytest.raises(bt.OptionError, match="the layout fails: ZeroDivisionError: division by zero"):
        _ = d.diagram(layout=lambda plan: {"bb": 1 / 0}).svg
    with pytest.raises(bt.OptionError, match="a layout returns the graph as Graphviz's JSON has it"):
        _ = d.diagram(layout=lambda plan: {}).svg
    with pytest.raises(bt.OptionError, match="there is no layout `neato`; the layouts: embedded, dot"):
        d.diagram(layout="neato")  # type: ignore[arg-type]


def test_catalogues_stand_on_a_search_path(tmp_path: Path) -> None:
    """A folder of the search path adds a language, and its words come before our own; a broken one is told."""
    from backprop_tutor.locale.keeping import compiled, read

    for language, words in (("de", {"Seed": "Anfang"}), ("ko", {"Seed": "씨앗입니다"}), ("fr", {})):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        lines = "".join(f'msgid "{text}"\nmsgstr "{told}"\n' for text, told in words.items())
        content = compiled(read(lines)) if words else b"no catalogue"
        (folder / "backprop_tutor.mo").write_bytes(content)
    program = (
        "import backprop_tutor as bt; d = bt.derive('f = x*y', {'x': 2, 'y': 3})\n"
        "for lang in ('de', 'ko', 'fr'): print('Anfang' in d.explain(lang=lang), '씨앗입니다' in d.explain(lang=lang))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "BACKPROP_TUTOR_CATALOGUES": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout == "True False\nFalse True\nFalse False\n", done.stderr
    assert done.stderr.count("backprop_tutor.mo is left out: ") == 1
