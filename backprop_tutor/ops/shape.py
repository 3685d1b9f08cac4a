"""The rows of shape: what rearranges, repeats, joins and takes apart without computing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import (
    Misfit,
    Operand,
    Shape,
    Size,
    added,
    axes_of,
    axis_of,
    broadcast,
    multiplied,
    shown,
)
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


def _order(axes: Any, rank: int, shape: Shape | None = None) -> tuple[int, ...]:
    found = axes_of(tuple(axes), rank, shape)
    if len(found) != rank:
        raise Misfit(
            N_("{name} is {shape}: an order of its axes names each of {all} once, and {given} is given"),
            part="axis", name=Operand(0), shape=shown(shape or ("?",) * rank),
            all=", ".join(map(str, range(rank))), given=", ".join(map(str, axes)),
        )
    return found


def _back(axes: Any, rank: int) -> tuple[int, ...]:
    """Return the order that undoes an order of axes."""
    order = _order(axes, rank)
    return tuple([order.index(i) for i in range(rank)])


PERMUTE = TensorOperation(
    name="permute", operands=("a",), spelled=("permute",), sign="axes", rule=N_("transpose"),
    options=(("axes", ()),),
    shape=lambda a, axes=(): tuple(a[i] for i in _order(axes, len(a), a)),
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
                          shape=shown(shape), count=len(free)), part="sizes")
    known = multiplied(n for n in shape if n != -1)
    if not free:
        if known != size:
            raise Misfit(
                N_("the number of entries of {name}, {first}, is {m}, and that of {second} is {n}"),
                name=Operand(0), first=shown(a), m=size, second=shown(shape), n=known, part="sizes",
                hint=_sizes_of(size, a),
            )
        return tuple(shape)
    if 0 in shape or 0 in a:
        if not isinstance(size, int) or not isinstance(known, int) or not known or size % known:
            raise _unfilled(a, shape, size, known)
        return tuple(size // known if n == -1 else n for n in shape)
    number, symbols = _factors(a)
    divisor, gone = _factors(n for n in shape if n != -1)
    if number % divisor or any(gone.count(n) > symbols.count(n) for n in gone):
        raise _unfilled(a, shape, size, known)
    for n in gone:
        symbols.remove(n)
    return tuple(multiplied((number // divisor, *symbols)) if n == -1 else n for n in shape)


def _factors(sizes: Iterable[Size]) -> tuple[int, list[Size]]:
    """Return the product of all numbers among sizes, those in front of symbols too, and the symbols.

    >>> _factors((2, "N", "3·M"))
    (6, ['N', 'M'])
    """
    number = 1
    symbols: list[Size] = []
    for n in sizes:
        factors: list[Size] = [n] if isinstance(n, int) else [*n.split("·")]
        for each in factors:
            if isinstance(each, int) or each.isdigit():
                number *= int(each)
            else:
                symbols.append(each)
    return number, symbols


def _unfilled(a: Shape, shape: Shape, size: Size, known: Size) -> Misfit:
    """Return the misfit of a shape whose open size would be no whole number."""
    divisors = _divisors(_factors(a)[0])
    hint = ""
    if len(divisors) > 1:
        first = ", ".join(map(str, divisors[:-1]))
        hint = said(N_("rows of {sizes} or {last} would be filled"), sizes=first, last=divisors[-1])
    return Misfit(
        N_("the entries of {name}, {first}, are {m} in all and do not fill rows of {n}"), m=size,
        name=Operand(0), first=shown(a), n=known, part="sizes", hint=hint,
    )


_MOST_LISTED = 12


def _divisors(number: int) -> list[int]:
    """Return what divides a number: all of it, or the smallest and the largest."""
    small = [n for n in range(1, min(int(number**0.5), _MOST_TRIED) + 1) if number % n == 0]
    found = sorted({*small, *(number // n for n in small)})
    return found if len(found) <= _MOST_LISTED else [*found[: _MOST_LISTED - 1], found[-1]]


_MOST_TRIED = 10_000


def _sizes_of(size: Size, a: Shape) -> str:
    """Return two other sizes of as many entries, near to each other; nothing for symbols."""
    if not isinstance(size, int) or size < 1:
        return ""
    near = range(min(int(size**0.5), _MOST_TRIED), 0, -1)
    found = next(((n, size // n) for n in near if size % n == 0 and a != (n, size // n)), (size, 1))
    return said(N_("that of {shape} is {count}"), shape=shown(found), count=size)


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
    try:
        whole = broadcast(a, tuple(shape))
    except Misfit:
        raise _not_spread(a, shape) from None
    if whole != tuple(shape):
        raise _not_spread(a, shape)
    return tuple(shape)


def _not_spread(a: Shape, shape: Shape) -> Misfit:
    wanted = tuple(n if n == 1 else m for n, m in zip(a, shape[len(shape) - len(a) :], strict=False))
    return Misfit(
        N_("{name} is {first} and does not spread to {second}"), name=Operand(0), first=shown(a),
        second=shown(shape), at=0, needs=((0, a, wanted),) if len(wanted) == len(a) else (),
    )


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
    axes_of(tuple(axes), len(a), a)
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
    axes_of(tuple(axes), len(a), a)
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
        raise Misfit(N_("{name} is a number and has no axis to be joined along; `stack` makes a vector of "
                        "numbers"), at=0, name=Operand(0))
    at = axis_of(axis, len(first), first)
    wrong = []
    for slot, shape in enumerate(shapes[1:], 1):
        differ = [i for i, (m, n) in enumerate(zip(first, shape, strict=False)) if i != at and m != n]
        if len(shape) == len(first) and not differ:
            continue
        reason = (
            N_("{first} and {second} do not join along axis {axis}: their other sizes differ")
            if len(shape) == len(first) else
            N_("{first} and {second} do not join along axis {axis}: they have {m} and {n} axes")
        )  # fmt: skip
        wanted = tuple(shape[i] if i == at and i < len(shape) else n for i, n in enumerate(first))
        message = said(reason, first=shown(first), second=shown(shape), axis=at, m=len(first), n=len(shape))
        sizes = (first[differ[0]], shape[differ[0]]) if differ else ()
        needs = ((slot, shape, wanted),) if len(shape) == len(first) else ()
        wrong.append(Misfit(message, at=slot, needs=needs, sizes=sizes))
    if wrong:
        wrong[0].also = tuple(wrong[1:])
        raise wrong[0]
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
    wrong = [
        Misfit(said(N_("only equal shapes can be stacked, and {first} and {second} differ"),
                    first=shown(first), second=shown(shape)), at=slot, needs=((slot, shape, first),))
        for slot, shape in enumerate(shapes[1:], 1) if shape != first
    ]  # fmt: skip
    if wrong:
        wrong[0].also = tuple(wrong[1:])
        raise wrong[0]
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
