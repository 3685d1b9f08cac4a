"""The options that say a network in place of a program: its layers, what they do, its starting values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..errors import OptionError, quoted
from ..language import Program, network
from ..sentences import said
from .help_pages import option

__all__ = ["NETWORK", "network_options", "typed_network"]

F = TypeVar("F", bound=Callable[..., Any])

NETWORK = ("network", "activation", "loss", "biases", "network_seed")
"""The parameters that the options become."""

_OPTIONS = {
    "activation": "--activation", "loss": "--loss", "biases": "--biases", "network_seed": "--seed",
}  # fmt: skip


def network_options(command: F) -> F:
    """Give a command the options of a network."""
    options = (
        option("--network", metavar="SIZES",
               help="In place of a program: a network of so many nodes a layer, the inputs first: 2,2,1."),
        option("--activation", metavar="NAMES",
               help="With --network: what its layers do, one name for all or one for each; sigmoid."),
        option("--loss", metavar="NAME",
               help="With --network: its loss, or none; half_squared_error if left out."),
        option("--biases", metavar="WHOSE", help="With --network: node, layer or none; node if left out."),
        option("--seed", "network_seed", type=int, metavar="SEED",
               help="With --network: draw its starting values; without it they are symbols."),
    )  # fmt: skip
    for each in reversed(options):
        command = each(command)
    return command


def typed_network(
    sizes: str | None, activation: str | None, loss: str | None, biases: str | None, seed: int | None
) -> Program | None:
    """Return the network that is asked for, or None where none is.

    Raises:
        OptionError: an option without `--network`, or one that does not fit.

    >>> print(typed_network("1,1", "tanh", "none", None, None).reading)
    z⁽¹⁾₁ = w⁽¹⁾₁₁·x₁ + b⁽¹⁾₁
    a⁽¹⁾₁ = tanh(z⁽¹⁾₁)
    """
    given = {"activation": activation, "loss": loss, "biases": biases, "network_seed": seed}
    if sizes is None:
        for name, value in given.items():
            if value is not None:
                raise OptionError(said("{name} means nothing without --network", name=_OPTIONS[name]))
        return None
    options: dict[str, Any] = {"seed": seed}
    if activation is not None:
        names = [part.strip() for part in activation.split(",")]
        options["activation"] = names[0] if len(names) == 1 else names
    if loss is not None:
        options["loss"] = None if loss == "none" else loss
    if biases is not None:
        options["biases"] = None if biases == "none" else biases
    return network(_sizes(sizes), **options)


def _sizes(text: str) -> list[int]:
    parts = [part.strip() for part in text.replace("-", ",").split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        raise OptionError(
            said(
                "--network takes the nodes of each layer, the inputs first, such as 2,2,1; not {given}",
                given=quoted(text),
            )
        )
    return [int(part) for part in parts]
