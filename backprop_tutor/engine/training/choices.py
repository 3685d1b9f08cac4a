"""Losses, optimizers and activations by name, as configuration files and command lines give them.

Each table's rows are what a name means; an unknown name is refused with the names there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from ...errors import OptionError, did_you_mean
from ...ops import OPS, Operation, Table
from ...sentences import N_, said, sentence
from .. import nn, optim
from ..autograd.tape import Tensor
from ..fused.derived import is_layer, module_name

__all__ = ["ACTIVATIONS", "LOSSES", "OPTIMIZERS", "NamedLoss", "chosen", "loss_for", "optimizer_for"]

T = TypeVar("T")

OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    "sgd": optim.SGD,
    "adam": optim.Adam,
    "adamw": optim.AdamW,
    "rmsprop": optim.RMSprop,
    "adagrad": optim.Adagrad,
    "adadelta": optim.Adadelta,
}


def _module(row: Operation) -> dict[str, Callable[[], nn.Module]]:
    return {row.name: getattr(nn, module_name(row.name))} if is_layer(row) else {}


ACTIVATIONS: Table[Callable[[], nn.Module]] = OPS.derived(_module, {"identity": nn.Identity})
"""The activations of the table `OPS` that are modules, by the names of their rows."""


def _losses() -> Iterator[tuple[str, Callable[[Tensor, Tensor], Tensor]]]:
    """Yield the losses of `nn.functional` by short names: `mse`, `bce`, `bce_with_logits`."""
    for name in nn.functional.__all__:
        if name.endswith("_loss") or "cross_entropy" in name:
            short = name.removesuffix("_loss").replace("binary_cross_entropy", "bce")
            yield short, getattr(nn.functional, name)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = dict(_losses())

_OF_CLASSES = {"cross_entropy", "nll"}


def chosen(kind: str, name: str, table: Mapping[str, T], also: Iterable[str] = ()) -> T:
    """Return what `name` means in a table.

    >>> chosen("optimizer", "sdg", OPTIMIZERS)
    Traceback (most recent call last):
    backprop_tutor.errors.OptionError: unknown optimizer `sdg`; expected one of sgd, adam, adamw,
    rmsprop, adagrad, adadelta (did you mean `sgd`?)

    Raises:
        OptionError: it means nothing; the message lists what does and the nearest.
    """
    if not isinstance(name, str):
        raise OptionError(
            said(
                "the {kind} is given as {given}; expected a name: {names}",
                kind=sentence(kind), given=type(name).__name__, names=", ".join(table),
            )
        )
    if name in table:
        return table[name]
    offered = [*table, *also]
    hint = did_you_mean(name, offered)
    raise OptionError(
        said(
            "unknown {kind} `{name}`; expected one of {names}",
            kind=sentence(kind), name=name, names=", ".join(offered),
        )
        + (f" ({hint})" if hint else "")
    )


class NamedLoss:
    """A loss called by its name, which fits the targets to the outputs before it compares them.

    Losses of classes take class numbers (n,); the others take numbers in the outputs' shape and
    dtype, so a column of class numbers 0 and 1 will do.
    """

    def __init__(self, name: str) -> None:
        self.function = chosen("loss", name, LOSSES)
        self.name = name

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss."""
        if self.name not in _OF_CLASSES:
            if targets.dtype is not outputs.dtype:
                targets = targets.to(outputs.dtype)
            if targets.shape != outputs.shape and targets.numel() == outputs.numel():
                targets = targets.reshape(outputs.shape)
        return self.function(outputs, targets)


def loss_for(loss: Any) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the loss of a name, or the function or module that is given.

    Raises:
        OptionError: an unknown name, or something that cannot be called.
    """
    if isinstance(loss, str):
        return NamedLoss(loss)
    if not callable(loss):
        raise OptionError(
            said(
                "the loss is a {kind}; expected a function of outputs and targets, or one of {names}",
                kind=type(loss).__name__, names=", ".join(LOSSES),
            )
        )
    found: Callable[[Tensor, Tensor], Tensor] = loss
    return found


def optimizer_for(optimizer: Any, model: nn.Module, **settings: Any) -> optim.Optimizer:
    """Return the optimizer of a name over the model's parameters, or the one that is given.

    Raises:
        OptionError: an unknown name, or something that is not an optimizer.
    """
    if isinstance(optimizer, str):
        return chosen(N_("optimizer"), optimizer, OPTIMIZERS)(model.parameters(), **settings)
    if not isinstance(optimizer, optim.Optimizer):
        raise OptionError(
            said(
                "the optimizer is a {kind}; expected an Optimizer or one of {names}",
                kind=type(optimizer).__name__, names=", ".join(OPTIMIZERS),
            )
        )
    return optimizer
