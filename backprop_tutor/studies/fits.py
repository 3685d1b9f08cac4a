"""Weights fitted to a table of samples: gradient descent on the sum or the mean of a program over its rows.

The program says the loss of one sample; nothing is unrolled. Every epoch is one sweep over all rows at the
old weights, then one step.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..descent import Descent, learning_rate
from ..errors import DomainError, FileError, MissingValueError, OptionError, did_you_mean, quoted
from ..files import read_text
from ..frozen import FrozenDict
from ..graph import Graph
from ..language import canonical_name
from ..passes import as_number
from ..sentences import counted, said
from .sweeps import sweep

__all__ = ["Fit", "columns_of", "fit", "named_columns"]

_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True, repr=False)
class Fit(Descent):
    """The course of a fit: the losses and weights of every epoch, and how it ended.

    Attributes:
        samples: how many rows there were.
        converged: whether every gradient was within the tolerance before the epochs were over.
    """

    samples: int
    converged: bool

    def __repr__(self) -> str:
        weights = ", ".join(f"{name} = {float(self.at[name]):.6g}" for name in self.wrt[:6])
        more = ", …" if len(self.wrt) > 6 else ""
        epochs = counted(len(self.losses) - 1, "1 epoch", "{count} epochs")
        return f"<Fit of {self.samples} samples in {epochs}: loss {self.losses[-1]:.6g}; {weights}{more}>"


def columns_of(data: Any) -> dict[str, list[float]]:
    """Return the columns of a table by name: of a CSV file, a mapping of columns, or a list of rows.

    Raises:
        FileError: the file cannot be read, or all that is wrong in it, each with its line and column.
        OptionError: no table, columns of several lengths, or no rows.
    """
    if isinstance(data, (str, Path)):
        return _of_file(Path(data))
    if not isinstance(data, Mapping) and hasattr(data, "to_dict"):
        data = {str(name): list(data[name]) for name in data}  # a table of pandas
    if isinstance(data, (list, tuple)) and data and all(isinstance(row, Mapping) for row in data):
        names = list(data[0])
        for place, row in enumerate(data, 1):
            if set(row) != set(names):
                raise OptionError(
                    said("row {place} has other names than the first: {names}",
                         place=place, names=", ".join(sorted(map(str, set(row) ^ set(names)))))
                )  # fmt: skip
        data = {name: [row[name] for row in data] for name in names}
    if not isinstance(data, Mapping):
        raise OptionError(
            said("samples are a CSV file, columns by name, or a list of rows with names; not {kind}",
                 kind=quoted(type(data).__name__))
        )  # fmt: skip
    found = {
        str(name): [float(as_number(each, str(name))) for each in column] for name, column in data.items()
    }
    lengths = {len(column) for column in found.values()}
    if len(lengths) != 1 or lengths == {0}:
        sizes = ", ".join(f"{name}: {len(column)}" for name, column in found.items())
        raise OptionError(
            said("columns of one length, at least one row, are expected; {sizes}", sizes=sizes)
        )
    return found


def _of_file(path: Path) -> dict[str, list[float]]:
    """Return the columns of a CSV file whose first line names them."""
    text = read_text(path).removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        rows = [
            (reader.line_num, [cell.strip() for cell in row])
            for row in reader if any(cell.strip() for cell in row)
        ]  # fmt: skip
    except csv.Error as error:
        raise FileError(
            said("{path}: line {line}: {error}", path=path, line=reader.line_num, error=str(error))
        ) from None
    if len(rows) < 2:
        raise FileError(
            said("{path}: expected a line of names and at least one row of numbers", path=path)
        )
    names = rows[0][1]
    faults = [
        said("line {line}: the name {name} stands twice", line=rows[0][0], name=quoted(name))
        for name in sorted({each for each in names if names.count(each) > 1})
    ]
    columns: dict[str, list[float]] = {name: [] for name in names}
    for line, row in rows[1:]:
        if len(row) != len(names):
            held = counted(len(row), "1 cell", "{count} cells")
            faults.append(
                said("line {line}: {held}; expected {count}", line=line, held=held, count=len(names))
            )
            continue
        for name, cell in zip(names, row, strict=True):
            try:
                number = float(cell)
            except ValueError:
                number = math.nan
            if not math.isfinite(number) or "_" in cell:
                place = said("line {line}, column {name}", line=line, name=quoted(name))
                faults.append(said("{place}: {cell} is not a number", place=place, cell=quoted(cell)))
            columns[name].append(number)
    if faults:
        more = len(faults) - _MOST_FAULTS
        listed = faults[:_MOST_FAULTS] + ([said("and {more} more", more=more)] if more > 0 else [])
        raise FileError("\n".join(f"{path}: {fault}" for fault in listed))
    return columns


def _named(graph: Graph, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given by the program's own names.

    Raises:
        OptionError: a name that is no input of the program.
    """
    found = {}
    for name, value in given.items():
        own = canonical_name(name)
        if own not in graph.inputs:
            hint = did_you_mean(own, graph.inputs) or said(
                "its inputs: {names}", names=", ".join(graph.inputs)
            )
            raise OptionError(
                said("{name} is no input of the program; {hint}", name=quoted(name), hint=hint)
            )
        found[own] = value
    return found


