"""The program of a small fully connected network, line by line, and its starting values.

Enters: how many nodes each layer has, and what each layer does. Leaves: a `Program` that anyone
could have typed. How its quantities are named is `network_names.py`'s.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from ..choices import Activation, Biases
from ..choices import Loss as LossName
from ..errors import OptionError, did_you_mean, nearest, quoted
from ..ops import FUNCTIONS, OPS, Operation, cached_of_tables, function_named
from ..sentences import said
from .latex_names import canonical_name
from .limits import PROGRAM
from .network_names import Naming, Shape
from .parser import parse
from .program import Program

__all__ = ["activation_names", "network"]

ACTIVATIONS = OPS.derived(
    lambda row: {
        name: row.called
        for name in row.spelled
        if row.activation and name.isascii() and name.islower()
    },
    {"identity": "", "linear": ""},
)
"""What a layer may do, and the function that does it; nothing for a layer that hands its sum on."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How outputs and targets become one number.

    `summed` tells that the function takes one output and its target and the parts are added;
    else it takes all pairs. `needs` lists the functions that the last layer may have, if not any:
    those whose values are predictions that the loss takes.
    """

    function: str
    summed: bool = False
    needs: tuple[str, ...] = ()


def _fits(row: Operation, loss: Operation) -> bool:
    """Return whether every value of an activation is a prediction that the loss takes."""
    if loss.shares:
        return row.shares
    return loss.takes is None or (row.range is not None and row.range.within(loss.takes))


def _row_of(loss: Operation) -> Loss:
    needs = tuple(row.called for row in OPS.values() if row.activation and _fits(row, loss))
    bound = loss.shares or loss.takes is not None
    return Loss(loss.spelled[0], summed=loss.most == 2, needs=needs if bound else ())


@cached_of_tables()
def losses() -> Mapping[str, Loss]:
    """Return what the last line may be, by each name of the loss's row."""
    return {name: _row_of(row) for name, row in FUNCTIONS.items() if row.loss}


class OfOperation(Protocol):
    """A function of the language, as `bt.register` returns it."""

    @property
    def operation(self) -> Operation:
        """Return its record."""
        ...


def network(
    sizes: Sequence[int],
    activation: Activation | OfOperation | Sequence[Activation | OfOperation] = "sigmoid",
    loss: LossName | None = "half_squared_error",
    names: Mapping[str, str | Sequence[str]] | None = None,
    biases: Biases | None = "node",
    seed: int | None = 0,
    values: Mapping[str, int | float | Fraction] | None = None,
) -> Program:
    """Return the program of a small fully connected network, with values to start from.

    Layers are counted from the first one that computes. `w2_21` is layer 2's weight to node 2 from
    node 1 (`w2_2_11` in a layer with ten nodes or more on a side), `b1_2` the bias of node 2 of
    layer 1 (`b1` where the layer shares one), `z1_2` its weighted sum and `a1_2` its activation; a
    linear layer has no `z`. Inputs are `x1`, ..., targets `t1`, ..., the output is `E`, the sum of
    `E1`, ... where a loss is taken output by output.

    Args:
        sizes: nodes in each layer, the inputs first.
        activation: one name for all layers, or one for each layer after the inputs; or functions, such
            as `bt.relu` and what `bt.register` returned, whose names type checkers know. One alone
            leaves the last layer to a loss that needs probabilities (`sigmoid` for `"bce"`,
            `softmax` for `"cross_entropy"`); the program's notes say so.
        loss: `"half_squared_error"`, `"squared_error"` and `"bce"` are summed over the outputs,
            `"mse"` is a mean, `"cross_entropy"` takes them together; `None` leaves the loss out.
        names: a mapping to other names: lists for `"inputs"`, `"targets"`, `"weights"` (layer by
            layer, for each node led to in turn), `"biases"`, `"sums"`, `"activations"`, `"losses"`;
            one for `"output"`; and single ones by their usual name (`{"w1_11": "w1"}`).
        biases: `"node"`, `"layer"` or `None`.
        seed: a whole number; each gives its own starting values, the same on every machine. None leaves
            them out, but for `values`: a program to derive in symbols.
        values: values by name, in place of the seed's.

    Raises:
        OptionError: a setting that is not one of the valid choices, with the nearest one.

    >>> print(network([2, 1], biases="layer").text)
    z1_1 = w1_11*x1 + w1_12*x2 + b1
    a1_1 = sigmoid(z1_1)
    E = half_se(a1_1, t1)
    """
    layers = _sizes(sizes)
    chosen = _loss(loss)
    kinds, notes = _activations(activation, len(layers) - 1, chosen)
    _fitting(layers, kinds, chosen, loss)
    if biases is not None and biases not in ("node", "layer"):
        raise OptionError(_choices("biases", biases, ("node", "layer", "None"))).about(
            choices=("node", "layer")
        )
    linear = tuple(not kind for kind in kinds)
    parts = bool(chosen and chosen.summed and layers[-1] > 1)
    shape = Shape(layers, linear, biases, chosen is not None, parts)
    named = Naming(shape, {} if names is None else names)
    program = parse("\n".join(_lines(shape, named, kinds, chosen)), tuple(named))
    started = _started(named, chosen, 0 if seed is None else seed)
    given = _set(started, {} if values is None else values)
    if seed is None:
        started = {name: started[name] for name in given}
    return replace(program, notes=notes, values=started)


