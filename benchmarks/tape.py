"""A tape of ninety lines on NumPy: what an engine costs that has no names, checks, views or hooks.

`benchmarks.engine` runs the three networks on it as a rival. A node holds an array and, if recorded,
the function from its gradient to those of its sources; the tape is the list of nodes as they were
made, so the pass walks it backwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Node:
    """An array, its gradient, and the way back to its sources."""

    __slots__ = ("array", "back", "grad", "sources")

    def __init__(self, array: Any, sources: tuple[Node, ...] = (), back: Any = None) -> None:
        self.array, self.sources, self.back, self.grad = array, sources, back, None


class Tape:
    """The nodes of one step, in the order in which they were made."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def record(self, array: Any, sources: tuple[Node, ...], back: Callable[[Any], Any]) -> Node:
        """Return the node of a result."""
        node = Node(array, sources, back)
        self.nodes.append(node)
        return node

    def backward(self) -> None:
        """Walk from the last node to the first, adding up what each source receives."""
        self.nodes[-1].grad = np.ones((), self.nodes[-1].array.dtype)
        for node in reversed(self.nodes):
            for source, g in zip(node.sources, node.back(node.grad)):  # noqa: B905  (as many by design)
                source.grad = g if source.grad is None else source.grad + g
        self.nodes.clear()

    def linear(self, x: Node, w: Node, b: Node) -> Node:
        """Return x·wᵀ + b."""
        a = x.array
        return self.record(a @ w.array.T + b.array, (w, b, x),
                           lambda g: (g.T @ a, g.sum(0), g @ w.array))

    def sigmoid(self, x: Node) -> Node:
        """Return σ(x)."""
        out = 1 / (1 + np.exp(-x.array))
        return self.record(out, (x,), lambda g: (g * out * (1 - out),))

    def relu(self, x: Node) -> Node:
        """Return max(x, 0)."""
        out = np.maximum(x.array, 0)
        return self.record(out, (x,), lambda g: (g * (out > 0),))

    def normalised(self, x: Node, w: Node, b: Node) -> Node:
        """Return the columns of x with mean 0 and variance 1, times w, plus b."""
        a, count = x.array, len(x.array)
        centred = a - a.mean(0)
        inverse = 1 / np.sqrt((centred * centred).mean(0) + np.float32(1e-5))
        hat = centred * inverse

        def back(g: Any) -> Any:
            gb, gw = g.sum(0), (g * hat).sum(0)
            return gw, gb, (g - (gb + hat * gw) / count) * (inverse * w.array)

        return self.record(hat * w.array + b.array, (w, b, x), back)

    def binary_cross_entropy(self, p: Node, y: Any) -> Node:
        """Return the mean of −y·ln p − (1 − y)·ln(1 − p)."""
        a, size = p.array, p.array.size
        loss = -(y * np.log(a) + (1 - y) * np.log(1 - a)).mean()
        return self.record(loss, (p,), lambda g: (g * (a - y) / (a * (1 - a)) / size,))

    def cross_entropy(self, x: Node, y: Any) -> Node:
        """Return the mean of −ln softmax(x) at the classes y."""
        rows = np.arange(len(y))
        z = x.array - x.array.max(1, keepdims=True)
        logs = z - np.log(np.exp(z).sum(1, keepdims=True))

        def back(g: Any) -> Any:
            share = np.exp(logs)
            share[rows, y] -= 1
            return (share * (g / len(y)),)

        return self.record(-logs[rows, y].mean(), (x,), back)