def named_columns(graph: Graph, data: Any) -> dict[str, list[float]]:
    """Return the columns of a table by the program's own names.

    Raises:
        FileError, OptionError: as `columns_of`; a column that is no input of the program.
    """
    return _named(graph, columns_of(data))


def fit(
    graph: Graph, data: Any, start: Mapping[str, Any], wrt: Iterable[str] | None, lr: Any, epochs: int,
    total: str = "mean", tolerance: float = 1e-10, on_epoch: Callable[[int, float], None] | None = None,
) -> Fit:  # fmt: skip
    """Return the course of gradient descent on a loss of samples; see `studies.fit`."""
    import numpy as np  # start-up time

    if isinstance(epochs, bool) or not isinstance(epochs, int) or epochs < 0:
        raise OptionError(said("epochs {epochs!r}; expected a whole number, 0 or more", epochs=epochs))
    if total not in ("mean", "sum"):
        raise OptionError(
            said("a loss over samples is their mean or their sum, not {total}", total=quoted(total))
        )
    rate = float(learning_rate(lr))
    columns = named_columns(graph, data)
    given = _named(graph, start)
    both = [name for name in columns if name in given]
    if both:
        raise OptionError(said("{name} is a column and has a value too", name=quoted(both[0])))
    rest = tuple(name for name in graph.inputs if name not in columns)
    names = rest if wrt is None else tuple(dict.fromkeys(canonical_name(n) for n in _listed(wrt)))
    for name in names:
        if name not in rest:
            raise OptionError(
                said("{name} cannot be fitted; what is neither a column nor fixed can: {names}",
                     name=quoted(name), names=", ".join(rest))
            )  # fmt: skip
    missing = [name for name in rest if name not in given]
    if missing:
        raise MissingValueError(
            said("no start value for {names}", names=", ".join(quoted(name) for name in missing))
        ).about(names=missing)
    held = {name: float(as_number(value, name)) for name, value in given.items()}
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    count = len(next(iter(arrays.values()))) if arrays else 1
    weight = 1 / count if total == "mean" else 1.0
    losses, points = [], []
    converged = False
    for epoch in range(epochs + 1):
        found = sweep(graph, {**arrays, **held})
        shape = (count,)
        value: Any = found.values[found.output]
        gradients: dict[str, Any] = {name: found.gradients[name] for name in names}
        loss = float(np.broadcast_to(value, shape).sum()) * weight
        slopes = {name: float(np.broadcast_to(g, shape).sum()) * weight for name, g in gradients.items()}
        if not math.isfinite(loss) or not all(map(math.isfinite, slopes.values())):
            raise DomainError(_no_number(epoch, lr, held, names, np.broadcast_to(found.defined, shape)))
        losses.append(loss)
        points.append(tuple(held[name] for name in names))
        if on_epoch is not None and epoch:
            on_epoch(epoch, loss)
        converged = all(abs(slope) <= tolerance for slope in slopes.values())
        if converged or epoch == epochs:
            break
        held.update({name: held[name] - rate * slopes[name] for name in names})
        if not all(math.isfinite(held[name]) for name in names):
            raise DomainError(_diverges(epoch + 1, lr))
    return Fit(rate, names, tuple(losses), tuple(points), FrozenDict(held), count, converged)


def _listed(wrt: Any) -> list[str]:
    return [each.strip() for each in wrt.split(",")] if isinstance(wrt, str) else list(wrt)


def _diverges(epoch: int, lr: Any) -> str:
    return said(
        "epoch {epoch}: the weights grow beyond all numbers; lr = {lr} is too large: give a smaller one",
        epoch=epoch, lr=lr,
    )


def _no_number(epoch: int, lr: Any, held: Mapping[str, float], names: Iterable[str], defined: Any) -> str:
    """Return what is wrong where a loss or a gradient is no finite number."""
    if epoch == 0:
        row = int(defined.argmin()) + 1
        return said("row {row}: the loss has no finite value or gradient at the start values", row=row)
    weights = ", ".join(f"{name} = {held[name]:.3g}" for name in names)
    return said(
        "epoch {epoch}: the loss is no finite number at {weights}; lr = {lr} is too large: give a "
        "smaller one",
        epoch=epoch, weights=weights, lr=lr,
    )
