from __future__ import annotations

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.testing import assert_gradients, check_function

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
