"""Data sets that come with the package or are made by it: gates, iris, two moons, and digits.

Iris (Fisher, 1936) is 150 flowers in a CSV file beside this one; digits are 1,797 pictures of 8 by 8
that scikit-learn brings along.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...errors import OptionError
from ...sentences import counted, said
from .numbers_file import read_csv
from .tables import Table

__all__ = ["GATES", "digits", "gate", "iris", "moons", "xor"]

GATES = {
    "and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0),
    "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xnor": (1, 0, 0, 1),
}  # fmt: skip
"""What each gate says of (0, 0), (0, 1), (1, 0) and (1, 1)."""


def gate(name: str) -> Table:
    """Return the four rows of a logical gate.

    >>> gate("xnor").targets.tolist()
    [1, 0, 0, 1]

    Raises:
        OptionError: there is no such gate.
    """
    if name not in GATES:
        raise OptionError(
            said("no gate `{name}`; there are {names}", name=name, names=", ".join(GATES))
        )
    return Table(
        name=name, features=np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32),
        targets=np.array(GATES[name], np.int64), columns=("x1", "x2"), classes=("0", "1"),
        target=name,
    )


def xor() -> Table:
    """Return the four rows of exclusive or.

    >>> xor().targets.tolist()
    [0, 1, 1, 0]
    """
    return gate("xor")


def iris() -> Table:
    """Return the 150 flowers: four lengths in centimetres, three species.

    >>> iris().classes
    ('setosa', 'versicolor', 'virginica')
    """
    table = read_csv(Path(__file__).with_name("iris.csv"))
    return table


def moons(count: int = 500, noise: float = 0.1, seed: int = 0) -> Table:
    """Return points on two half circles that reach into each other, moved by normal noise.

    The upper one is (cos t, sin t), the lower one (1 − cos t, ½ − sin t), t from 0 to π.

    Raises:
        OptionError: fewer than two points, or negative noise.
    """
    if count < 2:
        raise OptionError(
            said("{count}; two moons need at least 2", count=counted(count, "1 point", "{count} points"))
        )
    if noise < 0:
        raise OptionError(
            said("noise {noise}; expected a standard deviation, 0 or more", noise=noise)
        )
    upper = count // 2
    first = np.linspace(0, np.pi, upper)
    second = np.linspace(0, np.pi, count - upper)
    points = np.concatenate(
        [
            np.stack([np.cos(first), np.sin(first)], 1),
            np.stack([1 - np.cos(second), 0.5 - np.sin(second)], 1),
        ]
    )
    points += np.random.RandomState(seed).normal(scale=noise, size=points.shape)
    return Table(
        name="moons",
        features=points.astype(np.float32),
        targets=np.repeat(np.array([0, 1], np.int64), [upper, count - upper]),
        columns=("x", "y"),
        classes=("upper", "lower"),
    )


def digits() -> Table:
    """Return 1,797 handwritten digits of 8 by 8 pixels, brightness from 0 to 1.

    Raises:
        OptionError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import (  # type: ignore[import-untyped]  # an optional extra
            load_digits,
        )
    except ImportError:
        raise OptionError(
            said("the digits come with scikit-learn, which is not installed: pip install scikit-learn")
        ) from None
    found = load_digits()
    return Table(
        name="digits", features=(found.data / 16).astype(np.float32),
        targets=found.target.astype(np.int64),
        columns=tuple(f"pixel {row},{column}" for row in range(8) for column in range(8)),
        classes=tuple(str(number) for number in range(10)), shape=(8, 8),
    )
