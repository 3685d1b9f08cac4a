"""The names of a network: of its weights, biases, sums and activations, and how a user renames
them.

Enters: the shape of a network and the renaming asked for. Leaves: one name for every quantity.
Nothing else in the house spells `w2_21`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import OptionError, did_you_mean, quoted
from ..ops import FUNCTIONS
from ..sentences import said
from .latex_names import canonical_name

__all__ = ["Naming", "Shape"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides which names there are.

    `linear[i]` tells that layer `i + 1` hands its sum on; `parts` is whether the loss has a name
    for each output, `loss` whether there is one at all.
    """

    sizes: tuple[int, ...]
    linear: tuple[bool, ...]
    biases: str | None
    loss: bool
    parts: bool

    @property
    def layers(self) -> range:
        """Return the numbers of the layers that compute, from 1."""
        return range(1, len(self.sizes))

    def weight(self, layer: int, to: int, source: int) -> str:
        """Return `w2_21`, with the nodes apart where one number has two digits."""
        wide = max(self.sizes[layer], self.sizes[layer - 1]) > 9
        return f"w{layer}_{to}{'_' if wide else ''}{source}"

    def bias(self, layer: int, to: int) -> str:
        """Return `b1_2`, or `b1` where the layer shares one, or nothing where there is none."""
        if self.biases is None:
            return ""
        return f"b{layer}_{to}" if self.biases == "node" else f"b{layer}"

    def activation(self, layer: int, node: int) -> str:
        """Return the name of a node's result; that of an input for layer 0."""
        return f"a{layer}_{node}" if layer else f"x{node}"

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return all names by group, each group in the order in which a list renames it."""
        sizes = self.sizes
        nodes = [(layer, n) for layer in self.layers for n in range(1, sizes[layer] + 1)]
        last = range(1, sizes[-1] + 1)
        return {
            "inputs": tuple(f"x{n}" for n in range(1, sizes[0] + 1)),
            "weights": tuple(
                self.weight(layer, n, m)
                for layer, n in nodes
                for m in range(1, sizes[layer - 1] + 1)
            ),
            "biases": tuple(dict.fromkeys(self.bias(*node) for node in nodes if self.biases)),
            "sums": tuple(f"z{layer}_{n}" for layer, n in nodes if not self.linear[layer - 1]),
            "activations": tuple(self.activation(layer, n) for layer, n in nodes),
            "targets": tuple(f"t{n}" for n in last) if self.loss else (),
            "losses": tuple(f"E{n}" for n in last) if self.parts else (),
            "output": ("E",) if self.loss else (),
        }


class Naming:
    """The name of every quantity of a network, as its user calls it."""

    def __init__(self, shape: Shape, asked: Mapping[str, str | Sequence[str]]) -> None:
        self.groups: dict[str, tuple[str, ...]] = shape.groups()
        usual = [name for group in self.groups.values() for name in group]
        self.called: dict[str, str] = {name: name for name in usual}
        if not isinstance(asked, Mapping):
            raise OptionError(
                said(
                    "names is a mapping from a group or a name to what it is called, such as {{'inputs': "
                    "['i1', 'i2']}}; not a {kind}",
                    kind=type(asked).__name__,
                )
            )
        for key, value in asked.items():
            if key in self.groups:
                self._group(key, value)
            elif key in self.called:
                self.called[key] = _checked(key, value)
            else:
                hint = did_you_mean(str(key), [*self.groups, *usual])
                groups = ", ".join(self.groups)
                raise OptionError(
                    said("names has no group and no name {key}", key=quoted(str(key)))
                    + (f"; {hint}" if hint else said("; the groups are {groups}", groups=groups))
                )
        self._distinct()

    def __getitem__(self, usual: str) -> str:
        return self.called[usual]

    def __iter__(self) -> Iterator[str]:
        return iter(self.called.values())

    def _group(self, key: str, value: str | Sequence[str]) -> None:
        group = self.groups[key]
        if key == "output" and isinstance(value, str):
            value = [value]
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise OptionError(
                said(
                    "names[{key!r}] is a list of names, not {value}",
                    key=key,
                    value=quoted(str(value)),
                )
            )
        if len(value) != len(group):
            raise OptionError(
                said(
                    "names[{key!r}] names {count}, and this network has {count_2} {key}",
                    key=key,
                    count=len(value),
                    count_2=len(group),
                )
                + (f": {', '.join(group[:8])}{', …' if len(group) > 8 else ''}" if group else "")
            )
        for usual, name in zip(group, value, strict=True):
            self.called[usual] = _checked(key, name)

    def _distinct(self) -> None:
        first: dict[str, str] = {}
        for usual, name in self.called.items():
            if name in first:
                raise OptionError(
                    said(
                        "{name} would name both {first} and {usual}",
                        name=quoted(name),
                        first=quoted(first[name]),
                        usual=quoted(usual),
                    )
                )
            first[name] = usual



def _checked(key: str, name: object) -> str:
    text = canonical_name(name) if isinstance(name, str) else ""
    if not _NAME.match(text):
        raise OptionError(
            said(
                "names[{key!r}]: {name} is not a name: a letter, then letters, digits and `_`",
                key=key,
                name=quoted(str(name)),
            )
        )
    if text in FUNCTIONS:
        raise OptionError(
            said(
                "names[{key!r}]: {given} is a function of the language", key=key, given=quoted(text)
            )
        )
    return text
