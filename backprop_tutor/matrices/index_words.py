"""A gradient in indices as it is read, `∂L/∂Wᵢⱼ = Σₙ Xₙᵢ·δₙⱼ`, in Unicode and in LaTeX.

Enters: a graph over arrays, an operation's place and an operand's slot. Leaves: both texts, or nothing
where no formula over indices reads well. A name with an index of its own keeps it: `W₁[i,j]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..language import shown_name
from ..ops import OPS
from ..ops.index_formulas import Part, letters
from ..ops.index_gradients import gradient_in_indices
from ..ops.matrix_formulas import entry_formula
from ..ops.named_sizes import INDEX, named_sizes
from .array_graph import ArrayGraph, options_of, record_of

__all__ = ["IndexFormula", "index_formula", "indexed"]

_BELOW = str.maketrans("ijklmnpstuv0123456789", "ᵢⱼₖₗₘₙₚₛₜᵤᵥ₀₁₂₃₄₅₆₇₈₉")
_LONGEST = 90
"""A longer formula says less than its rule."""
_SUM, _OVER, _PRODUCT, _POWER, _ATOM = range(5)
_SIGNS = {"+": _SUM, "−": _SUM, "-": _SUM, "·": _PRODUCT, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}
_COMPARED = {"=": "=", "<": "<", "≤": r"\le "}


@dataclass(frozen=True, slots=True)
class IndexFormula:
    """One entry of a gradient, and what it is: each in Unicode and in LaTeX."""

    entry: tuple[str, str]
    body: tuple[str, str]


def indexed(name: str, latex: str, places: tuple[str, ...]) -> tuple[str, str]:
    """Return a name with its indices, in Unicode and in LaTeX.

    >>> indexed("W", "W", ("i", "j")), indexed("W₁", "W_{1}", ("i", "j"))
    (('Wᵢⱼ', 'W_{ij}'), ('W₁[i,j]', '(W_{1})_{ij}'))
    """
    if not places:
        return name, latex
    short = all(len(place) == 1 for place in places)
    inner = "".join(places) if short else ",".join(places)
    if short and re.fullmatch(r"[^\W\d_]|δ", name):
        return name + inner.translate(_BELOW), f"{latex}_{{{inner}}}"
    return f"{name}[{','.join(places)}]", f"({latex})_{{{inner}}}"


def index_formula(
    graph: ArrayGraph, place: int, slot: int, latex_name: Callable[[str], str]
) -> IndexFormula | None:
    """Return the gradient of an operand entry by entry; None where no formula over indices reads well.

    `latex_name` sets a node's name.
    """
    node = graph.nodes[place]
    shapes: Any = [graph.shapes[i] for i in node.operands]
    if not shapes[slot] and not graph.shapes[place]:
        return None  # single numbers have no index
    names = _names(graph, place, latex_name)
    source = graph.nodes[node.operands[slot]]
    own = tuple(letters(len(shapes[slot])))
    entry = indexed(shown_name(source.name), latex_name(source.name), own)
    record = record_of(node)
    if record is None:
        body = _of_entries(graph, place, slot, latex_name)
    else:
        spare = 0 if record.many else len(record.operands) - len(shapes)
        formula = gradient_in_indices(record, slot, [*shapes, *[None] * spare], options_of(node))
        if formula is None:
            return None
        body = (_Writer(names, 0).whole(formula.body), _Writer(names, 1).whole(formula.body))
    passed_on = body[0] == indexed("δ", "", own)[0]  # says no more than δ
    return None if passed_on or len(body[0]) > _LONGEST else IndexFormula(entry, body)


def _names(
    graph: ArrayGraph, place: int, latex_name: Callable[[str], str]
) -> dict[str, tuple[str, str]]:
    """Return how the operands, the value and its gradient are called, by their names in a record."""
    node = graph.nodes[place]
    record = record_of(node)
    found = {"g": ("δ", r"\delta"), "out": (shown_name(node.name), latex_name(node.name))}
    if record is not None:
        for slot, i in enumerate(node.operands):
            each = graph.nodes[i]
            text = each.text if each.kind == "constant" else shown_name(each.name)
            found[record.named(slot)] = (text, text if each.kind == "constant" else latex_name(each.name))
    for size in named_sizes(graph.shapes):
        found[INDEX + size] = (size, size)
    return found


def _of_entries(
    graph: ArrayGraph, place: int, slot: int, latex_name: Callable[[str], str]
) -> tuple[str, str]:
    """Return the formula of an operation that goes entry by entry, of Unicode and LaTeX."""
    node = graph.nodes[place]
    written = []
    for style in (0, 1):
        names: list[Any] = []
        for i in node.operands:
            each, shape = graph.nodes[i], graph.shapes[i]
            if each.kind == "constant" and each.value is not None:
                names.append(int(each.value) if each.value == int(each.value) else float(each.value))
                continue
            places = tuple(letters(len(shape)))
            names.append(indexed(shown_name(each.name), latex_name(each.name), places)[style])
        places = tuple(letters(len(graph.shapes[place])))
        delta = indexed("δ", r"\delta", places)[style]
        value = indexed(shown_name(node.name), latex_name(node.name), places)[style]
        text, is_sum = entry_formula(OPS[node.op], slot, names, dict(node.options), delta, value)
        if places and not graph.shapes[node.operands[slot]]:
            signs = "".join(_over("Σ", letter, style) for letter in places)
            text = f"{signs}({text})" if is_sum else f"{signs}{text}"
        written.append(text)
    return written[0], _signs_set(written[1])


def _signs_set(text: str) -> str:
    """Return what a formula of entries has as signs, in LaTeX."""
    for sign, latex in (("·", r" \cdot "), ("−", "-"), ("²", "^{2}"), ("³", "^{3}"), ("′", "'")):
        text = text.replace(sign, latex)
    return re.sub(r"(?<![\\\w{])(ln|exp|tanh|cos|sin)(?=\()", r"\\\1", text)


def _over(word: str, letter: str, style: int) -> str:
    return rf"\sum_{{{letter}}} " if style else f"{word}{letter.translate(_BELOW)} "


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a formula over indices; `style` is 0 for Unicode, 1 for LaTeX."""

    names: Mapping[str, tuple[str, str]]
    style: int

    def whole(self, part: Part) -> str:
        return self._written(part)[0]

    def _within(self, part: Part, binds: int) -> str:
        text, own = self._written(part)
        return text if own >= binds else f"({text})"

    def _written(self, part: Part) -> tuple[str, int]:
        """Return the text of a part, and how tightly it holds together."""
        if part.kind == "number":
            return part.word, _ATOM
        if part.kind == "name" and part.word not in self.names:
            return part.word, _ATOM  # an index
        if part.kind in ("name", "entry"):
            name, latex = self.names[part.word]
            return indexed(name, latex, tuple(map(self.whole, part.parts)))[self.style], _ATOM
        if part.kind == "over":
            letter = part.word.split()[1]
            return _over("Σ", letter, self.style) + self._within(part.parts[0], _OVER), _OVER
        if part.kind == "minus":
            return f"{'-' if self.style else '−'}{self._within(part.parts[0], _PRODUCT)}", _SUM
        if part.kind == "call":
            head = "\\" if self.style and part.word in ("exp", "ln") else ""
            return f"{head}{part.word}({self.whole(part.parts[0])})", _ATOM
        if part.kind == "where":
            left, right = map(self.whole, part.parts[:2])
            return f"[{left} {_COMPARED[part.word] if self.style else part.word} {right}]", _ATOM
        return self._signed(part)

    def _signed(self, part: Part) -> tuple[str, int]:
        binds = _SIGNS[part.word]
        left, right = part.parts
        if part.word == "/" and self.style:
            return rf"\frac{{{self.whole(left)}}}{{{self.whole(right)}}}", _ATOM
        if part.word == "^":
            power = f"^{{{self.whole(right)}}}" if self.style else self.whole(right).translate(_ABOVE)
            return self._within(left, _ATOM) + power, _POWER
        first = self._within(left, binds)
        second = self._within(right, binds + (part.word != "+"))
        if binds == _SUM:
            second = self._within(right, _OVER)
            return f"{first} {'-' if self.style and part.word != '+' else part.word} {second}", _SUM
        if part.word == "/":
            return f"{first}/{second}", _PRODUCT
        second = self._within(right, _PRODUCT)
        dot = r" \cdot " if self.style else "·"
        return f"{first}{dot}{second}", _PRODUCT


_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
