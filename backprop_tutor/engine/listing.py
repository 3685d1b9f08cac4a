"""What the engine offers, listed from the engine itself: the table of the docs, and the type stub.

Run `python -m backprop_tutor.engine.listing` from the root of the tree after a name came or went; a
test compares both files with what this module makes of the tables.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from .declarations import class_lines, function_line, method_lines, value_line

__all__ = ["methods_stub", "scope_table", "stub"]

ROOMS = (
    ("nn", "nn"), ("nn.functional", "nn.functional"), ("nn.init", "nn.init"), ("nn.utils", "nn.utils"),
    ("optim", "optim"), ("optim.lr_scheduler", "optim.lr_scheduler"), ("autograd", "autograd"),
    ("autograd.functional", "autograd.functional"), ("linalg", "linalg"), ("random", "random"),
    ("utils.data", "utils.data"),
)
"""The rooms of PyTorch's names, and the modules that are them."""

STUBS = ("", "autograd", "nn", "nn.functional")
"""The packages with stubs: their names are not all written in their sources."""

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
    methods = import_module(".functions.methods", __package__).METHODS
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
    """Return the text of a package's `__init__.pyi`: every name, for readers and type checkers."""
    package = f"{__package__}.{room}" if room else str(__package__)
    module = import_module(package)
    names = sorted({*module.__all__, *getattr(module, "_ROOMS", ())})
    imports, own = [], []
    for name in names:
        value = getattr(module, name)
        line = _imported(name, value, package)
        imports += [line] if line else []
        own += [] if line else _declared(name, value)
    needed = [line for line in _needed(room, own) if f"{line} as {line.split()[-1]}" not in imports]
    return "\n".join([
        _HEAD.format(room=room or "engine"), "", *needed, "", *sorted(imports), "", *own, "",
        "__all__: list[str]", "", "def __dir__() -> list[str]: ...", "",
    ])


def methods_stub() -> str:
    """Return the text of `tensors/tensor_methods.pyi`: the base of `Tensor`, as type checkers see it."""
    methods = import_module(".functions.methods", __package__).METHODS
    lines = list(method_lines(methods))
    return "\n".join([
        _HEAD.format(room="Tensor"), "", *_needed("tensors", lines), "", "class TensorMethods:", *lines, "",
    ])


_HEAD = '"""Every name of `{room}`; made by `python -m backprop_tutor.engine.listing`."""'


def main() -> None:
    """Write the stubs, and the table into docs/engine.md."""
    here = Path(__file__).parent
    for room in STUBS:
        home = here.joinpath(*room.split("."), "__init__.pyi")
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
