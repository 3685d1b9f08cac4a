"""The affine map of a layer, the look-up of an embedding, and dropping out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import RAW, ones_row, turned_pays
from ..autograd.tape import Rule, Tensor, record, record_affine, wrap
from ..functions.linear_algebra import matmul, refuse_booleans
from ..functions.pairs import refuse
from ..functions.recorded import Recorded, node_rule
from ..tensors.dtypes import from_numpy_dtype
from ..tensors.quiet import hush, unhush
from ..tensors.randomness import default_generator
from ..tensors.writes import check_writable, write

__all__ = ["dropout", "embedding", "linear", "one_hot"]


_NO_OPTIONS: dict[str, Any] = {}
_add, _empty = np.add, np.empty


def _linear_of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    """The record's gradients by NumPy's own names: of bias, input and weight."""
    x, w = saved
    bias, input, weight = edges
    return (
        None if bias is None else ones_row(g.shape[0], g.dtype).dot(g),
        None if input is None else g.dot(w), None if weight is None else g.T.dot(x),
    )


LINEAR = node_rule("linear", "AddmmBackward0", _linear_of_arrays, order=(2, 0, 1), held=(0, 1), turned=(1,))
PLAIN = node_rule("linear", "MmBackward0", order=(0, 1), held=(0, 1), turned=(1,))
MANY = node_rule("linear", "ViewBackward0", order=(2, 0, 1), held=(0, 1))


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return input @ weight.T + bias.

    Shapes: input (..., n), weight (m, n), bias (m,) → (..., m).

    Raises:
        RuntimeError: shapes that cannot be multiplied, or two dtypes.
    """
    try:
        x, w = input._a, weight._a
    except AttributeError:
        place = isinstance(input, Tensor)
        raise refuse(
            weight if place else input, "linear", "weight" if place else "input", 1 + place
        ) from None
    if bias is not None and x.ndim == 2 == w.ndim:
        b, kind = bias._a, w.dtype
        if x.dtype is kind is b.dtype and kind.kind == "f":  # the usual case
            token = hush()
            try:
                if turned_pays(x.shape[0], x.size, w.shape[0]):
                    out = _add(w.dot(x.T).T, b, _empty((x.shape[0], w.shape[0]), kind))
                else:
                    out = x.dot(w.T)
                    _add(out, b, out)
            except ValueError:
                raise _mismatch(x, w, bias) from None
            finally:
                unhush(token)
            return record_affine(
                LINEAR, out, input, weight, bias, (_NO_OPTIONS, (x.shape, w.shape, b.shape)))
    if w.ndim != 2:
        return _linear_of_vector(input, weight, bias)
    if x.dtype is not w.dtype and x.dtype != w.dtype:
        if bias is None:
            matmul(input, weight.T)  # raises PyTorch's message
        names = [from_numpy_dtype(each.dtype).short for each in (x, w)]
        raise RuntimeError(f"mat1 and mat2 must have the same dtype, but got {names[0]} and {names[1]}")
    if bias is not None and bias._a.dtype is not w.dtype and bias._a.dtype != w.dtype:
        names = [from_numpy_dtype(each.dtype).short for each in (bias._a, w)]
        raise RuntimeError(f"self and mat2 must have the same dtype, but got {names[0]} and {names[1]}")
    if w.dtype.kind == "b":
        refuse_booleans(x)
    token = hush()
    try:
        if x.ndim == 2:
            out = x.dot(w.T)
            if bias is None:
                return record(PLAIN, out, (input, weight), _factors(input, weight),
                              (_NO_OPTIONS, (x.shape, w.shape, None)))
            np.add(out, bias._a, out)
            return record_affine(
                LINEAR, out, input, weight, bias, (_NO_OPTIONS, (x.shape, w.shape, bias._a.shape)))
        if x.ndim == 0:
            raise RuntimeError("both arguments to linear need to be at least 1D, but they are 0D and 2D")
        out = np.matmul(x, w.T)
        if bias is not None:
            out = out + bias._a
    except ValueError:
        raise _mismatch(x, w, bias) from None
    finally:
        unhush(token)
    shapes = (x.shape, w.shape, None if bias is None else bias._a.shape)
    return record(MANY, out, (bias, input, weight), _factors(input, weight), (_NO_OPTIONS, shapes))


