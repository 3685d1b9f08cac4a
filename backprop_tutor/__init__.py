"""Every value and every gradient of a computational graph, derived, explained and drawn.

>>> import backprop_tutor as bt
>>> d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
>>> d.values["f"], d.gradients["x"]
(-12, -4)

The public names are loaded when they are first used, so that importing the package stays light;
`__init__.pyi` lists them for readers and type checkers.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Derivation": "objects.numbers",
    "SymbolicDerivation": "objects.symbols",
    "SymbolicArrayDerivation": "objects.shaped",
    "SymbolicGradient": "objects.symbols",
    "SymbolicPath": "objects.symbols",
    "derive": "objects.deriving",
    "ArrayDerivation": "objects.arrays",
    "shapes": "objects.arrays",
    "diagram": "bridge",
    "from_model": "bridge",
    "from_step": "bridge",
    "descend": "objects.questions",
    "fit": "objects.questions",
    "hessian": "objects.questions",
    "jacobian": "objects.questions",
    "sweep": "objects.questions",
    "DomainError": "errors",
    "FileError": "errors",
    "LimitError": "errors",
    "MissingValueError": "errors",
    "OptionError": "errors",
    "ParseError": "errors",
    "ShapeError": "errors",
    "TutorError": "errors",
    "UnknownNameError": "errors",
    "growth": "objects.held",
    "ForwardStep": "steps",
    "SeedStep": "steps",
    "BackwardStep": "steps",
    "AccumulateStep": "steps",
    "UpdateStep": "steps",
    "Contribution": "steps",
    "LocalGradient": "objects.local_gradients",
    "EdgeRow": "objects.local_gradients",
    "Branch": "ops",
    "Interval": "ops",
    "Operation": "ops",
    "TooManyPathsError": "studies.paths",
    "TraceError": "language",
    "Program": "language",
    "Marking": "homework",
    "equivalent": "homework",
    "mark": "homework",
    "network": "language",
    "parse": "language",
    "register": "registering",
    "trace": "language",
}
"""Where each public name lives."""

_HOOKS = {"load_ipython_extension": "notebook", "unload_ipython_extension": "notebook"}
"""What `%load_ext backprop_tutor` calls."""

_ROOMS = frozenset({"engine", "extending", "testing", "tf"})
"""Rooms that users enter by name: `bt.testing.assert_gradients`, `from backprop_tutor import engine`."""

__all__ = [
    "AccumulateStep",
    "ArrayDerivation",
    "BackwardStep",
    "Branch",
    "Contribution",
    "Derivation",
    "DomainError",
    "EdgeRow",
    "FileError",
    "ForwardStep",
    "Interval",
    "LimitError",
    "LocalGradient",
    "Marking",
    "MissingValueError",
    "Operation",
    "OptionError",
    "ParseError",
    "Program",
    "SeedStep",
    "ShapeError",
    "SymbolicArrayDerivation",
    "SymbolicDerivation",
    "SymbolicGradient",
    "SymbolicPath",
    "TooManyPathsError",
    "TraceError",
    "TutorError",
    "UnknownNameError",
    "UpdateStep",
    "derive",
    "descend",
    "diagram",
    "equivalent",
    "fit",
    "from_model",
    "from_step",
    "growth",
    "hessian",
    "jacobian",
    "mark",
    "network",
    "parse",
    "register",
    "shapes",
    "sweep",
    "trace",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name) or _HOOKS.get(name)
    if home is not None:
        value = getattr(import_module(f".{home}", __name__), name)
    elif name in _ROOMS:
        value = import_module(f".{name}", __name__)
    elif name.startswith("_"):
        raise AttributeError(f"module 'backprop_tutor' has no attribute {name!r}")
    else:
        # The functions of the language, for programs written in Python: bt.sigmoid(w*x + b).
        functions = import_module(".language", __name__).functions()
        if name not in functions:
            raise AttributeError(f"module 'backprop_tutor' has no attribute {name!r}")
        value = functions[name]
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_ROOMS})
