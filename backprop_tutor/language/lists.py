"""Which square brackets hold a list, `mse([y1, y2], [t1, t2])`, and which only group.

Enters: the tokens of a formula, its words read. Leaves: the same, the brackets of lists marked as
such, and a fault for those that are neither. Plain text has them around lists alone; in LaTeX they
group as well, and hold a list where they are an argument with a comma in it.
"""

from __future__ import annotations

from ..errors import Fault
from ..sentences import said
from .tokens import BETWEEN, CLOSES, OPENS, Token

__all__ = ["mark_lists"]


def mark_lists(tokens: list[Token], group: bool) -> list[Fault]:
    """Mark the brackets of lists; with `group`, others stay brackets, else they are faults."""
    faults: list[Fault] = []
    opened: list[int] = []
    commas: set[int] = set()  # which open brackets have a comma of their own
    for i, token in enumerate(tokens):
        if token.kind in CLOSES or token.kind in BETWEEN:
            if opened:
                left = opened.pop()
                _close(tokens, left, i, _is_argument(tokens, left, opened), left in commas, group)
        elif token.kind == "COMMA" and opened:
            commas.add(opened[-1])
        if token.kind in OPENS or token.kind in BETWEEN:
            if token.text == "[" and not group and not _is_argument(tokens, i, opened):
                faults.append(_misplaced(tokens, i, opened))
            opened.append(i)
    return faults


def _close(
    tokens: list[Token], left: int, right: int, argument: bool, comma: bool, group: bool
) -> None:
    if tokens[left].text != "[" or tokens[left].kind != "LPAR" or not argument:
        return
    following = tokens[right + 1].kind if right + 1 < len(tokens) else ""
    if comma or not group or (following in ("COMMA", "RPAR") and _beside_list(tokens, left)):
        tokens[left].kind = "LIST_OPEN"
        if tokens[right].text == "]":
            tokens[right].kind = "LIST_CLOSE"


def _beside_list(tokens: list[Token], left: int) -> bool:
    """Return whether the argument before is a list."""
    return left > 1 and tokens[left - 2].kind == "LIST_CLOSE"


def _is_argument(tokens: list[Token], i: int, opened: list[int]) -> bool:
    """Return whether the bracket at `i` begins an argument of a function."""
    if not opened or tokens[opened[-1]].text not in ("(", "{"):
        return False
    left = opened[-1]
    before = tokens[left - 1].kind if left else ""
    raised = left > 2 and tokens[left - 2].kind == "POWER" and tokens[left - 3].kind == "FUNCTION"
    return (before == "FUNCTION" or raised) and tokens[i - 1].kind in ("LPAR", "LBRACE", "COMMA")


def _misplaced(tokens: list[Token], i: int, opened: list[int]) -> Fault:
    if opened and tokens[opened[-1]].text == "[":
        return Fault(
            said("a list inside a list"), tokens[i].span, said("a list holds numbers: [a, b, c]")
        )
    if i and tokens[i - 1].kind == "FUNCTION":
        name = tokens[i - 1].text
        message = said("`{name}` is called with round brackets", name=name)
        return Fault(message, tokens[i].span, said("write {name}( … )", name=name))
    return Fault(
        said('square brackets hold a list, and only a function takes one'),
        tokens[i].span, said('use ( and )'),
    )  # fmt: skip