def _sizes(sizes: object) -> tuple[int, ...]:
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        raise OptionError(
            said("sizes is a list of whole numbers such as [2, 2, 1], not {sizes!r}", sizes=sizes)
        )
    if len(sizes) < 2:
        raise OptionError(
            said(
                "sizes has {count}; at least 2: the inputs and the outputs",
                count=_counted(len(sizes), "layer"),
            )
        )
    for place, size in enumerate(sizes):
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise OptionError(
                said(
                    "sizes[{place}] is {size!r}; a layer has a whole number of nodes, 1 or more",
                    place=place,
                    size=size,
                )
            )
    weights = sum(a * b for a, b in pairwise(sizes))
    if weights > PROGRAM.nodes // 4:
        raise OptionError(
            said(
                "sizes {sizes} make {weights:,} weights; at most {nodes:,}, for a program has at most "
                "{nodes_2:,} nodes",
                sizes=list(sizes),
                weights=weights,
                nodes=PROGRAM.nodes // 4,
                nodes_2=PROGRAM.nodes,
            )
        )
    return tuple(sizes)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _loss(loss: str | None) -> Loss | None:
    if loss is None:
        return None
    if not isinstance(loss, str) or loss not in losses():
        raise OptionError(_choices("loss", loss, losses())).about(choices=losses())
    return losses()[loss]


