"""The checks of the contract battery over one tensor record; each raises AssertionError with its reason."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from backprop_tutor.ops.array_kernel import RAW
from backprop_tutor.ops.draws import drawn
from backprop_tutor.ops.index_formulas import formula_of, value_at
from backprop_tutor.ops.index_gradients import gradient_in_indices
from backprop_tutor.ops.programs import performed
from backprop_tutor.ops.symbol_arrays import SymbolArrays, symbols_of
from backprop_tutor.ops.tensor_record import Sample, TensorOperation
from backprop_tutor.ops.tracing import reads

MOST_SYMBOLS = 12


def options_of(op: TensorOperation, sample: Sample) -> dict[str, Any]:
    return op.with_options(dict(sample.options))


def value_of(op: TensorOperation, sample: Sample, arrays: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.asarray(op.forward(RAW, *arrays, **options_of(op, sample)))


def gradient_of(op: TensorOperation, sample: Sample, slot: int, arrays: Any, g: Any) -> Any:
    rule = op.gradient(slot)
    assert rule is not None
    with np.errstate(all="ignore"):
        out = value_of(op, sample, arrays)
        return np.asarray(rule(RAW, g, out, *arrays, **options_of(op, sample)))


def slots_of(op: TensorOperation, sample: Sample) -> list[int]:
    """The operands that are there and have a gradient; labels have none."""
    return [
        i for i, shape in enumerate(sample.shapes)
        if shape is not None and op.gradient(i) is not None and not isinstance(sample.draw(i), int)
    ]


def _shapes(arrays: Any) -> list[Any]:
    return [None if a is None else a.shape for a in arrays]


def shape_is_the_values(op: TensorOperation, sample: Sample) -> None:
    """The shape rule gives the shape of what the forward computes."""
    arrays = drawn(sample)
    wanted = op.shape(*_shapes(arrays), **options_of(op, sample))
    assert value_of(op, sample, arrays).shape == wanted, (wanted, sample)


def gradients_have_shapes(op: TensorOperation, sample: Sample) -> None:
    """Each gradient has its operand's shape, and all its values are kept finite."""
    arrays = drawn(sample)
    for slot in slots_of(op, sample):
        found = gradient_of(op, sample, slot, arrays, np.ones_like(value_of(op, sample, arrays)))
        assert found.shape == arrays[slot].shape, (slot, found.shape)


def loops_agree(op: TensorOperation, sample: Sample) -> None:
    """The formula over indices, evaluated by plain loops, is the forward."""
    arrays = drawn(sample)
    options = options_of(op, sample)
    if options.get("ignore_index", -1) >= 0 or (options.get("label_smoothing") and arrays[1].dtype.kind == "i"):
        return  # the formula says the plain loss
    if op.indices is None:
        assert op.stands_for is not None or op.name in ("inverse", "solve"), op.name
        return
    formula = formula_of(op.indices(*_shapes(arrays), **options_of(op, sample)))
    named = {op.named(i): a for i, a in enumerate(arrays) if a is not None}
    out = value_of(op, sample, arrays)
    for at in np.ndindex(*out.shape):
        looked = value_at(formula, named, at)
        np.testing.assert_allclose(looked, float(out[at]), rtol=1e-11, atol=1e-12, err_msg=str(at))


def gradients_in_indices_agree(op: TensorOperation, sample: Sample) -> None:
    """The gradient's formula over indices, evaluated by plain loops, is what the rule gives."""
    arrays, options = drawn(sample), options_of(op, sample)
    if options.get("ignore_index", -1) >= 0 or options.get("label_smoothing"):
        return  # the value's formula says the plain loss
    out = value_of(op, sample, arrays)
    g = np.cos(np.arange(out.size)).reshape(out.shape)
    named = {op.named(i): a for i, a in enumerate(arrays) if a is not None} | {"g": g, "out": out}
    for slot in slots_of(op, sample):
        formula = gradient_in_indices(op, slot, _shapes(arrays), options)
        if formula is None:
            continue
        right = gradient_of(op, sample, slot, arrays, g)
        for at in np.ndindex(*right.shape):
            looked = value_at(formula, named, at)
            np.testing.assert_allclose(looked, float(right[at]), rtol=1e-9, atol=1e-11, err_msg=f"{slot} {at}")


