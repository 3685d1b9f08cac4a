"""The operations' rules as JavaScript: `OPS` run on a kernel whose numbers are pieces of program text.

Enters: a graph. Leaves: one pair of JavaScript functions (value, slopes) for each operation that the
graph uses. The rule shown, derived and marked in Python is the rule that the page evaluates; none is
written a second time. Operands are called a, b, c0, c1 ... and no name of a user enters the text.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..graph import Graph, Node
from ..ops import FUNCTIONS, OPS, Kernel, cached_of_tables, function_of

__all__ = ["WORDS", "Rules", "functions", "literal", "rules"]

Rules = tuple[str, tuple[int, ...]]
"""The text of a JavaScript array of rules, and for each node the number of its rule, -1 for leaves."""


def literal(value: int | float | Fraction) -> str:
    """Return a number as JavaScript; a negative one in brackets."""
    if isinstance(value, Fraction):
        return f"({value.numerator}/{value.denominator})"
    text = repr(value)
    return f"({text})" if text.startswith("-") else text


class _Text:
    """A piece of JavaScript that is a number or a condition."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __add__(self, other: Any) -> _Text:
        return _infix(self, "+", other)

    def __radd__(self, other: Any) -> _Text:
        return _text(self) if _is(other, 0) else _infix(other, "+", self)

    def __sub__(self, other: Any) -> _Text:
        return _infix(self, "-", other)

    def __rsub__(self, other: Any) -> _Text:
        return _infix(other, "-", self)

    def __mul__(self, other: Any) -> _Text:
        return _infix(self, "*", other)

    def __rmul__(self, other: Any) -> _Text:
        return _infix(other, "*", self)

    def __truediv__(self, other: Any) -> _Text:
        return _infix(self, "/", other)

    def __rtruediv__(self, other: Any) -> _Text:
        return _infix(other, "/", self)

    def __pow__(self, other: Any) -> _Text:
        return _call("power", self, other)

    def __neg__(self) -> _Text:
        return _Text(f"(-{self.text})")


def _is(value: Any, number: int) -> bool:
    return not isinstance(value, _Text) and bool(value == number)


def _text(value: Any) -> _Text:
    return value if isinstance(value, _Text) else _Text(literal(value))


def _infix(a: Any, sign: str, b: Any) -> _Text:
    return _Text(f"({_text(a).text}{sign}{_text(b).text})")


def _call(name: str, *operands: Any) -> _Text:
    return _Text(f"K.{name}({','.join(_text(o).text for o in operands)})")


class _JavaScript:
    """The kernel that writes calls of `kernel.js`."""

    one = _Text("1")
    pi, ln2, ln10 = _Text("Math.PI"), _Text("Math.LN2"), _Text("Math.LN10")
    sqrt2, sqrt_pi = _Text("Math.SQRT2"), _Text("K.sqrtPi")

    def __getattr__(self, name: str) -> Any:
        if name not in WORDS:
            raise AttributeError(name)
        return lambda *operands: _call(name, *operands)

    def greater(self, a: Any, b: Any) -> _Text:
        return _infix(a, ">", b)

    def less(self, a: Any, b: Any) -> _Text:
        return _infix(a, "<", b)

    def equal(self, a: Any, b: Any) -> _Text:
        return _infix(a, "===", b)

    def where(self, condition: _Text, a: Any, b: Any) -> _Text:
        return _Text(f"({condition.text}?{_text(a).text}:{_text(b).text})")

    guard = where


WORDS = frozenset(name for name in vars(Kernel) if not name.startswith("_"))
"""The words of rules, each of which `kernel.js` defines, choices and constants aside."""

_KERNEL = _JavaScript()


def _names(count: int) -> list[str]:
    return list("ab"[:count]) if count <= 2 else [f"c{i}" for i in range(count)]


def _rule(node: Node) -> str:
    op = OPS[node.op]
    options = op.with_options(node.options) if op.options or op.outputs else {}
    names = _names(len(node.operands))
    operands = [_Text(name) for name in names]
    given = ",".join(names)
    value = _text(op.value(_KERNEL, *operands, **options)).text
    slopes = []
    for slot in range(len(names)):
        slope = op.slope(slot)
        text = _text(slope(_KERNEL, _Text("out"), *operands, **options)).text
        slopes.append(f"(out,{given})=>{text}")
    return f"{{value:({given})=>{value},slopes:[{','.join(slopes)}]}}"


def rules(graph: Graph) -> Rules:
    """Return the JavaScript of every operation in a graph, each once, and which node has which.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse
    >>> text, places = rules(build_graph(parse("f = w*x")))
    >>> text, places
    ('[{value:(a,b)=>(a*b),slopes:[(out,a,b)=>b,(out,a,b)=>a]}]', (-1, -1, 0))
    """
    texts: dict[str, int] = {}
    seen: dict[tuple[object, ...], int] = {}
    places = []
    for node in graph.nodes:
        if node.kind != "operation":
            places.append(-1)
            continue
        key = (node.op, len(node.operands), node.options)
        if key not in seen:
            seen[key] = texts.setdefault(_rule(node), len(texts))
        places.append(seen[key])
    return f"[{','.join(texts)}]", tuple(places)


@cached_of_tables()
def functions() -> str:
    """Return a JavaScript table of the functions a learner may type, by name: counts and values.

    >>> "'sin':{least:1,most:1,value:(a)=>K.sin(a)}" in functions()
    True
    """
    rows = []
    for name, op in sorted(FUNCTIONS.items()):
        if op.outputs:
            continue
        most = op.most or (op.lists if op.lists > 1 else _MOST_TYPED)  # the page has no lists
        counts = [n for n in range(op.least, most + 1) if op.accepts(n)]
        counts += [n for n in (2,) if function_of(name, n) is not op]
        values = []
        for count in counts:
            names, row = _names(count), function_of(name, count)
            options = row.with_options(())
            text = _text(row.value(_KERNEL, *[_Text(n) for n in names], **options)).text
            values.append(f"({','.join(names)})=>{text}")
        if len(counts) == 1:
            rows.append(f"'{name}':{{least:{op.least},most:{op.least},value:{values[0]}}}")
        else:
            by_count = ",".join(f"{n}:{value}" for n, value in zip(counts, values, strict=True))
            rows.append(
                f"'{name}':{{least:{counts[0]},most:{counts[-1]},"
                f"value:(...all)=>({{{by_count}}})[all.length](...all)}}"
            )
    return f"{{{','.join(rows)}}}"


_MOST_TYPED = 4
"""A function of any number of operands may be typed with so many at most."""
