"""The right formulas of gradients over matrices, as they may be typed: `X.T @ dL/dZ`.

Enters: a derivation over arrays and a quantity. Leaves: a text that marking finds right; it is marked
before it is handed out. Gradients are written by those of named arrays above them.
"""

from __future__ import annotations

import re
from itertools import product

from ..errors import OptionError
from ..homework import mark
from ..homework.problems.problem_set import Cell
from ..language import PLAIN, Apply, Expression, Name, shown_name, written
from ..matrices.array_derivation import ArrayDerivation
from ..matrices.array_graph import record_of
from ..matrices.rules import rule_formula
from ..sentences import said

__all__ = ["array_formula"]

_ONE_GRADIENT = re.compile(r"d\w+/d\w+")
_MOST_TRIED = 64
_TYPED = str.maketrans({"−": "-", "⊙": "*", "ᵀ": "", "·": "@", "×": "*"})
_ROWS = re.compile(r"Σ over the rows of (.+)")
_WHERE = re.compile(r"\[([^\[\]]*[<>][^\[\]]*)\]")
_ALL = re.compile(r"Σ over all entries of (.+)")


def array_formula(derivation: ArrayDerivation, cell: Cell) -> str:
    """Return a formula of a cell.

    Raises:
        OptionError: none of those that can be put together is right: its number may be asked for.
    """
    place, kind = cell.quantity.node, cell.quantity.kind
    if not cell.quantity.part and kind in ("gradient", "value"):
        texts = _gradients(derivation, place) if kind == "gradient" else _values(derivation, place)
        for text in texts:
            if mark(derivation, {cell.text: text}).cells[cell.text].status == "correct":
                return text
    raise OptionError(
        said("no formula of {given} can be written for the key: ask for its number", given=cell.text)
    )


def _values(derivation: ArrayDerivation, place: int) -> list[str]:
    graph = derivation.graph_table
    tree = dict(graph.reading()).get(graph.nodes[place].name)
    if tree is None:
        return []
    text = written(tree, PLAIN)
    return [text, text.replace("·", "@"), text.replace("·", "*")]


def _gradients(derivation: ArrayDerivation, place: int) -> list[str]:
    """Return candidates: each use's rule, its products read as of matrices or entry by entry."""
    graph = derivation.graph_table
    uses = [use for use in graph.uses[place] if (place, use.target, use.slot) in derivation.contributions]
    parts = [
        _typed(_told(derivation, rule_formula(graph, u.target, u.slot, _above(derivation, u.target))))
        for u in uses
    ]
    if not parts:
        return ["1"]
    return [" + ".join(chosen) for chosen in product(*parts)][:_MOST_TRIED]


def _above(derivation: ArrayDerivation, place: int) -> str:
    """Return an operation's gradient: by its name, or worked out where it has none."""
    graph = derivation.graph_table
    if place == graph.output:
        return "1"
    if graph.nodes[place].named:
        return f"d{derivation.output}/d{graph.nodes[place].name}"
    inner = _gradients(derivation, place)
    return inner[0] if _ONE_GRADIENT.fullmatch(inner[0]) else f"({inner[0]})"


def _told(derivation: ArrayDerivation, rule: str) -> str:
    """Return a rule in which what has no name is written out."""
    graph = derivation.graph_table
    for place in reversed(range(len(graph.nodes))):
        node = graph.nodes[place]
        if node.kind == "operation" and not node.named:
            name = rf"\b{re.escape(shown_name(node.name))}(?!\w)"
            if re.search(name, rule):
                text = written(_expression(derivation, place), PLAIN)
                rule = f"({text})".join(re.split(name, rule))
    return rule


def _expression(derivation: ArrayDerivation, place: int) -> Expression:
    """Return a nameless operation over names; what is repeated for it as it is."""
    graph = derivation.graph_table
    node = graph.nodes[place]
    record = record_of(node) if node.kind == "operation" else None
    if record is not None and record.name == "expand":
        return graph.term(node.operands[0])
    tree = graph.formula(place)
    if not isinstance(tree, Apply):
        return tree
    operands = tuple(
        _expression(derivation, graph.index[each.name])
        if isinstance(each, Name) and not graph.nodes[graph.index[each.name]].named
        and graph.nodes[graph.index[each.name]].kind == "operation" else each
        for each in tree.operands
    )  # fmt: skip
    return Apply(tree.op, operands, tree.options)


def _typed(rule: str) -> list[str]:
    """Return a rule as it may be typed, each dot as one product and as the other."""
    text = re.sub(r"(\w+|\))ᵀ", r"\1.T", rule)
    text = _ROWS.sub(r"sum(\1, axis=0)", text)
    text = _WHERE.sub(r"where(\1, 1, 0)", text)
    text = _ALL.sub(r"sum(\1)", text)
    return list(dict.fromkeys((text.translate(_TYPED), text.replace("·", "*").translate(_TYPED))))
