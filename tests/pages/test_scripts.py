"""The pages' scripts: which stand together, which words they say, and cases that they share with Python."""

from __future__ import annotations

import json
import re
from pathlib import Path

import mpmath
import pytest
from shared import load_cases

import backprop_tutor as bt
from backprop_tutor.errors import TutorError
from backprop_tutor.homework.quantities.typed_numbers import compare
from backprop_tutor.lesson import collecting, page
from backprop_tutor.lesson.words import array_words, words
from backprop_tutor.render.narration.numbers import shown
from backprop_tutor.serve.page_words import WORDS

PACKAGE = Path(bt.__file__).parent
SCRIPTS = json.loads((Path(__file__).parents[1] / "js" / "scripts.json").read_text(encoding="utf-8"))
MP = mpmath.mp.clone()
MP.dps = 150
TRUTH = {
    "sigmoid": lambda a: 1 / (1 + MP.exp(-a)), "softplus": lambda a: MP.log(1 + MP.exp(a)),
    "softmax": lambda i, *z: MP.exp(z[i]) / sum(map(MP.exp, z)), "logsumexp": lambda *z: MP.log(sum(map(MP.exp, z))),
    "maximum": max, "minimum": min, "total": lambda *a: sum(map(MP.mpf, a)), "average": lambda *a: sum(map(MP.mpf, a)) / len(a),
    "erf": MP.erf, "erfc": MP.erfc, "normal": lambda a: MP.erfc(-a / MP.sqrt(2)) / 2,
}  # fmt: skip
"""What each operation is, by mpmath, of 150 digits."""
SAID = re.compile(r'\bword\(\s*"([^"]+)"')


def text_of(names: list[str]) -> str:
    return "\n".join((PACKAGE / name).read_text(encoding="utf-8") for name in names)


def test_what_is_checked_is_what_pages_hold() -> None:
    """The scripts that are linted and typed together are those of each page, in its order, and all there are."""
    in_lesson = {name: [f"lesson/{file}" for file in files] for name, files in (
        ("numbers", page.NUMBERS), ("arrays", page.ARRAYS), ("collecting", collecting._SCRIPTS),
    )}  # fmt: skip
    assert {name: SCRIPTS[name]["files"] for name in in_lesson} == in_lesson
    every = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.js")}
    assert {file for each in SCRIPTS.values() for file in each["files"]} == every


@pytest.mark.parametrize("name", ["numbers", "arrays", "live"])
def test_every_word_of_a_script_has_its_sentence(name: str) -> None:
    """What a script says by a key stands in its page's table of sentences, from which catalogues are made."""
    known = WORDS if name == "live" else words() | (array_words() if name == "arrays" else {})
    assert sorted(set(SAID.findall(text_of(SCRIPTS[name]["files"]))) - set(known)) == []


@pytest.mark.parametrize("name", ["numbers", "arrays"])
def test_no_function_of_a_page_is_left_over(name: str) -> None:
    """A function that a lesson's script defines is called somewhere on a page."""
    whole, all_pages = text_of(SCRIPTS[name]["files"]), text_of([*SCRIPTS["numbers"]["files"], *SCRIPTS["arrays"]["files"]])
    defined = re.findall(r"^function (\w+)", whole, re.MULTILINE)
    assert [each for each in defined if len(re.findall(rf"\b{each}\b", all_pages)) < 2] == []


def verdict(expected: float, text: str) -> str:
    try:
        return compare(expected, text).verdict
    except TutorError:
        return "unreadable"


def test_python_holds_the_scripts_cases() -> None:
    """The cases of `tests/js` hold here too: numbers shown and typed, and operations by mpmath, of 150 digits."""
    cases = load_cases("page_cases.json")
    faults = [case for case in cases["shown"] if shown(*case[:2]) != case[2]]
    faults += [case for case in cases["typed"] if verdict(case[1], case[0]) != case[2]]
    for name, given, expected in cases["operations"]:
        if float(TRUTH[name](*given)) != pytest.approx(expected, rel=4e-15, abs=1e-320):
            faults.append([name, given, float(TRUTH[name](*given))])
    assert faults == []


_ASKED = re.compile(r'(?:getElementById|byId)\("([^"]+)"\)')
_MADE = {"go-first", "go-back", "go-next", "go-last"}
"""Ids that a script puts together: `go-${name}`."""


def test_every_element_that_is_asked_for_by_its_id_is_made() -> None:
    """The types say that such an element is there: a template, a script or Python makes each."""
    sources = (path for path in PACKAGE.rglob("*") if path.suffix in (".html", ".js", ".py"))
    held = set(re.findall(r'\bid(?:=\\?|: | = )"([\w-]+)', "\n".join(p.read_text(encoding="utf-8") for p in sources)))
    asked = {
        (file, name) for script in SCRIPTS.values() for file in script["files"]
        for name in _ASKED.findall((PACKAGE / file).read_text(encoding="utf-8"))
    }  # fmt: skip
    assert len(asked) > 40
    assert sorted((file, name) for file, name in asked if name not in held | _MADE) == []
