"""A notebook in JupyterLab, run by Jupyter's own tools: before it is trusted, and after; skipped where they are missing."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Page

PROGRAM = "f = (wx + b)^2"
CELLS = [
    "%load_ext backprop_tutor",
    f"%%backprop w=-2 x=5 b=3\n{PROGRAM}",
    f"%%backprop w=-2 x=5 b=3 --show frames\n{PROGRAM}",
    f"%%backprop w=-2 x=5 b=3 --show picture\n{PROGRAM}",
    f"%%backprop w=-2 x=5 b=3 --show derivation\n{PROGRAM}",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that nbclient has run, and that nobody has trusted."""
    nbformat = pytest.importorskip("nbformat", reason="Jupyter is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in CELLS])
    nbclient.NotebookClient(made, timeout=120, kernel_name="python3").execute()
    path = tmp_path_factory.mktemp("books") / "book.ipynb"
    nbformat.write(made, path)
    return path


@pytest.fixture(scope="module")
def lab(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on this machine's own address, with folders of its own; the address of the notebook in it."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    own = tmp_path_factory.mktemp("jupyter")
    port, token = free_port(), secrets.token_hex(16)
    folders = {f"JUPYTER_{kind}_DIR": str(own / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with (own / "log").open("wb") as log, subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
         f"--port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={book.parent}"],
        stdout=log, stderr=log, env=os.environ | folders,
    ) as server:  # fmt: skip
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"{address}/api", timeout=5):
                    return True
            except OSError:
                return False

        try:
            Page(None, "").wait(answers, 60)
            yield f"{address}/lab/tree/{book.name}?token={token}"
        finally:
            server.terminate()


def test_an_untrusted_notebook_shows_pictures_and_says_how_to_trust_it(
    chromium: Callable[..., Any], lab: str
) -> None:
    """Untrusted: each output is a picture, frames with the sentence; by JupyterLab's command they become pages."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    page = Page(chromium(1280, 2400), lab)
    page.open()
    page.wait(lambda: len(page.all(".jp-OutputArea-output img")) == 4, 90)
    texts = page.run("return [...document.querySelectorAll('.jp-OutputArea-output')].map(e => e.innerText)")
    told = ["runs scripts" in each and "Trust Notebook" in each for each in texts]
    assert told == [True, True, False, False]
    page.wait(lambda: page.run(
        "return [...document.querySelectorAll('.jp-OutputArea-output img')].every(i => i.naturalWidth > 300)"
    ), 20)
    assert page.all(".jp-OutputArea-output iframe") == []
    keep = os.environ.get("BACKPROP_TUTOR_SCREENSHOTS")
    if keep:
        page.browser.save_screenshot(str(Path(keep) / "jupyter-untrusted.png"))
    ActionChains(page.browser).key_down(Keys.CONTROL).key_down(Keys.SHIFT).send_keys("c").key_up(
        Keys.SHIFT).key_up(Keys.CONTROL).perform()  # fmt: skip
    page.wait(lambda: page.all(".lm-CommandPalette-input"), 10)
    page.keys("Trust Notebook")
    page.wait(lambda: page.all(".lm-CommandPalette-item.lm-mod-active"), 10)
    page.keys(Keys.ENTER)
    page.wait(lambda: page.all(".jp-Dialog .jp-mod-accept"), 10)[0].click()
    page.wait(lambda: len(page.all(".jp-OutputArea-output iframe")) == 2, 60)
    lesson, player = page.all(".jp-OutputArea-output iframe")
    assert "Trust Notebook" not in page.run("return document.querySelector('.jp-Notebook').innerText")
    page.wait(lambda: lesson.size["height"] != 720, 20)  # it has grown with its page
    for frame, drawn in ((lesson, "#graph"), (player, "#frame svg")):
        page.browser.switch_to.frame(frame)
        assert page.wait(lambda drawn=drawn: page.all(drawn), 20)[0].size["width"] > 300
        page.browser.switch_to.default_content()
    if keep:
        page.browser.save_screenshot(str(Path(keep) / "jupyter-trusted.png"))
