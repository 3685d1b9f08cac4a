"""Symbolic operands: what a Python function is run on, and the functions it may call.

A `Symbolic` writes every operation into its tape. It has no value, so that asking for one (a
comparison, `if`, `float`, `math.exp`) is refused with the way to say it instead.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ..errors import DomainError, OptionError, ShapeError, did_you_mean, quoted
from ..ops import (
    DECIDED,
    OPS,
    Operation,
    decided_by,
    exact,
    function_named,
    function_of,
    plain,
)
from ..sentences import N_, said
from .arguments import Listed
from .calls import Misplaced, laid_out
from .evaluate import applied
from .lifting import lifted
from .refusals import (
    COMPARED,
    CONVERTED,
    ITERATED,
    Condition,
    NoAttributeError,
    TraceError,
    compared,
    refused,
)
from .tape import Output, Tape, constant

__all__ = ["Function", "Symbolic", "TraceError", "functions", "lifted"]


class Symbolic:
    """An operand without a value; operations on it are written into a tape."""

    __slots__ = ("output", "tape")

    def __init__(self, tape: Tape, output: Output) -> None:
        self.tape: Tape = tape
        self.output: Output = output

    def __repr__(self) -> str:
        entry = self.tape.entries[self.output.line]
        return f"<symbolic {entry.op or getattr(entry.leaf, 'name', 'number')}>"

    @classmethod
    def of(cls, tape: Tape, value: object) -> Symbolic:
        """Return a number, or an operand of the same tape, as an operand.

        Raises:
            TraceError: anything else.
        """
        if isinstance(value, Symbolic):
            if value.tape is not tape:
                raise TraceError(
                    said("an operand of another trace is used; each function traces its own")
                )
            return value
        number = lifted(value)
        if number is None:
            kind = type(value).__name__
            raise TraceError(
                said("an operand is a number or a symbolic operand, not of type {kind}", kind=kind)
            )
        top, under = constant(number)
        out = tape.leaf(top)
        return cls(tape, out if under is None else tape.apply("divide", (out, tape.leaf(under))))

    def _apply(self, op: str, *operands: object) -> Symbolic:
        outputs = [Symbolic.of(self.tape, operand).output for operand in operands]
        return Symbolic(self.tape, self.tape.apply(op, outputs))

    def __add__(self, other: object) -> Symbolic:
        return self._apply("add", self, other)

    def __radd__(self, other: object) -> Symbolic:
        return self._apply("add", other, self)

    def __sub__(self, other: object) -> Symbolic:
        return self._apply("subtract", self, other)

    def __rsub__(self, other: object) -> Symbolic:
        return self._apply("subtract", other, self)

    def __mul__(self, other: object) -> Symbolic:
        return self._apply("multiply", self, other)

    def __rmul__(self, other: object) -> Symbolic:
        return self._apply("multiply", other, self)

    def __truediv__(self, other: object) -> Symbolic:
        return self._apply("divide", self, other)

    def __rtruediv__(self, other: object) -> Symbolic:
        return self._apply("divide", other, self)

    def __pow__(self, other: object, modulo: object = None) -> Symbolic:
        if modulo is not None:
            raise TraceError(said("a power with a modulus is not part of the language; use `**`"))
        return self._apply("power", self, other)

    def __rpow__(self, other: object) -> Symbolic:
        return self._apply("power", other, self)

    def __format__(self, form: str) -> str:
        if form:
            CONVERTED(self)
        return repr(self)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a function of the language as a method: `x.tanh()`, `x.pow(2)`, `x.maximum(y)`.

        Raises:
            NoAttributeError: any other attribute.
        """
        rule = None if name.startswith("_") else _meaning(name, _METHODS)
        if rule is None:
            hint = did_you_mean(name, [*_METHODS, *_UFUNCS, *functions()])
            raise NoAttributeError(
                said(
                    "a symbolic operand has no {name}; {hint}",
                    name=quoted(name),
                    hint=hint
                    or said("its methods are the functions of the language: x.exp(), x.tanh(), …"),
                )
            )

        def method(*others: Any, **options: Any) -> Any:
            # NumPy hands its own options on: np.clip(x, 0, 1) is x.clip(0, 1, out=None).
            given = {k: v for k, v in options.items() if v is not None or k not in _NUMPYS}
            return rule(self, *others, **given)

        return method

    def __neg__(self) -> Symbolic:
        return self._apply("negate", self)

    def __pos__(self) -> Symbolic:
        return self

    def __abs__(self) -> Symbolic:
        return self._apply("abs", self)

    __hash__ = object.__hash__
    __eq__ = __ne__ = __bool__ = COMPARED
    __gt__, __lt__, __ge__, __le__ = map(compared, (">", "<", ">=", "<="))
    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = CONVERTED
    __floor__ = __ceil__ = CONVERTED
    __iter__ = __len__ = __getitem__ = __contains__ = ITERATED
    __call__ = refused(N_("a symbolic operand is not a function"), N_("a product is written with `*`"))
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = refused(
        N_("`//` and `%` are not part of the language"), N_("they have no slope to speak of")
    )
    __matmul__ = __rmatmul__ = refused(
        N_("`@` multiplies matrices, and a symbolic operand is a single number"), "use `*`"
    )
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = refused(
        N_("shifts of bits are not part of the language"), N_("use `*` or `/` with a power of 2")
    )
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = refused(
        N_("logic is not part of the language"), N_("choose with bt.step or a maximum")
    )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: object) -> Any:
        """Write down a NumPy function (`np.exp(x)`) as the operation of the same meaning."""
        name = str(ufunc.__name__)
        if method != "__call__" or options:
            raise TraceError(
                said("np.{name} is traced as a plain call alone, without options", name=name)
            )
        rule = _meaning(name)
        if rule is None:
            raise TraceError(said("np.{name} is not part of the language", name=name))
        return rule(*(Symbolic.of(self.tape, operand) for operand in inputs))

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, given: tuple[Any, ...] = (), options: Any = None
    ) -> Any:
        """Write down a function of PyTorch's: it asks operands that are not its own for this method."""
        rule = _meaning(str(function.__name__), _METHODS)
        if rule is None:
            name = function.__name__
            raise TraceError(said("torch.{name} is not part of the language", name=name))
        return rule(*given, **(options or {}))


