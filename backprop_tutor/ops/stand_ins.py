"""What a row's slope reads, found by running it on stand-ins: its operands, its output, or neither.

A rule says by itself what must be saved for it, so no table of that is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["read_by", "words_of"]


class _Tracer:
    """A stand-in operand that notes in whose computation it takes part."""

    def __init__(self, seen: set[str]) -> None:
        self.seen = seen

    def _mix(self, *others: Any) -> _Tracer:
        together = set(self.seen)
        for other in others:
            if isinstance(other, _Tracer):
                together |= other.seen
        return _Tracer(together)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _mix
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = _mix


class _Kernel:
    """Answers every function of the vocabulary with a tracer of all its operands."""

    one = pi = ln2 = ln10 = sqrt2 = sqrt_pi = 1.0

    def __init__(self) -> None:
        self.words: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., _Tracer]:
        self.words.add(name)
        return lambda *operands: _Tracer(set())._mix(*operands)


def read_by(rule: Callable[..., Any], count: int, options: Iterable[tuple[str, float]]) -> frozenset[str]:
    """Return what `rule(k, out, *operands, **options)` reads: "out", "0", "1", ...

    >>> sorted(read_by(lambda k, out, a, b: out * k.log(a), 2, ()))
    ['0', 'out']
    """
    operands = [_Tracer({str(i)}) for i in range(count)]
    slope = rule(_Kernel(), _Tracer({"out"}), *operands, **dict(options))
    return frozenset(slope.seen) if isinstance(slope, _Tracer) else frozenset()


def words_of(rule: Callable[..., Any], count: int, options: Iterable[tuple[str, float]]) -> frozenset[str]:
    """Return the functions of the kernel that `rule(k, *operands, **options)` calls.

    >>> sorted(words_of(lambda k, a: a * k.tanh(k.softplus(a)), 1, ()))
    ['softplus', 'tanh']
    """
    kernel = _Kernel()
    rule(kernel, *(_Tracer({str(i)}) for i in range(count)), **dict(options))
    return frozenset(kernel.words)
