"""The whole derivation explained at the scale of neurons, as a document or as JSON.

Enters: a derivation, its network, its steps. Leaves: the blocks of a `Document`: how the program was
read, its layers, every step with its lines, two tables of all numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ...choices import Format
from ...descent import updating
from ...ops import OPS
from ...scales import Box, Network, Neuron, ScaleStep
from ...sentences import N_
from ...steps import Derivation
from ...translation import sentence as _
from ..narration.agreement import agreed
from ..narration.data import number
from ..narration.document import Block, Document, Formulas, Heading, Inline, Math, Paragraph, Table
from ..narration.explain import (
    CHECKED,
    FORMATS,
    Writer,
    checked_choice,
    format_names,
    own_writer,
    written,
    written_by,
)  # fmt: skip
from ..narration.feed_forward import feed_forward
from ..narration.narrate import Narrator
from ..narration.numbers import checked_precision
from ..narration.overview import reading_section
from .page import Page
from .telling import told

__all__ = ["explained", "neuron_document"]

_MOST = 12
"""Summands written in a sum; longer ones leave their middle out."""

_PHASES = {
    "forward": N_("Forward: the values, from the inputs to the output"),
    "seed": N_("Seed"),
    "backward": N_("Backward: the gradients, from the output to the inputs"),
}


def neuron_document(
    derivation: Derivation, network: Network, steps: tuple[ScaleStep, ...], *, detail: str = "full",
    precision: int = 4, update: Any = None, updates: int | None = None,
    wrt: Iterable[str] | None = None, maximize: bool = False, check: bool | None = None,
) -> Document:  # fmt: skip
    """Return the explanation as a document; the options are those of the scale of gates.

    Raises:
        OptionError: an option that does not fit.
    """
    full = checked_choice(detail, ("full", "brief"), "detail") == "full"
    digits = checked_precision(precision)
    narrator = Narrator(derivation, digits, full)
    asked = updating(derivation.graph_table, update, wrt, updates, maximize)
    page = Page(derivation, network, digits, true=True, most=_MOST)
    blocks = [*reading_section(narrator)]
    if full:
        blocks += _overview(page)
        blocks += feed_forward(network, dict(enumerate(derivation.numbers)), digits)
    blocks += _steps(page, steps, full)
    blocks += _summary(page)
    if check or (check is None and full and narrator.graph.operations <= CHECKED):
        from ..narration.appendix import check_section  # start-up time: SymPy and NumPy

        blocks += check_section(narrator)
    if asked is not None:
        from ..narration.appendix import update_section  # start-up time, with the check

        blocks += update_section(narrator, asked)
    return agreed(Document(tuple(blocks)))


def _overview(page: Page) -> Iterator[Block]:
    """Yield the network: its inputs, layers and boxes."""
    network = page.network
    yield Heading(2, (_("The network"),))
    rows: list[tuple[tuple[Inline, ...], ...]] = [
        ((_("inputs"),), tuple(_listed(page, network.inputs)), ("",), (str(len(network.inputs)),))
    ]
    outputs = set(network.outputs)
    for layer in network.layers:
        what = _("outputs") if outputs & set(layer.neurons) else _("hidden layer")
        name = OPS[layer.activation].called if layer.activation else _("linear")
        rows.append(
            ((what,), tuple(_listed(page, layer.neurons)), (name,), (str(len(layer.neurons)),))
        )
    for box in network.boxes:
        what = _("error") if box.place == page.graph.output else _("box")
        formula = Math(*_formula(page, box))
        rows.append(((what,), (page.write.name(box.place),), (formula,), ("",)))
    headers = (_("layer"), _("units"), _("activation"), _("count"))
    yield Table(headers, tuple(rows), frozenset({3}))


def _formula(page: Page, box: Box) -> tuple[str, str]:
    from ..narration.formulas import latex, unicode
    from .box_slopes import expanded

    tree = expanded(page.derivation, page.graph.formula(box.place), set(box.cone))
    return unicode(tree), latex(tree)


def _listed(page: Page, places: Iterable[int]) -> Iterator[Inline]:
    for number_, place in enumerate(places):
        if number_ == _MOST:
            yield ", …"
            return
        if number_:
            yield ", "
        yield page.write.name(place)


def _steps(page: Page, steps: tuple[ScaleStep, ...], full: bool) -> Iterator[Block]:
    phase = ""
    for step in steps:
        section = "backward" if step.phase == "accumulate" else step.phase
        if section != phase:
            phase = section
            yield Heading(2, (_(_PHASES[section]),))
        words = told(page, step)
        title = words.of or words.lines[0].terms[0].unicode
        gates = _gates(step) if full else ""
        yield Paragraph((f"{step.number}  {title}{gates}",), indent=1)
        lines = tuple(
            ("", line.terms, _("to the accuracy of float64") if line.rounded else "")
            for line in words.lines
        )
        if lines:
            yield Formulas(lines, indent=3)
        if full and words.reason:
            yield Paragraph((words.reason,), indent=3)


def _gates(step: ScaleStep) -> str:
    """Return which steps of the gates a step stands for: `   [gate steps 1–5]`."""
    if not step.gates:
        return ""
    runs: list[list[int]] = []
    for gate in step.gates:
        if runs and gate == runs[-1][-1] + 1:
            runs[-1].append(gate)
        else:
            runs.append([gate])
    listed = ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
    words = _("gate step {numbers}") if len(step.gates) == 1 else _("gate steps {numbers}")
    return f"   [{words.format(numbers=listed)}]"


def _summary(page: Page) -> Iterator[Block]:
    write, network = page.write, page.network
    yield Heading(2, (_("Summary"),))
    rows: list[tuple[tuple[Inline, ...], ...]] = []
    for neuron in network.neurons:
        gradient = write.number(write.upstream(neuron.place), page.precision, "gradient")
        rows.append((
            (write.name(neuron.place),),
            (write.number(write.value(neuron.net) * neuron.net_sign, page.precision, "value"),),
            (write.number(write.value(neuron.place), page.precision, "value"),),
            (write.gradient(neuron.place), " = ", gradient),
            (write.delta(neuron), " = ",
             write.number(write.delta_value(neuron), page.precision, "gradient")),
        ))  # fmt: skip
    headers = (_("neuron"), _("sum"), _("value"), _("gradient"), "δ")
    yield Table(headers, tuple(rows), frozenset({1, 2}))
    rows = []
    for place, node in enumerate(page.graph.nodes):
        gradient_of = page.derivation.upstreams[place]
        if node.kind != "input" or gradient_of is None:
            continue
        rows.append((
            (write.name(place),), (write.number(write.value(place), page.precision, "value"),),
            (write.gradient(place),), (write.number(gradient_of, page.precision, "gradient"),),
        ))  # fmt: skip
    yield Table((_("input"), _("value"), "", _("gradient")), tuple(rows), frozenset({1, 3}))


def explained(
    derivation: Derivation, network: Network, steps: tuple[ScaleStep, ...], format: Format | Writer,
    **options: Any,
) -> str:  # fmt: skip
    """Return the explanation in one of the formats; the options are `neuron_document`'s.

    Raises:
        OptionError: a format or an option that does not fit.
    """
    own = own_writer(format, FORMATS)
    chosen = "" if own else checked_choice(format, format_names(), "format")
    if chosen == "json":
        unfit = [name for name in ("update", "updates", "wrt") if options.get(name) is not None]
        checked_choice(unfit[0] if unfit else "json", ("json",), "format")
        return _json(derivation, network, steps)
    if chosen in ("numpy", "torch"):
        from ...source.written import program_text  # start-up time: NumPy

        return program_text(
            derivation, chosen, comments=options.get("detail") == "full", check=options.get("check"),
            update=options.get("update"), steps=options.get("updates"), wrt=options.get("wrt"),
            maximize=options.get("maximize"),
        )  # fmt: skip
    whole = neuron_document(derivation, network, steps, **options)
    return written(whole, chosen) if own is None else written_by(own, whole)


def _json(derivation: Derivation, network: Network, steps: tuple[ScaleStep, ...]) -> str:
    """Return the network and its steps as JSON; numbers as in a derivation's own."""
    data = {
        "schema": "backprop_tutor.neurons", "version": 1, "output": derivation.output,
        "inputs": [network.name(place) for place in network.inputs],
        "layers": [
            {
                "activation": layer.activation or "linear", "column": layer.column,
                "neurons": [_neuron(derivation, network, place) for place in layer.neurons],
            }
            for layer in network.layers
        ],
        "boxes": [
            {
                "name": network.name(box.place),
                "sources": [network.name(source) for source in box.sources],
                "value": number(derivation.numbers[box.place]),
                "gradient": number(derivation.upstreams[box.place]),
            }
            for box in network.boxes
        ],
        "steps": [
            {
                "number": step.number, "phase": step.phase, "kind": step.kind, "node": step.node,
                "values": {name: number(value) for name, value in step.values.items()},
                "gradients": {name: number(value) for name, value in step.gradients.items()},
                "gates": list(step.gates),
            }
            for step in steps
        ],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _neuron(derivation: Derivation, network: Network, place: int) -> dict[str, Any]:
    neuron = network.units[place]
    assert isinstance(neuron, Neuron)  # layers are made of neurons
    delta = derivation.upstreams[neuron.net]
    bias = neuron.bias

    def named(at: int) -> str:
        node = network.graph.nodes[at]
        return node.text or node.name

    return {
        "name": network.name(place),
        "net": number(derivation.numbers[neuron.net] * neuron.net_sign),
        "value": number(derivation.numbers[place]),
        "gradient": number(derivation.upstreams[place]),
        "delta": number(None if delta is None else delta * neuron.net_sign),
        "terms": [
            {
                "source": named(term.source), "sign": term.sign,
                "weight": None if term.weight is None else named(term.weight),
            }
            for term in neuron.terms
        ],
        "bias": None if bias is None else {"name": named(bias.place), "sign": bias.sign},
    }  # fmt: skip
