r"""A formula by cases, `\begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}`, as `where`.

Enters: the tokens of a formula, its words read, with cases between CASES and CASES_END. Leaves: the
tokens of `where(x > 0, a, b)`, nested for more rows, and a fault for cases that leave a gap or say
nothing for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import Fault, Span
from ..sentences import N_, said
from .tokens import Token

__all__ = ["arrange_cases"]

_OPPOSITE = {">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_OTHERWISE = N_('the last row says \\text{otherwise}')


@dataclass(slots=True)
class _Row:
    """A row: its value, what stands behind the `&`, and whether that is `otherwise`."""

    value: list[Token] = field(default_factory=list)
    when: list[Token] = field(default_factory=list)
    parted: bool = False
    otherwise: bool = False

    @property
    def current(self) -> list[Token]:
        return self.when if self.parted else self.value


@dataclass(slots=True)
class _Cases:
    """A formula by cases while it is read."""

    mark: Token
    rows: list[_Row] = field(default_factory=lambda: [_Row()])


def arrange_cases(tokens: list[Token]) -> tuple[list[Token], list[Fault]]:
    """Return the tokens with every formula by cases as a choice, and the faults."""
    if all(token.kind != "CASES" for token in tokens):
        return tokens, []
    faults: list[Fault] = []
    found: list[Token] = []
    opened: list[_Cases] = []
    for token in tokens:
        if token.kind == "CASES":
            opened.append(_Cases(token))
            continue
        if not opened:
            found.append(token)
            continue
        row = opened[-1].rows[-1]
        if token.kind == "CASES_END":
            cases = opened.pop()
            chosen, wrong = _chosen(cases, token)
            faults += wrong
            (opened[-1].rows[-1].current if opened else found).extend(chosen)
        elif token.kind == "ROW":
            opened[-1].rows.append(_Row())
        elif token.kind == "AMP" and not row.parted:
            row.parted = True
        elif token.kind == "AMP":
            faults.append(
                Fault(
                    said("a row of cases has one `&`"),
                    token.span,
                    said("a value, then its condition"),
                )
            )
        elif token.kind == "ELSE":
            row.otherwise = True
        else:
            row.current.append(token)
    return found, faults


def _chosen(cases: _Cases, end: Token) -> tuple[list[Token], list[Fault]]:
    """Return the tokens of a choice, or of a constant in its place and what is wrong."""
    rows = [row for row in cases.rows if row.value or row.when or row.parted]
    for part in (part for row in rows for part in (row.value, row.when)):
        while part and part[-1].kind == "COMMA":
            part.pop()
    fault = _fault(rows, cases.mark.span)
    if fault is not None:
        place = cases.mark.span
        stand_in = (Token("LPAR", "(", place), Token("NUMBER", "0", place), Token("RPAR", ")", place))
        return list(stand_in), [fault]
    out: list[Token] = []
    for row in rows[:-1]:
        mark = row.when[0].span
        out += [Token("FUNCTION", "where", cases.mark.span), Token("LPAR", "(", mark), *row.when,
                Token("COMMA", ",", mark), *row.value, Token("COMMA", ",", mark)]  # fmt: skip
    out += rows[-1].value
    return [*out, *(Token("RPAR", ")", end.span) for _ in rows[:-1])], []


def _fault(rows: list[_Row], span: Span) -> Fault | None:
    if len(rows) < 2:
        return Fault(
            said("cases are two rows or more"), span, said("a & x > 0 \\\\ b & \\text{otherwise}")
        )
    for row in rows:
        if not row.value:
            return Fault(
                said("a row of cases without a value"), span, said("a value, `&`, its condition")
            )
        if not row.when and not row.otherwise:
            return Fault(said('a row of cases without a condition'), row.value[0].span,
                         said('a value, `&`, its condition'))  # fmt: skip
    early = next((row for row in rows[:-1] if row.otherwise), None)
    if early is not None:
        return Fault(said("`otherwise` stands in the last row alone"), early.value[0].span)
    last = rows[-1]
    if not last.otherwise and not (len(rows) == 2 and _is_opposite(rows[0].when, last.when)):
        return Fault(
            said("cases may leave a gap, or say two things at once"), last.when[0].span, _OTHERWISE
        )
    return None


def _is_opposite(one: list[Token], other: list[Token]) -> bool:
    """Return whether one condition holds just where the other does not: x > 0 and x <= 0."""
    if [t.kind for t in one] != [t.kind for t in other]:
        return False
    return all(
        b.text == (_OPPOSITE[a.text] if a.kind == "COMPARE" else a.text)
        for a, b in zip(one, other, strict=True)
    )
