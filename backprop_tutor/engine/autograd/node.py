"""The node: what is remembered of one recorded operation, and its backward rule.

A node never holds its own output tensor, so graphs are freed without the garbage collector. A rule is
written once over a kernel `k`, and runs on arrays as well as on tensors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, NamedTuple

from ...ops.array_kernel import RAW

__all__ = [
    "FREED", "INFERENCE_SAVED", "AccumulateGrad", "Node", "Rule", "Told", "accumulator", "plain_name",
]


_QUALIFIED = {
    name: f"torch::autograd::{name}" for name in ("AccumulateGrad", "CopyBackwards", "CopySlices")
}
"""The nodes whose names PyTorch writes with their namespaces."""


FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you call "
    ".backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the "
    "graph a second time or if you need to access saved tensors after calling backward."
)
INFERENCE_SAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
    "inference mode in computation tracked by autograd. To work around this, you can make a clone "
    "to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of "
    "`torch.inference_mode()`."
)


class Told(NamedTuple):
    """Which record of `ops` a node is of, so that a graph can be read by who does not know the engine.

    `kind` is "record" (of tensors), "row" (of single numbers), "joined", "bounds" (kept between two) or
    "same" (its operand). `order` are the slots of the node's inputs, `held` those of what it saves, both in
    their order.
    """

    kind: str
    name: str
    order: tuple[int, ...] = ()
    held: tuple[int, ...] = ()


class Node:
    """One recorded operation. `next_functions` are the nodes of its inputs."""

    __slots__ = (
        "__weakref__", "checks", "edges", "hooks", "meta", "options", "saved", "seq", "trace",
    )
    backward: ClassVar[Callable[..., Any]]
    of_arrays: Callable[..., Any]
    fresh: ClassVar[bool] = False
    many: ClassVar[bool] = False
    turned: ClassVar[tuple[int, ...]] = ()
    told: ClassVar[Told | None] = None

    edges: Sequence[Any]
    saved: Any
    checks: Any
    options: Any
    seq: int
    hooks: Any
    meta: Any
    trace: Any

    def name(self) -> str:
        """Return the operation's name, as in "MulBackward0"."""
        return _QUALIFIED.get(type(self).__name__, type(self).__name__)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """For each input, the node that made it and which output of that it was."""
        found: list[tuple[Any, int]] = []
        for edge in self.edges:
            if edge is None:
                found.append((None, 0))
            elif type(edge) is tuple:
                found.append(edge)
            else:
                found.append((edge if isinstance(edge, Node) else accumulator(edge), 0))
        return tuple(found)

    @property
    def metadata(self) -> dict[Any, Any]:
        """A dictionary for whatever a user wants to remember of the node."""
        if self.hooks is None:
            self.hooks = []
        for kind, _, _, value in self.hooks:
            if kind == "metadata":
                return value  # type: ignore[no-any-return]
        made: dict[Any, Any] = {}
        self.hooks.append(("metadata", 0, -1, made))
        return made

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object at {id(self):#x}>"


class AccumulateGrad(Node):
    """The end of a path: adds what arrives to `variable.grad`."""

    __slots__ = ("variable",)
    variable: Any


def accumulator(leaf: Any) -> AccumulateGrad:
    """Return the node that stands for a leaf in `next_functions`; the same one each time."""
    held: Any = leaf.__dict__.get("_accumulator")
    if held is None:
        held = AccumulateGrad()
        held.variable, held.edges, held.saved, held.hooks, held.seq = leaf, (), (), None, -1
        held.trace = held.options = held.meta = held.checks = None
        leaf.__dict__["_accumulator"] = held
    return held  # type: ignore[no-any-return]


def _where_wanted(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule as a function of arrays, told by a node's edges which gradients are wanted."""

    def of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
        return backward(RAW, g, saved, options, [edge is not None for edge in edges])

    return of_arrays


class Rule:
    """An operation's backward rule, under the name that its nodes have.

    `backward(k, g, saved, options, need)` returns one gradient for each input, None where `need`
    is False; `k` is the RAW kernel and everything else arrays, or `k` is the TENSOR kernel and
    everything else tensors. With `many`, `g` is a list with one gradient for each output.
    `of_arrays(g, saved, options, edges)` is the same on arrays alone, where there is a faster way;
    no gradient is wanted where an edge is None. A rule of one operand is `alone`: a node of it has an
    edge, so it need not ask.
    `fresh` says that every gradient returned is an array that nothing else holds. `turned` names
    what PyTorch saves as a transposed view, for messages; `told` the record that the node is of.
    """

    __slots__ = ("node",)

    def __init__(
        self, name: str, backward: Callable[..., Any], *, fresh: bool = False, many: bool = False,
        turned: tuple[int, ...] = (), of_arrays: Callable[..., Any] | None = None, alone: bool = False,
        told: Told | None = None,
    ) -> None:
        if of_arrays is None:
            of_arrays = partial(backward, RAW) if alone else _where_wanted(backward)
        body = {
            "__slots__": (), "backward": staticmethod(backward), "fresh": fresh, "many": many,
            "turned": turned, "of_arrays": staticmethod(of_arrays), "told": told,
            "__doc__": f"The node of {name.removesuffix('0').removesuffix('Backward')}.",
        }
        self.node: type[Node] = type(name, (Node,), body)


def plain_name(node: Any) -> Any:
    """Return the operation's name as messages write it: "Mul" for MulBackward0."""
    return re.sub(r"Backward\d*$", "", node.name())
