"""The picture of a problem's graph with a student's answers in place of the numbers, coloured.

Enters: the complete picture of the derivation and the marked cells. Leaves: an SVG in which right
answers are green, those that follow amber and wrong ones red, each with its sign. A number that was
not asked for is left out unless it was given or answers are revealed; the drawing itself is the
lesson's, unchanged.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...errors import OptionError
from ...translation import sentence as _
from ..answers.escaping import in_html, shown_plainly
from ..marking.results import CellResult, ProblemResult
from ..marking.statuses import VERDICTS
from ..problems.problem_set import Problem
from .tones import TONES, legend_rows
from .wording import Reveal

if TYPE_CHECKING:
    from ...render.drawing.diagram import Diagram
    from ...render.drawing.strips import Strip
    from ...steps import Derivation
    from .neuron_picture import NeuronPicture

__all__ = ["verdict_picture", "verdict_shown", "verdict_strips"]

_TEXT = re.compile(
    r'<text id="(?P<id>(?P<what>node|edge)-(?P<rest>[0-9\-]+)-(?P<kind>[a-z]+))" class="(?P<class>[^"]*)"'
    r"(?P<attributes>[^>]*)>(?P<shown>[^<]*)</text>"
)
_CAPTION = re.compile(r'<g class="caption">.*?</g>', re.DOTALL)
_LEGEND = re.compile(r'<g class="legend">.*?</g>', re.DOTALL)
_TITLES = re.compile(r"<title>.*?</title><desc>.*?</desc>", re.DOTALL)
_IDS = re.compile(r' id="([^"]+)"')
_MOST = 9
_INK = "#1a1a1a"


@lru_cache(maxsize=64)
def _drawn(derivation: Derivation, whole: bool) -> Diagram:
    """Return the complete picture: in rows, or (not `whole`) in one line that is cut into strips."""
    from ...render.drawing.diagram import Diagram, Plate  # start-up time: the layout engine

    # In strips lines are long enough for answers of nine characters and their sign.
    return Diagram(Plate(derivation, wrap=whole, precision=4 if whole else 9))


def verdict_picture(
    problem: Problem, result: ProblemResult, student: str, reveal: Reveal, prefix: str = ""
) -> str:
    """Return the SVG of a marked problem, a network by its neurons; `prefix` keeps ids of several apart.

    Raises:
        OptionError: a problem over arrays, whose answers no circuit of numbers can show.
    """
    from .neuron_picture import neuron_picture  # start-up time: the layouts

    network = neuron_picture(problem, result, student, reveal, prefix, legend=True)
    if network is not None:
        return network.svg
    svg = _answered(problem, result, student, reveal, whole=True)
    svg = _LEGEND.sub(_legend(), svg)
    return _IDS.sub(lambda m: f' id="{prefix}{m[1]}"', svg) if prefix else svg


def verdict_shown(
    problem: Problem, result: ProblemResult, student: str, reveal: Reveal, prefix: str = ""
) -> tuple[Strip | NeuronPicture, ...]:
    """Return what a page shows of a problem: its network wide and upright, or its gates in strips.

    Raises:
        OptionError: a problem over arrays, whose answers no circuit of numbers can show.
    """
    from .neuron_picture import neuron_picture  # start-up time: the layouts

    wide = neuron_picture(problem, result, student, reveal, prefix)
    upright = neuron_picture(problem, result, student, reveal, f"{prefix}u-", upright=True)
    if wide is None or upright is None:
        return verdict_strips(problem, result, student, reveal, prefix)
    return wide, upright


def verdict_strips(
    problem: Problem, result: ProblemResult, student: str, reveal: Reveal, prefix: str = ""
) -> tuple[Strip, ...]:
    """Return the same cut into strips that a page shows at their full size, without the legend.

    Raises:
        OptionError: a problem over arrays, whose answers no circuit of numbers can show.
    """
    from ...render.drawing.strips import picture_strips  # start-up time: the layout engine

    svg = _answered(problem, result, student, reveal, whole=False)
    plate: Any = _drawn(problem.derivation(student), False).plate
    return picture_strips(plate, prefix=prefix, svg=_LEGEND.sub("", svg))


def _answered(
    problem: Problem, result: ProblemResult, student: str, reveal: Reveal, whole: bool
) -> str:
    if problem.of_arrays:
        raise OptionError(_("answers over arrays stand in no circuit of numbers"))
    derivation = problem.derivation(student)
    cells = {cell.quantity: cell for cell in result.cells}
    nodes = problem.graph.nodes
    output = nodes[problem.graph.output].name

    def rewritten(match: re.Match[str]) -> str:
        numbers = [int(part) for part in match["rest"].split("-")]
        kind = match["kind"]
        name = nodes[numbers[0]].name if numbers[0] < len(nodes) else ""
        if match["what"] == "edge":
            cell = _edge_cell(problem, cells, numbers, kind)
            known = reveal == "answers"
        else:
            cell = cells.get(name if kind == "value" else f"d{output}/d{name}")
            given = kind == "value" and nodes[numbers[0]].kind != "operation"
            known = given or reveal == "answers" or (kind == "gradient" and name == output)
        return _text(match, cell, known)

    svg = _TEXT.sub(rewritten, _drawn(derivation, whole).svg)
    svg = _CAPTION.sub("", svg)
    described = _("Graph of {problem} with the answers given").format(problem=problem.id)
    return _TITLES.sub(lambda _: f"<title>{in_html(described)}</title>", svg)


def _edge_cell(
    problem: Problem, cells: dict[str, CellResult], numbers: list[int], kind: str
) -> CellResult | None:
    """Return the cell of an edge's local gradient or contribution, if it is asked for."""
    wanted = {"local": "local", "downstream": "down"}.get(kind)
    target, slot = [*numbers, 0, 0][:2]
    for cell in problem.cells:
        quantity = cell.quantity
        if (quantity.kind, quantity.node, quantity.slot) == (wanted, target, slot):
            return cells.get(cell.text)
    return None


def _text(match: re.Match[str], cell: CellResult | None, known: bool) -> str:
    """Return a text element: the student's answer with its sign, the number given, or nothing."""
    if cell is None:
        shown = match["shown"] if known else ""
        # Green and red are the verdicts' here: numbers that were given are in ink.
        return (
            f'<text id="{match["id"]}" class="{match["class"]}"{match["attributes"]} '
            f'style="fill:{_INK}">{shown}</text>'
        )
    verdict = VERDICTS[cell.status]
    typed = "" if cell.status == "unreadable" else shown_plainly(cell.given, _MOST) or "…"
    colour = TONES[verdict.tone]
    return (
        f'<text id="{match["id"]}" class="{match["class"]} {verdict.tone}"{match["attributes"]} '
        f'style="fill:{colour};font-weight:bold">{in_html(typed)} {verdict.sign}</text>'
    )


def _legend() -> str:
    texts = "".join(
        f'<text x="0" y="{18 * i}" font-size="12" style="fill:{TONES[tone]}">{text}</text>'
        for i, (tone, text) in enumerate(legend_rows())
    )
    return f'<g class="legend">{texts}</g>'
