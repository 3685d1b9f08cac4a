"""Data sets of samples and of batches, `tf.data`: from arrays, shuffled, batched, mapped.

>>> set = Dataset.from_tensor_slices([1, 2, 3, 4, 5]).batch(2)
>>> [batch.numpy().tolist() for batch in set], len(set)
([[1, 2], [3, 4], [5]], 3)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from .. import engine as torch
from ..engine.absent import AbsentName
from .converting import array_of, raw_of
from .functions.making import tensor
from .recording import Value
from .structures import leaves_of, like
from .tensors import Tensor

__all__ = ["AUTOTUNE", "Dataset"]

AUTOTUNE = -1
"""What programs give as a buffer's size; nothing is read ahead here."""


class Dataset:
    """Samples, one after the other, again each time they are walked through."""

    def __init__(self, walk: Callable[[], Iterator[Any]], count: int | None) -> None:
        self._walk = walk
        self._count = count

    @classmethod
    def from_tensor_slices(cls, tensors: Any) -> Dataset:
        """Return the data set of the parts along the first dimension of arrays, in their structure.

        Raises:
            ValueError: other numbers of parts.
        """
        if isinstance(tensors, list):
            tensors = tensor(tensors)
        arrays = [array_of(each) for each in leaves_of(tensors)]
        counts = {len(array) if array.ndim else -1 for array in arrays}
        if len(counts) != 1 or -1 in counts:
            raise ValueError(
                f"Dimensions {sorted(counts)} are not compatible: as many parts are expected in each"
            )
        count = counts.pop()

        def walk() -> Iterator[Any]:
            for i in range(count):
                parts = iter([Tensor(torch.from_numpy(np.array(array[i]))) for array in arrays])
                yield _in_order(tensors, parts)

        return cls(walk, count)

    @classmethod
    def range(cls, *args: int) -> Dataset:
        """Return the data set of whole numbers, as Python's `range`."""
        numbers = range(*args)
        return cls(lambda: (Tensor(raw_of(np.int64(n))) for n in numbers), len(numbers))

    def __iter__(self) -> Iterator[Any]:
        return self._walk()

    def __len__(self) -> int:
        if self._count is None:
            raise TypeError("The dataset length is unknown or infinite.")
        return self._count

    def cardinality(self) -> Tensor:
        """Return the number of elements, −1 where it has no end."""
        return Tensor(raw_of(np.int64(-1 if self._count is None else self._count)))

    def batch(self, batch_size: int, drop_remainder: bool = False, **options: Any) -> Dataset:
        """Return batches of so many elements; the last may have fewer.

        Raises:
            ValueError: no whole number above 0.
        """
        size = _above("batch_size", batch_size)

        def walk() -> Iterator[Any]:
            samples = self._walk()
            while part := list(islice(samples, size)):
                if len(part) == size or not drop_remainder:
                    yield _stacked(part)

        whole = (
            None
            if self._count is None
            else self._count // size
            if drop_remainder
            else -(-self._count // size)
        )
        return Dataset(walk, whole)

    def shuffle(
        self, buffer_size: int, seed: int | None = None, reshuffle_each_iteration: bool = True
    ) -> Dataset:
        """Return the elements in a drawn order: each is drawn from a buffer of so many."""
        size = _above("buffer_size", buffer_size)
        own = None if seed is None else torch.Generator().manual_seed(int(seed))

        def walk() -> Iterator[Any]:
            samples = self._walk()
            held = list(islice(samples, size))
            while held:
                place = int(torch.randint(0, len(held), (1,), generator=own).item())
                yield held[place]
                following = next(samples, None)
                if following is None:
                    held[place] = held[-1]
                    held.pop()
                else:
                    held[place] = following

        return Dataset(walk, self._count)

    def map(self, map_func: Callable[..., Any], **options: Any) -> Dataset:
        """Return a function of each element; a pair's parts are its arguments."""

        def walk() -> Iterator[Any]:
            for sample in self._walk():
                yield map_func(*sample) if isinstance(sample, tuple) else map_func(sample)

        return Dataset(walk, self._count)

    def take(self, count: int) -> Dataset:
        """Return the first elements."""
        left = count if self._count is None else self._count if count < 0 else min(count, self._count)
        return Dataset(lambda: islice(self._walk(), left), left)

    def skip(self, count: int) -> Dataset:
        """Return what comes after the first elements."""
        left = None if self._count is None else max(0, self._count - count)
        return Dataset(lambda: islice(self._walk(), count, None), left)

    def repeat(self, count: int | None = None) -> Dataset:
        """Return the elements so many times over, without end where no number is given."""
        endless = count is None or count < 0

        def walk() -> Iterator[Any]:
            done = 0
            while endless or done < (count or 0):
                yield from self._walk()
                done += 1

        return Dataset(walk, None if endless or self._count is None else self._count * (count or 0))

    def prefetch(self, buffer_size: Any = AUTOTUNE) -> Dataset:
        """Return the same: nothing is read ahead."""
        return self

    def cache(self) -> Dataset:
        """Return the same elements, computed once."""
        held: list[Any] = []

        def walk() -> Iterator[Any]:
            if not held:
                held.extend(self._walk())
            return iter(held)

        return Dataset(walk, self._count)

    def enumerate(self, start: int = 0) -> Dataset:
        """Return the elements numbered."""
        return Dataset(
            lambda: ((Tensor(raw_of(np.int64(i))), each) for i, each in enumerate(self._walk(), start)),
            self._count,
        )

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Return the elements as arrays."""
        return (like(each, lambda x: x.raw.numpy() if isinstance(x, Value) else x) for each in self._walk())

    def __getattr__(self, name: str) -> Any:
        """Refuse a name by naming the nearest one."""
        raise AbsentName("'Dataset' object", name, lambda: [n for n in dir(type(self)) if n[0] != "_"])


def _above(name: str, given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < 1:
        raise ValueError(f"{name} {given!r}; expected a whole number above 0")
    return int(given)


def _in_order(structure: Any, parts: Iterator[Any]) -> Any:
    """Return the structure with the parts in it, in order."""
    return like(structure, lambda _: next(parts))


def _stacked(samples: list[Any]) -> Any:
    columns = zip(*[list(leaves_of(sample)) for sample in samples], strict=True)
    parts = iter(
        [Tensor(torch.from_numpy(np.stack([array_of(each) for each in column]))) for column in columns]
    )
    return _in_order(samples[0], parts)


def __getattr__(name: str) -> Any:
    """Refuse a name by naming the nearest one."""
    raise AbsentName(f"module {__name__!r}", name, tuple(__all__))
