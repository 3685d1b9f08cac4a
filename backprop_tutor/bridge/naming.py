"""What a model's parameters are called in a formula: `W1`, `b1`, `W2`, …, layer by layer.

Enters: a model. Leaves: its parameters by name, in the order in which they were registered.
"""

from __future__ import annotations

import re
from typing import Any

from ..engine import nn
from ..engine.tensors.tensor import Tensor

__all__ = ["free_name", "parameter_names", "plain_name_of"]

_LETTERS: dict[str, dict[str, str]] = {
    "linear": {"weight": "W", "bias": "b"},
    "norm": {"weight": "gamma", "bias": "beta"},
    "table": {"weight": "E"},
}
"""What the parameters of a kind of layer are called; layers of a kind are counted from 1."""
_KINDS: tuple[tuple[Any, str], ...] = (
    (nn.Linear, "linear"), (nn.BatchNorm1d, "norm"), (nn.LayerNorm, "norm"), (nn.Embedding, "table"),
)
_NAME = re.compile(r"[A-Za-z]\d*(?:_[A-Za-z0-9]+)?\Z")


def parameter_names(model: Any) -> dict[str, Tensor]:
    """Return the parameters by name: of known layers by the layer's number, else by their own.

    >>> from backprop_tutor.engine import nn
    >>> list(parameter_names(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))))
    ['W1', 'b1', 'W2', 'b2']
    """
    found: dict[str, Tensor] = {}
    seen: set[int] = set()
    counts: dict[str, int] = {}
    for module in model.modules():
        kind = next((name for known, name in _KINDS if isinstance(module, known)), "")
        own = [(name, p) for name, p in module.named_parameters(recurse=False) if id(p) not in seen]
        if kind and own:
            counts[kind] = counts.get(kind, 0) + 1
        for name, parameter in own:
            seen.add(id(parameter))
            letter = _LETTERS.get(kind, {}).get(name)
            called = f"{letter}{counts[kind]}" if letter else plain_name_of(name)
            found[free_name(called, found)] = parameter
    return found


def plain_name_of(name: str) -> str:
    """Return a name of the language for an attribute of a module."""
    if _NAME.match(name):
        return name
    stem, *rest = name.split("_")
    joined = "".join(part for part in rest if part.isalnum())
    return f"{stem[0]}_{stem[1:]}{joined}" if stem[:1].isalpha() and (stem[1:] or joined) else "p_1"


def free_name(name: str, taken: dict[str, Tensor]) -> str:
    """Return the name, with a number where it is taken."""
    if name not in taken:
        return name
    stem = name if "_" in name else f"{name}_"
    return next(free for n in range(2, len(taken) + 3) if (free := f"{stem}{n}") not in taken)
