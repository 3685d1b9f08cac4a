"""A headless Chromium for the tests that look at pages; where there is none they are skipped."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.lesson import lesson

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-color-profile=srgb", "--hide-scrollbars",
    "--force-prefers-reduced-motion",  # what a test reads is how it stays, never a colour on its way
)  # fmt: skip


def _found(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _there(browser: Any) -> Callable[[str], None]:
    """Return a driver's `get` that ends when the page is there: the end of an empty page before may be taken for it."""
    load = browser.get

    def get(url: str) -> None:
        load(url)
        end = time.monotonic() + 30
        while url != "about:blank" and time.monotonic() < end:
            place, state = browser.execute_script("return [location.href, document.readyState]")
            if place != "about:blank" and state == "complete":
                return
            time.sleep(0.02)

    return get


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Start browsers: `chromium(width, height)`; each with a profile of its own."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="Selenium is not installed")
    binary = _found("chromium", "chromium-browser", "google-chrome", "chrome")
    driver = _found("chromedriver", "chromium.chromedriver")
    if binary is None or driver is None:
        pytest.skip("there is no Chromium with its chromedriver on this machine")
    opened: list[Any] = []

    def start(width: int = 1280, height: int = 900, *flags: str) -> Any:
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        profile = tmp_path_factory.mktemp("profile")
        for flag in (*_FLAGS, f"--window-size={width},{height}", f"--user-data-dir={profile}", *flags):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.add_experimental_option(
            "prefs", {"download.default_directory": str(profile), "download.prompt_for_download": False,
                      "safebrowsing.enabled": True, "safebrowsing.disable_download_protection": True}
        )
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        browser.downloads = profile
        browser.get = _there(browser)
        opened.append(browser)
        return browser

    yield start
    for browser in opened:
        browser.quit()


@pytest.fixture(scope="session")
def one_browser(chromium: Callable[..., Any]) -> Any:
    """One browser for all tests that need no special one."""
    return chromium()


@pytest.fixture
def session_browser(one_browser: Any) -> Any:
    """The one browser, on an empty page: what the page of the test before said late is not this test's."""
    one_browser.get("about:blank")
    for kind in ("browser", "performance"):
        one_browser.get_log(kind)
    return one_browser


class Page:
    """A lesson page in a browser, and what tests do with it."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser = browser
        self.url = url

    def open(self, anchor: str = "") -> Page:
        """Load the page anew, with an empty memory; `anchor` is a deep link."""
        self.browser.get("about:blank")
        self.browser.get(self.url + anchor)
        return self

    def run(self, code: str, *arguments: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self.browser.execute_script(code, *arguments)

    def forget(self) -> Page:
        """Empty the page's memory and load it again."""
        self.run("localStorage.clear()")
        return self.open()

    def one(self, selector: str) -> Any:
        """Return the first element that a selector finds."""
        return self.browser.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        """Return all elements that a selector finds."""
        return list(self.browser.find_elements("css selector", selector))

    def text(self, selector: str) -> str:
        """Return an element's text content, hidden or not, with single blanks."""
        return " ".join(str(self.run("return document.querySelector(arguments[0]).textContent", selector)).split())

    def click(self, selector: str) -> None:
        """Click an element where it can be seen."""
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.one(selector).click()

    def type(self, selector: str, text: str) -> None:
        """Type a text into a field instead of what stands there, and press Enter."""
        field = self.one(selector)
        field.clear()
        field.send_keys(text + "\ue007")

    def keys(self, *keys: str) -> None:
        """Press keys on the page as a whole."""
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def wait(self, condition: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Wait until a condition holds and return what it returned."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.05)
        raise AssertionError("it did not happen in time")

    def complaints(self) -> list[str]:
        """Leave the page, so that all of it is said, and return what the console has said since last asked."""
        self.browser.get("about:blank")
        return [entry["message"] for entry in self.browser.get_log("browser")]


@pytest.fixture
def show(session_browser: Any, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Write a derivation's lesson and open it; afterwards the console must be silent, and nothing is remembered."""
    pages: list[Page] = []

    def make(derivation: bt.Derivation, browser: Any = None, anchor: str = "", **options: Any) -> Page:
        path = lesson(derivation, **options).save(tmp_path / f"lesson-{len(pages)}.html")
        page = Page(browser or session_browser, path.as_uri())
        page.open(anchor)
        pages.append(page)
        return page

    yield make
    keep = os.environ.get("BACKPROP_TUTOR_SCREENSHOTS")
    if keep and pages:
        name = os.environ.get("PYTEST_CURRENT_TEST", "page").split("::")[-1].split(" ")[0]
        pages[-1].browser.save_screenshot(str(Path(keep) / f"{name}.png"))
    for page in pages:
        page.run("if (location.protocol === 'file:') localStorage.clear()")
        assert page.complaints() == []
