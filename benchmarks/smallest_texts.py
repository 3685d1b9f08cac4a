"""The smallest text of ten programs in Chromium: lessons at 1280×800 and 390×844, slides at 1280×720.

    python -m benchmarks.smallest_texts
    python -m benchmarks.smallest_texts --only mazur --only chain

A text's size is its computed font size times the scale at which it is drawn. Of a lesson all steps are
looked at, and all texts of the page; a slide is `draw --fit 16:9`, made as small as 1280×720 asks. It wants
Chromium with its chromedriver, and Selenium.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import backprop_tutor as bt
from backprop_tutor.errors import TutorError
from backprop_tutor.lesson import lesson

MAZUR = (
    "net_h1 = w1*i1 + w2*i2 + b1; out_h1 = sigmoid(net_h1); net_h2 = w3*i1 + w4*i2 + b1; "
    "out_h2 = sigmoid(net_h2); net_o1 = w5*out_h1 + w6*out_h2 + b2; out_o1 = sigmoid(net_o1); "
    "net_o2 = w7*out_h1 + w8*out_h2 + b2; out_o2 = sigmoid(net_o2); E_o1 = (t1 - out_o1)**2/2; "
    "E_o2 = (t2 - out_o2)**2/2; E = E_o1 + E_o2"
)
MAZUR_AT = {
    "i1": 0.05, "i2": 0.1, "w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "b1": 0.35, "w5": 0.4, "w6": 0.45,
    "w7": 0.5, "w8": 0.55, "b2": 0.6, "t1": 0.01, "t2": 0.99,
}  # fmt: skip
SIGMOID = "m0 = w0*x0; m1 = w1*x1; s = m0 + m1; t = s + w2; n = -t; e = exp(n); d = 1 + e; f = 1/d"
SIGMOID_AT = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
CHAIN = "; ".join(
    ["h1 = tanh(w1*x)", *(f"h{i} = tanh(w{i}*h{i - 1})" for i in range(2, 7)), "L = (h6 - t)^2"]
)
CHAIN_AT = {"x": 0.5, "t": 0.1} | {f"w{i}": 0.3 + 0.1 * i for i in range(1, 7)}
RELU = "h1 = relu(w1*x + b1); h2 = relu(w2*x + b2); y = relu(v1*h1 + v2*h2 + c); L = (y - t)^2"
RELU_AT = {"w1": 0.5, "w2": -0.3, "x": 2, "b1": 0.1, "b2": 0.8, "v1": 0.7, "v2": -0.4, "c": 0.05, "t": 1}
SOFTMAX = (
    "z1 = w11*x1 + w12*x2 + b1; z2 = w21*x1 + w22*x2 + b2; z3 = w31*x1 + w32*x2 + b3; "
    "p1 = e^z1/(e^z1 + e^z2 + e^z3); L = -ln(p1)"
)
SOFTMAX_AT = {"x1": 1, "x2": 2, "b1": 0.1, "b2": 0, "b3": -0.1} | {
    f"w{i}{j}": round(0.1 * i - 0.2 * j, 1) for i in (1, 2, 3) for j in (1, 2)
}
BATCH = "Z1 = X@W1 + b1; A1 = sigmoid(Z1); Z2 = A1@W2 + b2; P = sigmoid(Z2); L = bce(P, Y)"
BATCH_AT = {
    "X": [[0, 0], [0, 1], [1, 0], [1, 1]], "Y": [[0], [1], [1], [0]], "b2": [0.05],
    "W1": [[0.5, -0.3, 0.2], [0.1, 0.4, -0.6]], "b1": [0, 0.1, -0.1], "W2": [[0.7], [-0.2], [0.4]],
}  # fmt: skip

PROGRAMS: dict[str, Callable[[], Any]] = {
    "line": lambda: bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}),
    "neuron taken apart": lambda: bt.derive(SIGMOID, at=SIGMOID_AT),
    "mazur": lambda: bt.derive(MAZUR, at=MAZUR_AT, of="E"),
    "[2, 2, 1]": lambda: bt.derive(bt.network([2, 2, 1], biases="layer")),
    "[2, 2, 2]": lambda: bt.derive(bt.network([2, 2, 2])),
    "[3, 4, 2]": lambda: bt.derive(bt.network([3, 4, 2])),
    "three ReLUs": lambda: bt.derive(RELU, at=RELU_AT),
    "chain of tanh": lambda: bt.derive(CHAIN, at=CHAIN_AT),
    "softmax regression": lambda: bt.derive(SOFTMAX, at=SOFTMAX_AT, of="L"),
    "batch": lambda: bt.derive(BATCH, at=BATCH_AT),
}
SCALES = ("gates", "neurons", "layers")

SMALLEST = """
const slider = document.getElementById('slider'), words = [];
let least = [Infinity, '', 0];
for (let step = 0; step <= Number(slider?.max ?? 0); step++) {
  if (slider) { slider.value = step; slider.dispatchEvent(new Event('input')); }
  for (const element of document.querySelectorAll('svg text, svg tspan, body *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    const box = element.getBoundingClientRect();
    const unseen = element.closest('.unseen, script, style');
    if (!box.width || unseen || getComputedStyle(element).visibility === 'hidden') continue;
    const matrix = element.closest('svg') && element.getScreenCTM ? element.getScreenCTM() : null;
    const size = parseFloat(getComputedStyle(element).fontSize) * (matrix ? matrix.a : 1);
    if (size < least[0] - 1e-6) least = [size, element.textContent.trim().slice(0, 30), step];
  }
}
return least;
"""
"""The smallest text of all steps: its size, what it says, the step."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser without a window."""
    from selenium import webdriver  # what no other benchmark needs

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--force-prefers-reduced-motion"):
        options.add_argument(flag)
    service = webdriver.ChromeService(shutil.which("chromedriver") or "chromedriver")
    browser = webdriver.Chrome(options=options, service=service)
    try:
        yield browser
    finally:
        browser.quit()


def smallest(browser: Any, page: Path, width: int, height: int, anchor: str = "") -> tuple[float, str, int]:
    """Return the smallest text of a page in a window of that size."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get("about:blank")
    browser.get(page.as_uri() + anchor)
    found = browser.execute_script(SMALLEST)
    return float(found[0]), str(found[1]), int(found[2])


def slide(browser: Any, derivation: Any, scale: str, folder: Path) -> tuple[float, str, int]:
    """Return the smallest text of `draw --fit 16:9`, the whole picture on 1280×720."""
    svg = derivation.at_scale(scale).diagram(fit="16:9")
    page = folder / "slide.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8>{svg.svg}", encoding="utf-8")
    size, text, step = smallest(browser, page, 1280, 720)
    width, height = svg.size
    return size * min(1.0, 1280 / width, 720 / height), text, step


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.smallest_texts", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--only", action="append", choices=PROGRAMS, help="these programs alone")
    parser.add_argument("--words", action="store_true", help="say which text is the smallest")
    options = parser.parse_args()
    print(f"{'program':20} {'scale':8} {'1280×800':>9} {'390×844':>9} {'slide':>9}")
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        for name in options.only or PROGRAMS:
            derivation = PROGRAMS[name]()
            for scale in SCALES:
                try:
                    page = lesson(derivation, scale=scale).save(Path(folder) / "lesson.html")
                    found = [
                        smallest(browser, page, 1280, 800, f"#{scale}-step-0"),
                        smallest(browser, page, 390, 844, f"#{scale}-step-0"),
                        slide(browser, derivation, scale, Path(folder)),
                    ]
                except TutorError:
                    continue  # a program has the scales that it has
                print(f"{name:20} {scale:8} " + " ".join(f"{size:9.2f}" for size, _, _ in found))
                if options.words:
                    for size, text, step in found:
                        print(f"{'':29} {size:.2f} {text!r} at step {step}")


if __name__ == "__main__":
    main()
