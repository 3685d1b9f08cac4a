from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.homework.answers.escaping import (
    code_span,
    in_html,
    in_markdown,
    in_spreadsheet,
    shown_plainly,
)
from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.marking.results import StudentResult, marked_sheet, not_marked
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.homework.reports.class_table import (
    ClassCounts,
    ClassPage,
    ClassRows,
    PeopleColumns,
    table_csv,
)
from backprop_tutor.homework.reports.gradescope import gradescope_results
from backprop_tutor.homework.reports.html import student_html
from backprop_tutor.homework.reports.markdown import student_markdown
from backprop_tutor.homework.reports.neuron_picture import NeuronPicture
from backprop_tutor.homework.reports.picture import verdict_picture, verdict_shown, verdict_strips
from backprop_tutor.homework.reports.tones import TONES
from backprop_tutor.homework.reports.wording import REVEAL, VERDICTS, Reveal
from backprop_tutor.render.drawing.strips import Strip

PROBLEMS = parse_problems(
    """
    title = "Sheet 3"
    [[problem]]
    id = "p1"
    title = "A product"
    program = "q = x + y; f = q*z"
    values = {x = -2, y = 5, z = -4}
    """
)

ANSWERS = {"q": "3", "f": "-12", "df/dz": "3", "df/dq": "4", "df/dx": "4", "df/dy": "abc"}


def result(student: str = "anna", **changes: str) -> StudentResult:
    """Return a marked sheet with a slip at df/dq that df/dx follows."""
    answers = {**ANSWERS, **changes}
    return marked_sheet(PROBLEMS, Sheet(student, {("p1", q): Given(a) for q, a in answers.items()}))


HOSTILE = "<script>alert(1)</script>\"'&|`*[x](http://e)\x1b[2J\u202e=1"


class _Reading(HTMLParser):
    """Collects a page's tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.content: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.content.append(data)


def read_html(page: str) -> _Reading:
    """Return a page's tags, attributes and text."""
    reading = _Reading()
    reading.feed(page)
    return reading


def test_statuses_of_the_sheet() -> None:
    """The sheet that the other tests show has a slip, what follows it, and an unreadable cell."""
    statuses = {cell.quantity: cell.status for _, cell in result().cells()}
    assert statuses["df/dq"] == "slip"
    assert statuses["df/dx"] == "follows"
    assert statuses["df/dy"] == "unreadable"


@pytest.mark.parametrize("reveal", REVEAL)
def test_what_is_revealed(reveal: Reveal) -> None:
    """The right answer to a wrong cell stands in no report unless answers are revealed."""
    strips = verdict_strips(PROBLEMS.problems[0], result().problems[0], "anna", reveal)
    documents = [
        student_markdown(result(), "Sheet", reveal),
        student_html(result(), "Sheet", reveal, {"p1": strips}),
        gradescope_results(result(), reveal)["tests"][3]["output"],
    ]
    for document in documents:
        text = re.sub(r"<style>.*?</style>", "", document, flags=re.DOTALL)
        assert ("The answer" in text) is (reveal == "answers")
        assert ("int:" in text) is (reveal != "none")
    without_given = re.sub(r"At .*", "", documents[0])
    assert ("−4" in without_given) is (reveal == "answers")


def test_hint_before_answer() -> None:
    """In every report the hint stands before the answer, which HTML folds up."""
    for document in (
        student_markdown(result(), "", "answers"),
        student_html(result(), "", "answers"),
    ):
        assert 0 < document.index("Hint:") < document.index("The answer")
    assert "<details><summary>The answer</summary>" in student_html(result(), "", "answers")


def test_markdown_report() -> None:
    """The Markdown report, whole."""
    cell = {c.quantity: c for _, c in result().cells()}["df/dq"]
    lines = student_markdown(result(), "Sheet 3", "none", {"p1": "graph-p1.svg"}).splitlines()
    assert lines[:3] == ["# Sheet 3: anna", "", "**4 of 6 points (67%)**"]
    assert f"| `df/dq` | `{cell.given}` | ✗ slip | 0/1 |  |" in lines
    assert "| `df/dx` | `4` | ↳ follows | 1/1 |  |" in lines
    assert "![the graph with your answers](graph-p1.svg)" in lines


