"""The kernel that writes NumPy, entry by entry: an elementwise rule run on code becomes an expression.

Every piece carries the value that it has when it runs, computed in the same way, so that rules may branch
on shapes, and a reader may be told to the last digit what the program gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import source_functions
from .code import (
    ATOM,
    CHOICE,
    COMPARISON,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Code,
    Extent,
    bare,
    is_number,
    sized,
)

__all__ = ["Elementwise", "between"]


class Elementwise:
    """The vocabulary of rules on code. `functions` are those of `source_functions` that were needed."""

    one = 1
    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Code] = {}
        self.functions: dict[str, None] = {}

    def __getattr__(self, name: str) -> Any:
        if name in _NUMBERS:
            text, value = _NUMBERS[name]
            return self.made(text, value=value)
        if name in _CALLS:
            text, function = _CALLS[name]
            return lambda *operands: self.called(text, function, *operands)
        if name in _OWN:
            return lambda *operands: self.own(_OWN[name], *operands)
        raise AttributeError(f"the kernel of code has no {name}")

    def made(self, *pieces: Any, value: Any, binds: int = ATOM, fresh: bool = True) -> Code:
        """Return code of some pieces; the same object where the same stood before."""
        key = tuple((id(p[0]), p[1]) if isinstance(p, tuple) else p for p in pieces)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Code(self, pieces, value, binds, fresh)
        return found

    def named(self, name: str, value: Any) -> Code:
        """Return a variable."""
        return Code(self, (name,), value, fresh=False)

    def code(self, given: Any) -> Code:
        """Return a rule's operand as code: a number as it is written, a size by its array."""
        if isinstance(given, Code):
            return given
        if isinstance(given, Extent):
            return self.made(given.text, value=int(given), binds=PRODUCT if "*" in given.text else ATOM)
        if isinstance(given, np.ndarray):
            return self.made(f"np.array({given.tolist()!r})", value=given)
        if isinstance(given, (bool, np.bool_)):
            return self.made(repr(bool(given)), value=bool(given))
        number = given.item() if isinstance(given, np.generic) else given
        if not isinstance(number, int):
            number = float(number)
        if isinstance(number, float) and not math.isfinite(number):
            text = "np.nan" if math.isnan(number) else "np.inf" if number > 0 else "-np.inf"
        else:
            text = repr(number)
        return self.made(text, value=number, binds=SIGN if text.startswith("-") else ATOM)

    def joined(
        self, a: Any, sign: str, b: Any, function: Callable[..., Any], binds: int, left: int, right: int
    ) -> Code:
        """Return two operands with a sign between them; of two numbers the number."""
        a, b = self.code(a), self.code(b)
        if a.literal and b.literal:
            return self.code(function(a.value, b.value))
        if sign in (" + ", " - ", " / "):  # NumPy adds conditions as such: true and true are true
            a, b = self.cast(a, float), self.cast(b, float)
        return self.made((a, left), sign, (b, right), value=function(a.value, b.value), binds=binds)

    def called(self, text: str, function: Callable[..., Any], *operands: Any, **options: Any) -> Code:
        """Return a call, its options written behind the operands."""
        codes = [self.code(a) for a in operands]
        pieces = between(codes, ", ")
        said = [f"{name}={value!r}" for name, value in options.items()]
        tail = ", ".join(["", *said]) if codes else ", ".join(said)
        value = function(*(a.value for a in codes), **options)
        return self.made(f"{text}(", *pieces, f"{tail})", value=value)

    def own(self, function: Callable[..., Any], *operands: Any) -> Code:
        """Return a call of a function that stands at the top of the program."""
        self.functions[function.__name__] = None
        return self.called(function.__name__, function, *operands)

    def method(self, a: Code, text: str, value: Any, fresh: bool = True) -> Code:
        """Return a method or an attribute of an array; of a number NumPy's function for it."""
        return self.made((a, ATOM), text, value=value, fresh=fresh)

    def shape(self, a: Any) -> tuple[int, ...]:
        """Return the shape, its sizes written by an array of the code."""
        return sized(a) if isinstance(a, Code) else np.shape(a)

    def kind(self, a: Any) -> Any:
        """Return the dtype of the value."""
        return np.asarray(bare(a)).dtype

    def power(self, a: Any, b: Any) -> Code:
        """Write a power; one of exponent 1 as its base."""
        if is_number(b, 1):
            return self.code(a)
        a, b = self.code(a), self.code(b)
        if a.literal and b.literal:
            return self.code(a.value**b.value)
        return self.made((a, ATOM), " ** ", (b, SIGN), value=a.value**b.value, binds=POWER)

    def greater(self, a: Any, b: Any) -> Code:
        """Write whether a > b."""
        return self.joined(a, " > ", b, lambda x, y: x > y, COMPARISON, SUM, SUM)

    def less(self, a: Any, b: Any) -> Code:
        """Write whether a < b."""
        return self.joined(a, " < ", b, lambda x, y: x < y, COMPARISON, SUM, SUM)

    def equal(self, a: Any, b: Any) -> Code:
        """Write whether a == b."""
        return self.joined(a, " == ", b, lambda x, y: x == y, COMPARISON, SUM, SUM)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Write a choice: of arrays by NumPy, of numbers by Python; of 1 and 0 the condition itself."""
        condition = self.code(condition)
        if is_number(a, 1) and is_number(b, 0):
            return condition
        a, b = self.code(a), self.code(b)
        if not condition.shape and not a.shape and not b.shape:
            chosen = a.value if condition.value else b.value
            return self.made((a, COMPARISON), " if ", (condition, COMPARISON), " else ", (b, CHOICE),
                             value=chosen, binds=CHOICE)  # fmt: skip
        return self.called("np.where", np.where, condition, a, b)

    def guard(self, condition: Any, a: Any, b: Any) -> Any:
        """Write the general case alone, unless the exception is met and makes a difference."""
        met = np.asarray(bare(condition))
        if not met.any():
            return b
        first, second, met = np.broadcast_arrays(bare(a), bare(b), met)
        return b if (first[met] == second[met]).all() else self.where(condition, a, b)

    def total(self, *operands: Any) -> Code:
        """Write a sum of all operands."""
        codes = [self.code(a) for a in operands]
        found = codes[0].value
        for each in codes[1:]:
            found = found + each.value
        return self.made(*between(codes, " + ", PRODUCT), value=found, binds=SUM)

    def average(self, *operands: Any) -> Code:
        """Write the sum of all operands over their number."""
        return self.total(*operands) / len(operands)

    def cast(self, a: Any, kind: Any) -> Any:
        """Write a condition as 1 and 0; any other array is in float64 as it is."""
        a = self.code(a)
        if np.asarray(a.value).dtype.kind != "b":
            return a
        return self.made((a, PRODUCT), " * 1.0", value=a.value * 1.0, binds=PRODUCT)


def between(codes: Sequence[Code], sign: str, binds: int = CHOICE) -> list[Any]:
    """Return pieces with a sign between them."""
    pieces: list[Any] = []
    for code in codes:
        pieces += [sign, (code, binds)] if pieces else [(code, binds)]
    return pieces


_NUMBERS: dict[str, tuple[str, float]] = {
    "pi": ("np.pi", math.pi), "ln2": ("np.log(2)", math.log(2)), "ln10": ("np.log(10)", math.log(10)),
    "sqrt2": ("np.sqrt(2)", math.sqrt(2)), "sqrt_pi": ("np.sqrt(np.pi)", math.sqrt(math.pi)),
}  # fmt: skip
"""The kernel's numbers, as they are written."""

