"""What would fit in place of operands that do not, one of them turned, set upright or flat, or another
axis; and where in the text the fault lies.

Enters: a typed operation, its operands' shapes, and how a shape is found. Leaves: texts in the user's own
notation, each with the shape it would have; a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..errors import Fault, Span, caret
from ..language import PLAIN, Apply, Expression, Name, Number, canonical_name, written
from ..ops.array_rows import PLACED, PREFIX, row_of
from ..ops.sizes import Misfit, Shape, multiplied
from ..sentences import said
from .meant import MATMUL, TRANSPOSE, called, open_size

__all__ = ["as_typed", "balanced", "place_of", "repairs", "told_at", "untwisted"]

_MOST = 2
_NORMS = frozenset(PREFIX + name for name in ("batch_norm", "layer_norm"))
_FLAT = frozenset({PREFIX + name for name in ("dot", "outer", "solve")} | {"cross_entropy"} | _NORMS)
"""Operations that take vectors, for which columns and rows may have been given."""
_JOINED, _RESHAPED, _DOT = PREFIX + "concatenate", PREFIX + "reshape", PREFIX + "dot"

Found = tuple[str, Shape]


def repairs(
    tree: Apply, shapes: Sequence[Shape], text: str,
    shape_of: Callable[[Sequence[Shape], dict[str, Any]], Shape], turns: bool,
) -> tuple[Found, ...]:  # fmt: skip
    """Return what could be typed instead, with its shape; at most two, nothing where nothing fits.

    `shape_of` gives the operation's shape from its operands' and from options that replace typed ones;
    `turns` tells whether its operands may have been meant turned or upright.
    """
    if tree.span == Span(0, 0):
        return ()
    found: dict[str, Shape] = {}
    tried = _tried(tree, shapes, text, turns) if _is_typed(tree, text) else iter(())
    for formula, others, options in tried:
        try:
            found.setdefault(formula.replace("{", "{{").replace("}", "}}"), shape_of(others, options))
        except Misfit:
            continue
    if not found and tree.op in (MATMUL, _DOT):
        found |= _of_vectors(tree, shapes, text)
    return tuple(found.items())[:_MOST]


def _tried(
    tree: Apply, shapes: Sequence[Shape], text: str, turns: bool
) -> Iterator[tuple[str, list[Shape], dict[str, Any]]]:
    whole = _slice(text, tree.span)
    flat: dict[int, tuple[str, Shape]] = {}
    for slot in reversed(range(len(shapes))):
        operand, shape = tree.operands[slot], shapes[slot]
        others: list[tuple[str, Shape]] = []
        typed = _slice(text, operand.span)
        if turns and len(shape) == 2 and shape[0] != shape[1]:
            others.append((_turned(operand, typed), shape[::-1]))
        elif turns and len(shape) == 1 and shape[0] != 1 and tree.op not in _NORMS:
            n = open_size(shape[0])
            others.append((f"reshape({typed}, {n}, 1)", (shape[0], 1)))
            others.append((f"reshape({typed}, 1, {n})", (1, shape[0])))
        if tree.op in _FLAT and len(shape) == 2 and 1 in shape:
            n = multiplied(shape)
            flat[slot] = f"reshape({typed}, {open_size(n)})", (n,)
            others.insert(0, flat[slot])
        for other in others:
            tried = [*shapes[:slot], other[1], *shapes[slot + 1 :]]
            yield _replaced(tree, text, {slot: other[0]}), tried, {}
    if len(flat) > 1:
        every = [flat[slot][1] if slot in flat else shape for slot, shape in enumerate(shapes)]
        yield _replaced(tree, text, {slot: each[0] for slot, each in flat.items()}), every, {}
    options = dict(tree.options)
    if tree.op == _JOINED and "axis" not in options:
        for axis in range(1, len(shapes[0])):
            yield f"{whole[:-1]}, axis={axis})", list(shapes), {"axis": axis}
    if tree.op == _RESHAPED and all(isinstance(n, int) for n in options.get("shape", ())):
        sizes = list(map(int, options["shape"]))
        for i in reversed(range(len(sizes))):
            wanted = tuple(-1 if i == j else n for j, n in enumerate(sizes))
            operand = tree.operands[0]
            listed = ", ".join([_slice(text, operand.span), *map(str, wanted)])
            yield f"reshape({listed})", list(shapes), {"shape": wanted}


def _replaced(tree: Apply, text: str, others: Mapping[int, str]) -> str:
    """Return the operation as it was typed, with other texts for some of its operands."""
    whole = balanced(text, tree.span)
    found = text[whole.start : whole.stop]
    for slot in sorted(others, reverse=True):
        place = balanced(text, tree.operands[slot].span)
        start, stop = place.start - whole.start, place.stop - whole.start
        found = f"{found[:start]}{others[slot]}{found[stop:]}"
    return found


def balanced(text: str, span: Span) -> Span:
    """Return the place with the brackets before and behind it that its own ones belong to.

    >>> balanced("Z = (A.T)@b + c", Span(5, 11))
    Span(start=4, stop=11)
    """
    start, stop = span.start, span.stop
    depth = lowest = 0
    for sign in text[start:stop]:
        depth += (sign in "([") - (sign in ")]")
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        start = max(text.rfind("(", 0, start), text.rfind("[", 0, start))
        if start < 0:
            return span
        start -= 5 * text.endswith("\\left", 0, start)
    for _ in range(depth - lowest):
        ends = [end for end in (text.find(")", stop), text.find("]", stop)) if end >= 0]
        if not ends:
            return span
        stop = min(ends) + 1
    return Span(start, stop)


def _slice(text: str, span: Span) -> str:
    place = balanced(text, span)
    return text[place.start : place.stop]


def as_typed(tree: Expression, text: str, turned: bool = False) -> str:
    """Return an operand as it was typed, in brackets where signs stand in it.

    `turned`: it is a vector, and a sign of transposition is left out.
    """
    while turned and isinstance(tree, Apply) and tree.op == TRANSPOSE:
        tree = tree.operands[0]
    typed = _slice(text, tree.span)
    alone = isinstance(tree, Name | Number) or called(tree) == written(tree)
    stands = _is_typed(tree, text) if isinstance(tree, Apply) else _has_name(tree, text)
    if not typed or not stands or "\\" in typed:
        typed = written(tree, PLAIN)
    return typed if alone else f"({typed})"


def untwisted(misfit: Misfit, tree: Apply, text: str) -> Misfit:
    """Return the misfit with what is turned twice in what would fit as what it is upright."""
    if not misfit.fits:
        return misfit
    fits = []
    for formula, shape in misfit.fits:
        for slot, each in enumerate(tree.operands):
            if isinstance(each, Apply) and each.op == TRANSPOSE:
                inner = as_typed(each.operands[0], text).replace("{", "{{").replace("}", "}}")
                formula = formula.replace(f"{{{slot}}}.T", inner)
        fits.append((formula, shape))
    return misfit.offering(tuple(fits))


def _has_name(tree: Expression, text: str) -> bool:
    """Return whether a name stands at its place, and not the parameter that it stands for."""
    if not isinstance(tree, Name):
        return True
    typed = text[tree.span.start : tree.span.stop]
    return typed == tree.name or canonical_name(typed) in (tree.name, tree.name.replace("_", ""))


def _is_typed(tree: Apply, text: str) -> bool:
    """Return whether the operation itself stands at its place, and not a call that was written out."""
    spans = [each.span for each in tree.operands]
    if tree.span in spans or any(span.start >= span.stop for span in spans):
        return False
    if not all(_has_name(each, text) for each in tree.operands):
        return False
    if any(span.start < tree.span.start or span.stop > tree.span.stop for span in spans):
        return False  # an operand of a call, in the formula of the program's own function
    if any(a.stop > b.start for a, b in pairwise(spans)):
        return False
    if spans[0].start == tree.span.start:
        return True
    word = _WORD.match(text, tree.span.start)
    return word is not None and word[1] in {*row_of(tree.op).spelled, row_of(tree.op).called, *PLACED}


_WORD = re.compile(r"\\?([A-Za-z]\w*)")
_AXIS = re.compile(r"\b(?:axis|axes|dims?)\s*=\s*(?:\([^()]*\)|[-−+]?\w+)")


def told_at(text: str, fault: Fault) -> str:
    """Return a fault's message with its place in the text, and the caret."""
    if fault.span == Span(0, 0):
        return fault.message
    span = balanced(text, fault.span)
    line, column = span.line_and_column(text)
    place = said(
        "line {line}, column {column}: {message}", line=line, column=column, message=fault.message
    )
    return f"{place}\n{caret(text, span)}"


