"""Programs from SymPy: an expression, an equation, or several equations, one operation at a time.

SymPy is never imported here: whoever has an expression has it already, and its classes say by their
names what they are. A tree is walked without recursion.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import Any

from ..errors import UnknownNameError, did_you_mean, quoted
from ..sentences import said
from .latex_names import canonical_name
from .program import Program
from .refusals import TraceError
from .symbolic import Symbolic, functions
from .tape import Tape
from .tree import Name, Number
from .write import PLAIN, written_assignments

__all__ = ["is_sympy", "sympy_program"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_SPELLED = {"Abs": "abs", "Max": "max", "Min": "min", "log": "ln"}
"""SymPy's classes whose names are not those of the language."""


def is_sympy(given: object) -> bool:
    """Return whether something is an expression or an equation of SymPy's, or a list of them."""
    if isinstance(given, list | tuple):
        return bool(given) and all(map(is_sympy, given))
    return any(base.__module__ == "sympy.core.basic" for base in type(given).__mro__)


def sympy_program(given: Any) -> Program:
    """Return the program of an expression, of `Eq(name, expression)`, or of a list of such equations.

    SymPy keeps no order of sums and products; its own is taken. An expression is called `f`, or `y`
    where a symbol has that name.

    Raises:
        TraceError: a symbol or a function that the language does not have.

    >>> import sympy
    >>> q, x, y = sympy.symbols("q x y")
    >>> print(sympy_program([sympy.Eq(q, x - y/2), sympy.Eq(sympy.Symbol("L"), q**2)]).reading)
    q = x − y/2
    L = q²
    """
    tape = Tape()
    known: dict[str, Symbolic] = {}
    results = []
    for target, expression in _equations(given):
        made = _operand(expression, tape, known)
        results.append((target, made.output))
        known[target] = made
    inputs = {name for name in known if name not in dict(results)}
    if len(results) == 1 and not results[0][0]:
        results = [(next(n for n in ("f", "y", "out") if n not in inputs), results[0][1])]
    assignments = tape.assignments(results, inputs)
    program = Program(assignments)
    return replace(program, text=written_assignments(program.assignments, PLAIN))


def _equations(given: Any) -> Iterator[tuple[str, Any]]:
    listed = list(given) if isinstance(given, list | tuple) else [given]
    for each in listed:
        if type(each).__name__ == "Equality":
            yield _name(each.lhs), each.rhs
        elif len(listed) == 1:
            yield "", each
        else:
            raise TraceError(
                said("{given} has no name; several formulas are equations", given=quoted(str(each)))
            )


def _name(symbol: Any) -> str:
    name = canonical_name(str(symbol)) if getattr(symbol, "is_Symbol", False) else ""
    if not _NAME.match(name):
        raise TraceError(
            said(
                "{symbol} is not a name of the language: a letter, then letters, digits and `_`",
                symbol=quoted(str(symbol)),
            )
        )
    return name


def _operand(expression: Any, tape: Tape, known: dict[str, Symbolic]) -> Symbolic:
    """Return the operand of an expression, its operations written into the tape."""
    made: list[Symbolic] = []
    stack: list[tuple[Any, bool]] = [(expression, False)]
    while stack:
        node, ready = stack.pop()
        if not node.args or (node.is_number and node.is_Rational):
            made.append(_leaf(node, tape, known))
        elif not ready:
            stack.append((node, True))
            stack.extend((each, False) for each in reversed(_parts(node)))
        else:
            count = len(_parts(node))
            operands = made[len(made) - count :]
            del made[len(made) - count :]
            made.append(_applied(node, operands, tape))
    return made.pop()


def _leaf(node: Any, tape: Tape, known: dict[str, Symbolic]) -> Symbolic:
    if node.is_Symbol:
        name = _name(node)
        if name not in known:
            known[name] = Symbolic(tape, tape.leaf(Name(name)))
        return known[name]
    if node.is_Rational:
        return Symbolic.of(tape, Fraction(int(node.p), int(node.q)))
    if node.is_Float:
        return Symbolic.of(tape, float(node))
    constants = {"Pi": Number(math.pi, "π"), "Exp1": Number(math.e, "e")}
    constant = constants.get(type(node).__name__)
    if constant is None:
        raise TraceError(said("{node} is no real number", node=quoted(str(node))))
    return Symbolic(tape, tape.leaf(constant))


def _parts(node: Any) -> list[Any]:
    """Return the operands that are worked out before the node itself."""
    if node.is_Add:
        return [term if keep else -term for term, keep in _terms(node)]
    if node.is_Mul:
        above, below = _factors(node)
        return [*above, *below]
    if node.is_Pow and _root(node):
        return [node.base]
    return list(node.args)


def _terms(node: Any) -> list[tuple[Any, bool]]:
    """Return the terms of a sum, the first as it is, and whether each is added, not subtracted."""
    first, *rest = sorted(node.as_ordered_terms(), key=_has_minus)
    return [(first, True), *((term, not _has_minus(term)) for term in rest)]


def _has_minus(term: Any) -> bool:
    return bool(term.could_extract_minus_sign())


def _factors(node: Any) -> tuple[list[Any], list[Any]]:
    """Return what stands above and below the bar of a product; a sign stands before."""
    above: list[Any] = []
    below: list[Any] = []
    for factor in node.as_ordered_factors():
        if factor.is_Pow and factor.exp.is_Number and factor.exp.is_negative:
            below.append(1 / factor)
        elif factor.is_Rational and factor.q != 1:
            above += [factor * factor.q] if abs(factor.p) != 1 else []
            below.append(factor.p / factor)
        elif factor.is_Integer and abs(factor.p) == 1:
            continue
        else:
            above.append(factor)
    return above, below


def _root(node: Any) -> str:
    """Return "sqrt" for a square root, "1/" for a reciprocal, else nothing."""
    if node.exp.is_Rational and (node.exp.p, node.exp.q) == (1, 2):
        return "sqrt"
    return "1/" if node.exp.is_Integer and node.exp.p == -1 else ""


def _applied(node: Any, operands: list[Symbolic], tape: Tape) -> Symbolic:
    if node.is_Add:
        total = operands[0]
        for operand, (_, keep) in zip(operands[1:], _terms(node)[1:], strict=True):
            total = total + operand if keep else total - operand
        return total
    if node.is_Mul:
        above, _ = _factors(node)
        top = _product(operands[: len(above)], tape)
        under = operands[len(above) :]
        whole = top / _product(under, tape) if under else top
        return -whole if node.as_coeff_Mul()[0].is_negative and not _shown_sign(above) else whole
    if node.is_Pow:
        root = _root(node)
        if root == "sqrt":
            return functions()["sqrt"](operands[0])  # type: ignore[no-any-return]
        return 1 / operands[0] if root else operands[0] ** operands[1]
    name = type(node).__name__
    found = functions().get(_SPELLED.get(name, name))
    if found is None:
        hint = did_you_mean(name, functions()) or said("write it out in functions that there are")
        raise UnknownNameError(
            said("there is no function {name}; {hint}", name=quoted(name), hint=hint)
        )
    return found(*operands)  # type: ignore[no-any-return]


def _shown_sign(above: Iterable[Any]) -> bool:
    return any(factor.is_Number and factor.is_negative for factor in above)


def _product(operands: list[Symbolic], tape: Tape) -> Symbolic:
    if not operands:
        return Symbolic.of(tape, 1)
    return reduce(lambda a, b: a * b, operands)
