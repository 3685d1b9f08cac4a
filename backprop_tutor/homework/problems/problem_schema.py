"""What a problem file may say, key by key: the pydantic models that TOML is validated against.

Enters: the tables of a TOML file. Leaves: models whose fields have the right kinds. Whether a
program parses, a name exists or a quantity can be asked is looked at in `problems`, not here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
)

from ...choices import Attempts, Kinks
from ...matrices.given import is_array
from ...sentences import said

__all__ = [
    "ARRAY",
    "BY_NAME",
    "IN_SETS",
    "PLAIN",
    "TABLE",
    "CellTable",
    "NetworkTable",
    "ProblemTable",
    "RangeTable",
    "SheetTable",
]

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}\Z")


def _identifier(text: str) -> str:
    if not _IDENTIFIER.match(text):
        raise ValueError(
            said(
                "an id has letters, digits, `_`, `-` and `.`, begins with a letter or digit, "
                "and is at most 64 characters long"
            )
        )
    return text


def _not_bool(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError(said("a truth value is not a number"))
    return given


def _finite(number: float) -> float:
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(said("a finite number is expected"))
    return number


def _numeral(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError(said("a truth value is not a number"))
    if not isinstance(given, int | float | str):
        raise ValueError(said('a number, or a text such as "1/3", is expected'))
    if isinstance(given, str) and len(given) > 400 and not is_array(given):
        raise ValueError(said("a number has at most 400 characters"))
    return given


def _amount(given: Any) -> Any:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(said("a number, 0 or more, is expected"))
    return given


def _kind(given: Any) -> str:
    """Return whether a value is a table, an array, or stands for itself; the kinds name pydantic's tags."""
    if isinstance(given, list):
        return ARRAY
    return TABLE if isinstance(given, dict | BaseModel) else PLAIN


def _nested(given: Any) -> Any:
    """Return nested lists of numbers, or of texts such as "1/3"."""
    waiting = [(given, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, list):
            if depth > 4:
                raise ValueError(said("at most four lists lie in each other"))
            waiting += [(inner, depth + 1) for inner in item]
        else:
            _numeral(item)
    return given


PLAIN, TABLE, ARRAY = "as a value", "as a table", "as an array"
BY_NAME, IN_SETS = "by name", "in sets"


def _arrangement(given: Any) -> str:
    """Return whether values stand by name, or in sets of which a student gets one."""
    return IN_SETS if isinstance(given, list) else BY_NAME


Amount = Annotated[float, Field(ge=0), BeforeValidator(_amount), AfterValidator(_finite)]
"""Limits stand beside the type: behind a function pydantic writes them under names of its own."""

Numeral = Annotated[int | float | str, BeforeValidator(_numeral)]
Nested = Annotated[list[Any], BeforeValidator(_nested)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Wanted = Literal["number", "formula"]


class _Table(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=False)


class RangeTable(_Table):
    """Where a value is drawn from, for each student: an interval with a step, or a list."""

    low: Numeral | None = Field(default=None, validation_alias=AliasChoices("from", "low"))
    high: Numeral | None = Field(default=None, validation_alias=AliasChoices("to", "high"))
    step: Numeral = 1
    choose: list[Numeral] | None = Field(default=None, min_length=1, max_length=10_000)
    but: list[Numeral] = Field(default_factory=list, validation_alias=AliasChoices("not", "but"))
    shape: list[int] | None = None


Value = Annotated[
    Annotated[Numeral, Tag(PLAIN)] | Annotated[RangeTable, Tag(TABLE)] | Annotated[Nested, Tag(ARRAY)],
    Discriminator(_kind),
]
"""A number or an array for all students, or where each student's own one is drawn from."""

SetValue = Annotated[
    Annotated[Numeral, Tag(PLAIN)] | Annotated[Nested, Tag(ARRAY)], Discriminator(_kind)
]
"""A number or an array of one set of values."""


class NetworkTable(_Table):
    """A small network, as `bt.network` makes it."""

    sizes: list[int] = Field(min_length=2, validation_alias=AliasChoices("sizes", "layers"))
    activation: str | list[str] = "sigmoid"
    loss: str | None = "half_squared_error"
    biases: str | None = "node"
    seed: int = 0
    names: dict[str, Any] | None = None


class CellTable(_Table):
    """What holds for one quantity alone."""

    points: Amount | None = None
    tolerance: Any = None
    want: Wanted | None = None
    accept: list[Numeral] = Field(default_factory=list, max_length=1000)


class ProblemTable(_Table):
    """One problem."""

    id: Identifier
    title: str = ""
    text: str = ""
    program: str | None = None
    network: NetworkTable | None = None
    of: str | None = None
    expand: str | list[str] = ""
    values: Annotated[
        Annotated[dict[str, Value], Tag(BY_NAME)]
        | Annotated[
            list[dict[str, SetValue]], Field(min_length=1, max_length=10_000), Tag(IN_SETS)
        ],
        Discriminator(_arrangement),
    ] = Field(default_factory=dict)
    ask: str | list[str] = Field(
        default_factory=lambda: ["all values", "all gradients"],
        validation_alias=AliasChoices("ask", "asked"),
    )
    want: Wanted = "number"
    formulas: list[str] = Field(default_factory=list)
    points: Annotated[
        Annotated[Amount, Tag(PLAIN)] | Annotated[dict[str, Amount], Tag(TABLE)],
        Discriminator(_kind),
    ] = 1
    total: Amount | None = None
    tolerance: Any = None
    follow_through: Annotated[float, Field(ge=0, le=1), BeforeValidator(_not_bool)] | None = None
    lr: Numeral | None = None
    domain: Any = None
    kinks: Kinks | None = None
    small_gradients: bool = False
    cells: dict[str, CellTable] = Field(default_factory=dict)


class SheetTable(_Table):
    """A whole file."""

    title: str = ""
    seed: int | str = 0
    tolerance: Any = None
    follow_through: Annotated[float, Field(ge=0, le=1), BeforeValidator(_not_bool)] = 1.0
    kinks: Kinks = "convention"
    students: str | list[str] = Field(default_factory=list)
    attempts: Attempts = "last"
    headings: dict[str, str] = Field(default_factory=dict)
    problems: list[ProblemTable] = Field(
        min_length=1, validation_alias=AliasChoices("problem", "problems")
    )
