"""What a stranger wrote stays text wherever it goes: pages, reports, tables, pictures, TeX, typst."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.lesson import lesson
from backprop_tutor.render.narration.tex_characters import escape
from backprop_tutor.render.typesetting.typeset import literal
from backprop_tutor.worksheets.build import write_worksheets
from backprop_tutor.worksheets.content import Look, page
from backprop_tutor.worksheets.pdf_page import pdf_source
from backprop_tutor.worksheets.toml import toml_text
from tests.shared import load_cases

PAYLOADS: list[str] = load_cases("payloads.json")
IDS = [text.encode("unicode_escape").decode()[:24] for text in PAYLOADS]

_FORMULA = re.compile(r"\s*[=+\-@\t\r|%＝＋－＠−]")
_NUMBER = re.compile(r"[+\-−]?\d+(\.\d+)?\Z")


class Markup(HTMLParser):
    """Collects what a page consists of, without its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href")]


def assert_same_markup(html: str, plain: str) -> None:
    """Assert that a page has the elements and attributes of one without the payload."""
    found, expected = Markup(html), Markup(plain)
    assert found.tags == expected.tags
    assert found.names == expected.names
    assert found.links == expected.links


def assert_only_texts(svg: str) -> None:
    """Assert that a picture is well-formed and has nothing that runs or loads."""
    for element in ElementTree.fromstring(svg).iter():
        tag = element.tag.rpartition("}")[2]
        assert tag not in ("script", "foreignObject", "image", "use", "iframe", "a", "animate", "set")
        assert not any(name.lower().startswith("on") or "href" in name for name in element.attrib)


def no_formula(text: str) -> None:
    """Assert that no cell is a formula, also where a spreadsheet splits at `;` through quotes."""
    for separator in ",;":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            for cell in row:
                assert not _FORMULA.match(cell) or _NUMBER.match(cell), (separator, cell)
    assert not any(c in text for c in "\x00\x1b\x9b\u202e\t")


@pytest.fixture(scope="module")
def derived() -> bt.Derivation:
    return bt.derive("f = w*x + b", at={"w": -2, "x": 5, "b": 3})


@pytest.mark.parametrize("text", PAYLOADS, ids=IDS)
def test_lesson_pages(derived: bt.Derivation, text: str) -> None:
    """A title and a problem's id are text in both kinds of page."""
    assert_same_markup(lesson(derived, title=text, problem=text).html, lesson(derived, title="t").html)
    collecting = lesson(derived, key=False, title=text, problem=text).html
    assert_same_markup(collecting, lesson(derived, key=False, title="t", problem="p").html)


@pytest.mark.parametrize("text", PAYLOADS, ids=IDS)
def test_pictures(derived: bt.Derivation, text: str) -> None:
    """A title above frames is text; as a program or a name it is refused, or read as a formula."""
    moving = derived.animation(title=[text] * len(derived.steps))
    assert_only_texts(moving.frame(1))
    message = ""
    try:
        found = bt.derive(f"f = {text}")
        assert_only_texts(found.diagram().svg)
    except bt.TutorError as error:
        message = str(error)
    assert not any(c in message for c in "\x00\x1b\x9b\x07\u202e")