class Function:
    """A function of the language, for symbolic operands and for plain numbers alike.

    >>> functions()["relu"](-3), functions()["max"](2, 5)
    (0, 5)
    """

    def __init__(self, name: str, operation: Operation) -> None:
        self.__name__ = self.__qualname__ = name
        self.operation = operation
        options = "".join(f", {option}={value:g}" for option, value in operation.options)
        takes = said(
            "{counts}{options}, numbers or symbolic operands",
            counts=operation.counts(),
            options=options,
        )
        self.__doc__ = f"Return {operation.name} of {takes}."

    def __repr__(self) -> str:
        return f"<function {self.__name__} of the language>"

    def __call__(self, *operands: Any, **options: Any) -> Any:
        """Return the value on plain numbers; on symbolic operands, a symbolic operand."""
        if self.__name__ in DECIDED:
            return self._decided(operands, options)
        op = function_of(self.__name__, len(operands))
        if op.most is not None and 0 < len(operands) - op.most <= len(op.options):
            extra = operands[op.most :]
            places = [name for name, _ in op.options][: len(extra)]
            twice = [name for name in places if name in options]
            if twice:
                raise OptionError(
                    said(
                        "the option `{twice}` of {kind} is given twice",
                        twice=twice[0], kind=self.__name__,
                    )
                )
            options |= dict(zip(places, extra, strict=True))
            operands = operands[: op.most]
        given_lists = [Listed(tuple(o)) if isinstance(o, list | tuple) else o for o in operands]
        try:
            operands = laid_out(op, self.__name__, given_lists, str)
        except Misplaced as fault:
            hint = f"; {fault.hint}" if fault.hint else ""
            raise ShapeError(fault.message + hint) from None
        given = tuple(sorted((name, self._number(name, v)) for name, v in options.items()))
        if "index" in options:
            raise OptionError(said("{kind} has no option `index`", kind=self.__name__))
        complete = op.with_options(given)
        tape = next((o.tape for o in operands if isinstance(o, Symbolic)), None)
        if tape is None:
            return self._value(op, operands, complete)
        inner = [Symbolic.of(tape, operand).output for operand in operands]
        out = tape.apply(op.name, inner, given)
        if op.outputs:
            return tuple(Symbolic(tape, Output(out.line, i)) for i in range(len(operands)))
        return Symbolic(tape, out)

    def _decided(self, operands: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Return the value that a comparison chooses; what it is of may have no value yet."""
        if len(operands) != 3 or options:
            raise ShapeError(
                said(
                    "{kind} takes a comparison and two numbers: where(x > 0, a, b)",
                    kind=self.__name__,
                )
            )
        condition, yes, no = operands
        if isinstance(condition, bool):
            return yes if condition else no
        if not isinstance(condition, Condition):
            raise TraceError(
                said(
                    "the first argument of {kind} is a comparison, such as x > 0",
                    kind=self.__name__,
                )
            )
        given = (condition.one, condition.other, yes, no)
        tape = next(o.tape for o in given if isinstance(o, Symbolic))
        inner = [Symbolic.of(tape, operand).output for operand in given]
        return Symbolic(tape, tape.apply(decided_by(condition.sign, self.__name__).name, inner))

    def _number(self, option: str, value: object) -> float:
        number = None if isinstance(value, Symbolic) else lifted(value)
        if number is None:
            raise OptionError(
                said(
                    "the option `{option}` of {kind} takes a number",
                    option=option,
                    kind=self.__name__,
                )
            )
        return float(number)

    def _value(self, op: Operation, operands: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        values: list[Fraction | float] = []
        for operand in operands:
            number = lifted(operand)
            if number is None:
                kind = type(operand).__name__
                raise TraceError(
                    said(
                        "{kind} takes numbers, and one is of type {kind_2}",
                        kind=self.__name__, kind_2=kind,
                    )
                )
            values.append(exact(number))
        try:
            if op.outputs:
                return tuple(
                    plain(applied(op, values, {**options, "index": i}))
                    for i in range(len(values))
                )
            return plain(applied(op, values, options))
        except DomainError as error:
            listed = ", ".join(str(plain(value)) for value in values[:6])
            raise DomainError(f"{quoted(f'{self.__name__}({listed})')}: {error}") from None


_TABLE = OPS.derived(lambda row: {name: Function(name, row) for name in row.spelled})


def functions() -> Mapping[str, Function]:
    """Return every function of the language by each name it is called by.

    >>> functions()["sigmoid"](0)
    0.5
    """
    return _TABLE


def _named(name: str) -> Function:
    return _TABLE[name]


def _meaning(
    name: str, further: Mapping[str, Callable[..., Any]] = MappingProxyType({})
) -> Callable[..., Any] | None:
    """Return what a function of NumPy's or the language's name does, or None where there is none."""
    return further.get(name) or _UFUNCS.get(name) or _TABLE.get(function_named(name))


def _clamped(a: Any, low: Any = None, high: Any = None, **named: Any) -> Any:
    """Return `a` between two bounds, of which one may be left out."""
    low, high = named.pop("min", low), named.pop("max", high)
    if named or (low is None and high is None):
        raise OptionError(said("clamp takes a lower bound `min`, an upper bound `max`, or both"))
    if low is not None:
        a = _named("max")(a, low)
    return a if high is None else _named("min")(a, high)


_UFUNCS: Mapping[str, Callable[..., Any]] = OPS.derived(
    lambda row: {
        name: getattr(operator, row.operator) if row.operator else Function(row.spelled[0], row)
        for name in row.numpy
    },
    {
        "square": lambda a: a**2,
        "reciprocal": lambda a: 1 / a,
        "log": lambda a: _named("ln")(a),
        "clip": _clamped,
        "greater": lambda a, b: a > b,
        "greater_equal": lambda a, b: a >= b,
        "less": lambda a, b: a < b,
        "less_equal": lambda a, b: a <= b,
        "equal": lambda a, b: a == b,
        "not_equal": lambda a, b: a != b,
    },
)
"""NumPy's functions that are called otherwise in the language; the rest have the same name."""


_NUMPYS = frozenset({"axis", "dtype", "out"})
_METHODS: Mapping[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a: -a,
    "clamp": _clamped,
}
"""PyTorch's methods that have other names than the functions they stand for."""
