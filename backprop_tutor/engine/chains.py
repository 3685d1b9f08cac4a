"""Products of several matrices, multiplied in the order that costs least."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .linear_algebra import C_NAMES, matmul
from .tape import Tensor

__all__ = ["chain_matmul", "multi_dot"]


def _splits(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return where to split each stretch of a chain, whose i-th matrix is sizes[i] by sizes[i + 1].

    Source: T. Cormen et al., "Introduction to Algorithms", on matrix-chain multiplication.
    """
    count = len(sizes) - 1
    costs = {(i, i): 0 for i in range(count)}
    splits: dict[tuple[int, int], int] = {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            found = [
                costs[i, k] + costs[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                for k in range(i, j)
            ]
            costs[i, j] = min(found)
            splits[i, j] = i + found.index(costs[i, j])
    return splits


def _multiply(chain: Sequence[Tensor], splits: dict[tuple[int, int], int], i: int, j: int) -> Tensor:
    if i == j:
        return chain[i]
    k = splits[i, j]
    return matmul(_multiply(chain, splits, i, k), _multiply(chain, splits, k + 1, j))


def multi_dot(tensors: Any) -> Tensor:
    """Return the product of several matrices, in the cheapest order; the outer two may be vectors.

    Raises:
        RuntimeError: fewer than two tensors, others than matrices between, sizes that do not meet,
            several dtypes.

    >>> from backprop_tutor import engine as torch
    >>> multi_dot([torch.ones(2), torch.ones(2, 3), torch.ones(3)])
    tensor(6.)
    """
    chain = list(tensors)
    if len(chain) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(chain)}")
    for i, each in enumerate(chain):
        outer = i in (0, len(chain) - 1)
        if each.ndim != 2 and not (outer and each.ndim == 1):
            place = "the first tensor" if i == 0 else "the last tensor" if outer else f"tensor {i}"
            wanted = "1D or 2D" if outer else "2D"
            raise RuntimeError(f"multi_dot(): {place} must be {wanted} but got {each.ndim}D")
    for i, (a, b) in enumerate(pairwise(chain)):
        if b._a.dtype != a._a.dtype:
            raise RuntimeError(
                "multi_dot(): all tensors must have be the same dtype but tensor 0 is "
                f"{C_NAMES[a._a.dtype.name]} and tensor {i + 1} {C_NAMES[b._a.dtype.name]}"
            )
        if a.shape[-1] != b.shape[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {i} and {i + 1} with shapes {list(a.shape)} and {list(b.shape)} "
                "cannot be multiplied"
            )
    if len(chain) == 2:
        return matmul(chain[0], chain[1])
    lead = 1 if chain[0].ndim == 1 else chain[0].shape[0]
    tail = 1 if chain[-1].ndim == 1 else chain[-1].shape[1]
    sizes = [lead, *(each.shape[0] for each in chain[1:]), tail]
    if len(chain) == 3:  # of two orders that cost the same, PyTorch takes the left one first
        n, m, p, q = sizes
        splits = {(0, 1): 0, (1, 2): 1, (0, 2): 1 if n * p * (m + q) <= m * q * (n + p) else 0}
    else:
        splits = _splits(sizes)
    return _multiply(chain, splits, 0, len(chain) - 1)


def chain_matmul(*matrices: Any) -> Tensor:
    """Return the product of several matrices, as `linalg.multi_dot` does; of one, itself.

    PyTorch means to take it away, and a warning says so.
    """
    warnings.warn(
        "torch.chain_matmul is deprecated and will be removed in a future PyTorch release. Use "
        "torch.linalg.multi_dot instead, which accepts a list of two or more tensors rather than "
        "multiple parameters.", UserWarning, stacklevel=2,
    )
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)
