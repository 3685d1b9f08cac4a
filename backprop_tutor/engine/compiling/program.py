"""One written program: its lines, what it returns, and what it leaves in gradients and versions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from zlib import compress, decompress

import numpy as np

from ..autograd.tape import Tensor
from ..optim.adam import FLUSH_EVERY, flush_moment
from ..tensors.quiet import hush, unhush
from ..tensors.randomness import default_generator
from .arranging import Arrangement
from .checks import CHECKS
from .following import Followed
from .guarding import guards
from .returning import Returned
from .stepping import lasting
from .stores import aligned, laid
from .ticking import Ticking
from .values import Value
from .writing import Lines, compiled, statements

__all__ = ["Program"]


class Program:
    """A written step: called with the arguments' leaves, `run` returns what the step does, or why not."""

    plan: Arrangement

    def __init__(self, followed: Followed, arguments: list[Any], result: Any) -> None:
        self.followed = followed
        self.lines: Lines = Lines()
        self.names: list[str] = [f"a{i}" for i in range(len(arguments))]
        self._write(arguments, result)
        for ticking in followed.steps.tickings.values():
            ticking.values.clear()
            ticking.optimizer._let_go()
        del self.followed, self.plan  # with every recorded array
        self.run: Callable[..., Any] = compiled(self.lines, self.names)
        self._text: bytes = compress(self.lines.source("step", self.names).encode())
        self.lines.lines.clear()
        self._base: list[int] = []
        self._bases: list[int] = []
        self.form: Any = None
        self.plain: bool = False
        self._bind()

    @property
    def source(self) -> str:
        """The program as it is read."""
        return decompress(self._text).decode()

    # writing

    def _write(self, arguments: list[Any], result: Any) -> None:
        followed, lines = self.followed, self.lines
        values = followed.values
        grads = {p: g for p, g in followed.grads.items() if g is not None and g.op != "gradient"
                 and not (g.into is not None and g.into.op == "gradient")}
        stored: dict[Value, str] = {}
        self.leaves: list[tuple[Any, str]] = []
        for i, (p, g) in enumerate(grads.items()):
            stored[lasting(followed.kernel, g, stored)] = f"d{i}"
            self.leaves.append((p, f"d{i}"))
        for _, gathered in followed.steps.stretches:
            for g in gathered:  # a gradient that was forgotten after the step has a place, too
                stored.setdefault(g, f"d{len(stored)}")
        returned = Returned(followed, lines, result)
        puts = [v for v in values.all if v.into is not None]
        roots = [*stored, *puts, *returned.values]
        roots += [v for _, operands, _ in followed.ways.checks for v in operands]
        checked = [operands[0] for _, operands, _ in followed.ways.checks if not operands[0].leaf]
        self.plan = plan = Arrangement(values.all, roots, stored, checked)
        self.flats: list[tuple[str, list[str]]] = [(plan.names[whole], [plan.names[g] for g in gathered])
                      for whole, gathered in followed.steps.stretches]
        for whole, names in self.flats:
            _lay(plan.arrays, whole, names)
        guards(lines, followed, plan.names, arguments)
        self._incoming(plan)
        after = self._checks(plan)
        self._ticks()
        lines.namespace.update(hush=hush, unhush=unhush, draw=default_generator.uniform64)
        if self.leaves:
            lines.namespace["settle"] = self._settle
            told = " or ".join(f"{lines.object(p, 'p')}._arrived is not {name}" for p, name in self.leaves)
            lines.add(f"if {told}: settle()", "gradients that somebody holds are left alone")
        lines.add("quiet = hush()")
        lines.add("try:")
        inner = Lines()
        inner.namespace, inner._objects = lines.namespace, lines._objects
        statements(inner, plan, after)
        lines.hoisted = inner.hoisted
        for code, about in inner.lines or [("pass", "")]:
            lines.add(f"    {code}", about)
        lines.add("finally: unhush(quiet)")
        self._leave(plan)
        lines.add(f"return {returned.text(plan)}")

    def _incoming(self, plan: Arrangement) -> None:
        self.lines.namespace["arrived"] = _arrived
        for v in plan.leaves:
            if v.op == "gradient":
                name, held = plan.names[v], self.lines.object(v.held, "p")
                self.lines.add(f"{name} = arrived({held})", "the gradient of the steps before")
                self.lines.add(f"if {name} is None: return MISS")
        for p, array in self.followed.had.items():
            if array is None and self.followed.grads.get(p) is not None and p in self.followed.asked:
                self.lines.add(f"if {self.lines.object(p, 'p')}._arrived is not None: return MISS")

    def _checks(self, plan: Arrangement) -> dict[Value, list[str]]:
        """Write the checks of arguments at once; return those of computed values, to follow these."""
        lines = self.lines
        after: dict[Value, list[str]] = {}
        late = False
        for kind, operands, settings in self.followed.ways.checks:
            lines.namespace.update(CHECKS)
            name = plan.names[operands[0]]
            known = ", ".join(f"{value!r}" for value in settings.values())
            test = f"if {kind}({name}{', ' + known if known else ''}): return EAGER"
            if operands[0].leaf:
                lines.add(test, "what an eager step refuses")
            else:
                late = True
                if self.followed.ways.draws:
                    test = test.replace("return EAGER", "rewind(); return EAGER")
                after.setdefault(operands[0], []).append(test)
        if late and self.followed.ways.draws:
            held: list[Any] = []
            lines.namespace["mark"] = lambda: held.__setitem__(
                slice(None), [default_generator.get_state()])
            lines.namespace["rewind"] = lambda: default_generator.set_state(held[0])
            lines.add("mark()", "where the generator stands")
        return after

    def _ticks(self) -> None:
        for ticking in self.followed.steps.tickings.values():
            if ticking.update.counts and ticking.arrays:
                self.lines.add(f"{self.lines.object(ticking.tick, 'f')}()", "this step's numbers")
            elif ticking.arrays:
                ticking.tick()

    def _leave(self, plan: Arrangement) -> None:
        """Write what the step leaves: gradients, versions, moments without denormal numbers."""
        lines, followed = self.lines, self.followed
        for p, name in self.leaves:
            lines.add(f"{lines.object(p, 'p')}._arrived = {name}", f"{self._name(p)}.grad")
        for p, g in followed.grads.items():
            if g is None:
                lines.add(f"{lines.object(p, 'p')}._arrived = None", f"{self._name(p)}.grad")
        counts: dict[str, int] = {}
        for tensor in followed.versions:
            held = lines.object(tensor, "p")
            counts[held] = counts.get(held, 0) + 1
        for held, count in counts.items():
            lines.add(f"{held}._ver[0] += {count}")
        lines.namespace["advance"] = _advance
        for p in followed.grad_versions:
            lines.add(f"advance({lines.object(p, 'p')})")
        for ticking in followed.steps.tickings.values():
            if ticking.moments:
                lines.add(f"{lines.object(_Flushing(ticking), 'f')}()", "moments next to 0")

    def _name(self, p: Any) -> str:
        return self.followed.watch.reader.names.get(id(p), "a parameter")

    # gradients that somebody may hold

    def _bind(self) -> None:
        """Compute the views that stay, and count who holds the gradients' arrays."""
        space = self.lines.namespace
        for name, view in self.lines.hoisted:
            space[name] = view(space)
        self._base = [sys.getrefcount(space[name]) for _, name in self.leaves]
        self._bases = [sys.getrefcount(space[whole]) for whole, _ in self.flats]

    def _settle(self) -> None:
        """Give up arrays of gradients that somebody may hold, for new ones."""
        space = self.lines.namespace
        anew = set()
        for (p, name), base in zip(self.leaves, self._base, strict=True):
            held = p._arrived
            if held is space[name]:
                p._arrived = held = None
            elif held.__class__ is Tensor and held._a is space[name] and sys.getrefcount(held) <= 3:
                held.__dict__.clear()
                p._arrived = held = None
            if sys.getrefcount(space[name]) > base:
                anew.add(name)
        for (whole, names), base in zip(self.flats, self._bases, strict=True):
            if sys.getrefcount(space[whole]) > base or not anew.isdisjoint(names):
                anew.difference_update(names)
                _lay(space, whole, names)
                anew.add("")
        for name in anew - {""}:
            space[name] = aligned(space[name].shape, space[name].dtype)
        if anew:
            self._bind()


class _Flushing:
    """Looks now and then for moments that are about to become denormal."""

    def __init__(self, ticking: Ticking) -> None:
        self.ticking = ticking

    def __call__(self) -> None:
        if float(self.ticking.steps[0]._a) % FLUSH_EVERY == 0:
            for moment in self.ticking.moments:
                flush_moment(moment)


def _lay(space: dict[str, Any], whole: str, names: list[str]) -> None:
    """Give gradients new memory, one after the other in a stretch."""
    shapes = [space[name].shape for name in names]
    space[whole] = aligned((sum(space[name].size for name in names),), space[names[0]].dtype)
    space.update(zip(names, laid(space[whole], shapes), strict=True))


def _arrived(p: Any) -> Any:
    held = p._arrived
    if held is None or held.__class__ is np.ndarray:
        return held
    return None if held._rg else held._a


def _advance(p: Any) -> None:
    if p._grad is not None:
        p._grad._ver[0] += 1
