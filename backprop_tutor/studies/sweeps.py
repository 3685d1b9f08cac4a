"""Many points at once: every value and every gradient of a program as arrays.

The same rules of `OPS` as in a derivation, run by the kernel of arrays; no steps are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..cells import table
from ..errors import OptionError, quoted
from ..frozen import FrozenDict
from ..graph import Graph
from ..language import canonical_name
from ..matrices.given import all_finite
from ..ops import OPS
from ..passes import as_number, point
from ..sentences import said
from ..steps import Quantities

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

__all__ = ["Sweep", "sweep"]


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """Values and gradients at many points; each array has the points' shape and is read-only.

    Attributes:
        graph_table: the graph.
        at: the inputs' values by name, float64 arrays.
        values, gradients: by name, as a derivation has them. A point at which a derivation would be
            refused (outside a domain, beyond float64, an infinite slope) has nan throughout.
        defined: at which points there are values, an array of truth values.
    """

    graph_table: Graph
    at: FrozenDict[str, Array]
    values: Quantities
    gradients: Quantities
    defined: Array

    @property
    def output(self) -> str:
        """Return the output's name."""
        return self.graph_table.nodes[self.graph_table.output].name

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the points: that to which the inputs broadcast."""
        return tuple(self.defined.shape)

    def _repr_html_(self) -> str:
        both = (self.values, self.gradients)
        rows = [
            (name, *(_least_and_most(of[name]) if name in of else "" for of in both))
            for name in self.values
        ]
        return table(("node", "value", f"∂{self.output}/∂node"), rows, repr(self).strip("<>"))

    def __repr__(self) -> str:
        return f"<Sweep of {self.output} at {self.defined.size:,} points>"


def _least_and_most(numbers: Any) -> str:
    import numpy as np  # start-up time

    known = numbers[np.isfinite(numbers)]
    return f"{known.min():.6g} … {known.max():.6g}" if known.size else "—"


def sweep(graph: Graph, at: Mapping[str, Any]) -> Sweep:
    """Return values and gradients at all points of the arrays in `at`, which broadcast together.

    Raises:
        OptionError: values that are not real, finite numbers, or shapes that do not broadcast.
        MissingValueError: inputs without a value.
    """
    import numpy as np  # start-up time: only who has arrays pays for NumPy

    given = {canonical_name(str(name)): _array(name, value) for name, value in at.items()}
    single, _ = point(graph, dict.fromkeys(given, 0))
    inputs = {name: given.get(name, np.asarray(float(single[name]))) for name in graph.inputs}
    try:
        shape = np.broadcast_shapes(*(array.shape for array in inputs.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in inputs.items() if array.ndim)
        raise OptionError(said("these shapes do not broadcast: {shapes}", shapes=shapes)) from None
    with np.errstate(all="ignore"):
        values = _forward(graph, inputs, shape)
        gradients, finite = _backward(graph, values, shape)
        for value in values:
            finite &= np.isfinite(value)
    for array in (*values, *(g for g in gradients if g is not None)):
        array[~finite] = np.nan
        array.flags.writeable = False
    finite.flags.writeable = False
    points = FrozenDict({name: values[graph.index[name]] for name in graph.inputs})
    return Sweep(
        graph, points, Quantities(graph, tuple(values)), Quantities(graph, tuple(gradients)), finite
    )


def _array(name: str, value: Any) -> Array:
    import numpy as np

    if not isinstance(value, np.ndarray | list | tuple) and not hasattr(value, "__array__"):
        return np.asarray(float(as_number(value, str(name))))
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "iuf":
            raise ValueError
        found = found.astype(np.float64)
    except (ValueError, TypeError):
        raise OptionError(
            said("the values of {name} are no array of real numbers", name=quoted(str(name)))
        ) from None
    return all_finite(str(name), found)


def _options(graph: Graph, place: int) -> dict[str, Any]:
    node = graph.nodes[place]
    op = OPS[node.op]
    return op.with_options(node.options) if op.options or op.outputs else {}


def _forward(graph: Graph, inputs: Mapping[str, Array], shape: tuple[int, ...]) -> list[Array]:
    import numpy as np

    from ..ops.numpy_kernel import NUMPY

    values: list[Array] = []
    for place, node in enumerate(graph.nodes):
        if node.kind == "operation":
            operands = [values[i] for i in node.operands]
            found = OPS[node.op].value(NUMPY, *operands, **_options(graph, place))
        elif node.kind == "input":
            found = inputs[node.name]
        else:
            found = float(node.value if node.value is not None else 0)
        values.append(np.broadcast_to(np.asarray(found, np.float64), shape).copy())
    return values


def _backward(
    graph: Graph, values: list[Array], shape: tuple[int, ...]
) -> tuple[list[Array | None], Array]:
    """Return each node's gradient, and at which points no slope and no gradient is infinite."""
    import numpy as np

    from ..ops.numpy_kernel import NUMPY

    finite = np.ones(shape, bool)
    gradients: list[Array | None] = [np.zeros(shape) if v else None for v in graph.varies]
    gradients[graph.output] = np.ones(shape)
    for place in range(graph.output, -1, -1):
        node = graph.nodes[place]
        upstream = gradients[place]
        if node.kind != "operation" or not graph.relevant[place] or upstream is None:
            continue
        operands = [values[i] for i in node.operands]
        options = _options(graph, place)
        for slot, source in enumerate(node.operands):
            below = gradients[source]
            if below is not None:
                slope = OPS[node.op].slope(slot)(NUMPY, values[place], *operands, **options)
                below += upstream * slope
                finite &= ~np.isinf(slope) & ~np.isinf(below)
    return gradients, finite
