"""Which of the bars in `|x|` opens and which closes, told by what stands beside each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Fault
from ..sentences import said
from .tokens import BETWEEN, CLOSES, ENDS_OPERAND, OPENS, STARTS_OPERAND

if TYPE_CHECKING:
    from .tokens import Token

__all__ = ["match_bars"]

_MOST = 200


def match_bars(tokens: list[Token]) -> list[Fault]:
    """Set every bar's kind to BAR_OPEN or BAR_CLOSE, and return the faults found.

    Bars between the same brackets belong together. A reading in which every bar finds its partner
    and none encloses nothing is taken when it is the only one; two such readings are refused.
    """
    levels: list[list[int]] = [[]]
    groups: list[list[int]] = []
    for i, token in enumerate(tokens):
        if token.kind in OPENS:
            levels.append([])
        elif token.kind in BETWEEN:
            groups.append(levels[-1])
            levels[-1] = []
        elif token.kind in CLOSES and len(levels) > 1:
            groups.append(levels.pop())
        elif token.kind == "BAR":
            levels[-1].append(i)
    groups.extend(levels)
    return [fault for group in groups if group for fault in _match(tokens, group)]


def _match(tokens: list[Token], bars: list[int]) -> list[Fault]:
    if len(bars) > _MOST:
        return [
            Fault(
                said("more than {most} bars between two brackets", most=_MOST),
                tokens[bars[0]].span,
                said("use abs( )"),
            )
        ]
    choices = [_can(tokens, i) for i in bars]
    readings = _readings(choices, [bars[i + 1] == bars[i] + 1 for i in range(len(bars) - 1)])
    if len(readings) == 1:
        for i, opens in zip(bars, readings[0], strict=True):
            tokens[i].kind = "BAR_OPEN" if opens else "BAR_CLOSE"
        return []
    span = tokens[bars[0]].span
    if readings:
        return [
            Fault(
                said("these bars can be paired in two ways"),
                span,
                said("use abs( ) instead of | |"),
            )
        ]
    return [Fault(said("these bars | do not pair up"), span, said("every | | encloses something"))]


def _can(tokens: list[Token], i: int) -> tuple[bool, bool]:
    """Return whether the bar at `i` can open, and whether it can close."""
    before = tokens[i - 1].kind if i else ""
    after = tokens[i + 1].kind if i + 1 < len(tokens) else ""
    opens = after in STARTS_OPERAND or after in ("BAR", "MINUS", "PLUS")
    closes = before in ENDS_OPERAND or before == "BAR"
    if after in ("MINUS", "PLUS") and closes:
        opens = False  # |a| - b: a sign behind an operand is an operation
    return opens, closes


def _readings(choices: list[tuple[bool, bool]], touching: list[bool]) -> list[list[bool]]:
    """Return up to two ways to open (True) and close (False) the bars in turn."""
    found: list[tuple[int, list[bool]]] = [(0, [])]
    for n, (opens, closes) in enumerate(choices):
        grown: dict[tuple[int, bool], list[list[bool]]] = {}
        for depth, path in found:
            empty = bool(path) and path[-1] and touching[n - 1]
            if opens:
                grown.setdefault((depth + 1, True), []).append([*path, True])
            if closes and depth and not empty:
                grown.setdefault((depth - 1, False), []).append([*path, False])
        found = [(state[0], path) for state, paths in grown.items() for path in paths[:2]]
    return [path for depth, path in found if depth == 0][:2]
