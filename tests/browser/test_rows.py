"""A lesson's gates stand in rows: no sideways scroll, each step's row in view, what comes again lights up too."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

import backprop_tutor as bt

from .test_stepping import worked
from .test_teaching import practising, sized

__all__ = ["sized"]

CHAIN = "; ".join(
    ["h1 = tanh(w1*x + b1)", *(f"h{i} = tanh(w{i}*h{i - 1} + b{i})" for i in range(2, 13)), "L = (h12 - t)^2"]
)
SOFTMAX = (
    "z1 = w11*x1 + w12*x2 + b1; z2 = w21*x1 + w22*x2 + b2; z3 = w31*x1 + w32*x2 + b3; "
    "p1 = e^z1/(e^z1 + e^z2 + e^z3); L = -ln(p1)"
)
PROGRAMS = {
    "sigmoid-neuron": lambda: worked("t = s + w2"),
    "mazur": lambda: worked("net_h1"),
    "chain": lambda: bt.derive(
        CHAIN, at={"x": 0.5, "t": 0.1} | {f"{n}{i}": 0.1 * i for i in range(1, 13) for n in "wb"}
    ),
    "softmax": lambda: bt.derive(
        SOFTMAX, at={"x1": 1, "x2": 2, "b1": 0.1, "b2": 0, "b3": -0.1}
        | {f"w{i}{j}": 0.1 * i - 0.2 * j for i in (1, 2, 3) for j in (1, 2)}
    ),
}  # fmt: skip

EVERY_STEP = """
const canvas = document.getElementById('canvas'), slider = document.getElementById('slider'), found = [];
const graph = document.getElementById('graph');
const inside = (rect, frame) => rect.top >= frame.top - 1 && rect.bottom <= frame.bottom + 1;
for (let step = 0; step <= Number(slider.max); step++) {
  slider.value = step;
  slider.dispatchEvent(new Event('input'));
  const frame = canvas.getBoundingClientRect();
  const lit = [...graph.querySelectorAll('.gate.active, .edge.active .line')];
  found.push([canvas.scrollWidth - canvas.clientWidth, lit.length,
    lit.filter((part) => !inside(part.getBoundingClientRect(), frame)).length]);
}
return found;
"""
"""For each step: how far the picture reaches to the right, how many gates and arrows are lit, how many unseen."""

LETTERS = """
const graph = document.getElementById('graph');
const [, , wide] = graph.getAttribute('viewBox').split(' ').map(Number);
const scale = graph.getBoundingClientRect().width / wide;
return Math.min(...[...graph.querySelectorAll('text')].map((e) => parseFloat(getComputedStyle(e).fontSize) * scale));
"""

AGAIN = """
return [...document.querySelectorAll('#graph .landing')].map((again) => {
  const name = again.dataset.node;
  const own = [...document.querySelectorAll('#graph .wire[id]')].find((wire) => wire.dataset.node === name);
  const of = (part) => ['active', 'pending', 'done'].filter((one) => part.classList.contains(one)).concat(
    [...part.querySelectorAll('.value, .gradient')].map((text) => `${text.textContent} ${text.classList.contains('found')}`));
  return [of(again), of(own)];
});
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_lesson_needs_no_sideways_scroll(show: Any, sized: Any, name: str) -> None:
    """At 1280×800 rows are as narrow as their box, letters have 12 px, and each step's gates and arrows are in view."""
    sized(1280, 800)
    page = show(PROGRAMS[name](), scale="gates")
    steps = page.run(EVERY_STEP)
    assert len(steps) > 10
    assert max(wide for wide, _lit, _unseen in steps) <= 0
    assert max(lit for _wide, lit, _unseen in steps) >= 3
    assert page.run(LETTERS) > 11.99
    across = page.run("return document.querySelectorAll('#graph .landing').length")
    assert across >= 1
    unseen = [number for number, (_wide, _lit, unseen) in enumerate(steps) if unseen]
    assert len(unseen) <= 0.2 * len(steps), unseen  # a sum of parts from rows far from one another


def test_a_wire_that_comes_again_lights_up_with_its_own(show: Any, sized: Any) -> None:
    """In each step it has the state and the numbers of the wire that it continues, changed ones too; both can be chosen."""
    sized(1280, 800)
    page = show(worked("net_h1"), scale="gates")
    lit = 0
    for _ in range(62):
        for again, own in page.run(AGAIN):
            assert again == own
            lit += "active" in again
        page.keys(Keys.ARROW_RIGHT)
    assert lit >= 2
    before = page.run(AGAIN)
    page.run("const f = document.getElementById('input-0'); f.value = '0.9'; f.dispatchEvent(new Event('input'))")
    after = page.run(AGAIN)
    assert after != before
    assert all(again == own for again, own in after)
    page.run("document.querySelector('#graph .landing .line:not(.hit)').parentNode.dispatchEvent(new Event('click'))")
    chosen = "return [...document.querySelectorAll('#graph .wire.chosen')].map((e) => e.dataset.node)"
    names = page.run(chosen)
    assert len(names) >= 2
    assert len(set(names)) == 1


def test_practice_asks_where_the_step_is_at_work(show: Any, sized: Any) -> None:
    """The answer box of a gradient that leaves its row stands at the wire that comes again, inside the picture."""
    sized(1280, 800)
    d = worked("t = s + w2")
    page = practising(show(d, scale="gates"))
    page.run("document.getElementById('predict-on').click()")
    place = d.graph_table.find("s")
    step = next(s.number for s in d.steps if s.phase == "backward" and s.node == "t")
    page.run("const s = document.getElementById('slider'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))", step)
    box, own, again, frame = page.run(
        "const of = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };"
        "return [of(document.getElementById('asking')), of(document.getElementById(`node-${arguments[0]}-gradient`)),"
        "of(document.querySelector('#graph .landing .gradient')), of(document.getElementById('canvas'))]",
        place,
    )
    assert own[3] < again[1]
    assert -30 < box[1] - again[3] < 40
    assert frame[1] <= box[1]
    assert box[3] <= frame[3] + 40


def test_the_keyboard_reaches_every_row(show: Any, sized: Any) -> None:
    """An arrow of the last row is in view once it has the focus; what comes again is no stop of its own."""
    sized(1280, 800)
    page = show(worked("net_h1"), scale="gates")
    assert page.run("return document.querySelectorAll('#graph .landing [tabindex]').length") == 0
    seen = page.run(
        "const all = [...document.querySelectorAll('#graph .hit[tabindex]')]; const last = all.reduce((low, e) => "
        "e.getBoundingClientRect().bottom > low.getBoundingClientRect().bottom ? e : low); last.focus();"
        "const r = last.getBoundingClientRect(), f = document.getElementById('canvas').getBoundingClientRect();"
        "return [document.activeElement === last, r.top >= f.top - 20 && r.bottom <= f.bottom + 20]"
    )
    assert seen == [True, True]


def test_on_a_phone_and_a_large_screen(show: Any, sized: Any) -> None:
    """At 390 px the page itself has no sideways scroll; at 1920 letters are larger than at 1280."""
    page, sizes = show(worked("net_h1"), scale="gates"), {}
    for width, height in ((390, 844), (1280, 800), (1920, 1080)):
        sized(width, height)
        page.open("#gates-step-45")
        sizes[width] = page.run(LETTERS)
        assert page.run("return document.documentElement.scrollWidth") <= width
        assert page.run("return document.getElementById('canvas').scrollTop") > 0
    assert 11.99 < sizes[390] == sizes[1280] < sizes[1920]
