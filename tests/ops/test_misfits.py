"""The shape rules of tensor operations: symbols in, symbols out, and what is said of shapes that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_tutor.errors import TutorError
from backprop_tutor.ops.sizes import Misfit
from backprop_tutor.ops.tensors import TENSOR_OPS

SYMBOLIC: list[tuple[str, tuple[Any, ...], dict[str, Any], tuple[Any, ...]]] = [
    ("matmul", (("N", 3), (3, 4)), {}, ("N", 4)), ("matmul", (("N", "d"), ("d",)), {}, ("N",)),
    ("matmul", ((2, "n"), ("n", 2)), {}, (2, 2)), ("matmul", (("B", "N", 3), (3, "m")), {}, ("B", "N", "m")),
    ("linear", (("N", 3), ("h", 3), ("h",)), {}, ("N", "h")), ("transpose", (("N", 3),), {}, (3, "N")),
    ("sum", (("N", 3),), {"axis": 0}, (3,)), ("sum", (("N", 3),), {"axis": -1, "keepdims": True}, ("N", 1)),
    ("mean", (("N", "d"),), {}, ()), ("reshape", (("N", 2, 3),), {"shape": ("N", -1)}, ("N", 6)),
    ("reshape", ((2, "N"),), {"shape": (-1,)}, ("2·N",)), ("expand", ((1, 3),), {"shape": ("N", 3)}, ("N", 3)),
    ("concatenate", (("N", 3), ("M", 3), (2, 3)), {}, ("N+M+2", 3)), ("stack", (("N",), ("N",)), {}, (2, "N")),
    ("index", (("N", 3),), {"key": (slice(None), 1)}, ("N",)), ("index", (("N", 3),), {"key": 0}, (3,)),
    ("one_hot", (("N",),), {"classes": 10}, ("N", 10)), ("softmax", (("N", 3),), {}, ("N", 3)),
    ("cross_entropy", (("N", 3), ("N",)), {}, ()), ("cross_entropy", (("N", 3), ("N", 3)), {}, ()),
    ("cross_entropy", (("N", 3), ("N",)), {"reduction": "none"}, ("N",)),
    ("mse", (("N", 1), ("N", 1)), {}, ()), ("mse", (("N", 1), (1, "M")), {"reduction": "none"}, ("N", "M")),
    ("batch_norm", (("N", 3), (3,), (3,)), {}, ("N", 3)), ("outer", (("n",), ("m",)), {}, ("n", "m")),
    ("einsum", (("N", "d"), ("d", 4)), {"equation": "ni,ij->nj"}, ("N", 4)),
    ("permute", (("N", 2, 3),), {"axes": (2, 0, 1)}, (3, "N", 2)), ("cumsum", (("N",),), {}, ("N",)),
    ("gather", (("N", 3), ("N", 1)), {"axis": 1}, ("N", 1)), ("embedding", (("N", "T"), (50, 8)), {}, ("N", "T", 8)),
    ("addmm", ((4,), ("N", 3), (3, 4)), {}, ("N", 4)), ("dropout", (("N", 3), ("N", 3)), {}, ("N", 3)),
]


@pytest.mark.parametrize(("name", "shapes", "options", "wanted"), SYMBOLIC)
def test_shapes_hold_for_sizes_not_known_yet(name: str, shapes: Any, options: Any, wanted: Any) -> None:
    """A shape rule takes symbols for sizes and gives the value's shape in them."""
    assert TENSOR_OPS[name].shape(*shapes, **options) == wanted


