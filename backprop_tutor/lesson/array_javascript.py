"""The rules of operations over arrays as JavaScript: the tables' rules run on arrays of terms.

Enters: an `ArrayGraph` and its values. Leaves: for each operation a pair of JavaScript functions (value,
ways back) over flat arrays, or nothing where a program is too large or has a word that the page does not
know. The rule shown, derived and marked in Python is the rule that the page evaluates; none is written a
second time. A term is a piece of program text; a long one becomes a `const` of its function, each once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np

from ..graph import Node
from ..matrices.array_graph import ArrayGraph, is_target, record_of
from ..matrices.array_pass import value_of, way_back
from ..ops import OPS
from ..ops.array_kernel import RAW
from ..ops.sizes import axes_of, kept
from .javascript import WORDS, literal

__all__ = ["ArrayRules", "array_rules"]

ArrayRules = tuple[str, tuple[int, ...]]
"""The text of a JavaScript array of rules, and for each node the number of its rule, -1 for leaves."""

_MOST_TERMS = 40_000
"""A program of more terms is not written: its page would take megabytes."""

_MOST_ENTRIES = 4_000
"""So many entries an operation's operands have at most."""

_INLINE = 26
"""A longer term becomes a `const`."""

_AS_ARRAYS = frozenset({
    "shape", "swap", "permute", "reshape", "expand", "fit", "index", "take_along", "concatenate", "stack",
    "flip", "roll", "zeros", "zeros_like", "put_along", "kind", "rows_sum", "sum", "einsum", "cumsum",
    "cumprod", "product", "matmul",
})
"""What arrays of terms do as arrays of numbers do."""


class _Unwritten(Exception):
    """An operation that cannot be written for the page, or too much of it."""


@dataclass(slots=True)
class _Book:
    """The constants of one function: each long text once, under a name."""

    names: dict[str, str] = field(default_factory=dict)
    budget: list[int] = field(default_factory=lambda: [_MOST_TERMS])

    def term(self, text: str) -> _Term:
        self.budget[0] -= 1
        if self.budget[0] < 0:
            raise _Unwritten
        if len(text) > _INLINE:
            text = self.names.setdefault(text, f"t{len(self.names)}")
        return _Term(text, self)

    def written(self, array: Any) -> str:
        """Return a function's body that returns the array, flat."""
        entries = ",".join(_text(each) for each in np.asarray(array, object).reshape(-1))
        consts = "".join(f"const {name}={text};" for text, name in self.names.items())
        return f"{{{consts}return [{entries}];}}"


