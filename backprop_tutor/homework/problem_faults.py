"""The faults of a problem file in our words, each with its problem and key.

Enters: what pydantic reports. Leaves: sentences such as "problem 2 (`net`), `points`: ...".
"""

from __future__ import annotations

from typing import Any

from ..errors import did_you_mean, quoted
from .problem_schema import ProblemTable, SheetTable

__all__ = ["listed_faults", "schema_fault"]


def listed_faults(source: str, faults: list[str]) -> str:
    """Return one message with every fault on a line of its own."""
    count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
    return f"{quoted(source, 200)}: {count}\n" + "\n".join(f"  {fault}" for fault in faults[:100])


def schema_fault(fault: Any, tables: dict[str, Any]) -> str:
    """Return one of pydantic's faults in our words, with its place in the file."""
    place: list[str] = []
    problems = tables.get("problem", tables.get("problems"))
    parts = [part for part in fault["loc"] if part not in ("RangeTable", "int", "float", "str")]
    parts = [
        part for part in parts if not str(part).startswith(("constrained", "function", "dict["))
    ]
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
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        fields = _fields(len(fault["loc"]) > 2 and fault["loc"][0] in ("problem", "problems"))
        hint = did_you_mean(str(parts[-1]), fields) if parts else ""
        message = "there is no such key" + (f"; {hint}" if hint else "")
    elif fault["type"] == "missing":
        message = "this key is missing"
    return f"{', '.join(place) or 'the file'}: {message}"


def _fields(inside_problem: bool) -> list[str]:
    model = ProblemTable if inside_problem else SheetTable
    return ["problem" if name == "problems" else name for name in model.model_fields]
