"""What stands around an answer: quotes, brackets, dollar signs, what Python prints, a bullet.

Enters: a text in plain characters. Leaves: what is inside. What changes nothing for any reader is not told.
"""

from __future__ import annotations

import re

from ...sentences import said
from .spelled import Cell, Spelled, Step

__all__ = ["unwrapped"]

_NUMBER = r"[+\-]?\s*(?:\d[\d.,']*(?: \d{3})*|[.,]\d+)(?:[eE][+\-]?\d+)?(?:\s*/\s*\d[\d.,]*)?"
_PAIRS = (
    re.compile(r"\"(.*)\"|'(.*)'|`+([^`]*)`+", re.DOTALL),
    re.compile(r"\$\$?([^$]+)\$?\$|\\\((.*)\\\)|\\\[(.*)\\\]", re.DOTALL),
    re.compile(r"\*\*([^*]+)\*\*|__([^_]+)__|<b>(.*)</b>|<p>(.*)</p>|<span>(.*)</span>"),
    re.compile(r"\\boxed\s*\{(.*)\}|\\num\s*\{(.*)\}|\\text(?:bf)?\s*\{([\d.,\s+\-]*)\}"),
)
_BRACKETS = re.compile(
    rf"\(\s*({_NUMBER})\s*\)|\[\s*({_NUMBER})\s*\]|\{{\s*({_NUMBER})\s*\}}|\[\[\s*({_NUMBER})\s*\]\]"
)
_PRINTED = re.compile(
    r"(?:(?:np|numpy|torch|tf|jnp)\.)?(?:float(?:16|32|64)?|double|array|tensor|Tensor|mpf|Decimal|Scalar)\s*"
    r"\(\s*(?P<inside>[^()]*?)(?:,\s*(?:dtype|grad_fn|requires_grad|device|shape)\s*=.*)?\s*\)\Z"
)
_FRACTION = re.compile(r"(?:fractions\.)?(?:Fraction|Rational)\s*\(\s*([+\-]?\d+)\s*,\s*(\d+)\s*\)\Z")
_BEFORE = re.compile(r"(?:'(?=[\d=.+\-])|[·*] (?=[\d.+\-])|\(?[a-h]\) +(?=\S))")
_CURRENCY = re.compile(r"(?P<sign>[+\-]?) ?[$€£¥₩] ?(?P<rest>[+\-]?[\d.,]+)\Z")
_COMMA_IN_LATEX = re.compile(r"(?<=\d)\{,\}(?=\d)")
_SPACE_IN_LATEX = re.compile(r"\\[,;!:]\s?|\\quad\b|(?<=\d)~(?=\d)|\\displaystyle\b")


def unwrapped(text: str, cell: Cell) -> Step | Spelled | None:
    r"""Return what is inside of quotes, brackets and the like; None where nothing stands around it.

    >>> [unwrapped(t, Cell()).text for t in ("(2.5)", "[0.5]", "np.float64(0.5)", "Fraction(1, 2)")]
    ['2.5', '0.5', '0.5', '1/2']
    """
    for pattern in _PAIRS:
        found = pattern.fullmatch(text)
        if found and (inside := _inside(found)) and not _crosses(text, inside):
            return Step(inside)
    brackets = _BRACKETS.fullmatch(text)
    if brackets and ("," not in text or cell.mark == ","):
        return Step(_inside(brackets))
    printed = _PRINTED.match(text)
    if printed and printed["inside"].strip():
        return Step(printed["inside"].strip())
    fraction = _FRACTION.match(text)
    if fraction:
        return Step(f"{fraction[1]}/{fraction[2]}")
    before = _BEFORE.match(text)
    if before and before.end() < len(text) and text[: before.end()].strip("()' ") not in cell.names:
        return Step(text[before.end() :].strip())
    money = _CURRENCY.match(text)
    if money:
        return Step(money["sign"] + money["rest"], said("without the currency"))
    plain = _SPACE_IN_LATEX.sub("", _COMMA_IN_LATEX.sub(",", text)) if "\\" in text or "{" in text else text
    return Step(plain.strip()) if plain != text and plain.strip() else None


def _inside(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group is not None), "").strip()


def _crosses(text: str, inside: str) -> bool:
    """Return whether the first bracket or dollar sign and the last are not partners."""
    return text[0] in "$'\"`*" and text[0] in inside
