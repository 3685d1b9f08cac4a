"""The live page in a browser: typed into, switched, practised on, saved from; axe's rules in every state."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from shared import environment

from . import accessibility

PROBLEMS = """\
title = "Sheet"
[[problem]]
id = "p"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "df/dx"]
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """One server for all tests: its address and the teacher's."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    words = [sys.executable, "-m", "backprop_tutor", "serve", "--port", "0", "--workers", "1",
             "--seconds", "60", "--problems", "p.toml"]  # fmt: skip
    with subprocess.Popen(words, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(3)]
        yield re.findall(r"http://\S+", lines[0])[0], re.findall(r"http://\S+", lines[2])[0]
        server.send_signal(signal.SIGTERM)


class Live:
    """The page, and what tests do with it."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address

    def open(self, rest: str = "?lang=en") -> Live:
        """Load the page anew and wait for its lesson."""
        self.browser.get("about:blank")
        self.browser.get(self.address + rest)
        return self.settled()

    def run(self, code: str, *arguments: Any) -> Any:
        """Return what a script in the page returns."""
        return self.browser.execute_script(code, *arguments)

    def wait(self, condition: Callable[[], Any], seconds: float = 60) -> Any:
        """Return what a condition returns once it holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.05)
        raise AssertionError("it did not happen in time")

    def settled(self) -> Live:
        """Wait until the lesson is that of what stands in the field."""
        self.wait(lambda: self.run(
            "return document.querySelector('#frames iframe:not(.next)') && document.getElementById('preview').hidden"
            " && !document.getElementById('stage').classList.contains('stale')"
        ))  # fmt: skip
        return self

    def type(self, text: str) -> None:
        """Type a program in place of the one that stands there."""
        field = self.browser.find_element("id", "program")
        field.clear()
        field.send_keys(text)

    def text(self, selector: str) -> str:
        """Return an element's text, with single blanks."""
        return " ".join(str(self.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector)).split())

    def click(self, selector: str) -> None:
        """Click an element."""
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.browser.find_element("css selector", selector).click()

    def inside(self, code: str) -> Any:
        """Return what a script in the lesson's frame returns; `d` is its document."""
        return self.run("const d = document.querySelector('#frames iframe:not(.next)').contentDocument;" + code)

    def axe(self) -> list[str]:
        """Return what axe-core finds, in the page and in its frames."""
        frames = self.browser.find_elements("css selector", "#frames iframe")
        code = accessibility.code()
        self.run(code)
        for frame in frames:
            self.browser.switch_to.frame(frame)
            self.run(code)
            self.browser.switch_to.default_content()
        found = self.browser.execute_async_script(accessibility.VIOLATIONS)
        return list(found)


@pytest.fixture
def live(session_browser: Any, served: tuple[str, str]) -> Iterator[Live]:
    """The page with its first example; afterwards the console must be silent."""
    page = Live(session_browser, served[0]).open()
    yield page
    session_browser.get("about:blank")  # all of it is said then
    assert [entry["message"] for entry in session_browser.get_log("browser")] == []


def test_typing_brings_picture_lesson_and_address(live: Live) -> None:
    """A program that is typed is drawn, taught and held by the address, and comes back the same."""
    live.type("q = x + y\nf = q*z")
    live.wait(lambda: live.text("#result").startswith("f ="))
    live.settled()
    assert live.inside("return d.querySelectorAll('#graph .gate').length") == 2
    live.browser.find_element("id", "value-x").send_keys("\ue013")
    live.wait(lambda: live.text(".field .slope .old"))
    number = live.run("return document.getElementById('value-x').value")
    live.settled()
    live.inside("d.getElementById('go-back').click()")
    live.wait(lambda: "step=4" in live.run("return location.hash"))
    address, picture = live.run("return [location.search + location.hash, document.getElementById('picture').src]")
    live.open("?lang=en" + address[address.index("#") :])
    assert live.inside("return d.getElementById('counter').textContent") == "4 / 5"
    assert live.run("return document.getElementById('value-x').value") == number
    assert picture.startswith("data:image/svg+xml")