def test_html_stands_alone() -> None:
    """The page has no script, loads nothing, and says its verdicts by word and sign."""
    page = student_html(result(), "Sheet 3", "answers")
    reading = read_html(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & {*reading.tags}
    assert not any(name.startswith("on") for name in reading.attributes)
    assert "default-src 'none'" in page
    text = "".join(reading.content)
    for word in ("✓ right", "✗ slip", "↳ follows", "? not readable"):
        assert word in text


def test_picture() -> None:
    """Answers stand in the picture in the verdict's colour and with its sign, and nothing else does."""
    problem = PROBLEMS.problems[0]
    svg = verdict_picture(problem, result().problems[0], "anna", "hints", "p1-")
    root = ElementTree.fromstring(svg)
    shown = {
        element.get("id"): (element.text or "", element.get("style", ""))
        for element in root.iter("{http://www.w3.org/2000/svg}text")
    }
    places = {node.name: i for i, node in enumerate(problem.graph.nodes)}
    assert shown[f"p1-node-{places['q']}-gradient"] == (
        "4 ✗", f"fill:{TONES['wrong']};font-weight:bold",
    )  # fmt: skip
    assert shown[f"p1-node-{places['x']}-gradient"][0] == "4 ↳"
    assert TONES["follows"] in shown[f"p1-node-{places['x']}-gradient"][1]
    assert shown[f"p1-node-{places['q']}-value"][0] == "3 ✓"
    assert shown[f"p1-node-{places['y']}-gradient"][0] == " ?"
    assert shown[f"p1-node-{places['x']}-value"][0] == "−2"
    assert "all 5 steps" not in svg
    assert "z = −4" not in svg
    assert "z = −4" in verdict_picture(problem, result().problems[0], "anna", "answers")


def test_picture_shows_locals_that_are_asked(tmp_path: object) -> None:
    """An asked local gradient stands at its arrow, with its verdict."""
    problems = parse_problems(
        "[[problem]]\nid='p'\nprogram='f = w*x + b'\nvalues={w=-2, x=5, b=3}\nask=['local(f, b)']"
    )
    marked = marked_sheet(problems, Sheet("a", {("p", "local(f, b)"): Given("1")}))
    svg = verdict_picture(problems.problems[0], marked.problems[0], "a", "none")
    assert re.search(r'class="local right"[^>]*>1 ✓<', svg)


NETWORK = """
title = "Networks"
[[problem]]
id = "n"
program = """ + "'''" + """
z1 = w1*x1 + w2*x2 + b; h1 = sigmoid(z1); z2 = w3*x1 + w4*x2 + b; h2 = sigmoid(z2)
y = sigmoid(v1*h1 + v2*h2 + c); L = (y - t)^2/2
""" + "'''" + """
values = {x1=1, x2=2, w1=0.1, w2=0.2, w3=0.3, w4=-0.4, v1=0.3, v2=-0.5, b=0.1, c=0.1, t=1}
ask = ["z1", "h1", "y", "L", "dL/dy", "dL/dz2", "dL/dw1", "dL/dv2", "dL/db", "dL/dt"]
"""
TYPED = {"z1": "0.7", "h1": "0.2", "y": "<b>", "L": "0.1", "dL/dy": "-0.5", "dL/dz2": "0.0147", "dL/dw1": "7",
         "dL/dv2": "0.3", "dL/db": "12345678901234567890", "dL/dt": "0.5"}  # fmt: skip


def test_a_network_is_shown_by_its_neurons() -> None:
    """Wide and upright: every answer with its sign and colour, no text below 11 px, no number that was not
    given; what has no place stands beside."""
    problems = parse_problems(NETWORK)
    problem = problems.problems[0]
    marked = marked_sheet(problems, Sheet("a", {("n", q): Given(a) for q, a in TYPED.items()})).problems[0]
    pictures = verdict_shown(problem, marked, "a", "hints", "p1-")
    texts = [ElementTree.fromstring(picture.svg) for picture in pictures]
    for picture, root, width in zip(pictures, texts, (1200, 374), strict=True):
        assert isinstance(picture, NeuronPicture)
        assert picture.width == width
        found = list(root.iter("{http://www.w3.org/2000/svg}text"))
        assert min(float(text.get("font-size", "")) for text in found) >= 11
        shown = " ".join("".join(text.itertext()) for text in found)
        beside = " ".join(text for _tone, text in picture.beside)
        for cell in marked.cells:
            sign = VERDICTS[cell.status].sign
            assert VERDICTS[cell.status].tone == "right" or cell.quantity in beside or f" {sign}" in shown
        assert "0.4013" not in shown  # h2, which is not asked for
        assert TONES["wrong"] in picture.svg
        ids = re.findall(r' id="([^"]+)"', picture.svg)
        assert len(set(ids)) == len(ids)
        assert all(name.startswith("p1-") for name in ids)
    assert [text for _tone, text in pictures[1].beside][:1] == ["z1 0.7"]  # type: ignore[union-attr]
    page = student_html(result(), "Sheet", "hints", {"p1": pictures})
    assert page.count('class="network') == 2
    assert "0.2 ✗" in verdict_picture(problem, marked, "a", "hints")
    assert "0.4013" in verdict_picture(problem, marked, "a", "answers")


def test_slopes_of_a_network_stand_at_its_gates() -> None:
    """What no neuron has a place for is marked on the gates."""
    problems = parse_problems(NETWORK.replace('"dL/dt"]', '"dL/dt", "local(L, y)"]'.replace("L, y", "h1, z1")))
    marked = marked_sheet(problems, Sheet("a", {("n", "h1"): Given("0.2")}))
    shown = verdict_shown(problems.problems[0], marked.problems[0], "a", "hints")
    assert all(isinstance(one, Strip) for one in shown)


def test_gradescope_format() -> None:
    """Scores, statuses and explanations stand in the fields that Gradescope reads."""
    data = gradescope_results(result(), "hints", "after_due_date")
    assert set(data) == {
        "score", "output", "output_format", "visibility", "stdout_visibility", "tests",
    }  # fmt: skip
    assert data["score"] == sum(test["score"] for test in data["tests"]) == 4
    assert data["stdout_visibility"] == "hidden"
    for test in data["tests"]:
        assert set(test) == {
            "name", "number", "score", "max_score", "status", "output", "output_format", "visibility",
        }  # fmt: skip
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] == "after_due_date"
    slip = next(test for test in data["tests"] if test["name"] == "p1: df/dq")
    assert slip["status"] == "failed"
    assert slip["output"].splitlines()[:2] == ["Your answer: 4", "✗ slip"]


