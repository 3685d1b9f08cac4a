r"""The bars of a norm, `‖x‖`, `||x||`, and what stands under them: which norm of which order is meant.

Enters: a text, plain or LaTeX, and a place in it. Leaves: what the bars and their subscript are as tokens.
Which of two bars opens is the lexers'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import quoted
from ..sentences import N_, said, sentence

__all__ = ["NormEnd", "norm_bar", "norm_end"]

_ENDS = ("\n", ";", "#", r"\\")
"""Where a statement ends."""


def norm_bar(text: str, position: int) -> tuple[int, tuple[str, str]]:
    """Return how many characters a norm's `||` has here, 0 where it is none, and what is wrong with it.

    Two bars are a norm's where all of the statement stand in twos; `||x| - 1|` has one more.

    >>> norm_bar("||x||^2", 0)[0], norm_bar("||x| - 1|", 0)[0]
    (2, 0)
    """
    if not text.startswith("||", position):
        return 0, ("", "")
    start = max(text.rfind(sign, 0, position) for sign in _ENDS) + 1
    stop = min((at for sign in _ENDS if (at := text.find(sign, position)) >= 0), default=len(text))
    statement = text[start:stop]
    if statement.count("||") % 2 or "|||" in statement:
        return 0, ("", "")
    if "|" not in statement.replace("||", "").replace(r"\|", ""):
        return 2, ("", "")
    return 2, (said("`||` beside `|` could be a norm or two absolute values"),
               said("write norm( … ) and abs( … )"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class NormEnd:
    """The tokens (kind, text) that end a norm, where its subscript ends, and what is to be said of it.

    `place` is where a fault begins: at the subscript.
    """

    tokens: tuple[tuple[str, str], ...]
    stop: int
    note: str = ""
    fault: tuple[str, str] = ("", "")
    place: int | None = None


_RAISED = r"(?P<raised>\s*(?:\^\s*\{?\s*(?P<power>\d+)\s*\}?|(?P<small>[²³])))?"
_LOW = r"\s*_\s*(?:\{(?P<group>(?:[^{}]|\{[^{}]*\})*)\}|(?P<one>"
_BELOW = re.compile(rf"{_RAISED}(?P<sub>{_LOW}\\[A-Za-z]+(?:\s*\{{[^{{}}]*\}})?|\S)))")
_BELOW_PLAIN = re.compile(
    rf"{_RAISED}(?P<sub>{_LOW}-?\d+(?:\.\d+)?|[A-Za-z][A-Za-z0-9]*|\S))|(?P<lowered>\d+|∞))"
)
_FONTS = re.compile(r"\\(?:mathrm|text|mathsf|mathbf|textrm|operatorname)\s*|[{}\s]")
_END = (("RPAR", ")"),)

_NAMED = {
    "": (), "2": (), "F": (), "f": (), "Fro": (), "fro": (), "HS": (),
    "∞": ("inf",), "inf": ("inf",), "\\infty": ("inf",), "max": ("inf",), "oo": ("inf",),
}  # fmt: skip
"""What is read: the root of the sum of squares, Frobenius' of matrices; the largest absolute value."""

_OTHERS = {
    "0": (N_("`‖x‖_0` counts the entries that are not 0"),
          N_("it is flat between its steps, so there is no gradient to follow")),
    "2,1": (N_("a norm of norms is written out"), "sum(norm(A, axis=0))"),
    "1,2": (N_("a norm of norms is written out"), "norm(sum(abs(A), axis=0))"),
    **dict.fromkeys(("*", "\\ast", "\\star", "∗", "nuc", "tr"),
                    (N_("the nuclear norm is not part of the language: it needs singular values"), "")),
    **dict.fromkeys(("op", "\\sigma", "σ", "⟨sigma⟩"),
                    (N_("the spectral norm is not part of the language: it needs singular values"), "")),
}  # fmt: skip
"""What is refused with a reason of its own, and what is written instead."""

_NOTES = {
    "": N_("`_{named}` of a norm was read as the root of the sum of all squares"),
    "1": N_("`_{named}` of a norm was read as the sum of all absolute values"),
    "inf": N_("`_{named}` of a norm was read as the largest absolute value"),
}
_LEAST, _MOST = 1.0, 1000.0
"""The orders of norms; from 0 to 1 the triangle inequality does not hold."""


def norm_end(text: str, stop: int, plain: bool = False) -> NormEnd:
    """Return how a norm ends whose closing bars end at `stop`; its power may stand before its subscript.

    In `plain` text `‖x‖₂` has become `‖x‖2`.

    >>> norm_end("‖x‖_1 + 2", 3).tokens
    (('COMMA', ','), ('word', 'p'), ('EQUALS', '='), ('NUMBER', '1'), ('RPAR', ')'))
    >>> norm_end("‖x‖_p", 3).fault
    ('the order of a norm is a number, and `p` is none', 'such as ‖x‖_1, ‖x‖_2, ‖x‖_3 or ‖x‖_∞')
    """
    below = (_BELOW_PLAIN if plain else _BELOW).match(text, stop)
    if below is None:
        return NormEnd(_END, stop)
    found = below.groupdict()
    typed = next(each for name in ("group", "one", "lowered") if (each := found.get(name)) is not None)
    named = _FONTS.sub("", typed)
    power = found["power"] or {"²": "2", "³": "3"}.get(found["small"] or "", "")
    raised = (("POWER", "^"), ("NUMBER", power)) if power else ()
    place = below.start("sub")
    order = _order(named)
    if order is None:
        if named in _OTHERS:
            reason, instead = map(sentence, _OTHERS[named])
            hint = said("write {formula}", formula=instead) if instead.endswith(")") else instead
            return NormEnd((*_END, *raised), below.end(), "", (reason, hint), place)
        message = said("the order of a norm is a number, and {given} is none", given=quoted(named))
        if named[:1].isdigit() or named[:1] == "-":
            message = said("the order of a norm is from 1 to 1000, and {given} is not", given=quoted(named))
        hint = said("such as ‖x‖_1, ‖x‖_2, ‖x‖_3 or ‖x‖_∞")
        return NormEnd((*_END, *raised), below.end(), "", (message, hint), place)
    note = sentence(_NOTES[order]).format(named=named) if order in _NOTES and named else ""
    if order not in _NOTES:
        note = said("`_{named}` of a norm was read as the norm of order {named}", named=named)
    own = (("COMMA", ","), ("word", "p"), ("EQUALS", "="), ("NUMBER", order)) if order else ()
    return NormEnd((*own, *_END, *raised), below.end(), note)


def _order(named: str) -> str | None:
    """Return the number of a norm's order, nothing for the root of squares; None where it is none."""
    if named in _NAMED:
        return "".join(_NAMED[named])
    if re.fullmatch(r"\d+(?:\.\d+)?", named) and _LEAST <= float(named) <= _MOST:
        return named
    return None
