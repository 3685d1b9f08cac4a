"""What stands under a picture: the step's title, its chain rule in symbols and numbers, its reason.

Enters: a derivation and a step. Leaves: a `Caption` of plain Unicode text, not yet broken into lines.
Every sentence of a picture is written here or in the rows of `OPS`, and passes through gettext.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...language import Apply, Expression, Number, shown_name
from ...ops import OPS, SIGN, SUM
from ...particles import agreed_text
from ...sentences import N_, counted
from ...slopes import branch, local_form
from ...steps import (
    AccumulateStep,
    BackwardStep,
    Contribution,
    Derivation,
    Exact,
    ForwardStep,
    SeedStep,
    Step,
    UpdateStep,
)
from ...translation import sentence as _
from ..narration.arithmetic import Digits, added, multiplied, underflowed, updated, worked_out
from ..narration.formulas import unicode, with_numbers
from ..narration.numbers import shown

__all__ = [
    "Caption", "Written", "bracketed", "caption", "frame_words", "gradient_name", "heading", "legend",
    "local_texts", "numbered", "step_words",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caption:
    """The text under one picture: a title, a line for each edge of the step, and why."""

    title: str
    lines: tuple[str, ...] = ()
    reason: str = ""


def gradient_name(derivation: Derivation, place: int) -> str:
    """Return how the gradient of a node is written: `∂f/∂w₁`."""
    name = shown_name(derivation.graph_table.nodes[place].name)
    return f"∂{shown_name(derivation.output)}/∂{name}"


def heading(derivation: Derivation) -> str:
    """Return the picture's title for those who do not see it."""
    return _("Computational graph of {name}").format(name=shown_name(derivation.output))


