"""The values of a step: what each is computed from, and the array it had when the step was watched.

A value is a leaf (an argument, a parameter, what an optimizer keeps, a constant) or one call of NumPy's.
The recorded array gives every value its shape and dtype, so that its place in memory can be planned, and
is what the written program is held to. Values are never changed; a leaf that is written to gets a new
value, which stands in the same memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

__all__ = ["FORMS", "Form", "Unwritable", "Value", "Values"]


class Unwritable(Exception):
    """Why a step cannot be written; it stays eager, and `step.reason` says this."""


class Form(NamedTuple):
    """One way to call NumPy.

    `kind` is "ufunc" (entry by entry, `out` may be an operand), "out" (writes into `out`), "view" (shares
    its operand's memory), "inplace" (changes its first operand), "fresh" (makes an array at each call) or
    "gathered" (no call: the stretch in which its operands lie one after the other).
    `text` has `{0}`, `{1}` for operands, `{out}` for the place and the options' names; `value` computes the
    same from arrays and options.
    """

    kind: str
    text: str
    value: Callable[..., Any]


def _ufunc(name: str, count: int, out: str = "{out}") -> Form:
    operands = ", ".join(f"{{{i}}}" for i in range(count))
    return Form("ufunc", f"{name}({operands}, {out})", getattr(np, name))


def _reduction(name: str) -> Form:
    over = getattr(np, name).reduce
    return Form("out", f"{name}_reduce({{0}}, {{axis}}, None, {{out}}, {{keep}})",
                lambda a, axis, keep: over(a, axis=axis, dtype=a.dtype, keepdims=keep))


def less_at(a: Any, places: Any, share: Any) -> Any:
    """Return the array, which is changed, with the shares taken off at places of its flattened entries."""
    flat = a.reshape(-1)
    flat[places] -= share
    return a


FORMS: dict[str, Form] = {
    **{name: _ufunc(name, 1) for name in (
        "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "absolute", "sin", "cos", "tan",
        "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "negative",
        "reciprocal", "isnan", "isinf", "isfinite", "invert", "floor", "ceil", "trunc", "rint",
        "logical_not")},
    **{name: _ufunc(name, 2) for name in (
        "add", "subtract", "multiply", "divide", "power", "greater", "less", "equal", "not_equal",
        "greater_equal", "less_equal", "logical_and", "logical_or", "logical_xor", "bitwise_and",
        "bitwise_or", "bitwise_xor")},
    **{name: _ufunc(name, 2, "out={out}") for name in ("maximum", "minimum")},
    **{f"{name}_reduce": _reduction(name) for name in ("add", "maximum", "minimum", "multiply")},
    "dot": Form("out", "{0}.dot({1}, {out})", lambda a, b: a.dot(b)),
    "matmul": Form("out", "matmul({0}, {1}, {out})", np.matmul),
    "where": Form("fresh", "where({0}, {1}, {2})", np.where),
    "cast": Form("fresh", "{0}.astype({kind})", lambda a, kind: a.astype(kind)),
    "transpose": Form("view", "{0}.T", lambda a: a.T),
    "swapaxes": Form("view", "{0}.swapaxes({first}, {second})",
                     lambda a, first, second: a.swapaxes(first, second)),
    "permute": Form("view", "{0}.transpose({axes})", lambda a, axes: a.transpose(axes)),
    "reshape": Form("view", "{0}.reshape({shape})", lambda a, shape: a.reshape(shape)),
    "less_at": Form("inplace", "less_at({0}, {1}, {2})", lambda a, at, share: less_at(a.copy(), at, share)),
    "take": Form("fresh", "{0}.take({1})", lambda a, places: a.take(places)),
    "part": Form("view", "{0}[{start}:{stop}].reshape({shape})",
                 lambda a, start, stop, shape: a[start:stop].reshape(shape)),
    "gathered": Form("gathered", "", lambda *each: np.concatenate([a.reshape(-1) for a in each])),
    "copy": Form("out", "copyto({out}, {0})", lambda a: a.copy()),
    "expand": Form("out", "copyto({out}, {0})",
                   lambda a, shape: np.array(np.broadcast_to(a, shape), order="C")),
}
"""The calls of NumPy that programs are written in; other functions of the kernel are called by name."""


class Value:
    """A leaf, or one call: `op` is a name of `FORMS`, "call", "draw" or what kind of leaf it is.

    `about` says which operation of the step, and which of its values, it belongs to; `held` is what a leaf
    stands for; `into` is the leaf in whose memory a value is put, `within` the leaf in whose memory another
    leaf lies; `maker` the kernel that its operators write with.
    """

    __slots__ = ("about", "args", "array", "held", "into", "maker", "number", "op", "options", "within")

    about: str
    args: tuple[Value, ...]
    array: Any
    held: Any
    number: int
    op: str
    options: dict[str, Any]

    def __init__(
        self, number: int, op: str, args: tuple[Value, ...], array: Any, options: dict[str, Any],
        held: Any = None, about: str = "",
    ) -> None:
        self.number, self.op, self.args, self.array, self.options = number, op, args, array, options
        self.held, self.about = held, about
        self.into: Value | None = None
        self.within: Value | None = None
        self.maker: Any = None

    __array_ufunc__ = None  # an array on the left leaves an operator to the value

    def __add__(self, other: Any) -> Any:
        return self.maker.apply("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return self.maker.apply("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return self.maker.apply("subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.maker.apply("subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return self.maker.apply("multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.maker.apply("multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.maker.apply("divide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.maker.apply("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        if other.__class__ is int and other == 2:
            return self.maker.apply("multiply", self, self)
        return self.maker.apply("power", self, other)

    def __neg__(self) -> Any:
        return self.maker.apply("negative", self)

    @property
    def leaf(self) -> bool:
        """Whether nothing of the step computes it."""
        return self.op in LEAVES

    @property
    def shape(self) -> tuple[int, ...]:
        """The recorded array's shape."""
        return tuple(self.array.shape)

    @property
    def dtype(self) -> Any:
        """The recorded array's dtype."""
        return self.array.dtype


LEAVES = ("argument", "kept", "constant", "setting", "gradient")
"""The kinds of leaves: an argument's array; a tensor's that lives outside the step; an array that never
changes; a number of an optimizer's group; the `.grad` that a tensor had before the step."""


class Values:
    """All values of one step, in the order in which they are computed; equal calls are one value."""

    def __init__(self) -> None:
        self.all: list[Value] = []
        self._known: dict[Any, Value] = {}
        self.about: str = ""

    def leaf(self, op: str, array: Any, held: Any = None, about: str = "") -> Value:
        """Return a leaf; the same one for what is held already."""
        key = (op, id(held)) if held is not None else None
        if key is not None and key in self._known:
            return self._known[key]
        made = Value(len(self.all), op, (), array, {}, held, about)
        self.all.append(made)
        if key is not None:
            self._known[key] = made
        return made

    def constant(self, given: Any, kind: Any = None) -> Value:
        """Return an array that never changes."""
        array = np.array(given, kind)
        key = ("constant", array.dtype.str, array.shape, array.tobytes()) if array.size <= 64 else None
        if key is not None and key in self._known:
            return self._known[key]
        made = Value(len(self.all), "constant", (), array, {})
        self.all.append(made)
        if key is not None:
            self._known[key] = made
        return made

    def call(self, op: str, args: tuple[Value, ...], own: bool = False, **options: Any) -> Value:
        """Return one call's value; the same one where an equal call was made before, unless it is `own`."""
        key = (op, tuple(id(a) for a in args), _hashable(options))
        if own:
            key = (op, (), None)
        found = self._known.get(key) if key[2] is not None else None
        if found is not None:
            return found
        arrays = [a.array for a in args]
        with np.errstate(all="ignore"):
            array = np.asarray(FORMS[op].value(*arrays, **options))
        if FORMS[op].kind == "view" and not np.may_share_memory(array, arrays[0]):
            op = f"{op}_fresh"
        elif FORMS[op].kind != "view" and not array.flags.c_contiguous:
            array = np.ascontiguousarray(array)
        if args and not own and all(a.op == "constant" for a in args):
            return self.constant(array)
        return self._add(key, op, args, array, options)

    def function(self, name: str, function: Callable[..., Any], args: tuple[Any, ...],
                 options: dict[str, Any]) -> Value:
        """Return the value of one of the kernel's functions, called by its name."""
        flat = tuple(a for a in _flat(args) if isinstance(a, Value))
        with np.errstate(all="ignore"):
            array = np.asarray(function(*_bare(args), **options))
        made = self._add(None, "call", flat, array, {"name": name, "args": args, "options": options})
        return made

    def gathered(self, args: list[Value]) -> Value:
        """Return the stretch of memory in which values lie one after the other."""
        array = FORMS["gathered"].value(*(a.array for a in args))
        return self._add(None, "gathered", tuple(args), array, {})

    def draw(self, count: int, array: Any, options: dict[str, Any]) -> Value:
        """Return what is drawn from the generator: no two draws are one value."""
        return self._add(None, "draw", (), array, {"count": count, **options})

    def put(self, leaf: Value, op: str, args: tuple[Value, ...], **options: Any) -> Value:
        """Return a call's value that is put into a leaf's memory: never shared with an equal call."""
        with np.errstate(all="ignore"):
            array = np.asarray(FORMS[op].value(*(a.array for a in args), **options))
        if array.dtype != leaf.dtype or array.shape != leaf.shape:
            raise Unwritable(f"what is put into {leaf.about or 'an array'} has another dtype or shape")
        made = self._add(None, op, args, array, options)
        made.into = leaf
        return made

    def _add(
        self, key: Any, op: str, args: tuple[Value, ...], array: Any, options: dict[str, Any]
    ) -> Value:
        made = Value(len(self.all), op, args, array, options, None, self.about)
        self.all.append(made)
        if key is not None and key[2] is not None:
            self._known[key] = made
        return made


def _hashable(options: dict[str, Any]) -> Any:
    try:
        key = tuple(sorted((name, str(type(value)), value) for name, value in options.items()))
        hash(key)
    except TypeError:
        return None
    return key


def _flat(given: Any) -> list[Any]:
    if isinstance(given, (tuple, list)):
        return [each for part in given for each in _flat(part)]
    return [given]


def _bare(given: Any) -> Any:
    if isinstance(given, Value):
        return given.array
    if isinstance(given, (tuple, list)):
        return type(given)(_bare(each) for each in given)
    return given
