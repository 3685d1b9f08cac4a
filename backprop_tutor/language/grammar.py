"""The grammar of formulas (lark, LALR) and the building of the tree, one call a rule, no recursion.

Enters: the tokens of one formula. Leaves: an `Expression`. What is wrong with a formula is said in
`faults.py`; what words mean was decided in `names.py`.
"""

# ruff: noqa: D102 - the methods of a builder are the grammar's rules, and the grammar documents them
from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any, cast

from lark import Lark, Transformer, v_args
from lark import Token as LarkToken
from lark.lexer import Lexer

from ..errors import Fault, OptionError, Span, did_you_mean, quoted
from ..ops import FUNCTIONS, Operation
from .faults import RangeFault
from .tokens import Token
from .tree import Apply, Expression, Name, Number

__all__ = [
    "GRAMMAR",
    "SHARED_RULES",
    "BadFormula",
    "Builder",
    "Given",
    "build_tree",
    "called",
    "number",
    "over",
    "parsed",
]

SHARED_RULES = r"""
?start: sum

?sum: product
    | sum PLUS product              -> add
    | sum MINUS product             -> subtract

?product: signed
    | product TIMES signed          -> multiply
    | product JUXTAPOSED power      -> multiply
    | product DIVIDE signed         -> divide

?signed: power
    | MINUS signed                  -> negate
    | PLUS signed                   -> plus

?power: atom
    | atom POWER exponent           -> power

?exponent: power
    | MINUS exponent                -> negate
    | PLUS exponent                 -> plus

arguments: argument (COMMA argument)*
?argument: sum
    | OPTION EQUALS signed          -> option

%declare PLUS MINUS TIMES JUXTAPOSED DIVIDE POWER NUMBER NAME LPAR RPAR COMMA EQUALS
%declare BAR_OPEN BAR_CLOSE FUNCTION OPTION
"""
"""What binds how tightly, and what a function's arguments are, however it is written."""

GRAMMAR = SHARED_RULES + r"""
?atom: NUMBER                       -> number
    | NAME                          -> name
    | LPAR sum RPAR                 -> bracket
    | BAR_OPEN sum BAR_CLOSE        -> absolute
    | FUNCTION LPAR arguments RPAR  -> call
    | FUNCTION POWER NUMBER LPAR arguments RPAR -> raised_call
    | FUNCTION POWER NUMBER NAME    -> raised_bare_call
    | FUNCTION NUMBER               -> bare_call
    | FUNCTION NAME                 -> bare_call
"""


class BadFormula(Exception):
    """A formula that the grammar or a rule refuses; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Given(Lexer):
    """Hands the grammar the tokens that the scanner made."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, tokens: Any) -> Iterator[LarkToken]:  # type: ignore[override]
        for i, token in enumerate(tokens):
            # The field `line` carries the token's number; `faults.py` finds it by that.
            yield LarkToken(
                token.kind, token.text, token.span.start, line=i, end_pos=token.span.stop
            )


class _Option:
    """`slope=0.01` among a function's arguments."""

    def __init__(self, name: str, value: Expression, span: Span) -> None:
        self.name = name
        self.value = value
        self.span = span


def over(one: Any, other: Any) -> Span:
    """Return the span from the one part's start to the other's end."""
    return Span(_span(one).start, _span(other).stop)


def _span(part: Any) -> Span:
    if isinstance(part, LarkToken):
        return Span(part.start_pos or 0, part.end_pos or 0)
    span: Span = part.span
    return span


