"""`DataLoader`, which walks through a data set in batches, and how samples become a batch.

Every pass draws as PyTorch's does: first one int64 for the pass itself, then, where it shuffles,
one for the seed of the permutation. Samples are loaded in this process, whatever `num_workers`
says; their order and the batches are the same. In a batch numbers become a tensor (integers int64,
others float64), text a list; tuples become lists.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from itertools import islice
from typing import Any

import numpy as np

from ...autograd.tape import Tensor, wrap
from ...functions.joining import stack
from ...tensors.creation import as_tensor, tensor
from ...tensors.dtypes import float64
from ...tensors.randomness import default_generator
from .datasets import (
    BatchSampler,
    IterableDataset,
    RandomSampler,
    Sampler,
    SequentialSampler,
    Subset,
    TensorDataset,
)

__all__ = ["DataLoader", "default_collate", "default_convert"]


def _refused(kind: Any) -> TypeError:
    return TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {kind}"
    )


def _mapping(first: Mapping[Any, Any], values: dict[Any, Any]) -> Any:
    """Return the values in a mapping of the same kind as `first`, a plain one if that fails."""
    try:
        if isinstance(first, MutableMapping):
            kept = copy.copy(first)
            kept.update(values)
            return kept
        return type(first)(values)  # type: ignore[call-arg]
    except TypeError:
        return values


def _sequence(first: Sequence[Any], values: list[Any]) -> Any:
    try:
        if isinstance(first, MutableSequence):
            kept = copy.copy(first)
            for place, value in enumerate(values):
                kept[place] = value
            return kept
        return type(first)(values)  # type: ignore[call-arg]
    except TypeError:
        return values


def default_collate(batch: Sequence[Any]) -> Any:
    """Return the samples of a batch as one, stacked along a new first dimension.

    Raises:
        RuntimeError: sequences of different lengths, tensors of different shapes.
        TypeError: samples of a kind that has no batch.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(tuple(batch), 0)
    if isinstance(first, np.ndarray):
        if first.dtype.kind in "SUOa":
            raise _refused(first.dtype)
        return stack(tuple(as_tensor(each) for each in batch), 0)
    if isinstance(first, (bool, np.bool_, np.number)):
        return as_tensor(np.asarray(batch))
    if isinstance(first, float):
        return tensor(list(batch), dtype=float64)
    if isinstance(first, int):
        return tensor(list(batch))
    if isinstance(first, (str, bytes)):
        return list(batch) if not isinstance(batch, list) else batch
    if isinstance(first, Mapping):
        values = {key: default_collate([each[key] for each in batch]) for key in first}
        return _mapping(first, values)
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*(default_collate(each) for each in zip(*batch, strict=False)))
    if isinstance(first, Sequence):
        if any(len(each) != len(first) for each in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        columns = [default_collate(each) for each in zip(*batch, strict=True)]
        return columns if isinstance(first, tuple) else _sequence(first, columns)
    raise _refused(type(first))


def default_convert(data: Any) -> Any:
    """Return one sample with NumPy arrays made tensors, for loaders that make no batches."""
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (np.ndarray, np.generic)):
        return data if data.dtype.kind in "SUOa" else as_tensor(data)
    if isinstance(data, Mapping):
        return _mapping(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(default_convert(each) for each in data))
    if isinstance(data, tuple):
        return [default_convert(each) for each in data]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _sequence(data, [default_convert(each) for each in data])
    return data


_FIXED = {"batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers"}


class _Endless(Sampler[None]):
    """The sampler of a data set that gives its own order."""

    def __iter__(self) -> Iterator[None]:
        while True:
            yield None