def test_a_number_that_was_drawn_is_nobodys_wish(live: Live) -> None:
    """It stays drawn over a fault, and is not put where somebody empties the field to type."""
    live.type("g = v*u")
    live.wait(lambda: live.run("return document.querySelectorAll('.field.drawn').length") == 2)
    live.type("g = v*u*")
    live.wait(lambda: live.text("#faults"))
    assert live.run("return document.querySelectorAll('.field.drawn').length") == 2
    live.type("g = v*u")
    field = live.browser.find_element("id", "value-u")
    field.send_keys("\ue009a\ue009", "\ue003")
    live.wait(lambda: live.run("return document.getElementById('preview').hidden"))
    assert (field.get_property("value"), field.get_property("placeholder")) == ("", "0.5")
    field.send_keys("7")
    live.wait(lambda: live.run("return document.querySelector('[for=value-v]').parentElement.querySelector('.slope').textContent").endswith("7"))
    field.send_keys("\ue003", "\ue004")
    assert field.get_property("value") == "0.5"
    live.settled()


def test_a_fault_is_shown_below_its_field_and_the_lesson_waits(live: Live) -> None:
    """A fault has its caret; a value's stands with the value; the old lesson is pale until all is well."""
    live.type("f = w*x + * b")
    live.wait(lambda: live.text("#faults"))
    caret = live.run("return document.querySelector('#faults pre').textContent")
    assert caret == "  f = w*x + * b\n            ^"
    assert live.run("return document.getElementById('stage').classList.contains('stale')")
    assert live.run("return document.getElementById('program').getAttribute('aria-invalid')") == "true"
    live.type("f = w*x + b")
    live.settled()
    live.run("const f = document.getElementById('value-w'); f.value = 'two'; f.dispatchEvent(new Event('input'))")
    live.wait(lambda: live.text(".field .fault-of"))
    assert live.text("#faults") == ""


def test_scales_files_and_numbers_by_keys(live: Live) -> None:
    """The scale is switched in place, a number is stepped with the arrow keys, a file is saved."""
    live.click("[data-example=xor]")
    live.wait(lambda: live.text("#result").startswith("E ="))
    live.settled()
    live.run("document.getElementById('live-scale-gates').click()")
    live.wait(lambda: live.inside("return d.documentElement.dataset.scale") == "gates")
    assert "scale=gates" in live.run("return location.hash")
    before = live.text("#result")
    live.browser.find_element("id", "value-w11").send_keys("\ue013")
    live.wait(lambda: live.text("#result") != before)
    assert live.run("return document.getElementById('value-w11').value") == "1.1"
    live.settled()
    live.click("[data-export=svg]")
    live.wait(lambda: live.text("#news") == "Saved E.svg.")
    live.wait(lambda: (Path(live.browser.downloads) / "E.svg").exists())


STATES: dict[str, Callable[[Live], Any]] = {
    "finished": lambda live: None,
    "a network": lambda live: (live.click("[data-example=two-two-two]"), live.settled()),
    "matrices": lambda live: (live.click("[data-example=batch]"), live.settled()),
    "practice": lambda live: live.inside("d.getElementById('tab-practice').click(); d.getElementById('practice-on').click()"),
    "numbers": lambda live: live.inside("d.getElementById('tab-numbers').click()"),
    "long names": lambda live: (
        live.type(f"speed_of_body = 3\n{'t' * 90} = 2\nloss = (speed_of_body * {'t' * 90} - 5)^2"),
        live.wait(lambda: live.text("#result").startswith("loss =")), live.settled(),
    ),
    "a fault": lambda live: (live.type("f = (x"), live.wait(lambda: live.text("#faults"))),
    "nothing": lambda live: (live.type(" "), live.wait(lambda: not live.run("return document.getElementById('nothing').hidden"))),
}  # fmt: skip


@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1280), ("ko", "dark", 390)])
def test_everybody_can_use_every_state(live: Live, lang: str, scheme: str, width: int) -> None:
    """In each state axe finds nothing, nothing sticks out sideways, and no text is below 12 px."""
    accessibility.needed()
    try:
        live.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
        )
        live.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        for name, enter in STATES.items():
            live.open(f"?lang={lang}")
            enter(live)
            assert live.axe() == [], name
            assert live.run("return document.documentElement.scrollWidth") <= width, name
            smallest = live.run(
                "return Math.min(...[...document.querySelectorAll('body *')].filter((e) => e.offsetParent &&"
                " [...e.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()))"
                ".map((e) => parseFloat(getComputedStyle(e).fontSize)))"
            )
            assert smallest >= 12, name
    finally:
        live.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        live.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


