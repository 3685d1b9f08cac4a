"""The forward and the backward pass: a graph and a point become a `Derivation`.

Enters: a `Graph` and the inputs' values. Leaves: every value, every local, upstream and downstream
gradient, and the steps in which they were found. Local slopes are the rules of `OPS`, evaluated at
the inputs; the chain is numeric. Linear in the number of operations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any, TypeVar

from .errors import DomainError, MissingValueError, OptionError, did_you_mean, quoted
from .frozen import FrozenDict
from .graph import Graph, Node
from .language import canonical_name, parse_number, shown_name, written
from .ops import OPS, SCALAR, Number, Operation, exact, plain
from .sentences import N_, said, sentence
from .steps import (
    AccumulateStep,
    BackwardStep,
    Contribution,
    Derivation,
    Exact,
    ForwardStep,
    SeedStep,
    Step,
)

__all__ = ["point", "run"]

D = TypeVar("D", bound=Derivation)


def as_number(given: Any, name: str) -> Number:
    """Return a value given for a name as `int`, `Fraction` or `float`.

    Taken are Python's, NumPy's and SymPy's real numbers, and text as it is typed: "1/3", "pi/2".

    Raises:
        OptionError: not a number, or not a finite one.
        ParseError, DomainError: text that says no number, or no finite one.
    """
    if isinstance(given, str):
        return plain(parse_number(given, source=name).value)
    if isinstance(given, bool) or not isinstance(given, (Real, Decimal)):
        if hasattr(given, "item") and getattr(given, "shape", None) == ():
            return as_number(given.item(), name)
        symbol: Any = given
        if getattr(symbol, "is_number", False) is True and symbol.is_real:  # SymPy's pi, sqrt(2)
            return as_number(float(symbol), name)
        raise OptionError(
            said(
                "the value of {name} is a number, not {given}; expected an int, a float, a Fraction "
                "or text such as {example}",
                name=quoted(name),
                given=quoted(repr(given)),
                example='"1/3"',
            )
        )
    if isinstance(given, Rational):
        try:
            return plain(exact(Fraction(int(given.numerator), int(given.denominator))))
        except OverflowError:
            raise OptionError(
                said("the value of {name} is beyond float64, which ends near 1.8e308", name=quoted(name))
            ) from None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        value = math.nan  # a Decimal that signals, or beyond every float
    if not math.isfinite(value):
        raise OptionError(
            said(
                "the value of {name} is {value}; expected a finite number",
                name=quoted(name),
                value=value,
            )
        )
    return value


def point(graph: Graph, at: Mapping[str, Any]) -> tuple[dict[str, Number], tuple[str, ...]]:
    """Return a value for every input, and notes.

    Raises:
        MissingValueError: inputs without a value, all of them listed.
        OptionError: a value for a name that the program computes, or that is not a number.
    """
    given: dict[str, Number] = {}
    for name, value in at.items():
        given[canonical_name(str(name))] = as_number(value, str(name))
    kinds = {node.name: node.kind for node in graph.nodes if node.named}
    computed = [name for name in given if kinds.get(name) == "operation"]
    if computed:
        raise OptionError(
            said(
                "{computed} is computed by the program, so no value can be given for it; its inputs: "
                "{names}",
                computed=quoted(computed[0]),
                names=", ".join(graph.inputs) or said("none"),
            )
        ).about(names=computed, choices=graph.inputs)
    values: dict[str, Number] = {}
    missing: list[str] = []
    for node in graph.nodes:
        if node.kind == "input":
            if node.name in given:
                values[node.name] = given[node.name]
            elif node.value is not None:
                values[node.name] = plain(node.value)
            else:
                missing.append(node.name)
    spare = [name for name in given if name not in kinds]
    if missing:
        raise MissingValueError(_missing(missing, spare)).about(names=missing)
    notes = tuple(
        said("a value was given for {name}, which the program does not use", name=f"`{name}`")
        for name in spare
    )
    return values, notes


def _missing(missing: list[str], spare: list[str]) -> str:
    listed = ", ".join(shown_name(name) for name in missing)
    example = " ".join(f"{name}=…" for name in missing[:3])
    asking = (
        N_("no value for {listed}; give one: {example}")
        if len(missing) == 1
        else N_("no value for {listed}; give each: {example}")
    )
    message = said(asking, listed=listed, example=example)
    hints = [
        said("{name} was given: {hint}", name=f"`{name}`", hint=hint)
        for name in spare
        if (hint := did_you_mean(name, missing))
    ]
    return "; ".join([message, *hints])


def run(graph: Graph, at: Mapping[str, Any], into: type[D], notes: tuple[str, ...] = ()) -> D:
    """Return the derivation of the graph's output at a point.

    Raises:
        MissingValueError, OptionError: the point does not fit the program.
        DomainError: an operation outside its domain, an overflow, an infinite slope.
    """
    values, remarks = point(graph, at)
    steps: list[Step] = []
    numbers = _forward(graph, values, steps)
    doubts = tuple(_doubts(graph, numbers))
    upstreams, edges = _backward(graph, numbers, steps)
    return into.made(
        graph_table=graph,
        at=FrozenDict(values),
        numbers=tuple(numbers),
        upstreams=tuple(upstreams),
        contributions=FrozenDict(edges),
        steps=tuple(steps),
        notes=(*graph.program.notes, *notes, *remarks, *doubts),
        previous=None,
    )


def _forward(graph: Graph, at: Mapping[str, Number], steps: list[Step]) -> list[Exact]:
    numbers: list[Exact] = []
    for place, node in enumerate(graph.nodes):
        if node.kind == "operation":
            value = evaluate(node, numbers, graph)
            steps.append(ForwardStep(len(steps) + 1, node.name, value, place))
        elif node.kind == "input":
            value = exact(at[node.name])
        else:
            value = exact(node.value if node.value is not None else 0)
        numbers.append(value)
    return numbers


_FAR = 1e10
_LOST = 1e13
"""Beyond this condition number, |x·slope/value|, fewer than three digits of a float64 are left."""


def _doubts(graph: Graph, numbers: list[Exact]) -> Iterator[str]:
    """Yield a remark for each value of which float64 holds no digit: underflows, poles."""
    for place, node in enumerate(graph.nodes):
        value = numbers[place]
        if node.kind != "operation" or value.__class__ is not float or 1 / _FAR < abs(value) < _FAR:
            continue
        op = OPS[node.op]
        operands = [numbers[i] for i in node.operands]
        name = _what(graph, node)
        if value == 0:
            if not op.vanishes and all(operands):
                yield said("{name} is too small for float64 and became 0", name=name)
        elif not op.exact and len(operands) == 1:
            slope = local_value(graph, place, 0, numbers)
            if abs(float(operands[0]) * float(slope)) > _LOST * abs(value):
                yield said(
                    "{name} is round-off: at this point float64 holds no digit of it", name=name
                )


def evaluate(node: Node, numbers: list[Exact], graph: Graph) -> Exact:
    """Return an operation's value from its operands' values.

    Raises:
        DomainError: naming the node, its formula and its operands' values.
    """
    operands = [numbers[i] for i in node.operands]
    op = OPS[node.op]
    options = op.with_options(node.options) if op.options or op.outputs else {}
    try:
        computed = op.value(SCALAR, *operands, **options)
        value: Exact = computed if computed.__class__ is float else exact(computed)
        if value.__class__ is float and not math.isfinite(value):
            raise OverflowError
    except ZeroDivisionError:
        domain = sentence(OPS[node.op].domain)
        reason = (
            said("{what} is a division by zero", what=_what(graph, node))
            if node.op == "divide"
            else said("{what} is not defined: {domain}", what=_what(graph, node), domain=domain)
        )
        raise DomainError(_where(graph, node, numbers, reason)).about(node=node.name) from None
    except OverflowError:
        reason = said(
            "{what} overflows: the result is beyond float64, which ends near 1.8e308",
            what=_what(graph, node),
        )
        raise DomainError(_where(graph, node, numbers, reason)).about(node=node.name) from None
    except ValueError:
        reason = said(
            "{what} is not defined over the real numbers: {domain}",
            what=_what(graph, node), domain=_domain(op),
        )  # fmt: skip
        raise DomainError(_where(graph, node, numbers, reason)).about(node=node.name) from None
    return value


def _domain(op: Operation) -> str:
    """Return what an operation's operands must be, and of a loss in which order they stand."""
    if op.roles:
        order = said("the prediction comes first, then the target")
        return f"{sentence(op.domain)}; {order}"
    return sentence(op.domain)