class DataLoader:
    """Batches of a data set, in order or shuffled.

    `generator` draws the order instead of the default one; `drop_last` leaves out a last batch that
    is short; `batch_size=None` gives single samples; `collate_fn` makes batches its own way.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        batch_sampler: Any = None,
        num_workers: int = 0,
        collate_fn: Any = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Any = None,
        multiprocessing_context: Any = None,
        generator: Any = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        _check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        if multiprocessing_context is not None and num_workers == 0:
            raise ValueError(
                "multiprocessing_context can only be used with multi-process loading "
                f"(num_workers > 0), but got num_workers={num_workers}"
            )
        self.dataset = dataset
        self.num_workers = num_workers
        self.prefetch_factor: int | None = (
            2 if num_workers > 0 and prefetch_factor is None else prefetch_factor
        )
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order
        self._iterable = isinstance(dataset, IterableDataset)
        if self._iterable:
            _check_iterable(shuffle, sampler, batch_sampler)
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, "
                    "and drop_last"
                )
            batch_size = None
            drop_last = False
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with "
                "drop_last"
            )
        if sampler is None:
            if self._iterable:
                sampler = _Endless()
            elif shuffle:
                sampler = RandomSampler(dataset, generator=generator)
            else:
                sampler = SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.generator = generator
        if collate_fn is None:
            collate_fn = default_convert if batch_sampler is None else default_collate
        self.collate_fn = collate_fn
        self.persistent_workers = persistent_workers
        self.__dict__["_initialized"] = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _FIXED and self.__dict__.get("_initialized"):
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized"
            )
        object.__setattr__(self, name, value)

    def __len__(self) -> int:
        if self._iterable:
            size = len(self.dataset)
            if self.batch_size is None:
                return size
            return size // self.batch_size if self.drop_last else -(-size // self.batch_size)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)

    def __iter__(self) -> Iterator[Any]:
        if self.pin_memory:
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, then device "
                "pinned memory won't be used.",
                stacklevel=2,
            )
        chosen = iter(self.sampler if self.batch_sampler is None else self.batch_sampler)
        (self.generator or default_generator).random64()  # the draw for the pass itself
        return self._samples() if self._iterable else self._fetched(chosen)

    def _fetched(self, chosen: Iterator[Any]) -> Iterator[Any]:
        gather = self._row_gatherer()
        if gather is not None:
            yield from map(gather, chosen)
            return
        several = getattr(self.dataset, "__getitems__", None)
        for indices in chosen:
            if self.batch_sampler is None:
                yield self.collate_fn(self.dataset[indices])
            elif several:
                yield self.collate_fn(several(indices))
            else:
                yield self.collate_fn([self.dataset[index] for index in indices])

    def _row_gatherer(self) -> Any:
        """Return what takes the rows of plain tensors at once, None where samples are needed."""
        if self.batch_sampler is None or self.collate_fn is not default_collate:
            return None
        dataset, rows = self.dataset, None
        while type(dataset) is Subset:
            places = np.asarray(dataset.indices, dtype=np.int64)
            rows = places if rows is None else places[rows]
            dataset = dataset.dataset
        if type(dataset) is not TensorDataset or any(t.requires_grad for t in dataset.tensors):
            return None
        arrays = [t._a for t in dataset.tensors]
        if rows is None:
            return lambda indices: [wrap(array[indices]) for array in arrays]
        return lambda indices: [wrap(array[rows[indices]]) for array in arrays]

    def _samples(self) -> Iterator[Any]:
        samples = iter(self.dataset)
        if self.batch_size is None:
            yield from map(self.collate_fn, samples)
            return
        while batch := list(islice(samples, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield self.collate_fn(batch)


def _check_workers(
    num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool
) -> None:
    if num_workers < 0:
        raise ValueError(
            "num_workers option should be non-negative; "
            "use num_workers=0 to disable multiprocessing."
        )
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if num_workers == 0 and prefetch_factor is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing."
            "let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None."
        )
    if prefetch_factor is not None and prefetch_factor < 0:
        raise ValueError("prefetch_factor option should be non-negative")
    if persistent_workers and num_workers == 0:
        raise ValueError("persistent_workers option needs num_workers > 0")


def _check_iterable(shuffle: Any, sampler: Any, batch_sampler: Any) -> None:
    said = "DataLoader with IterableDataset: expected unspecified"
    if shuffle not in {False, None}:
        raise ValueError(f"{said} shuffle option, but got shuffle={shuffle}")
    if sampler is not None:
        raise ValueError(f"{said} sampler option, but got sampler={sampler}")
    if batch_sampler is not None:
        raise ValueError(f"{said} batch_sampler option, but got batch_sampler={batch_sampler}")
