"""The rows of linear algebra: products of matrices, vectors and batches, contractions, inverses."""

from __future__ import annotations

from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Operand, Shape, broadcast, shown
from .tensor_record import Sample, Step, TensorOperation, Torch

__all__ = ["ROWS", "what_fits"]


def _inner(a: Shape, b: Shape) -> tuple[Any, Any]:
    return a[-1], b[-2] if len(b) > 1 else b[0]


def _product(a: Shape, b: Shape) -> Shape:
    """Return the shape of a @ b whose inner sizes agree."""
    lead = broadcast(a[:-2], b[:-2])
    return (*lead, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


def what_fits(a: Shape, b: Shape) -> tuple[tuple[str, Shape], ...]:
    """Return the products of the two, turned or exchanged, that have a shape."""
    ta, tb = ((*s[:-2], s[-1], s[-2]) if len(s) > 1 else s for s in (a, b))
    tried = [("{0} @ {1}.T", a, tb), ("{0}.T @ {1}", ta, b), ("{1} @ {0}", b, a),
             ("{0}.T @ {1}.T", ta, tb)]
    found: list[tuple[str, Shape]] = []
    for written, first, second in tried:
        plain = max(len(a), len(b)) < 3 or ".T" not in written  # `.T` turns all axes of a batch
        turns = ("{0}.T" not in written or len(a) > 1) and ("{1}.T" not in written or len(b) > 1)
        if plain and turns and (first, second) != (a, b) and len({*_inner(first, second)}) == 1:
            try:
                found.append((written, _product(first, second)))
            except Misfit:
                continue
    return tuple(found[:2])


def _matmul_shape(a: Shape, b: Shape) -> Shape:
    for shape, other in ((a, b), (b, a)):
        if not shape:
            reason = N_("a matrix product needs vectors or matrices, and one of the two is a number")
            raise Misfit(said(reason), (("{0} * {1}", other),), at=0 if shape is a else 1)
    m, n = _inner(a, b)
    if m != n:
        raise Misfit(
            said(N_("the inner sizes {m} and {n} of {first} @ {second} differ"), m=m, n=n,
                 first=shown(a), second=shown(b)), what_fits(a, b), at=1, both=True, sizes=(m, n),
            needs=((1, b, (*b[:-2], m, b[-1]) if len(b) > 1 else (m,)),),
        )
    lead = _batches(a, b)
    return (*lead, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


def _batches(a: Shape, b: Shape) -> Shape:
    """Return what the axes in front of the last two broadcast to."""
    try:
        return broadcast(a[:-2], b[:-2])
    except Misfit as misfit:
        lead = tuple(misfit.needs[0][2])
        slot = misfit.needs[0][0]
        raise Misfit(
            said(N_("the batches {lead} and {other} of {first} and {second} differ, and neither is 1"),
                 lead=shown(a[:-2]), other=shown(b[:-2]), first=shown(a), second=shown(b)),
            at=slot, both=True, sizes=misfit.sizes,
            needs=((slot, (a, b)[slot], (*lead, *(a, b)[slot][-2:])),),
        ) from None


def _aligned(shape: tuple[int, ...], whole: Shape, names: list[str]) -> list[str]:
    """Return the indices of an operand that broadcasts: 0 along what is repeated."""
    lead = len(whole) - len(shape)
    return ["0" if n == 1 and whole[i + lead] != 1 else names[i + lead] for i, n in enumerate(shape)]


def _matmul_indices(a: Any, b: Any) -> str:
    lead = broadcast(a[:-2], b[:-2])
    batch = letters(len(lead), "p")
    row, column = ["i"] * (len(a) > 1), ["j"] * (len(b) > 1)
    target = [*batch, *row, *column]
    left = ",".join([*_aligned(a[:-2], lead, batch), *row, "k"])
    right = ",".join([*_aligned(b[:-2], lead, batch), "k", *column])
    out = f"out[{','.join(target)}]" if target else "out"
    return f"{out} = Σ k a[{left}]·b[{right}]"


def _as_row(k: Any, g: Any) -> Any:
    shape = k.shape(g)
    return k.reshape(g, (*shape[:-1], 1, shape[-1]))


def _matmul_left(k: Any, g: Any, out: Any, a: Any, b: Any) -> Any:
    """∂L/∂a = g·bᵀ; summed over what a was repeated along."""
    own, other = k.shape(a), k.shape(b)
    if len(own) == 1 and len(other) == 1:
        return g * b
    if len(own) == 2 and len(other) == 1:
        return k.reshape(g, (-1, 1)) * k.reshape(b, (1, -1))
    if len(own) == len(other) == 2:
        return k.matmul(g, k.swap(b))
    if len(other) == 1:
        b, g = k.reshape(b, (-1, 1)), k.reshape(g, (*k.shape(g), 1))
    if len(own) == 1:
        g = _as_row(k, g)
    found = k.matmul(g, k.swap(b))
    return k.reshape(k.fit(found, (1, own[0])), own) if len(own) == 1 else k.fit(found, own)


def _matmul_right(k: Any, g: Any, out: Any, a: Any, b: Any) -> Any:
    """∂L/∂b = aᵀ·g; summed over what b was repeated along."""
    own, other = k.shape(b), k.shape(a)
    if len(own) == 1 and len(other) == 1:
        return g * a
    if len(other) == 2 and len(own) < 3:
        return k.matmul(k.swap(a), g)
    if len(own) == 1:
        g = k.reshape(g, (*k.shape(g), 1))
    if len(other) == 1:
        a, g = k.reshape(a, (1, -1)), _as_row(k, g)
    found = k.matmul(k.swap(a), g)
    return k.reshape(k.fit(found, (own[0], 1)), own) if len(own) == 1 else k.fit(found, own)


MATMUL = TensorOperation(
    name="matmul", operands=("a", "b"), spelled=("matmul",), sign="@", rule=N_("matrix product"),
    shape=_matmul_shape, forward=lambda k, a, b: k.matmul(a, b),
    backward=(_matmul_left, _matmul_right),
    because=(
        N_("each entry of the left factor meets a row of the right one, so its gradient collects δ along "
           "that row: δ times the right factor turned"),
        N_("each entry of the right factor meets a column of the left one, so its gradient collects δ "
           "along that column: the left factor turned, times δ"),
    ),
    indices=_matmul_indices,
    samples=(
        Sample(((2, 3), (3, 2))), Sample(((2, 3), (3,))), Sample(((3,), (3, 2))), Sample(((3,), (3,))),
        Sample(((2, 2, 3), (2, 3, 1))), Sample(((2, 1, 2, 2), (2, 2, 1))), Sample(((2, 2, 2), (2,))),
        Sample(((2,), (2, 2, 2))), Sample(((2, 0), (0, 3))), Sample(((0, 2), (2, 3))),
        Sample(((1, 1), (1, 1))), Sample(((2, 3, 2), (2, 2))),
    ),
    torch=Torch(nodes=("MmBackward0", "MvBackward0", "DotBackward0", "BmmBackward0",
                       "UnsafeViewBackward0", "SqueezeBackward4"), operator="matmul"),
)


def _vectors(a: Shape, b: Shape) -> None:
    for slot, shape in enumerate((a, b)):
        if len(shape) != 1:
            raise Misfit(
                N_("this product takes two vectors; {one} is {first} and {other} is {second}"), at=slot,
                one=Operand(0), first=_shown(a), other=Operand(1), second=_shown(b),
            )


def _shown(shape: Shape) -> str:
    return shown(shape) if shape else said(N_("a number"))


def _dot_shape(a: Shape, b: Shape) -> Shape:
    _vectors(a, b)
    if a != b:
        raise Misfit(
            N_("{one} is {first} and {other} is {second}: vectors of different lengths have no scalar "
               "product"),
            at=1, needs=((1, b, a),), sizes=(a[0], b[0]), one=Operand(0), other=Operand(1), first=shown(a),
            second=shown(b),
        )
    return ()


DOT = TensorOperation(
    name="dot", operands=("a", "b"), spelled=("dot",), sign="·", rule=N_("scalar product"),
    shape=_dot_shape, forward=lambda k, a, b: k.matmul(a, b),
    backward=(lambda k, g, out, a, b: g * b, lambda k, g, out, a, b: g * a),
    because=(
        N_("each entry is multiplied by its fellow of the other vector"),
        N_("each entry is multiplied by its fellow of the other vector"),
    ),
    indices=lambda a, b: "out = Σ i a[i]·b[i]",
    stands_for=lambda a, b: (Step("products", "multiply", ("a", "b")), Step("out", "sum", ("products",))),
    samples=(Sample(((3,), (3,))), Sample(((1,), (1,))), Sample(((0,), (0,)))),
    torch=Torch(nodes=("DotBackward0",)),
)


def _outer_shape(a: Shape, b: Shape) -> Shape:
    _vectors(a, b)
    return (*a, *b)


OUTER = TensorOperation(
    name="outer", operands=("a", "b"), spelled=("outer",), sign="⊗", rule=N_("outer product"),
    shape=_outer_shape,
    forward=lambda k, a, b: k.reshape(a, (-1, 1)) * k.reshape(b, (1, -1)),
    backward=(
        lambda k, g, out, a, b: k.matmul(g, b),
        lambda k, g, out, a, b: k.matmul(k.swap(g), a),
    ),
    because=(
        N_("each entry meets every entry of the other vector once: δ times that vector"),
        N_("each entry meets every entry of the other vector once: δ turned, times that vector"),
    ),
    indices=lambda a, b: "out[i,j] = a[i]·b[j]",
    samples=(Sample(((2,), (3,))), Sample(((1,), (2,)))),
    torch=Torch(nodes=("MulBackward0",), also=("ger",)),
)


def _addmm_shape(c: Shape, a: Shape, b: Shape) -> Shape:
    whole = _matmul_shape(a, b)
    if broadcast(c, whole) != whole:
        raise Misfit(
            said(N_("{first} does not spread to {second}"), first=shown(c), second=shown(whole)))
    return whole


def _addmm_indices(c: Any, a: Any, b: Any) -> str:
    own = ",".join(_aligned(c, (a[0], b[1]), ["i", "j"]))
    return f"out[i,j] = {f'c[{own}]' if own else 'c'} + Σ k a[i,k]·b[k,j]"


ADDMM = TensorOperation(
    name="addmm", operands=("c", "a", "b"), sign="+@", rule=N_("matrix product"),
    shape=_addmm_shape, forward=lambda k, c, a, b: k.matmul(a, b) + c,
    backward=(
        lambda k, g, out, c, a, b: k.fit(g, k.shape(c)),
        lambda k, g, out, c, a, b: k.matmul(g, k.swap(b)),
        lambda k, g, out, c, a, b: k.matmul(k.swap(a), g),
    ),
    because=(
        N_("what is added once for each row gets the sum of δ over the rows"),
        N_("each entry of the left factor meets a row of the right one, so its gradient collects δ along "
           "that row: δ times the right factor turned"),
        N_("each entry of the right factor meets a column of the left one, so its gradient collects δ "
           "along that column: the left factor turned, times δ"),
    ),
    indices=_addmm_indices,
    stands_for=lambda c, a, b: (
        Step("product", "matmul", ("a", "b")), Step("out", "add", ("product", "c"))),
    samples=(Sample(((3,), (2, 2), (2, 3))), Sample(((2, 3), (2, 1), (1, 3))),
             Sample(((), (2, 2), (2, 2)))),
    torch=Torch(nodes=("AddmmBackward0",), writes=True),
)


def _terms(equation: str) -> tuple[list[str], str]:
    left, _, result = equation.partition("->")
    return left.split(","), result


def _einsum_shape(*shapes: Shape, equation: str) -> Shape:
    terms, result = _terms(equation)
    if len(terms) != len(shapes):
        raise Misfit(said(N_("`{equation}` is of {m} operands, and {n} are given"), equation=equation,
                          m=len(terms), n=len(shapes)))
    sizes: dict[str, Any] = {}
    for term, shape in zip(terms, shapes, strict=True):
        if len(term) != len(shape):
            raise Misfit(said(N_("`{term}` names {m} axes, and {shape} has {n}"), term=term, m=len(term),
                              shape=shown(shape), n=len(shape)))
        for letter, n in zip(term, shape, strict=True):
            if sizes.setdefault(letter, n) != n:
                raise Misfit(said(N_("the index {letter} runs along the sizes {m} and {n}"), letter=letter,
                                  m=sizes[letter], n=n))
    lost = [letter for letter in result if letter not in sizes]
    if lost:
        raise Misfit(said(N_("the index {letter} of the result is in no operand"), letter=lost[0]))
    return tuple(sizes[letter] for letter in result)


def _einsum_backward(slot: int) -> Any:
    def rule(k: Any, g: Any, out: Any, *operands: Any, equation: str) -> Any:
        """∂L/∂operand: δ contracted with all others; spread along what was summed away alone."""
        terms, result = _terms(equation)
        own = terms[slot]
        others = [j for j in range(len(terms)) if j != slot]
        held = set(result).union(*(terms[j] for j in others))
        left = "".join(c for c in own if c in held)
        part = k.einsum([result, *(terms[j] for j in others)], left, [g, *(operands[j] for j in others)])
        if left == own:
            return part
        shape = k.shape(operands[slot])
        one = tuple(n if c in held else 1 for c, n in zip(own, shape, strict=True))
        return k.expand(k.reshape(part, one), shape)

    return rule


def _einsum_indices(*shapes: Any, equation: str) -> str:
    terms, result = _terms(equation)
    summed = dict.fromkeys(c for term in terms for c in term if c not in result)
    entries = [f"a{i}[{','.join(term)}]" if term else f"a{i}" for i, term in enumerate(terms, 1)]
    out = f"out[{','.join(result)}]" if result else "out"
    return f"{out} = {' '.join(f'Σ {c}' for c in summed)} {'·'.join(entries)}"


EINSUM = TensorOperation(
    name="einsum", operands=("a",), many=True, sign="Σ∏", rule=N_("contraction"),
    options=(("equation", ""),), shape=_einsum_shape,
    forward=lambda k, *operands, equation: k.einsum(*_terms(equation), operands),
    backward=_einsum_backward,
    because=(N_("in each product the operand is multiplied by all others: δ contracted with them"),),
    indices=_einsum_indices,
    samples=(
        Sample(((2, 3), (3, 2)), (("equation", "ij,jk->ik"),)), Sample(((2, 3),), (("equation", "ij->j"),)),
        Sample(((2, 2, 2), (2, 2, 2)), (("equation", "bij,bjk->bik"),)),
        Sample(((2,), (2, 3), (3,)), (("equation", "i,ij,j->"),)),
    ),
    torch=Torch(nodes=("EinsumBackward0",), method=False),
)


def _square(a: Shape, *rest: Shape) -> Shape:
    if len(a) < 2 or a[-1] != a[-2]:
        raise Misfit(N_("only a square matrix has an inverse, and {name} is {shape}"), at=0,
                     name=Operand(0), shape=_shown(a), sizes=a[-2:] if len(a) > 1 else ())
    return a


INVERSE = TensorOperation(
    name="inverse", operands=("a",), spelled=("inverse", "inv"), sign="A⁻¹", rule=N_("inverse"),
    shape=_square, forward=lambda k, a: k.inverse(a),
    backward=(lambda k, g, out, a: -k.matmul(k.swap(out), k.matmul(g, k.swap(out))),),
    because=(N_("A·A⁻¹ stays the identity, so a change of A moves the inverse by −A⁻¹·dA·A⁻¹"),),
    indices=None,  # A·out = 1: a system of equations says it
    samples=(Sample(((2, 2),), draws=("regular",)), Sample(((2, 2, 2),), draws=("regular",))),
    torch=Torch(nodes=("LinalgInvExBackward0",)),
)


def _solve_shape(a: Shape, b: Shape) -> Shape:
    _square(a)
    rows = b[-2] if len(b) > 1 else b[0] if b else None
    if rows != a[-1]:
        raise Misfit(
            N_("{first}, {shape}, needs a right side of as many rows; {second} is {other}"),
            first=Operand(0), shape=shown(a), second=Operand(1), other=_shown(b), at=1,
            sizes=(a[-1], rows or 1),
            needs=((1, b, (*b[:-2], a[-1], b[-1]) if len(b) > 1 else (a[-1],)),),
        )
    return b if len(b) < 2 else (*_batches(a, b), *b[-2:])


SOLVE = TensorOperation(
    name="solve", operands=("a", "b"), spelled=("solve",), sign="A⁻¹b", rule=N_("system of equations"),
    shape=_solve_shape, forward=lambda k, a, b: k.matmul(k.inverse(a), b),
    backward=(
        lambda k, g, out, a, b: -_matmul_left(k, k.matmul(k.swap(k.inverse(a)), g), None, a, out),
        lambda k, g, out, a, b: k.matmul(k.swap(k.inverse(a)), g),
    ),
    because=(
        N_("A·x stays b, so a change of A moves x by −A⁻¹·dA·x"),
        N_("x = A⁻¹·b is linear in b: the inverse turned, times δ"),
    ),
    indices=None,  # A·out = b: a system of equations says it
    stands_for=lambda a, b: (
        Step("inverted", "inverse", ("a",)), Step("out", "matmul", ("inverted", "b"))),
    samples=(Sample(((2, 2), (2,)), draws=("regular",)), Sample(((2, 2), (2, 3)), draws=("regular",))),
    torch=Torch(nodes=("LinalgSolveExBackward0",), top=False, method=False),
)

ROWS = (MATMUL, DOT, OUTER, ADDMM, EINSUM, INVERSE, SOLVE)
