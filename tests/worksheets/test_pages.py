from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.answers.rosters import ANYONE, parse_roster
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.language import shown_name
from backprop_tutor.render.narration.numbers import shown
from backprop_tutor.render.typesetting.fonts import lacking
from backprop_tutor.render.typesetting.fonts import width as text_width
from backprop_tutor.worksheets import Knobs, build, write_worksheets
from backprop_tutor.worksheets.content import Look, page, withheld
from backprop_tutor.worksheets.html_page import html_pages


class Seen(HTMLParser):
    """Gathers a page's tags, attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def folder(problems: str, roster: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("out")
    students = parse_roster(roster)[:13]
    formats = ("html", "markdown")
    return write_worksheets(problems, place, students=students, knobs=Knobs(seed=7), formats=formats).folder


def test_names_and_titles_are_never_markup(folder: Path) -> None:
    """No page has an element, an attribute or a link that its texts brought along."""
    for path in [*folder.glob("*.html"), *folder.rglob("*/*.html")]:
        seen = Seen(path.read_text(encoding="utf-8"))
        assert not {"script", "b", "a", "img", "iframe", "link"} & set(seen.tags)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in seen.attributes)
    text = (folder / "worksheets.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Week 3 &lt;b&gt;&amp;&lt;/b&gt;" in text


def test_names_are_never_paths(folder: Path) -> None:
    """Every file lies in the folder under a plain name, and no two students share one."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", path.name) for path in found)
    assert len(list((folder / "worksheets").glob("*.html"))) == 13
    assert len({path.name for path in (folder / "answers").iterdir()}) == 13
    assert not list(folder.glob("**/con.*"))


def test_a_worksheet_gives_no_answer_away(problems: str) -> None:
    """No number that is asked for stands on the worksheet, unless it is one of those given."""
    sheet = parse_problems(problems)
    (anna,) = parse_roster("anna")
    for problem in sheet:
        text = html_pages([page(parse_problems(problems), anna, Look(), key=False)])
        answers = {shown(v) for v in problem.answers("anna").values() if abs(float(v)) > 5.5 or v % 1}
        given = {shown(v) for v in problem.values("anna").values()}
        words = " ".join(Seen(text).texts).split()
        assert not (answers - given) & set(words)


def test_the_key_shows_every_answer(problems: str) -> None:
    """The key's table has every right number, and the worked steps below it."""
    sheet = parse_problems(problems)
    (anna,) = parse_roster("anna")
    made = page(sheet, anna, Look(), key=True)
    for problem, task in zip(sheet, made.tasks, strict=True):
        assert [row.cell for row in task.rows] == [cell.text for cell in problem.cells]
        for row in task.rows:
            assert row.answer.endswith(shown(problem.answers("anna")[row.cell], 6))
        assert len(task.steps) == len(problem.derivation("anna").steps)
    assert "step 4 of 5" in html_pages([made])


def test_worksheet_and_key_have_the_same_table(problems: str) -> None:
    """The cells of worksheet, key and answer file are the same, in the same order."""
    sheet = parse_problems(problems)
    blank, key = (page(sheet, ANYONE, Look(), key=k) for k in (False, True))
    for one, other in zip(blank.tasks, key.tasks, strict=True):
        assert [(r.shown, r.cell, r.points) for r in one.rows] == [
            (r.shown, r.cell, r.points) for r in other.rows
        ]
        assert not any(row.answer for row in one.rows)
    assert blank.points == key.points == sheet.points


@pytest.mark.parametrize(
    ("ask", "blank", "left_out"),
    [
        (["f"], None, {"values", "gradients", "locals", "downstream"}),
        (["df/dx"], None, {"gradients", "locals", "downstream"}),
        (["df/dx"], frozenset[str](), {"gradients", "downstream"}),
        (["f", "local(f, q)"], frozenset[str](), {"values", "locals"}),
        (["df/dx"], frozenset({"values"}), {"values", "gradients", "downstream"}),
    ],
)
def test_what_is_asked_is_always_blank(
    ask: list[str], blank: frozenset[str] | None, left_out: set[str]
) -> None:
    """The picture leaves out what is asked, and beside it what is wished."""
    text = f'[[problem]]\nid = "p"\nprogram = "q = x + y; f = q*z"\nask = {ask}\nvalues = {{x=1,y=2,z=3}}\n'
    (problem,) = parse_problems(text)
    assert withheld(problem, blank) == left_out