@v_args(inline=True)
class Builder(Transformer[LarkToken, Any]):
    """Builds the tree while the grammar reduces; each method is a rule of `GRAMMAR`."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)

    def _binary(self, op: str, a: Expression, b: Expression) -> Apply:
        return Apply(op, (a, b), (), Span(a.span.start, b.span.stop))

    def add(self, a: Any, _: Any, b: Any) -> Apply:
        return self._binary("add", a, b)

    def subtract(self, a: Any, _: Any, b: Any) -> Apply:
        return self._binary("subtract", a, b)

    def multiply(self, a: Any, _: Any, b: Any) -> Apply:
        return self._binary("multiply", a, b)

    def divide(self, a: Any, _: Any, b: Any) -> Apply:
        return self._binary("divide", a, b)

    def power(self, a: Any, _: Any, b: Any) -> Apply:
        if isinstance(a, Number) and a.text == "e":
            return Apply("exp", (b,), (), over(a, b))
        return self._binary("power", a, b)

    def negate(self, sign: Any, a: Any) -> Expression:
        if isinstance(a, Number) and not a.text.startswith("−"):
            # A minus right before a number belongs to it: -1*t has the constant −1.
            return Number(-a.value, "−" + a.text, over(sign, a))
        return Apply("negate", (a,), (), over(sign, a))

    def plus(self, _: Any, a: Any) -> Any:
        return a

    def bracket(self, left: Any, a: Any, right: Any) -> Any:
        return a

    def absolute(self, left: Any, a: Any, right: Any) -> Apply:
        return Apply("abs", (a,), (), over(left, right))

    def number(self, token: Any) -> Number:
        return number(token)

    def name(self, token: Any) -> Name:
        return Name(str(token), _span(token))

    def option(self, name: Any, _: Any, value: Any) -> _Option:
        return _Option(str(name), value, over(name, value))

    def arguments(self, *parts: Any) -> tuple[Any, ...]:
        return tuple(p for p in parts if not isinstance(p, LarkToken))

    def call(self, function: Any, _: Any, arguments: Any, right: Any) -> Apply:
        return called(function, arguments, over(function, right))

    def raised_call(self, f: Any, _: Any, exponent: Any, __: Any, args: Any, right: Any) -> Apply:
        inner = called(f, args, over(f, right))
        return Apply("power", (inner, number(exponent)), (), inner.span)

    def raised_bare_call(self, f: Any, _: Any, exponent: Any, argument: Any) -> Apply:
        inner = called(f, (Name(str(argument), _span(argument)),), over(f, argument))
        return Apply("power", (inner, number(exponent)), (), inner.span)

    def bare_call(self, function: Any, argument: Any) -> Apply:
        kind = argument.type
        operand = number(argument) if kind == "NUMBER" else Name(str(argument), _span(argument))
        return called(function, (operand,), over(function, argument))


def number(token: Any) -> Number:
    """Return the constant that a token says, exact where it is a whole number."""
    text, span = str(token), _span(token)
    if text == "pi":
        return Number(math.pi, "π", span)
    if text == "e":
        return Number(math.e, "e", span)
    if text.isdigit():
        exact = Fraction(int(text))
        if exact.numerator.bit_length() <= 1024:
            return Number(exact, text, span)
    value = float(text)
    if math.isinf(value):
        message = f"{quoted(text)} overflows: it is beyond float64, which ends near 1.8e308"
        raise BadFormula(RangeFault(message, span))
    return Number(value, text, span)


def called(function: Any, arguments: tuple[Any, ...], span: Span) -> Apply:
    """Return a function\'s application, or raise the fault of its arguments and options."""
    op = FUNCTIONS[str(function)]
    operands = [a for a in arguments if not isinstance(a, _Option)]
    options = [a for a in arguments if isinstance(a, _Option)]
    given = [(o.name, _constant(o.value, o.name)) for o in options]
    if op.most is not None and len(op.options) >= len(operands) - op.most > 0:
        # leaky_relu(x, 0.1): an option's value by its place
        extra = operands[op.most :]
        names = [name for name, _ in op.options]
        given += [(n, _constant(e, n)) for n, e in zip(names, extra, strict=False)]
        operands = operands[: op.most]
    if not op.accepts(len(operands)):
        message = f"{quoted(str(function))} takes {op.counts()}, and {len(operands)} "
        message += "was given" if len(operands) == 1 else "were given"
        raise BadFormula(Fault(message, span))
    return Apply(op.name, tuple(operands), _options(op, given, span), span)


def _options(
    op: Operation, given: list[tuple[str, float]], span: Span
) -> tuple[tuple[str, float], ...]:
    names = [name for name, _ in given]
    if len(set(names)) < len(names):
        raise BadFormula(Fault("an option is given twice", span))
    try:
        op.with_options(given)
    except OptionError as error:
        hint = did_you_mean(names[0], [n for n, _ in op.options])
        raise BadFormula(Fault(str(error).partition(" (")[0], span, hint)) from None
    return tuple(sorted(given))


def _constant(value: Expression, name: str) -> float:
    if isinstance(value, Number):
        return float(value.value)
    raise BadFormula(Fault(f"the option `{name}` takes a number", value.span))


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=Given, transformer=Builder())


def build_tree(tokens: list[Token]) -> Expression:
    """Return the tree of one formula.

    Raises:
        BadFormula: from a rule (a wrong number of arguments, a number too large).
        lark.UnexpectedToken: where the tokens are no formula; `faults.py` puts it into words.
    """
    return parsed(_parser(), tokens)


def parsed(parser: Lark, tokens: list[Token]) -> Expression:
    """Return what a grammar makes of tokens; the grammar's transformer builds the tree."""
    feed: Any = tokens  # our lexer takes tokens where lark's take text
    tree: Any = parser.parse(feed)
    return cast(Expression, tree)
