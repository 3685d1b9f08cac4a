"""Tapes: what each of them records and nothing else, their errors, and gradients of every function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tutor import tf
from backprop_tutor.tf.functions.pointwise import ONE, TWO


def test_a_tape_is_asked_once() -> None:
    """A second question to a tape that is not persistent says how to ask twice."""
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
    assert tape.gradient(y, v).numpy() == 6.0
    with pytest.raises(RuntimeError) as caught:
        tape.gradient(y, v)
    assert str(caught.value) == (
        "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians); make it with "
        "tf.GradientTape(persistent=True) to ask again"
    )


def test_what_is_not_watched_has_no_gradient() -> None:
    """A constant that no one watches, what was computed before, outside, or by another tape: None."""
    x, v = tf.constant(3.0), tf.Variable(2.0)
    before = v * v
    with tf.GradientTape(persistent=True) as tape:
        y = x * x + before
        inside = v * before
    outside = inside + 1.0
    assert tape.gradient(y, x) is None
    assert tape.gradient(y, v) is None
    assert tape.gradient(inside, v).numpy() == 4.0
    assert tape.gradient(outside, v) is None
    with tf.GradientTape() as other:
        other.watch(inside)
        z = inside**2
    assert other.gradient(z, v) is None


def test_a_variable_that_was_assigned_to_since_counts_as_it_was() -> None:
    """Gradients are those at the values that were read; both readings count."""
    v = tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = v * v
        v.assign_add(1.0)
        z = y + v * v
    v.assign(100.0)
    assert (tape.gradient(y, v).numpy(), tape.gradient(z, v).numpy()) == (6.0, 14.0)


def test_ten_thousand_operations_are_walked_back() -> None:
    """No recursion over the tape."""
    v = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = v
        for _ in range(10_000):
            y = y + 1.0
    assert tape.gradient(y, v).numpy() == 1.0


def test_derivatives_of_four_orders() -> None:
    """x⁵ at 2: 80, 160, 240, 240."""
    x = tf.Variable(2.0, dtype=tf.float64)
    found = []

    def derived(order: int) -> Any:
        if order == 0:
            return x**5.0
        with tf.GradientTape() as tape:
            y = derived(order - 1)
        g = tape.gradient(y, x)
        found.append(g.numpy())
        return g

    derived(4)
    assert found == [80.0, 160.0, 240.0, 240.0]


ERRORS: list[tuple[Callable[[Any, Any], Any], type[Exception], str]] = [
    (lambda tape, y: tape.watch(3.0), ValueError,
     "Passed in object 3.0 of type 'float', not tf.Tensor or tf.Variable."),
    (lambda tape, y: tape.gradient(y, 3.0), ValueError,
     "a source is 3.0, a float; expected a tf.Tensor or a tf.Variable"),
    (lambda tape, y: tape.gradient(y.numpy(), y), ValueError,
     "a target is np.float32(9.0), a float32; expected a tf.Tensor or a tf.Variable: what numpy() returns is no longer "
     "on the tape"),
    (lambda tape, y: tape.gradient(y, y, unconnected_gradients="nought"), ValueError,
     "Unknown value for unconnected_gradients: 'nought'; choose 'none' or 'zero'"),
    (lambda tape, y: tape.stop_recording().__enter__(), ValueError, "Tape is not recording."),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "kind", "said"), ERRORS, ids=[said[:20] for *_, said in ERRORS])
def test_errors_teach(ask: Callable[[Any, Any], Any], kind: type[Exception], said: str) -> None:
    """What is no tensor, what has left the tape, an unknown choice."""
    v = tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = v * v
    with pytest.raises(kind) as caught:
        ask(tape, y)
    assert str(caught.value) == said


def test_whole_numbers_are_not_watched() -> None:
    """A warning says so, and their gradient is None."""
    i = tf.constant(3)
    with tf.GradientTape() as tape:
        with pytest.warns(UserWarning, match="must be floating"):
            tape.watch(i)
        y = tf.cast(i, tf.float32) * 2.0
    assert tape.gradient(y, i) is None


def test_equals_of_two_give_the_gradient_to_the_first() -> None:
    """`tf.maximum` and `tf.minimum`, as TensorFlow has it; `reduce_max` shares it."""
    a, b, c = tf.Variable(2.0), tf.Variable(2.0), tf.Variable([1.0, 3.0, 3.0])
    with tf.GradientTape(persistent=True) as tape:
        high, low, most = tf.maximum(a, b), tf.minimum(a, b), tf.reduce_max(c)
    assert [g.numpy() for y in (high, low) for g in tape.gradient(y, [a, b])] == [1.0, 0.0, 1.0, 0.0]
    assert tape.gradient(most, c).numpy().tolist() == [0.0, 0.5, 0.5]


def _differences(function: Callable[[Any], Any], at: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    step = 1e-6
    found = np.empty_like(at)
    for i in range(at.size):
        moved = at.copy()
        moved.flat[i] += step
        high = float(tf.reduce_sum(function(tf.constant(moved))))
        moved.flat[i] -= 2 * step
        found.flat[i] = (high - float(tf.reduce_sum(function(tf.constant(moved))))) / (2 * step)
    return found


AT = np.array([[0.31, 0.72], [0.53, 0.17]])
OF_TWO = [row for row in TWO if row.takes in ("fractions", "numbers") and row.op not in (
    "Less", "LessEqual", "Greater", "GreaterEqual", "FloorDiv", "FloorMod")]
MORE: dict[str, Callable[[Any], Any]] = {
    "reduce_sum": lambda x: tf.reduce_sum(x, 0) ** 2, "reduce_mean": lambda x: tf.reduce_mean(x, 1) ** 2,
    "reduce_max": lambda x: tf.reduce_max(x, 0), "reduce_prod": tf.reduce_prod, "std": tf.math.reduce_std,
    "logsumexp": lambda x: tf.reduce_logsumexp(x, 1), "softmax": lambda x: tf.nn.softmax(x)[:, 0],
    "log_softmax": lambda x: tf.nn.log_softmax(x, 0)[0], "matmul": lambda x: x @ x, "norm": tf.norm,
    "transpose": lambda x: tf.transpose(x) * x, "concat": lambda x: tf.concat([x, 2 * x], 1) ** 2,
    "stack": lambda x: tf.stack([x, x * x]), "gather": lambda x: tf.gather(x, [1, 1, 0]) ** 2,
    "where": lambda x: tf.where(x > 0.5, x**2, 3 * x), "tile": lambda x: tf.tile(x, [2, 1]) ** 2,
    "slices": lambda x: x[::-1, 1:] ** 2, "cumsum": lambda x: tf.cumsum(x, 1) ** 2, "inv": tf.linalg.inv,
    "det": tf.linalg.det, "einsum": lambda x: tf.einsum("ij,kj->ik", x, x), "clip": lambda x: tf.clip_by_value(x, 0.2, 0.6) ** 2,
    "clip_by_norm": lambda x: tf.clip_by_norm(x, 0.5), "l2_normalize": lambda x: tf.nn.l2_normalize(x, 1),
    "tensordot": lambda x: tf.tensordot(x, x, [[0], [1]]), "sort": lambda x: tf.sort(x)[:, 0],
    "sigmoid_loss": lambda x: tf.nn.sigmoid_cross_entropy_with_logits([[0.0, 1.0], [1.0, 0.0]], x),
    "softmax_loss": lambda x: tf.nn.softmax_cross_entropy_with_logits([[0.0, 1.0], [1.0, 0.0]], x),
    "sparse_loss": lambda x: tf.nn.sparse_softmax_cross_entropy_with_logits([1, 0], x),
    "moments": lambda x: tf.nn.moments(x, 0)[1], "leaky_relu": tf.nn.leaky_relu, "gelu": tf.nn.gelu,
    "l2_loss": tf.nn.l2_loss, "split": lambda x: tf.split(x, 2)[1] ** 2, "unstack": lambda x: tf.unstack(x)[0] ** 2,
    "matvec": lambda x: tf.linalg.matvec(x, x[0]), "solve": lambda x: tf.linalg.solve(x, x * x),
    "squeeze": lambda x: tf.squeeze(tf.expand_dims(x, 0)) ** 2, "repeat": lambda x: tf.repeat(x, 2) ** 2,
    "add_n": lambda x: tf.add_n([x, x * x]), "reverse": lambda x: tf.reverse(x, [0]) * x, "trace": tf.linalg.trace,
}  # fmt: skip


def _of_row(names: str) -> Callable[..., Any]:
    found = tf
    for part in names.split()[0].split("."):
        found = getattr(found, part)
    return found  # type: ignore[return-value]


def _sided(function: Callable[..., Any], side: str) -> Callable[[Any], Any]:
    return lambda x: function(x, 1.7 - x) if side == "both" else function(0.9, x)


CHECKED: list[tuple[str, Callable[[Any], Any], np.ndarray[Any, Any]]] = [
    *[(row.names.split()[0], _of_row(row.names), AT + (1 if row.op == "Acosh" else 0)) for row in ONE
      if row.takes != "truths" and row.op not in ("IsFinite", "IsInf", "IsNan")],
    *[(f"{row.names.split()[0]} {side}", _sided(_of_row(row.names), side), AT) for row in OF_TWO
      for side in ("both", "second") if row.op not in ("Equal", "NotEqual")],
    *[(name, function, AT) for name, function in MORE.items()],
]  # fmt: skip


@pytest.mark.parametrize(("name", "function", "at"), CHECKED, ids=[name for name, *_ in CHECKED])
def test_gradients_are_the_differences(
    name: str, function: Callable[[Any], Any], at: np.ndarray[Any, Any]
) -> None:
    """Of every function, at points off its kinks, in float64."""
    x = tf.Variable(at)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(function(x))
    found = tape.gradient(y, x, unconnected_gradients="zero").numpy()
    np.testing.assert_allclose(found, _differences(function, at), rtol=2e-6, atol=2e-6)
