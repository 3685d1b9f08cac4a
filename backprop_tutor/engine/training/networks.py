"""The network that a list of sizes describes: built as it says, the last the output; and its table.

What an output can be is a row of `OUTPUTS`; any other last size is refused with the sizes there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import OptionError
from ...sentences import N_, said, sentence
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
    units=1, activation="sigmoid", loss="bce", said=N_("binary cross-entropy"), sigmoid=True
)
_SOFTMAX = Output(
    units=0, activation=N_("softmax (in the loss)"), loss="cross_entropy", said=N_("cross-entropy")
)
_NUMBER = Output(units=1, activation="identity", loss="mse", said=N_("mean squared error"), metric="mae")

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
            said(
                "{name}: every row's target is `{classes}`; expected two classes or more",
                name=table.name, classes=table.classes[0],
            )
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
    can = said(" or ").join(
        f"{_units(o, table)} ({sentence(o.activation)}, {sentence(o.said)})" for o in offered
    )
    given = ",".join(map(str, layers))
    # A last size that can be no output was meant as a hidden layer, or mistyped.
    meant = f"{given},{_units(offered[0], table)}"
    because = said("layers {given}: the last size is the output's, and {last} cannot be one: ",
                   given=given, last=layers[-1])  # fmt: skip
    fields: dict[str, object] = {"name": table.name, "can": can, "meant": meant}
    raise OptionError(
        because
        + (
            said("{name} has {count} classes, so it is {can}; such as {meant}", count=count, **fields)
            if count
            else said(
                "{name} has numbers in {target}, so it is {can}; such as {meant}",
                target=f"`{table.target}`", **fields,
            )
        )
    )  # fmt: skip


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
                said(
                    "layers {layers}: {what} belongs to hidden layers, and there is none; such as layers "
                    "4,{layers}",
                    layers=layers[0], what=what,
                )
            )
    activation = activation or "relu"
    width = table.features.shape[1]
    total = sum(a * b + b for a, b in zip((width, *layers), layers, strict=False))
    if total > MOST_PARAMETERS:
        raise OptionError(
            said(
                "layers {names} have {total} parameters; at most {most_parameters}",
                names=",".join(map(str, layers)), total=total, most_parameters=MOST_PARAMETERS,
            )
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
                name=N_("linear"), inputs=inputs, outputs=size, weight=(size, inputs), bias=(size,),
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
                    name=N_("batch norm"), inputs=size, outputs=size, weight=(size,), bias=(size,),
                    activation=activation, parameters=2 * size,
                )
            )  # fmt: skip
        modules.append(ACTIVATIONS[activation]())
        if dropout:
            modules.append(nn.Dropout(dropout))
            parts.append(
                Part(name=said("dropout {share:g}", share=dropout), inputs=size, outputs=size)
            )
    if output.sigmoid:
        modules.append(nn.Sigmoid())
    return Network(
        model=nn.Sequential(*modules), sizes=tuple(layers), parts=tuple(parts), output=output
    )
