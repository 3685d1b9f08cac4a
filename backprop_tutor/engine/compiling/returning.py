"""What a step returns, as an expression of the program: tensors, numbers that were read, constants."""

from __future__ import annotations

from typing import Any

from ..autograd.node import Node
from ..autograd.tape import Tensor
from ..tensors.tensor import wrap
from .arranging import Arrangement
from .following import Followed
from .values import Unwritable, Value
from .writing import Lines

__all__ = ["Returned"]


class Returned:
    """What the step returns, as an expression over the values."""

    followed: Followed
    lines: Lines

    def __init__(self, followed: Followed, lines: Lines, result: Any) -> None:
        self.followed, self.lines = followed, lines
        self.values: list[Value] = []
        self.parts: Any = self._part(result)

    def _part(self, given: Any) -> Any:
        if isinstance(given, Tensor):
            for i, each in enumerate(self.followed.arguments):
                if each is given:
                    return ("text", f"a{i}")
            if any(given is each for each in self.followed.watch.reader.tensors):
                return ("text", self.lines.object(given, "p"))
            v = self.followed.value(given)
            self.values.append(v)
            if given._base is not None:
                raise Unwritable("a view is returned, which shares memory with what it is a view of")
            return ("tensor", v, self._shell(given))
        if given is None or (isinstance(given, bool) and not self.followed.reads):
            return ("text", repr(given))
        if type(given) in (tuple, list):
            return ("several", type(given), [self._part(each) for each in given])
        if type(given) is dict:
            return ("named", [(self.lines.object(key), self._part(each)) for key, each in given.items()])
        found = [v for number, v in self.followed.reads if number is given]
        if len({id(v) for v in found}) == 1 and not isinstance(given, list):
            self.values.append(found[0])
            return ("read", found[0], type(given))
        if self.followed.reads or not isinstance(given, (int, float, str, bytes)):
            raise Unwritable(f"a {type(given).__name__} is returned whose origin is not known")
        return ("text", self.lines.object(given))

    def _shell(self, given: Tensor) -> str:
        """Return the name of what stands for the returned tensor's place in a graph that is freed."""
        if not given._rg:
            return "None"
        node = given._edge
        if type(node) is tuple or id(node) not in self.followed.freed:
            raise Unwritable(
                "a tensor is returned with a graph that is still to be used; compile the whole step, "
                "backward() included, or call the model under no_grad()")
        freed: Node = object.__new__(type(node))
        freed.edges, freed.options, freed.hooks, freed.trace = (), None, None, None
        freed.seq, freed.saved, freed.checks = node.seq, None, ()
        return self.lines.object(freed, "e")

    def text(self, plan: Arrangement, part: Any = None) -> str:
        """Return the expression."""
        part = self.parts if part is None else part
        self.lines.namespace["made"] = _made
        kind = part[0]
        if kind == "text":
            return str(part[1])
        if kind == "tensor":
            return f"made({plan.names[part[1]]}.copy(), {part[2]})"
        if kind == "read":
            return f"{plan.names[part[1]]}.item()"
        if kind == "named":
            return "{" + ", ".join(f"{key}: {self.text(plan, each)}" for key, each in part[1]) + "}"
        inside = ", ".join(self.text(plan, each) for each in part[2])
        return f"[{inside}]" if part[1] is list else f"({inside},)" if part[2] else "()"


def _made(array: Any, edge: Any) -> Tensor:
    made = wrap(array)
    if edge is not None:
        made._rg, made._edge = True, edge
    return made
