"""The derivations that the tests of moving pictures share."""

from __future__ import annotations

import pytest

import backprop_tutor as bt


@pytest.fixture(scope="session")
def neuron() -> bt.Derivation:
    """The 2-D sigmoid neuron taken apart: 17 steps."""
    at = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
    return bt.derive("f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", at)


@pytest.fixture(scope="session")
def small() -> bt.Derivation:
    """f = (x + y)·z: 5 steps."""
    return bt.derive("q = x + y; f = q*z", {"x": -2, "y": 5, "z": -4})


@pytest.fixture(scope="session")
def twelve() -> bt.Derivation:
    """A graph whose frames are 23, with fan-out."""
    text = "a = x*w1; b = x*w2; c = a + b1; d = b + b2; p = sigmoid(c); q = tanh(d); y = p*q; r = y + a; L = (r - t)^2"
    at = {"x": 0.5, "w1": 0.4, "w2": -0.7, "b1": 0.1, "b2": 0.2, "t": 1}
    return bt.derive(text, at)
