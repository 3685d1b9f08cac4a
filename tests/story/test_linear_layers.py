"""Layers composed into one: the symbols and the numbers say the same, and what bends is named."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_tutor.errors import OptionError
from backprop_tutor.language import parse
from backprop_tutor.story.affine import Bend, composed, input_of, term_text
from backprop_tutor.story.collapse import Collapse

FORMS = {
    "h = W1 x + b1; y = W2 h + b2": ("W₂·W₁", "W₂·b₁ + b₂"),
    "h = W1 x + b1; y = W2@h + b2": ("W₂·W₁", "W₂·b₁ + b₂"),
    "a = W1 x + b1; c = W2 a + b2; y = W3 c + x": ("W₃·W₂·W₁ + 1", "W₃·W₂·b₁ + W₃·b₂"),
    "h = W1 (x + b1)/2; y = -W2 h": ("−1/2·W₂·W₁", "−1/2·W₂·W₁·b₁"),
    "H = X W1 + b1; Y = H W2 + b2": ("W₁·W₂", "b₁·W₂ + b₂"),
    "h = 2x + 1; y = 3h": ("6", "3"),
    "h = W1 x + tanh(b1); y = W2 h": ("W₂·W₁", "W₂·(tanh(b₁))"),
    "h = relu(x); y = W1 x + b1": ("W₁", "b₁"),
    "h = w1*x - b1; y = w2*h - h": ("w₂·w₁ − w₁", "−w₂·b₁ + b₁"),
}


@pytest.mark.parametrize("text", FORMS)
def test_layers_are_one_in_symbols_and_numbers(text: str) -> None:
    """The composed layer has the products in their order, and gives what the layers give at other inputs."""
    program = parse(text, arrays=True)
    found = Collapse(program, input_of(program), {}, 3)
    whole = found.whole
    assert (term_text(whole.slopes), term_text(whole.rest)) == FORMS[text]
    slope, rest = found._slope(whole.slopes), found._rest(whole.rest)
    right = any(term.after for term in whole.slopes)
    for shift in (0.0, 1.5, -7.0):
        x = found.at[found.input] + shift
        at_once = (x @ slope if right else slope @ x) if np.ndim(slope) else slope * x
        np.testing.assert_allclose(found.values(x)[program.output], at_once + rest, rtol=1e-12, atol=1e-12)


BENDS = {
    "h = relu(W1 x + b1); y = W2 h + b2": ("h", "relu", "an activation bends"),
    "h = W1 x; y = tanh(h)": ("y", "tanh", "an activation bends"),
    "h = w1*x; y = h*h": ("y", "multiply", "the input is multiplied by itself"),
    "h = W1 x; y = exp(h)": ("y", "exp", "it is not a sum of products with matrices"),
    "y = 1/x": ("y", "divide", "it is not a sum of products with matrices"),
}


@pytest.mark.parametrize("text", BENDS)
def test_what_bends_is_named_and_shown(text: str) -> None:
    """The first operation that bends is named, and two points and their middle show it in numbers."""
    program = parse(text, arrays=True)
    bend = composed(program, "x")
    assert isinstance(bend, Bend)
    assert (bend.name, bend.op, bend.why) == BENDS[text]
    found = Collapse(program, "x", {}, 0)
    ends = found._witness()
    assert ends is not None
    one, other, middle = (np.asarray(found.values(x)[program.output]) for x in ends)
    assert np.abs((one + other) / 2 - middle).max() > 1e-3


def test_one_layer_is_told_in_full() -> None:
    """The whole derivation, with given numbers."""
    given = {"W1": [[1, 2], [0, 1]], "b1": [1, 0], "W2": [[1, 0], [1, 1]], "b2": [0, -1], "x": [1, 1]}
    program = parse("h = W1 x + b1; y = W2 h + b2", arrays=True)
    assert "\n".join(Collapse(program, "x", given, 0).lines()) == """\
h = W₁·x + b₁
y = W₂·h + b₂

h = W₁·x + b₁
y = W₂·W₁·x + (W₂·b₁ + b₂)

y is one layer, W·x + b, with
  W = W₂·W₁ = [ 1  2 ]
              [ 1  3 ]
  b = W₂·b₁ + b₂ = (1, 0)

at x = (1, 1)
  layer by layer: y = (4, 4)
  in one layer:   y = (4, 4)"""


def test_numbers_that_do_not_fit_are_refused() -> None:
    """A vector of three does not go through a matrix of two columns; the shapes are said."""
    program = parse("y = W1 x", arrays=True)
    with pytest.raises(OptionError, match=r"^the numbers do not fit this program: W1 \(2, 2\), x \(3,\)$"):
        Collapse(program, "x", {"x": [1, 2, 3]}, 0)
