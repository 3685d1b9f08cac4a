"""The answer to a key that was pressed: the reading, the fields, the scales, and the picture or the faults.

Enters: a `Wanted`. Leaves: plain data for JSON. It runs in a worker; what it takes is a derivation and
one picture.
"""

from __future__ import annotations

from typing import Any, cast

from ..choices import ThemeName
from ..errors import OptionError, TutorError
from ..language import UNICODE, shown_name, written
from ..matrices.given import is_array
from ..render.drawing.diagram import Diagram
from ..render.narration.numbers import shown
from ..scales import Network, recognise, usual_scale
from ..sentences import said
from ..translation import speaking
from .reading import Reading, fault_rows, read
from .wanted import Wanted

__all__ = ["MOST_LIVE", "answer", "picture_at", "scales_of", "shown_at"]

MOST_LIVE = 400
"""A program of more nodes is not drawn as it is typed."""


def answer(wanted: Wanted) -> dict[str, Any]:
    """Return what the page shows of what was typed.

    >>> found = answer(Wanted(program="f = w*x", values=(("w", "2"), ("x", "3"))))
    >>> found["ok"], found["scales"], found["result"]
    (True, ['layers', 'neurons', 'gates'], 'f = 6')
    """
    with speaking(wanted.lang):
        reading = read(wanted)
        found: dict[str, Any] = {
            "ok": reading.derivation is not None and not reading.faults, "faults": reading.faults,
            "fields": [
                {"name": name, "label": shown_name(name), "value": reading.values[name],
                 "drawn": name in reading.drawn, "gradient": _gradient(reading.derivation, name)}
                for name in reading.names
            ],
        }  # fmt: skip
        if found["ok"]:
            try:
                found |= _seen(reading, wanted)
            except TutorError as error:
                found["ok"] = False
                found["faults"] = [row | {"field": "program"} for row in fault_rows(error)]
        return found


def scales_of(derivation: Any) -> list[str]:
    """Return the scales at which a derivation's lesson can be seen, the larger first."""
    if any(map(is_array, derivation.at.values())):
        return ["layers"]
    return _scales_of(derivation, recognise(derivation.graph_table))


def _scales_of(derivation: Any, network: Network | None) -> list[str]:
    if network is None:
        return ["gates"]
    from ..scales.to_layers import has_layers  # start-up time: NumPy

    return [*(["layers"] if has_layers(derivation, network) else []), "neurons", "gates"]


def shown_at(derivation: Any, wanted: Wanted) -> tuple[str, list[str]]:
    """Return the scale at which a request is shown, and those that there are."""
    if any(map(is_array, derivation.at.values())):
        return "layers", ["layers"]
    network = recognise(derivation.graph_table)
    scales = _scales_of(derivation, network)
    if wanted.scale in scales:
        return str(wanted.scale), scales
    usual = usual_scale(network)
    return (usual if usual in scales else scales[0]), scales


def picture_at(scaled: Any, step: int | None, theme: ThemeName, narrow: bool = False) -> Diagram:
    """Return the picture after a step; 0 is the one with what is given alone, None the finished one."""
    fit = "phone" if narrow else None
    if step != 0:
        return cast(Diagram, scaled.diagram(step, theme=theme, fit=fit))
    first = cast(Diagram, scaled.diagram(1, theme=theme, fit=fit))
    return Diagram(first.plate, 0)


def _seen(reading: Reading, wanted: Wanted) -> dict[str, Any]:
    derivation = reading.derivation
    scale, scales = shown_at(derivation, wanted)
    scaled = derivation.at_scale(scale)
    count = len(scaled.steps)
    step = None if wanted.step is None or wanted.step >= count else wanted.step
    graph = derivation.graph_table
    svg = _drawn(scaled, step, wanted)
    number = derivation.numbers[graph.output]
    output = shown_name(derivation.output)
    return {
        "reading": [_line(a) for a in graph.program.assignments], "notes": list(derivation.notes),
        "scale": scale, "scales": scales, "step": count if step is None else step, "steps": count,
        "nodes": len(graph.nodes), "svg": svg, "output": output,
        "result": f"{output} = {shown(number, 6)}" if not is_array(number) else output,
    }  # fmt: skip


def _drawn(scaled: Any, step: int | None, wanted: Wanted) -> str:
    try:
        return picture_at(scaled, step, wanted.theme, wanted.narrow).svg
    except OptionError:
        count = len(scaled.derivation.graph_table.nodes)
        if count <= MOST_LIVE:
            raise
        raise OptionError(
            said("{count} nodes are too many for this page, which draws {most} at the most; the command "
                 "`draw --force` draws more", count=f"{count:,}", most=MOST_LIVE)
        ) from None  # fmt: skip


def _gradient(derivation: Any, name: str) -> str:
    """Return an input's gradient as text; "" where it has none or is an array."""
    if derivation is None:
        return ""
    gradient = derivation.gradients.get(name)
    return "" if gradient is None or is_array(gradient) else shown(gradient, 4)


def _line(assignment: Any) -> str:
    left = ", ".join(map(shown_name, assignment.targets))
    return f"{left} = {written(assignment.expression, UNICODE)}"