class _Term:
    """A number or a condition as program text."""

    __slots__ = ("book", "text")

    def __init__(self, text: str, book: _Book) -> None:
        self.text, self.book = text, book

    def _with(self, sign: str, a: Any, b: Any) -> Any:
        return self.book.term(f"({_text(a)}{sign}{_text(b)})")

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy goes entry by entry
        return self if _is(other, 0) else self._with("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return self if _is(other, 0) else self._with("+", other, self)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self if _is(other, 0) else self._with("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with("-", other, self)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self if _is(other, 1) else 0 if _is(other, 0) else self._with("*", self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self if _is(other, 1) else self._with("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with("/", other, self)

    def __pow__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self.book.term(f"K.power({self.text},{_text(other)})")

    def __neg__(self) -> Any:
        return self.book.term(f"(-{self.text})")


def _is(value: Any, number: int) -> bool:
    return not isinstance(value, _Term) and bool(value == number)


def _text(value: Any) -> str:
    if isinstance(value, _Term):
        return value.text
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (np.integer, np.floating)):
        value = value.item()
    if not isinstance(value, (int, float)) or value != value or value in (np.inf, -np.inf):
        raise _Unwritten
    return literal(value)


def _lines(a: Any, dims: Any) -> tuple[Any, tuple[int, ...]]:
    """Return an array with the reduced axes as its last one, and which axes these are."""
    gone = axes_of(dims, a.ndim)
    stay = [i for i in range(a.ndim) if i not in gone]
    return a.transpose([*stay, *gone]).reshape(*(a.shape[i] for i in stay), -1), gone


class _TermArrays:
    """The kernel of object arrays of terms; everything that computes writes into one book."""

    one = 1
    pi, ln2, ln10, sqrt2, sqrt_pi = np.pi, np.log(2), np.log(10), np.sqrt(2), np.sqrt(np.pi)

    def __init__(self, book: _Book) -> None:
        self.book = book

    def __getattr__(self, name: str) -> Any:
        if name in _AS_ARRAYS:
            plain = getattr(RAW, name)
            return lambda *given, **options: _objects(plain(*map(_objects, given), **options))
        if name not in WORDS:
            raise _Unwritten
        return lambda *given: self._entrywise(
            lambda *each: self.book.term(f"K.{name}({','.join(map(_text, each))})"), given
        )

    def _entrywise(self, function: Any, given: Sequence[Any]) -> Any:
        arrays = [np.asarray(_objects(each), object) for each in given]
        return _objects(np.frompyfunc(function, len(arrays), 1)(*arrays))

    def _compare(self, sign: str, a: Any, b: Any) -> Any:
        return self._entrywise(lambda x, y: self.book.term(f"({_text(x)}{sign}{_text(y)})"), (a, b))

    def greater(self, a: Any, b: Any) -> Any:
        """Return where a > b."""
        return self._compare(">", a, b)

    def less(self, a: Any, b: Any) -> Any:
        """Return where a < b."""
        return self._compare("<", a, b)

    def equal(self, a: Any, b: Any) -> Any:
        """Return where a = b."""
        return self._compare("===", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b."""
        return self._entrywise(
            lambda c, x, y: self.book.term(f"({_text(c)}?{_text(x)}:{_text(y)})"), (condition, a, b)
        )

    guard = where

    def _reduced(self, word: str, a: Any, dims: Any, keep: bool) -> Any:
        a = np.asarray(_objects(a), object)
        lines, gone = _lines(a, dims)
        found = np.empty(lines.shape[:-1], object)
        for place in np.ndindex(*found.shape):
            found[place] = reduce(
                lambda x, y: self.book.term(f"K.{word}({_text(x)},{_text(y)})"), lines[place]
            )
        return _objects(found.reshape(kept(a.shape, gone)) if keep else found)

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the largest over some axes."""
        return self._reduced("maximum", a, dims, keep)

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the smallest over some axes."""
        return self._reduced("minimum", a, dims, keep)

    def offset(self, a: Any, dims: Any) -> Any:
        """Return what is taken off exponents so that none overflows: the largest, kept in place."""
        return self._reduced("maximum", a, dims, True)

    def finite(self, a: Any) -> Any:
        """Return the array with 0 in place of infinities."""
        return self._entrywise(
            lambda x: self.book.term(f"(Number.isFinite({_text(x)})?{_text(x)}:0)"), (a,)
        )

    def cast(self, a: Any, kind: Any) -> Any:
        """Return the array; a condition as 1 where it holds, else 0."""
        if np.asarray(a).dtype.kind in "biu":
            return np.asarray(a).astype(int).astype(object)
        return self._entrywise(lambda x: self.book.term(f"(+{_text(x)})"), (a,))

    def put(self, g: Any, key: Any, shape: tuple[int, ...], plain: bool) -> Any:
        """Return zeros of a shape with g added at a key."""
        g = np.asarray(_objects(g), object)
        if g.ndim or not plain:
            return RAW.put(g, key, shape, plain)
        found = np.zeros(shape, object)
        found[key] = g.item()  # an array without axes would be put in as an object
        return found

    def one_hot(self, labels: Any, classes: int, like: Any) -> Any:
        """Return a 1 at each label's place along a new last axis."""
        return np.equal(labels[..., None], np.arange(classes)).astype(int).astype(object)

    def array(self, a: Any) -> Any:
        """Return a raw array as numbers."""
        return np.asarray(a).astype(object)


def _objects(a: Any) -> Any:
    """Return a term as an array without axes: NumPy hands out what such an array holds."""
    if isinstance(a, _Term):
        made = np.empty((), object)
        made[()] = a
        return made
    return type(a)(map(_objects, a)) if isinstance(a, (tuple, list)) and any(
        isinstance(each, (_Term, np.ndarray)) for each in a
    ) else a


def _names(count: int) -> list[str]:
    return [f"a{i}" for i in range(count)]


class _Writer:
    """Writes the functions of one graph's operations."""

    def __init__(self, graph: ArrayGraph, values: Sequence[Any]) -> None:
        self.graph, self.values = graph, [np.asarray(value) for value in values]
        self.budget = [_MOST_TERMS]

    def operands(self, node: Node, book: _Book) -> list[Any]:
        """Return a node's operands as arrays of terms; labels as what they are."""
        found = []
        for slot, place in enumerate(node.operands):
            value = self.values[place]
            if is_target(node, slot) and value.dtype.kind != "f":
                found.append(value)
            else:
                found.append(self.array(f"a{slot}", value.shape, book))
        return found

    def array(self, name: str, shape: tuple[int, ...], book: _Book) -> Any:
        made = np.empty(int(np.prod(shape)), object)
        for i in range(made.size):
            made[i] = _Term(f"{name}[{i}]", book)
        return made.reshape(shape)

    def value(self, place: int) -> str:
        node, book = self.graph.nodes[place], _Book(budget=self.budget)
        kernel, operands = _TermArrays(book), self.operands(node, book)
        if record_of(node) is not None:
            found = value_of(node, operands, kernel)
        else:
            row = OPS[node.op]
            found = row.value(kernel, *operands, **row.with_options(node.options))
        return book.written(self.fitting(found, self.values[place].shape))

    def back(self, place: int, slot: int) -> str:
        node, book = self.graph.nodes[place], _Book(budget=self.budget)
        source = self.values[node.operands[slot]]
        if not self.graph.varies[node.operands[slot]] or source.dtype.kind != "f":
            return "null"
        kernel, operands = _TermArrays(book), self.operands(node, book)
        out = self.array("out", self.values[place].shape, book)
        g = self.array("g", self.values[place].shape, book)
        if record_of(node) is not None:
            found = way_back(node, slot, g, out, operands, kernel)
            if found is None:
                return "null"
        else:
            row = OPS[node.op]
            local = row.slope(slot)(kernel, out, *operands, **row.with_options(node.options))
            found = kernel.fit(_objects(g * _objects(local)), source.shape)
        return book.written(self.fitting(found, source.shape))

    def fitting(self, found: Any, shape: tuple[int, ...]) -> Any:
        made: Any = np.asarray(_objects(found), object)
        return made if made.shape == shape else np.broadcast_to(made, shape)

    def rule(self, place: int) -> str:
        node = self.graph.nodes[place]
        if sum(self.values[i].size for i in node.operands) > _MOST_ENTRIES:
            raise _Unwritten
        names = ",".join(_names(len(node.operands)))
        slopes = []
        for slot in range(len(node.operands)):
            body = self.back(place, slot)
            slopes.append(body if body == "null" else f"(g,out,{names})=>{body}")
        return f"{{value:({names})=>{self.value(place)},slopes:[{','.join(slopes)}]}}"


def array_rules(graph: ArrayGraph, values: Sequence[Any]) -> ArrayRules | None:
    """Return the JavaScript of every operation in a graph, each once, and which node has which.

    None where the page cannot compute the program: it is too large, or has a word that it does not know.
    """
    writer = _Writer(graph, values)
    texts: dict[str, int] = {}
    seen: dict[object, int] = {}
    places = []
    for place, node in enumerate(graph.nodes):
        if node.kind != "operation":
            places.append(-1)
            continue
        fixed = [writer.values[i] for slot, i in enumerate(node.operands) if is_target(node, slot)]
        key = (
            node.op, node.options, tuple(writer.values[i].shape for i in node.operands),
            tuple(each.tobytes() for each in fixed if each.dtype.kind != "f"),
            tuple(graph.varies[i] for i in node.operands),
        )  # fmt: skip
        if key not in seen:
            try:
                text = writer.rule(place)
            except _Unwritten:
                return None
            seen[key] = texts.setdefault(text, len(texts))
        places.append(seen[key])
    return f"[{','.join(texts)}]", tuple(places)