_CALLS: dict[str, tuple[str, Callable[..., Any]]] = {
    "exp": ("np.exp", np.exp), "log": ("np.log", np.log), "log2": ("np.log2", np.log2),
    "log10": ("np.log10", np.log10), "log1p": ("np.log1p", np.log1p), "expm1": ("np.expm1", np.expm1),
    "sqrt": ("np.sqrt", np.sqrt), "cbrt": ("np.cbrt", np.cbrt), "absolute": ("np.abs", np.abs),
    "sign": ("np.sign", np.sign), "sin": ("np.sin", np.sin), "cos": ("np.cos", np.cos),
    "tan": ("np.tan", np.tan), "asin": ("np.arcsin", np.arcsin), "acos": ("np.arccos", np.arccos),
    "atan": ("np.arctan", np.arctan), "sinh": ("np.sinh", np.sinh), "cosh": ("np.cosh", np.cosh),
    "tanh": ("np.tanh", np.tanh), "asinh": ("np.arcsinh", np.arcsinh),
    "acosh": ("np.arccosh", np.arccosh), "atanh": ("np.arctanh", np.arctanh),
    "maximum": ("np.maximum", np.maximum), "minimum": ("np.minimum", np.minimum),
}  # fmt: skip
"""What NumPy has, as it is written and called."""

_OWN: dict[str, Callable[..., Any]] = {
    name: getattr(source_functions, name)
    for name in ("sigmoid", "softplus", "softmax", "erf", "normal", "gaussian", "hypot", "logsumexp")
}
"""What NumPy has not."""
