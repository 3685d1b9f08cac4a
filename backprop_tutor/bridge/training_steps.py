"""A training step as a derivation of its loss: `bt.from_step(step, x, y)`.

The step is called up to its first backward pass, the loss's graph is read, and everything is put back.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..engine.autograd.modes import telling
from ..engine.compiling.looking import loss_of
from ..engine.compiling.step import CompiledStep
from ..engine.tensors.tensor import Tensor
from ..errors import OptionError, quoted
from ..objects.arrays import ArrayDerivation
from ..sentences import said
from .assignments import Witness
from .models import opened
from .naming import free_name, parameter_names, plain_name_of

__all__ = ["from_step"]


def from_step(
    step: Callable[..., Any], *args: Any, **kwargs: Any  # Any: what a user's own function takes
) -> ArrayDerivation:
    """Return the derivation of the loss of a training step on a batch, at the weights that there are now.

    The step is called up to its first backward pass; parameters, gradients, running statistics, optimizers
    and random numbers are as before. Parameters are called as by `from_model`, arguments as the step calls
    them.

    Args:
        step: a function that makes a loss and calls its `backward()`, compiled or not.
        args, kwargs: its arguments.

    Raises:
        OptionError: a step without a backward pass, one that does what could not be undone, or one with an
            operation that no record says.

    >>> from backprop_tutor import engine as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    >>> def train_step(x, t):
    ...     optimizer.zero_grad()
    ...     loss = torch.nn.functional.mse_loss(layer(x), t)
    ...     loss.backward()
    ...     optimizer.step()
    ...     return loss
    >>> d = from_step(torch.compile(train_step), torch.ones(4, 2), torch.zeros(4, 1))
    >>> print(d.program.reading)
    Z₁ = x @ W₁ᵀ + b₁
    L = mse(Z₁, t)
    """
    function = step._function if isinstance(step, CompiledStep) else step
    if not callable(function):
        raise OptionError(
            said("a step is a function of tensors, not {kind}", kind=quoted(type(function).__name__))
        )
    witness = Witness()
    try:
        with telling(witness):
            seen = loss_of(function, args, kwargs)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise OptionError(said("the step cannot be opened: {error}", error=str(error))) from error
    if seen.loss._edge is None or seen.loss._a.size != 1:
        raise OptionError(said("a loss is one number; add its mean or its sum"))
    named: dict[str, Tensor] = {}
    for model in seen.models:
        for name, parameter in parameter_names(model).items():
            named[free_name(name, named)] = parameter
    taken = {id(parameter) for parameter in named.values()}
    for name, tensor in seen.names.items():
        if id(tensor) not in taken:
            named[free_name(plain_name_of(name.rpartition(".")[2]), named)] = tensor
    for name, tensor in _arguments(function, args, kwargs).items():
        named[free_name(plain_name_of(name), named)] = tensor
    return opened(
        seen.loss, {id(tensor): name for name, tensor in named.items()},
        {name: tensor._a for name, tensor in named.items()}, witness, {},
    )  # fmt: skip


def _arguments(function: Callable[..., Any], args: Any, kwargs: Any) -> dict[str, Tensor]:
    """Return the tensors that are arguments, as the function calls them."""
    bound = inspect.signature(function).bind(*args, **kwargs).arguments
    return {name: given for name, given in bound.items() if isinstance(given, Tensor)}