def _what(graph: Graph, node: Node) -> str:
    return f"{shown_name(node.name)} = {written(graph.formula(graph.index[node.name]))}"


def _where(graph: Graph, node: Node, numbers: list[Exact], reason: str) -> str:
    given = ", ".join(
        f"{shown_name(graph.nodes[i].name)} = {plain_text(numbers[i])}"
        for i in dict.fromkeys(node.operands)
        if graph.nodes[i].kind != "constant"
    )
    return said("{reason}; at {given}", reason=reason, given=given) if given else reason


def plain_text(value: Exact) -> str:
    """Return a number for a message, whole."""
    return str(plain(value)).replace("-", "−")


def _backward(
    graph: Graph, numbers: list[Exact], steps: list[Step]
) -> tuple[list[Exact | None], dict[tuple[int, int, int], Contribution]]:
    nodes, relevant, varies, uses = graph.nodes, graph.relevant, graph.varies, graph.uses
    zero = Fraction(0)
    upstreams: list[Exact | None] = [zero if v else None for v in varies]
    edges: dict[tuple[int, int, int], Contribution] = {}
    awaited = [sum(relevant[use.target] for use in uses[i]) for i in range(len(nodes))]
    steps.append(SeedStep(len(steps) + 1, nodes[graph.output].name, graph.output))
    upstreams[graph.output] = Fraction(1)
    for place in range(graph.output, -1, -1):
        node = nodes[place]
        if node.kind != "operation" or not relevant[place] or not varies[place]:
            continue
        upstream = upstreams[place]
        assert upstream is not None  # a node that varies has one
        handed = tuple(
            _contribution(graph, place, slot, numbers, upstream)
            for slot, source in enumerate(node.operands)
            if varies[source]
        )
        if not handed:
            continue
        steps.append(BackwardStep(len(steps) + 1, node.name, upstream, handed, place))
        for edge in handed:
            edges[edge.places[0], place, edge.slot] = edge
        for source in dict.fromkeys(edge.places[0] for edge in handed):
            awaited[source] -= sum(edge.places[0] == source for edge in handed)
            if awaited[source] == 0:
                upstreams[source] = _gathered(graph, source, edges, steps)
    return upstreams, edges


