"""Assignments in an order in which they can be computed, where they were typed in another one.

Enters: assignments as typed. Leaves: the same ones, each behind what it uses, otherwise as typed, and a
remark that says so. Names that use each other in a ring, or are assigned twice, stay as they are: what
is wrong with them is `assignments.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from ..sentences import said
from .shown_names import shown_name
from .tree import Assignment, free_names

__all__ = ["in_order"]

_MOST_NAMED = 12


def in_order(assignments: Sequence[Assignment]) -> tuple[list[Assignment], tuple[str, ...]]:
    """Return the assignments, each behind what it uses, and remarks where they moved.

    The last one is the output. Where the last one typed is used by another, it is the one that
    nothing uses; of several the last, and a remark says so.

    >>> from backprop_tutor.language import parse
    >>> parse("z = x^2 + y; x = u + v; y = u*v").assigned
    ('x', 'y', 'z')
    """
    found = list(assignments)
    home = {target: i for i, one in enumerate(found) for target in one.targets}
    if len(home) < sum(len(one.targets) for one in found):
        return found, ()
    needs = [
        {home[name] for name in free_names(one.expression) if name in home} for one in found
    ]  # fmt: skip
    if all(need < i for i, used in enumerate(needs) for need in used):
        return found, ()
    used = {need for each in needs for need in each}
    ends = [i for i in range(len(found)) if i not in used]
    order = _sorted(needs)
    if len(order) < len(found):
        return found, ()
    last = len(found) - 1 if len(found) - 1 not in used else ends[-1]
    order.remove(last)
    order.append(last)
    moved = [found[i] for i in order]
    names = [shown_name(target) for one in moved for target in one.targets]
    listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
    remarks = [said("read in the order {names}: each after what it uses", names=listed)]
    if len(ends) > 1 and last != len(found) - 1:
        shown = said(" and ").join(shown_name(found[i].targets[-1]) for i in ends)
        output = shown_name(found[last].targets[-1])
        remarks.append(
            said("nothing uses {names}; the output is {output}, the last of them, unless another is asked "
                 "for (of)", names=shown, output=output)
        )  # fmt: skip
    return moved, tuple(remarks)


def _sorted(needs: Sequence[set[int]]) -> list[int]:
    """Return numbers so that each stands behind those it needs, the earlier typed ones first."""
    waiting = [len(each) for each in needs]
    uses: list[list[int]] = [[] for _ in needs]
    for i, each in enumerate(needs):
        for need in each:
            uses[need].append(i)
    ready = [i for i, count in enumerate(waiting) if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        order.append(heappop(ready))
        for user in uses[order[-1]]:
            waiting[user] -= 1
            if not waiting[user]:
                heappush(ready, user)
    return order
