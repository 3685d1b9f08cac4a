"""Rules run on code: the expressions compute what the rules compute on arrays, for every record and row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shared import faults_of

from backprop_tutor.ops import OPS
from backprop_tutor.ops.array_kernel import RAW
from backprop_tutor.ops.code import Code, bare
from backprop_tutor.ops.draws import drawn
from backprop_tutor.ops.source_functions import SOURCES, text_of
from backprop_tutor.ops.source_kernel import SourceKernel
from backprop_tutor.ops.tensor_record import Sample, TensorOperation
from backprop_tutor.ops.tensors import TENSOR_OPS
from backprop_tutor.source.statements import statements

SAMPLES = [(op, sample) for op in TENSOR_OPS.values() for sample in op.samples]


def run(code: Code, names: dict[str, Any]) -> Any:
    """Return what the text of code computes, with the functions that programs bring along."""
    numbers = iter(range(1, 1000))
    before, text = statements(code, lambda: f"t{next(numbers)}")
    lines = [*(f"{name} = {each}" for name, each in before), f"found = {text}"]
    space: dict[str, Any] = {"np": np, **names}
    exec("import math\n" + "\n\n".join(map(text_of, SOURCES)), space)  # noqa: S102  (our own text)
    with np.errstate(all="ignore"):
        exec("\n".join(lines), space)  # noqa: S102  (our own text)
    return space["found"]


def assert_alike(code: Any, wanted: Any, names: dict[str, Any]) -> None:
    """The code carries the value that its text computes, which is what arrays give."""
    if not isinstance(code, Code):
        np.testing.assert_allclose(code, wanted, rtol=1e-12, atol=1e-14)
        return
    found = run(code, names)
    np.testing.assert_array_equal(found, code.value)
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(wanted, float), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("op", dict.fromkeys(op for op, _ in SAMPLES), ids=lambda op: op.name)
def test_the_rules_of_tensor_records_as_code(op: TensorOperation) -> None:
    """Value and gradients of every record, at every sample, are what the rules give on arrays."""
    assert faults_of(assert_code, [(of, sample) for of, sample in SAMPLES if of is op]) == []


def assert_code(op: TensorOperation, sample: Sample) -> None:
    """They are at one sample."""
    options = op.with_options(dict(sample.options))
    arrays = drawn(sample)
    names = {f"a{i}": a for i, a in enumerate(arrays) if a is not None}
    with np.errstate(all="ignore"):
        out = np.asarray(op.forward(RAW, *arrays, **options))
        k = SourceKernel()
        operands = [None if a is None else k.named(f"a{i}", a) for i, a in enumerate(arrays)]
        assert_alike(op.forward(k, *operands, **options), out, names)
        g = np.linspace(0.5, 1.5, out.size).reshape(out.shape)
        for slot in range(len(arrays)):
            rule = op.gradient(slot)
            if rule is None or arrays[slot] is None or sample.draw(slot) in (2, 3):
                continue
            wanted = rule(RAW, g, out, *arrays, **options)
            found = rule(k, k.named("g", g), k.named("out", out), *operands, **options)
            assert_alike(found, wanted, {**names, "g": g, "out": out})


@pytest.mark.parametrize("name", OPS)
def test_the_rules_of_rows_as_code(name: str) -> None:
    """Value and slopes of every row, at every sample, are what the rules give on arrays."""
    op = OPS[name]
    if not op.elementwise:
        return
    for point in op.samples:
        options: Any = {**op.with_options(()), **({"index": 0} if op.outputs else {})}
        arrays = [np.array([x, x]) for x in point]
        names = {f"a{i}": float(x) for i, x in enumerate(point)}
        k = SourceKernel()
        operands = [k.named(own, x) for own, x in names.items()]
        with np.errstate(all="ignore"):
            out = op.forward(RAW, *arrays, **options)
            code = k.code(op.forward(k, *operands, **options))
            assert_alike(code, out[0], names)
            value = k.named("out", code.value)
            for slot in range(len(point)):
                wanted = op.partial(slot)(RAW, out, *arrays, **options)
                found = op.partial(slot)(k, value, *operands, **options)
                assert_alike(found, np.broadcast_to(wanted, (2,))[0], {**names, "out": code.value})


def test_sizes_are_written_by_the_arrays_they_are_of() -> None:
    """A mean divides by the array's number of entries, and not by the number there was at one point."""
    k = SourceKernel()
    X = k.named("X", np.ones((4, 3)))
    assert statements(TENSOR_OPS["mean"].forward(k, X), str)[1] == "X.mean()"
    assert statements(TENSOR_OPS["mean"].forward(k, X * X, axis=0), str)[1] == "(X * X).mean(axis=0)"


