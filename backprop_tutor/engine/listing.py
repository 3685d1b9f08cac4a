"""Writes the type stubs and the table of names in `docs/engine.md`; a test compares them.

Run `python -m backprop_tutor.engine.listing` from the root of the tree after a name came or went. A
parameter keeps its type where that is made of tensors and numbers; where PyTorch takes nearly anything it
is `object`, so that a wrong keyword is found and no right program is refused. Options that choose from
words have a list of them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = [
    "class_lines", "function_line", "method_lines", "methods_stub", "scope_table", "stub",
    "value_line",
]


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
    """Return the declaration of a value that is not a function: a dtype, a number, a switch."""
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


ROOMS = (
    ("nn", "nn"), ("nn.functional", "nn.functional"), ("nn.init", "nn.init"), ("nn.utils", "nn.utils"),
    ("optim", "optim"), ("optim.lr_scheduler", "optim.lr_scheduler"), ("autograd", "autograd"),
    ("autograd.functional", "autograd.functional"), ("linalg", "linalg"), ("random", "random"),
    ("utils.data", "utils.data"),
)
"""The rooms of PyTorch's names, and the modules that are them."""

STUBS = ("", "autograd", "nn", "nn.functional")
"""The rooms with stubs: their names are not all written in their sources."""

BEGIN, END = "<!-- names: begin -->", "<!-- names: end -->"
"""What stands around the table in docs/engine.md."""


def _row(place: str, names: list[str]) -> str:
    return f"| {place} | {', '.join(f'`{name}`' for name in names)} |"


def _plain(name: str) -> bool:
    """Return whether a name is listed itself, not with the one that it belongs to."""
    return not name.startswith("_") and not name.endswith("_")


def scope_table() -> str:
    """Return the table of all names, a row a room, as Markdown."""
    top = import_module(".namespace", __package__).TOP
    methods = import_module(".functions.table", __package__).METHODS
    tensor = import_module(".autograd.tape", __package__).Tensor
    constants = sorted(n for n in top if not callable(top[n]) and _plain(n))
    functions = sorted(n for n in top if callable(top[n]) and _plain(n))
    own = {name for name, value in vars(tensor).items() if isinstance(value, property)}
    only = sorted(n for n in {*methods, *own} if _plain(n) and n not in top)
    written = sorted(n.removesuffix("_") for n in methods if n.endswith("_") and not n.startswith("_"))
    rows = [
        "| place | names |", "|---|---|", _row("top: functions and classes", functions),
        _row("top: dtypes, constants, modes of the machine", constants),
        _row("tensors, besides functions of the top", only),
        _row("tensors, writing into themselves (with `_`)", written),
    ]
    for room, path in ROOMS:
        module = import_module(f".{path}", __package__)
        rows.append(_row(f"`{room}`", sorted(n for n in module.__all__ if not n.startswith("_"))))
    return "\n".join(rows)


def _imported(name: str, value: Any, package: str) -> str:
    """Return the line that takes a name from where it is written, or "" where it is not in the package."""
    home = getattr(value, "__module__", None) or ""
    if inspect.ismodule(value) and value.__name__.startswith(package + "."):
        return f"from . import {name} as {name}"
    written = getattr(value, "__name__", "")
    if not home.startswith(package + ".") or getattr(import_module(home), written, None) is not value:
        return ""
    if inspect.isclass(value):
        derived = name in getattr(import_module(home), "DERIVED", ())
        return "" if derived else f"from .{home.removeprefix(package + '.')} import {written} as {name}"
    plain = package != __package__ or home.endswith((".training", ".saving", ".loading"))
    return f"from .{home.removeprefix(package + '.')} import {written} as {name}" if plain else ""


def _declared(name: str, value: Any) -> list[str]:
    """Return the lines that declare a name of its own in a stub."""
    if inspect.isclass(value):
        options: dict[str, Any] = vars(value)["_defaults"]
        return class_lines(name, options)
    return [function_line(name, value)] if inspect.isfunction(value) else [value_line(name, value)]


def _needed(room: str, lines: list[str]) -> list[str]:
    """Return the imports of what a stub's own lines are written with."""
    text, up = "\n".join(lines), "." * (2 + room.count(".") if room else 1)
    house = "." * (len(up) + 1)
    kinds = [word for word in ("Any", "Literal") if re.search(rf"\b{word}\b", text)]
    found = [
        (r"_builtins\.", "import builtins as _builtins"),
        (r"Iterator\[", "from collections.abc import Iterator"),
        (r"\b(Any|Literal)\b", f"from typing import {', '.join(kinds)}"),
        (r"\bReduction\b", f"from {house}choices import Reduction"),
        (r"\bTensor\b", f"from {up}tensors.tensor import Tensor"),
        (r"(: |-> )dtype\b(?!:)", f"from {up}tensors.dtypes import dtype"),
        ("-> _device", f"from {up}tensors.devices import device as _device"),
    ]
    return [line for word, line in found if re.search(word, text)]


def stub(room: str = "") -> str:
    """Return the text of a room's stub: every name, for readers and type checkers."""
    package = f"{__package__}.{room}" if room else str(__package__)
    module = import_module(package)
    names = sorted({*module.__all__, *getattr(module, "_ROOMS", ())})
    imports, own = [], []
    for name in names:
        value = getattr(module, name)
        line = _imported(name, value, package)
        imports += [line] if line else []
        own += [] if line else _declared(name, value)
    folder = room if hasattr(module, "__path__") else room.rpartition(".")[0]
    needed = [line for line in _needed(folder, own) if f"{line} as {line.split()[-1]}" not in imports]
    return "\n".join([
        _HEAD.format(room=room or "engine"), "", *needed, "", *sorted(imports), "", *own, "",
        "__all__: list[str]", "", "def __dir__() -> list[str]: ...", "",
    ])


def methods_stub() -> str:
    """Return the text of `tensors/tensor_methods.pyi`: the base of `Tensor`, as type checkers see it."""
    methods = import_module(".functions.table", __package__).METHODS
    lines = list(method_lines(methods))
    return "\n".join([
        _HEAD.format(room="Tensor"), "", *_needed("tensors", lines), "", "class TensorMethods:", *lines, "",
    ])


_HEAD = '"""Every name of `{room}`; made by `python -m backprop_tutor.engine.listing`."""'


def main() -> None:
    """Write the stubs, and the table into docs/engine.md."""
    here = Path(__file__).parent
    for room in STUBS:
        place = here.joinpath(*room.split("."))
        home = place / "__init__.pyi" if place.is_dir() else place.with_suffix(".pyi")
        home.write_text(stub(room), encoding="utf-8", newline="\n")
    methods = here / "tensors" / "tensor_methods.pyi"
    methods.write_text(methods_stub(), encoding="utf-8", newline="\n")
    page = here.parents[1] / "docs" / "engine.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{scope_table()}\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