def test_class_tables() -> None:
    """Who has what score, which slips how often, which cells are hardest."""
    counts = ClassCounts()
    table, whole = io.StringIO(), ClassPage(PROBLEMS, PeopleColumns({}))
    rows = ClassRows(PROBLEMS, table, whole, PeopleColumns({}))
    for name, changes in (("anna", {}), ("ben", {"df/dq": "-4", "df/dx": "-4"}), ("cy", {})):
        one = result(name, **changes)
        counts.add(one)
        rows.add(one)
    stopped = not_marked(PROBLEMS, Sheet("dora", {}), "it took too long")
    counts.add(stopped)
    rows.add(stopped)
    with closing(whole):
        page = "".join(whole.pieces(counts, ["a.csv, row 3: no student is named"]))
    read = list(csv.DictReader(io.StringIO(table.getvalue())))
    assert [(row["student"], row["score"], row["points p1"]) for row in read] == [
        ("anna", "0.6667", "4"), ("ben", "0.8333", "5"), ("cy", "0.6667", "4"), ("dora", "0.0000", ""),
    ]  # fmt: skip
    assert read[3]["remark"] == "it took too long"
    assert counts.slip_rows()[0][1:3] == ["2", "50%"]
    assert counts.cell_rows()[0][:3] == ["p1", "df/dy", "0%"]
    assert page.startswith("<!DOCTYPE html>")
    assert "4 students, mean score 54%, 1 not marked" in page
    assert "row 3: no student is named" in page


@pytest.mark.parametrize(
    "text", [HOSTILE, "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "|x"]
)
def test_nothing_typed_becomes_a_spreadsheet_formula(text: str) -> None:
    """No cell of a CSV file begins with a character that makes it a formula."""
    for row in csv.reader(io.StringIO(table_csv([text], [[text]]))):
        for cell in row:
            assert cell[0] not in "=+-@\t\r|＝" or re.fullmatch(r"[-+]?[\d.]+", cell)


def test_many_digits_are_looked_at_once() -> None:
    """A cell of digits that ends as no number costs its length, not its square, which would be minutes."""
    digits = "+" + "9" * 300_000 + "x"
    assert in_spreadsheet(digits, 400_000) == "'" + digits


def test_numbers_stay_numbers_in_a_spreadsheet() -> None:
    """A negative number is left as it is."""
    assert [in_spreadsheet(t) for t in ("-4", "+1.5e-3", "12", "−4")] == [
        "-4",
        "+1.5e-3",
        "12",
        "'−4",
    ]


def test_nothing_typed_becomes_markup() -> None:
    """Names, answers and faults with markup in them stand as text in every document."""
    hostile = result(HOSTILE, **{"df/dy": HOSTILE})
    picture = verdict_picture(PROBLEMS.problems[0], hostile.problems[0], HOSTILE, "answers")
    ElementTree.fromstring(picture)
    strips = verdict_strips(PROBLEMS.problems[0], hostile.problems[0], HOSTILE, "answers")
    page = student_html(hostile, HOSTILE, "answers", {"p1": strips})
    assert not {"script", "a"} & {*read_html(page).tags}
    text = student_markdown(hostile, HOSTILE, "answers")
    for document in (page, text, gradescope_results(hostile, "answers")["tests"][5]["output"]):
        assert "\x1b" not in document
        assert "\u202e" not in document
    outside = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "<script>" not in outside
    assert "[x](http" not in outside


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_escapes(text: str) -> None:
    """Escaped text has no control characters, is one line, and reads back as it was shown."""
    shown = shown_plainly(text)
    assert shown.isprintable()
    assert "".join(read_html(f"<p>{in_html(text)}</p>").content) == shown
    assert "<" not in in_html(text)
    assert re.sub(r"\\(.)", r"\1", in_markdown(text)) == shown
    span = code_span(text)
    assert "\n" not in span
    assert not re.search(r"(?<!\\)\|", span)
    first, *split = in_spreadsheet(text).split(";")
    for cell in (first, *(one.lstrip(' "') for one in split)):
        assert not cell.startswith(("=", "@", "\t", "\r", "|", "%", "＝"))


def test_colours_have_contrast() -> None:
    """Every verdict's colour has a contrast of 4.5:1 on white."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for tone in {verdict.tone for verdict in VERDICTS.values()}:
        assert 1.05 / (luminance(TONES[tone]) + 0.05) >= 4.5
