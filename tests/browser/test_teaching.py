"""A lesson teaches: nothing is cut off or small, backward flows backward, practice keeps its answers, paper holds all."""

from __future__ import annotations

import base64
import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

import backprop_tutor as bt
from backprop_tutor.lesson import lesson
from backprop_tutor.lesson.picture import bands, plate

from . import accessibility
from .test_scales_of_pages import SMALLEST
from .test_stepping import worked

LOWEST = """
const steps = Number(document.getElementById('slider').max), found = [];
for (let step = 0; step <= steps; step++) {
  const slider = document.getElementById('slider');
  slider.value = step;
  slider.dispatchEvent(new Event('input'));
  scrollTo(0, 0);
  const seen = [...document.querySelectorAll('#explanation *')].filter((e) => e.getClientRects().length
    && !e.closest('.unseen') && (!e.closest('details:not([open])') || e.closest('summary')));
  found.push(Math.max(...seen.map((e) => e.getBoundingClientRect().bottom)));
}
return found;
"""


@pytest.fixture(scope="module")
def mazur() -> bt.Derivation:
    return worked("net_h1")


@pytest.fixture
def sized(session_browser: Any) -> Any:
    """Set the window's inner size for one test."""

    def size(width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        session_browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    yield size
    session_browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scale", ["gates", "neurons", "layers"])
def test_no_step_is_cut_off_and_no_text_is_small(show: Any, sized: Any, mazur: bt.Derivation, scale: str) -> None:
    """At 1280×800 the words of every step are seen without scrolling, and no text is under 12 px."""
    sized(1280, 800)
    page = show(mazur, scale=scale)
    lowest = page.run(LOWEST)
    assert len(lowest) == page.run("return Number(document.getElementById('slider').max)") + 1 > 10
    assert max(lowest) <= 800, lowest
    assert page.run(SMALLEST) > 11.99


def test_a_page_of_matrices_begins_where_its_address_says(show: Any, sized: Any) -> None:
    """On a phone a page of matrices is one column wide, and a deep link opens its step."""
    sized(390, 844)
    d = bt.derive("Z = X@W; L = sum(Z**2)", at={"X": [[1, 2], [3, 4]], "W": [[1], [-1]]})
    page = show(d, anchor="#step-3")
    assert page.text("#counter").startswith("3 /")
    assert page.run("return document.getElementById('controls').clientWidth") > 350
    assert page.run("return document.documentElement.scrollWidth") == 390


def test_layers_and_matrices_pass_axe(show: Any, sized: Any, mazur: bt.Derivation) -> None:
    """On a phone no rule that axe checks is broken by layers of a network, nor by a page of matrices."""
    accessibility.needed()
    sized(390, 844)
    d = bt.derive("Z = X@W; L = sum(Z**2)", at={"X": [[1, 2], [3, 4]], "W": [[1], [-1]]})
    for page in (show(mazur, anchor="#layers-step-12"), show(d, anchor="#step-4")):
        assert page.text("#step-body") != ""
        page.run(accessibility.code())
        found = page.browser.execute_async_script(accessibility.VIOLATIONS)
        assert found == []


def test_backward_flows_backward(show: Any, mazur: bt.Derivation) -> None:
    """In a backward step arrows point back and are red, the upstream number is framed, products stand on arrows."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    page = show(d, anchor="#step-1")
    shown = (
        "const heads = [...document.querySelectorAll('#graph .edge.active .head')].filter("
        "(e) => getComputedStyle(e).display !== 'none');"
        "return [heads.map((e) => e.classList.contains('back')), getComputedStyle(document.querySelector("
        "'#graph .edge.active .line')).stroke, document.querySelectorAll('.upstream-frame').length]"
    )
    assert page.run(shown) == [[False, False], "rgb(31, 95, 191)", 0]
    page.click("#go-last")
    page.wait(lambda: page.run(shown) == [[True, True], "rgb(192, 0, 0)", 1])
    products = page.run("return [...document.querySelectorAll('.product')].map((e) => e.textContent)")
    assert products == ["−4 × 1", "−4 × 1"]
    page = show(mazur, anchor="#step-11")
    assert page.run("return document.querySelectorAll('.stage .upstream-frame').length") == 2
    assert page.run("return document.querySelectorAll('.stage .flow').length") >= 4


def test_products_lie_on_no_other_text(show: Any, mazur: bt.Derivation) -> None:
    """In no backward step at gates does upstream × local cover another number; what it replaces comes back."""
    page = show(mazur, anchor="#gates-step-1")
    met = page.run("""
        const met = [], next = document.getElementById("go-next");
        const gates = [...document.querySelectorAll(".scales input")].find((e) => e.value === "gates" || e.id.includes("gates"));
        gates?.click();
        let shown = 0;
        for (let i = 0; i < 200 && !next.disabled; i++, next.click()) {
          const products = [...document.querySelectorAll("#graph .product")];
          shown += products.length;
          const texts = [...document.querySelectorAll("#graph text:not(.product)")].filter(
            (e) => e.textContent && getComputedStyle(e).visibility !== "hidden" && getComputedStyle(e).display !== "none");
          for (const product of products) for (const text of texts) {
            const a = product.getBoundingClientRect(), b = text.getBoundingClientRect();
            if (a.left < b.right - 1 && b.left < a.right - 1 && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
              met.push(`${i}: ${product.textContent} on ${text.textContent}`);
          }
        }
        return [shown, met, document.querySelectorAll("#graph .covered").length];
    """)
    assert met[0] > 20
    assert met[1:] == [[], 0]


def press(page: Any, text: str) -> None:
    """Type into whatever has the focus."""
    page.browser.switch_to.active_element.send_keys(text)


def practising(page: Any) -> Any:
    page.forget()
    page.click("#tab-practice")
    page.click("#practice-on")
    page.click("#go-next")
    return page


def test_enter_goes_on_and_the_card_keeps_quiet(show: Any) -> None:
    """While an answer is open the card has its title only; Enter judges, goes on to the next, then to the next step."""
    page = practising(show(bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})))
    assert page.text("#step-body") == (
        "Answers open at this step: 1. The first one is asked at its place in the picture."
        "Hint: the answer is then worth 80 %"
    )
    wire = page.run(
        "const box = document.getElementById('asking').getBoundingClientRect();"
        "const text = document.getElementById('node-2-value').getBoundingClientRect();"
        "return [box.left < text.right && text.left < box.right, box.top - text.bottom]"
    )
    assert wire[0]
    assert -30 < wire[1] < 40
    page.one("#wire-answer").send_keys("-10" + Keys.ENTER)
    assert "w" in page.text("#step-body")
    assert page.one("#asking").is_displayed() is False
    press(page, Keys.ENTER)
    assert page.text("#counter") == "2 / 5"
    press(page, "-7" + Keys.ENTER)
    press(page, Keys.ENTER)
    press(page, Keys.ENTER)
    assert page.text("#counter") == "4 / 5"
    assert page.all(".product") == []


def test_predict_first_then_why(show: Any) -> None:
    """Before a backward step sign and size are predicted and then shown; then the gate's rule is chosen."""
    page = practising(show(bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})))
    page.run("for (let i = 0; i < 3; i++) document.getElementById('go-next').click()")
    said = []
    for sign, size in (("+", "4"), ("−", "4")):
        page.click(f"#prediction [name=sign][value='{sign}']")
        page.click(f"#prediction [name=size][value='{size}']")
        took = page.run(
            "const start = performance.now(); document.getElementById('predict').click();"
            "document.body.offsetWidth; return performance.now() - start"
        )
        said.append(took < 100)
    assert all(said)
    told = page.text("#step-body .told")
    assert "as predicted: sign and size" in told
    assert "the size was right, the sign was not" in told
    assert page.all("#step-body .edge-block") == []
    page.run(
        "[...document.querySelectorAll('#why-form label')].find((e) => e.textContent.includes("
        "'a sum moves exactly as much as either of its terms')).click()"
    )
    assert page.text("#why-form [role=status]") == "✓ that is its rule"
    assert len(page.all("#step-body .edge-block")) == 2
    page.click("#predict-on")
    page.click("#go-next")
    assert page.all("#prediction") == []


