"""A page without its key, in a browser: what is typed is kept, saved, and marked by `check`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import backprop_tutor as bt
from backprop_tutor.homework.checking import check_class
from backprop_tutor.lesson import lesson

PROBLEMS = """
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
"""


def test_answers_are_collected(chromium: Callable[..., Any], tmp_path: Path) -> None:
    """Answers stay over a reload, are saved as a file without a name's column, and get their marks."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    path = lesson(d, key=False, problem="p1").save(tmp_path / "anna.html")
    browser = chromium(1000, 800)
    browser.get(path.as_uri())
    for cell, text in {"q": "3", "f": "-12", "df/dx": "-4", "df/dz": '"x", +y'}.items():
        browser.find_element("css selector", f'[data-cell="{cell}"]').send_keys(text)
    browser.refresh()
    typed = ""
    for _ in range(50):
        typed = browser.find_element("css selector", '[data-cell="df/dx"]').get_attribute("value")
        if typed:
            break
        time.sleep(0.1)
    assert typed == "-4"
    browser.find_element("id", "export").click()
    saved = Path(browser.downloads) / "answers.csv"
    for _ in range(50):
        if saved.exists():
            break
        time.sleep(0.1)
    text = saved.read_text(encoding="utf-8")
    assert text == (
        'problem,quantity,answer\np1,q,3\np1,f,-12\np1,df/dz,"""x"", +y"\np1,df/dx,-4\n'
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "anna.csv").write_text(text, encoding="utf-8")
    (tmp_path / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    marks = check_class(tmp_path / "p.toml", folder, tmp_path / "marks", workers=0)
    assert marks.whole
    result = json.loads(
        (tmp_path / "marks" / "students" / "anna" / "marks.json").read_text(encoding="utf-8")
    )
    assert result["points"] == 3
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    browser.find_element("id", "clear").click()
    assert browser.find_element("css selector", '[data-cell="q"]').get_attribute("value") == ""