def place_of(misfit: Misfit, tree: Apply, text: str) -> Span:
    """Return where a misfit lies: under an operand, an axis, sizes, an index; else under the operation."""
    whole = tree.span
    infix = bool(tree.operands) and tree.operands[0].span.start == whole.start
    tail = tree.operands[-1].span.stop if tree.operands else whole.start
    if isinstance(misfit.part, int):
        return _index_place(text, Span(tail, whole.stop), misfit.part) or whole
    if misfit.part:
        found = _AXIS.search(text, tail, whole.stop)
        if found:
            return Span(found.start(), found.end())
        comma = text.find(",", tail, whole.stop)
        inner = text[comma + 1 : whole.stop - 1]
        start = comma + 1 + len(inner) - len(inner.lstrip())
        return Span(start, comma + 1 + len(inner.rstrip())) if comma >= 0 and inner.strip() else whole
    at = None if misfit.at is None or misfit.at >= len(tree.operands) else tree.operands[misfit.at]
    if at is None or at.span == Span(0, 0) or (infix and misfit.both):
        return whole
    return at.span


def _index_place(text: str, within: Span, number: int) -> Span | None:
    """Return the place of an index among those between square brackets."""
    opened, closed = text.find("[", within.start, within.stop), text.rfind("]", within.start, within.stop)
    parts = text[opened + 1 : closed].split(",")
    if opened < 0 or closed < opened or number >= len(parts):
        return None
    start = opened + 1 + sum(len(part) + 1 for part in parts[:number])
    part = parts[number]
    return Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))


def _turned(operand: Expression, typed: str) -> str:
    if isinstance(operand, Apply) and operand.op == TRANSPOSE:
        return typed.removesuffix("ᵀ") if typed.endswith("ᵀ") else typed.removesuffix(".T")
    return f"{typed}.T" if isinstance(operand, Name) else f"({typed}).T"


def _of_vectors(tree: Apply, shapes: Sequence[Shape], text: str) -> dict[str, Shape]:
    """Return what two operands of a scalar product could be instead: all pairs, a matrix and a vector."""
    first, second = shapes
    one, other = (
        as_typed(each, text, len(shape) < 2).replace("{", "{{").replace("}", "}}")
        for each, shape in zip(tree.operands, shapes, strict=True)
    )
    if len(first) == len(second) == 1:
        return {f"outer({one}, {other})": (*first, *second)}
    if len(first) == 2 and len(second) < 3 and first[-1:] == second[:1]:
        return {f"{one} @ {other}": (*first[:-1], *second[1:])}
    return {}