def test_a_formula_with_a_rounded_number_is_told_apart(show: Any) -> None:
    """`v6*(-0.5344)` has the right number; of several reasons the first is shown and the others are folded."""
    d = bt.derive("d = a*b; e = a + b; f = d*e", at={"a": -2, "b": 5})
    page = practising(show(d))
    page.click("#practice-sheet")
    place = d.graph_table.find("d")
    page.type(f"[data-cell='g{place}']", "a*(-1.5)")
    row = f"[data-row='g{place}'] .verdict"
    assert page.text(row) == "≈ the right number; a formula is asked for, in names alone, or the number itself"
    cell = f"g{d.graph_table.find('a')}"
    page.type(f"[data-cell='{cell}']", "15")
    assert len(page.all(f"[data-row='{cell}'] .reason")) == 1


def test_examples_fade_and_kinds_come_again(show: Any) -> None:
    """A worked example fades pass by pass; other numbers of the same kind, and gates met before, are asked again."""
    page = practising(show(bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})))
    page.run("const s = document.getElementById('fading'); s.value = 'backward'; s.dispatchEvent(new Event('change'))")
    asked = "return document.getElementById('score').textContent"
    assert page.run(asked) == "0 of 0 right"
    page.click("#go-last")
    page.click("#next-pass")
    assert page.run(asked) == "0 of 3 right"
    page.click("#other-numbers")
    moved = page.run("return document.querySelector('#input-0').value")
    assert moved not in ("-2", "")
    assert page.text("#practice-note").startswith("The numbers were changed")
    page.open()
    assert page.run(asked) == "0 of 3 right"
    page.run("const s = document.getElementById('fading'); s.value = 'whole'; s.dispatchEvent(new Event('change'))")
    page.run("document.getElementById('go-last').click(); document.getElementById('go-back').click()")
    for _ in range(2):
        page.run("for (let i = 0; i < 5; i++) document.querySelector('#asking .hint-button').click()")
    page.click("#go-next")
    for _ in range(2):
        page.run("for (let i = 0; i < 5; i++) document.querySelector('#asking .hint-button').click()")
    assert page.text("#review h3") == "Once more: a gate met before, with other numbers"
    page.click("#tab-practice")
    page.type("#review-answer", "1e9")
    assert page.text("#review .verdict").startswith("✗ not right: it is ")


