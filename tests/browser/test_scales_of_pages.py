"""The page at its scales in a browser: neurons and gates of a network, layers of matrices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from selenium.webdriver.common.keys import Keys

import backprop_tutor as bt
from backprop_tutor.cli.check import check

SMALLEST = """
const sizes = [];
for (const element of document.querySelectorAll("svg text, body *")) {
  if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
  const box = element.getBoundingClientRect();
  if (!box.width || element.closest(".unseen, script, style") || getComputedStyle(element).visibility === "hidden") continue;
  const matrix = element.closest("svg") && element.getScreenCTM ? element.getScreenCTM() : null;
  sizes.push(parseFloat(getComputedStyle(element).fontSize) * (matrix ? matrix.a : 1));
}
return Math.min(...sizes);
"""

XOR = "Z1 = X@W1 + b1; A1 = sigmoid(Z1); Z2 = A1@W2 + b2; P = sigmoid(Z2); L = bce(P, Y)"
XOR_AT = {
    "X": [[0, 0], [0, 1], [1, 0], [1, 1]], "Y": [[0], [1], [1], [0]], "b2": [0.05],
    "W1": [[0.5, -0.3, 0.2], [0.1, 0.4, -0.6]], "b1": [0, 0.1, -0.1], "W2": [[0.7], [-0.2], [0.4]],
}  # fmt: skip


@pytest.fixture(scope="module")
def network() -> bt.Derivation:
    return bt.derive(bt.network([2, 2, 1], biases="layer"))


@pytest.fixture(scope="module")
def layers() -> bt.ArrayDerivation:
    return bt.derive(XOR, at=XOR_AT)


@pytest.fixture
def desk(session_browser: Any) -> Any:
    """The browser with a window of exactly 1280×800."""
    sized(session_browser, 1280, 800)
    yield session_browser
    session_browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def sized(browser: Any, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def test_a_network_changes_its_scale_and_keeps_its_step(show: Any, network: bt.Derivation, desk: Any) -> None:
    """A step of gates is shown by the neuron's step that holds it, and comes back as it was."""
    page = show(network, desk, scale="gates")
    for _ in range(23):
        page.keys(Keys.ARROW_RIGHT)
    assert page.text(".legend .value") == "value above the wire"
    page.click("#scale-neurons")
    assert page.text(".legend .value") == "value above the line"
    held = next(s.number for s in network.at_scale("neurons").steps if 23 in s.gates)
    assert page.run("return location.hash") == f"#neurons-step-{held}"
    assert page.text("#step-title").startswith("backward")
    assert len(page.all(".gates-of .inner-step")) == len(network.at_scale("neurons").steps[held - 1].gates)
    page.click("#scale-gates")
    assert page.run("return location.hash") == "#step-23"
    page.open(f"#neurons-step-{held}")
    assert page.text("#counter") == f"{held} / 10"
    page.click("#scale-layers")
    assert page.text(".legend .gradient") == "gradients below it"
    page.click("#go-last")
    assert len(page.all(".frames text[data-key^='gradient-']")) > 8
    product = page.all(".layer-product")[0]
    assert product.find_element("css selector", "caption").text.startswith("∂E/∂")
    cells = product.find_elements("css selector", "td[tabindex]")
    cells[-1].send_keys("")  # the entry that is reached has its row, its column and its sum
    page.run("arguments[0].focus()", cells[-1])
    told = product.find_element("css selector", ".sum").text
    assert told.startswith("∂E/∂W₁[1, 1] = ")
    assert told.endswith(cells[-1].text)
    assert len(product.find_elements("css selector", "td.lit")) == 2
    page.click("#scale-neurons")
    assert page.text("#counter") == "10 / 10"


def test_neurons_follow_the_numbers_and_hide_what_is_asked(show: Any, network: bt.Derivation, desk: Any) -> None:
    """A changed input changes the picture's numbers; in practice they are blank."""
    page = show(network, desk, scale="neurons")
    page.keys(Keys.END)
    place = network.graph_table.index["x1"]
    page.click("#tab-numbers")
    page.type(f"#input-{place}", "0.25")
    assert page.text(f"text[data-key='unit-{place}-value']") == "0.25"
    page.click("#reset")
    page.click("#tab-practice")
    page.click("#practice-on")
    hidden = network.graph_table.index["a1_1"]
    assert page.text(f"text[data-key='unit-{hidden}-value']") == "?"


def test_a_network_on_a_phone_is_shown_by_its_neurons(show: Any, network: bt.Derivation, session_browser: Any) -> None:
    """On 390 px the page opens at the scale of neurons, nothing scrolls sideways, no text is under 12 px."""
    sized(session_browser, 390, 844)
    page = show(network, session_browser)
    page.wait(lambda: page.run("return document.documentElement.dataset.scale") == "neurons")
    page.keys(Keys.END)
    assert page.run("return document.documentElement.scrollWidth") == 390
    assert page.run(SMALLEST) >= 12
    session_browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


