"""Lessons opened offline in Chromium: every frame's texts, nothing moves, nothing is asked of a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from shared import load_cases

import backprop_tutor as bt
from backprop_tutor.render.drawing.diagram import Plate

CASES = {case["name"]: case for case in load_cases("worked_examples.json")}


def worked(part: str) -> bt.Derivation:
    """Return the worked example whose program holds a text."""
    case = next(c for c in CASES.values() if part in c["program"])
    return bt.derive(case["program"], case["values"], of=case["output"])


LESSONS: dict[str, Callable[[], bt.Derivation]] = {
    "line": lambda: bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}),
    "mazur": lambda: worked("net_h1"),
    "sigmoid-neuron": lambda: worked("t = s + w2"),
    "fan-out": lambda: bt.derive(
        "p = a*b; q = a + b; r = p*q; s = r - a; t = s*s; u = t + p; v = relu(u) ; w = v/2; x = w + q; "
        "y = x*b; z = y - u; f = z^2",
        at={"a": -2, "b": 3},
    ),
}

FRAME = """
const texts = {};
for (const e of document.querySelectorAll('#graph text[id]')) texts[e.id] = e.textContent;
const active = [...document.querySelectorAll('#graph .active[id]')].map((e) => e.id);
const places = [...document.querySelectorAll('#graph g[id], #graph text[id]')].map((e) => {
  const parts = e.matches('text') ? [e] : [...e.querySelectorAll('circle, .line')];
  return [e.id, e.getAttribute('x'), e.getAttribute('y'), e.getAttribute('transform'),
          ...parts.map((p) => p.getAttribute('d') ?? p.getAttribute('cx') + ',' + p.getAttribute('cy'))];
});
window.still ??= places.map(String);
return [texts, active, places.map(String).filter((place, i) => place !== window.still[i]).concat(
  places.length === window.still.length ? [] : ['another number of places'])];
"""
"""The texts of a frame, what is lit, and what is not where it was in the first frame looked at."""


@pytest.mark.parametrize("name", LESSONS)
def test_every_frame_shows_what_the_derivation_knows(name: str, show: Any) -> None:
    """After every step each text of the picture is the derivation's, or empty, and nothing moves."""
    d = LESSONS[name]()
    plate = Plate(d)
    page = show(d, scale="gates")
    view = page.run("return document.getElementById('graph').getAttribute('viewBox')")
    for step in range(len(d.steps) + 1):
        found, lit, moved = page.run(FRAME)
        for wire in plate.circuit.wires:
            assert found[f"node-{wire.place}-value"] == wire.value.at(step), (step, wire.name)
            if wire.gradient is not None:
                assert found[f"node-{wire.place}-gradient"] == wire.gradient.at(step), (step, wire.name)
        for arrow in plate.circuit.arrows:
            key = f"edge-{arrow.target}-{arrow.slot}"
            if arrow.local is not None:
                assert found[f"{key}-local"] == arrow.local.at(step)
            if arrow.downstream is not None:
                assert found[f"{key}-downstream"] == arrow.downstream.at(step)
        emphasis = plate.circuit.emphasis[step]
        assert set(lit) == {
            *(f"gate-{i}" for i in emphasis.gates), *(f"node-{i}" for i in emphasis.wires),
            *(f"edge-{a.target}-{a.slot}" for a in plate.circuit.arrows if a.number in emphasis.arrows),
        }  # fmt: skip
        assert moved == []
        if step < len(d.steps):
            page.keys("\ue014")
    assert page.run("return document.getElementById('graph').getAttribute('viewBox')") == view
    assert page.text("#counter") == f"{len(d.steps)} / {len(d.steps)}"


def test_no_request_leaves_the_page(show: Any) -> None:
    """Stepping, practising and playing ask nothing of any server."""
    page = show(LESSONS["line"]())
    for tab in ("closer", "practice", "numbers", "steps"):
        page.click(f"#tab-{tab}")
    page.click("#go-last")
    entries = [json.loads(e["message"])["message"] for e in page.browser.get_log("performance")]
    asked = [
        e["params"]["request"]["url"] for e in entries if e["method"] == "Network.requestWillBeSent"
    ]
    assert {url.split("#")[0] for url in asked} <= {page.url, "about:blank"}
    assert page.run("return performance.getEntriesByType('resource').length") == 0


