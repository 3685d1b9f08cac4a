"""Nodes and arrows chosen in the picture, the formulas and the picture marking each other, by mouse and keys."""

from __future__ import annotations

from typing import Any

import pytest

import backprop_tutor as bt


@pytest.fixture
def fan_out() -> bt.Derivation:
    return bt.derive("d = a*b; e = a + b; f = d*e", at={"a": -2, "b": 5})


def flat(text: str) -> str:
    return text.replace(" ", "").replace("\u2062", "")


def test_a_node_shows_its_gradient_as_a_sum_over_its_uses(show: Any, fan_out: bt.Derivation) -> None:
    """A chosen node has its value, and its gradient with each use's contribution and each path's."""
    page = show(fan_out, anchor="#step-9")
    page.run("document.getElementById('node-0').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    body = flat(page.text("#closer-body"))
    assert "a=−2" in body
    assert "∂f∂a=15+(−10)=5" in body
    assert "∂f∂d×∂d∂a=3×5=15" in body
    assert "∂f∂e×∂e∂a=−10×1=−10" in body
    assert "a→d→f:5×3=15" in body
    assert "a→e→f:1×(−10)=−10" in body


def test_an_arrow_shows_upstream_times_local(show: Any, fan_out: bt.Derivation) -> None:
    """A chosen arrow has the rule, the local gradient in symbols and numbers, and the product."""
    page = show(fan_out, anchor="#step-9")
    page.run("document.getElementById('edge-2-0').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    body = flat(page.text("#closer-body"))
    assert "productrule" in body
    assert "∂d∂a=b=5" in body
    assert "upstream×local=3×5=15" in body


def test_what_is_not_known_yet_is_not_shown(show: Any, fan_out: bt.Derivation) -> None:
    """Before its step a quantity stays unknown, also when it is looked at closely."""
    page = show(fan_out, anchor="#step-2")
    page.run("document.getElementById('node-0').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert "known after step 8" in page.text("#closer-body")
    assert "15" not in page.text("#closer-body")


def test_keys_alone_are_enough(show: Any, fan_out: bt.Derivation) -> None:
    """Tab reaches the picture's parts, Enter chooses one, arrows go through the tabs."""
    page = show(fan_out, anchor="#step-9")
    reached = set()
    for _ in range(60):
        page.keys("\ue004")
        reached.add(page.run("const e = document.activeElement; return e.id || e.closest('[id]')?.id"))
    assert {"theme", "print", "go-next", "slider", "tab-steps", "node-0", "edge-2-0"} <= reached
    page.run("document.querySelector('#edge-2-1 .hit').focus()")
    page.keys("\ue007")
    assert page.one("#tab-closer").get_attribute("aria-selected") == "true"
    assert "b → d" in page.text("#closer-body h3")
    page.run("document.getElementById('tab-closer').focus()")
    page.keys("\ue014")
    assert page.one("#tab-practice").get_attribute("aria-selected") == "true"
    assert page.text("#counter") == "9 / 9"


def test_formulas_and_picture_mark_each_other(show: Any, fan_out: bt.Derivation) -> None:
    """A number pointed at in a formula is marked in the picture, and the other way round."""
    page = show(fan_out, anchor="#step-7")
    over = "arguments[0].dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))"
    page.run(over, page.one("#explanation [data-q='l2.0']"))
    assert "linked" in page.one("#edge-2-0-local").get_attribute("class")
    page.run("arguments[0].dispatchEvent(new PointerEvent('pointerout', {bubbles: true}))",
             page.one("#explanation [data-q='l2.0']"))  # fmt: skip
    assert "linked" not in page.one("#edge-2-0-local").get_attribute("class")
    page.run("arguments[0].dispatchEvent(new PointerEvent('pointerenter'))", page.one("#edge-2-0-downstream"))
    assert "linked" in page.one("#explanation [data-q='d2.0']").get_attribute("class")


def test_a_constant_and_an_idle_node_say_why_they_have_no_gradient(show: Any) -> None:
    """A constant takes no gradient; a node that the output does not use has the gradient 0."""
    page = show(bt.derive("f = 3*x; g = x + y", at={"x": 2, "y": 1}, of="f"), anchor="#step-3")
    page.run("document.getElementById('node-0').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert "takes no gradient" in page.text("#closer-body")
    page.click("#tab-closer")
    page.run(
        "const s = document.getElementById('choose'); "
        "s.value = [...s.options].find((o) => o.textContent === 'node y').value; "
        "s.dispatchEvent(new Event('change'))"
    )
    assert "does not depend on it" in page.text("#closer-body")
