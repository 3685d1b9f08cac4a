"""Gradients in indices, `∂L/∂b[i,j] = Σ n a[n,i]·g[n,j]`, differentiated from the formula of the value.

Enters: a record and its operands' shapes. Leaves: the gradient of one operand as a formula over indices
(`index_formulas`), in which `g` is the gradient of the value and `out` the value. A record says it itself
(`index_gradients`) where the derivative would be true and hard to read, as that of softmax.

Each place where the operand stands in the value's formula gives a term: what it is multiplied with there,
times g, summed over every index that the operand's entry does not fix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .index_formulas import Formula, Part, formula_of, letters, pieces
from .named_sizes import INDEX
from .tensor_record import TensorOperation

__all__ = ["gradient_in_indices"]

_ROWS = "n"
"""The index of a sum over the first axis of a matrix: over the rows of a batch."""
_SUMS = "klmpstuv"
_ONE = Part("number", "1")


class _Unknown(Exception):
    """A formula whose derivative is not one of this grammar that reads well."""


@dataclass(frozen=True, slots=True)
class _Term:
    """One place of an operand: what it is multiplied with, the sums around it, and its own indices.

    `front` tells that it is a left factor, so that g takes its place there: `g[i,k]·b[j,k]`.
    """

    factor: Part | None
    place: tuple[Part, ...]
    over: tuple[str, ...] = ()
    minus: bool = False
    front: bool = False

    def times(self, other: Part, behind: bool = True) -> _Term:
        if self.factor is None:
            return replace(self, factor=other)
        if self.factor.word == "/" and self.factor.parts[0] == _ONE:
            return replace(self, factor=Part("sign", "/", (other, self.factor.parts[1])))
        pair = (self.factor, other) if behind else (other, self.factor)
        return replace(self, factor=Part("sign", "·", pair))

    def divided(self, other: Part) -> _Term:
        return replace(self, factor=Part("sign", "/", (self.factor or _ONE, other)))


def gradient_in_indices(
    op: TensorOperation, slot: int, shapes: Sequence[Any], options: Mapping[str, Any]
) -> Formula | None:
    """Return the gradient of an operand entry by entry; None where no formula of the grammar says it well.

    >>> from backprop_tutor.ops.tensors import TENSOR_OPS
    >>> found = gradient_in_indices(TENSOR_OPS["matmul"], 1, [(4, 3), (3, 2)], {})
    >>> [part.word for part in found.target.parts], found.body.word
    (['i', 'j'], 'Σ n')
    """
    if op.gradient(slot) is None or shapes[slot] is None:
        return None
    told = op.index_gradients[slot] if slot < len(op.index_gradients) else None
    if told is not None:
        text = told(*shapes, **options)
        return _lettered(formula_of(text)) if text else None
    if op.indices is None or op.many:
        return None
    value = formula_of(op.indices(*shapes, **options))
    try:
        whole: Any = op.shape(*shapes, **options)
        return _lettered(_derived(value, op.named(slot), shapes[slot], whole))
    except _Unknown:
        return None


def _derived(
    value: Formula, operand: str, shape: tuple[int, ...], whole: tuple[int, ...]
) -> Formula:
    target = value.target.parts
    free = [part.word for part in target if part.kind == "name"]
    rows = free[0] if len(target) > 1 and target[0].kind == "name" else ""
    terms = _terms(value.body, operand)
    if not terms:
        raise _Unknown
    upstream = Part("entry", "g", target) if target else Part("name", "g")
    own = [f"own{n}" for n in range(len(shape))]
    body: Part | None = None
    alone = [part.word if n == 1 else "" for part, n in zip(target, whole, strict=True)]
    alone = [""] * (len(shape) - len(alone)) + alone[max(0, len(alone) - len(shape)):]
    for term in terms:
        place = tuple(
            Part("name", index) if index and part.kind == "number" and part.word == "0" else part
            for part, index in zip(term.place, alone, strict=True)
        )  # an axis of size 1 that stays one is no sum
        term = replace(term, place=place)
        one = _solved(term, free, rows, own, shape, upstream)
        if term.minus:
            one = Part("minus", "−", (one,)) if body is None else one
        if body is not None:
            one = Part("sign", "−" if term.minus else "+", (body, one))
        body = one
    assert body is not None  # there was a term
    names = tuple(Part("name", name) for name in own)
    return Formula(Part("entry", "grad", names) if names else Part("name", "grad"), body)


def _solved(
    term: _Term, free: list[str], rows: str, own: list[str], shape: tuple[int, ...], upstream: Part
) -> Part:
    """Return a term summed over what its place leaves open; `own` are the indices asked about."""
    open_ = [*free, *term.over]
    known: dict[str, str] = {}
    for part, name, size in zip(term.place, own, shape, strict=True):
        if part.kind == "name" and part.word in open_ and part.word not in known:
            known[part.word] = name
        elif size != 1:
            raise _Unknown  # a place that only some entries have
    product = term.times(upstream, behind=bool(upstream.parts) and not term.front).factor
    assert product is not None  # g at least
    found = _substituted(product, known)
    for index in reversed([index for index in open_ if index not in known]):
        marked = f"row{index}" if index == rows else index
        found = Part("over", f"Σ {marked}", (_substituted(found, {index: marked}),))
    return found


def _terms(part: Part, operand: str) -> list[_Term]:
    """Return a term for each place of an operand in a formula.

    Raises:
        _Unknown: the operand stands where no simple rule differentiates.
    """
    if not _has(part, operand):
        return []
    if part.kind in ("entry", "name"):
        if any(_has(each, operand) for each in part.parts) or part.word != operand:
            raise _Unknown
        return [_Term(None, part.parts)]
    if part.kind == "minus":
        return [replace(term, minus=not term.minus) for term in _terms(part.parts[0], operand)]
    if part.kind == "over":
        word, index = part.word.split()
        if word != "Σ" or len(part.parts) > 1:
            raise _Unknown
        fresh = f"{index}of"
        inner = _substituted(part.parts[0], {index: fresh})
        return [replace(term, over=(fresh, *term.over)) for term in _terms(inner, operand)]
    if part.kind == "call":
        return [_SLOPES[part.word](term, part) for term in _terms(part.parts[0], operand)]
    if part.kind != "sign":
        raise _Unknown
    return _of_sign(part, operand)


def _of_sign(part: Part, operand: str) -> list[_Term]:
    left, right = part.parts
    first, second = _terms(left, operand), _terms(right, operand)
    if part.word in ("+", "−", "-"):
        turned = part.word != "+"
        return [*first, *(replace(term, minus=term.minus ^ turned) for term in second)]
    if part.word in ("·", "*"):
        lefts = (replace(term.times(right), front=True) for term in first)
        return [*lefts, *(term.times(left, behind=False) for term in second)]
    if part.word == "/" and not second:
        return [term.divided(right) for term in first]
    if part.word == "^" and not second and right.kind == "number" and right.word.isdigit():
        power = Part("sign", "^", (left, Part("number", str(int(right.word) - 1))))
        base = left if right.word == "2" else power
        slope = Part("sign", "·", (right, base))
        return [term.times(slope, behind=False) for term in first]
    raise _Unknown


_SLOPES: dict[str, Any] = {
    "exp": lambda term, part: term.times(part, behind=False),
    "ln": lambda term, part: term.divided(part.parts[0]),
    "sqrt": lambda term, part: term.divided(Part("sign", "·", (Part("number", "2"), part))),
    "abs": lambda term, part: term.times(Part("call", "sign", part.parts), behind=False),
    "log1p": lambda term, part: term.divided(
        Part("sign", "+", (_ONE, part.parts[0]))),
}
"""The slope of each function, times what stands before it."""


def _has(part: Part, operand: str) -> bool:
    return (part.kind in ("entry", "name") and part.word == operand) or any(
        _has(each, operand) for each in part.parts
    )


def _substituted(part: Part, names: Mapping[str, str]) -> Part:
    """Return a formula with free indices under other names."""
    if part.kind == "name":
        return Part("name", names.get(part.word, part.word))
    if part.kind == "over":
        index = part.word.split()[1]
        names = {old: new for old, new in names.items() if old != index}
    return Part(part.kind, part.word, tuple(_substituted(each, names) for each in part.parts))


def _lettered(formula: Formula) -> Formula:
    """Return a formula with i, j, k for the entry asked about; sums run over n for rows, else k, l, …."""
    own = [part.word for part in formula.target.parts]
    known = dict(zip(own, letters(len(own)), strict=True))
    target = Part(
        formula.target.kind, formula.target.word, tuple(Part("name", n) for n in known.values())
    )
    sizes = frozenset(
        part.word.removeprefix(INDEX) for part in pieces(formula.body) if part.word.startswith(INDEX)
    )
    return Formula(target, _renamed(formula.body, known, sizes))


def _renamed(part: Part, known: Mapping[str, str], sizes: frozenset[str]) -> Part:
    if part.kind == "name":
        return Part("name", known.get(part.word, part.word))
    if part.kind == "over":
        word, index = part.word.split()
        taken = {*known.values(), *sizes}
        wanted = (_ROWS + _SUMS) if index.startswith("row") else _SUMS + _ROWS
        letter = next(each for each in wanted if each not in taken)
        inner = {**known, index: letter}
        parts = tuple(_renamed(each, inner, sizes) for each in part.parts)
        return Part("over", f"{word} {letter}", parts)
    return Part(part.kind, part.word, tuple(_renamed(each, known, sizes) for each in part.parts))
