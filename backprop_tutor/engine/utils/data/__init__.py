"""Data sets, samplers and the loader that makes batches of them, in PyTorch's order of random draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...absent import refusing
from ...functions import table as _table  # noqa: F401  (fills in the class Tensor)
from .datasets import (
    BatchSampler,
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    RandomSampler,
    Sampler,
    SequentialSampler,
    StackDataset,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)
from .loader import DataLoader, default_collate, default_convert

__all__ = [
    "BatchSampler", "ChainDataset", "ConcatDataset", "DataLoader", "Dataset", "IterableDataset",
    "RandomSampler", "Sampler", "SequentialSampler", "StackDataset", "Subset",
    "SubsetRandomSampler", "TensorDataset", "WeightedRandomSampler", "default_collate",
    "default_convert", "random_split",
]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
