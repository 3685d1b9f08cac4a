"""A model of the engine at its present weights as a derivation: `bt.from_model(model, X, y)`.

The model runs once, recorded, and its graph is read; nothing of the model changes: neither its gradients,
nor what it has counted, nor the random numbers to come.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import numpy as np

from .. import engine
from ..accepted import ArrayLike
from ..engine.autograd.modes import telling
from ..engine.nn import Module
from ..engine.tensors.randomness import default_generator
from ..engine.tensors.tensor import Tensor
from ..errors import OptionError, quoted
from ..language import Program, written
from ..language.tree import flat
from ..matrices.array_graph import ArrayGraph
from ..matrices.array_pass import kind_of
from ..objects.arrays import ArrayDerivation
from ..objects.entries import array_derive
from ..sentences import said
from ..translation import spoken
from .assignments import Witness
from .losses import LossLike, is_written_out, loss_function
from .naming import parameter_names, plain_name_of
from .reading import read_graph

__all__ = ["from_model", "opened"]

_NEAR = 1e-3
"""How far the derivation's loss may lie from the model's, whose float32 rounds."""
_SMALL = 20_000
"""Entries of a batch and parameters up to which a model of float32 is opened in float64.

There the three scales and the check agree to the last digits. What is larger can be no circuit of single
numbers; it keeps the model's own numbers.
"""
_KNOWN: dict[tuple[object, ...], ArrayGraph] = {}
"""The graphs of models opened before: a training is opened at many moments, and its program is one."""
_MOST_KNOWN = 64


def from_model(
    model: Module, X: ArrayLike, y: ArrayLike, loss: LossLike = "cross_entropy"
) -> ArrayDerivation:
    """Return the derivation of a model's loss on a batch, at the weights that it has now.

    Parameters are called `W1`, `b1`, `W2`, … (`gamma1`, `beta1` of normalisations), layers' values `Z1`,
    `A1`, …, the loss `L`. A model that trains drops out by a mask that is drawn, and shown; one in `eval()`
    does not. Constants of the forward are inputs; what was picked, split or sorted stands at the places of
    this run. Values are float64; where the batch and the parameters of a model of float32 have more than
    20,000 entries they are float32, as the model's own.

    Args:
        model: an engine's `Sequential`, or a `Module` whose forward uses recorded operations.
        X: the batch, an array, a nested list or a tensor.
        y: what is wanted: labels, or values in the output's shape.
        loss: "cross_entropy", "mse", "bce", "bce_with_logits", "nll", "mae", "huber", "smooth_l1", or a
            function (or module) of output and target that gives one number.

    Raises:
        OptionError: no model, or one with an operation that no record says, named with its line.

    >>> from backprop_tutor.engine import nn
    >>> model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1))
    >>> d = from_model(model, [[0.0, 1.0], [1.0, 1.0]], [[1.0], [0.0]], loss="mse")
    >>> print(d.graph_table.program.reading)
    Z₁ = X @ W₁ᵀ + b₁
    A₁ = σ(Z₁)
    Z₂ = A₁ @ W₂ᵀ + b₂
    L = mse(Z₂, y)
    """
    if not isinstance(model, Module):
        raise OptionError(
            said("a model is an engine's Module, not {kind}", kind=quoted(type(model).__name__))
        )
    judge = loss_function(loss)
    named = parameter_names(model)
    batch, wanted = _batch(X, named), _wanted(y, named)
    seen = Witness()
    with telling(seen):
        found, taken = _recorded(model, judge, batch, wanted)
    names = {id(parameter): name for name, parameter in named.items()}
    at = {name: parameter._a for name, parameter in named.items()}
    at["X"], names[id(batch)] = batch._a, "X"
    at["y"], names[id(taken)] = taken._a, "y"
    hints = {id(b._a): plain_name_of(name.rpartition(".")[2]) for name, b in model.named_buffers()}
    return opened(found, names, at, seen, hints)


def opened(
    found: Tensor, names: dict[int, str], at: dict[str, Any], seen: Witness, hints: dict[int, str]
) -> ArrayDerivation:
    """Return the derivation of a recorded loss; leaf tensors have names by identity, arrays by name.

    `seen` saw the loss's nodes being made; `hints` are names, by identity, of arrays that may turn up.

    Raises:
        OptionError: an operation that no record says, or a loss that the program read does not have.
    """
    reading = read_graph(found, names, at, seen, hints)
    assignments = tuple(reading.assignments)
    key = tuple(map(flat, assignments)), tuple((n, np.shape(a)) for n, a in reading.at.items()), spoken()
    graph = _KNOWN.get(key)
    if graph is None:
        text = "\n".join(f"{a.targets[0]} = {written(a.expression)}" for a in assignments)
        program = Program(assignments, text)
    else:
        program = graph.program
    used = set(program.inputs if graph is None else graph.inputs)
    point = {name: array for name, array in reading.at.items() if name in used}
    d = array_derive(program, point, "L", (), graph, _digits(point))
    if graph is None:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = d.graph_table
    if not math.isclose(float(d.values["L"]), float(found._a), rel_tol=_NEAR, abs_tol=_NEAR):
        raise OptionError(
            said("the model was read as a program whose loss is {one}, and its own is {other}",
                 one=f"{float(d.values['L']):.6g}", other=f"{float(found._a):.6g}")
        )  # fmt: skip
    return d


def _digits(point: dict[str, Any]) -> Any:
    """Return the dtype to derive in: the model's own where it is large."""
    large = sum(np.size(array) for array in point.values()) > _SMALL
    return kind_of(point) if large else np.dtype(np.float64)


