"""What the tape is recording at a moment: record, operands and settings, asked of Python's frames."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Any

from ...ops.tensors import TENSOR_OPS
from ..autograd import tape
from ..autograd.tape import MODE
from ..functions import elementwise, extremes, recorded
from ..fused import affine

__all__ = ["AFFINE", "LOSS", "MANY", "ONE", "RECORD", "code_of", "outer", "recording"]


def code_of(function: Any) -> CodeType:
    """Return the code of a function, a method, or what a decorator stands around."""
    function = getattr(function, "__func__", function)
    function = getattr(function, "__wrapped__", function)
    return function.__code__  # type: ignore[no-any-return]


def _told(rule: Any, inputs: Any, saved: Any, options: Any) -> dict[str, Any] | None:
    """Return the record, operands and settings of a node, from what is recorded of it."""
    told = rule.node.told
    if told is None:
        return None
    if told.kind == "joined":
        dim = options[0] if told.name == "concatenate" else options
        return {"kind": "joined", "name": told.name, "operands": list(inputs), "settings": {"dim": dim}}
    if told.kind in ("same", "softplus", "power"):
        return {"kind": told.kind, "name": told.name, "operands": [inputs[0]], "settings": options}
    if told.kind == "row":
        settings = options if isinstance(options, dict) else {}
        return {"kind": "row", "name": told.name, "operands": list(inputs), "settings": settings}
    settings = options[0]
    total = len(TENSOR_OPS[told.name].operands)
    operands: list[Any] = [None] * total
    for slot, each in zip(told.held, saved or (), strict=False):
        if slot < total and each is not tape.OUT:
            operands[slot] = each
    for slot, each in zip(told.order, inputs, strict=False):
        if each is not None:
            operands[slot] = each
    return {"kind": "record", "name": told.name, "operands": operands, "settings": settings}


def outer(frame: FrameType) -> FrameType:
    """Return the frame that called."""
    assert frame.f_back is not None
    return frame.f_back


def recording(frame: FrameType) -> dict[str, Any]:
    """Return what `record` and its kin are recording, asking the function that called them."""
    own = frame.f_locals
    rule = own["rule"]
    caller = outer(frame)
    around = caller.f_locals
    found: dict[str, Any] | None = None
    if caller.f_code is _RECORDED:
        settings = dict(around["settings"])
        found = {"kind": "record", "name": around["self"].row.name, "operands": list(around["operands"]),
                 "settings": settings}
        if around["self"] is extremes.MEDIAN:
            return {"kind": "unknown", "name": "median", "operands": [], "settings": {}, "grad": MODE.grad}
        if around["self"] is extremes.MIN_ALL:  # it shares a way back with the largest
            found["name"] = "min"
        if around["self"] is affine.DROPOUT:
            thinned = outer(outer(caller))
            found["kind"], found["settings"] = "dropout", {"p": thinned.f_locals["p"]}
    elif caller.f_code in _BINARY:
        operands = [around["x"] if around["a"] is None else around["a"],
                    around["y"] if around["b"] is None else around["b"]]
        found = {"kind": "row", "name": rule.node.told.name, "operands": operands, "settings": {}}
    elif caller.f_code in _SEVERAL:
        found = {"kind": "row", "name": rule.node.told.name, "operands": list(around["tensors"]),
                 "settings": around["chosen"]}
    else:
        inputs = own.get("inputs")
        if frame.f_code is ONE:
            inputs = (own["x"],)
        elif frame.f_code is AFFINE:
            inputs = (own["bias"], own["x"], own["weight"])
        elif frame.f_code is LOSS:
            inputs = (own["x"], own["target"])
        found = _told(rule, inputs, own.get("saved"), own["options"])
    found = found or {"kind": "unknown", "name": rule.node.__name__, "operands": [], "settings": {}}
    found["grad"] = MODE.grad
    return found


RECORD, ONE = code_of(tape.record), code_of(tape.record_one)
AFFINE, LOSS, MANY = (code_of(f) for f in (tape.record_affine, tape.record_loss, tape.record_many))
_RECORDED = code_of(recorded.Recorded.record)
_BINARY = {code_of(elementwise.binary("add", "AddBackward0"))}
_SEVERAL = {code_of(elementwise.several("multiply", "MulBackward0"))}
