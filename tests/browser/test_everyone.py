"""The page for everyone: axe's rules, Korean, dark, phone width, print, two at once, and text that stays text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.lesson import lesson

from . import accessibility


@pytest.fixture
def fan_out() -> bt.Derivation:
    return bt.derive("d = a*b; e = a + b; g = relu(d + e); f = g*e", at={"a": -2, "b": -5})


@pytest.mark.parametrize("theme", ["light", "dark", "colour-blind"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_axe_finds_no_violation(show: Any, fan_out: bt.Derivation, theme: str, lang: str) -> None:
    """No rule of WCAG 2.2 AA that axe-core checks is broken, in any tab, theme or language."""
    accessibility.needed()
    page = show(fan_out, anchor="#step-9", theme=theme, lang=lang)
    page.run(accessibility.code())
    page.run("document.getElementById('node-0').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    for tab in ("closer", "steps", "practice", "numbers", "numpy"):
        page.click(f"#tab-{tab}")
        if tab == "practice":
            page.click("#practice-on")
            page.click("#practice-sheet")
            page.type("[data-cell]", "77")
            page.click(".hint-button")
        found = page.browser.execute_async_script(accessibility.VIOLATIONS)
        assert found == [], (tab, theme)


SCALED: dict[str, tuple[str, dict[str, Any]]] = {
    "network": (
        "h1 = tanh(w1*x1 + w2*x2 + b1); h2 = tanh(w3*x1 + w4*x2 + b2); y = sigmoid(v1*h1 + v2*h2 + c); E = (y - t)^2",
        {"x1": 1, "x2": 0.5, "w1": 0.1, "w2": 0.2, "w3": -0.3, "w4": 0.4, "b1": 0, "b2": 0.1, "v1": 1, "v2": -1,
         "c": 0.5, "t": 1},
    ),
    "matrices": ("Z = tanh(X@W + b); L = mean((Z - T)^2)",
                 {"X": [[1, 2], [3, 4]], "W": [[0.1, -1], [1, 0.5]], "b": [0.1, 0], "T": [[1, 0], [0, 1]]}),
}  # fmt: skip


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("ko", "dark", 390)])
@pytest.mark.parametrize("subject", list(SCALED))
def test_axe_finds_nothing_at_any_scale(show: Any, subject: str, lang: str, theme: str, width: int) -> None:
    """Each scale in each tab, a step in the middle, practice by steps and on the sheet, and a number that is none."""
    accessibility.needed()
    program, at = SCALED[subject]
    page = show(bt.derive(program, at=at), theme=theme, lang=lang)
    page.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    )

    def clean(*state: str) -> None:
        found = page.browser.execute_async_script(accessibility.VIOLATIONS)
        assert found == [], state

    press = "document.getElementById(arguments[0])?.click()"
    try:
        page.open()
        page.run(accessibility.code())
        scales = page.run("return [...document.querySelectorAll('.scales input')].map((e) => e.value)") or [""]
        assert len(scales) == {"network": 3, "matrices": 1}[subject]
        for scale in scales:
            page.run("document.querySelector(`.scales input[value='${arguments[0]}']`)?.click()", scale)
            clean(scale, "before the first step")
            middle = int(page.text("#counter").split("/")[1]) * 2 // 3
            page.run("for (let i = 0; i < arguments[0]; i++) document.getElementById('go-next').click()", middle)
            for tab in page.run("return [...document.querySelectorAll('[role=tab]')].map((e) => e.id)"):
                page.run(press, tab)
                clean(scale, tab)
            page.run(press, "tab-numbers")
            page.run(
                "const f = document.querySelector('#panel-numbers input[type=text]'); f.value = 'abc';"
                "f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true}))"
            )
            page.wait(lambda: page.all("#panel-numbers [aria-invalid=true]"))
            clean(scale, "a fault")
            page.run(press, "reset")
            page.run(press, "tab-practice")
            page.run(press, "practice-on")
            clean(scale, "practice")
            page.run(press, "practice-sheet")
            page.run("const f = document.querySelector('#panel-practice .answer'); f.value = '77';"
                     "f.dispatchEvent(new Event('change', {bubbles: true})); document.querySelector('.hint-button')?.click()")  # fmt: skip
            clean(scale, "the sheet")
            page.run(press, "practice-on")
            page.run(press, "go-first")
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def luminance(colour: str) -> float:
    parts = [int(p) / 255 for p in colour.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark", "colour-blind"])
def test_texts_of_picture_and_formulas_have_contrast(
    show: Any, fan_out: bt.Derivation, theme: str
) -> None:
    """Every text of the picture and every number of a formula has a contrast of 4.5:1 or more."""
    page = show(fan_out, theme=theme)
    for _ in range(4):
        colours = page.run(
            "const paper = getComputedStyle(document.getElementById('picture')).backgroundColor;"
            "const inks = [...document.querySelectorAll('#graph text')].map((e) => getComputedStyle(e).fill);"
            "const marks = [...document.querySelectorAll('#explanation .number')]"
            ".map((e) => getComputedStyle(e).color);"
            "return [paper, [...new Set([...inks, ...marks])]]"
        )
        paper, inks = colours
        for ink in inks:
            high, low = sorted((luminance(paper), luminance(ink)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (theme, ink)
        page.click("#go-next")
        page.click("#go-next")
        page.click("#go-next")


def test_the_system_s_wish_for_dark_is_followed(show: Any, fan_out: bt.Derivation) -> None:
    """With the system set to dark the page is dark; a choice of the reader goes before it and is kept."""
    page = show(fan_out)
    paper = "return getComputedStyle(document.getElementById('picture')).backgroundColor"
    scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    try:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
        assert luminance(page.run(paper)) < 0.05
        page.run("const s = document.getElementById('theme'); s.value = 'light'; s.dispatchEvent(new Event('change'))")
        assert luminance(page.run(paper)) > 0.9
        page.open()
        assert luminance(page.run(paper)) > 0.9
        page.forget()
        assert luminance(page.run(paper)) < 0.05
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_less_motion_where_it_is_wished(show: Any, fan_out: bt.Derivation) -> None:
    """Without the wish for less motion strokes fade; with it nothing is animated."""
    page = show(fan_out)
    duration = "return getComputedStyle(document.querySelector('#graph .line')).transitionDuration"
    assert page.run(duration) == "0s"  # the tests' browser wishes for less
    try:
        features = {"features": [{"name": "prefers-reduced-motion", "value": "no-preference"}]}
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
        assert page.run(duration) != "0s"
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_phone_s_width_is_enough(show: Any, fan_out: bt.Derivation) -> None:
    """At 390 px nothing sticks out sideways, the picture comes first, and targets are large enough."""
    page = show(fan_out)
    try:
        page.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
        )
        page.open("#step-5")
        for tab in ("steps", "closer", "practice", "numbers"):
            page.run("document.getElementById(arguments[0]).click()", f"tab-{tab}")
            assert page.run("return document.documentElement.scrollWidth") == 390, tab
        tops = page.run(
            "return ['picture', 'controls', 'explanation', 'panels']"
            ".map((id) => document.getElementById(id).getBoundingClientRect().top + scrollY)"
        )
        assert tops[0] < tops[2] < tops[3]
        sizes = page.run(
            "return [...document.querySelectorAll('#controls button')]"
            ".map((b) => { const r = b.getBoundingClientRect(); return Math.min(r.width, r.height); })"
        )
        assert min(sizes) >= 40
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_korean_pages_speak_korean(show: Any) -> None:
    """Words, steps, reasons and particles are Korean; numbers and formulas are as ever."""
    d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    page = show(d, anchor="#step-5", lang="ko")
    assert page.text("#step-title") == "5단계 중 5단계 · 역전파 · 곱셈"
    body = page.text("#step-body")
    for word in ("상류 미분", "국소 미분", "하류 미분", "곱의 미분법", "한 인수에 대한 기울기는 다른 인수입니다"):
        assert word in body
    assert "만약 w를 0.01 올리면 f의 변화는 약 0.05" in body
    assert page.run("return document.documentElement.lang") == "ko"
    page.click("#tab-numbers")
    page.type("#input-1", "abc")
    page.click("#tab-practice")
    page.click("#practice-on")
    page.type("[data-cell]", "foo")
    assert "“foo”는 이 수업에 없는 이름입니다" in page.text(".verdict")


def test_two_pages_at_once_leave_each_other_alone(
    show: Any, fan_out: bt.Derivation, tmp_path: Path, session_browser: Any
) -> None:
    """Two lessons in one notebook page step, practise and remember apart."""
    one = lesson(bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}))
    other = lesson(fan_out, lang="ko")
    book = tmp_path / "book.html"
    book.write_text(
        f"<!DOCTYPE html><title>book</title>{one._repr_html_()}{other._repr_html_()}", encoding="utf-8"
    )
    browser = session_browser
    browser.get(book.as_uri())
    frames = browser.find_elements("css selector", "iframe")
    browser.switch_to.frame(frames[0])
    browser.execute_script("document.getElementById('go-last').click()")
    assert browser.find_element("id", "counter").text == "5 / 5"
    browser.switch_to.default_content()
    browser.switch_to.frame(frames[1])
    assert browser.find_element("id", "counter").text.startswith("0 / ")
    browser.switch_to.default_content()
    browser.get("about:blank")  # all of it is said then
    assert [e["message"] for e in browser.get_log("browser")] == []


def test_typed_text_never_becomes_markup(show: Any, fan_out: bt.Derivation) -> None:
    """Titles, comments and answers with markup in them are shown as text and run nothing."""
    d = bt.derive('f = w*x  # </script><script>document.title="hacked"</script>', at={"w": 1, "x": 2})
    page = show(d, title='<img src=x onerror=document.title="hacked"></script>')
    assert page.text("h1") == '<img src=x onerror=document.title="hacked"></script>'
    assert page.all("h1 img") == []
    assert "hacked" not in page.browser.title.replace('"hacked"', "")
    page.click("#tab-practice")
    page.click("#practice-on")
    page.click("#practice-sheet")
    page.type("[data-cell]", "</script><svg onload=alert(1)>")
    assert page.all("#panel-practice svg") == []


def test_a_page_prints_its_picture_and_sheet(show: Any, fan_out: bt.Derivation) -> None:
    """In print the controls are gone, every step stands with its words, and the colours are those of paper."""
    page = show(fan_out, theme="dark", anchor="#step-3")
    try:
        page.run("dispatchEvent(new Event('beforeprint'))")
        assert len(page.all("#all-steps .printed")) == len(fan_out.steps)
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        hidden = page.run("return getComputedStyle(document.getElementById('controls')).display")
        assert hidden == "none"
        ink = page.run("return getComputedStyle(document.querySelector('#graph .name')).fill")
        assert luminance(ink) < 0.1
        assert page.one("#all-steps").is_displayed()
        assert not page.one("#explanation").is_displayed()
        page.run("dispatchEvent(new Event('afterprint'))")
        assert page.all("#all-steps") == []
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_graph_of_200_operations(show: Callable[..., Any]) -> None:
    """The page of 200 operations is under 3 MB, and steps at once."""
    lines = ["n0 = x*y"]
    for i in range(1, 200):
        lines.append(f"n{i} = n{i - 1}{'+*-'[i % 3]}{'xyz'[i % 3]}" if i % 5 else f"n{i} = tanh(n{i - 1})")
    d = bt.derive("\n".join(lines), at={"x": 0.5, "y": 0.75, "z": 0.25})
    made = lesson(d)
    assert len(made.html.encode()) < 3_000_000
    page = show(d)
    page.click("#go-last")
    assert page.text("#counter").endswith(f"/ {len(d.steps)}")
