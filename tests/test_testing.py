from __future__ import annotations

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.testing import assert_gradients, check_function, grade

D = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
LINE = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
NET = bt.derive("z = w*x + b; a = σ(z); L = (a - t)^2/2", at={"w": 0.5, "x": 2, "b": 0.25, "t": 1})


def test_right_gradients_pass() -> None:
    """Right gradients pass under any spelling, as numbers, texts or NumPy's numbers."""
    assert assert_gradients(D, {"x": -4, "∂f/∂y": "-4", "df/dz": np.float64(3)}).score == 1
    assert assert_gradients(D, {"q": 3, "x": -4} | {"q": -4}).score == 1
    assert assert_gradients(NET, {"w": f"{NET.gradients['w']:.3g}"}).score == 1


def test_the_message_is_the_diagnosis() -> None:
    """A failure names the cell to begin with, the slip, and what follows from it."""
    d = NET.gradients
    with pytest.raises(AssertionError) as caught:
        assert_gradients(NET, {"a": d["a"], "z": d["a"], "b": d["a"], "w": d["a"] * 2})
    message = str(caught.value)
    assert message.startswith("3 of 4 answers are not right. Begin with dL/dz")
    assert "↳ dL/dw" in message
    assert "hint:" in message
    assert repr(d["z"]) not in message
    with pytest.raises(AssertionError) as caught:
        assert_gradients(NET, {"z": d["a"]}, hints=False)
    assert "hint:" not in str(caught.value)


def test_tolerance() -> None:
    """The tolerance is the caller's."""
    assert_gradients(D, {"x": -4.3}, tolerance=0.1)
    with pytest.raises(AssertionError):
        assert_gradients(D, {"x": -4.3})


def test_unknown_names() -> None:
    """A gradient of a name that is not there is an error of the caller."""
    with pytest.raises(UnknownNameError):
        assert_gradients(D, {"w": 1})


def test_functions() -> None:
    """A function's gradients come as a tuple, list, array, mapping or one number."""
    assert check_function(lambda w, x, b: (x, w, 1), LINE).score == 1
    assert check_function(lambda b, w: [1, 5], LINE).score == 1
    assert check_function(lambda w, x: np.array([x, w]), LINE).score == 1
    assert check_function(lambda w, x, b: {"w": x, "df/dx": w}, LINE).score == 1
    assert check_function(lambda w: 5, LINE).score == 1
    assert check_function(lambda **values: {"w": values["x"]}, LINE).score == 1
    assert check_function(lambda w, x, b, verbose=False: {"w": x}, LINE).score == 1


def test_wrong_functions() -> None:
    """A wrong gradient, nothing, or the wrong number of gradients is an assertion that says so."""
    with pytest.raises(AssertionError, match="df/dw = -2"):
        check_function(lambda w, x, b: (w, x, 1), LINE)
    with pytest.raises(AssertionError, match="returned None"):
        check_function(lambda w: None, LINE)
    with pytest.raises(AssertionError, match="returned 2 gradients; expected 3, those of w, x, b"):
        check_function(lambda w, x, b: (x, w), LINE)
    with pytest.raises(AssertionError, match="not a finite number"):
        check_function(lambda w: float("nan"), LINE)


def test_functions_that_do_not_fit() -> None:
    """Parameters that are no inputs are refused with the nearest; what a function raises is raised."""
    with pytest.raises(OptionError, match="`v` is no input; the inputs: w, x, b"):
        check_function(lambda w, v: (1, 2), LINE)
    with pytest.raises(OptionError, match=r"def grads\(w, x, b\)"):
        check_function(lambda *values: values, LINE)
    with pytest.raises(OptionError, match="a function is expected"):
        check_function(3, LINE)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        check_function(lambda w: 1 / 0, LINE)


OVER_ARRAYS = bt.derive(
    "Z1 = X@W1 + b1; A1 = relu(Z1); S = A1@W2 + b2; L = cross_entropy(S, y)",
    at={
        "X": [[1.2, -0.5, 0.3], [0.4, 2.0, -1.1], [-0.7, 0.6, 0.9]],
        "W1": [[0.5, -0.3], [0.8, 0.1], [-0.6, 0.9]], "b1": [0.1, -0.2],
        "W2": [[0.7, -0.2, 0.4], [-0.5, 0.3, 0.6]], "b2": [0.0, 0.2, -0.1], "y": [0, 2, 1],
    },
)  # fmt: skip


def backward(X, y, W1, b1, W2, b2):
    """Return the gradients of a two-layer network, as a student writes them."""
    z = X @ W1 + b1
    a = np.maximum(z, 0)
    s = a @ W2 + b2
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    p[range(3), y] -= 1
    p /= 3
    dz = (p @ W2.T) * (z > 0)
    return {"dW1": X.T @ dz, "db1": dz.sum(axis=0), "W2": a.T @ p, "dL/db2": p.sum(axis=0)}


def failing(function) -> str:
    """Return what a wrong function is told."""
    with pytest.raises(AssertionError) as caught:
        check_function(function, OVER_ARRAYS)
    return str(caught.value)


def test_a_function_over_arrays_passes() -> None:
    """Gradients by any of their names, as a tuple of the weights' or of what is given, in float32 too."""
    assert check_function(backward, OVER_ARRAYS).score == 1

    def as_tuple(X, y, W1, b1, W2, b2):
        return tuple(backward(X, y, W1, b1, W2, b2).values())

    assert check_function(as_tuple, OVER_ARRAYS).score == 1
    assert check_function(lambda dZ1, X, W1: (X.T @ dZ1).astype(np.float32), OVER_ARRAYS).score == 1
    assert check_function(lambda **k: backward(**k), OVER_ARRAYS).score == 1


