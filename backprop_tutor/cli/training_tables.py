"""What `train` prints: the network before the training, its course and what came of it after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..engine.datasets import GATES
from ..engine.training.experiment import Outcome
from ..engine.training.planning import Plan
from ..errors import printable, quoted

__all__ = ["network_table", "report"]

_ROWS = 11
_NAMED = 8


def _aligned(rows: Sequence[Sequence[str]], left: Iterable[int]) -> str:
    """Return rows of equal length as columns, those in `left` to the left, the others right."""
    to_left = set(left)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in to_left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(printable, names[:_NAMED])) + more


def network_table(plan: Plan) -> str:
    """Return the data and the network as text: layers, shapes, activations, parameters, loss."""
    table, network, settings = plan.table, plan.network, plan.settings
    count = len(plan.train[0])
    features = f"{len(table.columns)} column{'s' if len(table.columns) > 1 else ''}"
    if not table.shape:
        features += f" ({_listed(table.columns)})"
    if table.classes:
        goal = f"{len(table.classes)} classes ({_listed(table.classes)})"
    else:
        goal = (
            f"numbers in {quoted(table.target)}, scaled for the training "
            f"(mean {plan.scaling.target_mean:.6g}, deviation {plan.scaling.target_deviation:.6g})"
        )
    aside = "tested on the same" if plan.tested_on_all else f"{len(plan.test[0])} to test on"
    rows: list[tuple[str, ...]] = [
        ("layer", "in → out", "weight", "bias", "activation", "parameters")
    ]
    for part in network.parts:
        shapes = ["×".join(map(str, each)) for each in (part.weight, part.bias)]
        rows.append(
            (part.name, f"{part.inputs} → {part.outputs}", *shapes, part.activation,
             str(part.parameters)),
        )  # fmt: skip
    rows.append(("total", "", "", "", "", str(network.parameters)))
    epochs = f"{settings.epochs} epoch{'s' if settings.epochs > 1 else ''}"
    batches = "all rows at once" if settings.batch_size >= count else f"batches of {settings.batch_size}"
    return "\n".join([
        f"{printable(table.name)}: {count} row{'s' if count > 1 else ''} to train on, {aside}",
        f"from {features} to {goal}",
        "",
        _aligned(rows, (0, 1, 4)),
        "",
        f"loss: {network.output.said}",
        f"optimizer: {settings.optimizer}, learning rate {settings.lr:g}; {epochs}, {batches}; "
        f"seed {settings.seed}",
    ])  # fmt: skip


def _course(outcome: Outcome) -> str:
    """Return the numbers of at most `_ROWS` epochs, evenly spread, the first and the last included.

    The loss of an epoch is the mean over its batches, each before its step.
    """
    history = outcome.history
    last = len(history) - 1
    picked = sorted({round(i * last / (_ROWS - 1)) for i in range(_ROWS)}) if last > 0 else [0]
    names = list(history.history)
    heads = [name.replace("val_", "test ").replace("mae", "absolute error") for name in names]
    rows = [("epoch", *heads)]
    for place in picked:
        numbers = [f"{history[name][place]:.6g}" for name in names]
        rows.append((str(history.epoch[place]), *numbers))
    return _aligned(rows, ())


def _matrix(names: Sequence[str], matrix: Any) -> str:
    """Return the confusion matrix as text, true classes down and predicted ones across."""
    names = [printable(name) for name in names]
    short = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    rows = [("true \\ predicted", *short)]
    rows += [
        (name, *map(str, counts)) for name, counts in zip(short, matrix.tolist(), strict=True)
    ]
    return _aligned(rows, (0,))


def _not_learnt(outcome: Outcome) -> str:
    name = outcome.table.name
    if name in ("xor", "xnor") and len(outcome.network.sizes) == 1:
        return f"no line separates the classes of {name}: it takes a hidden layer, such as --layers 4,1"
    return (
        f"{name} was not learnt: so small a network may get stuck from some first weights; try "
        "another --seed, more units or more --epochs"
    )


def report(outcome: Outcome) -> str:
    """Return the course of the training and how the test rows came out."""
    table, history = outcome.table, outcome.history
    lines = [_course(outcome), ""] if len(history) else []
    if history.stopped:
        lines.append(f"stopped early: {history.stopped}")
    if history.best_epoch is not None:
        lines.append(f"weights of epoch {history.best_epoch}, the best")
    if outcome.matrix is None:
        assert outcome.absolute is not None  # numbers have both
        assert outcome.alone is not None
        lines += [
            f"in the unit of {quoted(table.target)}: off by {outcome.absolute:.6g} on average, by "
            f"{outcome.score**0.5:.6g} in the quadratic mean; the mean of the training rows alone is "
            f"off by {outcome.alone**0.5:.6g}",
            f"test mean squared error: {outcome.score:.6g}",
        ]
        return "\n".join(lines)
    where = f" (on the {outcome.test_size} rows trained on)" if outcome.tested_on_all else ""
    lines.append(f"test accuracy: {outcome.score:.4f}{where}")
    if table.name in GATES and outcome.score < 1 and not history.interrupted:
        lines.append(_not_learnt(outcome))
    lines += ["", _matrix(table.classes, outcome.matrix)]
    return "\n".join(lines)
