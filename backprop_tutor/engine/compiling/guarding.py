"""What a program assumes, written as its first lines: where anything is otherwise, it does not run.

A guard costs some nanoseconds, so it is a comparison of identities wherever that is enough.
"""

from __future__ import annotations

from typing import Any

from ..autograd.tape import MODE, Tensor, anomaly_is_on
from ..tensors.dtypes import DEFAULT
from .following import Followed
from .reading import Lookup
from .ticking import Ticking
from .values import Value
from .writing import Lines

__all__ = ["EAGER", "MISS", "guards"]


class _Answer:
    """What a program returns where it did not run."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


MISS, EAGER = _Answer("MISS"), _Answer("EAGER")
"""Something is not as the program assumes; an eager step has something to say of these values."""

def guards(lines: Lines, followed: Followed, names: dict[Value, str], arguments: list[Any]) -> None:
    """Write what must hold for the program to run, and read the arguments."""
    space = lines.namespace
    space.update(MISS=MISS, EAGER=EAGER, MODE=MODE, Tensor=Tensor, anomaly=anomaly_is_on, DEFAULT=DEFAULT,
                 odd=_odd, differs=_differs)
    lines.add(f"if not MODE.grad or MODE.inference or anomaly() or DEFAULT[0] is not "
              f"{lines.object(DEFAULT[0])}: return MISS" if MODE.grad else
              f"if MODE.grad or MODE.inference or anomaly() or DEFAULT[0] is not "
              f"{lines.object(DEFAULT[0])}: return MISS", "how operations are recorded")
    _arguments(lines, names, arguments)
    conditions = [*_lookups(lines, followed), *_tensors(lines, followed), *_optimizers(lines, followed)]
    lines.add("try:")
    for start in range(0, len(conditions), 4):
        lines.add(f"    if {' or '.join(conditions[start:start + 4])}: return MISS")
    if not conditions:
        lines.add("    pass")
    lines.add("except (KeyError, IndexError, AttributeError, ValueError): return MISS")


def _arguments(lines: Lines, names: dict[Value, str], arguments: list[Any]) -> None:
    read = {id(v.held): name for v, name in names.items() if v.op == "argument"}
    for i, given in enumerate(arguments):
        first = next(j for j, each in enumerate(arguments) if each is given)
        if first != i and isinstance(given, Tensor):
            lines.add(f"if a{i} is not a{first}: return MISS", f"argument {i + 1}, the same as {first + 1}")
            continue
        if not isinstance(given, Tensor):
            held = lines.object(given)
            lines.add(f"if a{i} is not {held} and differs(a{i}, {held}): return MISS", "an argument")
            continue
        name = read.get(id(given), f"x_{i}")
        kind = lines.object(given._a.dtype)
        lines.add(f"if a{i}.__class__ is not Tensor or a{i}._rg or a{i}._ver is None "
                  f"or a{i}._base is not None and odd(a{i}): return MISS")
        lines.add(f"{name} = a{i}._a", f"argument {i + 1}")
        lines.add(f"if {name}.shape != {given._a.shape!r} or {name}.dtype is not {kind}: return MISS")


def _odd(given: Any) -> bool:
    return bool(given.requires_grad)


def _differs(now: Any, held: Any) -> bool:
    return not Lookup("item", [now], 0, held, "").same()


def _lookups(lines: Lines, followed: Followed) -> list[str]:
    found = []
    seen = set()
    for each in followed.watch.reader.lookups:
        key = (each.kind, id(each.place), type(each.key), each.key)
        if key in seen:
            continue
        seen.add(key)
        place, held = lines.object(each.place, "g"), lines.object(each.held, "h")
        now = {
            "item": f"{place}[{_key(lines, each.key)}]", "cell": f"{place}.cell_contents",
            "length": f"len({place})",
            "attribute": f"{place}.{each.key}" if each.key in ("__defaults__", "__kwdefaults__") else "",
        }[each.kind]
        if each.kind == "length":
            found.append(f"{now} != {int(each.held)}")
        elif isinstance(each.held, (int, float, str)) and not isinstance(each.held, bool):
            found.append(f"({now} is not {held} and differs({now}, {held}))")
        else:
            found.append(f"{now} is not {held}")
    for module in followed.watch.reader.modules:
        for places in ("_parameters", "_buffers", "_modules"):
            inside = module.__dict__[places]
            if inside:
                found.append(f"len({lines.object(inside, 'g')}) != {len(inside)}")
            for key, held in inside.items():
                found.append(f"{lines.object(inside, 'g')}[{lines.object(key, 'h')}] is not "
                             f"{lines.object(held, 'h')}")
    return found


def _key(lines: Lines, key: Any) -> str:
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else lines.object(key, "h")


def _tensors(lines: Lines, followed: Followed) -> list[str]:
    found = []
    for place in followed.places.values():
        tensor = place.leaf.held
        if place.leaf.op != "kept":
            continue
        held, array = lines.object(tensor, "p"), lines.object(tensor._a, "h")
        found.append(f"{held}._a is not {array}")
        if tensor._a.dtype.kind == "f" and not _state(followed, tensor):
            found.append(f"{'not ' if tensor._rg else ''}{held}._rg")
        lines.namespace["hooked"] = _hooked
        if tensor._rg:
            found.append(f"({held}.__dict__ and hooked({held}))")
    return found


def _hooked(tensor: Any) -> bool:
    return any(tensor.__dict__.get(name) for name in ("_hooks", "_after_hooks"))


def _state(followed: Followed, tensor: Any) -> bool:
    return any(
        tensor is each for ticking in followed.steps.tickings.values()
        for state in ticking.optimizer.state.values() for each in state.values()
    )


def _optimizers(lines: Lines, followed: Followed) -> list[str]:
    found = []
    optimizers = {id(t.optimizer): t.optimizer for t in followed.steps.tickings.values()}
    found += [f"{lines.object(ticking.uneven, 'r')}()" for ticking in followed.steps.tickings.values()
              if ticking.update.counts and len(ticking.steps) > 1]
    for optimizer in optimizers.values():
        o = lines.object(optimizer, "o")
        own = lines.object(optimizer.__dict__.get("step"), "h")
        found += [f"{o}.__dict__.get({lines.object('step', 'h')}) is not {own}",
                  f"{o}._pre_hooks", f"{o}._post_hooks",
                  f"{o}.state is not {lines.object(optimizer.state, 'h')}",
                  f"len({o}.state) != {len(optimizer.state)}",
                  f"{o}.param_groups is not {lines.object(optimizer.param_groups, 'h')}",
                  f"len({o}.param_groups) != {len(optimizer.param_groups)}"]
        for i, group in enumerate(optimizer.param_groups):
            g = lines.object(group, "g")
            found.append(f"{o}.param_groups[{i}] is not {g}")
            found.append(f"len({lines.object(group['params'], 'h')}) != {len(group['params'])}")
            snapshot = lines.object(dict(group), "n")
            ticking = followed.steps.tickings[id(group)]
            renew = lines.object(_Renewal(ticking, lines.namespace[snapshot]), "r")
            found.append(f"({g} != {snapshot} and {renew}())")
        for p, state in optimizer.state.items():
            found.append(f"{o}.state[{lines.object(p, 'p')}] is not {lines.object(state, 'g')}")
            for name, held in state.items():
                found.append(f"{lines.object(state, 'g')}[{lines.object(name, 'h')}] is not "
                             f"{lines.object(held, 'h')}")
    return found


class _Renewal:
    """Takes over a group's changed numbers; says True where the program cannot."""

    def __init__(self, ticking: Ticking, snapshot: dict[str, Any]) -> None:
        self.ticking, self.snapshot = ticking, snapshot

    def __call__(self) -> bool:
        group = self.ticking.group
        if (
            group.keys() != self.snapshot.keys() or group["params"] is not self.snapshot["params"]
            or isinstance(group["lr"], Tensor) or self.ticking.update.shape(group) != self.ticking.shape
        ):
            return True
        self.snapshot.update(group)
        self.ticking.tick()
        return False
