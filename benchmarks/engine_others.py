"""The networks of `benchmarks.engine` in the other teaching engines that pip installs (extra `bench`).

Each function returns one training step written as that engine's own documentation writes one, or
raises `Unable` with the reason. What an engine has no layer for (batch normalisation in autograd) is
written out in its operations. tinygrad is not among them: it wants a C compiler when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.tape import Node, Tape

Step = Callable[[], None]
SIZES = {"xor": (2, 2, 1), "iris": (4, 128, 64, 32, 16, 3), "digits": (784, 128, 10)}
NORMALISED = 3  # of the iris network's layers, the first three


class Unable(Exception):
    """The engine cannot be measured on a network, and why."""


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise Unable(f"not installed ({error})") from error


def _data(network: str) -> tuple[Any, Any]:
    draw = np.random.default_rng(0)
    if network == "xor":
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
        return x, np.array([[0], [1], [1], [0]], np.float32)
    if network == "iris":
        return draw.random((4, 4), np.float32), np.array([0, 1, 2, 1])
    return draw.random((32, 784), np.float32), draw.integers(0, 10, 32)


def _weights(network: str) -> list[tuple[Any, Any]]:
    """Return weight (n, m) and bias (m,) of each layer, uniform within ±1/√n."""
    draw, sizes = np.random.default_rng(1), SIZES[network]
    return [
        (draw.uniform(-1, 1, (n, m)).astype(np.float32) / np.float32(n**0.5), np.zeros(m, np.float32))
        for n, m in pairwise(sizes)
    ]


def _parameters(network: str) -> list[Any]:
    """Return all parameters in order: weight and bias, and scale and shift where normalised."""
    found: list[Any] = []
    for i, (w, b) in enumerate(_weights(network)):
        found += [w, b]
        if network == "iris" and i < NORMALISED:
            found += [np.ones_like(b), np.zeros_like(b)]
    return found


class _Adam:
    """Adam on arrays, in place, for engines that bring no optimizer."""

    def __init__(self, arrays: list[Any]) -> None:
        self.count = 0
        self.moments = [(np.zeros_like(a), np.zeros_like(a)) for a in arrays]

    def step(self, arrays: list[Any], gradients: list[Any]) -> None:
        self.count += 1
        rate = 1e-3 * (1 - 0.999**self.count) ** 0.5 / (1 - 0.9**self.count)
        for a, g, (m, v) in zip(arrays, gradients, self.moments, strict=True):
            m += np.float32(0.1) * (g - m)
            v += np.float32(0.001) * (g * g - v)
            a -= np.float32(rate) * m / (np.sqrt(v) + np.float32(1e-8))


def _descend(network: str, arrays: list[Any]) -> Callable[[list[Any]], None]:
    """Return the update of the network's optimizer."""
    if network == "digits":
        adam = _Adam(arrays)
        return lambda gradients: adam.step(arrays, gradients)
    rate = np.float32(0.5 if network == "xor" else 0.001)

    def descend(gradients: list[Any]) -> None:
        for a, g in zip(arrays, gradients, strict=True):
            a -= rate * g

    return descend


def micrograd(network: str) -> Step:
    """Return a step of micrograd's own MLP: scalars, ReLU and the squared error; XOR alone is small."""
    if network != "xor":
        raise Unable("computes with scalars only")
    nn = _module("micrograd.nn")
    x, y = (a.tolist() for a in _data(network))
    model = nn.MLP(2, [2, 1])

    def step() -> None:
        loss = sum((model(row) - target[0]) ** 2 for row, target in zip(x, y, strict=True)) * 0.25
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.05 * p.grad

    return step


def autograd(network: str) -> Step:
    """Return a step of HIPS autograd: `grad` of a function of all parameters."""
    anp = _module("autograd.numpy")
    take_gradient = _module("autograd").grad
    x, y = _data(network)
    parameters = _parameters(network)
    descend = _descend(network, parameters)
    rows = np.arange(len(x))

    def loss(held: list[Any]) -> Any:
        signal, rest = x, list(held)
        last = len(SIZES[network]) - 2
        for i in range(last + 1):
            signal = anp.dot(signal, rest.pop(0)) + rest.pop(0)
            if network == "xor":
                signal = 1 / (1 + anp.exp(-signal))
                continue
            if network == "iris" and i < NORMALISED:
                centred = signal - anp.mean(signal, axis=0)
                spread = anp.sqrt(anp.mean(centred * centred, axis=0) + 1e-5)
                signal = centred / spread * rest.pop(0) + rest.pop(0)
            if i < last:
                signal = anp.maximum(signal, 0)
        if network == "xor":
            return -anp.mean(y * anp.log(signal) + (1 - y) * anp.log(1 - signal))
        top = anp.max(signal, axis=1, keepdims=True)
        scores = signal - top
        return anp.mean(anp.log(anp.sum(anp.exp(scores), axis=1)) - scores[rows, y])

    gradient = take_gradient(loss)
    return lambda: descend(gradient(parameters))


def mygrad(network: str) -> Step:
    """Return a step of MyGrad, with its own layers and losses."""
    mg = _module("mygrad")
    nnet = _module("mygrad.nnet")
    x, y = _data(network)
    arrays = _parameters(network)
    tensors = [mg.tensor(a, copy=False) for a in arrays]
    descend = _descend(network, [t.data for t in tensors])
    last = len(SIZES[network]) - 2

    def step() -> None:
        signal, rest = x, list(tensors)
        for i in range(last + 1):
            signal = mg.matmul(signal, rest.pop(0)) + rest.pop(0)
            if network == "xor":
                signal = nnet.sigmoid(signal)
                continue
            if network == "iris" and i < NORMALISED:
                scale, shift = rest.pop(0), rest.pop(0)
                signal = nnet.batchnorm(signal, gamma=scale, beta=shift, eps=1e-5)
            if i < last:
                signal = nnet.relu(signal)
        if network == "xor":
            loss = -mg.mean(y * mg.log(signal) + (1 - y) * mg.log(1 - signal))
        else:
            loss = nnet.softmax_crossentropy(signal, y)
        loss.backward()
        gradients = [t.grad for t in tensors]
        with mg.mem_guard_off:
            descend(gradients)
        for t in tensors:
            t.null_grad()

    return step


def ninety_lines(network: str) -> Step:
    """Return a step of the tape in `benchmarks/tape.py`: the least that an engine costs."""
    x, y = _data(network)
    # weights stand as (m, n) here
    parameters = [Node(np.ascontiguousarray(a.T)) for a in _parameters(network)]
    descend = _descend(network, [p.array for p in parameters])
    tape, last, data = Tape(), len(SIZES[network]) - 2, Node(x)

    def step() -> None:
        signal, rest = data, iter(parameters)
        for i in range(last + 1):
            signal = tape.linear(signal, next(rest), next(rest))
            if network == "xor":
                signal = tape.sigmoid(signal)
                continue
            if network == "iris" and i < NORMALISED:
                signal = tape.normalised(signal, next(rest), next(rest))
            if i < last:
                signal = tape.relu(signal)
        if network == "xor":
            tape.binary_cross_entropy(signal, y)
        else:
            tape.cross_entropy(signal, y)
        for p in parameters:
            p.grad = None
        tape.backward()
        descend([p.grad for p in parameters])

    return step


OTHERS: dict[str, Callable[[str], Step]] = {
    "a 90-line tape": ninety_lines, "micrograd": micrograd, "MyGrad": mygrad, "autograd": autograd,
}
