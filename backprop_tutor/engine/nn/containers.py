"""Modules that hold modules in order: `Sequential`, which calls them in turn, and `ModuleList`."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from .module import Module, indented

__all__ = ["ModuleList", "Sequential"]

T = TypeVar("T")
_CALL = Module.__call__


def _place(index: Any, size: int) -> int:
    """Return `index` counted from the front.

    Raises:
        IndexError: there is no such place.
    """
    place = operator.index(index)
    if not -size <= place < size:
        raise IndexError(f"index {place} is out of range")
    return place % size


def _nth(items: Iterable[T], place: int) -> T:
    return next(islice(items, place, None))


class Sequential(Module):
    """Modules called one after the other, each on what the one before returned.

    Built from modules, or from an ordered dictionary of named modules.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for number, module in enumerate(args):
                self.add_module(str(number), module)

    def forward(self, input: Any) -> Any:
        """Return what the last module returns."""
        for module in self._modules.values():
            # what `Module.__call__` does, without the cost of going there
            if module._hooked or type(module).__call__ is not _CALL:
                input = module(input)
            else:
                input = module.forward(input)
        return input

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, slice):
            return type(self)(OrderedDict(list(self._modules.items())[idx]))
        return _nth(self._modules.values(), _place(idx, len(self)))

    def __setitem__(self, idx: Any, module: Module) -> None:
        setattr(self, _nth(self._modules.keys(), _place(idx, len(self))), module)

    def __delitem__(self, idx: Any) -> None:
        if isinstance(idx, slice):
            for name in list(self._modules)[idx]:
                delattr(self, name)
        else:
            delattr(self, _nth(self._modules.keys(), _place(idx, len(self))))
        kept = list(self._modules.values())
        self._modules.clear()
        self._modules.update((str(number), module) for number, module in enumerate(kept))

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def _check_joinable(self, other: Any) -> None:
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, "
                f"but {type(other)} is given."
            )

    def __add__(self, other: Sequential) -> Sequential:
        self._check_joinable(other)
        return Sequential(*self, *other)

    def __iadd__(self, other: Sequential) -> Sequential:
        self._check_joinable(other)
        return self.extend(other)

    def _check_factor(self, other: Any) -> None:
        if not isinstance(other, int):
            raise TypeError(f"unsupported operand type(s) for *: {type(self)} and {type(other)}")
        if other <= 0:
            raise ValueError(f"Non-positive multiplication factor {other} for {type(self)}")

    def __mul__(self, other: int) -> Sequential:
        self._check_factor(other)
        return Sequential(*list(self) * other)

    __rmul__ = __mul__

    def __imul__(self, other: int) -> Sequential:
        self._check_factor(other)
        return self.extend(list(self) * (other - 1))

    def append(self, module: Module) -> Sequential:
        """Add a module at the end; return itself."""
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: Module) -> Sequential:
        """Put a module before place `index`; return itself."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        size = len(self)
        if not -size <= index <= size:
            raise IndexError(f"Index out of range: {index}")
        modules = list(self)
        modules.insert(index % size if index < 0 else index, module)
        self._modules.clear()
        self._modules.update((str(number), each) for number, each in enumerate(modules))
        return self

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Add modules at the end; return itself."""
        for module in list(sequential):
            self.append(module)
        return self

    def pop(self, key: Any) -> Any:
        """Remove and return the module at a place, or the modules of a slice."""
        removed = self[key]
        del self[key]
        return removed


class ModuleList(Module):
    """A list of modules that registers what it holds; it computes nothing itself."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, slice):
            return type(self)(list(self._modules.values())[idx])
        return self._modules[str(_place(idx, len(self)))]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, str(_place(idx, len(self))), module)

    def __delitem__(self, idx: Any) -> None:
        kept = list(self._modules.values())
        if isinstance(idx, slice):
            del kept[idx]
        else:
            del kept[_place(idx, len(self))]
        self._renumber(kept)

    def _renumber(self, modules: list[Any]) -> None:
        self._modules.clear()
        self._modules.update((str(number), module) for number, module in enumerate(modules))

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())

    def __iadd__(self, modules: Iterable[Module]) -> ModuleList:
        return self.extend(modules)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return type(self)([*self, *other])

    def insert(self, index: int, module: Module) -> None:
        """Put a module before place `index`."""
        modules = list(self)
        modules.insert(index, module)
        self._renumber(modules)

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end; return itself."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key: int) -> Any:
        """Remove and return the module at a place."""
        removed = self[key]
        del self[key]
        return removed

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add modules at the end; return itself.

        Raises:
            TypeError: what is given cannot be walked through.
        """
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleList.extend should be called with an iterable, "
                f"but got {type(modules).__name__}"
            )
        for module in list(modules):
            self.append(module)
        return self

    def __repr__(self) -> str:
        if not len(self):
            return self._get_name() + "()"
        lines = []
        shown = [repr(module) for module in self]
        start = 0
        while start < len(shown):
            stop = start
            while stop + 1 < len(shown) and shown[stop + 1] == shown[start]:
                stop += 1
            if stop == start:
                lines.append(f"({start}): {shown[start]}")
            else:
                lines.append(f"({start}-{stop}): {stop - start + 1} x {shown[start]}")
            start = stop + 1
        return self._get_name() + "(\n  " + "\n  ".join(indented(line) for line in lines) + "\n)"