RELUS = "h1 = relu(w1*x + b1); h2 = relu(w2*x + b2); y = relu(v1*h1 + v2*h2 + c); L = (y - t)^2"
SMALL = {
    "three ReLUs": lambda: bt.derive(RELUS, at={
        "w1": 0.5, "w2": -0.3, "x": 2, "b1": 0.1, "b2": 0.8, "v1": 0.7, "v2": -0.4, "c": 0.05, "t": 1}),
    "2-2-1": lambda: bt.derive(bt.network([2, 2, 1], biases="layer")),
    "2-2-2": lambda: bt.derive(bt.network([2, 2, 2])),
    "3-4-2": lambda: bt.derive(bt.network([3, 4, 2])),
    "a batch": lambda: bt.derive(XOR, at=XOR_AT),
}  # fmt: skip
EVERY_STEP = """
const slider = document.getElementById('slider'), canvas = document.getElementById('canvas'), found = [];
const smallest = () => {%s};
for (let step = 0; step <= Number(slider.max); step++) {
  slider.value = step;
  slider.dispatchEvent(new Event('input'));
  found.push([smallest(), canvas.scrollWidth - canvas.clientWidth]);
}
return [Math.min(...found.map((one) => one[0])), Math.max(...found.map((one) => one[1]))];
"""


@pytest.mark.parametrize(
    ("name", "scale"), [*((name, "neurons") for name in SMALL if name != "a batch"), *((n, "layers") for n in SMALL)]
)
def test_no_step_has_small_print(show: Any, session_browser: Any, name: str, scale: str) -> None:
    """At 1280 px, of which a scroll bar takes 15, and at 390 px: 12 px in every step, and no sideways scroll."""
    page = show(SMALL[name](), session_browser, scale=scale)
    for width, height in ((1265, 800), (390, 844)):
        sized(session_browser, width, height)
        page.open(f"#{scale}-step-0")
        size, beyond = page.run(EVERY_STEP % SMALLEST)
        assert size > 11.99
        assert beyond <= 0
    session_browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_lesson_shows_every_number_that_a_screen_has_room_for(show: Any, session_browser: Any) -> None:
    """3-4-2 has its weights and their gradients in the picture; 4-4-2 those of the neuron at work alone."""
    counts = []
    for sizes in ([3, 4, 2], [4, 4, 2]):
        page = show(bt.derive(bt.network(sizes)), session_browser, scale="neurons")
        page.keys(Keys.END)
        counts.append(page.run("return document.querySelectorAll('.stage text[data-key]').length"))
    assert counts[0] > 60 > counts[1]


def test_an_entry_lights_up_with_what_it_is_made_of(show: Any, layers: bt.ArrayDerivation, desk: Any) -> None:
    """By arrow keys: row, column and sum of `∂L/∂W₁[1, 0]`, in the tables and in the picture."""
    page = show(layers, desk)
    page.keys(Keys.END)
    cell = page.one("[data-table=result] td[tabindex='0']")
    cell.send_keys(Keys.ARROW_DOWN)
    assert page.text(".sum").startswith("∂L/∂W₁[1, 0] = X[0, 1]·δ₁[0, 0] + X[1, 1]·δ₁[1, 0] +")
    lit = [cell.get_attribute("data-row") for cell in page.all("[data-table='0'] td.lit")]
    assert lit == ["1"] * 4
    assert len(page.all("#canvas .tints .lit")) == 8
    assert len(page.all("#canvas .tints .ring")) == 1
    assert page.run("return document.documentElement.scrollWidth") == 1280
    assert page.run(SMALLEST) >= 11


def test_a_matrix_is_practised_entry_by_entry(show: Any, layers: bt.ArrayDerivation, desk: Any) -> None:
    """Right entries are right, a transposed shape is named, a slip of the whole matrix too."""
    page = show(layers, desk, asked=["dL/dW2", "shape(dL/dW1)"])
    page.forget()
    page.click("#tab-practice")
    page.click("#practice-sheet")
    page.click("#practice-on")
    page.click(".hint-button")
    page.click(".hint-button")
    assert len(page.all(".hints .matrix")) == 2
    fields = page.all(".grid-answer input.answer")
    for field, value in zip(fields, layers.gradients["W2"].ravel(), strict=True):
        field.send_keys(f"{-value:.6f}", Keys.ENTER)
    assert page.text(".matrix-cell:first-child .verdict") == (
        "✗ not rightThis looks like a slip: The sign of this gradient is wrong.other causes that fit: 2"
        "The sign of the error is wrong: it is prediction less target.The slope of the sigmoid is its output "
        "times one minus its output."
    )
    for field, value in zip(fields, layers.gradients["W2"].ravel(), strict=True):
        field.clear()
        field.send_keys(f"{value:.6f}", Keys.ENTER)
    assert page.text(".matrix-cell:first-child .verdict") == "✓ right"
    shape = page.one("input[placeholder]")
    shape.send_keys("3x2", Keys.ENTER)
    assert page.text(".matrix-cell:last-child .verdict") == "✗ 3×2 where ∂L/∂W₁ is 2×3: transposed?"
    shape.clear()
    shape.send_keys("2x3", Keys.ENTER)
    assert page.text("#score") == "2 of 2 right"


