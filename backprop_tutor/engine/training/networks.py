"""The network that a list of sizes describes: built as it says, the last the output; and its table.

What an output can be is a row of `OUTPUTS`; any other last size is refused with the sizes there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import OptionError
from .. import nn
from ..datasets import Table
from .choices import ACTIVATIONS

__all__ = ["OUTPUTS", "Network", "Output", "Part", "built", "outputs_for"]

MOST_PARAMETERS = 50_000_000


@dataclass(frozen=True, kw_only=True)
class Output:
    """What the last layer is: its units (0: one a class), what they stand for, and the loss.

    `loss` and `metric` are names of `LOSSES` and `METRICS`; `activation` and `said` are for readers.
    `sigmoid` is whether the network itself ends in one; a softmax is part of its loss.
    """

    units: int
    activation: str
    loss: str
    said: str
    metric: str = "accuracy"
    sigmoid: bool = False


_SIGMOID = Output(
    units=1, activation="sigmoid", loss="bce", said="binary cross-entropy", sigmoid=True
)
_SOFTMAX = Output(
    units=0, activation="softmax (in the loss)", loss="cross_entropy", said="cross-entropy"
)
_NUMBER = Output(units=1, activation="identity", loss="mse", said="mean squared error", metric="mae")

OUTPUTS = {"numbers": (_NUMBER,), "two classes": (_SIGMOID, _SOFTMAX), "classes": (_SOFTMAX,)}
"""What the last layer can be for each kind of target; the first where nothing is said."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A row of the network's table."""

    name: str
    inputs: int
    outputs: int
    weight: tuple[int, ...] = ()
    bias: tuple[int, ...] = ()
    activation: str = ""
    parameters: int = 0


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network that is ready to be trained; `sizes` are the units of its layers, the output's too."""

    model: nn.Sequential
    sizes: tuple[int, ...]
    parts: tuple[Part, ...]
    output: Output

    @property
    def parameters(self) -> int:
        """The number of all parameters."""
        return sum(part.parameters for part in self.parts)


def outputs_for(table: Table) -> tuple[Output, ...]:
    """Return what the last layer can be for a table's target.

    Raises:
        OptionError: a target of one class, of which nothing can be learnt.
    """
    count = len(table.classes)
    if count == 1:
        raise OptionError(
            f"{table.name}: every row's target is `{table.classes[0]}`; expected two classes or more"
        )
    return OUTPUTS["numbers" if not count else "two classes" if count == 2 else "classes"]


def _units(output: Output, table: Table) -> int:
    return output.units or len(table.classes)


def _chosen(table: Table, layers: Sequence[int]) -> Output:
    """Return the output of the last size.

    Raises:
        OptionError: it cannot be one; what can, and the layers that were meant, are named.
    """
    offered = outputs_for(table)
    for output in offered:
        if _units(output, table) == layers[-1]:
            return output
    count = len(table.classes)
    target = f"has {count} classes" if count else f"has numbers in `{table.target}`"
    can = " or ".join(f"{_units(o, table)} ({o.activation}, {o.said})" for o in offered)
    given = ",".join(map(str, layers))
    # A last size that can be no output was meant as a hidden layer, or mistyped.
    meant = f"{given},{_units(offered[0], table)}"
    raise OptionError(
        f"layers {given}: the last size is the output's, and {layers[-1]} cannot be one: "
        f"{table.name} {target}, so it is {can}; such as {meant}"
    )


def built(
    table: Table,
    layers: Sequence[int] | None,
    *,
    hidden: Sequence[int] = (16,),
    activation: str | None = None,
    batchnorm: bool = False,
    dropout: float = 0.0,
) -> Network:
    """Return the network of the sizes in `layers`, the last the output's, with PyTorch's first weights.

    Without `layers` it has the `hidden` ones and the usual output. Normalisation, activation and
    dropout follow each hidden layer, in that order.

    Raises:
        OptionError: a last size that cannot be an output, what is said of hidden layers where there
            is none, or more parameters than fit.
    """
    if layers is None:
        layers = (*hidden, _units(outputs_for(table)[0], table))
    output = _chosen(table, layers)
    for what, given in (
        ("activation", activation is not None and activation != output.activation),
        ("batchnorm", batchnorm), ("dropout", dropout > 0),
    ):  # fmt: skip
        if given and len(layers) == 1:
            raise OptionError(
                f"layers {layers[0]}: {what} belongs to hidden layers, and there is none; "
                f"such as layers 4,{layers[0]}"
            )
    activation = activation or "relu"
    width = table.features.shape[1]
    total = sum(a * b + b for a, b in zip((width, *layers), layers, strict=False))
    if total > MOST_PARAMETERS:
        raise OptionError(
            f"layers {','.join(map(str, layers))} have {total} parameters; at most {MOST_PARAMETERS}"
        )
    modules: list[nn.Module] = []
    parts: list[Part] = []
    inputs = width
    for place, size in enumerate(layers):
        last = place == len(layers) - 1
        modules.append(nn.Linear(inputs, size))
        shown = output.activation if last else "" if batchnorm else activation
        parts.append(
            Part(
                name="linear", inputs=inputs, outputs=size, weight=(size, inputs), bias=(size,),
                activation=shown, parameters=size * inputs + size,
            )
        )  # fmt: skip
        inputs = size
        if last:
            break
        if batchnorm:
            modules.append(nn.BatchNorm1d(size))
            parts.append(
                Part(
                    name="batch norm", inputs=size, outputs=size, weight=(size,), bias=(size,),
                    activation=activation, parameters=2 * size,
                )
            )  # fmt: skip
        modules.append(ACTIVATIONS[activation]())
        if dropout:
            modules.append(nn.Dropout(dropout))
            parts.append(Part(name=f"dropout {dropout:g}", inputs=size, outputs=size))
    if output.sigmoid:
        modules.append(nn.Sigmoid())
    return Network(
        model=nn.Sequential(*modules), sizes=tuple(layers), parts=tuple(parts), output=output
    )
