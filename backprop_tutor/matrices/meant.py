"""What a typed operation means at its operands' shapes, and what is likely not meant by any of them.

Letters side by side are a product of matrices where the shapes say so. A dot between arrays is one on some
pages and entry by entry on others: it is read where one of the two fits, and asked about where both do. A
vector against a column would silently make a matrix of all pairs: refused, with both ways out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile
from math import inf
from typing import Any

from ..errors import Span, quoted
from ..language import Apply, Expression, Name, Number, canonical_name, postorder, written
from ..ops.array_rows import PREFIX, row_of
from ..ops.sizes import Formula, Misfit, Operand, Shape, Size, broadcast, shown
from ..ops.tensors import TENSOR_OPS
from ..sentences import N_, said

__all__ = [
    "MATMUL", "TRANSPOSE", "BothWays", "called", "is_indexed", "meant", "open_size", "refuse_all_pairs",
    "refuse_unpaired",
]

MATMUL, OUTER, TRANSPOSE = PREFIX + "matmul", PREFIX + "outer", PREFIX + "transpose"
NORM = PREFIX + "norm"
_FROBENIUS = 2
"""The order of a norm where none is said."""
_ENTRYWISE = ("*", "⊙", "∘", "∗", "odot", "circ", "ast", "star")
"""What stands between two factors that are multiplied entry by entry."""
_DOTS = ("·", "×", "✕", "∙", "⋅", "•", "cdot", "times", "bullet")
"""What is a product of matrices on some pages, and entry by entry on others."""


def meant(
    tree: Apply, shapes: Sequence[Shape], text: str, role: str = ""
) -> tuple[str, str]:
    """Return the operation that is meant, and a remark on how it was read, or nothing.

    `role` is "row" where the left factor is a vector with a sign of transposition, as in wᵀx, and "outer"
    where the right one is, as in δxᵀ.

    Raises:
        Misfit: a sign between arrays that two readings fit.
    """
    if role == "outer":
        read = Apply(OUTER, (tree.operands[0], _upright(tree.operands[1])))
        return OUTER, said("{given} was read as {product}: every entry with every other",
                           given=quoted(text[tree.span.start : tree.span.stop]), product=written(read))
    if tree.op == "power":
        _refuse_raised_t(tree, shapes, text)
    if tree.op in _ALONG:
        _refuse_place_or_operand(tree, shapes)
    if tree.op == NORM:
        _refuse_order_of_a_matrix(tree, shapes[0])
    if tree.op != "multiply" or min(map(len, shapes)) < 1 or tree.span == Span(0, 0):
        return tree.op, ""
    between = text[tree.operands[0].span.stop : tree.operands[1].span.start]
    if any(sign in between for sign in _ENTRYWISE):
        if role == "row" and "*" in between:
            raise Misfit(
                said("a `*` behind a turned vector could be two products"),
                tuple(
                    (f"{{0}} {sign} {{1}}", shape) for sign in "@*"
                    if (shape := _has_shape(shapes, sign == "@")) is not None
                ),
            )  # fmt: skip
        return tree.op, ""
    if any(_leaves_indexed(each, text) for each in tree.operands):
        return tree.op, ""  # x_i w_i under a sum: the index goes through both
    dotted = any(sign in between for sign in _DOTS)
    if role == "row":
        dotted = False
    if dotted or (max(map(len, shapes)) < 2 and role != "row"):
        product, entries = _has_shape(shapes, True), _has_shape(shapes, False)
        if product is not None and entries is not None and (product != entries or _differs(shapes)):
            raise Misfit(
                said("a dot between arrays could be two products, and both have a shape")
                if dotted else said("two vectors side by side could be two products"),
                (("{0} @ {1}", product), ("{0} * {1}", entries)),
            )
        if product is None:
            return tree.op, ""
    product_text = written(Apply(MATMUL, tree.operands))
    given = quoted(text[tree.span.start : tree.span.stop])
    return MATMUL, said(
        "{given} was read as {product}, the product of matrices", given=given, product=product_text
    )


_ALONG = {"sum": "{0} + {1}", "mean": "({0} + {1})/2", "norm": "sqrt({0}^2 + {1}^2)",
          "logsumexp": "ln(exp({0}) + exp({1}))"}  # fmt: skip
"""Functions of several numbers that also run along an axis, and what they are entry by entry."""


def _refuse_place_or_operand(tree: Apply, shapes: Sequence[Shape]) -> None:
    """Refuse `mean(X, 1)` and `norm(x, 1)`: libraries read an axis or an order there, we one more number.

    Raises:
        BothWays: always where the number could be either.
    """
    if len(tree.operands) != 2 or not shapes[0] or not isinstance(tree.operands[1], Number):
        return
    value = tree.operands[1].value
    if value != int(value):
        return
    one, other = called(tree.operands[0]), f"{int(value)}"
    ways = [f"{tree.op}({one}, axis={other})"] if -len(shapes[0]) <= value < len(shapes[0]) else []
    if tree.op == "norm" and value >= 1:
        flat = f"reshape({one}, -1)" if _is_matrix(shapes[0]) else one
        ways.append(f"norm({one})" if value == _FROBENIUS and flat != one else f"norm({flat}, p={other})")
    if not ways:
        return
    written_out = _ALONG[tree.op].format(one, other)
    listed = ", ".join(map(quoted, ways))
    raise BothWays(
        said("{given} could take {number} as an option or as one more number; write {ways} or {formula}",
             given=quoted(written(tree)), number=other, ways=listed, formula=quoted(written_out))
    )  # fmt: skip


def _is_matrix(shape: Shape) -> bool:
    """Return whether norms of a matrix and of its entries differ: not where it is one column."""
    return len(shape) == 2 and shape[1] != 1


def _refuse_order_of_a_matrix(tree: Apply, shape: Shape) -> None:
    """Refuse `norm(A, p=inf)` of a matrix: libraries read its largest row sum there, courses its entries.

    Without an order it is the root of the sum of all squares on every page.

    Raises:
        BothWays: an order other than 2, over both axes of a matrix.
    """
    options = dict(tree.options)
    order, axis = float(options.get("p", _FROBENIUS)), options.get("axis")
    along_both = axis is None or (isinstance(axis, tuple) and len(axis) == 2)
    if not _is_matrix(shape) or not along_both or order == _FROBENIUS:
        return
    about: dict[str, Any] = {"name": Operand(0), "shape": shown(shape), "at": 0}
    if order == inf:
        raise BothWays(
            N_("{name} is {shape}: the norm of order ∞ of a matrix is its largest row sum, and that of its "
               "entries the largest of them; write {own} or {entries}"), **about,
            own=Formula("max(sum(abs({0}), axis=1))"), entries=Formula("max(abs({0}))"),
        )  # fmt: skip
    if order == 1:
        raise BothWays(
            N_("{name} is {shape}: the norm of order 1 of a matrix is its largest column sum, and that of "
               "its entries the sum of all; write {own} or {entries}"), **about,
            own=Formula("max(sum(abs({0}), axis=0))"), entries=Formula("sum(abs({0}))"),
        )  # fmt: skip
    raise BothWays(
        N_("{name} is {shape}: the norm of order {p} of a matrix is not part of the language; for that of "
           "its entries write {entries}"), **about, p=f"{order:g}",
        entries=Formula(f"norm(reshape({{0}}, -1), p={order:g})"),
    )  # fmt: skip


def _refuse_raised_t(tree: Apply, shapes: Sequence[Shape], text: str) -> None:
    """Refuse `W^T` of an array where T is a name of the program: the transpose is what courses write so."""
    base, exponent = tree.operands
    between = text[base.span.stop : exponent.span.start]
    if isinstance(exponent, Name) and exponent.name == "T" and any(shapes) and _RAISED.match(between):
        turned = called(Apply(TRANSPOSE, (base,)))
        raise BothWays(
            said("`^T` could be a transpose or a power, and T is a name here; write {turned} or {power}",
                 turned=turned, power=f"{called(base)}^(T)")
        )  # fmt: skip


_RAISED = re.compile(r"[\s)\]}]*\^\s*\{?\s*\Z")


def _upright(tree: Expression) -> Expression:
    """Return a turned vector without the sign, if it has one at its front."""
    return tree.operands[0] if isinstance(tree, Apply) and tree.op == TRANSPOSE else tree


def called(tree: Expression) -> str:
    """Return what an operand is called in a message: its text, in brackets where signs stand in it."""
    text = written(tree)
    alone = not isinstance(tree, Apply) or tree.op == TRANSPOSE or not row_of(tree.op).text
    return text if alone else f"({text})"


def is_indexed(tree: Expression, text: str) -> bool:
    """Return whether a name was typed with an index that was left out, as under a sum."""
    if not isinstance(tree, Name):
        return False
    typed = text[tree.span.start : tree.span.stop]
    return typed != tree.name and canonical_name(typed).startswith(f"{tree.name}_")


def _leaves_indexed(tree: Expression, text: str) -> bool:
    return any(is_indexed(each, text) for each in postorder(tree))


def _has_shape(shapes: Sequence[Shape], product: bool) -> Shape | None:
    """Return the shape of one reading of a dot; None where it has none."""
    try:
        return TENSOR_OPS["matmul"].shape(*shapes) if product else broadcast(*shapes)
    except Misfit:
        return None


def _differs(shapes: Sequence[Shape]) -> bool:
    """Return whether a product of matrices and one of entries differ: not where all sizes are 1."""
    return any(n != 1 for shape in shapes for n in shape)


class BothWays(Misfit):
    """What could be meant in two ways, and whose message says both: nothing else is offered."""


def refuse_all_pairs(shapes: Sequence[Shape], operands: Sequence[Expression]) -> None:
    """Refuse a vector of n entries against a column n×1: all pairs, n×n, where n were likely meant.

    Sizes that differ may be meant as pairs, and are not refused.

    Raises:
        Misfit: the shapes, and what would fit.

    >>> refuse_all_pairs(((3, 1), (3,)), (Name("z"), Name("b")))
    Traceback (most recent call last):
        ...
    backprop_tutor.matrices.meant.BothWays: ...
    """
    for i, column in enumerate(shapes):
        if len(column) != 2 or column[1] != 1 or column[0] == 1:
            continue
        for j, vector in enumerate(shapes):
            if len(vector) == 1 and vector[0] == column[0]:
                n = vector[0]
                raise BothWays(
                    N_("{one} is a column {shape} and {other} a vector of {n}: entry by entry they would "
                       "make {whole}, every entry with every other; write {upright} for a column, "
                       "{lying} for all pairs"),
                    one=Operand(i), other=Operand(j), n=n, shape=shown(column), whole=shown((n, n)),
                    upright=Formula(f"reshape({{{j}}}, {open_size(n)}, 1)"),
                    lying=Formula(f"reshape({{{j}}}, 1, {open_size(n)})"),
                    default=[called(each) for each in operands],
                )  # fmt: skip


def open_size(n: Size) -> Size:
    """Return how `reshape` is told a size: one that is a symbol is left open.

    >>> open_size(3), open_size("N")
    (3, -1)
    """
    return n if isinstance(n, int) else -1


def refuse_unpaired(shapes: Sequence[Shape], operands: Sequence[Expression]) -> None:
    """Refuse predictions and targets of different shapes, where neither is a single number.

    Broadcast, a loss would compare a prediction with the targets of others. Axes of size 1 in front are
    no difference.

    Raises:
        Misfit: the shapes.

    >>> refuse_unpaired(((1, 3), (3,)), (Name("P"), Name("Y")))
    >>> refuse_unpaired(((4, 1), (1, 3)), (Name("P"), Name("Y")))
    Traceback (most recent call last):
        ...
    backprop_tutor.ops.misfits.Misfit: ...
    """
    first, second = (_without_ones_in_front(shape) for shape in shapes[:2])
    if first == second or not first or not second:
        return
    one, other = map(called, operands[:2])
    raise Misfit(
        said(
            "a loss compares each prediction with its own target, and {one} is {shape} where {other} is "
            "{second}; their shapes are to be equal, or one a number",
            one=one, shape=shown(shapes[0]), other=other, second=shown(shapes[1]),
        ),
        at=1,
    )  # fmt: skip


def _without_ones_in_front(shape: Shape) -> Shape:
    return tuple(dropwhile(lambda size: size == 1, shape))
