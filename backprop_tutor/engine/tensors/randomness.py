"""Random numbers: those of PyTorch's CPU generator, bit for bit.

The generator is the Mersenne Twister seeded the legacy way. What a draw consumes is PyTorch's:
24 bits of one word for a float32 uniform, 53 bits of two words (the high one first) for float64,
a remainder for integers, Box-Muller for normals.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..autograd.tape import wrap
from .devices import CPU

__all__ = ["Generator", "default_generator", "get_rng_state", "initial_seed", "manual_seed", "seed"]

_WORDS = 632  # a state is as long as PyTorch's, 5056 bytes


class Generator:
    """A stream of random numbers.

    >>> Generator().manual_seed(0).words(2)
    array([2357136044, 2546248239], dtype=uint32)
    """

    def __init__(self, device: Any = "cpu") -> None:
        self._started: Any = None
        self._spare: float | None = None
        self._before: Any = None  # the state to go back to; True while nothing has been drawn since it was
        self.manual_seed(67280421310721)

    @property
    def _bits(self) -> Any:
        """The Mersenne Twister; NumPy's random numbers load with the first draw."""
        if self._before is True:
            self._before = None
            self._before = self.get_state()
        if self._started is None:
            from numpy.random import MT19937  # a good part of the time to import the engine

            self._started = MT19937()
            self._started._legacy_seeding(self._seed & 0xFFFFFFFF)
        return self._started

    @property
    def device(self) -> Any:
        """Where it draws: on the CPU."""
        return CPU

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream anew from a seed; return the generator."""
        seed = int(seed)
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        if self._before is True:
            _ = self._bits
        self._seed = seed % 2**64
        self._spare = None
        if self._started is not None:
            self._started._legacy_seeding(self._seed & 0xFFFFFFFF)
        return self

    def initial_seed(self) -> int:
        """Return the seed the stream started from."""
        return self._seed

    def seed(self) -> int:
        """Start anew from a seed that nobody chose; return it."""
        self.manual_seed(int.from_bytes(os.urandom(8), "little") >> 11)
        return self._seed

    def get_state(self) -> Any:
        """Return the state, as a tensor of bytes that `set_state` takes."""
        held = self._bits.state["state"]
        words = np.empty(_WORDS, np.uint64)
        words[:624] = held["key"]
        words[624], words[625] = held["pos"], self._seed
        words[626] = self._spare is not None
        words[627] = np.array(self._spare or 0.0).view(np.uint64)
        words[628:] = 0
        return wrap(words.view(np.uint8).copy())

    def set_state(self, state: Any) -> Generator:
        """Continue from a state that `get_state` returned."""
        words = np.ascontiguousarray(state._a).view(np.uint64)
        if words.size != _WORDS:
            raise RuntimeError("RNG state is wrong size")
        full = self._bits.state
        full["state"] = {"key": words[:624].astype(np.uint32), "pos": int(words[624])}
        self._bits.state = full
        self._seed = int(words[625])
        self._spare = float(words[627:628].view(np.float64)[0]) if words[626] else None
        return self

    @contextmanager
    def unmoved(self) -> Iterator[None]:
        """Continue afterwards from the state there is now; it is copied only where something is drawn.

        Copying it takes longer than a small network's two passes.
        """
        outer, self._before = self._before, True
        try:
            yield
        finally:
            before, self._before = self._before, None
            if before is not True:
                self.set_state(before)
            self._before = outer

    def words(self, count: int) -> Any:
        """Return the next words of 32 bits."""
        return self._bits.random_raw(count).astype(np.uint32)

    def random64(self, count: int | None = None) -> Any:
        """Return the next number of 64 bits (or an array of them), high word first."""
        drawn = self._bits.random_raw(2 * (count or 1)).reshape(-1, 2)
        joined = (drawn[:, 0] << np.uint64(32)) | drawn[:, 1]
        return int(joined[0]) if count is None else joined

    def uniform32(self, count: int) -> Any:
        """Return float32 numbers from [0, 1), multiples of 2**-24."""
        low = self._bits.random_raw(count) & np.uint64(0xFFFFFF)
        return low.astype(np.float32) * np.float32(2.0**-24)

    def uniform64(self, count: int) -> Any:
        """Return float64 numbers from [0, 1), multiples of 2**-53."""
        low = self.random64(count) & np.uint64(2**53 - 1) if count else np.empty(0, np.uint64)
        return low.astype(np.float64) * 2.0**-53

    def uniform(self, count: int, kind: Any) -> Any:
        """Return uniform numbers of a floating NumPy dtype."""
        return self.uniform64(count) if kind == np.float64 else self.uniform32(count)

    def below(self, count: int, span: int) -> Any:
        """Return integers from [0, span)."""
        if span >= 2**32:
            return (self.random64(count) % np.uint64(span)).astype(np.uint64)
        return self._bits.random_raw(count) % np.uint64(span)

    def normal(
        self, count: int, kind: Any, mean: float = 0.0, std: float = 1.0, blocks: bool = True
    ) -> Any:
        """Return normal numbers, rounded once; from 16 on, by blocks of 16 unless `blocks` is False."""
        if count >= 16 and blocks:
            drawn = self._normal_blocks(count, kind)
            return (drawn * drawn.dtype.type(std) + drawn.dtype.type(mean)).astype(kind)
        drawn = np.array([self._normal_one() for _ in range(count)], np.float64)
        return (drawn * std + mean).astype(kind)

    def _normal_one(self) -> float:
        if self._spare is not None:
            spare, self._spare = self._spare, None
            return spare
        u1, u2 = self.uniform64(2)
        radius = np.sqrt(-2.0 * np.log1p(-u2))
        theta = 2.0 * np.pi * u1
        self._spare = float(radius * np.sin(theta))
        return float(radius * np.cos(theta))

    def _normal_blocks(self, count: int, kind: Any) -> Any:
        """Return standard normal numbers, 16 at a time."""
        whole = count // 16 * 16
        drawn = self.uniform(count, kind)
        out = np.empty(count, kind)
        out[:whole] = _box_muller(drawn[:whole])
        if whole < count:  # the last 16 are drawn once more
            out[-16:] = _box_muller(self.uniform(16, kind))
        return out

    def permutation(self, count: int) -> Any:
        """Return 0 ... count-1 in random order."""
        order = np.arange(count, dtype=np.int64)
        if count > 1:
            spans = np.arange(count, 1, -1, dtype=np.uint64)
            steps = (self._bits.random_raw(count - 1) % spans).tolist()
            listed = order.tolist()
            for i, step in enumerate(steps):
                j = i + step
                listed[i], listed[j] = listed[j], listed[i]
            order[:] = listed
        return order


def _box_muller(drawn: Any) -> Any:
    block = drawn.reshape(-1, 2, 8)
    one = block.dtype.type(1)
    u1, u2 = one - block[:, 0], block[:, 1]
    radius = np.sqrt(block.dtype.type(-2) * np.log(u1))
    theta = block.dtype.type(2 * np.pi) * u2
    return np.stack([radius * np.cos(theta), radius * np.sin(theta)], axis=1).reshape(-1)


default_generator: Generator = Generator()
default_generator.seed()


def manual_seed(seed: int) -> Generator:
    """Seed the default generator; return it."""
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Seed the default generator by chance; return the seed."""
    return default_generator.seed()


def initial_seed() -> int:
    """Return the default generator's seed."""
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """Return the default generator's state."""
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Continue the default generator from a state."""
    default_generator.set_state(new_state)
