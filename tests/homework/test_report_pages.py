"""Reports are read on a screen and a phone: text of 11 px and more, one reason, the hardest first."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.marking.results import StudentResult
from backprop_tutor.homework.reports.html import student_html
from backprop_tutor.homework.reports.writing import Settings

PROBLEMS = '''
title = "Sheet"
[[problem]]
id = "net"
program = """
h = w1*x1 + w2*x2 + b1
a = sigmoid(h)
o = v*a + c
y = sigmoid(o)
E = half_se(y, t)"""
values = {w1 = 0.5, w2 = -1, x1 = 1, x2 = 2, b1 = 0.25, v = 2, c = -1, t = 1}
ask = ["h", "a", "E", "dE/dy", "dE/dt", "local(a, h)"]
'''
RIGHT = {"h": "-1.25", "a": "0.2227", "E": "0.2683", "dE/dy": "-0.7326", "dE/dt": "0.7326",
         "local(a, h)": "0.1731"}  # fmt: skip
WRONG = {
    "anna": {"dE/dy": "0.7326"}, "b#n n": {"dE/dy": "0.7326", "E": "0,9"}, "cy": {"dE/dt": "-0.7326"},
}  # fmt: skip


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("class")
    (place / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    rows = ["student,problem,quantity,answer"]
    for student, wrong in WRONG.items():
        rows += [f'{student},net,"{q}","{wrong.get(q, a)}"' for q, a in RIGHT.items()]
    (place / "answers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    check_class(place / "p.toml", place / "answers.csv", place / "marks", workers=0,
                settings=Settings(formats=("html", "json")))  # fmt: skip
    return place / "marks"


def _report(marks: Path, student: str) -> str:
    return (marks / "students" / student / "report.html").read_text(encoding="utf-8")


def test_the_class_page_leads_to_every_student(marks: Path) -> None:
    """Each name is a link to the page of its student, whatever its characters."""
    page = (marks / "class.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', page)
    assert [html.unescape(name) for _, name in links] == list(WRONG)
    for address, name in links:
        target = marks / unquote(html.unescape(address))
        assert f"Sheet: {name}</h1>" in target.read_text(encoding="utf-8")


def test_the_class_page_says_first_what_went_wrong(marks: Path) -> None:
    """Slips, then cells that some have wrong, then students; what all have right is folded."""
    page = (marks / "class.html").read_text(encoding="utf-8")
    heads = re.findall(r"<h2>([^<]+)</h2>", page)
    assert heads == ["What went wrong most", "Cells, the hardest first", "Students"]
    cells = page[page.index(heads[1]) : page.index("<details>")]
    assert "dE/dy" in cells
    assert "100%" not in cells
    assert "<summary>Right on every sheet: 3</summary><p><code>net: a</code>, <code>net: h</code>, " in page
    assert "could not be judged" not in page  # a column without entries is left out


def test_pictures_keep_their_size(marks: Path) -> None:
    """No text of a report's picture is below 11 px: strips are shown as large as they are drawn."""
    page = _report(marks, "anna")
    strips = re.findall(r'<div style="min-width:(\d+)px"><svg[^>]* viewBox="\S+ \S+ (\S+) \S+" width="(\d+)"', page)
    assert len(strips) > 1
    for least, units, wide in strips:
        assert least == wide
        assert abs(float(units) - int(wide)) <= 1
        assert int(wide) <= 928  # of a page 960 px wide
    sizes = re.findall(r"font-size[:=]\"?([\d.]+)(?:px|\")", page[page.index('class="picture"') :])
    assert min(map(float, sizes)) >= 11


def test_one_reason_stands_open(marks: Path) -> None:
    """What else would explain a wrong answer is folded behind the first reason."""
    text = (marks / "students" / "anna" / "marks.json").read_text(encoding="utf-8")
    result = StudentResult.model_validate_json(text)
    [problem] = result.problems
    cells = [c.model_copy(update={"slips": c.slips[:1] * 3}) for c in problem.cells]
    several = result.model_copy(update={"problems": [problem.model_copy(update={"cells": cells})]})
    page = student_html(several, "Sheet", "hints")
    row = next(row for row in page.split("<tr>") if "<code>dE/dy</code>" in row)
    opened, _, folded = row.partition("<details><summary>Other reasons</summary>")
    assert (opened.count("<div>"), folded.count("<div>")) == (1, 2)


def test_every_entry_has_its_head_on_a_phone(marks: Path) -> None:
    """In a narrow window rows become cards: each entry but a remark says what it is."""
    for page in (_report(marks, "anna"), (marks / "class.html").read_text(encoding="utf-8")):
        assert 'class="cards' in page
        assert "@media (max-width: 700px)" in page
        entries = re.findall(r"<td([^>]*)>", page)
        assert all("data-head=" in each or 'class="remark"' in each for each in entries)
