"""Reading the Python around a step: what it looks up outside itself, and what it must not do.

A program stands for a step only where the step does nothing but tensor operations. So functions that a user
wrote are read as bytecode: stores to anything that outlives the call are refused, and so are calls of
functions whose effect is not known. What they look up (globals, closures, `self`) is noted with what it
was, and is compared at every later call.
"""

from __future__ import annotations

import dis
import gc
import math
import os
from collections.abc import Callable, Iterator
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from ..nn.module import Module
from ..optim.optimizer import Optimizer
from ..tensors.dtypes import dtype
from .values import Unwritable

__all__ = ["Lookup", "Reader", "users"]

_HOUSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_PACKAGE = os.path.dirname(os.path.dirname(_HOUSE)) + os.sep
_GUESTS = tuple(_HOUSE + room + os.sep for room in ("training", "keras", "datasets", "plots"))
"""Rooms that stand on the engine's public names: their functions are read as a user's are."""

_LIBRARIES = (os.path.dirname(os.__file__) + os.sep, os.path.dirname(np.__file__) + os.sep, "<frozen",
              "<__array_function__")
ENGINE, LIBRARY, USER = "engine", "library", "user"
_KINDS: dict[CodeType, str] = {}


def _kind(code: CodeType) -> str:
    found = _KINDS.get(code)
    if found is None:
        name = code.co_filename
        if name.startswith(_PACKAGE) and not name.startswith(_GUESTS):
            found = ENGINE
        else:
            found = LIBRARY if name.startswith(_LIBRARIES) else USER
        _KINDS[code] = found
    return found


def users(frame: FrameType | None) -> bool:
    """Return whether a function is a user's: none of the engine's own, nor of a library that one calls."""
    while frame is not None:
        kind = _kind(frame.f_code)
        if kind is not LIBRARY:
            return kind is USER
        frame = frame.f_back
    return True


_STORES = {
    "STORE_GLOBAL": "sets the global name", "DELETE_GLOBAL": "deletes the global name",
    "STORE_ATTR": "sets the attribute", "DELETE_ATTR": "deletes the attribute",
    "STORE_SUBSCR": "writes an entry of", "DELETE_SUBSCR": "deletes an entry of",
    "STORE_SLICE": "writes a slice of", "IMPORT_NAME": "imports", "STORE_NAME": "sets the name",
}
_PLAIN = (int, float, bool, str, bytes, complex, type(None), type(Ellipsis), range, slice)
_SAFE_BUILTINS = {
    "len", "isinstance", "issubclass", "getattr", "hasattr", "abs", "sum", "callable", "sorted", "pow",
    "divmod", "items", "values", "keys", "get", "index", "count", "iter", "any", "all", "min", "max",
    "__new__", "__init__", "join", "startswith", "endswith", "split", "upper", "lower", "strip", "format",
}
_LIMIT = 4000


class Lookup:
    """One thing looked up outside the step: where it stands, and what stood there."""

    __slots__ = ("held", "key", "kind", "name", "place")

    held: Any
    key: Any
    kind: str
    name: str
    place: Any

    def __init__(self, kind: str, place: Any, key: Any, held: Any, name: str) -> None:
        self.kind, self.place, self.key, self.held, self.name = kind, place, key, held, name

    def now(self) -> Any:
        """Return what stands there now."""
        if self.kind == "item":
            try:
                return self.place[self.key]
            except (KeyError, IndexError):
                return _GONE
        if self.kind == "cell":
            try:
                return self.place.cell_contents
            except ValueError:
                return _GONE
        if self.kind == "length":
            return len(self.place)
        return getattr(self.place, self.key, _GONE)

    def same(self) -> bool:
        """Return whether it is what it was."""
        now = self.now()
        return now is self.held or (type(now) is type(self.held) in _PLAIN and _equal(now, self.held))


_GONE = object()


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) and (a.__class__ is not float or math.copysign(1, a) == math.copysign(1, b))


