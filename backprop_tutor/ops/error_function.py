"""The error function to thousands of bits, in a time that grows little faster than their number.

Source: erf(x) = 2x·exp(-x²)/√π · Σ (2x²)^k / (3·5···(2k + 1)), Abramowitz and Stegun 7.1.6, whose
terms are all positive, so that nothing cancels. The sum is taken in blocks of √n terms (Paterson and
Stockmeyer's way), which needs √n products of long numbers; all else is division by short ones.
"""

from __future__ import annotations

import math

from mpmath import libmp

from .balls import Raw

__all__ = ["long_erf"]


def long_erf(x: Raw, bits: int) -> Raw:
    """Return erf(x) of a finite number that is not zero, right to the last of so many bits or nearly.

    >>> from mpmath import libmp
    >>> one = libmp.from_int(1)
    >>> libmp.to_str(long_erf(one, 400), 30) == libmp.to_str(libmp.mpf_erf(one, 400, "n"), 30)
    True
    """
    size = libmp.mpf_abs(x)
    square = libmp.mpf_mul(size, size)
    short = max(libmp.to_float(square), 2.0**-60)
    count = _terms(2 * short, bits)
    place = bits + 40 + count.bit_length()
    total = _sum(libmp.to_fixed(libmp.mpf_shift(square, 1), place), count, place)
    work = bits + 30
    around = libmp.mpf_exp(libmp.mpf_neg(square), work)
    root = libmp.mpf_sqrt(libmp.mpf_pi(work), work)
    value = libmp.mpf_mul(libmp.from_man_exp(total, -place, work), around, work)
    value = libmp.mpf_div(libmp.mpf_mul(value, libmp.mpf_shift(size, 1), work), root, bits, "n")
    return libmp.mpf_neg(value) if x[0] else value  # type: ignore[no-any-return]


def _terms(z: float, bits: int) -> int:
    """Return how many terms it takes until the rest is below the last bit of the sum, by far."""
    # The sum is 1 or more; where erf is near 1 it is √π·exp(z/2)/√(2z) or nearly.
    least = max(0.0, z / 2 / math.log(2) - math.log2(z) / 2 - 2) if z > 2 else 0.0
    wanted = least - bits - 20

    def size(k: int) -> float:
        return k * math.log2(z) - (k + 1) - math.lgamma(k + 1.5) / math.log(2) + 0.83

    # Past z every term is less than half the one before.
    low, high = int(z) + 2, int(z) + 4
    while size(high) > wanted:
        low, high = high, 2 * high
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (middle, high) if size(middle) > wanted else (low, middle)
    return high


def _sum(z: int, count: int, place: int) -> int:
    """Return Σ z^k / (3·5···(2k + 1)) over so many terms, in fixed point."""
    block = max(1, math.isqrt(count))
    powers = [1 << place]
    for _ in range(block):
        powers.append((powers[-1] * z) >> place)
    total = 0
    for k in range(count - 1, -1, -1):
        if (k + 1) % block == 0:
            total = (total * powers[block]) >> place
        total = powers[k % block] + total // (2 * k + 3)
    return total