MISFITS: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("matmul", ((4, 3), (2, 3)), {},
     "the inner sizes 3 and 2 of 4×3 @ 2×3 differ; `a @ b.T` would be 4×2"),
    ("matmul", ((3, 4), (3, 2)), {},
     "the inner sizes 4 and 3 of 3×4 @ 3×2 differ; `a.T @ b` would be 4×2"),
    ("matmul", ((3, 2), (4, 3)), {},
     "the inner sizes 2 and 4 of 3×2 @ 4×3 differ; `b @ a` would be 4×2; `a.T @ b.T` would be 2×4"),
    ("matmul", (("N", 3), (4, 3)), {},
     "the inner sizes 3 and 4 of N×3 @ 4×3 differ; `a @ b.T` would be N×4"),
    ("matmul", ((2, 3), (4,)), {},
     "the inner sizes 3 and 4 of 2×3 @ (4,) differ; `b` would need 3 entries"),
    ("matmul", ((3,), (2, 3)), {}, "the inner sizes 3 and 2 of (3,) @ 2×3 differ; `a @ b.T` would be (2,); "
     "`b @ a` would be (2,)"),
    ("matmul", ((), (2, 3)), {},
     "a matrix product needs vectors or matrices, and one of the two is a number; `a * b` would be 2×3"),
    ("matmul", ((2, 4, 3), (5, 3, 2)), {},
     "the batches (2,) and (5,) of 2×4×3 and 5×3×2 differ, and neither is 1; `b` would need the "
     "shape 2×3×2"),
    ("dot", ((3,), (4,)), {},
     "a is (3,) and b is (4,): vectors of different lengths have no scalar product; `b` would "
     "need 3 entries"),
    ("dot", ((2, 3), (3,)), {}, "this product takes two vectors; a is 2×3 and b is (3,)"),
    ("outer", ((), (3,)), {}, "this product takes two vectors; a is a number and b is (3,)"),
    ("addmm", ((3,), (4, 2), (2, 5)), {},
     "(3,) and 4×5 do not broadcast: the sizes 3 and 5 differ, and neither is 1; `a` would need 5 "
     "entries"),
    ("addmm", ((2, 4, 5), (4, 2), (2, 5)), {}, "2×4×5 does not spread to 4×5"),
    ("linear", (("N", 3), (4, 2), (4,)), {},
     "the input has 3 features and the weight takes 2; `weight` would need 3 columns"),
    ("linear", (("N", 3), (3, 4), None), {},
     "the input has 3 features and the weight takes 4; `x @ weight.T` would be N×4"),
    ("linear", (("N", 3), (4, 3), (3,)), {},
     "bias is (3,), and weight, 4×3, has one row for each output; `bias` would need 4 entries"),
    ("linear", (("N", 3), (3,), None), {}, "a layer's weight is a matrix (outputs×inputs), not (3,)"),
    ("einsum", ((2, 3),), {"equation": "ij,jk->ik"}, "`ij,jk->ik` is of 2 operands, and 1 are given"),
    ("einsum", ((2, 3),), {"equation": "i->i"}, "`i` names 1 axes, and 2×3 has 2"),
    ("einsum", ((2, 3), (4, 5)), {"equation": "ij,jk->ik"}, "the index j runs along the sizes 3 and 4"),
    ("einsum", ((2, 3),), {"equation": "ij->ik"}, "the index k of the result is in no operand"),
    ("inverse", ((2, 3),), {}, "only a square matrix has an inverse, and a is 2×3"),
    ("solve", ((2, 2), (3,)), {},
     "a, 2×2, needs a right side of as many rows; b is (3,); `b` would need 2 entries"),
    ("sum", ((2, 3),), {"axis": 2}, "there is no axis 2 in a, 2×3: its axes count from 0 to 1"),
    ("sum", ((),), {"axis": 0}, "there is no axis 0 in a: it is a number and has none"),
    ("sum", ((2, 3),), {"axis": (0, -2)}, "axis 0 of a, 2×3, is named twice"),
    ("max", ((0, 3),), {"axis": 0},
     "nothing is the largest or smallest of no number: axis 0 of 0×3 is empty"),
    ("cumsum", ((3,),), {"axis": 1}, "there is no axis 1 in a, (3,): its only axis is 0"),
    ("transpose", ((3,),), {}, "only what has rows and columns can be turned, and (3,) has not"),
    ("permute", ((2, 3),), {"axes": (0,)},
     "a is 2×3: an order of its axes names each of 0, 1 once, and 0 is given"),
    ("reshape", ((2, 3),), {"shape": (4, 2)},
     "the number of entries of a, 2×3, is 6, and that of 4×2 is 8; that of 1×6 is 6"),
    ("reshape", ((2, 3),), {"shape": (4, -1)},
     "the entries of a, 2×3, are 6 in all and do not fill rows of 4; rows of 1, 2, 3 or 6 would "
     "be filled"),
    ("reshape", (("N", 3),), {"shape": ("M", -1)},
     "the entries of a, N×3, are 3·N in all and do not fill rows of M; rows of 1 or 3 would be "
     "filled"),
    ("reshape", ((2, 3),), {"shape": (-1, -1)}, "only one size can be left open, and -1×-1 leaves 2"),
    ("expand", ((2, 3),), {"shape": (3,)}, "a is 2×3 and does not spread to (3,)"),
    ("roll", ((3,),), {"shifts": (1, 2), "axes": (0,)}, "2 shifts are given for 1 axes"),
    ("concatenate", ((2, 3), (2, 4)), {},
     "2×3 and 2×4 do not join along axis 0: their other sizes differ; `b` would need 3 columns"),
    ("concatenate", ((), ()), {},
     "a is a number and has no axis to be joined along; `stack` makes a vector of numbers"),
    ("stack", ((2,), (3,)), {},
     "only equal shapes can be stacked, and (2,) and (3,) differ; `b` would need 2 entries"),
    ("index", ((2, 3),), {"key": (0, 3)},
     "there is no entry 3 along axis 1 of a, 2×3: they count from 0 to 2"),
    ("index", ((2,),), {"key": (0, 0)}, "a is (2,) and has one axis, and 2 indices are given"),
    ("index", (("N",),), {"key": slice(1, None)},
     "how many of N entries a slice takes is not known before the numbers"),
    ("gather", ((2, 3), (2,)), {}, "places (2,) need as many axes as 2×3"),
    ("gather", ((2, 3), (2, 4)), {}, "places 2×4 reach beyond 2×3 along axis 1"),
    ("scatter_add", ((3, 2), (2, 2), (1, 2)), {}, "what is added, 1×2, needs the shape of its places, 2×2"),
    ("choose", ((2,), (3,), ()), {},
     "(2,) and (3,) do not broadcast: the sizes 2 and 3 differ, and neither is 1; `b` would need "
     "2 entries"),
    ("embedding", ((4,), (3,)), {},
     "an embedding's weight is a matrix (words×features), and weight is (3,)"),
    ("softmax", ((2, 3),), {"axis": 2}, "there is no axis 2 in a, 2×3: its axes count from 0 to 1"),
    ("batch_norm", ((3,), None, None), {}, "a batch has samples and features, and x is (3,)"),
    ("batch_norm", (("N", 3), (4,), None), {},
     "weight is (4,), and x, N×3, takes one number for each feature; `weight` would need 3 entries"),
    ("layer_norm", ((2, 3), (2,), None), {},
     "weight is (2,), and x, 2×3, takes one number for each feature; `weight` would need 3 entries"),
    ("layer_norm", ((3,), None, None), {"rank": 2}, "x is (3,) and has no last 2 axes"),
    ("mse", ((3,), (4,)), {},
     "(3,) and (4,) do not broadcast: the sizes 3 and 4 differ, and neither is 1; `b` would need "
     "3 entries"),
    ("mse", ((3,), (3,)), {"reduction": "average"},
     "a loss is reduced by mean, sum or none, not `average`"),
    ("cross_entropy", ((4, 3), (3,)), {},
     "scores is 4×3: its targets are one label for each row, (4,), or a distribution, 4×3; target "
     "is (3,)"),
    ("cross_entropy", ((), ()), {},
     "scores is one number and has no classes: scores are a vector or rows of them"),
    ("cross_entropy", ((4, 3), (4,), (4,)), {},
     "weight is (4,): scores, 4×3, has 3 classes, and one weight for each; `weight` would need 3 "
     "entries"),
    ("nll", ((4, 3), (4, 3)), {}, "this loss takes a class number for each place, not a distribution"),
]


@pytest.mark.parametrize(("name", "shapes", "options", "message"), MISFITS)
def test_a_misfit_says_what_is_wrong_and_what_would_fit(
    name: str, shapes: Any, options: Any, message: str
) -> None:
    """Shapes that do not fit are refused with both shapes, and with what could be written instead."""
    with pytest.raises(Misfit) as raised:
        TENSOR_OPS[name].shape(*shapes, **options)
    assert isinstance(raised.value, TutorError)
    assert str(raised.value) == message


def test_what_would_fit_is_written_in_the_operands_names() -> None:
    """Who knows the names tells the misfit in them."""
    with pytest.raises(Misfit) as raised:
        TENSOR_OPS["matmul"].shape((4, 3), (2, 3))
    assert raised.value.told(("X", "W")) == (
        "the inner sizes 3 and 2 of 4×3 @ 2×3 differ; `X @ W.T` would be 4×2")
    assert raised.value.fits == (("{0} @ {1}.T", (4, 2)),)
