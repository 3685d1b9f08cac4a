"""Playing with the numbers: everything follows, descent walks like Python's, and undefined points are said."""

from __future__ import annotations

from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.render.narration.numbers import shown

PROGRAM = "z = w*x + b; a = sigmoid(z); L = (a - t)^2/2"
AT = {"w": 0.5, "x": 2, "b": -0.25, "t": 1}


def type_number(page: Any, d: bt.Derivation, name: str, text: str) -> None:
    page.type(f"#input-{d.graph_table.find(name)}", text)


def assert_follows(page: Any, d: bt.Derivation, number: Any = float) -> None:
    """The picture and the explanation show the numbers of another point's derivation."""
    for place, node in enumerate(d.graph_table.nodes):
        if node.kind == "constant":
            continue
        assert page.text(f"#node-{place}-value") == shown(number(d.numbers[place])), node.name
        gradient = d.upstreams[place]
        if gradient is not None:
            assert page.text(f"#node-{place}-gradient") == shown(number(gradient)), node.name
    for quantity, text in page.run(
        "return [...document.querySelectorAll('#explanation [data-q]')].map((e) => [e.dataset.q, e.textContent])"
    ):
        place = quantity[1:]
        if quantity[0] == "v":
            assert text.strip("()") == shown(number(d.numbers[int(place)]))
        elif quantity[0] == "g":
            assert text.strip("()") == shown(number(d.upstreams[int(place)]))


def test_values_gradients_and_formulas_follow_an_input(show: Any) -> None:
    """After an input is changed every number is that of the new point."""
    d = bt.derive(PROGRAM, at=AT)
    page = show(d)
    page.click("#tab-numbers")
    page.click("#go-last")
    type_number(page, d, "w", "-1.5")
    type_number(page, d, "x", "1/3")
    assert_follows(page, bt.derive(PROGRAM, at={**AT, "w": -1.5, "x": 1 / 3}))
    page.click("#reset")
    assert page.text(f"#node-{d.graph_table.find('w')}-value") == "0.5"
    assert_follows(page, d, number=lambda exact: exact)


def test_descent_walks_as_in_python(show: Any) -> None:
    """Steps of descent in the page give Python's values and a falling curve."""
    d = bt.derive(PROGRAM, at=AT)
    page = show(d)
    page.click("#tab-numbers")
    page.click("#go-last")
    page.type("#rate", "0.5")
    page.click("#descend")
    after = d.update(lr=0.5)
    assert_follows(page, after)
    page.click("#descend-ten")
    for _ in range(10):
        after = after.update(lr=0.5)
    assert_follows(page, after)
    label = page.one("#curve svg").get_attribute("aria-label")
    assert label.startswith("L from step to step of gradient descent: ")
    assert len(page.all("#curve circle:not(.now)")) == 12
    assert "is " + shown(float(after.values["L"])) in page.text("#course")


def test_outside_the_domain_is_said(show: Any) -> None:
    """At a point where the program has no value the page says which node is not defined."""
    d = bt.derive("q = ln(x); f = q*y", at={"x": 2, "y": 3})
    page = show(d)
    page.click("#tab-numbers")
    type_number(page, d, "x", "-1")
    assert page.text("#undefined") == "At these numbers q is not defined."
    type_number(page, d, "x", "zzz")
    field = page.one(f"#input-{d.graph_table.find('x')}")
    assert field.get_attribute("aria-invalid") == "true"
    type_number(page, d, "x", "4")
    assert page.text("#undefined") == ""
    assert field.get_attribute("aria-invalid") == "false"


def test_long_numbers_stay_on_their_wires(show: Any) -> None:
    """A number longer than its wire is set narrower, and nothing moves."""
    d = bt.derive("f = w*x", at={"w": 2, "x": 3})
    page = show(d)
    before = page.run("return document.getElementById('graph').getAttribute('viewBox')")
    page.click("#tab-numbers")
    page.click("#go-last")
    type_number(page, d, "w", "-0.000012345678")
    box = "const e = document.getElementById('node-0-value').getBBox(); return e.width"
    line = "return document.querySelector('#node-0 .line').getBBox().width"
    assert page.run(box) <= page.run(line) + 1
    assert page.run("return document.getElementById('graph').getAttribute('viewBox')") == before


@pytest.mark.parametrize(("w", "local"), [("-2", "0"), ("3", "1")])
def test_a_kinked_operation_changes_its_piece(show: Any, w: str, local: str) -> None:
    """relu opens and closes as its input changes sign."""
    d = bt.derive("z = w*x; a = relu(z); f = a*2", at={"w": 1, "x": 2})
    page = show(d)
    page.click("#tab-numbers")
    page.click("#go-last")
    type_number(page, d, "w", w)
    assert page.text(f"#edge-{d.graph_table.find('a')}-0-local") == local
