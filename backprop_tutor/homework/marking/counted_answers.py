"""Which of the answers that a notebook hands over count, where it is said what is asked for.

Enters: answers by names that a student may have chosen, and what is asked for. Leaves: the answers that
are asked for under their quantities' names, and lines on what is missing and what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import TutorError, quoted
from ...graph import Graph
from ...sentences import said
from ..quantities.quantity import asked_quantities, parse_quantity

__all__ = ["Counted", "counted_answers"]


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers that count.

    Attributes:
        answers: by quantity.
        missing: what is asked for and has no answer.
        lines: what is missing, and what was not asked for, in words.
        share: the answers' share of what is asked for.
    """

    answers: dict[str, Any]
    missing: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    share: float = 1.0


def counted_answers(
    graph: Graph, answers: Mapping[str, Any], asked: str | Iterable[str] | None,
    quantity: Callable[[str], str],
) -> Counted:  # fmt: skip
    """Return the answers that count.

    Args:
        graph: the problem's.
        answers: as they were given.
        asked: what is asked for; None for whatever is given.
        quantity: `quantity(name)`: the quantity that a short name means.

    Raises:
        UnknownNameError: something is asked for that the program does not have.
    """
    if asked is None:
        return Counted({quantity(name): value for name, value in answers.items()})
    listed = [asked] if isinstance(asked, str) else list(asked)
    names = [name if " " in name.strip() else quantity(name) for name in listed]  # "all gradients"
    wanted = [q.text for q in asked_quantities(graph, names)]
    found: dict[str, Any] = {}
    twice: set[str] = set()
    lines: list[str] = []
    for name, value in answers.items():
        try:
            text = parse_quantity(quantity(name), graph).text
        except TutorError as error:
            lines.append(f"  {error}")
            continue
        if text not in wanted:
            lines.append(said("  {given} is not asked for", given=quoted(text)))
        elif text in found:
            twice.add(text)
        elif value is not None and not (isinstance(value, str) and not value.strip()):
            found[text] = value
    for text in sorted(twice):
        del found[text]  # nobody knows which is meant
        lines.append(said("  {given} is answered twice", given=quoted(text)))
    missing = tuple(text for text in wanted if text not in found)
    if missing:
        lines.append(said("missing: {names}", names=", ".join(missing)))
    return Counted(found, missing, tuple(lines), len(found) / len(wanted) if wanted else 1.0)