class Reader:
    """What was read of the functions of one call."""

    def __init__(self, step: Callable[..., Any]) -> None:
        self.step = step
        self.lookups: list[Lookup] = []
        self.modules: list[Module] = []
        self.optimizers: list[Optimizer] = []
        self.tensors: list[Tensor] = []
        self.names: dict[int, str] = {}
        self.owned: set[int] = set()
        self.on_tensor: Callable[[Tensor], None] = lambda tensor: None
        self.on_optimizer: Callable[[Optimizer], None] = lambda optimizer: None
        self._codes: set[CodeType] = set()
        self._seen: dict[int, Any] = {}
        self._nested: set[CodeType] = set()

    # roots

    def root(self, given: Any, name: str) -> None:
        """Note what can be reached from something that was looked up."""
        waiting = [(given, name)]
        while waiting:
            each, name = waiting.pop()
            if isinstance(each, (*_PLAIN, ModuleType, BuiltinFunctionType, dtype, np.generic)):
                continue
            if id(each) in self._seen:
                continue
            if len(self._seen) > _LIMIT:
                raise Unwritable("more is looked up outside the step than can be compared at every call")
            self._seen[id(each)] = each
            waiting.extend(reversed(list(self._reached(each, name))))

    def _reached(self, each: Any, name: str) -> Iterator[tuple[Any, str]]:
        if isinstance(each, Tensor):
            self.tensors.append(each)
            self.names.setdefault(id(each), name)
            self.on_tensor(each)
        elif isinstance(each, Optimizer):
            self.optimizers.append(each)
            self.on_optimizer(each)
            for number, group in enumerate(each.param_groups):
                for i, p in enumerate(group["params"]):
                    yield p, f"{name}.param_groups[{number}][{i}]"
        elif isinstance(each, Module):
            self.modules.append(each)
            own = each.__dict__
            for places in ("_parameters", "_buffers", "_modules"):
                for key, found in own.get(places, {}).items():
                    if found is not None:
                        self.owned.add(id(found))
                        if isinstance(found, Tensor):
                            self.names[id(found)] = f"{name}.{key}"
                        yield found, f"{name}.{key}"
            house = not _users_class(type(each))
            yield type(each), name
            for key, found in own.items():
                if key not in _OWN and not (house and key in _UNREAD):
                    self._note("item", own, key, found, f"{name}.{key}")
                    yield found, f"{name}.{key}"
        elif isinstance(each, dict):
            self._note("length", each, None, len(each), name)
            for key, found in each.items():
                if isinstance(key, _PLAIN):
                    self._note("item", each, key, found, f"{name}[{key!r}]")
                yield found, f"{name}[{key!r}]"
        elif isinstance(each, (list, tuple)):
            self._note("length", each, None, len(each), name)
            for i, found in enumerate(each):
                if isinstance(each, list):
                    self._note("item", each, i, found, f"{name}[{i}]")
                yield found, f"{name}[{i}]"
        elif isinstance(each, MethodType):
            yield each.__self__, name
        elif isinstance(each, type):
            for kind in each.__mro__ if _users_class(each) else ():
                for key, found in vars(kind).items() if _users_class(kind) else ():
                    if not key.startswith("__") and isinstance(found, (*_PLAIN, list, dict, tuple)):
                        self._note("item", vars(kind), key, found, f"{name}.{key}")
                        yield found, f"{name}.{key}"
        elif isinstance(each, FunctionType) or _of_house(each):
            return
        elif isinstance(each, Iterator) or not hasattr(each, "__dict__") or not _users_class(type(each)):
            raise Unwritable(
                f"{name} is a {type(each).__name__}, in which what changes cannot be compared")
        else:
            yield type(each), name
            for key, found in list(vars(each).items()):
                self._note("item", vars(each), key, found, f"{name}.{key}")
                yield found, f"{name}.{key}"

    def _note(self, kind: str, place: Any, key: Any, held: Any, name: str) -> None:
        self.lookups.append(Lookup(kind, place, key, held, name))

    def changed(self) -> str:
        """Return the first thing looked up that is no longer what it was; empty where all are."""
        return next((each.name for each in self.lookups if not each.same()), "")

    # functions

    def read(self, frame: FrameType) -> None:
        """Read a function that is called, the first time."""
        code = frame.f_code
        if code in self._codes:
            return
        self._codes.add(code)
        self._refuse_stores(code)
        self._nested.update(each for each in code.co_consts if isinstance(each, CodeType))
        for name in _globals_of(code):
            if name in frame.f_globals:
                found = frame.f_globals[name]
                self._note("item", frame.f_globals, name, found, name)
                self.root(found, name)
                if isinstance(found, ModuleType) and _users_module(found):
                    self._attributes(found, name, code)
        step = getattr(self.step, "__func__", self.step)
        if getattr(step, "__code__", None) is code:
            for key in ("__defaults__", "__kwdefaults__"):
                self._note("attribute", step, key, getattr(step, key), key)
        cells = self._cells(code)
        for name in code.co_freevars:
            if name in cells and name in frame.f_locals:
                self._note("cell", cells[name], None, frame.f_locals[name], name)
                self.root(frame.f_locals[name], name)
        for name in code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]:
            given = frame.f_locals.get(name)
            if isinstance(given, (Module, Optimizer)) or (
                not isinstance(given, (Tensor, type, FunctionType)) and hasattr(given, "__dict__")
                and _users_class(type(given))
            ):
                self.root(given, name)

    def _attributes(self, module: ModuleType, name: str, code: CodeType) -> None:
        """Note what a function may look up in a module of a user's."""
        own = vars(module)
        for key in code.co_names:
            if key in own:
                self._note("item", own, key, own[key], f"{name}.{key}")
                self.root(own[key], f"{name}.{key}")

    def _cells(self, code: CodeType) -> dict[str, Any]:
        if not code.co_freevars or code in self._nested:
            return {}
        step = getattr(self.step, "__func__", self.step)
        candidates = [step] if getattr(step, "__code__", None) is code else [
            each for each in gc.get_referrers(code) if isinstance(each, FunctionType)
        ]
        if len(candidates) != 1:
            raise Unwritable(f"the closure of {code.co_name} cannot be told from another's")
        return dict(zip(code.co_freevars, candidates[0].__closure__ or (), strict=False))

    def _refuse_stores(self, code: CodeType) -> None:
        line = code.co_firstlineno
        for each in dis.get_instructions(code):
            if each.positions is not None and each.positions.lineno:
                line = each.positions.lineno
            does = _STORES.get(each.opname)
            if each.opname == "STORE_DEREF" and each.argval in code.co_freevars:
                does = "sets the outer name"
            if does is not None and not (each.opname == "STORE_ATTR" and each.argval == "grad"):
                what = f" {each.argval}" if isinstance(each.argval, str) else " an object"
                raise Unwritable(
                    f"line {line} of {code.co_name} {does}{what}: a program would leave that out")

    # calls

    def allow(self, frame: FrameType) -> None:
        """Refuse a function of the engine that is called by a user's, unless what it does is followed."""
        room = frame.f_globals.get("__name__", "").removeprefix("backprop_tutor.")
        name = frame.f_code.co_name
        full = getattr(frame.f_code, "co_qualname", name)
        if room.startswith(_FREE_ROOMS) or not _FREE.get(room, set()).isdisjoint((name, full)):
            return
        if name.startswith("<") or name == "__getattr__":  # a generator, a lambda, a name that is looked up
            return
        raise Unwritable(f"line {_line(frame)} calls {name}(), which a compiled step does not follow")

    def allow_builtin(self, frame: FrameType, function: Any) -> None:
        """Refuse a function written in C whose effect is not known to be none."""
        name = getattr(function, "__name__", "?")
        if name in _SAFE_BUILTINS or getattr(function, "__module__", "") == "math":
            return
        raise Unwritable(
            f"line {frame.f_lineno} of {frame.f_code.co_name} calls {name}(): a program would leave that "
            "out; do it outside the step, with what the step returns")


