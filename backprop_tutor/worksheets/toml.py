"""Tables written as TOML, for problem files that were changed or made; what `tomllib` reads back.

Knows the kinds that a problem file has: texts, numbers, truth values, lists, tables, and lists of
tables, inside another table a line each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def toml_text(tables: Mapping[str, Any]) -> str:
    r"""Return the tables as TOML.

    >>> print(toml_text({"seed": 7, "problem": [{"id": "p1", "values": {"x": {"from": -3, "to": 3}}}]}))
    seed = 7
    <BLANKLINE>
    [[problem]]
    id = "p1"
    values = { x = { from = -3, to = 3 } }
    <BLANKLINE>
    """
    lists = {key: item for key, item in tables.items() if _is_list_of_tables(item)}
    lines = [f"{_key(key)} = {_value(item)}" for key, item in tables.items() if key not in lists]
    for name, rows in lists.items():
        for row in rows:
            lines += ["", f"[[{_key(name)}]]"]
            lines += [f"{_key(key)} = {_value(item)}" for key, item in row.items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _is_list_of_tables(item: object) -> bool:
    return isinstance(item, list) and bool(item) and all(isinstance(row, Mapping) for row in item)


def _key(key: str) -> str:
    return key if _BARE.match(key) else _text(key)


def _text(text: str) -> str:
    # JSON's escapes are TOML's; JSON leaves DEL as it is and TOML does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(item: Any) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return _text(item)
    if isinstance(item, int | float):
        return repr(item)
    if isinstance(item, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(value)}" for key, value in item.items())
        return f"{{ {inside} }}" if inside else "{}"
    if _is_list_of_tables(item):
        return "[\n" + "".join(f"  {_value(row)},\n" for row in item) + "]"
    if isinstance(item, list | tuple):
        return f"[{', '.join(map(_value, item))}]"
    raise TypeError(f"a problem file holds no {type(item).__name__}")
