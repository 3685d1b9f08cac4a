"""The rows of shape: what rearranges, repeats, joins and takes apart without computing."""

from __future__ import annotations

from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Shape, added, axes_of, axis_of, broadcast, multiplied, shown
from .tensor_record import Sample, TensorOperation, Torch

__all__ = ["ROWS"]


def _entry(name: str, indices: list[str]) -> str:
    return f"{name}[{','.join(indices)}]" if indices else name


def _swapped(items: Any, first: int, second: int) -> Any:
    found = list(items)
    if found:
        found[first], found[second] = found[second], found[first]
    return found


def _transpose_shape(a: Shape, first: int = -2, second: int = -1) -> Shape:
    if len(a) < 2 and (first, second) == (-2, -1):
        raise Misfit(said(N_("only what has rows and columns can be turned, and {shape} has not"),
                          shape=shown(a)))
    return tuple(_swapped(a, axis_of(first, len(a)), axis_of(second, len(a))))


def _transpose_indices(a: Any, first: int = -2, second: int = -1) -> str:
    names = letters(len(a))
    turned = _swapped(names, axis_of(first, len(a)), axis_of(second, len(a)))
    return f"{_entry('out', turned)} = {_entry('a', names)}"


TRANSPOSE = TensorOperation(
    name="transpose", operands=("a",), spelled=("transpose",), sign="ᵀ", rule=N_("transpose"),
    options=(("first", -2), ("second", -1)), shape=_transpose_shape,
    forward=lambda k, a, first=-2, second=-1: k.swap(a, first, second),
    backward=(lambda k, g, out, a, first=-2, second=-1: k.swap(g, first, second),),
    because=(N_("rows and columns change places, and so they do on the way back"),),
    indices=_transpose_indices,
    samples=(Sample(((2, 3),)), Sample(((2, 3, 2),), (("first", 0), ("second", -1))), Sample(((0, 2),)),
             Sample(((1, 3),))),
    torch=Torch(nodes=("TransposeBackward0", "TBackward0"), also=("swapaxes", "swapdims"),
                reshapes=("TransposeBackward1",)),
)


def _order(axes: Any, rank: int) -> tuple[int, ...]:
    found = axes_of(tuple(axes), rank)
    if len(found) != rank:
        raise Misfit(said(N_("an order of {m} axes is not one of the {n} there are"), m=len(found), n=rank))
    return found


def _back(axes: Any, rank: int) -> tuple[int, ...]:
    """Return the order that undoes an order of axes."""
    order = _order(axes, rank)
    return tuple([order.index(i) for i in range(rank)])


PERMUTE = TensorOperation(
    name="permute", operands=("a",), spelled=("permute",), sign="axes", rule=N_("transpose"),
    options=(("axes", ()),),
    shape=lambda a, axes=(): tuple(a[i] for i in _order(axes, len(a))),
    forward=lambda k, a, axes=(): k.permute(a, axes),
    backward=(lambda k, g, out, a, axes=(): k.permute(g, _back(axes, len(axes))),),
    because=(N_("the axes change places, and change back on the way back"),),
    indices=lambda a, axes=(): (
        f"{_entry('out', [letters(len(a))[i] for i in _order(axes, len(a))])} = "
        f"{_entry('a', letters(len(a)))}"),
    samples=(Sample(((2, 3, 2),), (("axes", (2, 0, 1)),)), Sample(((2, 3),), (("axes", (-1, 0)),))),
    torch=Torch(nodes=("PermuteBackward0",)),
)


def _reshape_shape(a: Shape, shape: Shape = ()) -> Shape:
    size = multiplied(a)
    free = [i for i, n in enumerate(shape) if n == -1]
    if len(free) > 1:
        raise Misfit(said(N_("only one size can be left open, and {shape} leaves {count}"),
                          shape=shown(shape), count=len(free)))
    known = multiplied(n for n in shape if n != -1)
    if not free:
        if known != size:
            raise Misfit(said(N_("{first} has {m} entries and {second} has {n}"), first=shown(a), m=size,
                              second=shown(shape), n=known))
        return tuple(shape)
    if isinstance(size, int) and isinstance(known, int):
        if not known or size % known:
            raise Misfit(said(N_("the {m} entries of {first} do not fill rows of {n}"), m=size,
                              first=shown(a), n=known))
        rest: Any = size // known
    else:
        left, divisor = list(a), [n for n in shape if n != -1 and n != 1]
        for n in divisor:
            if n not in left:
                raise Misfit(said(N_("the {m} entries of {first} do not fill rows of {n}"), m=size,
                                  first=shown(a), n=known))
            left.remove(n)
        rest = multiplied(left)
    return tuple(rest if n == -1 else n for n in shape)


