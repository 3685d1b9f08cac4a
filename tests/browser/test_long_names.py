"""Names of any length: nothing sticks out sideways, and what is wider than its place scrolls in its own box."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

import backprop_tutor as bt

WORDS = "predicted_distance_of_the_falling_body_without_air_resistance_in_metres"
PROGRAMS: dict[str, tuple[str, dict[str, Any]]] = {
    "words": (
        "loss = (speed_of_body * time_of_flight - measured_distance)^2",
        {"speed_of_body": 3, "time_of_flight": 2, "measured_distance": 5},
    ),
    "sentences": (
        f"{WORDS} = speed_of_body*{WORDS}_x; loss = ({WORDS} - measured_distance)^2",
        {"speed_of_body": 3, WORDS + "_x": 2, "measured_distance": 5},
    ),
    "letters": (f"f = {'q' * 300}*x + sin({'r' * 150})", {"q" * 300: 2, "x": 3, "r" * 150: 1}),
    "a neuron": (
        f"net_of_{WORDS} = first_weight_of_the_hidden_unit*input_one + bias_of_hidden;"
        f" out = sigmoid(net_of_{WORDS}); loss_total = (out - target_value)^2",
        {"first_weight_of_the_hidden_unit": 0.5, "input_one": 1, "bias_of_hidden": 0.1, "target_value": 1},
    ),
    "matrices": (
        "hidden_activations = tanh(input_batch_of_samples @ weight_matrix_of_the_layer + bias_row_of_the_layer);"
        " loss_total = mean((hidden_activations - target_values_of_the_batch)^2)",
        {"input_batch_of_samples": [[1.0, 2], [3, 4]], "weight_matrix_of_the_layer": [[0.1, 0.2], [0.4, 0.5]],
         "bias_row_of_the_layer": [0.1, 0.2], "target_values_of_the_batch": [[1.0, 0], [0, 1]]},
    ),
}  # fmt: skip

STICKING = """
const out = [], cards = ["explanation", "panels"].map((id) => document.getElementById(id));
const boxed = (e, end) => { for (let p = e.parentElement; p && p !== end; p = p.parentElement) {
  if (p.getAttribute("role") === "tabpanel") return false;
  if (getComputedStyle(p).overflowX !== "visible" && p !== document.documentElement) return true; } return false; };
for (const e of document.querySelectorAll("body *:not(math *):not(svg *):not(option)")) {
  const right = e.getBoundingClientRect().right, card = cards.find((c) => c !== e && c.contains(e));
  const edge = card ? card.getBoundingClientRect().right : arguments[0];
  if (e.offsetParent && right > edge + 1 && !boxed(e, card)) out.push(`${e.localName}.${e.className} ${Math.round(right)}: ${e.textContent.slice(0, 30)}`);
}
return [document.documentElement.scrollWidth, out];
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("program", list(PROGRAMS))
def test_nothing_sticks_out(show: Any, program: str, width: int) -> None:
    """In each scale, step and tab the page is as wide as the screen, and formulas keep to their cards."""
    text, at = PROGRAMS[program]
    page = show(bt.derive(text, at=at))
    height = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    try:
        page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", height)
        page.open()
        names = page.run("return [...document.querySelectorAll('.scales input')].map((e) => e.value)")
        for scale in names or [""]:
            if scale:
                page.run("document.querySelector(`.scales input[value=${arguments[0]}]`).click()", scale)
            page.run("document.getElementById('go-first').click()")
            for step in range(int(page.text("#counter").split("/")[1]) + 1):
                assert page.run(STICKING, width) == [width, []], (scale, step)
                page.run("document.getElementById('go-next').click()")
            for tab in page.run("return [...document.querySelectorAll('[role=tab]')].map((e) => e.id)"):
                page.run("document.getElementById(arguments[0]).click()", tab)
                assert page.run(STICKING, width) == [width, []], (scale, tab)
            page.run("document.getElementById('tab-practice').click(); document.getElementById('practice-on').click()")
            assert page.run(STICKING, width) == [width, []], (scale, "practice")
            page.run("document.getElementById('practice-on').click(); document.getElementById('tab-steps').click()")
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_formula_that_scrolls_is_reached_by_keys(show: Any) -> None:
    """Its box takes the focus, and there the arrow keys move it and not the step; others are no stop."""
    text, at = PROGRAMS["letters"]
    page = show(bt.derive(text, at=at), anchor="#step-2")
    page.wait(lambda: page.all("#explanation [data-scrolls]"), 20)
    box = page.one("#explanation [data-scrolls]")
    page.run("arguments[0].focus()", box)
    assert page.run("return document.activeElement === arguments[0]", box)
    page.keys(Keys.ARROW_RIGHT)
    page.wait(lambda: page.run("return arguments[0].scrollLeft", box) > 0, 20)
    assert page.text("#counter").startswith("2 /")
    page.run("document.getElementById('go-first').focus()")
    page.keys(Keys.ARROW_RIGHT)
    assert page.text("#counter").startswith("3 /")
    short = show(bt.derive("f = w*x", at={"w": 2, "x": 3}), anchor="#step-1")
    assert short.all("#explanation [tabindex='0']") == []
