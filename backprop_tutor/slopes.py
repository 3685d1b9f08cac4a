"""Local gradients as people write them: `x`, `σ(z)·(1 − σ(z))`, `1/(2·f)`, as trees of our own.

The rules of `OPS` are run on terms that build trees (`slope_terms`), so the formula shown
is the rule that computed the number. Terms know their operands' values, and a piecewise operation
shows the piece in force at the point; `branch` says which that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .graph import Graph
from .language import Apply, Expression, Name, same, written
from .once import cached_property
from .ops import OPS, Branch
from .slope_terms import Everywhere, Symbols, Term, Trees, in_full, term_of, unvalued
from .steps import Derivation

__all__ = [
    "LocalForm", "branch", "local_form", "slope_everywhere", "symbolic_form", "value_everywhere",
]  # fmt: skip


@dataclass(frozen=True)
class LocalForm:
    """A local gradient as a formula: in the inputs, with the output's name where it occurs, and in
    the form that loses no digits where the usual one does (σ(z)·σ(−z)), None where it is the usual.
    """

    by_inputs: Expression
    by_output: Expression
    accurate: Expression | None = None

    @cached_property
    def shortest(self) -> Expression:
        """Return the shorter of the two, the one in the inputs where they are alike."""
        one, other = self.by_inputs, self.by_output
        if one is other:
            return one
        return other if len(written(other)) < len(written(one)) else one


def slope_everywhere(derivation: Derivation, place: int, slot: int) -> Expression:
    """Return the local gradient of a node as a formula in its inputs that holds on every piece.

    Where a row has one rule for each number of operands, as `max` has, it is that of the point.
    """
    graph, numbers = derivation.graph_table, derivation.numbers
    node = graph.nodes[place]
    op = OPS[node.op]
    if not isinstance(op.partials, tuple):
        return local_form(derivation, place, slot).by_inputs
    given = op.with_options(node.options) if op.options else {}
    options = {name: in_full(value) for name, value in given.items()}
    operands = [Term(graph.term(i), numbers[i]) for i in node.operands]
    own = Term(graph.formula(place), numbers[place])
    return term_of(op.partials[slot](Everywhere({}), own, *operands, **options)).tree


def value_everywhere(derivation: Derivation, place: int) -> Expression:
    """Return a node's own rule as a formula in its inputs that holds on every piece.

    Of a row that is written in one word (σ, tanh) it is that word again.
    """
    graph, numbers = derivation.graph_table, derivation.numbers
    node = graph.nodes[place]
    op = OPS[node.op]
    given = op.with_options(node.options) if op.options else {}
    options = {name: in_full(value) for name, value in given.items()}
    operands = [Term(graph.term(i), numbers[i]) for i in node.operands]
    return term_of(op.forward(Everywhere({}), *operands, **options)).tree


def local_form(derivation: Derivation, place: int, slot: int) -> LocalForm:
    """Return the local gradient of a node along its operand number `slot`, as formulas.

    `place` is the node's place in the graph's nodes. A derivation keeps its formulas: pictures,
    captions and lessons ask for the same ones.
    """
    forms: dict[tuple[int, int], LocalForm] = derivation.__dict__.setdefault("_local_forms", {})
    found = forms.get((place, slot))
    if found is None:
        found = forms[place, slot] = _local_form(derivation, place, slot)
    return found


def _local_form(derivation: Derivation, place: int, slot: int) -> LocalForm:
    graph, numbers = derivation.graph_table, derivation.numbers
    node = graph.nodes[place]
    op = OPS[node.op]
    options = op.with_options(node.options) if op.options or op.outputs else {}
    operands = [Term(graph.term(i), numbers[i]) for i in node.operands]
    kernel = Trees(_shares(graph, place))
    named = Term(Name(node.name), numbers[place])
    own = named if op.outputs else Term(graph.formula(place), numbers[place])
    rule = op.partial(slot)
    by_inputs = term_of(rule(kernel, own, *operands, **options)).tree
    by_output = term_of(rule(kernel, named, *operands, **options)).tree
    by_output = by_inputs if same(by_inputs, by_output) else by_output
    if op.accurate is None:
        return LocalForm(by_inputs, by_output)
    accurate = term_of(op.accurate(slot)(kernel, named, *operands, **options)).tree
    usual = same(accurate, by_inputs) or same(accurate, by_output)
    return LocalForm(by_inputs, by_output, None if usual else accurate)


def symbolic_form(
    graph: Graph, place: int, slot: int, operands: Sequence[Expression], name: str
) -> LocalForm:
    """Return the local gradient of a node along operand `slot` where nothing has a value.

    `operands` are the trees that stand for its operands, `name` is what its own value is called. The
    formulas hold on every piece; two that tie in a `max` share the slope, as by convention.
    """
    node = graph.nodes[place]
    op = OPS[node.op]
    given = op.with_options(node.options) if op.options or op.outputs else {}
    options = {
        key: value if key == "index" else in_full(value) for key, value in given.items()
    }
    terms = [unvalued(operand) for operand in operands]
    if op.picks and len(terms) == 2:
        return LocalForm(*[_of_two(terms[slot].tree, terms[1 - slot].tree, op.picks)] * 2)
    kernel = Symbols(_shares(graph, place), op.picks)
    named = unvalued(Name(name))
    own = named if op.outputs else unvalued(Apply(node.op, tuple(operands), node.options))
    rule = op.partial(slot)
    by_inputs = term_of(rule(kernel, own, *terms, **options)).tree
    by_output = term_of(rule(kernel, named, *terms, **options)).tree
    return LocalForm(by_inputs, by_inputs if same(by_inputs, by_output) else by_output)


def _of_two(own: Expression, other: Expression, picks: str) -> Expression:
    """Return the slope of the larger, or smaller, of two along one: 1, 0, and ½ where they tie."""
    beyond, level = ("above", "at_least") if picks == "largest" else ("below", "at_most")
    both = [unvalued(Apply(f"indicator_{word}", (own, other))) for word in (level, beyond)]
    return ((both[0] + both[1]) / 2).tree


def _shares(graph: Graph, place: int) -> dict[int, str]:
    """Return the names of the outputs of the softmax that the node belongs to, by number."""
    node = graph.nodes[place]
    if not OPS[node.op].outputs:
        return {}
    return {
        int(dict(graph.nodes[use.target].options)["index"]): graph.nodes[use.target].name
        for use in graph.uses[node.operands[0]]
        if graph.nodes[use.target].op == node.op
        and graph.nodes[use.target].operands == node.operands
        and use.target != place
    }


def branch(derivation: Derivation, place: int) -> Branch | None:
    """Return which piece of a piecewise operation is in force; None for the smooth ones."""
    node = derivation.graph_table.nodes[place]
    op = OPS.get(node.op)
    if op is None or op.branch is None:
        return None
    options = op.with_options(node.options) if op.options else {}
    return op.branch(*(derivation.numbers[i] for i in node.operands), **options)
