"""The steps that `benchmarks.compiled` compares: in PyTorch's words, by hand, and under JAX's `jit`.

Float32 on one core; every step computes its loss. `batch_norm` by hand keeps what the backward pass reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import pairwise
from typing import Any

import numpy as np

from backprop_tutor import engine

Step = Callable[[], Any]
SIZES = {
    "xor": (4, (2, 2, 1)), "iris": (4, (4, 128, 64, 32, 16, 3)), "digits": (32, (784, 128, 10)),
    "wide": (256, (784, 512, 512, 10)),
}
ROUNDS = {"xor": 200, "iris": 40, "digits": 15, "wide": 2}


def batch(case: str) -> tuple[Any, Any]:
    """Return the inputs and targets of a case."""
    rng = np.random.default_rng(0)
    count, sizes = SIZES[case]
    if case == "xor":
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
        return x, np.array([[0], [1], [1], [0]], np.float32)
    x = rng.random((count, sizes[0])).astype(np.float32)
    return x, rng.integers(0, sizes[-1], count)


def of_torch(torch: Any, case: str, wrapped: Any = None) -> Step:
    """Return a step in PyTorch's words, for this engine and for PyTorch."""
    torch.manual_seed(0)
    nn = torch.nn
    _, sizes = SIZES[case]
    x, y = (torch.tensor(each) for each in batch(case))
    layers: list[Any] = []
    for i, (n, m) in enumerate(pairwise(sizes)):
        layers.append(nn.Linear(n, m))
        last = i == len(sizes) - 2
        if case == "iris" and i < 3:
            layers.append(nn.BatchNorm1d(m))
        if case == "xor" or not last:
            layers.append(nn.Sigmoid() if case == "xor" else nn.ReLU())
    model = nn.Sequential(*layers)
    compare = nn.BCELoss() if case == "xor" else nn.CrossEntropyLoss()
    optimizer = (torch.optim.Adam(model.parameters()) if case == "digits"
                 else torch.optim.SGD(model.parameters(), lr=0.01))

    def train_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = compare(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    step = train_step if wrapped is None else wrapped(train_step)
    return lambda: step(x, y)


class _Norm:
    """Batch normalisation of (count, width) by hand, in place, with running estimates and its update."""

    def __init__(self, count: int, width: int) -> None:
        kind = np.float32
        self.evenly, self.ones = np.full(count, 1 / count, kind), np.ones(count, kind)
        self.hat, self.room = (np.empty((count, width), kind) for _ in range(2))
        self.mean, self.variance, self.deviation = (np.empty(width, kind) for _ in range(3))
        self.weight, self.bias = np.ones(width, kind), np.zeros(width, kind)
        self.gw, self.gb, self.small = (np.empty(width, kind) for _ in range(3))
        self.running = np.zeros(width, kind), np.ones(width, kind)
        self.tiny, self.share, self.pace, self.rest = (
            np.array(v, kind) for v in (1e-5, 1 / count, 0.1, 0.9))
        self.unbiased = np.array(0.1 * count / (count - 1), kind)

    def forward(self, z: Any) -> None:
        self.evenly.dot(z, self.mean)
        np.subtract(z, self.mean, self.hat)
        np.multiply(self.hat, self.hat, self.room)
        self.evenly.dot(self.room, self.variance)
        np.add(self.variance, self.tiny, self.deviation)
        np.sqrt(self.deviation, self.deviation)
        np.divide(self.hat, self.deviation, self.hat)
        np.multiply(self.hat, self.weight, z)
        np.add(z, self.bias, z)
        for held, now, pace in zip(
            self.running, (self.mean, self.variance), (self.pace, self.unbiased), strict=True
        ):
            np.multiply(held, self.rest, held)
            np.multiply(now, pace, self.small)
            np.add(held, self.small, held)

    def backward(self, g: Any) -> None:
        self.ones.dot(g, self.gb)
        np.multiply(g, self.hat, self.room)
        self.ones.dot(self.room, self.gw)
        np.multiply(self.hat, self.gw, self.room)
        np.add(self.room, self.gb, self.room)
        np.multiply(self.room, self.share, self.room)
        np.subtract(g, self.room, g)
        np.divide(self.weight, self.deviation, self.small)
        np.multiply(g, self.small, g)

    def update(self, lr: Any) -> None:
        for p, g in ((self.weight, self.gw), (self.bias, self.gb)):
            np.multiply(g, lr, self.small)
            np.subtract(p, self.small, p)


def by_hand(case: str, products_alone: bool = False) -> Step:
    """Return the step as one would write it for speed by hand: arrays made once, `out` everywhere.

    With `products_alone` it makes the matrix products and the update, and nothing else.
    """
    rng = np.random.default_rng(1)
    count, sizes = SIZES[case]
    x, y = batch(case)
    kind = np.float32
    weights = [rng.normal(size=(n, m)).astype(kind) / np.sqrt(n).astype(kind)
               for n, m in pairwise(sizes)]
    biases = [np.zeros(m, kind) for m in sizes[1:]]
    params = [*weights, *biases]
    grads = [np.empty_like(p) for p in params]
    outs = [np.empty((count, m), kind) for m in sizes[1:]]
    deltas = [np.empty((count, m), kind) for m in sizes[1:]]
    rooms = [np.empty_like(p) for p in params]
    masks = [np.empty((count, m), bool) for m in sizes[1:]]
    ones = np.ones(count, kind)
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in params]
    one, lr, share = (np.array(v, kind) for v in (1, 0.01, 1 / count))
    places = None if case == "xor" else np.arange(count) * sizes[-1] + y
    steps = 0
    last = len(weights) - 1
    norms = {i: _Norm(count, sizes[i + 1]) for i in range(last) if case == "iris" and i < 3}
    turned = [h.T for h in outs]
    turned_weights = [w.T for w in weights]

    def forward() -> Any:
        h = x
        for i, w in enumerate(weights):
            z = outs[i]
            h.dot(w, z)
            if products_alone:
                h = z
                continue
            np.add(z, biases[i], z)
            if i in norms:
                norms[i].forward(z)
            if case == "xor":
                np.negative(z, z)
                np.exp(z, z)
                np.add(z, one, z)
                np.reciprocal(z, z)
            elif i < last:
                np.maximum(z, 0, out=z)
            h = z
        return h

    def loss_of(out: Any) -> Any:
        d = deltas[last]
        if case == "xor":
            loss = -(y * np.log(out) + (1 - y) * np.log(1 - out)).mean()
            np.subtract(out, y, d)
            np.multiply(d, share, d)
            return loss
        np.subtract(out, out.max(1, keepdims=True), d)
        picked = d.take(places)
        np.exp(d, d)
        total = d.sum(1)
        loss = (np.log(total) - picked).sum() / count
        np.divide(d, (total * count)[:, None], d)
        d.reshape(-1)[places] -= share
        return loss

    def step() -> Any:
        nonlocal steps
        loss = forward() if products_alone else loss_of(forward())
        for i in range(last, -1, -1):
            d = deltas[i]
            before = x.T if i == 0 else turned[i - 1]
            before.dot(d, grads[i])
            ones.dot(d, grads[last + 1 + i])
            if i:
                up = deltas[i - 1]
                d.dot(turned_weights[i], up)
                if products_alone:
                    continue
                h = outs[i - 1]
                if case == "xor":
                    np.multiply(up, h, up)
                    np.multiply(up, one - h, up)
                else:
                    np.greater(h, 0, masks[i - 1])
                    np.multiply(up, masks[i - 1], up)
                if i - 1 in norms:
                    norms[i - 1].backward(up)
        steps += 1
        root = (1 - 0.999**steps) ** 0.5
        rate, floor = kind(0.001 * root / (1 - 0.9**steps)), kind(1e-8 * root)
        for p, g, room, (m, v) in zip(params, grads, rooms, moments, strict=True):
            if case != "digits":
                np.multiply(g, lr, room)
                np.subtract(p, room, p)
                continue
            np.subtract(g, m, room)
            np.multiply(room, kind(0.1), room)
            np.add(m, room, m)
            np.multiply(g, g, room)
            np.multiply(room, kind(0.001), room)
            np.multiply(v, kind(0.999), v)
            np.add(v, room, v)
            np.sqrt(v, room)
            np.add(room, floor, room)
            np.divide(m, room, room)
            np.multiply(room, rate, room)
            np.subtract(p, room, p)
        for norm in norms.values():
            norm.update(lr)
        return loss

    return step


