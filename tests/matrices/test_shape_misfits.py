"""Eighty-odd programs whose shapes do not fit: place, both shapes, what would fit, every misfit at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from searches.misfits import search

import backprop_tutor as bt
from backprop_tutor.cli import main

from .misfit_cases import MISFITS


@pytest.mark.parametrize(("program", "sizes", "message"), MISFITS, ids=[each[0] for each in MISFITS])
def test_a_misfit_has_its_place_both_shapes_and_what_would_fit(
    program: str, sizes: dict[str, Any], message: str
) -> None:
    """The whole message, before any number is there."""
    with pytest.raises(bt.ShapeError) as raised:
        bt.shapes(program, sizes)
    assert str(raised.value) == message


def _typed(size: Any) -> str:
    return ",".join(map(str, size)) or "()"


@pytest.mark.parametrize(
    ("program", "sizes", "message"),
    [each for each in MISFITS if any(each[1].values()) and not any(
        isinstance(n, str) for shape in each[1].values() for n in shape)],
)  # fmt: skip
def test_a_derivation_of_arrays_says_the_same(program: str, sizes: dict[str, Any], message: str) -> None:
    """Arrays of these shapes are refused with the same message."""
    with pytest.raises(bt.ShapeError) as raised:
        bt.derive(program, at={name: np.ones(shape) if shape else 1.0 for name, shape in sizes.items()})
    assert str(raised.value) == message


@pytest.mark.parametrize(("program", "sizes", "message"), MISFITS)
def test_the_command_says_the_same(
    capsys: pytest.CaptureFixture[str], program: str, sizes: dict[str, Any], message: str
) -> None:
    """`backprop-tutor shapes` prints the message on standard error and exits with 2."""
    given = [f"{name}={_typed(shape)}" for name, shape in sizes.items()]
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", "shapes", program, *given])
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"Error: {message}\n"


def test_what_is_said_of_random_misfits_is_true() -> None:
    """Carets lie in the text, shapes are told, and what would fit fits when it is done."""
    found = search(20, 250)
    assert found.complaints == []
    assert found.counts["misfits"] > 200
    assert found.counts["remedies"] > 40
    assert found.counts["derived"] > 5


NET = "H = relu(X@W1 + b1); S = H@W2; L = cross_entropy(S, y)"
SIZES: Any = {"X": ("N", 784), "W1": (784, 128), "b1": (128,), "W2": (128, 10), "y": ("N",)}


def test_gradients_have_their_values_shapes_before_any_number() -> None:
    """`.gradients` has every gradient but those of labels; one is found however it is written."""
    found = bt.shapes(NET, SIZES)
    assert found.gradients == {name: shape for name, shape in found.items() if name != "y"}
    assert found["dL/dW1"] == found["∂L/∂W₁"] == found["W₁"] == (784, 128)
    at = {"X": [[1.0, 2.0]], "W": [[1.0], [2.0]], "Y": [[1.0]], "M": [[1.0, 0.0]]}
    program = "L = mse(dropout(X, M)@W, Y)"
    sizes: Any = {name: (len(rows), len(rows[0])) for name, rows in at.items()}
    assert bt.shapes(program, sizes).gradients == {
        name: getattr(g, "shape", ()) for name, g in bt.derive(program, at=at).gradients.items()
        if not name.startswith("v")
    }


@pytest.mark.parametrize(("asked", "message"), [
    ("dQ/dW1", "gradients are those of `L`, not of `Q`"),
    ("dL/dy", "`y` takes no gradient: it holds labels, a mask or class weights, or is made of constants"),
    ("dL/dq", "nothing is called `q`; there are: X, W1, b1, H, W2, S, y, L"),
    ("W3", "nothing is called `W3`; there are: X, W1, b1, H, W2, S, y, L"),
])
def test_a_shape_that_is_not_there(asked: str, message: str) -> None:
    """A name, an output or a gradient that the program does not have is refused in words."""
    with pytest.raises(bt.UnknownNameError) as raised:
        bt.shapes(NET, SIZES)[asked]
    assert str(raised.value) == message


@pytest.mark.parametrize("size", [0, -2, "3x", 2.5, True])
def test_what_is_no_size(size: Any) -> None:
    """A size is a whole number from 1 on or a symbol."""
    with pytest.raises(bt.OptionError, match=r"^a size of `X` is a whole number or a symbol, not"):
        bt.shapes("L = sum(X)", {"X": (size,)})
