"""What is asked of a program rather than at a point: `descend`, `hessian`, `jacobian`, `sweep`.

Enters: a program as `derive` takes it, and a point or many. Leaves: the course of a descent, a matrix
of gradients, arrays over many points. The work is done in rooms below; here the program is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, overload

from .. import descent as _descent
from ..accepted import NumberLike
from ..matrices.given import is_array
from ..ops import Number
from ..studies import fits as _fits
from ..studies import hessians as _hessians
from ..studies import jacobians as _jacobians
from ..studies import sweeps as _sweeps
from .fitted import Fit, fitted
from .given_programs import Point, ProgramLike, graph_at, read_program, refuse_merge
from .numbers import Derivation

__all__ = ["descend", "fit", "hessian", "jacobian", "sweep"]


def descend(
    program: ProgramLike,
    at: Point | None = None,
    lr: NumberLike = 0.1,
    steps: int = 100,
    *,
    wrt: str | Iterable[str] | None = None,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
    on_step: Callable[[int, Number], None] | None = None,
    maximize: bool = False,
) -> _descent.Descent:
    """Return the course of gradient descent on a program's own parameters.

    Args:
        program, of, expand, merge, names: as for `derive`.
        at: the values to start from.
        lr: the learning rate; a negative one climbs.
        steps: how many steps.
        wrt: the names that move; by default those like weights and biases.
        on_step: called with the step's number and the loss after it.
        maximize: whether to climb: gradient ascent.

    >>> run = descend("L = (w - 3)^2", {"w": 0}, lr=0.25, steps=2)
    >>> run.losses, run.at["w"]
    ((9, 2.25, 0.5625), 2.25)
    """
    parsed, given = read_program(program, at, names)
    if any(map(is_array, given.values())):
        from .arrays import array_descend  # start-up time: NumPy

        refuse_merge(merge)
        return array_descend(parsed, given, wrt, lr, steps, of, expand, on_step, maximize)
    graph, given = graph_at(parsed, given, of, expand, merge, names)
    return _descent.descend(graph, given, wrt, lr, steps, on_step, maximize)


def fit(
    program: ProgramLike,
    data: Any,  # Any: a path, columns by name, rows with names, or a table of pandas
    at: Point | None = None,
    *,
    wrt: str | Iterable[str] | None = None,
    lr: NumberLike = 0.1,
    epochs: int = 1000,
    total: str = "mean",
    tolerance: float = 1e-10,
    of: str | None = None,
    names: str | Iterable[str] = (),
    on_epoch: Callable[[int, float], None] | None = None,
) -> Fit:
    """Return weights fitted to a table of samples by gradient descent; the program is one sample's loss.

    Args:
        program, of, names: as for `derive`.
        data: a CSV file whose first line names the columns, columns by name, or rows with names.
        at: the values to start from, and of what stays as it is.
        wrt: the names that are fitted; by default all that are no columns.
        lr: the learning rate.
        epochs: the most steps; each uses all samples.
        total: "mean" or "sum": the loss over the samples.
        tolerance: it ends before that where every gradient is within it.
        on_epoch: called with an epoch's number and the loss after it.

    Raises:
        FileError: all that is wrong in the file.
        DomainError: it diverges, or a sample is outside of the loss's domain.

    >>> line = fit("L = (w*x + b - y)^2", {"x": [0, 1, 2], "y": [1, 3, 5]}, {"w": 0, "b": 0}, lr=0.2)
    >>> round(line.at["w"], 6), round(line.at["b"], 6), line.converged
    (2.0, 1.0, True)

    `.predicted` are what it says of the samples, `.picture()` shows the curve, the loss and the weights.
    """
    graph, given = graph_at(program, at, of, (), False, names)
    columns = _fits.columns_of(data)
    found = _fits.fit(graph, columns, given, wrt, lr, epochs, total, tolerance, on_epoch)
    return fitted(graph, found, columns)


@overload
def jacobian(
    program: ProgramLike, at: Mapping[str, Number | str] | None = None, of: str | Iterable[str] = (),
    wrt: str | Iterable[str] | None = None, *, expand: str | Iterable[str] = (), merge: bool = False,
    names: str | Iterable[str] = (),
) -> _jacobians.Jacobian: ...  # fmt: skip
@overload
def jacobian(
    program: ProgramLike, at: Point, of: str | Iterable[str] = (),
    wrt: str | Iterable[str] | None = None, *, expand: str | Iterable[str] = (), merge: bool = False,
    names: str | Iterable[str] = (),
) -> Any: ...  # fmt: skip
def jacobian(
    program: ProgramLike,
    at: Point | None = None,
    of: str | Iterable[str] = (),
    wrt: str | Iterable[str] | None = None,
    *,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> Any:
    """Return ∂of[i]/∂wrt[j]: one backward pass an output.

    Over arrays `jacobian[of, wrt]` is a block in the shape of `of`, then of `wrt`.

    Args:
        program, at, expand, merge, names: as for `derive`.
        of: the outputs, one or more names.
        wrt: the nodes differentiated along; all inputs if None.

    >>> jacobian("y1 = u*v; y2 = u + v^2", {"u": 2, "v": 3}, of=("y1", "y2")).values
    ((3, 2), (1, 6))
    """
    parsed, given = read_program(program, at, names)
    if any(map(is_array, given.values())):
        from .arrays import array_jacobian  # start-up time: NumPy

        refuse_merge(merge)
        return array_jacobian(parsed, given, of, wrt, expand)
    graph, given = graph_at(parsed, given, None, expand, merge, names)
    return _jacobians.jacobian(graph, given, of, wrt, into=Derivation)


def hessian(
    program: ProgramLike,
    at: Point | None = None,
    wrt: str | Iterable[str] | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> _hessians.Hessian:
    """Return ∂²of/∂wrt[i]∂wrt[j] at one point.

    Args:
        program, at, of, expand, merge, names: as for `derive`.
        wrt: the inputs differentiated along; all of them if None.

    >>> found = hessian("f = x^2*y", {"x": 3, "y": 2})
    >>> found.values, found["x", "y"]
    (((4, 6), (6, 0)), 6)
    """
    graph, given = graph_at(program, at, of, expand, merge, names)
    return _hessians.hessian(graph, given, wrt, Derivation)


def sweep(
    program: ProgramLike,
    at: Point | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> _sweeps.Sweep:
    """Return every value and gradient at many points at once, as arrays.

    Args:
        program, of, expand, merge, names: as for `derive`.
        at: for each input a number or an array; the arrays broadcast together.

    >>> found = sweep("f = w*x", {"w": [1.0, 2.0, 3.0], "x": 4})
    >>> found.values["f"].tolist(), found.gradients["x"].tolist()
    ([4.0, 8.0, 12.0], [1.0, 2.0, 3.0])
    """
    return _sweeps.sweep(*graph_at(program, at, of, expand, merge, names))
