"""Writes what type checkers read of the tables: the words of `choices`, and the package's stub.

Run `python -m backprop_tutor.listing` from the root of the tree after a row of a table or a public
name came or went; `backprop_tutor.engine.listing` does the same for the engine. A test
compares the files with what this module makes of the tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from .homework.marking.marking_data import MarkingData
from .language import functions
from .language.network import activation_names, losses
from .stored import schema

__all__ = ["BEGIN", "END", "rows_choices", "schemas", "stub"]

BEGIN = "# The rows' own: begin; made by `python -m backprop_tutor.listing`"
END = "# The rows' own: end"

_WIDE = 100


def _literal(name: str, words: Iterable[str], meaning: str) -> str:
    lines, line = [f"{name} = Literal["], "   "
    for word in words:
        item = f' "{word}",'
        if len(line) + len(item) > _WIDE:
            lines.append(line)
            line = "   "
        line += item
    return "\n".join([*lines, line, "]", f'"""{meaning}"""', ""])


def rows_choices() -> str:
    """Return the lists of `choices` that tables of records decide."""
    return "\n".join([
        _literal("Activation", sorted(activation_names()), "What a layer of a network may do."),
        _literal("Loss", losses(), "What a network's output may be compared with its targets by."),
    ])


def stub() -> str:
    """Return the text of the package's `__init__.pyi`: every public name, and where it is from."""
    package = import_module(str(__package__))
    homes: dict[str, str] = {**package._HOMES, **package._HOOKS}
    lines = [f"from .{home} import {name} as {name}" for name, home in homes.items()]
    lines += [f"from . import {room} as {room}" for room in package._ROOMS]
    called = sorted(name for name in functions() if name not in homes)
    return "\n".join([
        '"""Every public name; made by `python -m backprop_tutor.listing`."""', "",
        "from .language.symbolic import Function as _Function", *sorted(lines), "",
        *(f"{name}: _Function" for name in called), "",
        "__version__: str",
        "__all__ = [", *(f'    "{name}",' for name in package.__all__), "]", "",
        "def __dir__() -> list[str]: ...", "",
    ])  # fmt: skip


def schemas() -> dict[str, str]:
    """Return the published schemas of what leaves as data, by name, as text."""
    made = {"derivation": schema(), "marking": MarkingData.model_json_schema()}
    return {name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in made.items()}


def main() -> None:
    """Write the package's stub, the lists of choices, and the schemas of docs/schemas."""
    here = Path(__file__).parent
    for name, published in schemas().items():
        place = here.parent / "docs" / "schemas" / f"{name}.schema.json"
        place.write_text(published, encoding="utf-8", newline="\n")
    (here / "__init__.pyi").write_text(stub(), encoding="utf-8", newline="\n")
    page = here / "choices.py"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{rows_choices()}{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
