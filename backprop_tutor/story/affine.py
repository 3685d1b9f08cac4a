"""Layers without an activation are one: a program of matrices composed into W·x + b, in symbols.

Enters: a program such as `h = W1 x + b1; y = W2 h + b2`. Leaves: the products that multiply the input and
those that do not, or the first operation that bends. Products keep their order, as matrices must.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import OptionError, did_you_mean
from ..language import Apply, Expression, Name, Number, Program, shown_name, written
from ..language.tree import postorder
from ..ops import OPS
from ..sentences import said

__all__ = ["Affine", "Bend", "Term", "composed", "input_of", "term_text"]


@dataclass(frozen=True, kw_only=True)
class Term:
    """A number times a product of names, in order: `names` left of the input, `after` right of it."""

    factor: Fraction | float
    names: tuple[str, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Affine:
    """A value that is (the sum of `slopes`)·x + (the sum of `rest`)."""

    slopes: tuple[Term, ...] = ()
    rest: tuple[Term, ...] = ()

    @property
    def depends(self) -> bool:
        """Return whether the input occurs in it."""
        return bool(self.slopes)


@dataclass(frozen=True, kw_only=True)
class Bend:
    """Where a program is no longer affine in the input: the name, the operation, and why."""

    name: str
    op: str
    formula: str
    why: str


def input_of(program: Program, chosen: str | None = None) -> str:
    """Return the name of the input: the one that is chosen, else x, else the last factor of a product.

    Raises:
        OptionError: the chosen name is no input, or none can be told.
    """
    if chosen is not None:
        if chosen not in program.inputs:
            hint = did_you_mean(chosen, program.inputs)
            raise OptionError(
                said(
                    "--input: {name} is no input of the program; there are {names}",
                    name=chosen,
                    names=", ".join(program.inputs),
                )
                + (f" ({hint})" if hint else "")
            )
        return chosen
    found = [name for name in program.inputs if name in ("x", "X")]
    if len(found) != 1:
        raise OptionError(
            said(
                "which of {names} is the input? say so with --input",
                names=", ".join(program.inputs) or "-",
            )
        )
    return found[0]


class _BendsError(Exception):
    """An operation that is not affine in the input."""

    def __init__(self, op: str, formula: str, why: str) -> None:
        self.op, self.formula, self.why = op, formula, why


def composed(program: Program, name: str) -> dict[str, Affine] | Bend:
    """Return the assigned names as affine functions of the input, or the bend that the output depends on.

    >>> from ..language import parse
    >>> found = composed(parse("h = W1 x + b1; y = W2 h + b2"), "x")
    >>> [term.names for term in found["y"].slopes], [term.names for term in found["y"].rest]
    ([('W2', 'W1')], [('W2', 'b1'), ('b2',)])
    >>> composed(parse("h = relu(W1 x); y = W2 h"), "x").op
    'relu'
    """
    known: dict[str, Affine] = {name: Affine(slopes=(Term(factor=Fraction(1), names=()),))}
    bends: dict[str, Bend] = {}
    for assignment in program.assignments:
        target = assignment.targets[0]
        used = [n.name for n in postorder(assignment.expression) if isinstance(n, Name)]
        before = next((bends[each] for each in used if each in bends), None)
        if before is not None:
            bends[target] = before
            continue
        try:
            known[target] = _of(assignment.expression, known)
        except _BendsError as bend:
            bends[target] = Bend(name=target, op=bend.op, formula=bend.formula, why=bend.why)
    return bends.get(program.output) or known


def _of(expression: Expression, known: dict[str, Affine]) -> Affine:
    """Return an expression's affine form, its operands first: no recursion over the tree."""
    values: list[Affine] = []
    for node in postorder(expression):
        if isinstance(node, Name):
            values.append(
                known.get(node.name) or Affine(rest=(Term(factor=Fraction(1), names=(node.name,)),))
            )
        elif isinstance(node, Number):
            values.append(Affine(rest=(Term(factor=_exactly(node.value), names=()),)))
        else:
            assert isinstance(node, Apply)  # nothing else is in a tree
            count = len(node.operands)
            given = values[len(values) - count :]
            del values[len(values) - count :]
            values.append(_applied(node, given))
    return values[0]


def _exactly(value: object) -> Fraction | float:
    return value if isinstance(value, (Fraction, float)) else Fraction(str(value))


def _scaled(value: Affine, factor: Fraction | float) -> Affine:
    def all_of(terms: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple(replace(term, factor=term.factor * factor) for term in terms)

    return Affine(slopes=all_of(value.slopes), rest=all_of(value.rest))


def _sum(one: Affine, other: Affine) -> Affine:
    return Affine(slopes=one.slopes + other.slopes, rest=one.rest + other.rest)


def _times(one: Affine, other: Affine, node: Apply) -> Affine:
    if one.depends and other.depends:
        raise _BendsError(node.op, written(node), said("the input is multiplied by itself"))
    rest = [
        Term(factor=a.factor * b.factor, names=a.names + b.names)
        for a in one.rest
        for b in other.rest
    ]
    slopes = [
        replace(b, factor=a.factor * b.factor, names=a.names + b.names)
        for a in one.rest
        for b in other.slopes
    ]
    slopes += [
        replace(a, factor=a.factor * b.factor, after=a.after + b.names)
        for a in one.slopes
        for b in other.rest
    ]
    return Affine(slopes=tuple(slopes), rest=tuple(rest))


_PRODUCTS = ("multiply", "matmul", "array_matmul", "array_product")


def _applied(node: Apply, given: list[Affine]) -> Affine:
    op = node.op
    if op == "add":
        found = given[0]
        for each in given[1:]:
            found = _sum(found, each)
        return found
    if op == "subtract":
        return _sum(given[0], _scaled(given[1], Fraction(-1)))
    if op in ("negate", "negative"):
        return _scaled(given[0], Fraction(-1))
    if op in _PRODUCTS or "matmul" in op:
        found = given[0]
        for each in given[1:]:
            found = _times(found, each, node)
        return found
    if (
        op == "divide"
        and len(given[1].rest) == 1
        and not given[1].depends
        and not given[1].rest[0].names
    ):
        factor = given[1].rest[0].factor
        if factor:
            return _scaled(given[0], 1 / factor)
    if not any(each.depends for each in given):
        return Affine(rest=(Term(factor=Fraction(1), names=(f"({written(node)})",)),))
    row = OPS.get(op)
    why = (
        said("an activation bends")
        if row is not None and row.activation
        else said("it is not a sum of products with matrices")
    )
    raise _BendsError(op, written(node), why)


def term_text(terms: tuple[Term, ...]) -> str:
    """Return a sum of products as text.

    >>> term_text((Term(factor=Fraction(1), names=("W2", "b1")), Term(factor=Fraction(-1), names=("b2",))))
    'W₂·b₁ − b₂'
    """
    text = ""
    for number, term in enumerate(terms):
        size = abs(term.factor)
        names = term.names + term.after
        pieces = [shown_name(name) if not name.startswith("(") else name for name in names]
        if size != 1 or not pieces:
            pieces.insert(0, f"{size:.6g}" if isinstance(size, float) else str(size))
        sign = "−" if term.factor < 0 else "+"
        lead = ("−" if sign == "−" else "") if number == 0 else f" {sign} "
        text += lead + "·".join(pieces)
    return text or "0"
