"""The words that signatures choose from are those that the code takes, and the stubs are of today."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor import choices, listing
from backprop_tutor.homework.marking import marker
from backprop_tutor.language.network import activation_names, losses
from backprop_tutor.lesson.build import THEME_NAMES, lesson
from backprop_tutor.motion import animation, contact_sheet, tikz
from backprop_tutor.objects.scaled import SCALES, ScaledDerivation
from backprop_tutor.render.drawing.bands import STAGES
from backprop_tutor.render.drawing.circuit import BLANKS
from backprop_tutor.render.drawing.frames import FORMATS
from backprop_tutor.render.drawing.layout.engines import ENGINES
from backprop_tutor.render.drawing.theme import THEMES
from backprop_tutor.render.narration import explain

TAKEN: dict[str, tuple[Any, Iterable[str]]] = {
    "themes": (choices.ThemeName, THEMES),
    "themes of pages": (choices.PageTheme, ("auto", *THEMES)),
    "themes of lessons": (choices.PageTheme, THEME_NAMES),
    "layouts": (choices.Layout, ENGINES),
    "blanks": (choices.Blank, BLANKS),
    "formats of frames": (choices.FrameFormat, FORMATS),
    "formats": (choices.Format, explain.FORMATS),
    "scales": (choices.Scale, SCALES),
    "stages": (choices.Fit, STAGES),
    "kinks": (choices.Kinks, marker.KINKS),
    "activations": (choices.Activation, sorted(activation_names())),
    "losses": (choices.Loss, losses()),
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_words_of_a_type_are_those_that_are_taken(name: str) -> None:
    """A `Literal` names what its table has, in the table's order (`python -m backprop_tutor.listing`)."""
    literal, table = TAKEN[name]
    assert choices.words(literal) == tuple(table)


@pytest.mark.parametrize("activation", choices.words(choices.Activation))
def test_every_activation_makes_a_network(activation: Any) -> None:
    """What the type names is taken by `network`."""
    assert bt.network([2, 2], activation=activation, loss=None).assignments


@pytest.mark.parametrize("loss", choices.words(choices.Loss))
def test_every_loss_makes_a_network(loss: Any) -> None:
    """What the type names is taken by `network`."""
    assert bt.network([2, 2], loss=loss).assignments


@pytest.mark.parametrize("biases", choices.words(choices.Biases))
def test_every_kind_of_biases_makes_a_network(biases: Any) -> None:
    """What the type names is taken by `network`."""
    assert bt.network([2, 2], biases=biases).assignments


@pytest.mark.parametrize("format", choices.words(choices.ArrayFormat))
def test_every_format_of_arrays_is_written(format: Any) -> None:
    """What the type names is written of a derivation over arrays, whole and in brief."""
    derivation = bt.derive("L = sum(X)", at={"X": [1, 2]})
    full, brief = (derivation.explain(format, detail=detail) for detail in choices.words(choices.Detail))
    assert len(full) > len(brief) > 0


@pytest.mark.parametrize(
    ("method", "function"),
    [
        (bt.Derivation.lesson, lesson), (bt.Derivation.animation, animation),
        (bt.Derivation.contact_sheet, contact_sheet), (bt.Derivation.tikz, tikz),
    ],
)  # fmt: skip
def test_a_method_takes_what_its_function_takes(method: Any, function: Any) -> None:
    """A method of a derivation has its function's parameters, defaults and types, and no others."""
    of_method, of_function = (
        [(p.name, p.kind, p.default, p.annotation) for p in list(inspect.signature(f).parameters.values())[1:]]
        for f in (method, function)
    )
    assert of_method == of_function
    assert inspect.Parameter.VAR_KEYWORD not in {kind for _, kind, _, _ in of_method}


@pytest.mark.parametrize("name", ["explain", "diagram", "frames"])
def test_a_scale_takes_what_a_derivation_takes(name: str) -> None:
    """A derivation's method has the parameters of the scale's, and the scale itself."""
    of_derivation, of_scale = (
        {p.name: (p.kind, p.default, p.annotation) for p in inspect.signature(getattr(c, name)).parameters.values()}
        for c in (bt.Derivation, ScaledDerivation)
    )
    assert of_derivation.pop("scale") == (inspect.Parameter.KEYWORD_ONLY, None, "Scale | None")
    assert of_derivation == of_scale


def test_the_stub_is_of_today() -> None:
    """`__init__.pyi` declares every public name (`python -m backprop_tutor.listing`)."""
    home = Path(bt.__file__)
    found = home.with_suffix(".pyi").read_text(encoding="utf-8")
    assert found == listing.stub()
    assert all(f" as {name}\n" in found for name in bt.__all__)
    text = (home.parent / "choices.py").read_text(encoding="utf-8")
    assert text.partition(listing.BEGIN + "\n")[2].partition(listing.END)[0] == listing.rows_choices()
