"""Two formulas as they come, text or trees, and the names they may use, made into trees.

Enters: what a caller of `equivalent` gives. Leaves: a `Pair` of trees, the declared names and the
definitions of nodes' names. Nothing is compared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ...errors import OptionError, quoted
from ...graph import Graph
from ...language import (
    Apply,
    Expression,
    Name,
    Number,
    Program,
    canonical_name,
    parse,
    parse_formula,
    postorder,
    written,
)
from ...language.tree import free_names
from ...ops import OPS
from ...sentences import said
from ...steps import Derivation

__all__ = ["Defining", "Names", "Pair", "definitions_of", "read_pair"]

Names = str | Iterable[str] | None

Defining: TypeAlias = str | Program | Graph | Derivation
"""What tells what names of nodes stand for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two trees, the names they may use, and what nodes' names stand for."""

    expected: Expression
    student: Expression
    names: tuple[str, ...]
    definitions: Mapping[str, Expression]


def read_pair(
    expected: str | Expression,
    student: str | Expression,
    names: Names,
    definitions: Mapping[str, str | Expression] | None,
    program: Defining | None,
) -> Pair:
    """Return two formulas as trees.

    Raises:
        ParseError: a text that is not a formula over the names.
        OptionError: what is neither text nor a tree.
    """
    meant = dict(definitions_of(program)) if program is not None else {}
    declared = _listed(names)
    closed = names is not None
    if not closed:
        declared.update(dict.fromkeys(meant))
        for tree in meant.values():
            declared.update(dict.fromkeys(free_names(tree)))
    given = {canonical_name(str(name)): value for name, value in (definitions or {}).items()}
    declared.update(dict.fromkeys(given))
    for name, value in given.items():
        meant[name] = _tree(value, declared, False)
    wanted = _tree(expected, declared, closed and not isinstance(expected, str))
    if not closed:
        declared.update(dict.fromkeys(free_names(wanted)))
    answered = _tree(student, declared, closed)
    if not closed:
        declared.update(dict.fromkeys(free_names(answered)))
    return Pair(wanted, answered, tuple(declared), meant)


def _listed(names: Names) -> dict[str, None]:
    if names is None:
        return {}
    listed = names.replace(",", " ").split() if isinstance(names, str) else list(names)
    return dict.fromkeys(canonical_name(str(name)) for name in listed)


def _tree(given: str | Expression, declared: dict[str, None], closed: bool) -> Expression:
    if isinstance(given, Number | Name | Apply):
        return given
    if not isinstance(given, str):
        raise OptionError(
            said("a formula is text or a tree, not {kind}", kind=quoted(type(given).__name__))
        )
    if closed:
        return parse_formula(given, declared)[0]
    read = parse(given, declared)
    _of_single_numbers(read)
    if len(read.assignments) == 1 and "=" not in given:
        return _first_output(read.assignments[0].expression)
    # More than a formula: refused, with the place, as an answer is.
    return parse_formula(given, [*declared, *read.inputs])[0]


def _of_single_numbers(program: Program) -> None:
    for assignment in program.assignments:
        for node in postorder(assignment.expression):
            if isinstance(node, Apply) and node.op not in OPS:
                raise OptionError(
                    said(
                        "{formula} is an operation on vectors and matrices, and a formula is of single "
                        "numbers", formula=quoted(written(node)),
                    )
                )  # fmt: skip


def _first_output(tree: Expression) -> Expression:
    """Return a formula of one value: softmax of one number has one output, its first."""
    if isinstance(tree, Apply) and OPS[tree.op].outputs and not tree.options:
        return Apply(tree.op, tree.operands, (("index", 0),), tree.span)
    return tree


def definitions_of(program: Defining) -> dict[str, Expression]:
    """Return what a program's, a graph's or a derivation's assigned names stand for.

    >>> from backprop_tutor.language import parse, written
    >>> {name: written(tree) for name, tree in definitions_of(parse("z = wx; a = σ(z)")).items()}
    {'z': 'w·x', 'a': 'σ(z)'}
    """
    graph = getattr(program, "graph_table", program)
    if hasattr(graph, "nodes") and hasattr(graph, "formula"):
        return {
            node.name: graph.formula(place)
            for place, node in enumerate(graph.nodes)
            if node.kind == "operation"
        }
    read = parse(program) if isinstance(program, str) else program
    if not isinstance(read, Program):
        raise OptionError(
            said(
                "a program, a graph or a derivation is expected, not {kind}",
                kind=quoted(type(program).__name__),
            )
        )
    found: dict[str, Expression] = {}
    for assignment in read.assignments:
        tree = assignment.expression
        if isinstance(tree, Apply) and OPS[tree.op].outputs:
            for index, target in enumerate(assignment.targets):
                found[target] = Apply(tree.op, tree.operands, (("index", index),), tree.span)
        elif not isinstance(tree, Number):
            found[assignment.targets[0]] = tree
    return found
