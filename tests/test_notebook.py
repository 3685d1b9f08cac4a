"""Jupyter's magic, with a shell in its place and in IPython itself, and the tutorial notebook run through."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, TutorError
from backprop_tutor.lesson import LessonPage
from backprop_tutor.notebook import backprop, load_ipython_extension, unload_ipython_extension

NOTEBOOK = Path(__file__).parents[1] / "examples" / "tutorial.ipynb"


class Shell:
    """As much of IPython's shell as an extension touches."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.magics_manager = SimpleNamespace(magics={"cell": {}})

    def register_magic_function(
        self, function: Callable[..., Any], magic_kind: str, magic_name: str
    ) -> None:
        self.magics_manager.magics[magic_kind][magic_name] = function


def test_the_magic_shows_a_lesson_and_keeps_the_derivation() -> None:
    """`%%backprop` shows a lesson page; `--into` keeps the derivation in a variable."""
    shell = Shell()
    load_ipython_extension(shell)
    magic = shell.magics_manager.magics["cell"]["backprop"]
    shown = magic("w=-2 x=5 b=3 --lang ko --into d", "f = wx + b")
    assert isinstance(shown, LessonPage)
    assert '<html lang="ko"' in shown.html
    assert shell.user_ns["d"].gradients["w"] == 5
    unload_ipython_extension(shell)
    assert shell.magics_manager.magics["cell"] == {}


@pytest.mark.parametrize(
    ("show", "kind"), [("picture", "Diagram"), ("frames", "Frames"), ("derivation", "Derivation")]
)
def test_the_magic_shows_what_is_asked(show: str, kind: str) -> None:
    """`--show` chooses among lesson, picture, frames and derivation."""
    shown, name, _ = backprop(f"w=1/2 x=3 --show {show}", "f = w*x")
    assert type(shown).__name__ == kind
    assert name == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("w", "expected name=number"), ("w=1 w=2", "given twice"), ("--shwo lesson", "did you mean"),
        ("--show", "needs a value"), ("--show film", "--show is not"), ("w='1", "cannot be read"),
        ("w=1 x=1 --into a-b", "name of a variable"), ("w=1 x=1 --lang xx", "no catalogue"),
    ],
)  # fmt: skip
def test_a_line_that_does_not_fit_is_refused(line: str, message: str) -> None:
    """A wrong line is an error that says what is expected."""
    with pytest.raises(OptionError, match=message):
        backprop(line, "f = w*x")


def test_values_are_read_and_never_run() -> None:
    """A value is a number in the language; anything else is refused."""
    with pytest.raises(TutorError):
        backprop("w=__import__('os') x=1", "f = w*x")


def test_the_magic_in_ipython() -> None:
    """In a real IPython the extension loads and the cell shows a lesson."""
    pytest.importorskip("IPython", reason="IPython is not installed")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    load_ipython_extension(shell)
    shown = shell.run_cell_magic("backprop", "w=-2 x=5 b=3 --into d", "f = wx + b")
    assert shown._repr_html_().startswith("<iframe")
    assert shell.user_ns["d"].values["f"] == -7


def test_the_tutorial_runs() -> None:
    """Every code cell of the tutorial notebook runs, in order; none holds outputs or a machine's traces."""
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert book["nbformat"] == 4
    shell = Shell()
    ran = 0
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        source = "".join(cell["source"])
        if source.startswith("%load_ext"):
            load_ipython_extension(shell)
        elif source.startswith("%%backprop"):
            line, _, body = source.partition("\n")
            shell.magics_manager.magics["cell"]["backprop"](line.removeprefix("%%backprop"), body)
        else:
            exec(compile(source, str(NOTEBOOK), "exec"), shell.user_ns)  # noqa: S102  # our own notebook
        ran += 1
    assert ran >= 10
    assert isinstance(shell.user_ns["d"], bt.Derivation)


def test_objects_show_themselves() -> None:
    """Derivations, pictures, frames and markings have HTML of their own, none of it from elsewhere."""
    d = bt.derive("f = x*x", at={"x": 3})
    shown = [d, d.diagram(), d.frames(), bt.mark(d, {"df/dx": "6"})]
    for html in (item._repr_html_() for item in shown):
        assert html.startswith("<")
        assert "http://" not in html.replace("http://www.w3.org", "")
        assert "https://" not in html
    assert d._repr_markdown_().startswith("# The derivation")
    assert d.diagram()._repr_svg_().startswith("<svg")


def test_the_package_is_the_extension() -> None:
    """`%load_ext backprop_tutor` finds its hooks on the package."""
    assert callable(bt.load_ipython_extension)
    assert callable(bt.unload_ipython_extension)
