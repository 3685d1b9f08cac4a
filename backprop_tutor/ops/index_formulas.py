"""Formulas over indices, `out[i,j] = Σ k a[i,k]·b[k,j]`: what a tensor operation is, entry by entry.

A record says its value so; the battery evaluates it by plain loops, and whoever writes one entry in full
walks the same tree. The grammar, loosest first:

    formula  name[index, ...] = sum            name = sum
    sum      product (+|− product)...
    product  power (·|/|//|% power)...
    power    atom (^ power)
    atom     number | name | name[sum, ...] | f(sum, ...) | (sum) | −power
             | Σ i product | Π i product | max i product | min i product    over the axis that i runs along
             | Σ i≤j product | Σ i<3 product                                  up to a bound
             | where(sum =|<|≤ sum, sum, sum)

A sum over an index reaches as far as the product it stands before.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Formula", "Part", "formula_of", "letters", "pieces", "value_at"]

_TOKENS = re.compile(r"\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|//|[Σ∏Π+\-−·*/%^()\[\],=<≤])")
_OVER: dict[str, Callable[[Any], Any]] = {"Σ": math.fsum, "Π": math.prod, "max": max, "min": min}
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "abs": abs, "log1p": math.log1p,
    "sign": lambda x: (x > 0) - (x < 0),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a formula: its kind, its word (a name, a sign, a bound index), and its own pieces.

    Kinds are "number", "name", "entry" (`a[i,k]`), "call", "sign", "minus", "where" and "over"; of the
    last the first piece is what stands behind, and the second, if there is one, the bound.
    """

    kind: str
    word: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """An entry of the value, and what it is."""

    target: Part
    body: Part


def letters(rank: int, start: str = "i") -> list[str]:
    """Return names of indices, one an axis: i, j, k, ...

    >>> letters(3)
    ['i', 'j', 'k']
    """
    return [chr(ord(start) + n) for n in range(rank)]


class _Reader:
    """Reads one formula, token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKENS.match(text, place)
            if found is None:
                raise ValueError(f"no formula over indices: {text!r} at {place}")
            self.tokens.append(found[1])
            place = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        found = self.peek()
        if not found or (wanted and found not in wanted):
            raise ValueError(f"{self.text!r}: expected {' or '.join(wanted) or 'a value'}, not {found!r}")
        self.at += 1
        return found

    def chain(self, signs: tuple[str, ...], below: Callable[[], Part]) -> Part:
        found = below()
        while self.peek() in signs:
            found = Part("sign", self.take(), (found, below()))
        return found

    def sum(self) -> Part:
        return self.chain(("+", "-", "−"), self.product)

    def product(self) -> Part:
        return self.chain(("·", "*", "/", "//", "%"), self.power)

    def power(self) -> Part:
        found = self.atom()
        return Part("sign", self.take(), (found, self.power())) if self.peek() == "^" else found

    def listed(self, end: str) -> tuple[Part, ...]:
        found = [self.sum()]
        while self.peek() == ",":
            self.take()
            found.append(self.sum())
        self.take(end)
        return tuple(found)

    def over(self) -> Part:
        word, index = self.take(), self.take()
        bound: tuple[Part, ...] = ()
        if self.peek() in ("≤", "<"):
            sign = self.take()
            bound = (Part("sign", sign, (self.power(),)),)
        return Part("over", f"{word} {index}", (self.product(), *bound))

    def where(self) -> Part:
        left = self.sum()
        sign = self.take("=", "<", "≤")
        right = self.sum()
        self.take(",")
        return Part("where", sign, (left, right, *self.listed(")")))

    def atom(self) -> Part:
        word = self.peek()
        if word in ("Σ", "Π") or (word in ("max", "min") and self.tokens[self.at + 1] != "("):
            return self.over()
        self.take()
        if word in ("-", "−"):
            return Part("minus", "−", (self.power(),))
        if word == "(":
            found = self.sum()
            self.take(")")
            return found
        if word[0].isdigit():
            return Part("number", word)
        if self.peek() == "(":
            self.take()
            return self.where() if word == "where" else Part("call", word, self.listed(")"))
        if self.peek() == "[":
            self.take()
            return Part("entry", word, self.listed("]"))
        return Part("name", word)


def formula_of(text: str) -> Formula:
    """Return a formula over indices as a tree.

    >>> formula_of("out[i] = Σ k a[i,k]").body.word
    'Σ k'

    Raises:
        ValueError: a text outside the grammar.
    """
    reader = _Reader(text)
    target = reader.atom()
    reader.take("=")
    body = reader.sum()
    if reader.peek():
        raise ValueError(f"{text!r}: {reader.peek()!r} is too much")
    return Formula(target, body)


def pieces(part: Part) -> Iterator[Part]:
    """Yield a part and all parts within it.

    >>> sorted(each.word for each in pieces(formula_of("out = a + 2").body))
    ['+', '2', 'a']
    """
    stack = [part]
    while stack:
        piece = stack.pop()
        yield piece
        stack.extend(piece.parts)


def _length(index: str, body: Part, arrays: Mapping[str, Any]) -> int:
    """Return how far an index runs: the size of an axis where it stands alone."""
    for piece in pieces(body):
        if piece.kind == "entry":
            for axis, part in enumerate(piece.parts):
                if part == Part("name", index):
                    return int(arrays[piece.word].shape[axis])
    raise ValueError(f"nothing says how far {index} runs")


def value_at(formula: Formula, arrays: Mapping[str, Any], at: tuple[int, ...]) -> float:
    """Return one entry of the value, by plain loops over the operands' entries.

    >>> import numpy as np
    >>> a, b = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    >>> value_at(formula_of("out[i,j] = Σ k a[i,k]·b[k,j]"), {"a": a, "b": b}, (0, 0))
    11.0
    """
    bound = {
        part.word: place for part, place in zip(formula.target.parts, at, strict=True)
        if part.kind == "name"
    }
    return float(_value(formula.body, arrays, bound))


def _value(part: Part, arrays: Mapping[str, Any], bound: dict[str, int]) -> Any:
    if part.kind == "number":
        return float(part.word) if "." in part.word else int(part.word)
    if part.kind == "name":
        return bound[part.word] if part.word in bound else arrays[part.word].item()
    if part.kind == "entry":
        return arrays[part.word][tuple(int(_value(p, arrays, bound)) for p in part.parts)].item()
    if part.kind == "over":
        return _over(part, arrays, bound)
    if part.kind == "where":
        left, right = (_value(p, arrays, bound) for p in part.parts[:2])
        holds = {"=": left == right, "<": left < right, "≤": left <= right}[part.word]
        return _value(part.parts[2 if holds else 3], arrays, bound)
    values = [_value(p, arrays, bound) for p in part.parts]
    if part.kind == "call":
        return _FUNCTIONS[part.word](values[0])
    if part.kind == "minus":
        return -values[0]
    return _SIGNS[part.word](*values)


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "−": lambda a, b: a - b,
    "·": lambda a, b: a * b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "^": lambda a, b: a**b,
}


def _over(part: Part, arrays: Mapping[str, Any], bound: dict[str, int]) -> Any:
    word, index = part.word.split()
    if len(part.parts) == 2:
        limit = part.parts[1]
        length = int(_value(limit.parts[0], arrays, bound)) + (limit.word == "≤")
    else:
        length = _length(index, part.parts[0], arrays)
    return _OVER[word]([_value(part.parts[0], arrays, {**bound, index: n}) for n in range(length)])
