"""The faults of a problem file in our words, each with its problem and key.

Enters: what pydantic reports. Leaves: sentences such as "problem 2 (`net`), `points`: ...".
"""

from __future__ import annotations

from typing import Any

from ...errors import did_you_mean, quoted
from ...sentences import N_, counted, said, sentence
from .problem_schema import (
    ARRAY,
    BY_NAME,
    IN_SETS,
    PLAIN,
    TABLE,
    CellTable,
    NetworkTable,
    ProblemTable,
    SheetTable,
)

__all__ = ["MOST_LISTED", "listed_faults", "schema_fault"]


_TAGS = ("int", "float", "str", "list[str]", PLAIN, TABLE, ARRAY, BY_NAME, IN_SETS)
"""What pydantic puts into a place to tell which of several kinds it tried."""

_OURS = {
    "missing": N_("this key is missing"),
    "list_type": N_("a list is expected"),
    "dict_type": N_("a table is expected"),
    "model_type": N_("a table is expected"),
    "model_attributes_type": N_("a table is expected"),
    "string_type": N_("text is expected"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), N_("a whole number is expected")),
    **dict.fromkeys(("float_type", "float_parsing"), N_("a number is expected")),
    "greater_than_equal": N_("0 or more is expected"),
}
"""Our words for pydantic's kinds of faults, where these say more."""


_BOUNDED = {
    "literal_error": N_("Input should be {expected}"),
    "too_short": N_("{min_length} or more items are expected"),
    "too_long": N_("at most {max_length} items are expected"),
    "less_than_equal": N_("{le:g} or less is expected"),
}
"""Our words for kinds of faults that name a bound."""


def _in_our_words(fault: Any) -> str:
    kind, told = fault["type"], fault["msg"].removeprefix("Value error, ")
    if kind in _OURS:
        return sentence(_OURS[kind])
    if kind in _BOUNDED:
        bounds = fault["ctx"]
        if "expected" in bounds:
            bounds = {"expected": bounds["expected"].replace(" or ", said(" or "))}
        return said(_BOUNDED[kind], **bounds)
    return str(told)


MOST_LISTED = 50
"""So many faults of a file are listed; whoever looks for them may stop at one more."""


def listed_faults(source: str, faults: list[str]) -> str:
    """Return one message with every fault on a line of its own, the first 50 of more."""
    count = counted(len(faults), N_("1 fault"), N_("{count} faults"))
    if len(faults) > MOST_LISTED:
        count = said("more than {most} faults, the first of which are", most=MOST_LISTED)
    listed = "\n".join(f"  {fault}" for fault in faults[:MOST_LISTED])
    return f"{quoted(source, 200)}: {count}\n{listed}"


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
            said("problem {number}", number=number + 1)
            + (f" ({quoted(given)})" if isinstance(given, str) else "")
        )
        parts = parts[2:]
    if parts:
        place.append("`" + ".".join(str(part) for part in parts) + "`")
    message = _in_our_words(fault)
    if fault["type"] == "extra_forbidden":
        fields = _fields(fault["loc"])
        hint = did_you_mean(str(parts[-1]), fields) if parts else ""
        message = said("there is no such key") + (f"; {hint}" if hint else "")
    return f"{', '.join(place) or said('the file')}: {message}"


def _fields(place: tuple[int | str, ...]) -> list[str]:
    """Return the keys that may stand where a key is not known."""
    if TABLE in place:
        return ["from", "to", "step", "choose", "not", "shape"]
    if len(place) > 3 and place[2] == "cells":
        return list(CellTable.model_fields)
    if len(place) > 3 and place[2] == "network":
        return list(NetworkTable.model_fields)
    if len(place) > 2:
        return list(ProblemTable.model_fields)
    return ["problem" if name == "problems" else name for name in SheetTable.model_fields]