def _reshape_indices(a: Any, shape: Any = ()) -> str:
    names = letters(len(shape))
    whole: Any = _reshape_shape(a, shape)
    place, step = [], 1
    for name, n in zip(reversed(names), reversed(whole), strict=True):
        place.append(f"{step}·{name}" if step != 1 else name)
        step *= n
    flat = " + ".join(reversed(place)) or "0"
    own, step = [], 1
    for n in reversed(a):
        own.append(f"(({flat}) // {step}) % {n}")
        step *= n
    return f"{_entry('out', names)} = {_entry('a', own[::-1])}"


RESHAPE = TensorOperation(
    name="reshape", operands=("a",), spelled=("reshape",), sign="shape", rule=N_("reshape"),
    options=(("shape", ()),), shape=_reshape_shape, forward=lambda k, a, shape=(): k.reshape(a, shape),
    backward=(lambda k, g, out, a, shape=(): k.reshape(g, k.shape(a)),),
    because=(N_("the entries stay in their order, and δ goes back into the old shape"),),
    indices=_reshape_indices,
    samples=(Sample(((2, 3),), (("shape", (3, 2)),)), Sample(((2, 3),), (("shape", (-1,)),)),
             Sample(((4,),), (("shape", (2, -1, 1)),)), Sample(((0, 3),), (("shape", (3, 0)),)),
             Sample(((),), (("shape", (1, 1)),)), Sample(((1, 1),), (("shape", ()),))),
    torch=Torch(nodes=("ViewBackward0", "ReshapeAliasBackward0", "UnsafeViewBackward0")),
)


def _expand_shape(a: Shape, shape: Shape = ()) -> Shape:
    if broadcast(a, tuple(shape)) != tuple(shape):
        raise Misfit(said(N_("{first} does not spread to {second}"), first=shown(a), second=shown(shape)))
    return tuple(shape)


def _expand_indices(a: Any, shape: Any = ()) -> str:
    names, lead = letters(len(shape)), len(shape) - len(a)
    own = ["0" if n == 1 else names[i + lead] for i, n in enumerate(a)]
    return f"{_entry('out', names)} = {_entry('a', own)}"


EXPAND = TensorOperation(
    name="expand", operands=("a",), spelled=("broadcast_to",), sign="copy", rule=N_("broadcasting"),
    options=(("shape", ()),), shape=_expand_shape, forward=lambda k, a, shape=(): k.expand(a, shape),
    backward=(lambda k, g, out, a, shape=(): k.fit(g, k.shape(a)),),
    because=(N_("what is used several times gets the sum of what its uses hand back"),),
    indices=_expand_indices,
    samples=(Sample(((3,),), (("shape", (2, 3)),)), Sample(((2, 1),), (("shape", (2, 3)),)),
             Sample(((),), (("shape", (2, 2)),)), Sample(((2, 3),), (("shape", (2, 3)),)),
             Sample(((1,),), (("shape", (0,)),))),
    torch=Torch(name="broadcast_to", nodes=("ExpandBackward0",)),
)

def _flip_shape(a: Shape, axes: Any = ()) -> Shape:
    axes_of(tuple(axes), len(a))
    return a


FLIP = TensorOperation(
    name="flip", operands=("a",), spelled=("flip",), sign="flip", rule=N_("rearranging"),
    options=(("axes", ()),), shape=_flip_shape,
    forward=lambda k, a, axes=(): k.flip(a, axes),
    backward=(lambda k, g, out, a, axes=(): k.flip(g, axes),),
    because=(N_("turned around once more, each entry meets its own δ"),),
    indices=lambda a, axes=(): f"{_entry('out', letters(len(a)))} = " + _entry("a", [
        f"{a[i] - 1} − {name}" if i in axes_of(tuple(axes), len(a)) else name
        for i, name in enumerate(letters(len(a)))]),
    samples=(Sample(((2, 3),), (("axes", (1,)),)), Sample(((2, 3),), (("axes", (0, -1)),))),
    torch=Torch(nodes=("FlipBackward0",)),
)


def _roll_shape(a: Shape, shifts: Any = (), axes: Any = ()) -> Shape:
    if len(shifts) != len(axes):
        raise Misfit(said(N_("{m} shifts are given for {n} axes"), m=len(shifts), n=len(axes)))
    axes_of(tuple(axes), len(a))
    return a


def _roll_indices(a: Any, shifts: Any = (), axes: Any = ()) -> str:
    own = letters(len(a))
    for shift, axis in zip(shifts, axes_of(tuple(axes), len(a)), strict=True):
        own[axis] = f"({own[axis]} + {(-shift) % a[axis]}) % {a[axis]}"
    return f"{_entry('out', letters(len(a)))} = {_entry('a', own)}"


ROLL = TensorOperation(
    name="roll", operands=("a",), spelled=("roll",), sign="roll", rule=N_("rearranging"),
    options=(("shifts", ()), ("axes", ())), shape=_roll_shape,
    forward=lambda k, a, shifts=(), axes=(): k.roll(a, shifts, axes),
    backward=(lambda k, g, out, a, shifts=(), axes=(): k.roll(g, tuple([-s for s in shifts]), axes),),
    because=(N_("shifted back, each entry meets its own δ"),),
    indices=_roll_indices,
    samples=(Sample(((2, 3),), (("shifts", (1,)), ("axes", (1,)))),
             Sample(((2, 3),), (("shifts", (1, -2)), ("axes", (0, -1))))),
    torch=Torch(nodes=("RollBackward0",)),
)