def test_paper_holds_a_network_in_six_pages(show: Any, mazur: bt.Derivation) -> None:
    """Every gate step of the 2-2-2 network and its finished picture are at most 6 pages of A4."""
    page = show(mazur, anchor="#gates-step-3")
    pdf = base64.b64decode(page.browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert len(page.all("#all-steps .printed")) == 61
    assert page.run("return document.querySelectorAll('#all-steps figure svg text').length") > 30
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.text("#counter") == "3 / 61"


def test_a_hidden_cell_of_a_notebook_is_drawn_and_its_frame_grows(
    session_browser: Any, tmp_path: Path, mazur: bt.Derivation
) -> None:
    """A lesson whose cell starts hidden has its picture once shown, and its frame is as tall as the page."""
    one, other = (lesson(mazur, scale=scale)._repr_html_() for scale in ("gates", "neurons"))
    book = tmp_path / "book.html"
    book.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>book</title><div id=cell style='display:none'>{one}{other}</div>",
        encoding="utf-8",
    )
    browser = session_browser
    browser.get(book.as_uri())
    browser.execute_script("document.getElementById('cell').style.display = ''")
    for frame in browser.find_elements("css selector", "iframe"):
        browser.switch_to.frame(frame)
        wide, body, inner = browser.execute_async_script(
            "const done = arguments[0]; setTimeout(() => done([Math.max(...[...document.querySelectorAll("
            "'#graph, .stage')].map((e) => e.getBoundingClientRect().width)),"
            "document.body.getBoundingClientRect().height, innerHeight]), 300)"
        )
        browser.switch_to.default_content()
        assert wide > 300
        assert abs(inner - body) < 12, (inner, body)
    browser.get("about:blank")  # all of it is said then
    assert [e["message"] for e in browser.get_log("browser")] == []


