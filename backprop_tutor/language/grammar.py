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

from ..errors import Span, quoted
from ..ops import decided_by
from ..sentences import said
from .arguments import Compared, Listed, Option
from .calls import called
from .definitions import call_of
from .faults import BadFormula, RangeFault
from .tokens import Token
from .tree import Apply, Expression, Name, Number

__all__ = [
    "GRAMMAR",
    "SHARED_RULES",
    "Builder",
    "Given",
    "build_tree",
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
    | product MATMUL signed         -> matrix_product

?signed: power
    | MINUS signed                  -> negate
    | PLUS signed                   -> plus

?power: postfix
    | postfix POWER exponent        -> power

?postfix: atom
    | postfix TRANSPOSED            -> transposed
    | postfix INDEX                 -> indexed

?exponent: power
    | MINUS exponent                -> negate
    | PLUS exponent                 -> plus

arguments: argument (COMMA argument)*
?argument: sum
    | OPTION EQUALS signed          -> option
    | LIST_OPEN sum (COMMA sum)* LIST_CLOSE -> list_of
    | tuple_of
    | OPTION EQUALS tuple_of        -> option
    | sum COMPARE sum               -> comparison

tuple_of: LPAR sum (COMMA sum)+ RPAR

%declare PLUS MINUS TIMES JUXTAPOSED DIVIDE POWER NUMBER NAME LPAR RPAR COMMA EQUALS
%declare MATMUL TRANSPOSED INDEX
%declare BAR_OPEN BAR_CLOSE FUNCTION DEFINED OPTION LIST_OPEN LIST_CLOSE COMPARE INDICATOR
"""
"""What binds how tightly, and what a function's arguments are, however it is written."""

GRAMMAR = SHARED_RULES + r"""
?atom: NUMBER                       -> number
    | NAME                          -> name
    | LPAR sum RPAR                 -> bracket
    | BAR_OPEN sum BAR_CLOSE        -> absolute
    | FUNCTION LPAR arguments RPAR  -> call
    | DEFINED LPAR arguments RPAR   -> defined_call
    | FUNCTION POWER NUMBER LPAR arguments RPAR -> raised_call
    | FUNCTION POWER NUMBER NAME    -> raised_bare_call
    | FUNCTION NUMBER               -> bare_call
    | FUNCTION NAME                 -> bare_call
    | INDICATOR LPAR sum COMPARE sum RPAR -> indicator
"""


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

    def matrix_product(self, a: Any, _: Any, b: Any) -> Apply:
        return self._binary("array_matmul", a, b)

    def transposed(self, a: Any, sign: Any) -> Apply:
        return Apply("array_transpose", (a,), (), over(a, sign))

    def indexed(self, a: Any, places: Any) -> Apply:
        return Apply("array_index", (a,), (("key", str(places)),), over(a, places))

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

    def option(self, name: Any, _: Any, value: Any) -> Option:
        return Option(str(name), value, over(name, value))

    def list_of(self, *parts: Any) -> Listed:
        items = tuple(p for p in parts if not isinstance(p, LarkToken))
        return Listed(items, over(parts[0], parts[-1]))

    def tuple_of(self, *parts: Any) -> Listed:
        items = tuple(p for p in parts if not isinstance(p, LarkToken))
        return Listed(items, over(parts[0], parts[-1]), comma=_span(parts[2]))

    def comparison(self, one: Any, sign: Any, other: Any) -> Compared:
        return Compared(one, str(sign), other, over(one, other))

    def indicator(
        self, mark: Any, _: Any, one: Any, sign: Any, other: Any, right: Any
    ) -> Apply:
        row = decided_by(str(sign), "1")
        return Apply(row.name, (one, other), (), over(mark, right))

    def arguments(self, *parts: Any) -> tuple[Any, ...]:
        return tuple(p for p in parts if not isinstance(p, LarkToken))

    def call(self, function: Any, _: Any, arguments: Any, right: Any) -> Apply:
        return called(function, arguments, over(function, right))

    def defined_call(self, function: Any, _: Any, arguments: Any, right: Any) -> Apply:
        return call_of(str(function), arguments, over(function, right))

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


_LONGEST_EXACT = 400
"""Digits of a whole number that may be within float64, zeros in front included."""


def number(token: Any) -> Number:
    """Return the constant that a token says, exact where it is a whole number."""
    text, span = str(token), _span(token)
    if text == "pi":
        return Number(math.pi, "π", span)
    if text == "e":
        return Number(math.e, "e", span)
    if text == "inf":  # the order of a norm; nowhere else is the word read
        return Number(math.inf, "∞", span)
    if text.isdigit() and len(text) <= _LONGEST_EXACT:
        exact = Fraction(int(text))
        if exact.numerator.bit_length() <= 1024:
            return Number(exact, text, span)
    value = float(text)
    if math.isinf(value):
        message = said(
            "{given} overflows: it is beyond float64, which ends near 1.8e308", given=quoted(text)
        )
        raise BadFormula(RangeFault(message, span))
    return Number(value, text, span)


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
