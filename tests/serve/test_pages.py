"""The live page's answers: pictures, faults, lessons, files; the same bytes for the same request."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from backprop_tutor.language import parse
from backprop_tutor.scales import to_layers
from backprop_tutor.serve import Settings, reading
from backprop_tutor.serve.app import application
from backprop_tutor.serve.examples import EXAMPLES
from backprop_tutor.serve.exports import EXPORTS
from backprop_tutor.serve.pictures import answer
from backprop_tutor.serve.wanted import read_wanted

LINE = {"program": "f = wx + b", "values": {"w": "-2", "x": "5", "b": "3"}}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """One server for all tests of this file."""
    with TestClient(application(Settings(workers=1, slow_seconds=120, seconds=60))) as found:
        yield found


def seen(**asked: Any) -> dict[str, Any]:
    return answer(read_wanted(asked))


def test_a_key_brings_reading_fields_and_picture(client: TestClient) -> None:
    """One request answers with what was read, the values with their gradients, the scales, the picture."""
    found = client.post("/picture", json=LINE).json()
    svg = found.pop("svg")
    assert found == {
        "ok": True, "faults": [], "reading": ["f = w·x + b"], "notes": ["`wx` was read as w·x"],
        "fields": [
            {"name": "w", "label": "w", "value": "-2", "drawn": False, "gradient": "5"},
            {"name": "x", "label": "x", "value": "5", "drawn": False, "gradient": "−2"},
            {"name": "b", "label": "b", "value": "3", "drawn": False, "gradient": "1"},
        ],
        "scale": "gates", "scales": ["layers", "neurons", "gates"], "step": 5, "steps": 5, "nodes": 5,
        "output": "f", "result": "f = −7",
    }  # fmt: skip
    assert svg.startswith("<svg")
    assert "−10" in svg
    assert client.post("/picture", json=LINE).json()["svg"] == svg


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_every_example_is_drawn_at_each_of_its_scales_and_steps(example: Any) -> None:
    """What the page offers to start from has a picture at the start, in the middle and at the end."""
    asked = {"program": example.program, "values": dict(example.values)}
    found = seen(**asked)
    assert found["ok"], found["faults"]
    assert [field["name"] for field in found["fields"] if field["drawn"]] == []
    for scale in found["scales"]:
        pictures = {step: seen(**asked, scale=scale, step=step)["svg"] for step in (0, 2, None)}
        assert len(set(pictures.values())) == 3
        assert seen(**asked, scale=scale)["scale"] == scale


FAULTS = [
    ({"program": "f = w*x + * b"}, "program", "  f = w*x + * b\n            ^"),
    ({"program": "f = sine(x)"}, "program", "  f = sine(x)\n      ^^^^"),
    ({"program": "f = (x"}, "program", "  f = (x\n      ^"),
    ({"program": "a = 1\nf = a + ?"}, "program", "  f = a + ?\n          ^"),
    ({"program": "f = w*x", "values": {"w": "two"}}, "w", "  two\n  ^^^"),
    ({"program": "f = w*x", "values": {"x": "(1"}}, "x", "  (1\n  ^"),
]


@pytest.mark.parametrize(("asked", "field", "caret"), FAULTS, ids=lambda x: str(x)[:40])
def test_a_fault_has_its_field_and_its_caret(asked: dict[str, Any], field: str, caret: str) -> None:
    """What is wrong is said for the field in which it stands, the caret under the character."""
    fault = seen(**asked)["faults"][0]
    assert (fault["field"], fault["caret"]) == (field, caret)


def test_values_that_nobody_typed_are_drawn_and_stay(client: TestClient) -> None:
    """An input without a value gets a small one, the same each time, at which the program is defined."""
    fields = seen(program="f = log(a - 1)/c")["fields"]
    assert [f["drawn"] for f in fields] == [True, True]
    assert float(fields[0]["value"]) > 1
    assert seen(program="f = log(a - 1)/c")["fields"] == fields
    assert seen(program="Z = X @ W; L = mean(Z)")["ok"] is False


def test_an_answer_speaks_the_language_asked_for() -> None:
    """Faults are said in Korean where Korean is asked for."""
    assert seen(program="f = log(x)", values={"x": "-1"}, lang="ko")["faults"][0]["message"] == (
        "f = ln(x)는 실수 범위에서 정의되지 않습니다: 로그 안은 양수여야 합니다. 이때 x = −1"
    )


def test_a_picture_takes_nothing_that_it_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the scale of gates nothing is derived over arrays; a program whose values change is read once."""
    reads: list[str] = []

    def noted(text: str, names: Any, **options: Any) -> Any:
        reads.append(text)
        return parse(text, names, **options)

    def refused(*_: Any) -> None:
        raise AssertionError("derived over arrays")

    monkeypatch.setattr(reading, "parse", noted)
    monkeypatch.setattr(to_layers, "array_derive", refused)
    for value in ("0.1", "0.2"):
        values = {"w": value, "x": "2", "b": "1", "t": "1"}
        found = seen(program="h = tanh(w*x + b)\nE_own = (h - t)^2", values=values, scale="gates")
        assert found["scales"] == ["layers", "neurons", "gates"]
    assert len(reads) == 1


