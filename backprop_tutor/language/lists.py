"""Which square brackets hold a list, `mse([y1, y2], [t1, t2])`, and which only group, `2[a + (b + c)]`.

Enters: the tokens of a formula, its words read. Leaves: the same, the brackets of lists marked as
such, and a fault for those that are neither: `w[1]`, and a list that is no argument. In LaTeX brackets
hold a list only where they are an argument with a comma in it, and group behind a name too.
"""

from __future__ import annotations

from ..errors import Fault
from ..sentences import said
from .tokens import BETWEEN, CLOSES, OPENS, Token

__all__ = ["mark_lists"]


def mark_lists(tokens: list[Token], group: bool, arrays: bool = False) -> list[Fault]:
    """Mark the brackets of lists; with `group`, others stay brackets wherever they stand.

    With `arrays`, an index has been read where it stands right behind an array.
    """
    faults: list[Fault] = []
    opened: list[int] = []
    commas: set[int] = set()  # which open brackets have a comma of their own
    refused: set[int] = set()
    called: set[int] = set()  # where a function's bracket closes
    if not group and _is_array(tokens):
        message = said("vectors and matrices are values, which stand beside the program")
        hint = said("leave this line out, and give X=[[1, 2], [3, 4]] where values are given")
        return [Fault(message, tokens[0].span, hint)]
    for i, token in enumerate(tokens):
        if token.kind in CLOSES or token.kind in BETWEEN:
            if opened:
                left = opened.pop()
                if left and tokens[left - 1].kind == "FUNCTION":
                    called.add(i)
                argument, comma = _is_argument(tokens, left, opened), left in commas
                _close(tokens, left, i, argument, comma, group)
                list_alone = tokens[left].text == "[" and comma and not argument
                if list_alone and not group and left not in refused:
                    faults.append(_misplaced(tokens, left, opened))
        elif token.kind == "COMMA" and opened:
            commas.add(opened[-1])
        if token.kind in OPENS or token.kind in BETWEEN:
            if token.text == "[" and not group and not _is_argument(tokens, i, opened):
                index = i > 0 and (tokens[i - 1].kind in ("NAME", "FUNCTION") or i - 1 in called)
                if index and arrays:
                    faults += _apart(tokens, i)
                    refused.add(i)
                elif index or (opened and _is_list(tokens, opened)):
                    faults.append(_misplaced(tokens, i, opened))
                    refused.add(i)
            opened.append(i)
    return faults


def _is_list(tokens: list[Token], opened: list[int]) -> bool:
    """Return whether the innermost open bracket is a list's."""
    return tokens[opened[-1]].text == "[" and _is_argument(tokens, opened[-1], opened[:-1])


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


def _apart(tokens: list[Token], i: int) -> list[Fault]:
    """Return the fault of an index that stands apart from its array; one not closed is told as such."""
    if not any(token.text == "]" for token in tokens[i:]):
        return []
    before = tokens[i - 1]
    if before.kind != "NAME":
        return [_misplaced(tokens, i, [])]
    message = said("`{name} [` could be an index or a product", name=before.text)
    hint = said("write {name}[ … ] or {name}*( … )", name=before.text)
    return [Fault(message, tokens[i].span, hint)]


def _is_array(tokens: list[Token]) -> bool:
    """Return whether the whole is `[[1, 2], [3, 4]]`, of numbers alone; one number is only grouped."""
    depth = 0
    for place, token in enumerate(tokens, 1):
        if token.text in ("[", "]"):
            depth += 1 if token.text == "[" else -1
            if not depth:
                return place == len(tokens) and any(each.kind == "COMMA" for each in tokens)
        elif not depth or token.kind not in ("NUMBER", "COMMA", "MINUS"):
            return False
    return False


def _misplaced(tokens: list[Token], i: int, opened: list[int]) -> Fault:
    if opened and tokens[opened[-1]].text == "[":
        return Fault(
            said("a list inside a list"), tokens[i].span, said("a list holds numbers: [a, b, c]")
        )
    if i and tokens[i - 1].kind == "FUNCTION":
        name = tokens[i - 1].text
        message = said("`{name}` is called with round brackets", name=name)
        return Fault(message, tokens[i].span, said("write {name}( … )", name=name))
    if i and tokens[i - 1].kind == "NAME":
        name = tokens[i - 1].text
        message = said("`{name}[` is an index, and entries of arrays are not read", name=name)
        return Fault(message, tokens[i].span, said("a number of a name is part of it: {name}1", name=name))
    return Fault(
        said('square brackets hold a list, and only a function takes one'),
        tokens[i].span, said('use ( and )'),
    )  # fmt: skip
