"""What a cell of a sheet asks for: `q`, `df/dq`, `local(q, x)`, `down(q, x)`, and its true number.

Enters: the text of a quantity. Leaves: a `Quantity`, with one canonical text however it was typed
(`∂f/∂w₁` is `df/dw1`). The text is taken apart, never evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ...errors import OptionError, UnknownNameError, did_you_mean, quoted
from ...graph import Graph
from ...language import canonical_name
from ...matrices.array_graph import ArrayGraph
from ...ops import Number, plain
from ...passes import local_value
from ...sentences import said
from ...steps import Derivation
from .array_quantities import array_quantity, asked_of_all, true_array
from .quantity_record import Quantity

__all__ = ["Quantity", "ask_too", "asked_quantities", "parse_quantity", "true_number"]

_GRADIENT = re.compile(
    r"\s*(?:d|∂|\\partial(?![A-Za-z]))\s*(?P<of>[^\s/(),]+)\s*"
    r"/\s*(?:d|∂|\\partial(?![A-Za-z]))\s*(?P<wrt>[^\s/(),]+)\s*\Z"
)
_FRACTION = re.compile(
    r"\s*\\[dt]?frac\s*\{\s*(?:d|∂|\\partial(?![A-Za-z]))\s*(?P<of>[^\s/(),}]+(?:\{[^}]*\})?)\s*\}"
    r"\s*\{\s*(?:d|∂|\\partial(?![A-Za-z]))\s*(?P<wrt>[^\s/(),}]+(?:\{[^}]*\})?)\s*\}\s*\Z"
)
_CALL = re.compile(
    r"\s*(?P<kind>[A-Za-z]+)\s*\(\s*(?P<first>[^\s/(),]+)\s*"
    r"(?:,\s*(?P<second>[^\s/(),]+)\s*)?(?:,\s*(?P<slot>\d{1,6})\s*)?\)\s*\Z"
)
_LONGEST = 200
"""A text may have so many characters more than the names in it."""


def parse_quantity(text: str, graph: Graph) -> Quantity:
    """Return the quantity that a text names.

    Names may be typed as everywhere (`w1`, `w₁`, `w_{1}`). `local(q, x)` and `down(q, x)` mean the
    first use of x by q; a third argument picks another operand number, from 0.

    Raises:
        UnknownNameError: no such quantity of this graph; the nearest is suggested.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse
    >>> graph = build_graph(parse("q = x + y; f = q*z"))
    >>> parse_quantity("∂f/∂q", graph).text, parse_quantity("local( q,x )", graph).text
    ('df/dq', 'local(q, x)')
    """
    if not isinstance(text, str) or _too_long(text, graph):
        raise UnknownNameError(
            said(
                "{given} names no quantity; expected {forms}",
                given=quoted(str(text)), forms=_forms(graph),
            )
        )
    part = array_quantity(text, graph, parse_quantity) if isinstance(graph, ArrayGraph) else None
    if part is not None:
        return part
    found = _GRADIENT.match(text) or _FRACTION.match(text)
    if found:
        return _gradient(text, found["of"], found["wrt"], graph)
    call = _CALL.match(text)
    if call:
        return _called(text, call, graph)
    name = _canonical(text.strip())
    if name in graph.index:
        return _value(graph.index[name], graph)
    raise _unknown(text, graph)


def _too_long(text: str, graph: Graph) -> bool:
    """Return whether a text is longer than any that names a quantity of the graph."""
    return len(text) > _LONGEST and len(text) > _LONGEST + 2 * max(len(node.name) for node in graph.nodes)


def _canonical(name: str) -> str:
    return canonical_name(name.replace("{", "").replace("}", "").replace("\\", ""))


def _value(place: int, graph: Graph) -> Quantity:
    return Quantity("value", place, text=graph.nodes[place].name)


def _gradient(text: str, of: str, wrt: str, graph: Graph) -> Quantity:
    output = graph.nodes[graph.output].name
    top, bottom = _canonical(of), _canonical(wrt)
    if bottom not in graph.index or top not in graph.index:
        raise _unknown(text, graph)
    place = graph.index[bottom]
    if top != output:
        target = graph.index[top]
        local = said(
            "; the slope of that operation alone is local({top}, {bottom})", top=top, bottom=bottom
        )
        direct = place in graph.nodes[target].operands
        raise UnknownNameError(
            said(
                "{given}: the gradients here are those of the output {output}: df/dx is written "
                "d{output}/d{bottom}",
                given=quoted(text), output=output, bottom=bottom,
            )
            + (local if direct else "")
        )
    if not graph.varies[place]:
        raise UnknownNameError(
            said(
                "{given}: {bottom} is a constant, so it has no gradient",
                given=quoted(text), bottom=bottom,
            )
        )
    return Quantity("gradient", place, text=f"d{output}/d{bottom}")


def _called(text: str, call: re.Match[str], graph: Graph) -> Quantity:
    kind, first = call["kind"], _canonical(call["first"])
    if kind not in ("local", "down", "new"):
        raise _unknown(text, graph)
    if first not in graph.index:
        raise _unknown(text, graph)
    target = graph.index[first]
    if kind == "new":
        if call["second"] or graph.nodes[target].kind != "input":
            raise UnknownNameError(
                said(
                    "{given}: new(w) is an input after a step of gradient descent; the inputs: {names}",
                    given=quoted(text), names=", ".join(graph.inputs),
                )
            )
        return Quantity("new", target, text=f"new({first})")
    second = _canonical(call["second"] or "")
    if second not in graph.index:
        raise _unknown(text, graph)
    source = graph.index[second]
    operands = graph.nodes[target].operands
    slots = [slot for slot, operand in enumerate(operands) if operand == source]
    if not slots:
        listed = ", ".join(graph.nodes[i].name for i in operands) or said("none")
        raise UnknownNameError(
            said(
                "{given}: {first} does not use {second} directly; its operands: {listed}",
                given=quoted(text), first=first, second=second, listed=listed,
            )
        )
    slot = int(call["slot"]) if call["slot"] else slots[0]
    if slot not in slots:
        raise UnknownNameError(
            said(
                "{given}: {second} is operand {names} of {first}, not {slot}",
                given=quoted(text), second=second, names=said(" or ").join(map(str, slots)),
                first=first, slot=slot,
            )
        )
    if kind == "down" and not graph.varies[source]:
        raise UnknownNameError(
            said(
                "{given}: nothing is handed down to the constant {second}",
                given=quoted(text), second=second,
            )
        )
    third = f", {slot}" if len(slots) > 1 else ""
    return Quantity(kind, target, source, slot, f"{kind}({first}, {second}{third})")


def _forms(graph: Graph) -> str:
    output = graph.nodes[graph.output].name
    if isinstance(graph, ArrayGraph):
        return said("a node's name, d{output}/dW, d{output}/dW[0,2], shape(W) or down(Z, W)", output=output)
    return said("a node's name, d{output}/dx, local(q, x) or down(q, x)", output=output)


_SEARCHED = 200
"""In a larger graph, names of edges are compared with what has a bracket alone, for they are many."""


def _unknown(text: str, graph: Graph) -> UnknownNameError:
    output = graph.nodes[graph.output].name
    known: list[str] = []
    of_edges = "(" in text or len(graph.nodes) <= _SEARCHED
    for node, varies in zip(graph.nodes, graph.varies, strict=True):
        if node.kind != "constant":
            known.append(node.name)
        if varies:
            known.append(f"d{output}/d{node.name}")
        for source in node.operands if of_edges else ():
            if graph.varies[source]:
                edge = f"({node.name}, {graph.nodes[source].name})"
                known += [f"local{edge}", f"down{edge}"]
    hint = did_you_mean(text.strip(), known) or said("expected {forms}", forms=_forms(graph))
    return UnknownNameError(
        said("{given} is no quantity of this graph; {hint}", given=quoted(text), hint=hint)
    )


def asked_quantities(graph: Graph, asked: str | Iterable[str]) -> tuple[Quantity, ...]:
    """Return the quantities of a list; "all values" and "all gradients" stand for many.

    "all values" are those of the operations that the user named; "all gradients" those of the
    inputs and of the named operations other than the output.

    Raises:
        UnknownNameError: an item that is no quantity.
        OptionError: a quantity asked for twice.
    """
    found: dict[str, Quantity] = {}
    for item in [asked] if isinstance(asked, str) else asked:
        ask_too(graph, item, found)
    return tuple(found.values())


def ask_too(graph: Graph, item: str, found: dict[str, Quantity]) -> None:
    """Add the quantities of one item of a list to those that were found before it.

    Raises:
        UnknownNameError: the item is no quantity.
        OptionError: it is asked for already.
    """
    whole = " ".join(item.split()).lower() if isinstance(item, str) else ""
    many = _ALL[whole](graph) if whole in _ALL else (parse_quantity(item, graph),)
    for quantity in many:
        if quantity.text in found and whole not in _ALL:
            raise OptionError(said("{given} is asked for twice", given=quantity.text))
        found[quantity.text] = quantity


def _all_values(graph: Graph) -> tuple[Quantity, ...]:
    return tuple(
        _value(place, graph)
        for place, node in enumerate(graph.nodes)
        if node.kind == "operation" and node.named
    )


def _all_gradients(graph: Graph) -> tuple[Quantity, ...]:
    output = graph.nodes[graph.output].name
    return tuple(
        Quantity("gradient", place, text=f"d{output}/d{node.name}")
        for place, node in reversed(list(enumerate(graph.nodes)))
        if node.named and node.kind != "constant" and place != graph.output
        and asked_of_all(graph, place)
    )  # fmt: skip


_ALL = {"all values": _all_values, "all gradients": _all_gradients}


def true_number(derivation: Derivation, quantity: Quantity, lr: Number | None = None) -> Any:
    """Return the right answer, from the derivation; for `new(w)` after a step of size `lr`.

    Over arrays it is an array, the number of an entry, or a shape.

    Raises:
        OptionError: `new(w)` without a learning rate.
        DomainError: a local gradient that is infinite.
    """
    if isinstance(derivation.graph_table, ArrayGraph):
        return true_array(derivation, quantity, lr)
    place = quantity.node
    if quantity.kind == "value":
        return plain(derivation.numbers[place])
    if quantity.kind == "gradient":
        return plain(derivation.upstreams[place] or 0)
    if quantity.kind == "new":
        if lr is None:
            raise OptionError(said("{given} needs a learning rate: give lr=…", given=quantity.text))
        return plain(derivation.numbers[place] - lr * (derivation.upstreams[place] or 0))
    edge = derivation.contributions.get((quantity.source, place, quantity.slot))
    if quantity.kind == "down":
        return plain(edge.downstream) if edge else 0
    if edge is None:
        graph = derivation.graph_table
        return plain(local_value(graph, place, quantity.slot, derivation.numbers))
    return plain(edge.local)