def test_descent_is_seen_and_can_be_gone_back(show: Any) -> None:
    """Sliders have ends; the curve marks where on it we are, and one may go back along it."""
    page = show(bt.derive("L = (w*x - t)^2", at={"w": 3, "x": 2, "t": 1}))
    page.click("#tab-numbers")
    assert [e.text for e in page.all(".ranged .end")] == ["−6", "6", "−4", "4", "−2", "2"]
    assert page.text("#panel-numbers td.quiet") == "updated by descent"
    page.click("#descend-ten")
    assert len(page.all("#curve circle.now")) == 1
    last = page.text("#curve text.now")
    page.run("const s = document.getElementById('course-step'); s.value = 0; s.dispatchEvent(new Event('change'))")
    assert page.text("#curve text.now") == "now 25" != last
    assert page.one("#input-0").get_attribute("value") == "3"


def test_on_paper_a_long_sum_is_broken_and_a_wide_picture_cut(show: Any) -> None:
    """A sum breaks before its signs, so that it ends with its column; a wide picture stands in strips."""
    terms = " + ".join(f"w{i}*x{i}" for i in range(1, 9))
    at = {f"{name}{i}": i + 0.5 for name in "wx" for i in range(1, 9)}
    page = show(bt.derive(f"z = {terms}; a = tanh(z/1000); f = (a - 1)^2", at=at), anchor="#neurons-step-1")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("return document.querySelectorAll('.printed math > mo[form=infix]:first-child').length") >= 14
    chain = "; ".join(["h1 = tanh(w*x)", *(f"h{i} = tanh(w*h{i - 1})" for i in range(2, 9)), "L = (h8 - 1)^2"])
    page = show(bt.derive(chain, at={"w": 0.9, "x": 0.5}), anchor="#neurons-step-1")
    page.run("dispatchEvent(new Event('beforeprint'))")
    boxes = page.run("return [...document.querySelectorAll('#all-steps svg.strip')].map((svg) => "
                     "[...svg.getAttribute('viewBox').split(' ').map(Number), Number(svg.getAttribute('width'))])")  # fmt: skip
    assert len(boxes) >= 2
    for (left, _top, wide, _high, px), (start, *_rest) in itertools.pairwise(boxes):
        assert start <= left + wide - 100  # what an edge cuts stands whole in the next
        assert px / wide >= 0.6


def test_on_paper_no_row_of_gates_is_cut(show: Any) -> None:
    """The picture of many gates stands on paper in pieces of whole rows, each no higher than a page."""
    terms = " + ".join(f"exp(w{i}*x)" for i in range(1, 7))
    d = bt.derive(f"f = ln({terms})", at={"x": 0.5} | {f"w{i}": 0.1 * i for i in range(1, 7)})
    rows, page = bands(plate(d, 4)), show(d)
    page.run("dispatchEvent(new Event('beforeprint'))")
    boxes = page.run("return [...document.querySelectorAll('#all-steps svg.rows')].map((svg) => "
                     "svg.getAttribute('viewBox').split(' ').map(Number))")  # fmt: skip
    assert len(rows) > len(boxes) >= 2
    for top, foot in rows:
        assert sum(high <= 1000 and y <= top and foot <= y + high for _x, y, _wide, high in boxes) == 1
