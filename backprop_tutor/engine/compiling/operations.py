"""One operation of a watched call as calls of NumPy: its value, and its way back.

Operations are the records of `ops`; where an eager step has a way of its own, `faster` has it, too. What is
no record (a power by a number, softplus with its threshold, what is joined) is written here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import OPS
from ...ops.tensors import TENSOR_OPS
from .faster import FASTER
from .kernel import Writer
from .values import Unwritable, Value

__all__ = ["Back", "Ways"]

Back = Callable[[Any, list[bool]], list[Any]]
"""From the gradient of a value, and which are wanted, the gradients of its operands."""

Way = tuple[Any, Back]


class Ways:
    """How operations are written; notes the values that an eager step checks, and whether there are draws.

    `norm` is what the batch normalisation to come moves, and then what it has computed for that.
    """

    def __init__(self, kernel: Writer) -> None:
        self.kernel = kernel
        self.checks: list[tuple[str, tuple[Value, ...], dict[str, Any]]] = []
        self.draws: bool = False
        self.norm: dict[str, Any] | None = None

    def way(self, kind: str, name: str, operands: list[Any], settings: Any) -> Way:
        """Return an operation's value and its way back.

        Raises:
            Unwritable: nothing says how it is written.
        """
        faster = FASTER.get((kind, name))
        found = None if faster is None else faster(self.kernel, operands, settings, self.norm)
        if found is None:
            found = self._of_kind(kind, name, operands, settings)
        if kind == "record":
            self._check(name, operands, settings, found[0])
        return found

    def _of_kind(self, kind: str, name: str, operands: list[Any], settings: Any) -> Way:
        a, k = operands[0], self.kernel
        if kind == "same":
            return a, lambda g, need: [k.cast(g, a.dtype)]
        if kind == "joined":
            return self._joined(name, operands, settings["dim"])
        if kind == "softplus":
            return self._softplus(a, *settings)
        if kind == "power":
            return self._power(a, settings)
        if kind == "row":
            return self._row(name, operands, settings)
        return self._record(name, operands, settings)

    def _record(self, name: str, operands: list[Any], settings: dict[str, Any]) -> Way:
        k, row = self.kernel, TENSOR_OPS[name]
        if any(isinstance(each, np.ndarray) for each in _parts(settings)):
            raise Unwritable(f"{name} is called with places that are computed")
        if name == "batch_norm" and self.norm is not None:
            raise Unwritable("batch normalisation of more than two dimensions is not written")
        out = row.forward(k, *operands, **settings)

        def back(g: Any, need: list[bool]) -> list[Any]:
            found: list[Any] = []
            for slot in range(len(operands)):
                rule = row.gradient(slot) if slot < len(need) and need[slot] else None
                found.append(None if rule is None else rule(k, g, out, *operands, **settings))
            return found

        return out, back

    def _row(self, name: str, operands: list[Any], settings: dict[str, Any]) -> Way:
        k, row = self.kernel, OPS[name]
        shapes = [a.shape for a in operands]
        out = row.forward(k, *operands, **settings)

        def back(g: Any, need: list[bool]) -> list[Any]:
            found: list[Any] = []
            for slot, shape in enumerate(shapes):
                if slot >= len(need) or not need[slot]:
                    found.append(None)
                    continue
                slope = row.partial(slot)(k, out, *operands, **settings)
                found.append(k.fit(self._scaled(g, slope), shape))
            return found

        return out, back

    def _scaled(self, g: Any, slope: Any) -> Any:
        if slope.__class__ is int:
            return g if slope == 1 else -g if slope == -1 else self.kernel.zeros_like(g)
        if isinstance(slope, Value) and slope.dtype != g.dtype and slope.dtype.kind != "b":
            slope = self.kernel.cast(slope, g.dtype)
        return g * slope

    def _joined(self, name: str, operands: list[Any], dim: int) -> Way:
        k = self.kernel
        if any(a.shape == (0,) for a in operands):
            raise Unwritable("empty tensors are joined")
        if name == "stack":
            def apart(g: Any, need: list[bool]) -> list[Any]:
                return [k.index(g, (slice(None),) * dim + (i,)) if wanted else None
                        for i, wanted in enumerate(need)]

            return k.stack(list(operands), dim), apart

        def parts(g: Any, need: list[bool]) -> list[Any]:
            found, start = [], 0
            for a, wanted in zip(operands, need, strict=True):
                size = a.shape[dim]
                key = (slice(None),) * dim + (slice(start, start + size),)
                found.append(k.index(g, key) if wanted else None)
                start += size
            return found

        return k.concatenate(list(operands), dim), parts

    def _softplus(self, a: Any, beta: float, threshold: float) -> Way:
        k = self.kernel
        scaled = a * beta
        out = k.where(k.greater(scaled, threshold), a, k.softplus(scaled) / beta)
        return out, lambda g, need: [k.where(k.greater(a * beta, threshold), g, g * k.sigmoid(a * beta))]

    def _power(self, a: Any, n: Any) -> Way:
        k = self.kernel
        if a.dtype.kind != "f":
            raise Unwritable("a power of whole numbers is not written")
        out = a * a if n == 2 else k.sqrt(a) if n == 0.5 else k.power(a, n)

        def back(g: Any, need: list[bool]) -> list[Any]:
            if n == 0:
                return [k.zeros_like(g)]
            return [g if n == 1 else g * (a * 2) if n == 2 else g * (k.power(a, n - 1) * n)]

        return out, back

    def dropout(self, x: Any, noise: Any, p: float) -> Way:
        """Return dropping out, its mask drawn anew at each step."""
        k = self.kernel
        if p == 1.0:
            mask = k.zeros_like(x)
        else:
            uniform = np.where(noise > 0, 0.0, 1.0)
            drawn = k.own(k.values.draw(x.array.size, uniform.reshape(-1), {}))
            kept = k.less(k.reshape(drawn, x.shape), 1 - p)
            mask = k.cast(kept, x.dtype) / np.array(1 - p, x.dtype)
            self.draws = True
        return x * mask, lambda g, need: [g * mask, None]

    def _check(self, name: str, operands: list[Any], settings: Any, out: Any) -> None:
        """Note what an eager step would refuse about the values of its operands."""
        if name in ("cross_entropy", "nll") and operands[1].dtype.kind in "iu":
            shape = operands[0].shape
            classes = shape[1] if len(shape) > 1 else shape[0]
            self.checks.append(("labels", (operands[1],), {
                "classes": classes, "ignored": settings.get("ignore_index", -100)}))
        elif name == "embedding":
            known = {"classes": operands[1].shape[0], "ignored": None}
            self.checks.append(("labels", (operands[0],), known))
        elif name == "gather":
            size = operands[0].shape[settings["axis"]] if operands[0].shape else 1
            self.checks.append(("labels", (operands[1],), {"classes": size, "ignored": None}))
        elif name in ("scatter_add", "index_add"):
            raise Unwritable(f"{name} puts numbers at places that are computed")
        elif name == "bce":
            self.checks.append(("shares", (operands[1],), {}))
            self.checks.append(("lost", (out,), {}))


def _parts(given: Any) -> list[Any]:
    found, waiting = [], [given]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, (tuple, list)):
            waiting.extend(each)
        else:
            found.append(each)
    return found