def adjoint_holds(op: TensorOperation, sample: Sample) -> None:
    """⟨J·v, w⟩ by centred differences is ⟨v, Jᵀ·w⟩ by the rules, for each operand alone."""
    for turn in range(2):
        arrays = drawn(sample, turn)
        out = value_of(op, sample, arrays)
        w = np.cos(np.arange(out.size)).reshape(out.shape)
        for slot in slots_of(op, sample):
            v = np.sin(1 + np.arange(arrays[slot].size)).reshape(arrays[slot].shape)
            step = 1e-6
            upper, lower = (
                value_of(op, sample, [*arrays[:slot], arrays[slot] + s * v, *arrays[slot + 1 :]])
                for s in (step, -step)
            )
            forwards = float((w * (upper - lower)).sum()) / (2 * step)
            backwards = float((v * gradient_of(op, sample, slot, arrays, w)).sum())
            np.testing.assert_allclose(backwards, forwards, rtol=2e-6, atol=1e-7, err_msg=f"slot {slot}")


def differences_agree(op: TensorOperation, sample: Sample) -> None:
    """Each entry of each gradient is the centred difference quotient of Σ w·out."""
    arrays = drawn(sample, 3)
    out = value_of(op, sample, arrays)
    w = np.cos(np.arange(out.size)).reshape(out.shape)
    for slot in slots_of(op, sample):
        found = gradient_of(op, sample, slot, arrays, w)
        for at in np.ndindex(*arrays[slot].shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = arrays[slot].copy()
                moved[at] += step
                ends.append(value_of(op, sample, [*arrays[:slot], moved, *arrays[slot + 1 :]]))
            quotient = float((w * (ends[0] - ends[1])).sum()) / 2e-6
            np.testing.assert_allclose(found[at], quotient, rtol=2e-6, atol=1e-7, err_msg=f"{slot} {at}")


def symbols_prove(op: TensorOperation, sample: Sample) -> None:
    """Each entry of each gradient is SymPy's derivative of the forward's formula, on small shapes."""
    arrays = drawn(sample, 1)
    size = sum(arrays[i].size for i in slots_of(op, sample))
    if not 0 < size <= MOST_SYMBOLS or value_of(op, sample, arrays).size == 0:
        return
    options = options_of(op, sample)
    names = [op.named(i) for i in range(len(arrays))]
    symbols: list[Any] = [
        None if a is None else a if a.dtype.kind == "i" else symbols_of(name, a.shape)
        for name, a in zip(names, arrays, strict=True)
    ]
    at = {
        s: sp.Rational(round(float(x) * 2**20), 2**20)
        for a, b in zip(symbols, arrays, strict=True) if a is not None and a.dtype == object
        for s, x in zip(a.ravel(), b.ravel(), strict=True)
    }
    k = SymbolArrays(at)
    out = np.asarray(op.forward(k, *symbols, **options), object)
    g = symbols_of("g", out.shape)
    weights = {s: sp.Rational(2 * n + 1, 3) for n, s in enumerate(g.ravel())}
    k.at.update(weights)
    objective = sum(x * y for x, y in zip(g.ravel(), out.ravel(), strict=True))
    for slot in slots_of(op, sample):
        rule = op.gradient(slot)
        found = np.asarray(rule(k, g, out, *symbols, **options), object)  # type: ignore[misc]
        assert found.shape == symbols[slot].shape
        for place in np.ndindex(*found.shape):
            wanted = sp.diff(objective, symbols[slot][place])
            ours = sp.S(found[place])
            both = [complex(each.xreplace({**at, **weights}).evalf(20)) for each in (wanted, ours)]
            np.testing.assert_allclose(both[1], both[0], rtol=1e-12, atol=1e-14, err_msg=f"{slot} {place}")


def program_agrees(op: TensorOperation, sample: Sample) -> None:
    """A fused operation's value is that of the program it stands for; so are its gradients' directions."""
    if op.stands_for is None:
        return
    arrays = drawn(sample, 2)
    steps = op.stands_for(*_shapes(arrays), **options_of(op, sample))
    if not steps:
        return

    def program(*operands: Any) -> Any:
        named = {op.named(i): a for i, a in enumerate(operands) if a is not None}
        with np.errstate(all="ignore"):
            return np.asarray(performed(RAW, steps, named)["out"])

    out = value_of(op, sample, arrays)
    np.testing.assert_allclose(program(*arrays), out, rtol=1e-11, atol=1e-12)
    w = np.cos(np.arange(out.size)).reshape(out.shape)
    for slot in slots_of(op, sample):
        v = np.sin(2 + np.arange(arrays[slot].size)).reshape(arrays[slot].shape)
        ends = [program(*arrays[:slot], arrays[slot] + s * v, *arrays[slot + 1 :]) for s in (1e-6, -1e-6)]
        forwards = float((w * (ends[0] - ends[1])).sum()) / 2e-6
        backwards = float((v * gradient_of(op, sample, slot, arrays, w)).sum())
        np.testing.assert_allclose(backwards, forwards, rtol=2e-6, atol=1e-7)


def float32_stays(op: TensorOperation, sample: Sample) -> None:
    """float32 in gives float32 out, value and gradients, equal to float64's to its rounding."""
    wide = drawn(sample)
    narrow = [a if a is None or a.dtype.kind != "f" else a.astype(np.float32) for a in wide]
    out, small = value_of(op, sample, wide), value_of(op, sample, narrow)
    if out.dtype.kind != "f":
        return
    assert small.dtype == np.float32, small.dtype
    np.testing.assert_allclose(small, out, rtol=3e-5, atol=1e-5)
    g = np.ones_like(out)
    for slot in slots_of(op, sample):
        found = gradient_of(op, sample, slot, narrow, g.astype(np.float32))
        assert found.dtype == np.float32, (slot, found.dtype)
        np.testing.assert_allclose(found, gradient_of(op, sample, slot, wide, g), rtol=2e-4, atol=1e-4)


def only_what_is_read_matters(op: TensorOperation, sample: Sample) -> None:
    """A gradient stays where everything that its rule does not read is replaced by nan of its shape."""
    arrays = drawn(sample)
    out = value_of(op, sample, arrays)
    g = np.cos(np.arange(out.size)).reshape(out.shape)
    options = options_of(op, sample)

    def unless(name: str, a: Any, seen: Any) -> Any:
        if a is None or name in seen:
            return a
        return np.full_like(a, np.nan if a.dtype.kind == "f" else 99)

    for slot in slots_of(op, sample):
        seen = reads(op, slot)
        rule = op.gradient(slot)
        assert rule is not None
        given = [unless(op.named(i), a, seen) for i, a in enumerate(arrays)]
        with np.errstate(all="ignore"):
            found = rule(RAW, g, unless("out", out, seen), *given, **options)
        np.testing.assert_array_equal(found, gradient_of(op, sample, slot, arrays, g))


CHECKS: tuple[Callable[[TensorOperation, Sample], None], ...] = (
    shape_is_the_values, gradients_have_shapes, loops_agree, adjoint_holds, differences_agree,
    gradients_in_indices_agree, symbols_prove, program_agrees, float32_stays, only_what_is_read_matters,
)


def first_failure(op: TensorOperation) -> str:
    """Return the name of the first check that a record fails, or nothing."""
    for check, sample in itertools.product(CHECKS, op.samples):
        try:
            check(op, sample)
        except (AssertionError, ValueError, TypeError, KeyError, IndexError):
            return check.__name__
    return ""