def test_saved_matrices_are_marked(show: Any, layers: bt.ArrayDerivation, desk: Any, tmp_path: Path) -> None:
    """The file that the page saves is one that `check` reads, and gives it full marks."""
    page = show(layers, desk, asked=["dL/dW2", "dL/db2[0]", "shape(dL/dW1)"], problem="xor")
    page.forget()
    page.click("#tab-practice")
    page.click("#practice-sheet")
    weights = iter(layers.gradients["W2"].ravel())
    for field in page.all("#cells-of-arrays input.answer"):
        label = field.get_attribute("aria-label")
        number = layers.gradients["b2"][0] if "b₂" in label else next(weights, 0.0) if "W₂" in label else 0.0
        field.send_keys("2x3" if "shape" in label else f"{number}", Keys.ENTER)
    page.one("#student").send_keys("anna")
    page.click("#export")
    saved = page.browser.downloads / "answers.csv"
    page.wait(saved.exists)
    values = "\n".join(f"{name} = {json.dumps(value)}" for name, value in XOR_AT.items())
    problems = tmp_path / "problems.toml"
    problems.write_text(
        f'[[problem]]\nid = "xor"\nprogram = "{XOR}"\nask = ["dL/dW2", "dL/db2[0]", "shape(dL/dW1)"]\n'
        f"[problem.values]\n{values}\n"
    )
    done = CliRunner().invoke(check, [str(problems), str(saved), "-o", str(tmp_path / "marks")])
    assert done.exit_code == 0, done.output
    assert "anna,1.0000,3,3" in (tmp_path / "marks" / "class.csv").read_text()


def test_an_entry_is_changed_and_everything_follows(show: Any, layers: bt.ArrayDerivation, desk: Any) -> None:
    """One entry of W₁ changed by a key: values and gradients are those of the derivation there."""
    page = show(layers, desk)
    page.keys(Keys.END)
    page.click("#tab-numbers")
    field = page.one("#input-grid input[data-entry='1']")
    field.send_keys(Keys.ARROW_UP)
    moved = layers.moved(W1=[[0.5, -0.2, 0.2], [0.1, 0.4, -0.6]])
    place = layers.graph_table.index["W1"]
    expected = f"{moved.gradients['W1'][0, 1]:.4f}".replace("-", "−")
    assert page.text(f"text[data-key='gradient-{place}-0-1']") == expected
    assert page.text("#output-now").endswith(f"{moved.values['L']:.3f}")
    before = page.text("#before-and-now table:first-of-type td")
    assert before == f"{layers.gradients['W1'][0, 0]:.4f}"


def test_a_step_over_matrices_is_predicted_first(show: Any, layers: bt.ArrayDerivation, desk: Any) -> None:
    """Before a step on the way back its shape, and an entry's sign and size, are guessed; then it is shown."""
    page = show(layers, desk)
    page.forget()
    page.click("#tab-practice")
    page.click("#practice-on")
    page.run("while (!document.getElementById('prediction')) document.getElementById('go-next').click()")
    assert page.text("#prediction fieldset:nth-of-type(2) legend") == "The sign of ∂L/∂Y[0, 0]"
    for shape, sign, size in (("1×4", "−", "0"), ("4×1", "+", "3")):
        asked = page.text("#prediction p")
        page.click("#predict")  # nothing is chosen yet, so nothing is shown
        assert page.text("#prediction p") == asked
        for name, value in (("shape", shape), ("sign", sign), ("size", size)):
            page.click(f"#prediction [name={name}][value='{value}']")
        page.click("#predict")
    said = page.all("#step-body .verdict")
    assert said[0].text.endswith("✗ the sign was right, the size was not; its shape is 4×1")
    assert said[1].text.endswith("✓ as predicted: sign and size")
    assert len(page.all("#step-body .matrix")) == 2
    assert page.one(".grid-answer input").get_attribute("aria-invalid") == "false"
    page.click("#predict-on")
    page.click("#go-next")
    assert page.all("#prediction") == []
