"""What the gradients of all inputs together cost: by paths, by forward differences, by one pass.

And how that grows with depth. Paths are counted by sweeping the graph once, never listed, so 2^1000 of
them are no trouble. What counts as a multiplication is `ops/counting.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from ..errors import OptionError
from ..graph import Graph
from ..graph_builder import build_graph
from ..language import network
from ..ops import OPS
from ..ops.counting import multiplications
from ..passes import run
from ..sentences import N_, counted, said, whole
from ..steps import Derivation

__all__ = ["Cost", "Costs", "Growth", "find_costs", "grow", "path_counts"]

C = TypeVar("C", bound="Costs")
G = TypeVar("G", bound="Growth")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way takes.

    Attributes:
        passes: forward passes.
        gates: gates run in them.
        forward: multiplications in the forward passes.
        slopes: multiplications in the local gradients, each found once.
        chain: multiplications along the chain, the one with the seed 1 included; of forward
            differences, the divisions by the step.
    """

    passes: int
    gates: int
    forward: int
    slopes: int
    chain: int

    @property
    def total(self) -> int:
        """Return all multiplications together."""
        return self.forward + self.slopes + self.chain


@dataclass(frozen=True, slots=True, repr=False)
class Costs:
    """What the gradients of all inputs together take, three ways.

    Attributes:
        of: the output's name.
        inputs: how many inputs the output depends on.
        paths: how many paths lead from them to the output.
        by_paths: every path multiplied out on its own.
        by_differences: (f(x + h) − f(x))/h, one more forward pass for each input.
        by_pass: one backward pass, one multiplication for each edge.
    """

    of: str
    inputs: int
    paths: int
    by_paths: Cost
    by_differences: Cost
    by_pass: Cost

    def __repr__(self) -> str:
        ways = (self.by_paths, self.by_differences, self.by_pass)
        paths, differences, one_pass = (whole(way.total) for way in ways)
        inputs = counted(self.inputs, N_("1 input"), N_("{count} inputs"))
        return (
            f"<Costs of {self.of}'s gradients along {inputs}: {paths} multiplications by paths, "
            f"{differences} by differences, {one_pass} by one pass>"
        )


@dataclass(frozen=True, slots=True, repr=False)
class Growth:
    """The costs of networks of more and more layers, all of the same width.

    Attributes:
        width: how many nodes each layer has; the output has one.
        rows: for each depth, the number of layers that compute, the costs.
    """

    width: int
    rows: tuple[tuple[int, Costs], ...]

    def __iter__(self) -> Iterator[tuple[int, Costs]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Growth of networks {self.width} wide, 1 to {self.rows[-1][0]} layers deep>"


def path_counts(graph: Graph) -> tuple[list[int], list[int]]:
    """Return for each node how many paths lead to the output, and their total length in edges.

    Counted from the output backwards in one sweep, without listing any.
    """
    ways = [0] * len(graph.nodes)
    lengths = [0] * len(graph.nodes)
    ways[graph.output] = 1
    for place in range(graph.output - 1, -1, -1):
        for use in graph.uses[place]:
            ways[place] += ways[use.target]
            lengths[place] += lengths[use.target] + ways[use.target]
    return ways, lengths


def find_costs(derivation: Derivation, into: type[C]) -> C:
    """Return what the gradients of all inputs take, three ways, at the derivation's point."""
    graph = derivation.graph_table
    gates = forward = slopes = 0
    for place, node in enumerate(graph.nodes):
        if node.kind != "operation" or not graph.relevant[place]:
            continue
        gates += 1
        op = OPS[node.op]
        operands = tuple(derivation.numbers[i] for i in node.operands)
        options = op.with_options(node.options) if op.options or op.outputs else {}
        forward += multiplications(op.forward, operands, options)
        slopes += sum(
            multiplications(op.partial(slot), operands, options, derivation.numbers[place])
            for slot, source in enumerate(node.operands)
            if graph.varies[source]
        )
    ways, lengths = path_counts(graph)
    starts = [
        place
        for place, node in enumerate(graph.nodes)
        if node.kind == "input" and graph.relevant[place]
    ]
    count = len(starts)
    paths = sum(ways[place] for place in starts)
    multiplied = sum(lengths[place] for place in starts)
    return into(
        derivation.output,
        count,
        paths,
        Cost(1, gates, forward, slopes, multiplied),
        Cost(count + 1, (count + 1) * gates, (count + 1) * forward, 0, count),
        Cost(1, gates, forward, slopes, len(derivation.contributions)),
    )


_MOST_WEIGHTS = 1_000


def grow(depth: int, width: int, into: type[G]) -> G:
    """Return the costs of sigmoid networks of 1, 2, ... `depth` layers, the last one of one node.

    Up to eight depths are all there; of more, 1, 2, 4, 8, ... and the last.

    Raises:
        OptionError: a depth or a width that is no whole number of 1 or more, or more than 1,000 weights.
    """
    for name, given in (("depth", depth), ("width", width)):
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            raise OptionError(
                said("{name} is a whole number, 1 or more, not {given}", name=name, given=repr(given))
            )
    weights = (depth - 1) * width**2 + width
    if weights > _MOST_WEIGHTS:
        raise OptionError(
            said(
                "depth {depth} with width {width} makes {weights} weights; at most {most}",
                depth=depth, width=width, weights=whole(weights), most=whole(_MOST_WEIGHTS),
            )
        )  # fmt: skip
    depths = list(range(1, depth + 1))
    if depth > 8:
        depths = sorted({depth, *(2**i for i in range(depth.bit_length()))})
    return into(width, tuple((d, _stacked(d, width)) for d in depths))


def _stacked(depth: int, width: int) -> Costs:
    program = network([width] * depth + [1])
    return find_costs(run(build_graph(program), program.values, Derivation), Costs)
