"""Products of matrices and of tensors, and what `tf.linalg` says of one matrix."""

from __future__ import annotations

from typing import Any

from ... import engine as torch
from ..errors import InvalidArgumentError
from ..pairs import alike
from ..recording import Value, run
from ..tensors import matmul as product
from .arranging import reshape, transpose
from .making import tensor
from .pointwise import of_kind

__all__ = [
    "add_n",
    "det",
    "diag",
    "diag_part",
    "einsum",
    "inv",
    "matmul",
    "matvec",
    "solve",
    "tensordot",
    "trace",
]


def _both(op: str, a: Any, b: Any) -> tuple[Value, Value]:
    if isinstance(b, Value) and not isinstance(a, Value):
        return alike(op, b, a, 0), b
    first = tensor(a)
    of_kind(op, first, "numbers")
    return first, alike(op, first, b)


def _turned(value: Any) -> Any:
    return run(lambda raw: raw.transpose(-1, -2), value)


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    name: str | None = None,
) -> Any:
    """Return the product of two matrices, or of stacks of them.

    >>> print(matmul([[1.0, 2.0]], [[3.0], [4.0]]))
    tf.Tensor([[11.]], shape=(1, 1), dtype=float32)

    Raises:
        InvalidArgumentError: a vector, dtypes that differ, or sizes that do not fit.
    """
    first, second = _both("MatMul", a, b)
    if transpose_a or adjoint_a:
        first = _turned(first)
    if transpose_b or adjoint_b:
        second = _turned(second)
    return product(first, second)


def matvec(a: Any, b: Any, transpose_a: bool = False, name: str | None = None) -> Any:
    """Return the product of a matrix and a vector, or of stacks of them."""
    first, second = _both("MatVec", a, b)
    if transpose_a:
        first = _turned(first)
    if first.raw.ndim < 2 or not second.raw.ndim or first.raw.shape[-1] != second.raw.shape[-1]:
        raise InvalidArgumentError(
            f"a matrix of shape {tuple(first.raw.shape)} and a vector of shape "
            f"{tuple(second.raw.shape)} do not "
            "fit [Op:MatVec]"
        )
    column = run(lambda raw: raw.unsqueeze(-1), second)
    return run(lambda raw: raw.squeeze(-1), product(first, column))


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Any:
    """Return the sum of products over pairs of dimensions: so many last and first ones, or two lists."""
    first, second = _both("Tensordot", a, b)
    if isinstance(axes, int):
        one, two = list(range(first.raw.ndim - axes, first.raw.ndim)), list(range(axes))
    else:
        one, two = ([each] if isinstance(each, int) else list(each) for each in axes)
    one, two = [i % first.raw.ndim for i in one], [i % second.raw.ndim for i in two]
    sizes, others = list(first.raw.shape), list(second.raw.shape)
    if [sizes[i] for i in one] != [others[i] for i in two]:
        raise InvalidArgumentError(
            f"Matrix size-incompatible: {[sizes[i] for i in one]} and {[others[i] for i in two]} "
            f"[Op:Tensordot]"
        )
    left = [i for i in range(len(sizes)) if i not in one]
    right = [i for i in range(len(others)) if i not in two]
    count = 1
    for i in one:
        count *= sizes[i]
    rows = reshape(transpose(first, [*left, *one]), (-1, count))
    columns = reshape(transpose(second, [*two, *right]), (count, -1))
    return reshape(product(rows, columns), [sizes[i] for i in left] + [others[i] for i in right])


def einsum(equation: str, *inputs: Any, name: str | None = None) -> Any:
    """Return a sum of products written in indices: "ij,jk->ik"."""
    values = [tensor(each) for each in inputs]
    return run(lambda *raws: torch.einsum(equation, *raws), *values)


def add_n(inputs: Any, name: str | None = None) -> Any:
    """Return the sum of several tensors of one shape."""
    parts = [tensor(each) for each in inputs]
    if not parts:
        raise ValueError("Inputs must be an iterable of at least one Tensor with the same dtype and shape.")
    total = parts[0]
    for each in parts[1:]:
        if tuple(each.raw.shape) != tuple(total.raw.shape):
            raise InvalidArgumentError(
                f"Inputs to operation AddN must have the same size and shape. {tuple(total.raw.shape)} "
                f"!= "
                f"{tuple(each.raw.shape)} [Op:AddN]"
            )
        total = run(torch.add, total, alike("AddN", total, each))
    return total


def _square(op: str, given: Any) -> Value:
    value: Value = tensor(given)
    of_kind(op, value, "fractions")
    sizes = tuple(value.raw.shape)
    if len(sizes) != 2 or sizes[0] != sizes[1]:
        raise InvalidArgumentError(f"Input matrix must be square, got the shape {sizes} [Op:{op}]")
    return value


def inv(input: Any, name: str | None = None) -> Any:
    """Return the inverse of a square matrix.

    Raises:
        InvalidArgumentError: it has none.
    """
    value = _square("MatrixInverse", input)
    return run(torch.linalg.inv, value) if _regular(value) else _refused()


def _regular(value: Value) -> bool:
    try:
        with torch.no_grad():
            torch.linalg.inv(value.raw)
    except RuntimeError:
        return False
    return True


def _refused() -> Any:
    raise InvalidArgumentError("Input is not invertible. [Op:MatrixInverse]")


def solve(matrix: Any, rhs: Any, name: str | None = None) -> Any:
    """Return the solution X of matrix · X = rhs."""
    first = _square("MatrixSolve", matrix)
    return (
        run(torch.linalg.solve, first, alike("MatrixSolve", first, rhs)) if _regular(first) else _refused()
    )


def det(input: Any, name: str | None = None) -> Any:
    """Return the determinant of a 1-by-1, 2-by-2 or 3-by-3 matrix.

    Raises:
        InvalidArgumentError: a larger one.
    """
    value = _square("MatrixDeterminant", input)
    count = int(value.raw.shape[0])
    if count > 3:
        raise InvalidArgumentError(f"a matrix of {count} rows; expected at most 3 [Op:MatrixDeterminant]")
    return run(_determinant, value)


def _determinant(raw: Any) -> Any:
    count = raw.shape[0]
    if count == 1:
        return raw[0, 0]
    if count == 2:
        return raw[0, 0] * raw[1, 1] - raw[0, 1] * raw[1, 0]
    (a, b, c), (d, e, f), (g, h, i) = [[raw[m, n] for n in range(3)] for m in range(3)]
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def trace(x: Any, name: str | None = None) -> Any:
    """Return the sum of a matrix's diagonal."""
    return run(lambda raw: torch.sum(torch.diagonal(raw)), tensor(x))


def diag(diagonal: Any, name: str = "diag") -> Any:
    """Return the square matrix of a diagonal."""
    return run(torch.diag, tensor(diagonal))


def diag_part(input: Any, name: str = "diag_part") -> Any:
    """Return the diagonal of a matrix."""
    return run(torch.diagonal, tensor(input))
