"""The words under pictures in which weighted sums are one gate each.

Enters: a derivation, its sums and a step. Leaves: a `Caption`. What is no sum is told as in other pictures.
"""

from __future__ import annotations

from ...language import shown_name
from ...scales import Neuron
from ...sentences import N_, counted
from ...steps import Derivation, ForwardStep
from ...translation import sentence as _
from ..narration.arithmetic import added, multiplied
from ..narration.numbers import shown
from .captions import (
    Caption,
    Written,
    bracketed,
    frame_words,
    gradient_name,
    numbered,
    step_words,
)
from .sums import Sums, SumStep

__all__ = ["sum_caption"]

_BESIDE = "  ·  "
"""Between two formulas on one line."""

_MOST = 4
"""Of so many weights each has a line of its own at the most; of others the first and the last."""


def sum_caption(
    derivation: Derivation, sums: Sums, step: int, precision: int = 4, formulas: bool = True
) -> Caption:
    """Return the caption of a step: 1 to their number, 0 before the first, one more after all."""
    count = len(sums.steps)
    if step < 1:
        title = _("before step 1 of {count}").format(count=count)
        return frame_words(title, (), _("only the inputs are known"), formulas)
    if step > count:
        title = counted(count, N_("the only step"), N_("all {count} steps"))
        value = shown(derivation.numbers[derivation.graph_table.output], precision)
        reason = "" if formulas else _("fill in the empty places")
        return frame_words(title, (f"{shown_name(derivation.output)} = {value}",), reason, formulas)
    record = sums.steps[step - 1]
    title, lines, reason = _words(derivation, sums, record, precision)
    return frame_words(numbered(title, step, count), lines, reason, formulas)


def _words(derivation: Derivation, sums: Sums, step: SumStep, precision: int) -> Written:
    if step.net is None:
        return step_words(derivation, step.records[0], precision)
    neuron = sums.sums[step.net]
    what = _("weighted sum")
    if isinstance(step.records[0], ForwardStep):
        return f"{_('forward')} · {what}", (_forward(derivation, neuron, precision),), ""
    return (
        f"{_('backward')} · {what}",
        tuple(_backward(derivation, neuron, precision)),
        _("the slope along a weight is its input, along an input its weight, along the bias 1"),
    )


def _name(derivation: Derivation, place: int) -> str:
    node = derivation.graph_table.nodes[place]
    return node.text if node.kind == "constant" else shown_name(node.name)


def _forward(derivation: Derivation, neuron: Neuron, precision: int) -> str:
    """Return `net = w·x + b = numbers = result`; longer sums leave their middle out."""
    numbers, terms = derivation.numbers, list(neuron.terms)
    products = [
        numbers[t.source] if t.weight is None else numbers[t.weight] * numbers[t.source] for t in terms
    ]
    bias = neuron.bias
    parts = [*products, *([numbers[bias.place]] if bias else [])]
    digits = added(parts, numbers[neuron.net], precision)
    figures = digits.numbers if digits else precision
    symbols, values = [], []
    for term in terms:
        source = _name(derivation, term.source)
        value = bracketed(shown(numbers[term.source], figures), first=term.weight is None)
        if term.weight is None:
            symbols.append(source)
            values.append(value)
        else:
            symbols.append(f"{_name(derivation, term.weight)}·{source}")
            values.append(f"{bracketed(shown(numbers[term.weight], figures), first=not values)}·{value}")
    if bias is not None:
        symbols.append(_name(derivation, bias.place))
        values.append(bracketed(shown(numbers[bias.place], figures), first=False))
    result = shown(numbers[neuron.net], digits.result if digits else precision)
    sides = [_name(derivation, neuron.net), " + ".join(_shortened(symbols)), " + ".join(_shortened(values))]
    return " = ".join([*sides, result])


def _shortened(parts: list[str]) -> list[str]:
    return parts if len(parts) <= _MOST + 1 else [*parts[:2], "…", parts[-1]]


def _backward(derivation: Derivation, neuron: Neuron, precision: int) -> list[str]:
    """Return a line for each weight, and one for all that goes on to the inputs."""
    numbers, upstream = derivation.numbers, derivation.upstreams[neuron.net]
    assert upstream is not None  # a backward step has one
    lines, handed = [], []
    for term in neuron.terms:
        edge = derivation.contributions.get(term.weight_edge) if term.weight_edge else None
        if edge is not None and term.weight is not None:
            digits = multiplied((upstream, numbers[term.source]), edge.downstream, precision)
            figures = digits.numbers if digits else precision
            value = bracketed(shown(numbers[term.source], figures), first=False)
            sides = [
                gradient_name(derivation, term.weight),
                _("upstream × {factor}").format(factor=_name(derivation, term.source)),
                f"{shown(upstream, figures)} × {value}",
                shown(edge.downstream, digits.result if digits else precision),
            ]
            lines.append(" = ".join(sides))
        back = derivation.contributions.get(term.source_edge)
        if back is not None:
            factor = "" if term.weight is None else f" × {_name(derivation, term.weight)}"
            handed.append(
                _("{name} gets upstream{factor} = {number}").format(
                    name=_name(derivation, term.source), factor=factor,
                    number=shown(back.downstream, precision),
                )
            )  # fmt: skip
    lines = lines if len(lines) <= _MOST else [*lines[:2], "…", lines[-1]]
    lines = [_BESIDE.join(lines[i : i + 2]) for i in range(0, len(lines), 2)]
    if neuron.bias is not None:
        edge = derivation.contributions.get(neuron.bias.edge)
        if edge is not None:
            handed.append(
                _("{name} gets {number}").format(
                    name=_name(derivation, neuron.bias.place), number=shown(edge.downstream, precision)
                )
            )
    if handed:
        through = _("through {name}: {parts}").format(
            name=_name(derivation, neuron.net), parts=", ".join(_shortened(handed))
        )
        lines.append(through)
    return lines
