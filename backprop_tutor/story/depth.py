"""What is left of a gradient behind many layers of one activation, and the units that are shut.

Enters: a depth, a width, how large the weights are. Leaves: for each activation the size of the gradient at
every layer. The network is x → φ(W₁x) → … → φ(W_d h), weights normal with deviation scale/√width, biases 0,
inputs normal; what comes back from above is normal too. The same draws serve every activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import OptionError
from ..sentences import said
from .activation_facts import LOW, activation_names, facts, values

__all__ = ["Through", "through_layers"]

_ROWS = 64
_FALLS = 100.0
"""A gradient that shrinks or grows by this factor vanishes or explodes."""


@dataclass(frozen=True, kw_only=True)
class Through:
    """A gradient's way back: `sizes` its root mean square at the net inputs of layers 1 … d.

    `dead` are units whose slope is 0 for every row, `shut` the share of slopes that are 0, `saturated`
    the share that is not 0 and below 0.01; `units` is depth times width.
    """

    name: str
    sizes: tuple[float, ...]
    dead: int
    units: int
    shut: float
    saturated: float

    @property
    def share(self) -> float:
        """Return the first layer's gradient as a share of the last layer's."""
        return self.sizes[0] / self.sizes[-1] if self.sizes[-1] else 0.0

    @property
    def verdict(self) -> str:
        """Return what becomes of it: "vanishes", "explodes" or "holds"."""
        if not self.share * _FALLS > 1:
            return said("vanishes")
        return said("explodes") if self.share > _FALLS else said("holds")


def through_layers(
    names: Sequence[str] = (), depth: int = 10, width: int = 64, scale: float = 1.0, seed: int = 0
) -> list[Through]:
    """Return the gradient's way through `depth` layers of each activation.

    >>> found = through_layers(["sigmoid", "relu"], depth=10)
    >>> [each.verdict for each in found], found[1].dead
    (['vanishes', 'holds'], 96)

    Raises:
        OptionError: an unknown name, or a scale that is not a number above 0.
    """
    if not 0 < scale < 1e6:
        raise OptionError(said("scale {scale}; expected a number above 0", scale=scale))
    chosen = [each.name for each in facts(names)] if names else activation_names()
    random = np.random.RandomState(seed)
    start = random.normal(size=(_ROWS, width))
    above = random.normal(size=(_ROWS, width))
    weights = [random.normal(size=(width, width)) * scale / np.sqrt(width) for _ in range(depth)]
    return [_through(name, start, above, weights) for name in chosen]


def _through(name: str, start: np.ndarray, above: np.ndarray, weights: list[np.ndarray]) -> Through:
    at, slopes = start, []
    with np.errstate(all="ignore"):
        for weight in weights:
            at, slope = values(name, at @ weight.T)
            slopes.append(slope)
        gradient, sizes = above, []
        for weight, slope in zip(reversed(weights), reversed(slopes), strict=True):
            net = gradient * slope
            sizes.append(float(np.sqrt(np.mean(net**2))))
            gradient = net @ weight
    every = np.stack(slopes)
    return Through(
        name=name,
        sizes=tuple(reversed(sizes)),
        dead=int((every == 0).all(1).sum()),
        units=every.shape[0] * every.shape[2],
        shut=float((every == 0).mean()),
        saturated=float(((every != 0) & (np.abs(every) < LOW)).mean()),
    )
