"""`lesson`: a derivation becomes a page, pass by pass; and the options it takes."""

from __future__ import annotations

from collections.abc import Iterable

from ..choices import PageTheme, Scale, words
from ..errors import OptionError, did_you_mean, quoted
from ..language import shown_name
from ..matrices.array_derivation import ArrayDerivation
from ..render.drawing.diagram import Drawn
from ..render.layers.plate import LayersPlate
from ..render.narration.numbers import checked_precision
from ..scales import recognise, usual_scale
from ..scales.to_layers import as_layers
from ..sentences import said
from ..steps import Derivation
from ..translation import sentence as _
from ..translation import speaking
from .array_build import array_lesson
from .array_pictures import PHONE, WIDE
from .collecting import collecting_page
from .content import content
from .javascript import rules
from .layer_content import layer_scale
from .neuron_content import neuron_plates, neuron_scale
from .page import LessonPage, page
from .picture import picture, plate
from .program_listing import listing_of
from .slips import asked_cells, practice_data

__all__ = ["SCALE_NAMES", "THEME_NAMES", "lesson"]

THEME_NAMES = words(PageTheme)
"""The page's colours: as the system is set, or one theme to begin with."""

SCALE_NAMES = words(Scale)
"""The scales at which a page opens."""

_LONGEST_TITLE = 300


def lesson(
    derivation: Derivation, *, title: str | None = None, lang: str = "en", theme: PageTheme = "auto",
    practice: bool = True, asked: str | Iterable[str] | None = None, problem: str = "",
    precision: int = 4, key: bool = True, scale: Scale | None = None,
) -> LessonPage:  # fmt: skip
    """Return the lesson page of a derivation.

    Args:
        derivation: what is taught.
        title: the page's heading; by default it names the output.
        lang: the language of its words: "en", or one with a catalogue.
        theme: "auto" for the system's wish, else "light", "dark" or "colour-blind"; the learner may
            change it.
        practice: whether the page lets the learner answer.
        asked: what practice asks for, as in a problem file: quantities, "all values", "all
            gradients"; by default every quantity of the graph, values and gradients first.
        problem: the problem's id, which goes into the saved answers where a problem file has several.
        precision: significant figures of the numbers shown, 1 to 17.
        key: whether the page holds what it needs to show the steps and to judge answers. Whoever can
            open the page can read that; without it the page only collects answers, for `check`.
        scale: the scale at which the page opens, "gates", "neurons" or "layers"; by default layers for
            matrices, neurons for a network of at most 12 a layer, and gates for a formula; on a phone
            neurons wherever there are some. The page changes between those that the program has.

    Raises:
        OptionError: an option that does not fit, or more nodes than a page can show.
        UnknownNameError: a quantity asked for that the graph does not have.
    """
    if theme not in THEME_NAMES:
        hint = did_you_mean(theme, THEME_NAMES) or said(
            "the themes: {names}", names=", ".join(THEME_NAMES)
        )
        raise OptionError(
            said("there is no theme {theme}; {hint}", theme=quoted(str(theme)), hint=hint)
        )
    if title is not None and (not isinstance(title, str) or len(title) > _LONGEST_TITLE):
        raise OptionError(
            said(
                "a title is a text of at most {longest_title} characters",
                longest_title=_LONGEST_TITLE,
            )
        )
    checked_precision(precision)
    if not key and not practice:
        raise OptionError(
            said("a page without its key only collects answers; without practice it is empty")
        )
    with speaking(lang):
        name = shown_name(derivation.output)
        heading = title or _("Backpropagation through {name}").format(name=name)
        if isinstance(derivation, ArrayDerivation) and key:
            return array_lesson(
                derivation, title=heading, lang=lang, theme=theme, practice=practice, asked=asked,
                problem=problem, precision=precision, scale=scale,
            )  # fmt: skip
        if not key and scale is not None:
            raise OptionError(said("a page without its key has no scales"))
        if not key:
            return collecting_page(
                derivation, title=heading, lang=lang, theme=theme, asked=asked, problem=problem,
                precision=precision,
            )  # fmt: skip
        network = recognise(derivation.graph_table)
        usual = usual_scale(network)
        opening = _opening(scale, usual, network is not None, shown_name(derivation.output))
        drawn = plate(derivation, precision)
        text, places = rules(derivation.graph_table)
        data = content(derivation, drawn, heading, lang, precision)
        plates: dict[str, Drawn] = {"gates": drawn}
        if network is not None:
            wide, narrow = neuron_plates(derivation, network, lang)
            data["scales"].insert(0, neuron_scale(wide, narrow, precision))
            plates["neurons"] = wide
            arrays, entries = as_layers(derivation, network, ArrayDerivation)
            if arrays is not None and entries is not None:
                broad, slim = (
                    LayersPlate(arrays, lang=lang, fit=fit, force=True) for fit in (WIDE, PHONE)
                )
                data["scales"].insert(0, layer_scale(derivation, arrays, entries, broad, slim))
                plates["layers"] = broad
            elif scale == "layers":
                raise OptionError(
                    said("{name} has no layer: no neurons whose weights are a matrix",
                         name=shown_name(derivation.output))
                )  # fmt: skip
        if opening not in {own["name"] for own in data["scales"]}:
            opening = "neurons"  # a network too large for neurons whose layers are no matrices
        data |= {"opening": opening, "phone": "neurons" if network is not None and not scale else opening}
        for node, rule in zip(data["nodes"], places, strict=True):
            node["code"] = rule
        data["listing"] = listing_of(derivation)
        if practice:
            data["practice"] = practice_data(derivation) | asked_cells(derivation, asked)
            data["practice"]["problem"] = problem
        return page(data, picture(drawn), text, theme, plates[opening])


def _opening(scale: Scale | None, usual: str, has_neurons: bool, name: str) -> str:
    """Return the scale at which a page of single numbers opens.

    Raises:
        OptionError: there is no such scale, or the program has none of it.
    """
    if scale is None:
        return usual
    if scale == "gates":
        return "gates"
    if scale not in SCALE_NAMES:
        hint = did_you_mean(str(scale), SCALE_NAMES) or said(
            "the scales: {names}", names=", ".join(SCALE_NAMES)
        )
        raise OptionError(
            said("there is no scale {name}; {hint}", name=quoted(str(scale)), hint=hint)
        )
    if not has_neurons:
        raise OptionError(
            said("{name} has no neuron: no activation of a weighted sum; choose gates", name=name)
        )
    return scale
