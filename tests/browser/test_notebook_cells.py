"""Outputs of several notebook cells on one page, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import backprop_tutor as bt


def test_players_step_apart(session_browser: Any, tmp_path: Path) -> None:
    """Two players and a picture on one page: stepping one moves nothing in the others."""
    d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    book = tmp_path / "book.html"
    cells = "".join(each._repr_html_() for each in (d.frames(), d, d.frames(theme="dark")))
    book.write_text(f"<!DOCTYPE html><title>book</title>{cells}", encoding="utf-8")
    browser = session_browser
    browser.get(book.as_uri())
    one, other = browser.find_elements("css selector", "iframe")
    browser.switch_to.frame(one)
    for _ in range(2):
        browser.find_element("id", "next").click()
    assert browser.find_element("id", "count").text == "3 / 5"
    assert browser.find_element("id", "node-4-gradient").text == "1"
    browser.switch_to.default_content()
    browser.switch_to.frame(other)
    assert browser.find_element("id", "count").text == "1 / 5"
    assert browser.find_element("id", "node-4-gradient").text == ""
    browser.switch_to.default_content()
    browser.get("about:blank")  # all of it is said then
    assert [e["message"] for e in browser.get_log("browser")] == []


def test_a_frame_is_as_wide_as_its_cell_and_its_heading_as_its_words(session_browser: Any, tmp_path: Path) -> None:
    """In a cell of a notebook's width no frame sticks out, and title, scales and colours stand apart."""
    d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    book = tmp_path / "book.html"
    cell = d.lesson()._repr_html_()
    book.write_text(
        f"<!DOCTYPE html><title>book</title><body style=margin:0><div style=width:815px>{cell}</div>", encoding="utf-8"
    )
    browser = session_browser
    browser.get(book.as_uri())
    frame = browser.find_element("css selector", "iframe")
    assert frame.rect["width"] == 815
    browser.switch_to.frame(frame)
    wide = "const h = document.querySelector('.heading'); return [h.scrollWidth, h.clientWidth]"
    needed, given = browser.execute_script(wide)
    assert needed <= given
    browser.switch_to.default_content()