def test_an_injected_request_is_blocked(show: Any) -> None:
    """The page's policy stops what tries to load all the same."""
    page = show(LESSONS["line"]())
    blocked = page.run(
        "return new Promise((done) => { document.addEventListener('securitypolicyviolation', () => done(true));"
        " new Image().src = 'http://127.0.0.1:9/x.png'; setTimeout(() => done(false), 2000); })"
    )
    assert blocked
    told = page.complaints()  # the page hears of it before the console does
    assert told
    assert all("Content Security Policy" in line for line in told)


def test_deep_links_open_their_step(show: Any) -> None:
    """`#step-4` opens step 4, and the address follows the steps."""
    page = show(LESSONS["line"](), anchor="#step-4")
    assert page.text("#step-title") == "step 4 of 5 · backward · add"
    page.click("#go-next")
    assert page.run("return location.hash") == "#step-5"
    page.run("location.hash = '#step-2'")
    page.wait(lambda: page.text("#counter") == "2 / 5")


def test_buttons_keys_slider_and_list_step(show: Any) -> None:
    """Every way of stepping arrives at the same steps."""
    page = show(LESSONS["line"]())
    counter = lambda: page.text("#counter")  # noqa: E731  # read often, said once
    page.click("#go-next")
    page.click("#go-next")
    assert counter() == "2 / 5"
    page.click("#go-back")
    assert counter() == "1 / 5"
    page.click("#go-last")
    assert counter() == "5 / 5"
    page.click("#go-first")
    assert counter() == "0 / 5"
    page.keys("\ue010")
    assert counter() == "5 / 5"
    page.keys("\ue011", "\ue014", "\ue014", "\ue012")
    assert counter() == "1 / 5"
    page.run("const s = document.getElementById('slider'); s.value = 3; s.dispatchEvent(new Event('input'))")
    assert page.text("#step-title") == "step 3 of 5 · seed"
    page.click("#step-list a[data-step='4']")
    assert counter() == "4 / 5"
    assert page.one("#step-list a[aria-current]").get_attribute("data-step") == "4"


def test_space_plays_to_the_end_and_stops(show: Any) -> None:
    """Space starts and stops the play; the play ends at the last step."""
    page = show(LESSONS["line"](), anchor="#step-4")
    page.run("document.activeElement.blur()")
    page.keys(" ")
    assert page.one("#go-play").get_attribute("aria-label") == "Pause"
    page.wait(lambda: page.text("#counter") == "5 / 5")
    page.wait(lambda: page.one("#go-play").get_attribute("aria-label") == "Play")


def test_the_step_is_explained_in_mathml(show: Any) -> None:
    """The explanation has rule, local gradient and upstream × local = downstream, in MathML."""
    page = show(LESSONS["line"](), anchor="#step-5")
    assert page.all("#explanation math")
    body = page.text("#step-body")
    assert "product rule" in body
    assert "the slope along one factor is the other factor" in body
    assert "∂f∂w=∂f∂v1×∂v1∂w=1×5=5" in body.replace(" ", "").replace("\u2061", "")
    assert "raising w by 0.01 changes f by about 0.05" in body


def test_each_step_is_said_aloud(show: Any) -> None:
    """A live region says the step in words with its numbers."""
    page = show(LESSONS["line"](), anchor="#step-2")
    page.click("#go-next")
    assert page.one("#speech").get_attribute("aria-live") == "polite"
    assert "seed" in page.text("#speech")
    assert "∂f/∂f = 1" in page.text("#speech")


def test_the_seed_names_the_output(show: Any) -> None:
    """At the seed, and where the output is looked at closer, the page says what explanations say."""
    page = show(LESSONS["line"](), anchor="#step-3")
    assert "f changes by 1 when f does" in page.text("#step-body")