def _line(frame: FrameType) -> int:
    return frame.f_back.f_lineno if frame.f_back is not None else 0


def _of_house(each: Any) -> bool:
    """Return whether it is what the engine or NumPy made: told by its identity."""
    if type(each).__module__.startswith("backprop_tutor."):
        return not isinstance(each, Iterator)
    return not _users_class(type(each)) and callable(each)


def _globals_of(code: CodeType) -> list[str]:
    """Return the global names that a function looks up."""
    return list(dict.fromkeys(
        each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")))


def _users_class(kind: type) -> bool:
    return not kind.__module__.startswith(("numpy", "builtins", "backprop_tutor."))


def _users_module(module: ModuleType) -> bool:
    home = getattr(module, "__file__", None) or "<frozen"
    return not home.startswith((*_LIBRARIES, _PACKAGE))


_UNREAD = {
    "in_features", "out_features", "num_features", "num_embeddings", "embedding_dim", "affine", "use_bias",
    "elementwise_affine",
}
"""Attributes of the engine's own modules that say how they were built, and have no part in a step."""

_OWN = {
    "_parameters", "_buffers", "_modules", "_non_persistent_buffers_set", "_forward_hooks",
    "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks", "_state_dict_hooks",
    "_state_dict_pre_hooks", "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks",
}
"""Attributes of modules that are compared otherwise, or have no part in a step."""

_FREE_ROOMS = (
    "engine.functions.", "engine.fused.", "engine.nn.functional", "engine.nn.layers",
    "engine.nn.activations", "engine.nn.losses", "engine.nn.containers",
    "engine.nn.dictionaries", "engine.autograd.modes", "engine.autograd.requests",
    "engine.tensors.dims", "engine.tensors.dtypes", "engine.tensors.tensor", "engine.tensors.conversions",
    "engine.tensors.questions", "engine.nn.utils",
)
_FREE = {
    "engine.nn.module": {
        "__call__", "forward", "__getattr__", "parameters", "named_parameters", "children", "modules",
        "named_children", "named_modules", "buffers", "named_buffers", "_named", "train", "eval",
        "zero_grad",
    },
    "engine.optim.optimizer": {"step", "zero_grad"},
    "engine.optim.lr_scheduler.base": {"_watch_step.<locals>.step"},
    "engine.tensors.writes": {"twin", "zero_"},
    "engine.linalg": {"norm", "vector_norm"},
    "engine": {"__getattr__"}, "engine.nn": {"__getattr__"}, "engine.optim": {"__getattr__"},
}
"""Functions of the engine that steps call and whose whole effect is among the events."""
