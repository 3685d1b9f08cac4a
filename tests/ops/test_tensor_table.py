"""The contract of the table of tensor operations: one battery over every record."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from shared import faults_of
from tensor_battery import CHECKS, first_failure

from backprop_tutor.ops.tensor_record import OUT, Sample, Step, TensorOperation, Torch
from backprop_tutor.ops.tensors import TENSOR_OPS
from backprop_tutor.ops.tracing import reads

ROWS = list(TENSOR_OPS.values())
def _label(value: Any) -> str:
    return value.name if isinstance(value, TensorOperation) else getattr(value, "__name__", str(value))


@pytest.mark.parametrize("op", ROWS, ids=_label)
def test_a_record_keeps_its_contract(op: TensorOperation) -> None:
    """Shape, loops, adjoint, differences, SymPy, program, dtype and what is saved agree with the forward."""
    cases = [(check, sample) for check in CHECKS for sample in op.samples]
    assert faults_of(lambda check, sample: check(op, sample), cases) == []


MATMUL = TENSOR_OPS["matmul"]
MEAN = TENSOR_OPS["mean"]

FAULTS: list[tuple[str, TensorOperation, str, dict[str, Any]]] = [
    ("a shape turned", MATMUL, "shape_is_the_values", {"shape": lambda a, b: (*b[1:], *a[:1])}),
    ("a forward of another factor", MATMUL, "loops_agree", {"forward": lambda k, a, b: k.matmul(a, b) * 2}),
    ("a gradient without its transpose", MATMUL, "gradients_have_shapes", {
        "backward": (lambda k, g, out, a, b: g, MATMUL.gradient(1))}),
    ("a gradient of twice the size", MATMUL, "adjoint_holds", {
        "backward": (lambda k, g, out, a, b: MATMUL.gradient(0)(k, g, out, a, b) * 2, MATMUL.gradient(1))}),
    ("a formula with a factor forgotten", MATMUL, "loops_agree", {
        "indices": lambda a, b: "out[i,j] = Σ k a[i,k]", "samples": MATMUL.samples[:1]}),
    ("a gradient in indices that is turned", MATMUL, "gradients_in_indices_agree", {
        "index_gradients": (lambda a, b: "grad[i,j] = Σ k b[k,j]·g[i,k]", None),
        "samples": (Sample(((2, 3), (3, 3))),)}),
    ("a program of a sum", MEAN, "program_agrees", {
        "stands_for": lambda a, axis=None, keepdims=False: (
            Step("out", "sum", ("a",), (("axis", axis), ("keepdims", keepdims))),)}),
    ("a gradient that widens float32", MEAN, "float32_stays", {
        "backward": (lambda k, g, out, a, axis=None, keepdims=False: k.cast(
            MEAN.gradient(0)(k, g, out, a, axis, keepdims), "float64"),)}),
]


@pytest.mark.parametrize(("fault", "op", "check", "change"), FAULTS, ids=[each[0] for each in FAULTS])
def test_the_battery_notices_a_fault_in_each_field(
    fault: str, op: TensorOperation, check: str, change: dict[str, Any]
) -> None:
    """A record with one field wrong fails the check that is there for it, so its silence means something."""
    assert first_failure(dataclasses.replace(op, **change)) == check


@pytest.mark.parametrize(("change", "message"), [
    ({"name": "mat mul"}, "mat mul: a name is an identifier, not 'mat mul'"),
    ({"operands": ("a", "out")}, "matmul: two values of one name among ('a', 'out')"),
    ({"operands": ("a", "a")}, "matmul: two values of one name among ('a', 'a')"),
    ({"backward": (MATMUL.gradient(0),)}, "matmul: 2 operands need as many rules"),
    ({"because": ("so",)}, "matmul: 2 operands need as many reasons"),
    ({"because": ("so", "")}, "matmul: a gradient and its reason go together, for slot 1"),
    ({"samples": ()}, "matmul: no samples for the contract battery"),
    ({"samples": (Sample(((2,),)),)}, "matmul: a sample of 1 operands"),
    ({"samples": (Sample(((2,), None)),)}, "matmul: no sample has the operand b"),
    ({"samples": (Sample(((2,), (2,)), (("axes", 1),)),)},
     "matmul has no option `axes`; its options: none"),
    ({"optional": ("c",)}, "matmul: ('c',) are not among ('a', 'b')"),
    ({"sign": "matrix"}, "matmul: the sign 'matrix' does not fit a box"),
])
def test_a_record_is_checked_when_it_is_built(change: dict[str, Any], message: str) -> None:
    """A record whose fields do not fit each other cannot be built; the message says which."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        dataclasses.replace(MATMUL, **change)


def test_a_name_of_pytorchs_is_an_identifier() -> None:
    """The names in PyTorch are names."""
    with pytest.raises(ValueError, match="a name of PyTorch's is an identifier, not 'mm 0'"):
        Torch(nodes=("mm 0",))


def test_spellings_lead_to_one_record() -> None:
    """No name of the typed language means two tensor operations."""
    spelled = [name for op in ROWS for name in op.spelled]
    assert len(spelled) == len(set(spelled))


@pytest.mark.parametrize(("name", "slot", "wanted"), [
    ("matmul", 0, {"b"}), ("matmul", 1, {"a"}), ("sum", 0, set()), ("mean", 0, set()),
    ("reshape", 0, set()), ("transpose", 0, set()), ("logsumexp", 0, {"a", OUT}),
    ("linear", 2, set()), ("linear", 0, {"weight"}), ("inverse", 0, {OUT}), ("norm", 0, {"a", OUT}),
    ("concatenate", 1, set()), ("einsum", 0, {"a2", "a3"}),
])
def test_what_a_rule_reads_is_traced(name: str, slot: int, wanted: set[str]) -> None:
    """Only values that a rule reads are saved; a shape that it asks for is not a value."""
    assert reads(TENSOR_OPS[name], slot) == wanted