def test_brackets_stand_where_python_needs_them() -> None:
    """An operand that holds less than its place asks for is in brackets, and no other."""
    k = SourceKernel()
    a, b = k.named("a", 2.0), k.named("b", 3.0)
    made = [(a - b) - a, a - (b - a), -(a**2), (-a) ** 2, (a + b) * a / b, a / (b * a), k.greater(a, b) * a]
    assert [statements(each, str)[1] for each in made] == [
        "a - b - a", "a - (b - a)", "-a ** 2", "(-a) ** 2", "(a + b) * a / b", "a / (b * a)", "(a > b) * a",
    ]  # fmt: skip
    assert bare((a, [b, 1])) == (2.0, [3.0, 1])


def test_what_one_would_hand_in_by_hand() -> None:
    """Means, sums without kept axes, and labels' rows are written as such, with the bits of the long form."""
    k = SourceKernel()
    Z, y = k.named("Z", np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 9.0]])), k.named("y", np.array([0, 1, 1]))
    g, s = k.named("g", np.array([1.0, 2.0])), k.named("s", np.float64(2.0))
    rows, columns = k.shape(Z)
    hot = k.one_hot(y, columns, Z)
    kept = k.sum(Z, 0, True)
    made = [
        k.sum(Z) / (rows * columns), kept / rows, Z - kept / rows, k.reshape(kept, (columns,)),
        Z * k.reshape(g, (1, columns)), Z * (s / k.reshape(s, (1, 1))), Z - k.sum(Z, 1, True) / columns,
        k.sum(Z, 0) / 2, k.sum(hot), Z * k.sum(hot, 1, True), Z / k.sum(hot, 1, True), k.sum(hot, 0),
    ]
    assert [statements(each, str)[1] for each in made] == [
        "Z.mean()", "Z.mean(axis=0, keepdims=True)", "Z - Z.mean(axis=0)", "Z.sum(axis=0)",
        "Z * g", "Z * (s / s)", "Z - Z.mean(axis=1, keepdims=True)",
        "Z.sum(axis=0) / 2", "len(y)", "Z", "Z", "np.eye(Z.shape[1])[y].sum(axis=0)",
    ]  # fmt: skip
    for each in made:
        before, text = statements(each, str)
        assert not before
        found = eval(text, {"np": np, "Z": Z.value, "y": y.value, "g": g.value, "s": s.value})  # noqa: S307
        np.testing.assert_array_equal(found, each.value)


def test_a_long_expression_is_several_lines() -> None:
    """Of an expression that is no line, long pieces have lines and names of their own."""
    k = SourceKernel()
    names = [k.named(f"a_long_name_{i}", float(i)) for i in range(6)]
    total = k.exp(names[0] * names[1] + names[2] * names[3]) + k.exp(names[4] * names[5])
    numbers = iter(range(1, 9))
    assert statements(total, lambda: f"t{next(numbers)}") == (
        [("t1", "a_long_name_0 * a_long_name_1 + a_long_name_2 * a_long_name_3")],
        "np.exp(t1) + np.exp(a_long_name_4 * a_long_name_5)",
    )