def _activations(
    activation: object, count: int, loss: Loss | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return each layer's function, empty where it is linear, and a note where the loss chose."""
    if isinstance(activation, str) or hasattr(activation, "operation"):
        kinds = [_activation(activation)] * count
        if loss and loss.needs and kinds[-1] not in loss.needs:
            kinds[-1] = loss.needs[0]
            return tuple(kinds), (
                said(
                    "the last layer has {kinds}, since {function} compares probabilities",
                    kinds=kinds[-1],
                    function=loss.function,
                ),
            )
        if kinds[0] == "softmax" and count > 1:
            raise OptionError(
                said("softmax is an activation of the last layer; name one for each layer")
            )
        return tuple(kinds), ()
    if not isinstance(activation, Sequence):
        raise OptionError(_choices("activation", activation, ACTIVATIONS)).about(choices=ACTIVATIONS)
    if len(activation) != count:
        raise OptionError(
            said(
                "activation names {count}, and {count_2} follow the inputs; give one name for all, or "
                "one for each",
                count=_counted(len(activation), "layer"),
                count_2=count,
            )
        )
    return tuple(_activation(name) for name in activation), ()


def activation_names() -> tuple[str, ...]:
    """Return every word that `network` takes for what a layer may do.

    >>> {"linear", "swish"} <= set(activation_names())
    True
    """
    return tuple({**ACTIVATIONS, **{name: "" for name, row in FUNCTIONS.items() if row.activation}})


def _activation(name: object) -> str:
    of = getattr(name, "operation", None)
    if isinstance(of, Operation):
        name = of.called
    if isinstance(name, str) and name in ACTIVATIONS:
        return ACTIVATIONS[name]
    row = FUNCTIONS.get(function_named(name)) if isinstance(name, str) else None
    if row is None or not row.activation:
        raise OptionError(_choices("activation", name, ACTIVATIONS)).about(choices=ACTIVATIONS)
    return row.called


def _fitting(
    sizes: tuple[int, ...], kinds: tuple[str, ...], loss: Loss | None, asked: str | None
) -> None:
    """Refuse layers and losses that do not fit each other."""
    if "softmax" in kinds[:-1]:
        raise OptionError(
            said(
                "softmax is an activation of the last layer, not of layer {value}",
                value=kinds.index("softmax") + 1,
            )
        )
    if kinds[-1] == "softmax" and sizes[-1] < 2:
        hint = (
            said(": with one output, use bce and sigmoid") if loss and loss.function == "ce" else ""
        )
        raise OptionError(
            said("softmax shares out among 2 or more outputs, and there is 1{hint}", hint=hint)
        )
    if loss and loss.needs and kinds[-1] not in loss.needs:
        given = quoted(kinds[-1] or "identity")
        raise OptionError(
            said(
                "the loss {asked} compares probabilities, and the last layer's activation {given} "
                "gives none; use {names}",
                asked=quoted(str(asked)),
                given=given,
                names=said(" or ").join(map(quoted, loss.needs)),
            )
        )


def _choices(what: str, given: object, valid: Mapping[str, object] | Sequence[str]) -> str:
    near = nearest(given, valid) if isinstance(given, str) else None
    hint = said("; did you mean {near}?", near=quoted(near)) if near else ""
    shown = quoted(given) if isinstance(given, str) else repr(given)
    return said(
        "{what} is {shown}; the choices are {names}{hint}",
        what=what,
        shown=shown,
        names=", ".join(valid),
        hint=hint,
    )


def _lines(shape: Shape, named: Naming, kinds: tuple[str, ...], loss: Loss | None) -> Iterator[str]:
    """Yield the program's lines: each node's sum and activation, then the loss."""
    sizes = shape.sizes
    for layer in shape.layers:
        kind = kinds[layer - 1]
        results: list[str] = []
        sums: list[str] = []
        for node in range(1, sizes[layer] + 1):
            terms = [
                f"{named[shape.weight(layer, node, source)]}*"
                f"{named[shape.activation(layer - 1, source)]}"
                for source in range(1, sizes[layer - 1] + 1)
            ]
            bias = shape.bias(layer, node)
            total = " + ".join([*terms, *([named[bias]] if bias else [])])
            result = named[shape.activation(layer, node)]
            if not kind:
                yield f"{result} = {total}"
                continue
            weighted = named[f"z{layer}_{node}"]
            yield f"{weighted} = {total}"
            if kind != "softmax":
                yield f"{result} = {kind}({weighted})"
            sums.append(weighted)
            results.append(result)
        if kind == "softmax":
            yield f"{', '.join(results)} = softmax({', '.join(sums)})"
    if loss is not None:
        yield from _loss_lines(shape, named, loss)


def _loss_lines(shape: Shape, named: Naming, loss: Loss) -> Iterator[str]:
    last = len(shape.sizes) - 1
    nodes = range(1, shape.sizes[-1] + 1)
    outputs = [named[shape.activation(last, n)] for n in nodes]
    targets = [named[f"t{n}"] for n in nodes]
    if not shape.parts:
        lists = ", ".join(
            one[0] if len(one) == 1 else f"[{', '.join(one)}]" for one in (outputs, targets)
        )
        yield f"{named['E']} = {loss.function}({lists})"
        return
    for n, output, target in zip(nodes, outputs, targets, strict=True):
        yield f"{named[f'E{n}']} = {loss.function}({output}, {target})"
    yield f"{named['E']} = {' + '.join(named[f'E{n}'] for n in nodes)}"


def _started(named: Naming, loss: Loss | None, seed: object) -> dict[str, int | float | Fraction]:
    """Return small values with one decimal: none is 0 but the targets of probabilities."""
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise OptionError(said("seed is a whole number, not {seed!r}", seed=seed))
    draw = random.Random(seed).random  # the sequence of `random` is the same in every version

    def tenths(most: int) -> float:
        return (1 + int(draw() * most)) / 10

    def signed(most: int) -> float:
        return tenths(most) if draw() < 0.5 else -tenths(most)

    values: dict[str, int | float | Fraction] = {}
    values.update((named[name], tenths(10)) for name in named.groups["inputs"])
    values.update((named[name], signed(9)) for name in named.groups["weights"])
    values.update((named[name], signed(5)) for name in named.groups["biases"])
    for place, name in enumerate(named.groups["targets"]):
        if loss is not None and loss.needs:
            values[named[name]] = int(place == 0)
        else:
            values[named[name]] = tenths(9)
    return values


def _set(
    started: dict[str, int | float | Fraction], given: Mapping[str, int | float | Fraction]
) -> list[str]:
    """Put values in place of those drawn, and return their names.

    Raises:
        OptionError: a name that the network does not have, or a value that is no number.
    """
    names: list[str] = []
    for name, value in given.items():
        known = canonical_name(name) if isinstance(name, str) else ""
        if known not in started:
            hint = did_you_mean(str(name), started) or said(
                "it has {names}", names=", ".join(list(started)[:12])
            )
            raise OptionError(
                said(
                    "the network has no value named {name}; {hint}",
                    name=quoted(str(name)),
                    hint=hint,
                )
            )
        if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
            raise OptionError(
                said(
                    "the value of {known} is a number, not {value!r}",
                    known=quoted(known),
                    value=value,
                )
            )
        started[known] = value
        names.append(known)
    return names