def _concatenate_shape(*shapes: Shape, axis: int = 0) -> Shape:
    first = shapes[0]
    if not first:
        raise Misfit(said(N_("numbers have no axis to be joined along; `stack` makes a vector of them")))
    at = axis_of(axis, len(first))
    for shape in shapes[1:]:
        if len(shape) != len(first) or any(
            m != n for i, (m, n) in enumerate(zip(first, shape, strict=True)) if i != at
        ):
            raise Misfit(said(N_("{first} and {second} do not join along axis {axis}: their other sizes "
                                 "differ"), first=shown(first), second=shown(shape), axis=at))
    return (*first[:at], added(shape[at] for shape in shapes), *first[at + 1 :])


def _run(slot: int) -> Any:
    def rule(k: Any, g: Any, out: Any, *operands: Any, axis: int = 0) -> Any:
        """The piece of δ that stands where the operand was put."""
        shapes = [k.shape(a) for a in operands[: slot + 1]]
        at = axis_of(axis, len(shapes[0]))
        start = sum(shape[at] for shape in shapes[:-1])
        return k.index(g, ((slice(None),) * at) + (slice(start, start + shapes[-1][at]),))

    return rule


def _concatenate_indices(*shapes: Any, axis: int = 0) -> str:
    names = letters(len(shapes[0]))
    at = axis_of(axis, len(names))
    end, ends = 0, []
    for shape in shapes:
        ends.append(end)
        end += shape[at]
    found = ""
    for i in reversed(range(len(shapes))):
        own = [*names[:at], f"{names[at]} − {ends[i]}" if ends[i] else names[at], *names[at + 1 :]]
        entry = _entry(f"a{i + 1}", own)
        found = f"where({names[at]} < {ends[i] + shapes[i][at]}, {entry}, {found})" if found else entry
    return f"{_entry('out', names)} = {found}"


CONCATENATE = TensorOperation(
    name="concatenate", operands=("a",), many=True, spelled=("concat", "concatenate"), sign="join",
    rule=N_("joining"), options=(("axis", 0),), shape=_concatenate_shape,
    forward=lambda k, *operands, axis=0: k.concatenate(operands, axis), backward=_run,
    because=(N_("each operand gets back the piece of δ that stands where it was put"),),
    indices=_concatenate_indices,
    samples=(Sample(((2, 3), (1, 3))), Sample(((2, 1), (2, 2), (2, 0)), (("axis", -1),)), Sample(((2,),))),
    torch=Torch(name="cat", nodes=("CatBackward0",), method=False, also=("concat", "concatenate")),
)


def _stack_shape(*shapes: Shape, axis: int = 0) -> Shape:
    first = shapes[0]
    for shape in shapes[1:]:
        if shape != first:
            raise Misfit(said(N_("only equal shapes can be stacked, and {first} and {second} differ"),
                              first=shown(first), second=shown(shape)))
    at = axis_of(axis, len(first) + 1)
    return (*first[:at], len(shapes), *first[at:])


def _layer(slot: int) -> Any:
    def rule(k: Any, g: Any, out: Any, *operands: Any, axis: int = 0) -> Any:
        """The slice of δ that stands where the operand was put."""
        at = axis_of(axis, len(k.shape(g)))
        return k.index(g, ((slice(None),) * at) + (slot,))

    return rule


def _stack_indices(*shapes: Any, axis: int = 0) -> str:
    names = letters(len(shapes[0]) + 1)
    at = axis_of(axis, len(names))
    own = [*names[:at], *names[at + 1 :]]
    found = _entry(f"a{len(shapes)}", own)
    for i in reversed(range(len(shapes) - 1)):
        found = f"where({names[at]} = {i}, {_entry(f'a{i + 1}', own)}, {found})"
    return f"{_entry('out', names)} = {found}"


STACK = TensorOperation(
    name="stack", operands=("a",), many=True, spelled=("stack",), sign="stack", rule=N_("joining"),
    options=(("axis", 0),), shape=_stack_shape,
    forward=lambda k, *operands, axis=0: k.stack(operands, axis), backward=_layer,
    because=(N_("each operand gets back the slice of δ that stands where it was put"),),
    indices=_stack_indices,
    samples=(Sample(((2, 3), (2, 3))), Sample(((2,), (2,), (2,)), (("axis", -1),)), Sample(((), ()))),
    torch=Torch(nodes=("StackBackward0",), method=False),
)

ROWS = (TRANSPOSE, PERMUTE, RESHAPE, EXPAND, FLIP, ROLL, CONCATENATE, STACK)
