"""How a name of the engine is declared in a type stub: a function by its parameters, a value by its class.

Enters: a name and what it stands for. Leaves: the lines of a stub. A parameter keeps its type where
that is made of tensors and numbers; where PyTorch takes nearly anything it is `object`, so that a
wrong keyword is found and no right program is refused. Options that choose from words have a list of
them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["class_lines", "function_line", "method_lines", "value_line"]

_PLAIN = {"Tensor", "None", "int", "float", "bool"}
_BUILTIN = re.compile(r"\b(int|float|bool|str)\b")
"""Types whose names the engine uses for dtypes too: in a stub they are `_builtins`'."""

_WORDS = {
    "approximate": 'Literal["none", "tanh"]',
    "indexing": 'Literal["ij", "xy"] | None',
    "reduction": "Reduction",
    "rounding_mode": 'Literal["trunc", "floor"] | None',
}
"""Parameters that choose from words."""

_RETURNED = {
    "cpu": "Tensor", "cuda": "Tensor", "device": "_device", "dim": "int", "element_size": "int",
    "get_device": "int", "is_complex": "bool", "is_cuda": "bool", "is_floating_point": "bool",
    "is_signed": "bool", "itemsize": "int", "nbytes": "int", "ndimension": "int", "nelement": "int",
    "numel": "int", "retains_grad": "bool", "tolist": "Any", "type_as": "Tensor", "__float__": "float",
    "__index__": "int", "__int__": "int", "__iter__": "Iterator[Tensor]",
    # A handle of `nn`, which is built on tensors: naming it here would close a circle of imports.
    "register_hook": "Any", "register_post_accumulate_grad_hook": "Any",
}  # fmt: skip
"""What methods return that do not say so themselves."""

_LEFT = {"__repr__", "__format__", "__reduce_ex__", "__deepcopy__", "__array__"}
"""Methods that every object has, or that only NumPy calls."""

_VALUES = {"dtype": "dtype", "Generator": "Generator", "float": "float", "NoneType": "None"}


def _typed(parameter: inspect.Parameter) -> str:
    given = str(parameter.annotation)
    if parameter.name in _WORDS:
        return _WORDS[parameter.name]
    return given if set(re.findall(r"[\w.]+", given)) <= _PLAIN else "object"


def _parameters(parameters: list[inspect.Parameter], own: str = "") -> str:
    """Return what stands between the brackets; `own` in place of the first parameter."""
    kinds = inspect.Parameter
    found, starred = [own] if own else [], False
    for place, parameter in enumerate(parameters):
        if own and place == 0:
            continue
        if parameter.kind is kinds.VAR_POSITIONAL:
            starred = True
            found.append(f"*{parameter.name}: object")
        elif parameter.kind is kinds.VAR_KEYWORD:
            found.append(f"**{parameter.name}: {_typed(parameter)}")
        else:
            if parameter.kind is kinds.KEYWORD_ONLY and not starred:
                starred = True
                found.append("*")
            default = "" if parameter.default is kinds.empty else " = ..."
            found.append(f"{parameter.name}: {_typed(parameter)}{default}")
    return ", ".join(found)


def _qualified(line: str) -> str:
    return _BUILTIN.sub(r"_builtins.\1", line)


def _result(name: str, function: Callable[..., Any]) -> str:
    given = str(inspect.signature(function).return_annotation)
    if name in _RETURNED:
        return _RETURNED[name]
    if name.startswith("__") and given == "Any":
        return "Tensor"  # between two tensors, or a tensor and a number
    return {"Dtype": "dtype"}.get(given, given)


def function_line(name: str, function: Callable[..., Any]) -> str:
    """Return the declaration of a function.

    >>> from backprop_tutor import engine as torch
    >>> function_line("matmul", torch.matmul)
    'def matmul(input: Tensor, other: Tensor) -> Tensor: ...'
    """
    head, _, tail = f"def {name}", "", _result(name, function)
    parameters = _parameters(list(inspect.signature(function).parameters.values()))
    return head + _qualified(f"({parameters}) -> {tail}: ...")


def value_line(name: str, value: object) -> str:
    """Return the declaration of what is no function: a dtype, a number, a switch."""
    return f"{name}: " + _qualified(_VALUES.get(type(value).__name__, "Any"))


def class_lines(name: str, defaults: Mapping[str, object]) -> list[str]:
    """Return the declaration of a module that a row of `OPS` makes, with its options."""
    options = "".join(f", {key}: {type(value).__name__} = ..." for key, value in defaults.items())
    return [f"class {name}(Module):", f"    def __init__(self{options}) -> None: ..."]


def method_lines(methods: Mapping[str, Any]) -> Iterator[str]:
    """Yield the declarations of what stands behind a tensor's dot, and between two tensors."""
    for name, method in methods.items():
        if name in _LEFT:
            continue
        if isinstance(method, property):
            yield "    @property"
            yield _qualified(f"    def {name}(self) -> {_result(name, method.fget or method.__get__)}: ...")
            continue
        given = list(inspect.signature(method).parameters.values())
        twin = name.startswith("__i") and len(given) > 1  # `a += b`, whose twin takes any operands
        parameters = "self, other: object" if twin else _parameters(given, "self")
        line = _qualified(f"({parameters}) -> {_result(name, method)}: ...")
        # An elementwise comparison is a tensor, where an object's is a bool.
        compared = "  # type: ignore[override]" if name in ("__eq__", "__ne__") else ""
        yield f"    def {name}{line}{compared}"
