"""A derivation's JSON, described as models and read back: what `d.explain("json")` writes.

Enters: JSON text. Leaves: the derivation, worked out again and compared with what the text says. The models
are the published schema, `docs/schemas/derivation.schema.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import OptionError, ParseError, quoted
from .graph import Graph, Node
from .language import Program, parse
from .language.write import PLAIN, written_assignments
from .ops import OPS, exact
from .passes import run
from .sentences import said
from .steps import Derivation

__all__ = ["Stored", "from_json", "schema"]

D = TypeVar("D", bound=Derivation)


class _Model(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


class StoredFraction(_Model):
    """An exact number that is not whole: its fraction, and the nearest float64."""

    exact: Annotated[str, Field(pattern=r"^-?[0-9]+(/[0-9]+)?$", max_length=4000)]
    float: float


StoredNumber = int | float | StoredFraction
Maybe = StoredNumber | None


class StoredProgram(_Model):
    """The program: as given, as read, in characters that parse back, and the remarks."""

    text: str
    reading: str
    plain: str
    notes: list[str] = []
    values: dict[str, StoredNumber] = {}


class StoredNode(_Model):
    """A node: its operation and operands, its value and gradient, and how they are shown."""

    name: str
    kind: Literal["input", "constant", "operation"]
    op: str | None
    operands: list[str]
    options: dict[str, float] = {}
    formula: str | None = None
    latex: str | None = None
    text: str | None = None
    value: Maybe
    value_shown: str = ""
    gradient: Maybe
    gradient_shown: str | None = None
    influences_output: bool = True


class StoredLocal(_Model):
    """A local gradient: as formula in the inputs, shortest, in LaTeX, and as a number."""

    formula: str
    shortest: str
    latex: str
    value: Maybe


class StoredEdge(_Model):
    """An edge that a gradient passes."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    slot: int
    local: StoredLocal
    upstream: Maybe
    downstream: Maybe
    because: str


class StoredStep(_Model):
    """A step; what else it holds depends on its phase (docs/schema.md)."""

    number: int
    phase: Literal["forward", "seed", "backward", "accumulate", "update"]
    node: str


class Stored(_Model):
    """What `d.explain("json")` writes."""

    schema_: Literal["backprop_tutor.derivation"] = Field(alias="schema")
    version: Literal[1]
    program: StoredProgram
    output: str
    at: dict[str, StoredNumber]
    nodes: list[StoredNode]
    edges: list[StoredEdge]
    steps: list[StoredStep]
    check: dict[str, Any] | None = None
    update: dict[str, Any] | None = None


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a derivation."""
    return Stored.model_json_schema(by_alias=True)


def from_json(text: str | bytes, into: type[D]) -> D:
    """Return the derivation that a JSON text is of, worked out again.

    Raises:
        OptionError: no JSON, JSON of something else (every fault with its place), or numbers that its
            program does not have at its point.
    """
    if not isinstance(text, str | bytes | bytearray):
        raise OptionError(said("JSON is text, not {kind}", kind=quoted(type(text).__name__)))
    try:
        found = Stored.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise OptionError(
            said("this is no JSON of a derivation: {faults}", faults=_faults(error))
        ) from None
    derivation = run(_graph(found), {name: _number(value) for name, value in found.at.items()}, into)
    _compared(found, derivation)
    return derivation


def _faults(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error) if not isinstance(error, RecursionError) else said("it is too deep")
    listed = [
        f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}" for fault in error.errors()[:12]
    ]
    return "; ".join(listed)


def _number(given: StoredNumber) -> int | float | Fraction:
    return Fraction(given.exact) if isinstance(given, StoredFraction) else given


def _program(found: Stored) -> Program:
    """Return the program; as it was typed, where that is what its plain form says."""
    names = [node.name for node in found.nodes if node.kind != "constant"]
    read = parse(found.program.plain, names)
    if found.program.text != found.program.plain:
        try:
            typed = parse(found.program.text, names)
        except ParseError:
            typed = read  # a program of another kind: a function, a graph
        if written_assignments(typed.assignments, PLAIN) == found.program.plain:
            read = typed
    notes = tuple(note for note in read.notes if note in found.program.notes)
    values = {name: _number(value) for name, value in found.program.values.items()}
    return Program(read.assignments, found.program.text, notes, values)


def _graph(found: Stored) -> Graph:
    program = _program(found)
    places: dict[str, int] = {}
    nodes: list[Node] = []
    for stored in found.nodes:
        if stored.name in places:
            raise OptionError(said("the node {name} stands twice", name=quoted(stored.name)))
        nodes.append(_node(stored, places, program, found.at))
        places[stored.name] = len(nodes) - 1
    if found.output not in places:
        raise OptionError(said("the output {name} is no node", name=quoted(found.output)))
    return Graph(program, tuple(nodes), places[found.output])


def _node(
    stored: StoredNode, places: Mapping[str, int], program: Program, at: Mapping[str, StoredNumber]
) -> Node:
    unknown = [name for name in stored.operands if name not in places]
    if unknown:
        raise OptionError(
            said(
                "{name} uses {operand}, which does not stand before it",
                name=quoted(stored.name), operand=quoted(unknown[0]),
            )
        )  # fmt: skip
    op = stored.op or ""
    if stored.kind != "operation":
        assigned = stored.kind == "constant" or stored.name in program.assigned
        given = stored.value if stored.kind == "constant" else at.get(stored.name)
        value = exact(_number(given)) if assigned and given is not None else None
        return Node(
            stored.name, stored.kind, value=value, text=stored.text or "",
            named=stored.kind == "input" or stored.name in program.assigned,
        )  # fmt: skip
    if op not in OPS or not OPS[op].accepts(len(stored.operands)):
        raise OptionError(
            said("{name} is no operation of {count} operands", name=quoted(op), count=len(stored.operands))
        )
    options = tuple(stored.options.items())
    OPS[op].with_options(options)  # refuses options that the operation does not have
    whole = tuple((name, int(v) if name == "index" else v) for name, v in options)
    return Node(
        stored.name, "operation", op, tuple(places[name] for name in stored.operands), whole,
        text=stored.text or "", named=stored.name in program.assigned,
    )  # fmt: skip


def _compared(found: Stored, derivation: Derivation) -> None:
    """Refuse numbers that are not the program's at its point."""
    for place, stored in enumerate(found.nodes):
        for given, own, what in (
            (stored.value, derivation.numbers[place], ""),
            (stored.gradient, derivation.upstreams[place], f"d{found.output}/d"),
        ):
            if given is None or own is None:
                continue
            number = _number(given)
            if number != own and not math.isclose(float(number), float(own), rel_tol=1e-12):
                raise OptionError(
                    said(
                        "the JSON says {name} = {given}, and its program gives {own}",
                        name=f"{what}{stored.name}", given=str(number), own=str(own),
                    )
                )  # fmt: skip