MATRICES = {"X": "1 2; 3 4; 0 1", "t": "1; 0; 1"}
OWN: dict[str, tuple[str, dict[str, str], str]] = {
    "a bare expression": ("5x+3", {"x": "-2"}, "f = −7"),
    "a function of x": ("f(x) = x^2", {"x": "3"}, "f = 9"),
    "a root over a number": ("f = sqrt(x^2 + y^2)/z\nx = 3\ny = 4\nz = 2", {}, "f = 2.5"),
    "a neuron and its loss": ("z = w*x + b\na = sigmoid(z)\nL = -(t*log(a) + (1 - t)*log(1 - a))\nt = 1", {}, "L = 7.00091"),
    "a network": (
        "h1 = tanh(w11*x1 + w12*x2 + b1)\nh2 = tanh(w21*x1 + w22*x2 + b2)\ny = sigmoid(v1*h1 + v2*h2 + c)\nE = (y - t)^2",
        {}, "E = 0.394063",
    ),
    "matrices": ("L = mean((sigmoid(X @ w) - t)^2)", MATRICES | {"w": "0.5; -1"}, "L = 0.402876"),
    "a bracket that is open": ("f = (a*b + c", {}, "!"),
    "no name": ("f = w*x + my_long_name", {}, "!"),
    "no function": ("f = sgmoid(x)", {}, "!"),
    "nothing behind a sign": ("f = a*b*", {}, "!"),
    "nought by nought": ("f = 0/0", {}, "!"),
    "no logarithm": ("f = log(x)\nx = -1", {}, "!"),
    "shapes that misfit": ("L = mean((sigmoid(X @ w) - t)^2)", MATRICES | {"w": "0.5; -1; 2"}, "!"),
    "one made of the other": ("a = b\nb = a\nf = a", {}, "!"),
}  # fmt: skip
"""Programs and values as somebody may type them; the result, or "!" for a fault."""

TEXTS = """
return [...document.querySelectorAll("body *")].filter((e) => !e.closest("[hidden], .unseen, noscript, script, option")
  && [...e.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim())
  && e.getBoundingClientRect().width > 0 && getComputedStyle(e).visibility !== "hidden").map((e) => {
    const at = e.ownerSVGElement ? e.getScreenCTM() : null, scale = at ? Math.hypot(at.a, at.b) : 1;
    return [Math.round(parseFloat(getComputedStyle(e).fontSize) * scale * 10) / 10, e.textContent.slice(0, 20)];
  }).sort((a, b) => a[0] - b[0])[0];
"""
"""The smallest text: its computed font size times the scale of its picture."""


def looked_at(live: Live, width: int, where: str) -> None:
    """Assert that the page and its lesson are no wider than the screen, with no text below 12 px."""
    for frame in [None, *live.browser.find_elements("css selector", "#frames iframe:not(.next)")]:
        if frame is not None:
            live.browser.switch_to.frame(frame)
        wide, room, smallest = live.run("return document.documentElement.scrollWidth"), live.run("return innerWidth"), live.run(TEXTS)
        live.browser.switch_to.default_content()
        assert (wide if frame is None else min(wide, room)) <= width, where
        assert wide <= room, where
        assert smallest[0] >= 12, (where, smallest)


