"""What the engine offers, listed from the engine itself: the table of the docs, and the type stub.

Run `python -m backprop_tutor.engine.listing` from the root of the tree after a name came or went; a
test compares both files with what this module makes of the tables.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["scope_table", "stub"]

ROOMS = (
    ("nn", "nn"), ("nn.functional", "nn.functional"), ("nn.init", "nn.init"), ("nn.utils", "nn.utils"),
    ("optim", "optim"), ("optim.lr_scheduler", "optim.lr_scheduler"), ("autograd", "autograd"),
    ("autograd.functional", "autograd.functional"), ("linalg", "linalg"), ("random", "random"),
    ("utils.data", "utils.data"),
)
"""The rooms of PyTorch's names, and the modules that are them."""

STUBS = ("", "autograd", "nn")
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


def _declaration(room: str, name: str, value: Any) -> str:
    """Return the line of a stub that declares a name of a package of this engine."""
    home = getattr(value, "__module__", None) or ""
    package = f"{__package__}.{room}" if room else str(__package__)
    if inspect.ismodule(value) and value.__name__.startswith(package + "."):
        return f"from . import {name} as {name}"
    if inspect.isclass(value) and home.startswith(package):
        if hasattr(import_module(home), "DERIVED") and name not in vars(import_module(home)):
            return f"{name}: type[Any]"  # a module that a row of `OPS` makes
        return f"from .{home.removeprefix(package + '.')} import {value.__name__} as {name}"
    if inspect.isfunction(value):
        if room or home.endswith((".training", ".saving", ".loading")):
            return f"from .{home.removeprefix(package + '.')} import {value.__name__} as {name}"
        return f"{name}: Callable[..., Any]"
    return f"{name}: " + {float: "float", type(None): "None"}.get(type(value), "Any")


def stub(room: str = "") -> str:
    """Return the text of a package's `__init__.pyi`: every name, for readers and type checkers."""
    package = f"{__package__}.{room}" if room else str(__package__)
    module = import_module(package)
    names = sorted({*module.__all__, *getattr(module, "_ROOMS", ())})
    lines = [_declaration(room, name, getattr(module, name)) for name in names]
    imports = sorted(line for line in lines if line.startswith("from"))
    rest = [line for line in lines if not line.startswith("from")]
    called = ["from collections.abc import Callable"] if "Callable[" in "".join(rest) else []
    return "\n".join([
        f'"""Every name of `{room or "engine"}`; made by `python -m backprop_tutor.engine.listing`."""', "",
        *called, *(["from typing import Any"] if "Any" in "".join(rest) else []), "", *imports, "", *rest,
        "__all__: list[str]", "",
        "def __dir__() -> list[str]: ...", "",
    ])


def main() -> None:
    """Write the stubs, and the table into docs/engine.md."""
    here = Path(__file__).parent
    for room in STUBS:
        (here / room / "__init__.pyi").write_text(stub(room), encoding="utf-8", newline="\n")
    page = here.parents[1] / "docs" / "engine.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{scope_table()}\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
