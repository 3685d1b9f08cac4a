"""Pictures for training, `tf.keras.datasets`: read from where people have them, never downloaded.

`mnist` and `fashion_mnist` are looked for in the folder that `BACKPROP_TUTOR_DATA` names, then in
`~/.keras/datasets`, where Keras keeps what it has downloaded: four IDX files, packed or not, or one npz.
"""

from __future__ import annotations

from typing import Any

from ....engine.absent import AbsentName
from . import fashion_mnist, mnist

__all__ = ["fashion_mnist", "mnist"]

_NEAREST = {
    "cifar10": "mnist",
    "cifar100": "mnist",
    "imdb": "mnist",
    "reuters": "mnist",
    "boston_housing": "mnist",
    "california_housing": "mnist",
}


def __getattr__(name: str) -> Any:
    """Refuse a data set by naming the nearest one."""
    near = _NEAREST.get(name)
    raise AbsentName(f"module {__name__!r}", name, (near,) if near else tuple(__all__))
