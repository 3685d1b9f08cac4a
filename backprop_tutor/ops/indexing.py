"""The rows of indexing: what picks entries by places, puts them back, or chooses between two."""

from __future__ import annotations

from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Operand, Shape, Size, axis_of, broadcast, shown
from .tensor_record import Sample, TensorOperation, Torch

__all__ = ["ROWS"]


def _parts(key: Any, shape: Shape) -> list[Any]:
    """Return a key with `...` and what it leaves out spelled as whole slices; None is a new axis."""
    rank = len(shape)
    listed = list(key) if isinstance(key, tuple) else [key]
    used = sum(1 for part in listed if part is not None and part is not Ellipsis)
    if used > rank:
        reason = (
            N_("{name} is a number and has no entries to be picked") if not rank else
            N_("{name} is {shape} and has one axis, and {m} indices are given") if rank == 1 else
            N_("{name} is {shape} and has {n} axes, and {m} indices are given")
        )  # fmt: skip
        taking = [i for i, part in enumerate(listed) if part is not None and part is not Ellipsis]
        raise Misfit(reason, part=taking[rank], name=Operand(0), shape=shown(shape), m=used, n=rank)
    if Ellipsis not in listed:
        listed.append(Ellipsis)
    at = listed.index(Ellipsis)
    return [*listed[:at], *[slice(None)] * (rank - used), *listed[at + 1 :]]


def _sliced(part: slice, n: Size) -> Size:
    if part == slice(None):
        return n
    if isinstance(n, str):
        raise Misfit(said(N_("how many of {n} entries a slice takes is not known before the numbers"), n=n))
    return len(range(*part.indices(n)))


def _index_shape(a: Shape, key: Any = ()) -> Shape:
    found: list[Any] = []
    picked: list[Any] = []
    wrong: list[Misfit] = []
    front, dim = -1, 0
    for part in _parts(key, a):
        if part is None:
            found.append(1)
            continue
        n = a[dim]
        if isinstance(part, slice):
            found.append(_sliced(part, n))
        elif isinstance(part, int):
            if isinstance(n, int) and not -n <= part < n:
                wrong.append(_no_entry(key, a, part, dim))
        else:  # an array of places
            picked.append(tuple(part.shape))
            front = len(found) if front < 0 else front
        dim += 1
    if wrong:
        wrong[0].also = tuple(wrong[1:])
        raise wrong[0]
    if picked:
        found[front:front] = broadcast(*picked)
    return tuple(found)


def _no_entry(key: Any, shape: Shape, place: int, axis: int) -> Misfit:
    """Return the misfit of a place beyond an axis; `part` is where it stands among those of the key."""
    listed = list(key) if isinstance(key, tuple) else [key]
    rest = listed.index(Ellipsis) if Ellipsis in listed else len(listed)
    taking = [i for i, part in enumerate(listed) if part is not None and part is not Ellipsis]
    front = sum(1 for i in taking if i < rest)
    number = axis if axis < front else axis - (len(shape) - len(taking))
    n = shape[axis]
    reason = (
        N_("there is no entry {i} along axis {axis} of {name}, {shape}: the only one is 0") if n == 1 else
        N_("there is no entry {i} along axis {axis} of {name}, {shape}: they count from 0 to {last}")
    )  # fmt: skip
    last = n - 1 if isinstance(n, int) else n
    return Misfit(reason, part=taking[number], i=place, axis=axis, name=Operand(0), shape=shown(shape),
                  last=last)


def _is_plain(key: Any) -> bool:
    """Return whether a key names no entry twice: numbers and slices do not, arrays may."""
    return not any(hasattr(part, "dtype") for part in (key if isinstance(key, tuple) else (key,)))


