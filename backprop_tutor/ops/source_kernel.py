"""The kernel that writes NumPy over arrays: a rule of a tensor record run on code becomes an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from . import source_functions
from .code import ATOM, CHOICE, PRODUCT, SIGN, Code, Extent, bare
from .source_elementwise import Elementwise, between

__all__ = ["SourceKernel"]


class SourceKernel(Elementwise):
    """The vocabulary of tensor rules on code: shapes, sums, products of matrices, picking, putting back."""

    def reshape(self, a: Any, shape: Sequence[int]) -> Any:
        """Write the same entries in another shape."""
        a = self.code(a)
        plain = tuple(map(int, shape))
        if plain == a.shape:
            return a
        value = np.reshape(a.value, plain)
        if a.unkept is not None and plain == a.unkept.shape:
            return a.unkept
        found = self._reshaped(a, shape, value)
        if plain == (1,) * (len(plain) - len(a.shape)) + a.shape:
            found.loose = a
        return found

    def _reshaped(self, a: Code, shape: Sequence[int], value: Any) -> Code:
        if not len(shape):
            return self.method(a, ".item()", a.value.item())
        if not a.shape:
            return self.made(_RESHAPED, (a, CHOICE), f", {self._sizes(shape)})", value=value)
        return self.method(a, f".reshape({self._listed(shape)})", value, fresh=False)

    def expand(self, a: Any, shape: Sequence[int]) -> Any:
        """Write what is repeated to a shape."""
        a = self.code(a)
        plain = tuple(map(int, shape))
        if a.pieces[0] == _RESHAPED and not a.pieces[1][0].shape:
            a = a.pieces[1][0]  # a number that was made an array of one entry on the way
        if plain == a.shape:
            return a
        text, value = f", {self._sizes(shape)})", np.broadcast_to(a.value, plain).copy()
        if a.shape and any(n != 1 for n in a.shape):
            return self.made("np.broadcast_to(", (a, CHOICE), text, value=value, fresh=False)
        if a.shape:
            a = self.method(a, ".item()", a.value.item())
        return self.made("np.full(", *_ordered(self._sizes(shape), a), value=value)

    def swap(self, a: Any, first: int = -1, second: int = -2) -> Any:
        """Write the array with two axes exchanged."""
        a = self.code(a)
        if first == second:
            return a
        if len(a.shape) == 2:
            return self.method(a, ".T", a.value.T, fresh=False)
        return self.method(
            a, f".swapaxes({first}, {second})", np.swapaxes(a.value, first, second), fresh=False
        )

    def joined(
        self, a: Any, sign: str, b: Any, function: Callable[..., Any], binds: int, left: int, right: int
    ) -> Code:
        """Return two operands with a sign between them; a mean as such, and no axes that repeating adds."""
        one, other = self.code(a), self.code(b)
        if sign == " @ " or (one.literal and other.literal):
            return super().joined(one, sign, other, function, binds, left, right)
        value = function(one.value, other.value)
        shape = np.shape(value)
        if sign == " * " and one.ones and other.shape == shape:
            return other
        if sign in (" * ", " / ") and other.ones and one.shape == shape:
            return one
        if sign == " / " and one.summed is not None and not other.shape and "." in other.name:
            return self._mean(one, other, value)
        first, second = one.loose or one, other.loose or other
        least = np.broadcast_shapes(first.shape, second.shape)
        if least == shape:
            return super().joined(first, sign, second, function, binds, left, right)
        if first is not one and np.broadcast_shapes(first.shape, other.shape) == shape:
            one = first
        elif second is not other and np.broadcast_shapes(one.shape, second.shape) == shape:
            other = second
        found = super().joined(one, sign, other, function, binds, left, right)
        if shape == (1,) * (len(shape) - len(least)) + least:
            found.loose = super().joined(first, sign, second, function, binds, left, right)
        return found

    def called(self, text: str, function: Callable[..., Any], *operands: Any, **options: Any) -> Code:
        """Return a call; of what repeating would add axes to, it may be written without these."""
        found = super().called(text, function, *operands, **options)
        if len(operands) == 1 and isinstance(operands[0], Code) and operands[0].loose is not None and (
            found.shape == operands[0].shape
        ):
            found.loose = super().called(text, function, operands[0].loose, **options)
        return found

    def _mean(self, a: Code, count: Code, value: Any) -> Code:
        """Write a sum over as many entries as it is divided by as a mean."""
        assert a.summed is not None  # the caller has looked
        inner, options = a.summed
        mean = np.mean(inner.value, **options)
        if not np.array_equal(mean, value, equal_nan=True):
            return super().joined(a, " / ", count, lambda x, y: x / y, PRODUCT, PRODUCT, SIGN)
        said = ", ".join(f"{key}={given!r}" for key, given in options.items())
        found = self.method(inner, f".mean({said})", mean)
        if a.unkept is not None:
            found.unkept = self._mean(a.unkept, count, a.unkept.value / count.value)
            found.loose = found.unkept if a.loose is not None else None
        return found

    def permute(self, a: Any, dims: tuple[int, ...]) -> Code:
        """Write the array with its axes in another order."""
        a = self.code(a)
        return self.method(a, f".transpose{tuple(dims)!r}", a.value.transpose(dims), fresh=False)

    def matmul(self, a: Any, b: Any) -> Code:
        """Write a product of matrices."""
        return self.joined(a, " @ ", b, lambda x, y: x @ y, PRODUCT, PRODUCT, SIGN)

    def fit(self, g: Any, shape: tuple[int, ...]) -> Any:
        """Write a gradient summed down to the shape that was repeated."""
        g = self.code(g)
        if g.shape == tuple(map(int, shape)):
            return g
        lead = len(g.shape) - len(shape)
        gone = tuple(range(lead))
        once = tuple(i + lead for i, n in enumerate(shape) if n == 1 and g.shape[i + lead] != 1)
        if not shape:
            return self.sum(g)
        if not once:
            return self.sum(g, gone)
        summed = self.sum(g, gone + once, True)
        return self.reshape(summed, tuple(map(int, shape))) if lead else summed

    def sum(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write a sum over axes."""
        return self._reduced(a, "sum", np.sum, dims, keep)

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write the largest over axes."""
        return self._reduced(a, "max", np.max, dims, keep)

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write the smallest over axes."""
        return self._reduced(a, "min", np.min, dims, keep)

    def product(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write the product over axes."""
        return self._reduced(a, "prod", np.prod, dims, keep)

    def rows_sum(self, a: Any) -> Any:
        """Write the sum of a matrix's rows."""
        return self.sum(a, (0,))

    def offset(self, a: Any, dims: Any) -> Any:
        """Write the largest, which is taken off exponents."""
        return self.max(a, dims, True)

    def cumsum(self, a: Any, dim: int) -> Code:
        """Write running sums."""
        return self.called("np.cumsum", np.cumsum, a, axis=int(dim))

    def cumprod(self, a: Any, dim: int) -> Code:
        """Write running products."""
        return self.called("np.cumprod", np.cumprod, a, axis=int(dim))

    def _reduced(
        self, a: Any, name: str, function: Callable[..., Any], dims: Any, keep: bool
    ) -> Any:
        a = self.code(a)
        if not a.shape:
            return a
        axes = dims if isinstance(dims, int) or dims is None else tuple(map(int, dims))
        if isinstance(axes, tuple):
            axes = None if len(axes) == len(a.shape) else axes[0] if len(axes) == 1 else axes
        options: dict[str, Any] = {} if axes is None else {"axis": axes}
        if keep:
            options["keepdims"] = True
        if name == "sum" and a.labels is not None and axes is None and not keep:
            return self.called("len", len, a.labels)
        said = ", ".join(f"{key}={value!r}" for key, value in options.items())
        found = self.method(a, f".{name}({said})", function(a.value, **options))
        if keep and axes is not None:
            found.unkept = self._reduced(a, name, function, dims, False)
            if axes == 0 or (isinstance(axes, tuple) and axes == tuple(range(len(axes)))):
                found.loose = found.unkept
        if name == "sum":
            found.summed = a, options
            found.ones = a.labels is not None and axes == len(a.shape) - 1
        return found

    def index(self, a: Any, key: Any) -> Code:
        """Write what stands at a key."""
        a = self.code(a)
        pieces = _key(self, key if isinstance(key, tuple) else (key,))
        return self.made((a, ATOM), "[", *pieces, "]", value=a.value[bare(key)], fresh=False)

    def put(self, g: Any, key: Any, shape: tuple[int, ...], plain: bool) -> Code:
        """Write zeros of a shape with g added at a key."""
        g = self.code(g)
        self.functions["put"] = None
        value = source_functions.put(g.value, bare(key), tuple(map(int, shape)))
        keys = key if isinstance(key, tuple) else (key,)
        return self.made("put(", (g, CHOICE), ", np.s_[", *_key(self, keys), f"], {self._sizes(shape)})",
                         value=value)  # fmt: skip

    def take_along(self, a: Any, where: Any, dim: int) -> Code:
        """Write the entries at positions along an axis."""
        return self.called("np.take_along_axis", np.take_along_axis, a, where, axis=int(dim))

    def put_along(self, g: Any, where: Any, dim: int, shape: tuple[int, ...]) -> Code:
        """Write zeros of a shape with g added at positions along an axis."""
        g, where = self.code(g), self.code(where)
        self.functions["put_along"] = None
        plain = tuple(map(int, shape))
        value = source_functions.put_along(g.value, where.value, int(dim), plain)
        return self.made("put_along(", (g, CHOICE), ", ", (where, CHOICE), f", {int(dim)}, "
                         f"{self._sizes(shape)})", value=value)  # fmt: skip

    def one_hot(self, labels: Any, classes: int, like: Any) -> Code:
        """Write a row of the identity matrix for each label."""
        labels, size = self.code(labels), self.code(classes)
        found = self.made("np.eye(", (size, CHOICE), ")[", (labels, CHOICE), "]",
                          value=np.eye(int(classes))[labels.value])  # fmt: skip
        found.labels = labels if len(labels.shape) == 1 else None
        return found

    def concatenate(self, parts: Iterable[Any], dim: int) -> Code:
        """Write arrays one behind the other."""
        return self._several("np.concatenate", np.concatenate, parts, dim)

    def stack(self, parts: Iterable[Any], dim: int) -> Code:
        """Write arrays along a new axis."""
        return self._several("np.stack", np.stack, parts, dim)

    def _several(
        self, text: str, function: Callable[..., Any], parts: Iterable[Any], dim: int
    ) -> Code:
        codes = [self.code(part) for part in parts]
        value = function([code.value for code in codes], axis=int(dim))
        return self.made(f"{text}([", *between(codes, ", "), f"], axis={int(dim)})", value=value)

    def flip(self, a: Any, dims: tuple[int, ...]) -> Code:
        """Write the array turned around along axes."""
        a = self.code(a)
        return self.made("np.flip(", (a, CHOICE), f", {dims!r})", value=np.flip(a.value, dims), fresh=False)

    def roll(self, a: Any, shifts: Any, dims: Any) -> Code:
        """Write the array shifted around."""
        a = self.code(a)
        return self.made("np.roll(", (a, CHOICE), f", {shifts!r}, {dims!r})",
                         value=np.roll(a.value, shifts, dims))  # fmt: skip

    def einsum(self, terms: Sequence[str], result: str, operands: Iterable[Any]) -> Code:
        """Write a contraction."""
        codes = [self.code(a) for a in operands]
        equation = f"{','.join(terms)}->{result}"
        value = np.einsum(equation, *(code.value for code in codes))
        return self.made(f"np.einsum({equation!r}, ", *between(codes, ", "), ")", value=value)

    def inverse(self, a: Any) -> Code:
        """Write the inverse of a matrix."""
        return self.called("np.linalg.inv", np.linalg.inv, a)

    def zeros(self, shape: Sequence[int], like: Any) -> Code:
        """Write zeros of a shape."""
        return self.made(f"np.zeros({self._sizes(shape)})", value=np.zeros(tuple(map(int, shape))))

    def zeros_like(self, a: Any) -> Code:
        """Write zeros of an array's shape."""
        return self.called("np.zeros_like", np.zeros_like, a)

    def finite(self, a: Any) -> Any:
        """Write the array: what is not finite was refused before."""
        return a

    def array(self, a: Any) -> Code:
        """Write an array's entries."""
        return self.code(a)

    def _sizes(self, shape: Sequence[int]) -> str:
        """Return a shape as it is written: by the array it is of, or size by size."""
        first = shape[0] if shape else None
        if isinstance(first, Extent) and len(shape) == first.rank and all(
            isinstance(n, Extent) and n.of == first.of and n.axes == (i,) for i, n in enumerate(shape)
        ):
            return f"{first.of}.shape"
        listed = self._listed(shape)
        return f"({listed},)" if len(shape) == 1 else f"({listed})"

    def _listed(self, shape: Sequence[int]) -> str:
        return ", ".join(n.text if isinstance(n, Extent) and n != 1 else str(int(n)) for n in shape)


def _ordered(sizes: str, a: Code) -> tuple[Any, ...]:
    return f"{sizes}, ", (a, CHOICE), ")"


def _key(kernel: Elementwise, parts: tuple[Any, ...]) -> list[Any]:
    """Return a key as it stands in square brackets."""
    pieces: list[Any] = []
    for part in parts:
        if pieces:
            pieces.append(", ")
        if isinstance(part, slice):
            ends = ["" if end is None else str(int(end)) for end in (part.start, part.stop)]
            step = [] if part.step is None else [str(int(part.step))]
            pieces.append(":".join(ends + step))
        elif part is None or part is Ellipsis:
            pieces.append("None" if part is None else "...")
        elif isinstance(part, list):
            pieces.append(repr(part))
        else:
            pieces.append((kernel.code(part), CHOICE))
    return pieces


_RESHAPED = "np.reshape("
