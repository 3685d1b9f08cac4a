"""Watching one eager call: every operation, backward pass and update that it makes, in order.

Python itself tells, through its profiling hook, which functions are called with what; so the engine pays
nothing while nobody watches. Functions that a user wrote are read (`reading`): a step may only be replaced
by a program where all that it does is among the events here.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from types import CodeType, FrameType, GeneratorType
from typing import Any, NamedTuple

import numpy as np

from ..autograd import requests, tape
from ..autograd.tape import MODE, Tensor
from ..functions import choosing, extremes, indexing, pairs
from ..fused import affine, normalizing
from ..nn import calling, layers
from ..nn import module as modules
from ..nn import utils as clipping
from ..optim.optimizer import Optimizer
from ..tensors import conversions, creation, randomness, writes
from ..tensors import tensor as tensors
from ..tensors.devices import device
from ..tensors.dtypes import dtype
from .escaping import escapes
from .reading import Reader, users
from .recording import AFFINE, LOSS, MANY, ONE, RECORD, code_of, outer, recording
from .values import Unwritable
from .wholes import WHOLES

__all__ = ["Event", "Watch"]


class Event(NamedTuple):
    """One thing that the call did: its kind, what it was done with, and the tensor that came of it."""

    kind: str
    given: dict[str, Any]
    made: Any = None


def _getter(name: str) -> Any:
    """Return the property of tensors of a name."""
    return vars(tensors.Tensor)[name]


class Watch:
    """What one call does; `trouble` is the first thing that keeps it from being written."""

    def __init__(self, reader: Reader) -> None:
        self.events: list[Event] = []
        self.reader = reader
        self.trouble: str = ""
        self.reads: list[tuple[Any, Any]] = []
        self.made: dict[int, Any] = {}  # arrays of tensors made on the way, kept alive
        self._open: list[tuple[FrameType, Callable[[FrameType, Any], None]]] = []
        self._whole: FrameType | None = None  # what is followed as one: its inner calls are not

    def call(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Return what the function returns, having watched it."""
        if sys.getprofile() is not None:
            self.trouble = "a profiler is running, and only one function can follow the calls"
            return function(*args, **kwargs)
        sys.setprofile(self._seen)
        try:
            return function(*args, **kwargs)
        finally:
            sys.setprofile(None)

    def stop(self, why: str) -> None:
        """Note why the call cannot be written; the first reason stays."""
        if not self.trouble:
            self.trouble = why

    # what Python tells

    def _seen(self, frame: FrameType, event: str, arg: Any) -> None:
        try:
            if event == "call":
                self._called(frame)
            elif event == "return":
                if self._open and self._open[-1][0] is frame:
                    self._open.pop()[1](frame, arg)
                if self._whole is frame:
                    self._whole = None
            elif event == "c_call":
                if arg is warnings.warn:
                    self.stop("the step warns, which a program would leave out")
                elif users(frame):
                    self.reader.allow_builtin(frame, arg)
        except Unwritable as why:
            self.stop(str(why))
        except Exception as error:  # nothing that goes wrong here may reach the step that is watched
            self.stop(f"it could not be followed ({type(error).__name__}: {error})")

    def _called(self, frame: FrameType) -> None:
        code = frame.f_code
        if self._whole is not None:
            return
        handler = _HANDLERS.get(code)
        if handler is not None:
            handler(self, frame)
            return
        if users(frame):
            self.reader.read(frame)
        elif frame.f_back is not None and users(frame.f_back):
            self.reader.allow(frame)

    # the handlers

    def _on_record(self, frame: FrameType) -> None:
        caller = frame.f_back
        if caller is not None and caller.f_code in (AFFINE, LOSS):
            return  # seen there already
        given = recording(frame)

        def returned(frame: FrameType, made: Any) -> None:
            self.made[id(made._a)] = made
            self.events.append(Event("operation", given, made))

        self._open.append((frame, returned))

    def _on_whole(self, frame: FrameType) -> None:
        whole = WHOLES[frame.f_code]
        call = whole.read(frame.f_locals)
        if call is None:
            return
        self._whole = frame
        given = {"name": frame.f_code.co_name.removeprefix("_"), "whole": whole, "grad": MODE.grad,
                 "operands": call.operands, "settings": call.settings}

        def returned(frame: FrameType, made: Any) -> None:
            parts = made if isinstance(made, tuple) else (made,)
            if made is not None:
                self.made.update((id(each._a), each) for each in parts)
                self.events.append(Event("whole", given, parts))

        self._open.append((frame, returned))

    def _on_constant(self, frame: FrameType) -> None:
        """Take what is made of plain numbers alone for a constant of the program."""
        caller, own = outer(frame), frame.f_locals
        if caller.f_code.co_filename != frame.f_code.co_filename and not users(caller):
            caller = outer(caller)  # what checks the first argument
        if not users(caller):
            return
        if own.get("requires_grad") or not _plain([own[name] for name in own if name != "input"]):
            self.reader.allow(frame)
            return
        self._whole = frame

        def returned(frame: FrameType, made: Any) -> None:
            if made is not None:
                self.made[id(made._a)] = made
                self.events.append(Event("constant", {"array": made._a.copy()}, made))

        self._open.append((frame, returned))

    def _on_many(self, frame: FrameType) -> None:
        name = frame.f_locals["rule"].node.__name__

        def returned(frame: FrameType, made: Any) -> None:
            for each in made or ():
                self.made[id(each._a)] = each
                self.events.append(Event("unknown", {"name": name}, each))

        self._open.append((frame, returned))

    def _on_wrap(self, frame: FrameType) -> None:
        array = frame.f_locals["array"]
        caller = outer(frame)
        name, around = caller.f_code.co_name, caller.f_locals
        event: Event | None = None
        if caller.f_code in _COMPARED:
            operands = [around["x"], around["y"]]
            event = Event("ufunc", {"name": around["ufunc"].__name__, "operands": operands})
        elif caller.f_code in _ASKED:
            ufunc = around.get("ufunc", np.invert)
            event = Event("ufunc", {"name": ufunc.__name__, "operands": [around["input"]]})
        elif caller.f_code is _PLACE:
            event = Event("place", {"name": around["called"], "operands": [around["input"]],
                                    "dim": around.get("dim"), "keep": around.get("keepdim")})
        elif caller.f_code is _CAST:
            event = Event("cast", {"operands": [around["x"]], "dtype": around["kind"]})
        elif caller.f_code in (_GRAD, _DETACHED, _DATA):
            return  # the same array: it is known, or known not to be
        known = id(array) in self.made

        def returned(frame: FrameType, made: Any) -> None:
            if event is not None:
                self.events.append(event._replace(made=made))
            elif not known:
                self.events.append(Event("unknown", {"name": name}, made))
            self.made[id(made._a)] = made

        self._open.append((frame, returned))

    def _whole_event(self, kind: str, frame: FrameType, *names: str) -> None:
        own = frame.f_locals
        event = Event(kind, {name: own[name] for name in names})
        self._whole = frame
        listed = event.given.get("parameters")
        if isinstance(listed, GeneratorType):
            at = listed.gi_frame
            source = at.f_locals if at is not None and listed.gi_code is _PARAMETERS else {}
            if "self" not in source:
                raise Unwritable("gradients are clipped of an iterator whose parameters are not known")
            event.given["parameters"] = list(source["self"].parameters(source["recurse"]))
        if kind != "clip":
            self.events.append(event)
            return

        def returned(frame: FrameType, made: Any) -> None:
            if made is not None:
                self.made[id(made._a)] = made
            self.events.append(event._replace(made=made))

        self._open.append((frame, returned))

    def _on_backward(self, frame: FrameType) -> None:
        own = frame.f_locals
        if frame.f_code is _SCALAR:
            self._whole_event("backward", frame, "root", "keep")
            return
        if own["grad_tensors"] is not None or own["create_graph"] or own["inputs"] is not None:
            raise Unwritable("backward() is called with arguments that a compiled step does not follow")
        if not isinstance(own["tensors"], Tensor):
            raise Unwritable("backward() of several roots is not followed")
        keep = bool(own["retain_graph"])
        self.events.append(Event("backward", {"root": own["tensors"], "keep": keep}))
        self._whole = frame

    def _on_key(self, frame: FrameType) -> None:
        if isinstance(frame.f_locals["part"], Tensor):
            raise Unwritable("a tensor is indexed by a tensor")

    def _on_step(self, frame: FrameType) -> None:
        if frame.f_locals["closure"] is not None:
            raise Unwritable("optimizer.step() is called with a closure")
        self._whole_event("step", frame, "self")

    def _on_write(self, frame: FrameType) -> None:
        own = frame.f_locals
        x, result = own["x"], own["result"]
        if x._edge is not None or (result._rg and MODE.grad):
            raise Unwritable("a tensor that takes part in a graph is written in place")
        if result._a.dtype != x._a.dtype or result._a.shape != x._a.shape:
            raise Unwritable("a write in place changes the dtype or repeats what is written")
        self._whole_event("write", frame, "x", "result")

    def _on_zero(self, frame: FrameType) -> None:
        x = next(iter(frame.f_locals.values()))
        if x._edge is not None or (x._rg and MODE.grad):
            raise Unwritable("a tensor that takes part in a graph is written in place")
        self.events.append(Event("write", {"x": x, "result": None}))
        self._whole = frame

    def _on_read(self, frame: FrameType) -> None:
        tensor = frame.f_locals["self"]
        caller = frame.f_back
        if caller is None or not users(caller):
            raise Unwritable(f"{frame.f_code.co_name}() reads a number out on the way")
        if escapes(caller):
            raise Unwritable(
                f"a number is read out of a tensor and used in Python (line {caller.f_lineno} of "
                f"{caller.f_code.co_name}); a number that is only returned may be read")

        def returned(frame: FrameType, made: Any) -> None:
            self.reads.append((made, tensor))
            self.events.append(Event("read", {"operands": [tensor]}, made))

        self._whole = frame
        self._open.append((frame, returned))

    def _on_norm(self, frame: FrameType) -> None:
        self.events.append(Event("norm", dict(frame.f_locals)))

    def _on_grad(self, frame: FrameType) -> None:
        leaf = frame.f_locals["self"]

        def returned(frame: FrameType, made: Any) -> None:
            if made is not None:
                self.made[id(made._a)] = made
                self.events.append(Event("gradient", {"leaf": leaf, "array": made._a}))

        self._open.append((frame, returned))

    def _on_setting_grad(self, frame: FrameType) -> None:
        if frame.f_locals["value"] is not None:
            raise Unwritable("`.grad` is assigned a tensor")
        self.events.append(Event("forget", {"leaf": frame.f_locals["self"]}))

    def _on_count(self, frame: FrameType) -> None:
        module = frame.f_locals["self"]
        own = module.__dict__
        count = own["_buffers"]["num_batches_tracked"]
        if own["training"] and own["track_running_stats"] and count is not None:
            if own["momentum"] is None:
                raise Unwritable("batch normalisation with momentum=None weighs by how many batches it saw")
            self.events.append(Event("count", {"buffer": count}))


