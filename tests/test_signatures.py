"""What public signatures say: a parameter that takes anything says why."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from shared import ROOT

import backprop_tutor as bt

TUTOR = ["", "extending", "testing"]
ENGINE = [
    "engine", "engine.linalg", "engine.nn", "engine.nn.functional", "engine.nn.init", "engine.optim",
    "engine.optim.lr_scheduler", "engine.utils.data", "engine.keras", "engine.autograd",
]  # fmt: skip
REASONS: dict[str, list[str]] = tomllib.loads(
    (ROOT / "tests" / "cases" / "any_parameters.toml").read_text(encoding="utf-8")
)["reasons"]
ANYTHING = re.compile(r"\bAny\b|^object$")


def module(name: str) -> ModuleType:
    return import_module(f"backprop_tutor.{name}".rstrip("."))


def functions(room: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield each public function of a room, and each public method and constructor of its classes."""
    for name in getattr(room, "__all__", None) or [n for n in dir(room) if not n.startswith("_")]:
        thing = getattr(room, name)
        if inspect.isfunction(thing):
            yield name, thing
        for kind in inspect.getmro(thing) if inspect.isclass(thing) else ():
            for method, found in vars(kind).items():
                function = getattr(found, "__func__", found)
                if inspect.isfunction(function) and (method == "__init__" or not method.startswith("_")):
                    yield f"{name}.{method}", function


def anythings(room: ModuleType) -> Iterator[tuple[str, str, Any]]:
    """Yield each parameter without a type of its own: the function's name, its name, the function."""
    for name, function in functions(room):
        if not function.__module__.startswith("backprop_tutor"):
            continue
        for parameter in list(inspect.signature(function).parameters.values()):
            said = "Any" if parameter.annotation is parameter.empty else str(parameter.annotation)
            if parameter.name not in ("self", "cls") and ANYTHING.search(said):
                yield name, parameter.name, function


def reason_beside(function: Any) -> bool:
    """Return whether a remark beside the parameters says why one takes anything."""
    try:
        source = inspect.getsource(function)
    except OSError:  # a dataclass's constructor: the remark stands beside its fields
        home = getattr(import_module(function.__module__), function.__qualname__.split(".")[0])
        source = inspect.getsource(home)
    return re.search(r"# (Any|object): \w+", source) is not None


def test_there_are_signatures_to_look_at() -> None:
    """The walk meets the functions and the methods that users call."""
    names = {name for name, _ in functions(bt)}
    assert {"derive", "Derivation.moved", "Derivation.explain", "mark", "sweep", "Program.from_graph"} <= names
    assert {"Linear.forward", "Sequential.__init__"} <= {name for name, _ in functions(module("engine.nn"))}


@pytest.mark.parametrize("room", TUTOR)
def test_a_parameter_that_takes_anything_says_why(room: str) -> None:
    """In the tutor each parameter has a type, or a remark beside it with the reason."""
    found = [f"{name}({given})" for name, given, function in anythings(module(room)) if not reason_beside(function)]
    assert found == []


def test_the_engine_s_are_of_the_kinds_that_are_listed() -> None:
    """The engine takes what PyTorch's function of the name takes; each kind has its reason, and none is idle."""
    listed = [name for names in REASONS.values() for name in names]
    assert len(listed) == len(set(listed))
    found = {given: f"{room}.{name}({given})" for room in ENGINE for name, given, _ in anythings(module(room))}
    assert {where for given, where in found.items() if given not in listed} == set()
    assert set(listed) - set(found) == set()
