"""What `train` prints: the network before the training, its course and what came of it after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..engine.datasets import GATES
from ..engine.training.experiment import Outcome
from ..engine.training.planning import Plan
from ..errors import printable, quoted
from ..render.narration.text import laid_out
from ..sentences import N_, counted, said, sentence
from .printing import columns

__all__ = ["aligned", "network_table", "report"]

_ROWS = 11
_NAMED = 8

_HEADS = {
    "loss": N_("loss"), "accuracy": N_("accuracy"), "mae": N_("absolute error"),
    "val_loss": N_("test loss"), "val_accuracy": N_("test accuracy"),
    "val_mae": N_("test absolute error"),
}  # fmt: skip
"""What the columns of a training's course are called."""


def aligned(rows: Sequence[Sequence[str]], left: Iterable[int], *, whole: bool = False) -> str:
    """Return rows of equal length as columns, those in `left` to the left, the others right.

    In a terminal that is too narrow for them each row is a short list, each number behind its head;
    `whole` for what does not go to the terminal.
    """
    return laid_out([tuple(row) for row in rows], frozenset(left), None if whole else columns())


def _listed(names: Sequence[str]) -> str:
    more = said(" and {count} more", count=len(names) - _NAMED) if len(names) > _NAMED else ""
    return ", ".join(map(printable, names[:_NAMED])) + more


def network_table(plan: Plan) -> str:
    """Return the data and the network as text: layers, shapes, activations, parameters, loss."""
    table, network, settings = plan.table, plan.network, plan.settings
    count = len(plan.train[0])
    features = counted(len(table.columns), N_("1 column"), N_("{count} columns"))
    if not table.shape:
        features += f" ({_listed(table.columns)})"
    if table.classes:
        goal = said(
            "{count} classes ({names})", count=len(table.classes), names=_listed(table.classes)
        )
    else:
        goal = said(
            "numbers in {target}, scaled for the training (mean {mean:.6g}, deviation {deviation:.6g})",
            target=quoted(table.target), mean=plan.scaling.target_mean,
            deviation=plan.scaling.target_deviation,
        )  # fmt: skip
    heads = (N_("layer"), N_("in → out"), N_("weight"), N_("bias"), N_("activation"), N_("parameters"))
    rows: list[tuple[str, ...]] = [tuple(map(sentence, heads))]
    for part in network.parts:
        shapes = ["×".join(map(str, each)) for each in (part.weight, part.bias)]
        rows.append(
            (sentence(part.name), f"{part.inputs} → {part.outputs}", *shapes, sentence(part.activation),
             str(part.parameters)),
        )  # fmt: skip
    rows.append((said("total"), "", "", "", "", str(network.parameters)))
    return "\n".join([
        _split(plan),
        said("from {features} to {goal}", features=features, goal=goal),
        "",
        aligned(rows, (0, 1, 4)),
        "",
        said("loss: {loss}", loss=sentence(network.output.said)),
        said(
            "optimizer: {optimizer}, learning rate {lr:g}; {epochs}, {batches}; seed {seed}",
            optimizer=settings.optimizer, lr=settings.lr, seed=settings.seed,
            epochs=counted(settings.epochs, N_("1 epoch"), N_("{count} epochs")),
            batches=said("all rows at once") if settings.batch_size >= count
            else said("batches of {size}", size=settings.batch_size),
        ),
    ])  # fmt: skip


def _split(plan: Plan) -> str:
    """Return how many rows are trained on, and what is tested on."""
    if plan.tested_on_all:
        aside = said("tested on the same")
    else:
        aside = said("{count} to test on", count=len(plan.test[0]))
    rows = counted(len(plan.train[0]), N_("1 row"), N_("{count} rows"))
    return said(
        "{name}: {rows} to train on, {aside}", name=printable(plan.table.name), rows=rows, aside=aside
    )


def _course(outcome: Outcome) -> str:
    """Return the numbers of at most `_ROWS` epochs, evenly spread, the first and the last included.

    The loss of an epoch is the mean over its batches, each before its step.
    """
    history = outcome.history
    last = len(history) - 1
    picked = sorted({round(i * last / (_ROWS - 1)) for i in range(_ROWS)}) if last > 0 else [0]
    names = list(history.history)
    rows = [(said("epoch"), *(sentence(_HEADS.get(name, name)) for name in names))]
    for place in picked:
        numbers = [f"{history[name][place]:.6g}" for name in names]
        rows.append((str(history.epoch[place]), *numbers))
    return aligned(rows, ())


def _matrix(names: Sequence[str], matrix: Any) -> str:
    """Return the confusion matrix as text, true classes down and predicted ones across."""
    names = [printable(name) for name in names]
    short = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    rows = [(said("true \\ predicted"), *short)]
    rows += [
        (name, *map(str, counts)) for name, counts in zip(short, matrix.tolist(), strict=True)
    ]
    return aligned(rows, (0,))


def _not_learnt(outcome: Outcome) -> str:
    name = outcome.table.name
    if name in ("xor", "xnor") and len(outcome.network.sizes) == 1:
        return said(
            "no line separates the classes of {name}: it takes a hidden layer, such as --layers 4,1",
            name=name,
        )
    return said(
        "{name} was not learnt: so small a network may get stuck from some first weights; try "
        "another --seed, more units or more --epochs",
        name=name,
    )


def report(outcome: Outcome) -> str:
    """Return the course of the training and how the test rows came out."""
    table, history = outcome.table, outcome.history
    lines = [_course(outcome), ""] if len(history) else []
    if history.stopped:
        lines.append(said("stopped early: {why}", why=history.stopped))
    if history.best_epoch is not None:
        lines.append(said("weights of epoch {epoch}, the best", epoch=history.best_epoch))
    if outcome.matrix is None:
        assert outcome.absolute is not None  # numbers have both
        assert outcome.alone is not None
        lines += [
            said(
                "in the unit of {target}: off by {absolute:.6g} on average, by {root:.6g} in the "
                "quadratic mean; the mean of the training rows alone is off by {alone:.6g}",
                target=quoted(table.target), absolute=outcome.absolute,
                root=outcome.score**0.5, alone=outcome.alone**0.5,
            ),
            said("test mean squared error: {score:.6g}", score=outcome.score),
        ]
        return "\n".join(lines)
    rows = counted(outcome.test_size, N_("the 1 row"), N_("the {count} rows"))
    where = said(" (on {rows} trained on)", rows=rows)
    lines.append(
        said("test accuracy: {score:.4f}", score=outcome.score)
        + (where if outcome.tested_on_all else "")
    )
    if table.name in GATES and outcome.score < 1 and not history.interrupted:
        lines.append(_not_learnt(outcome))
    lines += ["", _matrix(table.classes, outcome.matrix)]
    return "\n".join(lines)