def _plain(given: Any) -> bool:
    """Return whether there are only plain values, and lists of these."""
    waiting = list(given)
    while waiting:
        each = waiting.pop()
        if isinstance(each, (list, tuple, dict)):
            waiting.extend(each.values() if isinstance(each, dict) else each)
        elif not isinstance(each, (int, float, str, type(None), dtype, device)):
            return False
    return True


def _refuse(why: str) -> Callable[[Watch, FrameType], None]:
    def handler(watch: Watch, frame: FrameType) -> None:
        raise Unwritable(why)

    return handler


def _drawn(watch: Watch, frame: FrameType) -> None:
    """Let dropout draw from the default generator, and nothing else."""
    caller: FrameType | None = frame.f_back
    while caller is not None and caller.f_globals.get("__name__") == randomness.__name__:
        caller = caller.f_back
    if caller is None or caller.f_code is not _DROPOUT:
        raise Unwritable("random numbers are drawn that are not dropout's")


_DROPOUT = code_of(affine.dropout)
_PARAMETERS = code_of(modules.Module.parameters)
_SCALAR, _BACKWARD = code_of(requests.from_scalar), code_of(requests.backward)
_CAST, _PLACE = code_of(pairs.cast), code_of(extremes._place)
_COMPARED = {code_of(choosing.eq), code_of(choosing.bitwise_and)}
_ASKED = {code_of(choosing.isnan), code_of(choosing.bitwise_not)}
_GRAD, _DATA = code_of(_getter("_grad").fget), code_of(_getter("data").fget)
_DETACHED = code_of(tensors.detached)
_READERS = (
    conversions.item, *(conversions.METHODS[name] for name in ("__float__", "__int__", "tolist")),
)
_VALUES = {
    conversions.truth: "the value of a tensor decides what Python does next",
    conversions.numpy: "a tensor's array is taken out with numpy()",
    conversions.METHODS["__format__"]: "a tensor is written as text",
    conversions.METHODS["__repr__"]: "a tensor is written as text",
    conversions.METHODS["__index__"]: "a tensor's number is used as an index in Python",
    conversions.contains: "the value of a tensor decides what Python does next",
    choosing.equal: "the value of a tensor decides what Python does next",
}
_GENERATOR = [getattr(randomness.Generator, name) for name in (
    "manual_seed", "seed", "set_state", "words", "random64", "uniform32", "uniform64", "below", "normal",
    "permutation")]