def test_a_wrong_function_over_arrays_is_diagnosed() -> None:
    """The message has relative errors, shapes, nans, the slip and arrays that were changed in place."""
    told = failing(lambda dZ1, X, W1, b1: {"W1": dZ1.T @ X, "b1": dZ1.sum(axis=0, keepdims=True)})
    assert told == (
        "2 of 2 gradients are not right. Begin with dL/dW1:\n"
        "  ✗ dL/dW1, 3×2: 2×3 where W1 is 3×2: transposed? This matrix is transposed: a gradient has the "
        "shape of its value. (at W₁)\n"
        "    or: The gradient handed down is transposed. (at W₁ → X @ W₁)\n"
        "    hint: Which way do the rows run: over samples, inputs or units?\n"
        "  ✗ dL/db1, (2,): 1×2 where b1 is (2,)."
    )
    told = failing(lambda dS, A1, W2: {"W2": A1.T @ dS * 3})
    assert told.startswith("1 gradient of 1 is not right. Begin with dL/dW2:\n  ✗ dL/dW2, 2×3: relative error 6.7e-01.")
    assert "[0, 1] is nan" in failing(lambda W2: {"W2": W2 * [1, np.nan, 1]})
    assert "row 1 has 1 entry; row 0 has 2" in failing(lambda W1: {"W1": [[1, 2], [3]]})


def test_arrays_changed_in_place_are_told() -> None:
    """A function that writes into what it is given fails, though its gradients are right."""

    def careless(X, y, W1, b1, W2, b2):
        found = backward(X, y, W1, b1, W2, b2)
        b1 += 1
        return found

    told = failing(careless)
    assert told.startswith("The gradients are right, but:\n")
    assert told.endswith("  ✗ b1 was changed in place: work on a copy")
    assert OVER_ARRAYS.at["b1"].tolist() == [0.1, -0.2]


def test_functions_over_arrays_that_do_not_fit() -> None:
    """None, another number of gradients, and arguments that there are not are told."""
    assert failing(lambda X: None) == "the function returned None; return the gradients"
    assert failing(lambda W1, b1: (1, 2, 3)) == (
        "the function returned 3 gradients; expected 2, the gradients of W1, b1, or a mapping by name"
    )
    with pytest.raises(OptionError, match="the parameter `Q` is no input"):
        check_function(lambda Q: Q, OVER_ARRAYS)


ASKED = ("x", "y", "z")
LEFT_OUT = {
    "one is missing": ({"x": -4, "z": 3}, 2.0, "missing: df/dy"),
    "empty ones": ({"x": -4, "y": None, "z": " "}, 1.0, "missing: df/dy, df/dz"),
    "a name of no node": ({"x": -4, "y": -4, "w": 3}, 2.0, "  `df/dw` is no quantity of this graph; did you mean `df/dz`?\nmissing: df/dz"),
    "two spellings": ({"x": -4, "df/dx": 4, "y": -4, "z": 3}, 2.0, "  `df/dx` is answered twice\nmissing: df/dx"),
    "more than is asked": ({"x": -4, "y": -4, "z": 3, "q": 9}, 3.0, ""),
    "nothing": ({}, 0.0, "missing: df/dx, df/dy, df/dz"),
    "no mapping": (np.array([-4, -4, 3]), 0.0, "answers map quantities to answers; `ndarray` was given"),
    "a function's mapping": (lambda x, y, z: {"x": z}, 1.0, "missing: df/dy, df/dz"),
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_is_left_out_of_what_is_asked_earns_nothing(kind: str) -> None:
    """Where it is said what is asked for, a student's own names cannot make two answers of three all of them."""
    answers, points, message = LEFT_OUT[kind]
    earned = grade(answers, D, points=3, asked=ASKED)  # type: ignore[arg-type]
    assert (earned, earned.message) == (points, message)


def test_what_is_left_out_fails_an_assertion() -> None:
    """The error says what is missing, over arrays too; a name that is asked for must be there."""
    with pytest.raises(AssertionError, match=r"\Amissing: df/dy\Z"):
        assert_gradients(D, {"x": -4, "z": 3}, asked=ASKED)
    assert assert_gradients(D, {"x": -4, "z": 3, "y": -4}, asked=ASKED).score == 1
    layer = bt.derive("Z = X@W; L = sum(Z**2)/2", at={"X": [[1, 2], [3, 4]], "W": [[1], [-2]]})
    own = grade(lambda X, W: {"dW": X.T @ (X @ W)}, layer, points=2, asked=["W", "X"])
    assert (own, own.message) == (1, "missing: dL/dX")
    with pytest.raises(UnknownNameError):
        grade({"x": -4}, D, asked=["w"])


def test_points_show_their_message_in_a_notebook() -> None:
    """Below the number, escaped, a line each; the plain text is the number alone, which nbgrader reads."""
    earned = grade({"x": "<b>4", "z": 3}, D, points=3, asked=ASKED)
    shown = earned._repr_html_()
    assert shown is not None
    assert shown.splitlines()[0] == '<pre style="white-space: pre-wrap">1.0'
    assert shown.splitlines()[-1] == "missing: df/dy</pre>"
    assert "&lt;b&gt;4" in shown
    assert "<b>" not in shown
    assert repr(earned) == "1.0"
    assert grade({"x": -4}, D)._repr_html_() is None
