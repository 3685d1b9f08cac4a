"""Names that stand for what students write in formulas and the language has not: `dL/dz`, `σ'(z)`, `p_1`.

Enters: the text of a formula and the graph it is about. Leaves: a text in the language, with the names
in it that stand for gradients, and for slopes of functions. Nothing is evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ...graph import Graph
from ...language import Expression, Name, parse_formula, postorder
from ...ops import FUNCTIONS

__all__ = ["PRIMED", "StoodIn", "closing", "read_stood_in", "without_gradients"]

PRIMED = re.compile(r"(?P<name>\\?[^\W\d]\w*)\s*(?:['′]|\^\s*\{?\\prime\}?)\s*(?:\\left)?\(")
_SUBSCRIPT = re.compile(r"(?<![\w\\])(?P<letters>[^\W\d_]+)_\{?(?P<digits>\d+)\}?(?!\w)")
_JOINED = re.compile(r"(?<![\w\\])(?P<letters>[^\W\d_]+)(?P<digits>[\d₀-₉]+)(?!\w)")
_UNNAMED = re.compile(r"v_?\{?[\d₀-₉]")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MOST_SLOPES = 20


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A formula, read.

    Attributes:
        tree: over the graph's names and those of `gradients` and `slopes`.
        notes: remarks on the reading.
        gradients: names that stand for the output's gradient, and at which node.
        slopes: names that stand for a function's slope at a formula: the function's row, the formula.
    """

    tree: Expression
    notes: tuple[str, ...] = ()
    gradients: tuple[tuple[str, int], ...] = ()
    slopes: tuple[tuple[str, str, Expression], ...] = ()


def without_gradients(text: str, graph: Graph, found: dict[str, int]) -> str:
    """Return the text with each `dL/dz` as one name in brackets; the names are put into `found`.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse
    >>> without_gradients("dL/dz*x", build_graph(parse("z = w*x; L = z^2")), found := {}), sorted(found)
    ('(dL_dz)*x', ['dL_dz'])
    """
    output = graph.nodes[graph.output].name
    partial = r"(?:d|∂|\\partial\s*)\s*"
    names = sorted((name for name in graph.index), key=len, reverse=True)
    listed = "|".join(re.escape(name) for name in names)
    of = rf"{partial}{re.escape(output)}"
    fraction = re.compile(
        rf"\\[dt]?frac\s*\{{\s*{of}\s*\}}\s*\{{\s*{partial}(?P<a>{listed})\s*\}}"
        rf"|(?<![\w.]){of}\s*/\s*{partial}(?P<b>{listed})(?!\w)"
    )

    def named(match: re.Match[str]) -> str:
        name = match["a"] or match["b"]
        made = f"d{output}_d{name}"
        found[made] = graph.index[name]
        return f"({made})"

    return fraction.sub(named, text)


def closing(text: str, start: int) -> int:
    """Return where the bracket that was opened before `start` closes; -1 if nowhere.

    >>> closing("(a(b)c)", 1)
    6
    """
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    return -1


def read_stood_in(text: str, graph: Graph) -> StoodIn:
    """Return a formula over a graph's values, its gradients, and slopes of functions.

    Raises:
        ParseError, LimitError: what is no formula over them.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse, written
    >>> graph = build_graph(parse("z1 = w*x; L = sigmoid(z1)"))
    >>> written(read_stood_in("dL/dz1*x + z_1", graph).tree)
    'dL_dz1·x + z₁'
    """
    names = [n.name for n in graph.nodes if n.kind != "constant" and (n.named or not n.operands)]
    if _UNNAMED.search(text):  # steps without a name of their own may be called by their number
        names = [node.name for node in graph.nodes if node.kind != "constant"]
    gradients: dict[str, int] = {}
    slopes: list[tuple[str, str, Expression]] = []
    text = _spelled(text, names)
    if "/" in text or "frac" in text:
        text = without_gradients(text, graph, gradients)
    if "'" in text or "′" in text or "prime" in text:
        text = _without_slopes(text, [*names, *gradients], slopes)
    known = [*names, *gradients, *(name for name, _, _ in slopes)]
    tree, notes = parse_formula(text, known)
    used = {node.name for node in postorder(tree) if isinstance(node, Name)}
    used |= {n.name for _, _, inside in slopes for n in postorder(inside) if isinstance(n, Name)}
    return StoodIn(
        tree, notes,
        tuple((name, place) for name, place in gradients.items() if name in used),
        tuple(slope for slope in slopes if slope[0] in used),
    )  # fmt: skip


def _spelled(text: str, names: Collection[str]) -> str:
    """Return the text with `p_1` as `p1` where that is the name, or the other way round."""

    def joined(match: re.Match[str]) -> str:
        name = match["letters"] + match["digits"]
        return name if name in names and match.group() not in names else match.group()

    def parted(match: re.Match[str]) -> str:
        name = f"{match['letters']}_{match['digits'].translate(_LOWERED)}"
        return name if name in names and match.group() not in names else match.group()

    text = _SUBSCRIPT.sub(joined, text) if "_" in text else text
    return _JOINED.sub(parted, text) if any("_" in name for name in names) else text


def _without_slopes(
    text: str, names: Collection[str], slopes: list[tuple[str, str, Expression]]
) -> str:
    """Return the text with each `σ'(…)` as one name; the innermost comes first."""
    start = 0
    while (match := PRIMED.search(text, start)) and len(slopes) < _MOST_SLOPES:
        inner = PRIMED.search(text, match.end())
        stop = closing(text, match.end())
        if inner and inner.start() < stop:
            start = match.end()
            continue
        called = match["name"].lstrip("\\")
        row = FUNCTIONS.get("σ" if called == "sigma" else called)
        if row is None or row.least != 1 or row.most != 1 or stop < 0:
            return text  # the language says what is wrong there
        inside = text[match.end() : stop].removesuffix("\\right")
        tree = parse_formula(inside, [*names, *(name for name, _, _ in slopes)])[0]
        made = f"slope_{len(slopes) + 1}"
        slopes.append((made, row.name, tree))
        text = f"{text[: match.start()]}({made}){text[stop + 1 :]}"
        start = 0
    return text