def test_wide_pictures_are_cut_between_gates(problems: str) -> None:
    """The strips of a wide picture hold every text of it exactly once, none wider than the paper."""
    sheet = parse_problems(problems)
    task = page(sheet, ANYONE, Look(), key=True).tasks[2]
    assert len(task.strips) > 2
    assert max(strip.width for strip in task.strips) <= 930
    svg = "{http://www.w3.org/2000/svg}"
    whole = ElementTree.fromstring(task.picture)
    circuit = whole.find(f"{svg}g")
    assert circuit is not None
    wanted = sorted(t.text or "" for t in circuit.iter(f"{svg}text") if t.text)
    found = []
    for strip in task.strips:
        root = ElementTree.fromstring(strip.svg)
        inner = root.find(f"{svg}svg")
        assert inner is not None
        left, _, width, _ = (float(n) for n in inner.attrib["viewBox"].split())
        group = inner.find(f"{svg}g")
        assert group is not None
        dx = float(re.findall(r"[-0-9.]+", group.attrib["transform"])[0])
        for text in group.iter(f"{svg}text"):
            x = float(text.attrib["x"]) + dx
            if text.text and left <= x <= left + width:
                found.append(text.text)
                middle = {"name", "key"}.isdisjoint(text.get("class", "").split())
                half = text_width(text.text, 12) * (0.5 if middle else 0.0)
                assert left <= x - half, f"{text.text} is cut"
                assert x + half <= left + width, f"{text.text} is cut"
        for circle in group.iter(f"{svg}circle"):
            x, radius = float(circle.attrib["cx"]) + dx, float(circle.attrib["r"])
            if left - radius < x < left + width + radius:
                assert left <= x - radius < x + radius <= left + width, "a gate is cut"
    assert sorted(found) == wanted


def test_ids_are_unique_on_a_page_of_all_students(folder: Path) -> None:
    """No id is used twice, whatever the number of pictures on a page."""
    for name in ("worksheets.html", "keys.html"):
        ids = re.findall(r' id="([^"]*)"', (folder / name).read_text(encoding="utf-8"))
        assert ids
        assert len(ids) == len(set(ids))


def test_markdown_shows_its_pictures(folder: Path) -> None:
    """The Markdown's pictures are there, its table's cells are code, names are escaped."""
    for path in (folder / "worksheets").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
        assert len(pictures) == 3
        for picture in pictures:
            assert ElementTree.fromstring((path.parent / picture).read_text(encoding="utf-8")) is not None
        assert "`df/dz`" in text
        assert "<script>" not in text
    assert "\\*gradients\\*" in next((folder / "keys").glob("anna.md")).read_text(encoding="utf-8")


def test_the_same_student_always_gets_the_same(problems: str, tmp_path: Path) -> None:
    """Alone or in a class, today or tomorrow, a student's files are the same bytes."""
    names = "anna\nben\n"
    for place, roster in (("one", names), ("two", "zoe\n" + names)):
        students = parse_roster(roster)
        write_worksheets(problems, tmp_path / place, students=students, knobs=Knobs(seed=7))
    formats = ["worksheets/anna.html", "worksheets/anna.md", "keys/ben.html", "answers/ben.csv"]
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    for name in [*formats, "worksheets/anna.pdf"]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_gives_other_numbers(problems: str, tmp_path: Path) -> None:
    """The seed decides the draws."""
    texts = set()
    for seed in (1, 2, 3):
        write_worksheets(
            problems, tmp_path / str(seed), students=parse_roster("anna\nben"),
            knobs=Knobs(seed=seed), formats=["markdown"],
        )  # fmt: skip
        texts.add((tmp_path / str(seed) / "key.csv").read_text(encoding="utf-8"))
    assert len(texts) == 3


