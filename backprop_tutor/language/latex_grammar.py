r"""The grammar of LaTeX formulas (lark, LALR): fractions, roots, groups, functions without
brackets.

Enters: the tokens of one formula written in LaTeX. Leaves: the same tree as its plain form, built
by the rules of `grammar.py` and those that only LaTeX has.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from lark import Lark, v_args

from .calls import called
from .grammar import SHARED_RULES, Builder, Given, number, over, parsed
from .tokens import Token
from .tree import Apply, Expression, Number

__all__ = ["LATEX_GRAMMAR", "build_latex_tree"]

LATEX_GRAMMAR = SHARED_RULES + r"""
?atom: LPAR sum RPAR                -> bracket
    | LBRACE sum RBRACE             -> bracket
    | bare

?bare: NUMBER                       -> number
    | NAME                          -> name
    | BAR_OPEN sum BAR_CLOSE        -> absolute
    | FRAC sum OVER sum CLOSE       -> fraction
    | ROOT sum CLOSE                -> root
    | ROOT_INDEX sum ROOT_OF sum CLOSE -> indexed_root
    | FUNCTION LPAR arguments RPAR  -> call
    | FUNCTION LBRACE arguments RBRACE -> call
    | DEFINED LPAR arguments RPAR   -> defined_call
    | FUNCTION bare                 -> call_bare
    | FUNCTION POWER NUMBER LPAR arguments RPAR -> raised_call
    | FUNCTION POWER NUMBER LBRACE arguments RBRACE -> raised_call
    | FUNCTION POWER NUMBER bare    -> raised_bare
    | INDICATOR LPAR sum COMPARE sum RPAR -> indicator

%declare LBRACE RBRACE FRAC OVER CLOSE ROOT ROOT_INDEX ROOT_OF
"""


@v_args(inline=True)
class LatexBuilder(Builder):
    """Builds the tree while the grammar reduces; each method is a rule of `LATEX_GRAMMAR`."""

    def fraction(self, left: Any, top: Any, _: Any, bottom: Any, right: Any) -> Apply:
        return Apply("divide", (top, bottom), (), over(left, right))

    def root(self, left: Any, inner: Any, right: Any) -> Apply:
        return Apply("sqrt", (inner,), (), over(left, right))

    def indexed_root(self, left: Any, index: Any, _: Any, inner: Any, right: Any) -> Apply:
        span = over(left, right)
        named = {2: "sqrt", 3: "cbrt"}
        if isinstance(index, Number) and index.value in named:
            return Apply(named[int(index.value)], (inner,), (), span)
        one = Number(Fraction(1), "1", index.span)
        return Apply("power", (inner, Apply("divide", (one, index), (), index.span)), (), span)

    def call_bare(self, function: Any, argument: Any) -> Apply:
        return called(function, (argument,), over(function, argument))

    def raised_bare(self, function: Any, _: Any, exponent: Any, argument: Any) -> Apply:
        inner = called(function, (argument,), over(function, argument))
        return Apply("power", (inner, number(exponent)), (), inner.span)


@cache
def _parser() -> Lark:
    return Lark(LATEX_GRAMMAR, parser="lalr", lexer=Given, transformer=LatexBuilder())


def build_latex_tree(tokens: list[Token]) -> Expression:
    """Return the tree of one formula in LaTeX.

    Raises:
        BadFormula, lark.UnexpectedToken: as `build_tree`.
    """
    return parsed(_parser(), tokens)
