"""A fit that can be looked at: what the program predicts, found in it, and the picture of what was learnt.

A loss compares a prediction with a column: an operation of two operands one of which is a column that is
used nowhere else. The other operand is what the program predicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..cells import image
from ..frozen import FrozenDict
from ..graph import Graph
from ..language import UNICODE, shown_name, written
from ..sentences import said
from ..studies import fits as _fits
from ..studies.sweeps import sweep

if TYPE_CHECKING:
    from ..charts.fit_plots import Learnt
    from ..charts.picture import Picture

__all__ = ["Fit", "fitted", "told"]

_FINE, _GRID = 241, 64


@dataclass(frozen=True, slots=True, repr=False)
class Fit(_fits.Fit):
    """The course of a fit, with a picture of what was learnt.

    >>> from backprop_tutor import fit
    >>> line = fit("L = (w*x + b - y)^2", {"x": [0, 1, 2], "y": [1, 3, 5]}, {"w": 0, "b": 0}, lr=0.2)
    >>> line.prediction, [round(each, 6) for each in line.predicted]
    ('v2', [1.0, 3.0, 5.0])
    >>> line.picture().size
    (1274.0, 440.0)
    """

    graph_table: Graph = field(compare=False)
    data: FrozenDict[str, tuple[float, ...]] = field(compare=False)

    __repr__ = _fits.Fit.__repr__

    @property
    def prediction(self) -> str | None:
        """Return the name of what the loss compares with a column; None where nothing is."""
        found = _compared(self.graph_table, self.data)
        return None if found is None else self.graph_table.nodes[found[0]].name

    @property
    def predicted(self) -> tuple[float, ...]:
        """Return what the fitted program predicts for each sample; nothing where nothing is compared."""
        name = self.prediction
        return () if name is None else tuple(self._at({}, name, len(next(iter(self.data.values())))))

    def _at(self, columns: Mapping[str, Any], name: str, count: int) -> list[float]:
        """Return a node's values with other numbers in some columns."""
        import numpy as np  # start-up time

        given = {key: np.asarray(value, np.float64) for key, value in {**self.data, **columns}.items()}
        if columns:  # what is not moved stays at its first sample
            given = {key: value if key in columns else value[:1] for key, value in given.items()}
        found = sweep(self.graph_table, {**given, **{key: float(v) for key, v in self.at.items()}})
        values: Any = np.broadcast_to(np.asarray(found.values[name]), (count,))
        return [float(each) for each in values]

    def picture(self) -> Picture:
        """Return what was learnt: `picture().svg`, `.png()`, `.save("fit.png")`.

        With one input the curve through the points; with two and targets of 0 and 1 the regions; else
        predictions against what was given. Beside it the loss and the weights over the epochs.
        """
        from ..charts.fit_plots import fit_picture  # start-up time

        weights = [
            (shown_name(name), [float(point[i]) for point in self.points])
            for i, name in enumerate(self.wrt)
        ]
        table = self.graph_table
        line = table.program.assignments[-1]
        title = f"{shown_name(line.targets[0])} = {written(line.expression, UNICODE)}"
        return fit_picture(title, self._learnt(), [float(loss) for loss in self.losses], weights)

    def _learnt(self) -> Learnt | None:
        from ..charts.fit_plots import Learnt  # start-up time

        found = _compared(self.graph_table, self.data)
        if found is None:
            return None
        place, target = found
        name = self.graph_table.nodes[place].name
        columns = tuple(key for key in self.data if key != target and _leads(self.graph_table, key, place))
        if not columns:
            return None
        targets = self.data[target]
        inputs = tuple(self.data[key] for key in columns)
        fine, curve = self._curve(columns, inputs, targets, name)
        return Learnt(
            columns=tuple(map(shown_name, columns)), target=shown_name(target), inputs=inputs,
            targets=targets, predicted=self.predicted, fine=fine, curve=curve,
        )  # fmt: skip

    def _curve(
        self, columns: tuple[str, ...], inputs: tuple[Any, ...], targets: tuple[float, ...], name: str
    ) -> tuple[Any, Any]:
        """Return where a curve or regions are drawn, and what is predicted there; nothing for others."""
        import numpy as np  # start-up time

        from ..charts.axes import Axes, around  # start-up time
        from ..charts.regions import grid_of

        if len(columns) == 1:
            low, high = around(inputs[0], 0.08)
            fine = np.linspace(low, high, _FINE)
            return fine, self._at({columns[0]: fine}, name, _FINE)
        if len(columns) != 2 or set(targets) != {0.0, 1.0}:
            return None, None
        axes = Axes(box=(0, 0, 1, 1), x=around(inputs[0], 0.12), y=around(inputs[1], 0.12))
        across, up = np.meshgrid(*grid_of(axes, _GRID))
        given = {columns[0]: across.reshape(-1), columns[1]: up.reshape(-1)}
        found = np.array(self._at(given, name, _GRID * _GRID)).reshape(_GRID, _GRID)
        if not 0 <= found.min() <= found.max() <= 1:
            return None, None  # no probability: a score, or a line through 0 and 1
        return (across, up), found

    def _repr_html_(self) -> str:
        return image(self.picture().svg)

    def _repr_svg_(self) -> str:
        return self.picture().svg


def fitted(graph: Graph, found: _fits.Fit, data: Any) -> Fit:
    """Return a fit with its program and samples."""
    columns = FrozenDict({
        name: tuple(column) for name, column in _fits.named_columns(graph, data).items()
    })  # fmt: skip
    return Fit(
        found.lr, found.wrt, found.losses, found.points, found.at, found.samples, found.converged,
        graph, columns,
    )  # fmt: skip


def _compared(graph: Graph, data: Mapping[str, Any]) -> tuple[int, str] | None:
    """Return the place of what is predicted, and the column that it is compared with; None of several."""
    found = []
    for node in graph.nodes:
        if len(node.operands) != 2:
            continue
        for slot in (0, 1):
            target, other = graph.nodes[node.operands[slot]], node.operands[1 - slot]
            alone = len(graph.uses[node.operands[slot]]) == 1
            named = target.kind == "input" and target.name in data
            if named and alone and not _leads(graph, target.name, other) and _learns(graph, other, data):
                found.append((other, target.name))
    return found[0] if len(found) == 1 else None


def _learns(graph: Graph, place: int, data: Mapping[str, Any]) -> bool:
    """Return whether a node depends on a column and on something else: not on one of them alone."""
    names = _below(graph, place)
    return bool(names & set(data)) and bool(names - set(data))


def _leads(graph: Graph, name: str, place: int) -> bool:
    return name in _below(graph, place)


def _below(graph: Graph, place: int) -> frozenset[str]:
    """Return the inputs that a node depends on."""
    reached = {place}
    for i in range(place, -1, -1):
        if i in reached:
            reached.update(graph.nodes[i].operands)
    return frozenset(graph.nodes[i].name for i in reached if graph.nodes[i].kind == "input")


def told(found: Fit) -> str:
    """Return how far predictions are off, in the quadratic mean; nothing where nothing is compared."""
    pair = _compared(found.graph_table, found.data)
    if pair is None:
        return ""
    errors = [p - t for p, t in zip(found.predicted, found.data[pair[1]], strict=True)]
    off = (sum(each * each for each in errors) / len(errors)) ** 0.5
    return said("Predictions of {name} are off by {off:.4g} in the quadratic mean.",
                name=shown_name(pair[1]), off=off)  # fmt: skip
