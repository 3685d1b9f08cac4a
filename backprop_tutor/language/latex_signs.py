r"""The signs of LaTeX, as patterns: those of every formula, and those that arrays alone have, `W^\top`.

Enters: a text and a place in it. Leaves: what stands there as tokens. Commands and names are looked up
elsewhere; this file does not know the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .norms import norm_bar, norm_end

__all__ = ["SIGN", "SIMPLE", "ArraySign", "array_sign", "is_latex", "without_arrows"]

_LATEX = re.compile(r"\\[A-Za-z()\[\]{}|,;:!%\\ ]|[_^]\s*\{|\}\s*[_^]|\$")

SIGN = re.compile(
    r"""
    (?P<space>[ \f\v~&]+|\\[ ,;:!>]|\$)
  | (?P<joiner>\u2060)
  | (?P<partial>∂|\\partial(?![A-Za-z]))
  | (?P<line>\\\\\*?(?:\s*\[[^\]\n]{0,20}\])?|\\\[|\\\]|\$\$|;)
  | (?P<wrap>\\[()])
  | (?P<newline>\n)
  | (?P<comment>[%\#][^\n]*)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
  | (?P<raised>\^\s*\{\s*(?P<digits>\d+)\s*\})
  | (?P<POWER>\*\*|\^)
  | (?P<TIMES>\*)
  | (?P<DIVIDE>/)
  | (?P<PLUS>\+)
  | (?P<MINUS>-)
  | (?P<LPAR>[(\[]|\\\{)
  | (?P<RPAR>[)\]]|\\\})
  | (?P<COMMA>,)
  | (?P<COMPARE>[<>]=?)
  | (?P<EQUALS>:?=(?!=))
  | (?P<BAR>\|)
  | (?P<open>\{)
  | (?P<close>\})
  | \\(?P<command>[A-Za-z]+\*?)
    """,
    re.VERBOSE,
)
SIMPLE = frozenset(
    {"POWER", "TIMES", "DIVIDE", "PLUS", "MINUS", "LPAR", "RPAR", "COMMA", "EQUALS", "BAR",
     "COMPARE"}
)


def is_latex(text: str) -> bool:
    """Return whether a text is to be read as LaTeX: it has a command, a `$` or `_{` or `^{`."""
    return _LATEX.search(text) is not None


@dataclass(frozen=True, slots=True)
class ArraySign:
    """What a sign of arrays is: its tokens (kind, text), where it ends, whether a norm opens or closes."""

    tokens: tuple[tuple[str, str], ...]
    stop: int
    opens: int = 0
    notes: tuple[str, ...] = ()
    fault: tuple[str, str] = ("", "")
    place: int | None = None  # where the fault begins, if not with the sign


_TURN = (
    r"(?:\\(?:top|intercal)(?![A-Za-z])"
    r"|\\(?:mathsf|mathrm|text|mathbf|mathit|textrm|mathtt)\s*(?:\{\s*T\s*\}|T)|ᵀ|⊤)"
)
_RAISED = re.compile(
    rf"\s*\^\s*(?:\{{\s*{_TURN}\s*\}}|{_TURN})|\s*ᵀ|\.T(?![A-Za-z0-9_])"
)
_PRODUCT = re.compile(r"\\(?:odot|circ)(?![A-Za-z])")
_OPEN = re.compile(r"\\left\s*(?:\\\||\\[lV]?Vert(?![A-Za-z])|‖)|\\lVert(?![A-Za-z])")
_CLOSE = re.compile(r"(?:\\right\s*(?:\\\||\\[rV]?Vert(?![A-Za-z])|‖)|\\rVert(?![A-Za-z]))")
_EITHER = re.compile(r"\\\||\\Vert(?![A-Za-z])|‖")
_VECTOR = re.compile(r"\\vec(?![A-Za-z])")
_RANGE = re.compile(r"\\ldots(?![A-Za-z])|\.\.\.|:(?!=)")


def array_sign(text: str, position: int, inside: bool) -> ArraySign | None:
    r"""Return the sign of arrays at a place, or None; `inside` tells that a norm is open.

    >>> array_sign(r"W^\top x", 1, False).tokens, array_sign(r"\lVert x", 0, False).tokens
    ((('TRANSPOSED', 'ᵀ'),), (('word', 'norm'), ('LPAR', '(')))
    """
    if text[position] == "@":
        return ArraySign((("MATMUL", "@"),), position + 1)
    raised = _RAISED.match(text, position)
    if raised:
        return ArraySign((("TRANSPOSED", "ᵀ"),), raised.end())
    product = _PRODUCT.match(text, position)
    if product:
        return ArraySign((("TIMES", "*"),), product.end())
    width, fault = norm_bar(text, position)
    if width:
        sign = _closed(text, position + width) if inside else None
        return sign or ArraySign((("word", "norm"), ("LPAR", "(")), position + width, 1, (), fault)
    opened = _OPEN.match(text, position) or (None if inside else _EITHER.match(text, position))
    if opened:
        return ArraySign((("word", "norm"), ("LPAR", "(")), opened.end(), 1)
    closed = _CLOSE.match(text, position) or _EITHER.match(text, position)
    if closed:
        return _closed(text, closed.end())
    ranged = _RANGE.match(text, position)
    if ranged:
        return ArraySign((("RANGE", ":" if ranged.group() == ":" else "..."),), ranged.end())
    return None


def _closed(text: str, stop: int) -> ArraySign:
    """Return the end of a norm, with what stands under it."""
    end = norm_end(text, stop)
    return ArraySign(end.tokens, end.stop, -1, (end.note,) if end.note else (), end.fault, end.place)


def without_arrows(text: str) -> str:
    r"""Return the text with `\vec` as a font, which is nothing but looks; every place stays.

    >>> without_arrows(r"\vec{x}")
    '\\bm {x}'
    """
    return _VECTOR.sub(lambda _: r"\bm ", text)
