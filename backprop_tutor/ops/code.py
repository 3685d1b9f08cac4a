"""Code: an expression of a program under way, which knows the value that it has when it runs.

A rule of the tables is run on it by a kernel that writes (`source_elementwise`, `source_kernel`). A piece
that is used twice is one piece: whoever writes the line gives it a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

__all__ = [
    "ATOM", "CHOICE", "COMPARISON", "POWER", "PRODUCT", "SIGN", "SUM", "Code", "Extent", "bare",
    "is_number", "sized",
]  # fmt: skip

CHOICE, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)
"""How tightly Python's expressions hold together; an operand that holds less gets brackets."""


class Writer(Protocol):
    """What code asks of the kernel that it is made by."""

    def made(self, *pieces: Any, value: Any, binds: int = ATOM, fresh: bool = True) -> Code:
        """Return code of some pieces."""

    def joined(
        self, a: Any, sign: str, b: Any, function: Callable[..., Any], binds: int, left: int, right: int
    ) -> Code:
        """Return two operands with a sign between them."""

    def power(self, a: Any, b: Any) -> Code:
        """Return a power."""


class Code:
    """An expression: its pieces, the value that it has, and how tightly it holds together.

    A piece is a text, or another expression with the tightness that its place asks for. `fresh` says
    whether the value is an array of its own, which may be written to, and not a part of another one;
    `like` is a variable by which its sizes are written, if not by itself. `loose` is shorter code of fewer
    axes that is repeated to the same entries; `unkept` a sum or mean without the axes that were kept;
    `summed` what a sum is of, and along which axes; `ones` says that every entry is 1, and `labels` are
    those of which it holds one 1 a row.
    """

    __array_ufunc__ = None
    __slots__ = (
        "binds", "fresh", "kernel", "labels", "like", "loose", "ones", "pieces", "summed", "unkept",
        "value",
    )

    def __init__(
        self, kernel: Writer, pieces: tuple[Any, ...], value: Any, binds: int = ATOM,
        fresh: bool = True,
    ) -> None:
        self.kernel: Writer = kernel
        self.pieces: tuple[Any, ...] = pieces
        self.value: Any = value
        self.binds: int = binds
        self.fresh: bool = fresh
        self.like: Code | None = None
        self.loose: Code | None = None
        self.unkept: Code | None = None
        self.summed: tuple[Code, dict[str, Any]] | None = None
        self.labels: Code | None = None
        self.ones: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the value's shape; `()` of a number."""
        return getattr(self.value, "shape", ())

    @property
    def name(self) -> str:
        """Return the text of a piece that is a single text, a name or a number; else nothing."""
        only = self.pieces[0] if len(self.pieces) == 1 else ""
        return only if isinstance(only, str) else ""

    @property
    def literal(self) -> bool:
        """Return whether it is a number as it is written."""
        return bool(self.name) and self.name.lstrip("-")[:1].isdigit()

    def __add__(self, other: Any) -> Code:
        if is_number(other, 0):
            return self
        return self.kernel.joined(self, " + ", other, _add, SUM, SUM, PRODUCT)

    def __radd__(self, other: Any) -> Code:
        if is_number(other, 0):
            return self
        return self.kernel.joined(other, " + ", self, _add, SUM, SUM, PRODUCT)

    def __sub__(self, other: Any) -> Code:
        return self.kernel.joined(self, " - ", other, _subtract, SUM, SUM, PRODUCT)

    def __rsub__(self, other: Any) -> Code:
        return self.kernel.joined(other, " - ", self, _subtract, SUM, SUM, PRODUCT)

    def __mul__(self, other: Any) -> Code:
        if is_number(other, 1):
            return self
        if is_number(other, -1):
            return -self
        return self.kernel.joined(self, " * ", other, _multiply, PRODUCT, PRODUCT, SIGN)

    def __rmul__(self, other: Any) -> Code:
        if is_number(other, 1):
            return self
        return self.kernel.joined(other, " * ", self, _multiply, PRODUCT, PRODUCT, SIGN)

    def __truediv__(self, other: Any) -> Code:
        if is_number(other, 1):
            return self
        return self.kernel.joined(self, " / ", other, _divide, PRODUCT, PRODUCT, SIGN)

    def __rtruediv__(self, other: Any) -> Code:
        return self.kernel.joined(other, " / ", self, _divide, PRODUCT, PRODUCT, SIGN)

    def __pow__(self, other: Any) -> Code:
        return self.kernel.power(self, other)

    def __rpow__(self, other: Any) -> Code:
        return self.kernel.power(other, self)

    def __neg__(self) -> Code:
        return self.kernel.made("-", (self, SIGN), value=-self.value, binds=SIGN)


class Extent(int):
    """A size as a rule reads it: a number for Python, `X.shape[0]` where it is written.

    `axes` are the axes of the array `of` whose sizes it is the product of.
    """

    of: str
    axes: tuple[int, ...]
    rank: int

    def __new__(cls, size: int, of: str, axes: tuple[int, ...], rank: int) -> Extent:
        """Return the size along some axes of an array of so many."""
        made = super().__new__(cls, size)
        made.of, made.axes, made.rank = of, axes, rank
        return made

    @property
    def text(self) -> str:
        """Return how it is written: the number of all entries, or the sizes multiplied."""
        if len(self.axes) == self.rank > 1:
            return f"{self.of}.size"
        return " * ".join(f"{self.of}.shape[{axis}]" for axis in self.axes)

    def __mul__(self, other: int) -> int:
        if isinstance(other, Extent):
            if other.of != self.of or set(other.axes) & set(self.axes):
                return int(self) * int(other)
            return Extent(int(self) * int(other), self.of, (*self.axes, *other.axes), self.rank)
        return self if other == 1 else int(self) * other

    __rmul__ = __mul__


def sized(code: Code) -> tuple[int, ...]:
    """Return the shape of code, its sizes written by a name in it that has the same shape; else plain."""
    shape = code.shape
    inner = [code]
    for _ in range(_LOOKED_AT):
        if not inner or not shape:
            break
        each = inner.pop(0)
        each = each.like or each
        if each.name.isidentifier() and each.shape == shape:
            return tuple(Extent(n, each.name, (axis,), len(shape)) for axis, n in enumerate(shape))
        inner += [piece[0] for piece in each.pieces if isinstance(piece, tuple)]
    return shape


_LOOKED_AT = 32
"""So many pieces of an expression are looked at for a name of its shape."""


def _add(a: Any, b: Any) -> Any:
    return a + b


def _subtract(a: Any, b: Any) -> Any:
    return a - b


def _multiply(a: Any, b: Any) -> Any:
    return a * b


def _divide(a: Any, b: Any) -> Any:
    return a / b


def is_number(a: Any, number: int) -> bool:
    """Return whether an operand is a number that leaves the other as it is, or turns its sign."""
    if isinstance(a, Code):
        return a.literal and a.value == number
    return isinstance(a, (int, float)) and a == number


def bare(given: Any) -> Any:
    """Return code as the value it has, also inside tuples and lists."""
    if isinstance(given, Code):
        return given.value
    if isinstance(given, Extent):
        return int(given)
    if isinstance(given, (tuple, list)):
        return type(given)(map(bare, given))
    return given
