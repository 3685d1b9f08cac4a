"""The kernel that writes PyTorch: rules run on code become expressions of tensors, by PyTorch's names.

The values that pieces carry are NumPy's, for shapes and choices; PyTorch may round otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .code import ATOM, CHOICE, Code, is_number
from .source_elementwise import between
from .source_kernel import SourceKernel

__all__ = ["TorchKernel"]


class TorchKernel(SourceKernel):
    """The vocabulary of rules, written as PyTorch's functions and methods."""

    def made(self, *pieces: Any, value: Any, binds: int = ATOM, fresh: bool = True) -> Code:
        """Return code of some pieces, NumPy's names in them replaced by PyTorch's."""
        told = [_named(piece) if isinstance(piece, str) else piece for piece in pieces]
        return super().made(*told, value=value, binds=binds, fresh=fresh)

    def own(self, function: Callable[..., Any], *operands: Any) -> Code:
        """Write a function that NumPy has not and PyTorch has."""
        codes = [self.code(a) for a in operands]
        value = function(*(code.value for code in codes))
        name = function.__name__
        if name in _SINGLE:
            return self.made(f"{_SINGLE[name]}(", (codes[0], CHOICE), ")", value=value)
        if name == "normal":
            return self.made("torch.special.ndtr(", (codes[0], CHOICE), ")", value=value)
        if name == "gaussian":
            return self.exp(-self.power(codes[0], 2) / codes[1])  # type: ignore[no-any-return]
        scores = codes[1:] if name == "softmax" else codes
        tensors = [self._tensor(a) for a in scores]
        stacked = self.made("torch.stack([", *between(tensors, ", "), "])", value=value)
        if name == "softmax":
            return self.made((stacked, ATOM), f".softmax(0)[{int(codes[0].value)}]", value=value)
        return self.made((stacked, ATOM), _TOGETHER[name], value=value)

    def cbrt(self, a: Any) -> Any:
        """Write the cube root, of negative numbers too."""
        return self.sign(a) * self.power(self.absolute(a), 1 / 3)

    def _tensor(self, a: Code) -> Code:
        return self.made(f"torch.tensor({float(a.value)!r})", value=a.value) if a.literal else a

    def maximum(self, a: Any, b: Any) -> Code:
        """Write the larger of two; of a tensor and a number a clamp."""
        return self._extreme("maximum", "min", np.maximum, a, b)

    def minimum(self, a: Any, b: Any) -> Code:
        """Write the smaller of two; of a tensor and a number a clamp."""
        return self._extreme("minimum", "max", np.minimum, a, b)

    def _extreme(self, name: str, end: str, function: Callable[..., Any], a: Any, b: Any) -> Code:
        a, b = self.code(a), self.code(b)
        value = function(a.value, b.value)
        if a.literal and not b.literal:
            a, b = b, a
        if b.literal and not a.literal:
            return self.made((a, ATOM), f".clamp({end}={b.name})", value=value)
        tensors = [self._tensor(a), self._tensor(b)]
        return self.made(f"torch.{name}(", *between(tensors, ", "), ")", value=value)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Write a choice; one between 1 and 0 is its condition."""
        condition = self.code(condition)
        if is_number(a, 1) and is_number(b, 0):
            return condition
        codes = [condition, self.code(a), self.code(b)]
        value = np.where(*(code.value for code in codes))[()]
        return self.made("torch.where(", *between(codes, ", "), ")", value=value)

    def _reshaped(self, a: Code, shape: Sequence[int], value: Any) -> Code:
        return self.made((a, ATOM), f".reshape({self._sizes(shape)})", value=value, fresh=False)

    def expand(self, a: Any, shape: Sequence[int]) -> Any:
        """Write what is repeated to a shape."""
        a = self.code(a)
        plain = tuple(map(int, shape))
        if plain == a.shape:
            return a
        value = np.broadcast_to(a.value, plain).copy()
        return self.made((a, ATOM), f".expand({self._sizes(shape)})", value=value, fresh=False)

    def permute(self, a: Any, dims: tuple[int, ...]) -> Code:
        """Write the tensor with its axes in another order."""
        a = self.code(a)
        value = a.value.transpose(dims)
        return self.made((a, ATOM), f".permute{tuple(dims)!r}", value=value, fresh=False)

    def _reduced(
        self, a: Any, name: str, function: Callable[..., Any], dims: Any, keep: bool
    ) -> Any:
        a = self.code(a)
        if not a.shape:
            return a
        found = super()._reduced(a, name, function, dims, keep)
        if found.pieces[0] == "len(":
            return found
        text = found.pieces[1].replace(".max(", ".amax(").replace(".min(", ".amin(")
        made = self.made((a, ATOM), text, value=found.value)
        made.loose, made.unkept = found.loose, found.unkept
        made.summed, made.ones = found.summed, found.ones
        return made

    def _several(
        self, text: str, function: Callable[..., Any], parts: Iterable[Any], dim: int
    ) -> Code:
        codes = [self.code(part) for part in parts]
        value = function([code.value for code in codes], axis=int(dim))
        name = "torch.cat" if function is np.concatenate else "torch.stack"
        return self.made(f"{name}([", *between(codes, ", "), f"], dim={int(dim)})", value=value)

    def flip(self, a: Any, dims: tuple[int, ...]) -> Code:
        """Write the tensor turned around along axes."""
        a = self.code(a)
        return self.made((a, ATOM), f".flip({dims!r})", value=np.flip(a.value, dims))

    def take_along(self, a: Any, where: Any, dim: int) -> Code:
        """Write the entries at positions along an axis."""
        a, where = self.code(a), self.code(where)
        value = np.take_along_axis(a.value, where.value, int(dim))
        return self.made((a, ATOM), f".gather({int(dim)}, ", (where, CHOICE), ")", value=value)


def _named(text: str) -> str:
    if text == "np.e":
        return "math.e"
    for old, new in _WORDS:
        text = text.replace(old, new)
    return text


_WORDS = (
    ("np.log(2)", "math.log(2)"), ("np.log(10)", "math.log(10)"), ("np.sqrt(2)", "math.sqrt(2)"),
    ("np.sqrt(np.pi)", "math.sqrt(math.pi)"), ("np.pi", "math.pi"),
    ("np.inf", "math.inf"), ("np.nan", "math.nan"), ("np.array(", "torch.tensor("),
    ("np.linalg.inv(", "torch.linalg.inv("),
    ("np.arc", "torch.arc"), ("np.", "torch."), (".size", ".numel()"),
    ("axis=", "dim="), ("keepdims=", "keepdim="),
)  # fmt: skip
"""NumPy's words in the pieces of expressions, and PyTorch's."""

_SINGLE = {
    "sigmoid": "torch.sigmoid", "softplus": "torch.nn.functional.softplus", "erf": "torch.erf",
}  # fmt: skip
_TOGETHER = {"logsumexp": ".logsumexp(0)", "hypot": ".square().sum().sqrt()"}