_HANDLERS: dict[CodeType, Callable[[Watch, FrameType], None]] = {
    **dict.fromkeys(WHOLES, Watch._on_whole),
    **{code_of(getattr(creation, name)): Watch._on_constant for name in (
        "tensor", "zeros", "ones", "full", "eye", "arange", "linspace", "zeros_like", "ones_like",
        "full_like")},
    **dict.fromkeys((RECORD, ONE, AFFINE, LOSS), Watch._on_record),
    MANY: Watch._on_many, code_of(tape.wrap): Watch._on_wrap,
    _SCALAR: Watch._on_backward, _BACKWARD: Watch._on_backward,
    code_of(requests.grad): _refuse("autograd.grad() is called"), code_of(indexing._part): Watch._on_key,
    code_of(Optimizer.step): Watch._on_step,
    code_of(Optimizer.zero_grad): lambda watch, frame: watch._whole_event(
        "zero", frame, "self", "set_to_none"),
    code_of(modules.Module.zero_grad): lambda watch, frame: watch._whole_event(
        "zero", frame, "self", "set_to_none"),
    code_of(clipping.clip_grad_norm_): lambda watch, frame: watch._whole_event(
        "clip", frame, "parameters", "max_norm", "norm_type", "error_if_nonfinite"),
    code_of(clipping.clip_grad_value_): lambda watch, frame: watch._whole_event(
        "clip_value", frame, "parameters", "clip_value"),
    _GRAD: Watch._on_grad, code_of(_getter("grad").fset): Watch._on_setting_grad,
    code_of(writes.write): Watch._on_write, code_of(writes.zero_): Watch._on_zero,
    code_of(normalizing.batch_norm): Watch._on_norm,
    code_of(layers.BatchNorm1d.forward): Watch._on_count,
    **{code_of(function): Watch._on_read for function in _READERS},
    **{code_of(function): _refuse(why) for function, why in _VALUES.items()},
    **{code_of(function): _drawn for function in _GENERATOR},
    code_of(calling.call_with_hooks): _refuse("a module carries hooks"),
}
"""What is done when a function of the engine is called."""