def _index_indices(a: Any, key: Any = ()) -> str:
    names = iter(letters(len(a) + 3))
    target, own, dim = [], [], 0
    for part in _parts(key, a):
        if part is None:
            target.append("0")
            continue
        if isinstance(part, slice):
            start, _, step = part.indices(a[dim])
            name = next(names)
            target.append(name)
            own.append(name if (start, step) == (0, 1) else f"{start} + {step}·{name}")
        else:
            own.append(str(part % a[dim]))
        dim += 1
    out = f"out[{','.join(target)}]" if target else "out"
    return f"{out} = a[{','.join(own)}]"


INDEX = TensorOperation(
    name="index", operands=("a",), sign="[ ]", rule=N_("picking"), options=(("key", ()),),
    shape=_index_shape,
    forward=lambda k, a, key=(): k.index(a, key),
    backward=(lambda k, g, out, a, key=(): k.put(g, key, k.shape(a), _is_plain(key)),),
    because=(N_("what was picked gets its δ, the rest 0; what was picked twice gets both"),),
    indices=_index_indices,
    samples=(
        Sample(((2, 3),), (("key", (0, 2)),)), Sample(((2, 3),), (("key", (slice(None), 1)),)),
        Sample(((4, 2),), (("key", slice(1, 4, 2)),)), Sample(((2, 3),), (("key", (Ellipsis, None, -1)),)),
        Sample(((2, 3),), (("key", (slice(1, 1),)),)),
    ),
    torch=Torch(name="__getitem__", top=False, nodes=(
        "SelectBackward0", "SliceBackward0", "UnsqueezeBackward0", "AliasBackward0", "IndexBackward0")),
)


def _along_shape(a: Shape, places: Shape, axis: int = 0) -> Shape:
    at = axis_of(axis, len(a))
    if len(places) != len(a):
        raise Misfit(said(N_("places {first} need as many axes as {second}"), first=shown(places),
                          second=shown(a)))
    for i, (m, n) in enumerate(zip(places, a, strict=True)):
        if i != at and isinstance(m, int) and isinstance(n, int) and m > n:
            raise Misfit(said(N_("places {first} reach beyond {second} along axis {axis}"),
                              first=shown(places), second=shown(a), axis=i))
    return places


def _along(rank: int, axis: int, name: str) -> str:
    names = letters(rank)
    places = f"places[{','.join(names)}]"
    at = axis_of(axis, rank)
    return f"{name}[{','.join([*names[:at], places, *names[at + 1:]])}]"


GATHER = TensorOperation(
    name="gather", operands=("a", "places"), spelled=("gather",), sign="pick", rule=N_("picking"),
    options=(("axis", 0),), shape=_along_shape,
    forward=lambda k, a, places, axis=0: k.take_along(a, places, axis),
    backward=(
        lambda k, g, out, a, places, axis=0: k.put_along(g, places, axis, k.shape(a)), None,
    ),
    because=(N_("what was picked gets its δ, the rest 0; what was picked twice gets both"), ""),
    indices=lambda a, places, axis=0: (
        f"out[{','.join(letters(len(a)))}] = {_along(len(a), axis, 'a')}"),
    samples=(Sample(((3, 2), (2, 2)), draws=("normal", 3)),
             Sample(((2, 3), (2, 4)), (("axis", 1),), ("normal", 3)),
             Sample(((3,), (2,)), draws=("normal", 3))),
    torch=Torch(nodes=("GatherBackward0",)),
)


def _added_shape(a: Shape, places: Shape, b: Shape, axis: int = 0) -> Shape:
    _along_shape(a, places, axis)
    if b != places:
        raise Misfit(said(N_("what is added, {first}, needs the shape of its places, {second}"),
                          first=shown(b), second=shown(places)))
    return a