def marked(place: Path, text: str) -> dict[str, str]:
    """Return every file of a class in which the text stands wherever a stranger's may."""
    problem = {
        "id": "p1", "title": text, "text": text, "program": "q = x + y; f = q*z",
        "values": {"x": -2, "y": 5, "z": -4}, "ask": ["q", "df/dx", "df/dz"], "formulas": ["df/dz"],
    }  # fmt: skip
    place.mkdir(parents=True, exist_ok=True)
    (place / "p.toml").write_text(toml_text({"title": text, "problem": [problem]}), encoding="utf-8")
    answers = {"student": text, "q": text, "df/dx": text, "df/dz": text, text + "?": text}
    (place / "a.json").write_text(json.dumps([answers, {**answers, "student": "ben"}]), encoding="utf-8")
    marks = check_class(place / "p.toml", place / "a.json", place / "marks", workers=0)
    assert marks.counts.students == 2
    assert marks.not_marked == []
    files = [path for path in sorted((place / "marks").rglob("*")) if path.is_file()]
    return {path.relative_to(place / "marks").as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the same files where the text is a harmless one."""
    return marked(tmp_path_factory.mktemp("plain"), "?!?")


@pytest.mark.parametrize("text", PAYLOADS, ids=IDS)
def test_reports(tmp_path: Path, plain: dict[str, str], text: str) -> None:
    """As name, answer, title, text and key: no report, table or picture has more than its text."""
    files = marked(tmp_path / "class", text)
    assert {path.name for path in tmp_path.iterdir()} == {"class"}
    assert sorted(path.name for path in (tmp_path / "class").iterdir()) == ["a.json", "marks", "p.toml"]
    for name, content in files.items():
        assert re.fullmatch(r"[a-z0-9_.\-]+(/[a-z0-9_.\-]+)*", name)
        assert not any(c in content for c in "\x00\x1b\x9b\x07\u202e"), name
        if name.endswith(".csv"):
            no_formula(content)
        elif name.endswith(".svg"):
            assert_only_texts(content)
        elif name.endswith(".json"):
            json.loads(content)
        elif name.endswith(".html"):
            markup = Markup(content)
            assert "script" not in markup.tags
            assert not {name for name in markup.names if name.startswith("on")}
            students = [link for link in markup.links if link in files]
            assert markup.links == (students if name == "class.html" else [])
        elif name.endswith(".md"):
            outside = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", content)
            outside = re.sub(r"\\.", "", re.sub(r"!\[[^\]]*\]\(graph-p1\.svg\)", "", outside))
            assert not re.search(r"<\s*[a-z/!]|\]\(", outside, re.IGNORECASE), name
    report, usual = (Markup(one["students/ben/report.html"]) for one in (files, plain))
    assert set(report.tags) <= {*usual.tags, "details", "summary"}  # reasons that are folded
    assert report.names <= usual.names


@pytest.mark.parametrize("text", PAYLOADS, ids=IDS)
def test_worksheets(tmp_path: Path, text: str) -> None:
    """As a student's name, a title and a problem's text: pages, tables and typst hold it as text."""
    problem = {
        "id": "p1", "title": text, "text": text, "program": "q = x + y; f = q*z",
        "values": {"x": -2, "y": 5, "z": -4}, "ask": ["q", "df/dx", "df/dz"], "formulas": ["df/dx"],
    }  # fmt: skip
    source = toml_text({"title": text, "problem": [problem]})
    out = io.StringIO()
    csv.writer(out).writerows([["student", "group"], [text, "1"], ["ben", "1"]])
    students = parse_roster(out.getvalue())
    write_worksheets(source, tmp_path / "out", students=students, formats=["html", "markdown"])
    for path in sorted((tmp_path / "out").rglob("*")):
        if path.suffix == ".csv":
            no_formula(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html":
            markup = Markup(path.read_text(encoding="utf-8"))
            assert "script" not in markup.tags
            assert not {name for name in markup.names if name.startswith("on")}
            assert markup.links == []
    pages = [page(parse_problems(source), students[0], Look(), key=key) for key in (False, True)]
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', '""', pdf_source(pages))
    harmless = source.replace(json.dumps(text, ensure_ascii=False), '"t"')
    plain = [page(parse_problems(harmless), students[1], Look(), key=key) for key in (False, True)]
    assert outside == re.sub(r'"(?:[^"\\]|\\.)*"', '""', pdf_source(plain))


@pytest.mark.parametrize("text", PAYLOADS, ids=IDS)
def test_tex_and_typst(text: str) -> None:
    """In TeX every character that does something is escaped; in typst all is one literal."""
    bare = re.sub(r"\\text[a-z]+\{\}|\\[{}$&#%_]|\\`\{\}|\$(?:[<>|'-]|[\^_]\{[^}]*\})\$", "", escape(text))
    assert not any(c in bare for c in "\\{}$&#%_^~")
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', literal(text))