def practised(live: Live) -> None:
    """Answer a cell of the whole sheet wrongly, and see a verdict."""
    live.inside("d.getElementById('tab-practice').click(); d.getElementById('practice-on').click();"
                "d.getElementById('practice-sheet')?.click()")  # fmt: skip
    live.inside(
        "const f = d.querySelector('#panel-practice .answer'); f.value = '77.5'; f.dispatchEvent(new Event('input', {bubbles: true}));"
        "f.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    live.wait(lambda: live.inside("return [...d.querySelectorAll('.verdict')].some((e) => e.textContent.trim())"), 20)


@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1280), ("ko", "dark", 390)])
def test_programs_of_ones_own(live: Live, lang: str, scheme: str, width: int) -> None:
    """Each is drawn and taught at each scale, and practised, or its fault is told; never wider, never smaller."""
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    try:
        live.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        live.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        for name, (program, values, result) in OWN.items():
            live.open(f"?lang={lang}")
            live.type(program)
            for value, text in values.items():
                live.wait(lambda value=value: live.run("return document.getElementById(arguments[0])", f"value-{value}"))
                live.run("const f = document.getElementById(arguments[0]); f.value = arguments[1]; f.dispatchEvent(new Event('input'))",
                         f"value-{value}", text)  # fmt: skip
            if result == "!":
                live.wait(lambda: live.text("#faults") + live.text(".field .fault-of"))
                assert live.text("#result") == "", name
                looked_at(live, width, name)
                continue
            live.wait(lambda result=result: live.text("#result") == result)
            live.settled()
            looked_at(live, width, name)
            for scale in live.run("return [...document.querySelectorAll('#scales input')].map((e) => e.value)"):
                live.run("document.getElementById(arguments[0]).click()", f"live-scale-{scale}")
                live.wait(lambda scale=scale: live.inside("return d.documentElement.dataset.scale") == scale)
                looked_at(live, width, f"{name}, {scale}")
            practised(live)
            looked_at(live, width, f"{name}, practice")
    finally:
        live.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        live.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


BEGINS: dict[str, bytes] = {
    "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "tikz": b"%", "gif": b"GIF89a", "markdown": b"# ",
    "latex": b"\\", "json": b"{", "numpy": b'"""', "lesson": b"<!DOCTYPE html>", "worksheet": b"PK",
}  # fmt: skip
"""What each kind of file begins with."""


@pytest.mark.parametrize(("program", "result"), [
    ("E = (sigmoid(w*x + b) - 1)^2*4", "E = "), ("speed_of_body = 3\nkinetic_energy = 0.5*speed_of_body^2", "kinetic_energy = 4.5"),
])  # fmt: skip
def test_every_kind_of_file_is_saved_and_is_one(live: Live, program: str, result: str) -> None:
    """Each button saves a file of its kind."""
    live.type(program)
    live.wait(lambda: live.text("#result").startswith(result) and live.text("#reading").endswith(("4", "²")))
    live.settled()
    folder = Path(live.browser.downloads)
    kinds = live.run("return [...document.querySelectorAll('[data-export]')].map((e) => e.dataset.export)")
    assert sorted(kinds) == sorted(BEGINS)
    for kind in kinds:
        live.run("document.getElementById('news').textContent = ''")
        live.click(f"[data-export={kind}]")
        said = live.wait(lambda: re.fullmatch(r"Saved (.+)\.", live.text("#news")))
        path = folder / said[1]
        live.wait(path.exists, 10)
        data = path.read_bytes()
        assert data.startswith(BEGINS[kind]), (kind, data[:40])
        if kind == "json":
            json.loads(data)
        elif kind == "numpy":
            compile(data, path.name, "exec")
        elif kind == "svg":
            ElementTree.fromstring(data)
        elif kind == "worksheet":
            assert zipfile.ZipFile(path).testzip() is None
        path.unlink()


def test_a_class_in_the_browser(live: Live, served: tuple[str, str]) -> None:
    """A student joins, answers, reloads and finds the answer; the teacher sees it without a name."""
    browser = live.browser
    browser.get(f"{served[0]}class?lang=en")
    browser.find_element("id", "name").send_keys("Zoe")
    live.click("#join button")
    live.wait(lambda: live.run("return document.getElementById('cell-p-q')"))
    browser.find_element("id", "cell-p-q").send_keys("3\n")
    live.wait(lambda: "saved" in live.text(".state") and "saving" not in live.text(".state"))
    if accessibility.LOADED.exists():
        assert live.axe() == []
    browser.refresh()
    live.wait(lambda: live.run("return document.getElementById('cell-p-q')?.value") == "3")
    browser.get("about:blank")
    browser.get(served[1].replace("/teacher", "/teacher?lang=en"))
    live.wait(lambda: live.text("#cell-rows tr:nth-child(2)").startswith("q11"))
    if accessibility.LOADED.exists():
        assert live.axe() == []
    assert "Zoe" not in browser.page_source
    browser.get("about:blank")