def _kind(named: dict[str, Tensor]) -> Any:
    """Return the dtype of a model's parameters."""
    return next((p._a.dtype for p in named.values() if p._a.dtype.kind == "f"), np.dtype(np.float64))


def _batch(X: Any, named: dict[str, Tensor]) -> Tensor:
    """Return the batch as a leaf that records what is done with it; places of a table as they are."""
    array = _array("X", X)
    if array.dtype.kind in "iub" and any(name.startswith("E") for name in named):
        return _tensor(array, np.int64)
    made = _tensor(array, _kind(named))
    made.requires_grad_(True)
    return made


def _wanted(y: Any, named: dict[str, Tensor]) -> Tensor:
    array = _array("y", y)
    return _tensor(array, np.int64 if array.dtype.kind in "iub" else _kind(named))


def _tensor(array: Any, kind: Any) -> Tensor:
    made: Tensor = engine.from_numpy(array.astype(kind))
    return made


def _array(name: str, given: Any) -> Any:
    found = given._a if isinstance(given, Tensor) else np.asarray(given)
    if found.dtype.kind not in "iubf" or not found.size:
        raise OptionError(said("{name} is an array of numbers", name=quoted(name)))
    return found


def _recorded(model: Any, judge: Any, batch: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Return the model's loss and the target as it was taken.

    Of a loss that is written out, `((p - y)**2).mean()`, the target is recorded too, so that it stands in
    the formula; the table's own losses save it.
    """
    if is_written_out(judge):
        with suppress(OptionError):  # a function in it may refuse such a target, as PyTorch's do
            return _run(model, judge, batch, wanted, recorded=True)
    return _run(model, judge, batch, wanted, recorded=False)


def _run(
    model: Any, judge: Any, batch: Tensor, wanted: Tensor, recorded: bool
) -> tuple[Tensor, Tensor]:
    """Return the model's loss, recorded, and the target as it was taken; nothing of the model changes.

    Raises:
        OptionError: the model or the loss refuses the batch, or the loss is no single number.
    """
    buffers = [(buffer, buffer._a.copy()) for buffer in model.buffers()]
    try:
        with default_generator.unmoved(), engine.enable_grad():
            output = model(batch)
            if wanted._a.dtype.kind != "f" and getattr(output, "_a", None) is not None:
                wanted = _as_needed(judge, output, wanted)
            if recorded and wanted._a.dtype.kind == "f":
                wanted = engine.from_numpy(wanted._a).requires_grad_(True)
            loss = judge(output, wanted)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise OptionError(said("the model does not take this batch: {error}", error=str(error))) from error
    finally:
        for buffer, before in buffers:
            buffer._a[...] = before
    if not isinstance(loss, Tensor) or loss._a.size != 1:
        raise OptionError(said("a loss is one number; add its mean or its sum"))
    if loss._edge is None:
        raise OptionError(said("nothing of the model's loss depends on its parameters or its input"))
    return loss, wanted


def _as_needed(judge: Any, output: Tensor, wanted: Tensor) -> Tensor:
    """Return whole numbers as the output's dtype where a loss compares entries, as labels else."""
    labels = output._a.ndim != wanted._a.ndim or judge is loss_function("cross_entropy")
    return wanted if labels else engine.tensor(wanted._a.astype(output._a.dtype))