def of_jax(case: str) -> Step:
    """Return the step under `jax.jit`, its state handed from step to step."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(1)
    _, sizes = SIZES[case]
    x, y = (jnp.asarray(each) for each in batch(case))
    params = []
    for i, (n, m) in enumerate(pairwise(sizes)):
        layer = {"w": jnp.asarray(rng.normal(size=(n, m)) / np.sqrt(n), jnp.float32), "b": jnp.zeros(m)}
        if case == "iris" and i < 3:
            layer |= {"g": jnp.ones(m), "o": jnp.zeros(m)}
        params.append(layer)

    def loss_of(params: Any, stats: Any, x: Any, y: Any) -> Any:
        h, seen = x, []
        for i, layer in enumerate(params):
            h = h @ layer["w"] + layer["b"]
            if "g" in layer:
                mean, variance = h.mean(0), h.var(0)
                h = (h - mean) / jnp.sqrt(variance + 1e-5) * layer["g"] + layer["o"]
                seen.append((0.9 * stats[len(seen)][0] + 0.1 * mean,
                             0.9 * stats[len(seen)][1] + 0.1 * variance))
            if case == "xor":
                h = jax.nn.sigmoid(h)
            elif i < len(params) - 1:
                h = jax.nn.relu(h)
        if case == "xor":
            return -(y * jnp.log(h) + (1 - y) * jnp.log(1 - h)).mean(), seen
        return -jnp.take_along_axis(jax.nn.log_softmax(h), y[:, None], 1).mean(), seen

    def step(params: Any, stats: Any, state: Any, x: Any, y: Any) -> Any:
        (loss, stats), grads = jax.value_and_grad(loss_of, has_aux=True)(params, stats, x, y)
        if case != "digits":
            return jax.tree.map(lambda p, g: p - 0.01 * g, params, grads), stats, state, loss
        m, v, t = state
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
        params = jax.tree.map(
            lambda p, m, v: p - 0.001 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8),
            params, m, v)
        return params, stats, (m, v, t), loss

    moments = [jax.tree.map(jnp.zeros_like, params) for _ in range(2)]
    held = [params, [(jnp.zeros(m), jnp.ones(m)) for m in sizes[1:4]] if case == "iris" else [],
            (*moments, jnp.zeros(())), None]
    run = jax.jit(step)

    def once() -> Any:
        held[:] = run(*held[:3], x, y)
        held[3].block_until_ready()

    return once


def _torch_compiled(torch: Any, case: str) -> Step | None:
    """Return PyTorch's own compiled step; None, with the reason printed, where it does not run."""
    try:
        step = of_torch(torch, case, torch.compile)
        step()
    except Exception as error:  # what its compiler raises is not known
        print(f"torch.compile does not run: {str(error).strip().splitlines()[0][:100]}")
        return None
    return step


def contenders(case: str, skipped: Collection[str] = ()) -> dict[str, Step]:
    """Return the steps of a case by who makes them, without the `skipped`; say which are missing."""
    found: dict[str, Step] = {
        "compiled": of_torch(engine, case, engine.compile), "eager": of_torch(engine, case),
        "by hand": by_hand(case),
    }
    if case == "wide":
        found["products and update"] = by_hand(case, products_alone=True)
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed")
    else:
        torch.set_num_threads(1)
        found["PyTorch"] = of_torch(torch, case)
        theirs = None if "torch.compile" in skipped else _torch_compiled(torch, case)
        if theirs is not None:
            found["torch.compile"] = theirs
    try:
        found["JAX"] = of_jax(case)
    except ImportError:
        print("JAX is not installed")
    return {name: step for name, step in found.items() if name not in skipped}