SCATTER_ADD = TensorOperation(
    name="scatter_add", operands=("a", "places", "b"), sign="put", rule=N_("picking"),
    options=(("axis", 0),),
    shape=_added_shape,
    forward=lambda k, a, places, b, axis=0: a + k.put_along(b, places, axis, k.shape(a)),
    backward=(
        lambda k, g, out, a, places, b, axis=0: g, None,
        lambda k, g, out, a, places, b, axis=0: k.take_along(g, places, axis),
    ),
    because=(
        N_("what is added to keeps its δ"), "", N_("what is added gets the δ of the place it went to"),
    ),
    indices=lambda a, places, b, axis=0: (
        f"out[{','.join(letters(len(a)))}] = a[{','.join(letters(len(a)))}] + "
        + "".join(f"Σ s{i} " for i in range(len(a))) + "where(" + _scattered(len(a), axis) + ")"),
    samples=(Sample(((3, 2), (2, 2), (2, 2)), draws=("normal", 3)),
             Sample(((2, 3), (2, 2), (2, 2)), (("axis", 1),), ("normal", 3))),
    torch=Torch(nodes=("ScatterAddBackward0",), writes=True),
)


def _scattered(rank: int, axis: int) -> str:
    """Return the condition that an entry of b went to the place at hand, that entry, and 0."""
    names, at = letters(rank), axis_of(axis, rank)
    sources = ",".join(f"s{i}" for i in range(rank))
    same = " + ".join(
        f"abs({f'places[{sources}]' if i == at else f's{i}'} − {names[i]})" for i in range(rank))
    return f"{same} = 0, b[{sources}], 0"


ONE_HOT = TensorOperation(
    name="one_hot", operands=("labels",), spelled=("onehot",), sign="1hot", rule=N_("picking"),
    options=(("classes", 0),), shape=lambda labels, classes=0: (*labels, classes),
    forward=lambda k, labels, classes=0: k.one_hot(labels, classes, labels),
    backward=(None,), because=("",),
    indices=lambda labels, classes=0: (
        f"out[{','.join([*letters(len(labels)), 'c'])}] = where(c = "
        + (f"labels[{','.join(letters(len(labels)))}]" if labels else "labels") + ", 1, 0)"),
    samples=(Sample(((3,),), (("classes", 3),), (3,)), Sample(((2, 2),), (("classes", 4),), (4,)),
             Sample(((0,),), (("classes", 2),), (2,))),
    torch=Torch(nodes=(), top=False, method=False, functional="one_hot"),
)


def _chosen(name: str, shape: Any, whole: Any) -> str:
    lead = len(whole) - len(shape)
    own = ["0" if n == 1 else letters(len(whole))[i + lead] for i, n in enumerate(shape)]
    return f"{name}[{','.join(own)}]" if own else name


def _choice_indices(condition: Any, a: Any, b: Any) -> str:
    whole = broadcast(condition, a, b)
    names = letters(len(whole))
    out = f"out[{','.join(names)}]" if names else "out"
    return (f"{out} = where({_chosen('condition', condition, whole)} = 0, {_chosen('b', b, whole)}, "
            f"{_chosen('a', a, whole)})")


WHERE = TensorOperation(
    name="choose", operands=("condition", "a", "b"), sign="if", rule=N_("choosing"),
    shape=lambda condition, a, b: broadcast(condition, a, b),
    forward=lambda k, condition, a, b: k.where(condition, a, b),
    backward=(
        None,
        lambda k, g, out, condition, a, b: k.fit(k.where(condition, g, k.zeros_like(g)), k.shape(a)),
        lambda k, g, out, condition, a, b: k.fit(k.where(condition, k.zeros_like(g), g), k.shape(b)),
    ),
    because=(
        "", N_("where it is chosen, δ passes; elsewhere it has no part"),
        N_("where it is chosen, δ passes; elsewhere it has no part"),
    ),
    indices=_choice_indices,
    samples=(Sample(((2, 3), (2, 3), (3,)), draws=(2,)), Sample(((3,), (), (2, 1)), draws=(2,))),
    torch=Torch(name="where", nodes=("WhereBackward0", "MaskedFillBackward0")),
)

ROWS = (INDEX, GATHER, SCATTER_ADD, ONE_HOT, WHERE)
