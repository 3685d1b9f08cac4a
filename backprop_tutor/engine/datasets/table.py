"""`Table`, what every data set is once it is loaded: features, targets and their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import ShapeError
from ...sentences import counted, said

__all__ = ["Table"]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Features (n, d) in float32 and a target for each row.

    Targets are class numbers (n,) in int64 with `classes` naming them, or numbers (n, 1) in float32
    with no classes; `target` is what they are called. `shape` is the shape of one sample where it is
    a picture. `test` holds the rows that the publisher set aside, where there are such.
    """

    name: str
    features: np.ndarray[Any, Any]
    targets: np.ndarray[Any, Any]
    columns: tuple[str, ...]
    classes: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    target: str = ""
    test: Table | None = None

    def __post_init__(self) -> None:
        if self.features.ndim != 2 or len(self.features) != len(self.targets):
            targets = counted(len(self.targets), "1 target", "{count} targets")
            raise ShapeError(
                said(
                    "{name}: features of shape {shape} and {targets}; expected one target for each row",
                    name=self.name, shape=self.features.shape, targets=targets,
                )
            )
        if len(self.columns) != self.features.shape[1]:
            raise ShapeError(
                said(
                    "{name}: {shape} and {count}",
                    name=self.name,
                    shape=counted(self.features.shape[1], "1 column", "{count} columns"),
                    count=counted(len(self.columns), "1 name", "{count} names"),
                )
            )

    def __len__(self) -> int:
        return len(self.features)
