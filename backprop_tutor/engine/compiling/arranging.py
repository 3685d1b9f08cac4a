"""Where every value stands: which are needed, how long each lives, and whose memory it is computed in.

A value that a call of NumPy's writes with `out` gets an array that is made once. Arrays are used again as
soon as nothing reads them any more; a call entry by entry writes over an operand that it is the last to
read. Gradients that are left in `.grad`, and what is put into parameters, have places of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .stores import BLOCK, aligned
from .values import FORMS, Unwritable, Value

__all__ = ["Arrangement"]


class Arrangement:
    """The order of the calls and the place of each value.

    `order` are the values to compute, `names` what each is called, `arrays` the arrays made once, by name;
    `of` says of each value whose memory it shares: a value that owns its memory is its own owner.
    """

    def __init__(
        self, values: list[Value], roots: Iterable[Value], stored: dict[Value, str],
        checked: Iterable[Value] = (),
    ) -> None:
        self.names: dict[Value, str] = {}
        self.arrays: dict[str, Any] = {}
        self.fixed: set[Value] = set()
        needed = _needed(roots)
        self.order: list[Value] = [v for v in values if v in needed and not v.leaf]
        self._let_writes_wait(set(checked))
        self.leaves: list[Value] = [v for v in values if v in needed and v.leaf]
        self._refuse_late_reads()
        self._last = self._lives(roots)
        self._stored = stored
        self._owner: dict[Value, Value] = {}
        self._name_leaves()
        self._place()

    def owner(self, value: Value) -> Value:
        """Return the value in whose memory another one stands."""
        while value in self._owner:
            value = self._owner[value]
        return value

    def _let_writes_wait(self, checked: set[Value]) -> None:
        """Put what writes behind the last value that is checked, which may hand over to an eager step."""
        last = max((i for i, v in enumerate(self.order) if v in checked), default=-1)
        waiting: list[Value] = []
        held: set[Value] = set()
        first: list[Value] = []
        for v in self.order[: last + 1]:
            if v.into is not None or any(a in held for a in v.args):
                held.add(v)
                waiting.append(v)
            else:
                first.append(v)
        if held & checked:
            raise Unwritable("a value that an eager step checks depends on what the step has written")
        self.order = [*first, *waiting, *self.order[last + 1:]]

    def _refuse_late_reads(self) -> None:
        """Refuse a program in which an array is read after something else was put into it."""
        now: dict[Value, int] = {}  # how often each leaf's memory was written to
        standing: dict[Value, tuple[Value, int]] = {v: (v.within or v, 0) for v in self.leaves}
        for v in self.order:
            for a in v.args:
                place = standing.get(a)
                if place is not None and now.get(place[0], 0) != place[1]:
                    raise Unwritable("an array is read after it was written to, as it was before")
            if v.into is not None:
                memory = v.into.within or v.into
                now[memory] = now.get(memory, 0) + 1
                standing[v] = (memory, now[memory])
            elif _shares(v):
                for a in v.args:
                    if a in standing:
                        standing[v] = standing[a]

    def _lives(self, roots: Iterable[Value]) -> dict[Value, int]:
        last = {v: i for i, v in enumerate(self.order)}
        for i, v in enumerate(self.order):
            for a in v.args:
                last[a] = i
        for v in roots:
            last[v] = len(self.order)
        for v in reversed(self.order):  # what shares memory keeps it alive
            if _shares(v):
                for a in v.args:
                    last[a] = max(last.get(a, 0), last[v])
        return last

    def _name_leaves(self) -> None:
        letters = {"argument": "x", "kept": "w", "constant": "c", "setting": "s", "gradient": "gi"}
        counts = dict.fromkeys(letters.values(), 0)
        for v in self.leaves:
            letter = letters[v.op]
            self.names[v] = f"{letter}{counts[letter]}"
            counts[letter] += 1
            if v.op in ("kept", "constant", "setting"):
                self.fixed.add(v)
                self.arrays[self.names[v]] = v.array

    def _place(self) -> None:
        free: dict[Any, list[str]] = {}
        held: dict[Value, str] = {}
        made = 0
        for i, v in enumerate(self.order):
            kind = "fresh" if v.op in ("call", "draw") or v.op.endswith("_fresh") else FORMS[v.op].kind
            if v.into is not None:
                self.names[v] = self.names[v.into]
                if v.into in self.fixed:
                    self.fixed.add(v)
            elif kind in ("view", "inplace"):
                self._owner[v] = v.args[0]
                if kind == "inplace":
                    self.names[v] = self.names[v.args[0]]
                else:
                    self.names[v] = f"t{v.number}"
                if v.args[0] in self.fixed:
                    self.fixed.add(v)
            elif kind == "fresh":
                self.names[v] = f"t{v.number}"
            elif kind == "gathered":
                self.names[v] = f"v{v.number}"
                self.fixed.add(v)
            else:
                name = self._stored.get(v)
                if name is None:
                    name = self._over(v, i, held) if kind == "ufunc" else None
                if name is None:
                    key = (v.shape, v.dtype)
                    if free.get(key):
                        name = free[key].pop()
                    else:
                        name, made = f"m{made}", made + 1
                        self.arrays[name] = aligned(v.shape, v.dtype)
                    held[v] = name
                elif v not in self._stored:
                    held[v] = name
                else:
                    self.arrays[name] = aligned(v.shape, v.dtype)
                self.names[v] = name
                self.fixed.add(v)
            self._release(v, i, held, free)

    def runs(self) -> list[list[Value]]:
        """Return the calls entry by entry on long stretches that follow one another."""
        found: list[list[Value]] = [[]]
        for v in self.order:
            shape = v.shape
            alike = len(shape) == 1 and shape[0] > BLOCK and v.op in FORMS and (
                FORMS[v.op].kind == "ufunc") and all(
                a.shape in ((), shape) and (not a.shape or a in self.fixed) for a in v.args)
            if alike and (not found[-1] or found[-1][-1].shape == shape):
                found[-1].append(v)
            else:
                found.append([v] if alike else [])
        return [run for run in found if len(run) > 1]

    def pass_through(self, run: list[Value]) -> None:
        """Give what only a run computes and reads no more memory than one block needs."""
        inside = set(run)
        end = max(i for i, v in enumerate(self.order) if v in inside)
        lasting = {self.names[v] for v in self._last
                   if v in self.names and (v not in inside or self._last[v] > end)}
        for name in {self.names[v] for v in run} - lasting:
            if name.startswith("m"):
                self.arrays[name] = aligned((BLOCK,), self.arrays[name].dtype)

    def _over(self, v: Value, i: int, held: dict[Value, str]) -> str | None:
        """Return the place of an operand that the call may write over."""
        for a in v.args:
            if a in held and a.shape == v.shape and a.dtype == v.dtype and self._last[a] == i:
                return held.pop(a)
        return None

    def _release(self, v: Value, i: int, held: dict[Value, str], free: dict[Any, list[str]]) -> None:
        for a in {self.owner(each) for each in (*v.args, v)}:
            if a in held and self._last[a] <= i:
                free.setdefault((a.shape, a.dtype), []).append(held.pop(a))


def _shares(v: Value) -> bool:
    """Return whether a value may stand in an operand's memory; what a function returns may, too."""
    return v.op == "call" or (v.op in FORMS and FORMS[v.op].kind in ("view", "inplace"))


def _needed(roots: Iterable[Value]) -> set[Value]:
    needed: set[Value] = set()
    waiting = list(roots)
    while waiting:
        v = waiting.pop()
        if v in needed:
            continue
        needed.add(v)
        waiting.extend(v.args)
        if v.into is not None:
            waiting.append(v.into)
    return needed