def _gathered(
    graph: Graph, source: int, edges: dict[tuple[int, int, int], Contribution], steps: list[Step]
) -> Exact:
    """Return a node's gradient once all its uses have handed theirs down."""
    handed = tuple(
        edges[source, use.target, use.slot]
        for use in graph.uses[source]
        if graph.relevant[use.target]
    )
    total = handed[0].downstream
    for edge in handed[1:]:
        total = total + edge.downstream
    if len(handed) > 1:
        name, gathered = graph.nodes[source].name, _finite(graph, source, total)
        steps.append(AccumulateStep(len(steps) + 1, name, handed, gathered, source))
    return total


def _contribution(
    graph: Graph, place: int, slot: int, numbers: list[Exact], upstream: Exact
) -> Contribution:
    local = local_value(graph, place, slot, numbers)
    node = graph.nodes[place]
    source = node.operands[slot]
    downstream = _finite(graph, source, upstream * local)
    return Contribution(
        graph.nodes[source].name, node.name, slot, local, upstream, downstream, (source, place)
    )


def _finite(graph: Graph, source: int, value: Exact) -> Exact:
    try:
        found = exact(value)
        if found.__class__ is float and math.isinf(found):
            raise OverflowError
    except OverflowError:
        name = shown_name(graph.nodes[source].name)
        raise DomainError(
            said(
                "the gradient of {name} overflows: it is beyond float64, which ends near 1.8e308",
                name=name,
            )
        ).about(node=graph.nodes[source].name) from None
    return found


def local_value(
    graph: Graph, place: int, slot: int, numbers: list[Exact] | tuple[Exact, ...]
) -> Exact:
    """Return ∂out/∂operand of one operation at its operands' values.

    Nan where the operation is not defined beside this operand (a power of a negative base has no
    slope along its exponent).

    Raises:
        DomainError: where the slope is infinite.
    """
    node = graph.nodes[place]
    op = OPS[node.op]
    operands = [numbers[i] for i in node.operands]
    options = op.with_options(node.options) if op.options or op.outputs else {}
    try:
        rule = op.slope(slot)
        slope = rule(SCALAR, numbers[place], *operands, **options)
        if slope.__class__ is float:
            if math.isinf(slope):
                raise OverflowError
            return slope
        return exact(slope)
    except (ZeroDivisionError, OverflowError) as error:
        source = shown_name(graph.nodes[node.operands[slot]].name)
        template = N_("{what} has an infinite slope along {source}")
        if isinstance(error, OverflowError):
            template = N_(
                "the slope of {what} along {source} is beyond float64, which ends near 1.8e308"
            )
        reason = said(template, what=_what(graph, node), source=source)
        raise DomainError(_where(graph, node, list(numbers), reason)).about(node=node.name) from None
    except ValueError:
        return math.nan
