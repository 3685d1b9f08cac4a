"""Names of quantities: what is accepted, how it is written back, what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.homework.quantities.quantity import (
    asked_quantities,
    parse_quantity,
    true_number,
)

D = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
NET = bt.derive("z1 = w₁*x + b; a = σ(z1)", at={"w1": 2, "x": 1, "b": Fraction(1, 2)})
SQUARE = bt.derive("f = x*x", at={"x": 3})


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("q", "q"),
        (" q ", "q"),
        ("df/dq", "df/dq"),
        ("∂f/∂q", "df/dq"),
        ("d f / d q", "df/dq"),
        (r"\partial f/\partial q", "df/dq"),
        (r"\frac{\partial f}{\partial q}", "df/dq"),
        ("df/df", "df/df"),
        ("local(q, x)", "local(q, x)"),
        ("local( q ,x )", "local(q, x)"),
        ("down(f,q)", "down(f, q)"),
        ("local(f, q, 0)", "local(f, q)"),
        ("new(z)", "new(z)"),
    ],
)
def test_a_quantity_has_one_canonical_text(typed: str, canonical: str) -> None:
    """However a quantity is typed, it is written back in one way, which reads as itself."""
    quantity = parse_quantity(typed, D.graph_table)
    assert quantity.text == canonical
    assert parse_quantity(canonical, D.graph_table) == quantity


@pytest.mark.parametrize("typed", ["da/dw1", "∂a/∂w₁", "d a/d w₁"])
def test_subscripts_may_be_typed_as_they_are_shown(typed: str) -> None:
    """A subscript names the same node as the digit beside the letter."""
    assert parse_quantity(typed, NET.graph_table).text == "da/dw1"


def test_the_slot_is_named_only_where_it_is_needed() -> None:
    """A second use of an operand is told by its slot; without one the first use is meant."""
    texts = [parse_quantity(t, SQUARE.graph_table).text for t in ("down(f,x)", "down(f, x, 1)")]
    assert texts == ["down(f, x, 0)", "down(f, x, 1)"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("df/dp", "did you mean"),
        ("dq/dx", "the slope of that operation alone is local(q, x)"),
        ("local(q, z)", "`local(q, z)`: q does not use z directly; its operands: x, y"),
        ("local(f, q, 1)", "q is operand 0 of f, not 1"),
        ("grad(x)", "is no quantity of this graph"),
        ("__import__('os')", "is no quantity of this graph"),
        ("df/dx; 1", "is no quantity of this graph"),
        ("", "is no quantity of this graph"),
        ("x" * 5000, "names no quantity"),
        ("new(q)", "the inputs: x, y, z"),
    ],
)
def test_what_is_no_quantity_is_refused_with_the_nearest_choice(typed: str, says: str) -> None:
    """An unknown quantity is refused, and the message says what there is instead."""
    with pytest.raises(UnknownNameError) as caught:
        parse_quantity(typed, D.graph_table)
    assert says in str(caught.value)


def test_constants_have_no_gradient() -> None:
    """A number of the text is no variable: no gradient is asked for it, nothing handed down."""
    d = bt.derive("f = 3*x", at={"x": 2})
    with pytest.raises(UnknownNameError, match="constant"):
        parse_quantity("df/dv1", d.graph_table)
    with pytest.raises(UnknownNameError, match="constant"):
        parse_quantity("down(f, v1)", d.graph_table)


def test_all_values_and_all_gradients_stand_for_many() -> None:
    """The two collective names list what the user named, in step order, each once."""
    listed = asked_quantities(D.graph_table, ["all values", "all gradients", "local(f, q)"])
    assert [q.text for q in listed] == [
        "q", "f", "df/dz", "df/dq", "df/dy", "df/dx", "local(f, q)"
    ]  # fmt: skip
    with pytest.raises(OptionError, match="asked for twice"):
        asked_quantities(D.graph_table, ["df/dx", "∂f/∂x"])


def test_the_true_numbers_come_from_the_derivation() -> None:
    """Values, gradients, locals, contributions and updated inputs are the derivation's own."""
    numbers = {
        text: true_number(D, parse_quantity(text, D.graph_table), Fraction(1, 10))
        for text in ("q", "df/dz", "local(f, q)", "down(f, q)", "new(z)")
    }
    assert numbers == {
        "q": 3, "df/dz": 3, "local(f, q)": -4, "down(f, q)": -4, "new(z)": Fraction(-43, 10)
    }  # fmt: skip
    with pytest.raises(OptionError, match="needs a learning rate"):
        true_number(D, parse_quantity("new(z)", D.graph_table))


@pytest.mark.parametrize("length", [150, 5000])
def test_a_name_may_be_of_any_length(length: int) -> None:
    """What is asked is as long as its names make it; what is longer than any quantity is refused."""
    name = "q" * length
    graph = bt.derive(f"{name}_out = {name}*x", at={name: 2, "x": 3}).graph_table
    for text in (name, f"d{name}_out/d{name}", f"local({name}_out, {name})"):
        assert parse_quantity(text, graph).text == text
    with pytest.raises(UnknownNameError, match="names no quantity"):
        parse_quantity("z" * (4 * length), graph)
