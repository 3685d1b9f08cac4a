"""L-BFGS: steps along the negative gradient, corrected by the curvature that the last steps showed.

Sources: Nocedal and Wright, "Numerical Optimization" (2006), algorithms 7.4, 7.5, 3.5 and 3.6; the
thresholds are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..modes import enable_grad
from ..tape import Tensor
from .optimizer import Optimizer, number

__all__ = ["LBFGS"]


@dataclass
class _Point:
    """What is known at one step length: the loss, the gradient, the slope along the direction."""

    step: float
    loss: float
    grad: Any
    slope: float


def _cubic_minimum(a: _Point, b: _Point, bounds: tuple[float, float] | None = None) -> float:
    """Return where the cubic through two points with their slopes is least, within bounds."""
    low, high = bounds or (min(a.step, b.step), max(a.step, b.step))
    first = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step)
    square = first**2 - a.slope * b.slope
    if square < 0:
        return (low + high) / 2.0
    root = float(square**0.5)
    if a.step <= b.step:
        share = (b.slope + root - first) / (b.slope - a.slope + 2 * root)
        place = b.step - (b.step - a.step) * share
    else:
        share = (a.slope + root - first) / (a.slope - b.slope + 2 * root)
        place = a.step - (a.step - b.step) * share
    return min(max(place, low), high)


def _strong_wolfe(
    probe: Callable[[float], _Point], start: _Point, step: float, reach: float,
    change: float = 1e-9, tries: int = 25, enough: float = 1e-4, flat: float = 0.9,
) -> tuple[_Point, int]:
    """Return a point that meets the strong Wolfe conditions, and how often the loss was computed."""

    def too_high(p: _Point) -> bool:
        return p.loss > start.loss + enough * p.step * start.slope

    def is_flat(p: _Point) -> bool:
        return abs(p.slope) <= -flat * start.slope

    new, before, done, used = probe(step), start, False, 0
    count = 1
    ends = [start, new]
    while used < tries:
        if too_high(new) or (used > 1 and new.loss >= before.loss):
            ends = [before, new]
            break
        if is_flat(new):
            ends, done = [new, new], True
            break
        if new.slope >= 0:
            ends = [before, new]
            break
        nearest = new.step + 0.01 * (new.step - before.step)
        step = _cubic_minimum(before, new, (nearest, new.step * 10))
        before, new = new, probe(step)
        count += 1
        used += 1
        ends = [start, new]
    low = 0 if ends[0].loss <= ends[-1].loss else 1
    stuck = False
    while not done and used < tries:
        least, most = sorted((ends[0].step, ends[1].step))
        if (most - least) * reach < change:
            break
        step = _cubic_minimum(ends[0], ends[1])
        margin = 0.1 * (most - least)
        if min(most - step, step - least) >= margin:
            stuck = False
        elif stuck or step >= most or step <= least:
            step = most - margin if abs(step - most) < abs(step - least) else least + margin
            stuck = False
        else:
            stuck = True
        new = probe(step)
        count += 1
        used += 1
        high = 1 - low
        if too_high(new) or new.loss >= ends[low].loss:
            ends[high] = new
            low = 0 if ends[0].loss <= ends[1].loss else 1
            continue
        if is_flat(new):
            done = True
        elif new.slope * (ends[high].step - ends[low].step) >= 0:
            ends[high] = ends[low]
        ends[low] = new
    return ends[low], count


class LBFGS(Optimizer):
    """Quasi-Newton steps over all parameters at once; `step` needs a closure, called several times."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        if not lr >= 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        most = max_iter * 5 // 4 if max_eval is None else max_eval
        super().__init__(params, {
            "lr": lr, "max_iter": max_iter, "max_eval": most, "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change, "history_size": history_size,
            "line_search_fn": line_search_fn,
        })
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]

    def _gradient(self) -> Any:
        return np.concatenate([
            (np.zeros_like(p._a) if p._grad is None else p._grad._a).reshape(-1)
            for p in self._params
        ])

    def _move(self, step: float, direction: Any) -> None:
        at = 0
        for p in self._params:
            part = direction[at : at + p._a.size].reshape(p._a.shape)
            p._a += p._a.dtype.type(step) * part
            p._ver[0] += 1
            at += p._a.size

    def _direction(self, state: dict[str, Any], grad: Any) -> Any:
        """Return the step that the remembered curvature suggests (two loops)."""
        changes, steps, inverse = state["old_dirs"], state["old_stps"], state["ro"]
        found = -grad
        shares = []
        for y, s, r in zip(reversed(changes), reversed(steps), reversed(inverse), strict=True):
            shares.append(s.dot(found) * r)
            found = found - shares[-1] * y
        found = found * state["H_diag"]
        for y, s, r, share in zip(changes, steps, inverse, reversed(shares), strict=True):
            found = found + s * (share - y.dot(found) * r)
        return found

    def _remember(self, state: dict[str, Any], grad: Any, most: int) -> None:
        y, s = grad - state["prev_flat_grad"], state["d"] * grad.dtype.type(state["t"])
        product = y.dot(s)
        if product > 1e-10:
            for name, value in (("old_dirs", y), ("old_stps", s), ("ro", 1.0 / product)):
                if len(state[name]) == most:
                    state[name].pop(0)
                state[name].append(value)
            state["H_diag"] = product / y.dot(y)

    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]
        """Take up to `max_iter` steps; return the loss before the first."""
        group = self.param_groups[0]
        lr, search = number(group["lr"]), group["line_search_fn"]
        if search not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        def evaluate() -> tuple[Any, float]:
            with enable_grad():
                found = closure()
            return found, float(found.item() if isinstance(found, Tensor) else found)

        first, loss = evaluate()
        count = 1
        state["func_evals"] += 1
        grad = self._gradient()
        if np.abs(grad).max() <= group["tolerance_grad"]:
            return first
        for turn in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            if state["n_iter"] == 1:
                state.update(d=-grad, old_dirs=[], old_stps=[], ro=[], H_diag=1)
            else:
                self._remember(state, grad, group["history_size"])
                state["d"] = self._direction(state, grad)
            d = state["d"]
            state["prev_flat_grad"], before = grad.copy(), loss
            step = min(1.0, 1.0 / float(np.abs(grad).sum())) * lr if state["n_iter"] == 1 else lr
            slope = float(grad.dot(d))
            if slope > -group["tolerance_change"]:
                state["t"] = step
                break
            used = 0
            if search is None:
                self._move(step, d)
                if turn != group["max_iter"]:
                    _, loss = evaluate()
                    grad = self._gradient()
                    used = 1
            else:
                found, used = self._searched(evaluate, _Point(0, loss, grad, slope), step, d)
                loss, grad, step = found.loss, found.grad, found.step
                self._move(step, d)
            state["t"] = step
            state["prev_loss"] = before
            count += used
            state["func_evals"] += used
            if (
                turn == group["max_iter"] or count >= group["max_eval"]
                or np.abs(grad).max() <= group["tolerance_grad"]
                or np.abs(d * step).max() <= group["tolerance_change"]
                or abs(loss - before) < group["tolerance_change"]
            ):
                break
        return first

    def _searched(
        self, evaluate: Callable[[], tuple[Any, float]], start: _Point, step: float, d: Any
    ) -> tuple[_Point, int]:
        held = [p._a.copy() for p in self._params]

        def probe(length: float) -> _Point:
            self._move(length, d)
            _, loss = evaluate()
            grad = self._gradient()
            for p, values in zip(self._params, held, strict=True):
                p._a[...] = values
            return _Point(length, loss, grad, float(grad.dot(d)))

        return _strong_wolfe(probe, start, step, float(np.abs(d).max()))