def test_pdf_needs_the_extra(problems: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without typst the message says how to install it, and nothing is written."""
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(bt.OptionError, match=r'pip install "backprop-tutor\[pdf\]"'):
        write_worksheets(problems, tmp_path / "out", formats=["pdf"])
    assert not (tmp_path / "out").exists()


def test_pdfs_take_titles_as_text(problems: str, tmp_path: Path) -> None:
    """Names that would be typst's markup are set as they stand; each student's pages are numbered."""
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    students = parse_roster('name\n"#let x = [y]"\n"$x$ *b* ""q"" \\\\"\n')
    made = write_worksheets(problems, tmp_path, students=students, formats=["pdf"])
    found = sorted(path.name for path in (made.folder / "worksheets").glob("*.pdf"))
    assert len(found) == 2
    assert (made.folder / "keys.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_pdf_with_characters_of_no_font_is_remarked_upon(
    problems: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has no fonts, a name that DejaVu Sans cannot show is told; one that it can is not."""
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    monkeypatch.setattr(build, "in_no_font", lacking)
    for name, told in (("Zoë Müller", False), ("김민수", True)):
        students = parse_roster(f"name\n{name}\n")
        made = write_worksheets(problems, tmp_path, students=students, formats=["pdf"])
        assert any("no font of this system has 김민수" in note for note in made.notes) == told


def test_worksheets_speak_korean(tmp_path: Path) -> None:
    """The sentences are in the language asked for, titles and names as they were typed."""
    text = '[[problem]]\nid = "p"\nprogram = "q = x + y; f = q*z"\nvalues = {x=2,y=3,z=4}\n'
    for lang, words in (("ko", "왼쪽에서 오른쪽으로"), ("en", "Work out the values")):
        write_worksheets(text, tmp_path / lang, look=Look(lang=lang), formats=["html", "markdown"])
        for suffix in ("html", "md"):
            found = (tmp_path / lang / "worksheets" / f"worksheet.{suffix}").read_text(encoding="utf-8")
            assert words in found
        key = (tmp_path / lang / "keys" / "worksheet.html").read_text(encoding="utf-8")
        assert f'<html lang="{lang}">' in key
        assert ("역전파" in key) is (lang == "ko")
    with pytest.raises(bt.OptionError, match="no catalogue for the language"):
        Look(lang="xx")


def test_the_table_says_which_answers_are_formulas(problems: str) -> None:
    """Where some answers of a problem are formulas and others numbers, the rows of the formulas say so."""
    *_, net = page(parse_problems(problems), ANYONE, Look(), key=False).tasks
    said = {row.cell for row in net.rows if row.shown.endswith(", as a formula")}
    assert said == {"local(a1_1, z1_1)", "dE/dw2_11", "E"}
    all_of_them = problems.replace('formulas = ["local(a1_1, z1_1)", "dE/dw2_11", "E"]', 'want = "formula"')
    *_, net = page(parse_problems(all_of_them), ANYONE, Look(), key=False).tasks
    assert not any("as a formula" in row.shown for row in net.rows)


def test_unknown_formats_are_refused(problems: str, tmp_path: Path) -> None:
    """A format that is none is refused with the nearest."""
    with pytest.raises(bt.OptionError, match="did you mean `markdown`"):
        write_worksheets(problems, tmp_path, formats=["markdwon"])


def test_names_on_the_page_are_those_of_the_graph(problems: str) -> None:
    """Quantities are written as in the explanations."""
    task = page(parse_problems(problems), ANYONE, Look(), key=False).tasks[2]
    assert [row.shown for row in task.rows][:2] == ["E, as a formula", f"∂E/∂{shown_name('w1_11')}"]
    assert task.rows[-1].shown == f"{shown_name('w1_11')} after a step of size 0.5"