BAD = [
    ([], "a request is an object with a program"),
    ({}, "`program` is a text"),
    ({"program": 3}, "`program` is a text"),
    ({"program": "f = x", "valuse": {}}, "a request has no `valuse`; did you mean `values`?"),
    ({"program": "f = x", "values": []}, "values map at most 500 names to texts"),
    ({"program": "f = x", "values": {"x": 1}}, "`x` is a text"),
    ({"program": "f = x", "scale": "atoms"}, "scale is one of layers, neurons, gates, not `atoms`"),
    ({"program": "f = x", "step": -1}, "a step is a whole number from 0, not `-1`"),
    ({"program": "f = x", "step": True}, "a step is a whole number from 0, not `True`"),
    ({"program": "f = x", "lang": "xx"}, "lang is one of en, ko, not `xx`"),
    ({"program": "x" * 20_001}, "`program` has 20,001 characters; at most 20,000 are taken"),
    ({"program": "f = \ud800"}, "`program` is not UTF-8 text"),
]


@pytest.mark.parametrize(("asked", "message"), BAD, ids=lambda x: str(x)[:40])
def test_a_request_of_another_kind_is_refused(client: TestClient, asked: Any, message: str) -> None:
    """What is no request is refused with what was expected, and no process is troubled with it."""
    response = client.post(
        "/picture", content=json.dumps(asked), headers={"content-type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["faults"][0]["message"] == message


HEADS = {
    "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "tikz": b"%", "gif": b"GIF89a", "markdown": b"#",
    "latex": b"\\documentclass", "json": b"{", "numpy": b'"""', "lesson": b"<!DOCTYPE html>", "worksheet": b"PK",
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADS)
def test_every_file_is_a_button(client: TestClient, kind: str) -> None:
    """Each kind of file is made of the program that stands there, the same bytes each time."""
    assert set(HEADS) == {kind for kind, row in EXPORTS.items() if row.label}
    one = client.post(f"/export/{kind}", json=LINE)
    assert one.status_code == 200, one.text
    assert one.content.startswith(HEADS[kind]), one.content[:20]
    assert one.headers["content-disposition"] == f'attachment; filename="f{EXPORTS[kind].suffix}"'


def test_a_worksheet_holds_what_check_reads(client: TestClient) -> None:
    """The worksheet's archive has the sheet, its key, the problem file and the answer file."""
    made = client.post("/export/worksheet", json={**LINE, "values": {"w": "1/3", "x": "2", "b": "1"}})
    names = zipfile.ZipFile(io.BytesIO(made.content)).namelist()
    assert "problems.toml" in names


def test_a_program_with_a_fault_makes_no_file(client: TestClient) -> None:
    """A file of a program with a fault is refused with the fault."""
    refused = client.post("/export/png", json={"program": "f = (x"})
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["message"] == "this bracket is not closed"
    assert client.post("/export/exe", json=LINE).status_code == 404


def test_the_lesson_is_that_of_the_command_line(client: TestClient) -> None:
    """The lesson below is the one that is saved, but for the mark that it stands in the page."""
    page = client.post("/lesson", data={"request": json.dumps(LINE)})
    saved = client.post("/export/lesson", json=LINE)
    assert page.text.replace(' data-frame="live"', "") == saved.text
    assert page.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_the_page_is_whole_in_both_languages(client: TestClient) -> None:
    """The page has its words, examples and buttons; scripts are files, and none stands in the page."""
    english, korean = (client.get(f"/?lang={lang}").text for lang in ("en", "ko"))
    assert "Sigmoid neuron" in english
    assert "시그모이드 뉴런" in korean
    assert '<html lang="ko">' in korean
    assert client.get("/", headers={"accept-language": "ko-KR,ko;q=0.9"}).text == korean
    for text in (english, korean):
        assert "<script>" not in text
        assert "<style" not in text
        assert " style=" not in text
    for part in english.split('="/static/')[1:]:
        assert client.get("/static/" + part.split('"')[0]).status_code == 200


def test_an_older_request_gives_way(client: TestClient) -> None:
    """A request that is older than one that its page has sent since is not worked on."""
    newer = {"x-page": "a", "x-turn": "7"}
    assert client.post("/picture", json={"program": "f = a*b*c*d"}, headers=newer).json()["ok"]
    late = client.post(
        "/picture", json={"program": "f = a*b*c*d*e"}, headers={"x-page": "a", "x-turn": "6"}
    )
    assert (late.status_code, late.json()) == (409, {"ok": False, "superseded": True})
