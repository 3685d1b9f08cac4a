"""Whether a number that a step reads out of a tensor is only returned, or may be computed with."""

from __future__ import annotations

import dis
from types import FrameType
from typing import Any

__all__ = ["escapes"]

_LOADS = ("LOAD_FAST", "LOAD_CONST", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_NAME", "LOAD_SMALL_INT")


def escapes(frame: FrameType) -> bool:
    """Return whether the number that a call in this frame is about to return may be computed with.

    It may not where it is returned, alone or in a tuple, list or dictionary, at once or by way of a name.
    """
    listed = [each for each in dis.get_instructions(frame.f_code) if each.opname != "CACHE"]
    start = next((i for i, each in enumerate(listed) if each.offset > frame.f_lasti), None)
    return start is None or not _only_returned(listed, start, set())


def _only_returned(listed: list[Any], start: int, names: set[str]) -> bool:
    """Follow the number from the stack's top; `above` counts what was pushed on it since."""
    above = 0
    for each in listed[start:]:
        name = each.opname
        if name in ("RETURN_VALUE",):
            return above == 0
        if name in ("PRECALL", "NOP", "RESUME", "KW_NAMES"):
            continue
        if name == "LOAD_GLOBAL":
            above += 2 if "NULL" in str(each.argrepr) else 1
        elif name.startswith("LOAD_FAST") and isinstance(each.argval, tuple):
            above += 2
        elif name in _LOADS or name == "PUSH_NULL" or name.startswith("LOAD_FAST"):
            above += 1
        elif name == "LOAD_METHOD" or (name == "LOAD_ATTR" and "NULL" in str(each.argrepr)):
            if above == 0:
                return False
            above += 1
        elif name == "LOAD_ATTR":
            if above == 0:
                return False
        elif name == "CALL":
            if above < each.arg + 2:
                return False
            above -= each.arg + 1
        elif name in ("BUILD_TUPLE", "BUILD_LIST"):
            above = 0 if above < each.arg else above - each.arg + 1
        elif name == "BUILD_CONST_KEY_MAP":
            above = 0 if above < each.arg + 1 else above - each.arg
        elif name == "BUILD_MAP":
            above = 0 if above < 2 * each.arg else above - 2 * each.arg + 1
        elif name == "STORE_FAST":
            if above:
                return False
            if each.argval in names:
                return True
            fast = [other.argval for other in listed if "_FAST" in other.opname]
            if any(isinstance(pair, tuple) and each.argval in pair for pair in fast):
                return False  # two names in one instruction
            loads = [i for i, other in enumerate(listed)
                     if other.opname.startswith("LOAD_FAST") and other.argval == each.argval]
            return all(_only_returned(listed, i + 1, {*names, each.argval}) for i in loads)
        elif name in ("COMPARE_OP", "BINARY_OP", "BINARY_SUBSCR", "IS_OP", "CONTAINS_OP"):
            if above < 2:
                return False
            above -= 1
        elif name == "POP_TOP":
            if above == 0:
                return True
            above -= 1
        else:
            return False
    return False
