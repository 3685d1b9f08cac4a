"""Gradients as formulas in matrices: the rules of tensor records run on names."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_tutor.ops.matrix_formulas import gradient_formula
from backprop_tutor.ops.tensors import TENSOR_OPS

FORMULAS: list[tuple[str, int, tuple[str, ...], tuple[Any, ...], dict[str, Any], str]] = [
    ("matmul", 0, ("X", "W"), ((4, 3), (3, 2)), {}, "δ·Wᵀ"),
    ("matmul", 1, ("X", "W"), ((4, 3), (3, 2)), {}, "Xᵀ·δ"),
    ("matmul", 0, ("W", "x"), ((2, 3), (3,)), {}, "δ·xᵀ"),
    ("matmul", 1, ("W", "x"), ((2, 3), (3,)), {}, "Wᵀ·δ"),
    ("matmul", 1, ("X", "W"), ((5, 4, 3), (3, 2)), {}, "Σ over axes 0 of Xᵀ·δ"),
    ("linear", 0, ("X", "W", "b"), ((4, 3), (2, 3), (2,)), {}, "δ·W"),
    ("linear", 1, ("X", "W", "b"), ((4, 3), (2, 3), (2,)), {}, "δᵀ·X"),
    ("linear", 2, ("X", "W", "b"), ((4, 3), (2, 3), (2,)), {}, "Σ over the rows of δ"),
    ("addmm", 0, ("c", "A", "B"), ((3,), (2, 2), (2, 3)), {}, "Σ over the rows of δ"),
    ("einsum", 0, ("A", "B"), ((2, 3), (3, 2)), {"equation": "ij,jk->ik"}, "einsum(ik,jk→ij; δ, B)"),
    ("inverse", 0, ("A",), ((2, 2),), {}, "−Yᵀ·δ·Yᵀ"),
    ("sum", 0, ("a",), ((2, 3),), {}, "δ"), ("mean", 0, ("a",), ((2, 3),), {"axis": 1}, "δ/3"),
    ("max", 0, ("a",), ((2, 3),), {"axis": 1}, "[a = Y] ⊙ δ/(Σ over the columns of [a = Y])"),
    ("norm", 0, ("a",), ((3,),), {}, "a·δ/Y"),
    ("var", 0, ("a",), ((6,),), {}, "(a − (Σ over all entries of a)/6)·δ·0.4"),
    ("transpose", 0, ("A",), ((2, 3),), {}, "δᵀ"), ("reshape", 0, ("A",), ((2, 3),), {"shape": (6,)}, "reshape(δ)"),
    ("expand", 0, ("b",), ((3,),), {"shape": (4, 3)}, "Σ over the rows of δ"),
    ("concatenate", 1, ("A", "B"), ((2, 3), (1, 3)), {}, "δ[2:3]"),
    ("stack", 1, ("a", "b"), ((2,), (2,)), {}, "δ[1]"),
    ("softmax", 0, ("Z",), ((2, 3),), {}, "δ ⊙ Y − Y ⊙ (Σ over the columns of δ ⊙ Y)"),
    ("log_softmax", 0, ("Z",), ((2, 3),), {}, "δ − exp(Y) ⊙ (Σ over the columns of δ)"),
    ("dropout", 0, ("A", "m"), ((2, 3), (2, 3)), {}, "δ ⊙ m"),
    ("mse", 0, ("Y", "T", "w"), ((2, 3), (2, 3), None), {}, "δ/6·(Y − T)·2"),
    ("bce_with_logits", 0, ("z", "t", "w", "p"), ((4, 1), (4, 1), None, None), {}, "δ/4·(σ(z) − t)"),
    ("bce_with_logits", 1, ("z", "t", "w", "p"), ((4, 1), (4, 1), None, None), {}, "δ/4·(−z)"),
    ("cross_entropy", 0, ("Z", "P", "w"), ((2, 3), (2, 3), None), {},
     "δ/2·(exp(Z − ln(Σ over the columns of exp(Z))) ⊙ (Σ over the columns of P) − P)"),
]


@pytest.mark.parametrize(("name", "slot", "names", "shapes", "options", "wanted"), FORMULAS)
def test_a_gradient_is_written_in_matrices(
    name: str, slot: int, names: Any, shapes: Any, options: Any, wanted: str
) -> None:
    """The formula is the rule, with the operands' names, ᵀ for turned, · for products, ⊙ for entry by entry."""
    assert gradient_formula(TENSOR_OPS[name], slot, names, shapes, options, value="Y") == wanted


def test_labels_have_no_formula() -> None:
    """An operand without a gradient has no formula."""
    assert gradient_formula(TENSOR_OPS["nll"], 1, ("Z", "y", "w"), ((2, 3), (2,), None)) == ""


@pytest.mark.parametrize("op", TENSOR_OPS.values(), ids=lambda op: op.name)
def test_every_rule_can_be_written(op: Any) -> None:
    """No rule calls anything but the vocabulary: each is written for each of its samples."""
    for sample in op.samples:
        names = [op.named(slot) for slot in range(len(sample.shapes))]
        for slot, shape in enumerate(sample.shapes):
            if shape is not None and op.gradient(slot) is not None:
                assert gradient_formula(op, slot, names, sample.shapes, dict(sample.options))
