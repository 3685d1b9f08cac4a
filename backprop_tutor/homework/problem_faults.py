"""The faults of a problem file in our words, each with its problem and key.

Enters: what pydantic reports. Leaves: sentences such as "problem 2 (`net`), `points`: ...".
"""

from __future__ import annotations

from typing import Any

from ..errors import did_you_mean, quoted
from .problem_schema import (
    BY_NAME,
    IN_SETS,
    PLAIN,
    TABLE,
    CellTable,
    NetworkTable,
    ProblemTable,
    SheetTable,
)

__all__ = ["listed_faults", "schema_fault"]


_TAGS = ("int", "float", "str", "list[str]", PLAIN, TABLE, BY_NAME, IN_SETS)
"""What pydantic puts into a place to tell which of several kinds it tried."""

_OURS = {
    "missing": "this key is missing",
    "list_type": "a list is expected",
    "dict_type": "a table is expected",
    "model_type": "a table is expected",
    "model_attributes_type": "a table is expected",
    "string_type": "text is expected",
    "int_type": "a whole number is expected",
    "greater_than_equal": "0 or more is expected",
}
"""Our words for pydantic's kinds of faults, where these say more."""


def listed_faults(source: str, faults: list[str]) -> str:
    """Return one message with every fault on a line of its own."""
    count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
    return f"{quoted(source, 200)}: {count}\n" + "\n".join(f"  {fault}" for fault in faults[:100])


def schema_fault(fault: Any, tables: dict[str, Any]) -> str:
    """Return one of pydantic's faults in our words, with its place in the file."""
    place: list[str] = []
    problems = tables.get("problem", tables.get("problems"))
    parts = [part for part in fault["loc"] if part not in _TAGS]
    if len(parts) > 1 and parts[0] in ("problem", "problems") and isinstance(parts[1], int):
        number = parts[1]
        given = (
            problems[number].get("id")
            if isinstance(problems, list) and isinstance(problems[number], dict)
            else None
        )
        place.append(
            f"problem {number + 1}" + (f" ({quoted(given)})" if isinstance(given, str) else "")
        )
        parts = parts[2:]
    if parts:
        place.append("`" + ".".join(str(part) for part in parts) + "`")
    message = _OURS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    if fault["type"] == "extra_forbidden":
        fields = _fields(fault["loc"])
        hint = did_you_mean(str(parts[-1]), fields) if parts else ""
        message = "there is no such key" + (f"; {hint}" if hint else "")
    return f"{', '.join(place) or 'the file'}: {message}"


def _fields(place: tuple[int | str, ...]) -> list[str]:
    """Return the keys that may stand where a key is not known."""
    if TABLE in place:
        return ["from", "to", "step", "choose", "not"]
    if len(place) > 3 and place[2] == "cells":
        return list(CellTable.model_fields)
    if len(place) > 3 and place[2] == "network":
        return list(NetworkTable.model_fields)
    if len(place) > 2:
        return list(ProblemTable.model_fields)
    return ["problem" if name == "problems" else name for name in SheetTable.model_fields]