def _linear_of_vector(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Return input @ weight for a weight that is a vector; a bias is refused, as PyTorch does.

    Raises:
        RuntimeError: a weight of no or of three dimensions, or a bias.
    """
    x, w = input._a, weight._a
    if not x.ndim or not w.ndim:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {x.ndim}D and {w.ndim}D"
        )
    if w.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {w.ndim}D")
    if bias is not None:
        raise RuntimeError("mat2 must be a matrix, got 1-D tensor")
    return matmul(input, weight)


def _factors(x: Tensor, w: Tensor) -> tuple[Any, Any]:
    """Return what is saved of input and weight: a factor where the other has a gradient."""
    return (x if w._rg else None, w if x._rg else None)


def _mismatch(x: Any, w: Any, bias: Any) -> RuntimeError:
    rows = int(np.prod(x.shape[:-1]))
    if w.ndim == 2 and x.shape[-1] == w.shape[1]:
        return RuntimeError(
            f"The expanded size of the tensor ({w.shape[0]}) must match the existing size "
            f"({bias._a.shape[-1]}) at non-singleton dimension 1.  Target sizes: "
            f"{[rows, w.shape[0]]}.  Tensor sizes: {list(bias._a.shape)}"
        )
    return RuntimeError(
        f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and "
        f"{w.shape[-1]}x{w.shape[0]})"
    )


EMBEDDING = Recorded("embedding", "EmbeddingBackward0", order=(1,))


def _steered_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """As the record's, of gradients without the padding's and shared out by how often a row is used."""
    padding, frequency = options[2:]
    if padding is not None:
        g = g * k.array(padding)
    if frequency is not None:
        g = g / k.array(frequency)
    return EMBEDDING.rule.node.backward(k, g, saved, options, need)


STEERED = Rule("EmbeddingBackward0", _steered_backward, fresh=True)


def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Tensor:
    """Return the rows of the weight that the integers of the input name.

    The row `padding_idx` gets no gradient. With `max_norm`, rows used are first scaled down in
    place to that norm.

    Raises:
        IndexError: a number outside the table.
        RuntimeError: numbers that are not whole.
    """
    key, table = input._a, weight._a
    if key.dtype.name not in ("int64", "int32"):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got torch.{from_numpy_dtype(key.dtype).short}Tensor instead (while "
            "checking arguments for embedding)"
        )
    if sparse:
        raise RuntimeError("sparse gradients are not supported: leave sparse=False")
    rows = table.shape[0]
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding_idx %= rows
    if key.size and (key.min() < 0 or key.max() >= rows):
        raise IndexError("index out of range in self")
    if max_norm is not None:
        used = np.unique(key)
        norms = np.linalg.norm(table[used], norm_type, axis=1)
        large = used[norms > max_norm]
        table[large] *= (max_norm / (norms[norms > max_norm] + 1e-7))[:, None].astype(table.dtype)
        weight._ver[0] += 1
    if padding_idx is None and not scale_grad_by_freq:
        return EMBEDDING.record(table[key], input, weight)
    padding = None if padding_idx is None else (key != padding_idx).astype(np.uint8)[..., None]
    frequency = None
    if scale_grad_by_freq:
        frequency = np.bincount(key.reshape(-1), minlength=rows)[key][..., None].astype(np.float32)
    return record(STEERED, table[key], (weight,), (input, None, None),
                  (_NO_OPTIONS, (key.shape, table.shape), padding, frequency))


DROPOUT = Recorded("dropout", "MulBackward0", order=(0,))


def dropout(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Return the input with each element set to 0 with probability p, the rest over 1 - p.

    Raises:
        ValueError: p outside [0, 1].
    """
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0.0 or not input._a.size:
        return input if not training or inplace else input.clone() if p == 0.0 else input
    a = input._a
    if p == 1.0:
        noise = np.zeros_like(a)
    else:
        kept = default_generator.uniform64(a.size).reshape(a.shape) < 1 - p
        noise = np.asarray(kept, a.dtype)  # a 0-d comparison is no array
        noise /= a.dtype.type(1 - p)
    if inplace:
        check_writable(input)
        return write(input, DROPOUT(input, noise))
    return DROPOUT(input, noise)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Return a vector with a single 1 for every integer.

    Raises:
        RuntimeError: numbers that are not int64, negative, or at least `num_classes`.
    """
    a = tensor._a
    if a.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not a.size:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
    elif a.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(a.max()) + 1
    elif a.size and a.max() >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return wrap(RAW.one_hot(a, num_classes, a))