def legend(
    derivation: Derivation, fans_out: bool, sums: bool = False, stacked: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return the legend's lines, each with the class of what it explains.

    `fans_out`: whether a wire of the picture has several uses; `sums`: whether weights stand on arrows, and
    `stacked` whether what goes back stands below their gradients.
    """
    output = shown_name(derivation.output)
    arrows = {len(node.operands) for node in derivation.graph_table.nodes if node.operands}
    if arrows == {1}:
        local = _("local gradient under its gate")
    elif 1 in arrows:
        local = _("local gradient on the arrow, or under its gate")
    else:
        local = _("local gradient on the arrow")
    lines = [
        ("value", _("value above")),
        ("gradient", _("gradient ∂{output}/∂· below").format(output=output)),
        ("local", local),
    ]
    if sums:
        lines.append(("gradient", _("into Σ: under a weight its gradient")))
        where = _("what goes back below it") if stacked else _("what goes back at its left")
        lines.append(("downstream", where))
    elif fans_out:
        lines.append(("downstream", _("its contribution under the arrow")))
    return tuple(lines)


def local_texts(derivation: Derivation, edge: Contribution, precision: int) -> tuple[str, str]:
    """Return a local gradient as a symbol and as a number; the symbol is empty if it is the number."""
    tree = _local_tree(derivation, edge)
    number = shown(edge.local, precision)
    symbol = _symbol(tree, precision)
    return ("" if symbol == number else symbol), number


def _local_tree(derivation: Derivation, edge: Contribution) -> Expression:
    return local_form(derivation, edge.places[1], edge.slot).shortest


def _symbol(tree: Expression, precision: int) -> str:
    # A number keeps the text it was typed in: `π` stays π, 1/3 stays exact.
    if isinstance(tree, Number) and tree.text != "π":
        return shown(tree.value, precision)
    return unicode(tree)


def caption(
    derivation: Derivation, step: int, precision: int = 4, formulas: bool = True
) -> Caption:
    """Return the caption of a step: 1 to the number of steps, 0 before the first, one more after all.

    `formulas=False` leaves the lines with numbers out, as a worksheet needs.
    """
    steps = derivation.steps
    if 1 <= step <= len(steps):
        title, lines, reason = step_words(derivation, steps[step - 1], precision)
        title = numbered(title, step, len(steps))
    elif step < 1:
        title, lines, reason = _before(len(steps))
    else:
        title, lines, reason = _after(derivation, precision, len(steps))
        reason = reason if formulas else _("fill in the empty places")
    return frame_words(title, lines, reason, formulas)


Written = tuple[str, tuple[str, ...], str]


def numbered(title: str, step: int, count: int) -> str:
    """Return a step's title with its number."""
    return _("step {number} of {count} · {what}").format(number=step, count=count, what=title)


def frame_words(title: str, lines: Iterable[str], reason: str, formulas: bool) -> Caption:
    """Return the caption of what is said, particles agreed; without its lines on a worksheet."""
    told = tuple(map(agreed_text, lines)) if formulas else ()
    return Caption(agreed_text(title), told, agreed_text(reason))


def step_words(derivation: Derivation, record: Step, precision: int) -> Written:
    """Return what is said of one step of a derivation: a title without its number, lines, a reason."""
    return _WRITERS[type(record)](derivation, record, precision)


def _before(count: int) -> Written:
    title = _("before step 1 of {count}").format(count=count)
    return title, (), _("only the inputs are known")


def _after(derivation: Derivation, precision: int, count: int) -> Written:
    title = counted(count, N_("the only step"), N_("all {count} steps"))
    value = shown(derivation.numbers[derivation.graph_table.output], precision)
    name = shown_name(derivation.output)
    return title, (f"{name} = {value}",), ""


def _forward(derivation: Derivation, step: ForwardStep, precision: int) -> Written:
    graph, numbers = derivation.graph_table, derivation.numbers
    node = graph.nodes[step.place]
    formula = graph.formula(step.place)
    parts = [shown_name(node.name), unicode(formula)]
    digits = worked_out(formula, lambda name: numbers[graph.index[name]], step.value, precision)
    value = shown(step.value, digits.result if digits else precision)
    numeric = value
    if digits is not None:
        numeric = with_numbers(formula, lambda name: numbers[graph.index[name]], digits.numbers)
    parts += [text for text in dict.fromkeys((numeric, value)) if text != parts[-1]]
    operands = [0 if OPS[node.op].vanishes else numbers[i] for i in node.operands]
    remark = _remark(digits, step.value, operands)
    return _phase(_("forward"), _operation(node.op)), (" = ".join(parts),), remark


def _remark(digits: Digits | None, result: Exact, numbers: Iterable[Exact]) -> str:
    """Return what is said of a line whose result float64 could not hold."""
    if underflowed(result, numbers):
        return _("too small for float64")
    return "" if digits is not None else _("to the accuracy of float64")


def _seed(derivation: Derivation, step: SeedStep, precision: int) -> Written:
    line = f"{gradient_name(derivation, step.place)} = 1"
    reason = _("the backward pass begins here: {output} changes by 1 when {output} does").format(
        output=shown_name(derivation.output)
    )
    return _("seed"), (line,), reason


def _backward(derivation: Derivation, step: BackwardStep, precision: int) -> Written:
    node = derivation.graph_table.nodes[step.place]
    fitted = [multiplied((e.upstream, e.local), e.downstream, precision) for e in step.edges]
    lines = tuple(
        _chain(derivation, edge, precision, digits)
        for edge, digits in zip(step.edges, fitted, strict=True)
    )
    row = OPS[node.op]
    reasons = [_(row.reason(edge.slot, len(node.operands))) for edge in step.edges]
    piece = branch(derivation, step.place)
    if piece is not None:
        operands = [_shown_term(derivation, i) for i in node.operands]
        chosen = _listed([operands[slot] for slot in piece.slots])
        reasons.append(_(piece.says).format(*operands, chosen=chosen))
    reasons += [
        _remark(digits, edge.downstream, (edge.upstream, edge.local))
        for edge, digits in zip(step.edges, fitted, strict=True)
    ]
    said = " · ".join(reason for reason in dict.fromkeys(reasons) if reason)
    return _phase(_("backward"), _operation(node.op)), lines, said


def _chain(
    derivation: Derivation, edge: Contribution, precision: int, digits: Digits | None
) -> str:
    """Return `∂f/∂w₁ = upstream × local = 0.2 × x₁ = 0.2 × (−2) = −0.4`.

    Without `digits` no numbers would make the line true, and only the result is shown.
    """
    parts = [_result(derivation, edge), _("upstream × local")]
    if digits is not None:
        tree = _local_tree(derivation, edge)
        symbol, number = local_texts(derivation, edge, digits.numbers)
        upstream = shown(edge.upstream, digits.numbers)
        if symbol:
            bracketed = f"({symbol})" if _is_loose(tree, symbol) else symbol
            parts.append(f"{upstream} × {bracketed}")
        parts.append(f"{upstream} × {_factor(number)}")
    parts.append(shown(edge.downstream, digits.result if digits else precision))
    return " = ".join(parts)


def _result(derivation: Derivation, edge: Contribution) -> str:
    graph = derivation.graph_table
    gradient = gradient_name(derivation, edge.places[0])
    uses = [use for use in graph.uses[edge.places[0]] if graph.relevant[use.target]]
    if len(uses) == 1:
        return gradient
    through = shown_name(graph.nodes[edge.places[1]].name)
    if sum(use.target == edge.places[1] for use in uses) > 1:
        return _("part of {gradient} through {gate}, operand {number}").format(
            gradient=gradient, gate=through, number=edge.slot + 1
        )
    return _("part of {gradient} through {gate}").format(gradient=gradient, gate=through)


def _accumulate(derivation: Derivation, step: AccumulateStep, precision: int) -> Written:
    parts = [edge.downstream for edge in step.contributions]
    digits = added(parts, step.total, precision)
    sides = [gradient_name(derivation, step.place)]
    if digits is not None:
        terms = [shown(part, digits.numbers) for part in parts]
        sides.append(
            " + ".join([terms[0], *(f"({t})" if t.startswith("−") else t for t in terms[1:])])
        )
    line = " = ".join([*sides, shown(step.total, digits.result if digits else precision)])
    name = shown_name(derivation.graph_table.nodes[step.place].name)
    reason = _("{name} has {count} uses: what they hand back adds up").format(
        name=name, count=len(parts)
    )
    if digits is None:
        reason += " · " + _remark(digits, step.total, (0,))
    return _phase(_("accumulate"), name), (line,), reason


def _update(derivation: Derivation, step: UpdateStep, precision: int) -> Written:
    name = shown_name(derivation.graph_table.nodes[step.place].name)
    symbolic = f"{name} − lr × {gradient_name(derivation, step.place)}"
    digits = updated(step.old, step.lr, step.gradient, step.new, precision)
    sides = [symbolic]
    if digits is not None:
        old, rate, gradient = (
            shown(number, digits.numbers) for number in (step.old, step.lr, step.gradient)
        )
        sides.append(f"{old} − {_factor(rate)} × {_factor(gradient)}")
    line = f"{name} ← " + " = ".join([*sides, shown(step.new, digits.result if digits else precision)])
    return _phase(_("update"), name), (line,), _("against the gradient, the output falls")


_WRITERS: dict[type[Step], Callable[..., Written]] = {
    ForwardStep: _forward,
    SeedStep: _seed,
    BackwardStep: _backward,
    AccumulateStep: _accumulate,
    UpdateStep: _update,
}


def _phase(phase: str, what: str) -> str:
    return f"{phase} · {what}"


def _operation(op: str) -> str:
    return _(op.replace("_", " "))


def _shown_term(derivation: Derivation, place: int) -> str:
    return unicode(derivation.graph_table.term(place))


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _factor(number: str) -> str:
    return bracketed(number, first=False)


def bracketed(number: str, first: bool) -> str:
    """Return a number as a factor: in brackets if it has a bar, or a sign where it is not the first."""
    return f"({number})" if (number.startswith("−") and not first) or "/" in number else number


def _is_loose(tree: Expression, text: str) -> bool:
    if text.startswith("−") or not isinstance(tree, Apply):
        return text.startswith("−")
    row = OPS[tree.op]
    return row.binds in (SUM, SIGN) or "/" in (row.text or ())
