"""Reports, class pages and results of a class that is marked in Korean."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from backprop_tutor.cli.check import check
from backprop_tutor.homework.slips.slip_table import SLIPS

KOREAN_PROBLEMS = """
title = "과제 3"
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
[[problem]]
id = "p2"
program = "z = w*x; a = σ(z); L = (a - t)^2"
values = {w = 0.5, x = 2, t = 1}
ask = ["z", "a", "dL/da", "dL/dz", "dL/dw"]
formulas = ["dL/dw", "dL/dz"]
tolerance = {figures = 3}
"""

KOREAN_ANSWERS = {
    "p1: q": "3", "p1: f": "12", "p1: df/dz": "", "p1: df/dq": "4", "p1: df/dx": "4", "p1: df/dy": "77",
    "p2: z": "1.00", "p2: a": "0.7311", "p2: dL/da": "-0.538", "p2: dL/dz": "2*(a-t)*a", "p2: dL/dw": "-0.211",
}  # fmt: skip

_ALLOWED = re.compile(r"(d|local|down)?[a-zA-Z]?[a-zA-Z]\d?|graph-p|text|svg|anna|sigmoid", re.ASCII)


def english(text: str) -> list[str]:
    """Return the English words of a report; names of nodes, of files and of slips are left out."""
    shown = re.sub(r"(?s)<style>.*?</style>|<svg.*?</svg>|<code>.*?</code>|<[^>]*>|`[^`]*`", " ", text)
    words = [word for word in re.findall(r"[A-Za-z][A-Za-z-]+", shown) if word not in SLIPS]
    return [word for word in words if not _ALLOWED.fullmatch(word)]


@pytest.mark.parametrize("workers", [0, 1])
def test_reports_in_korean(tmp_path: Path, workers: int) -> None:
    """--lang ko leaves no English sentence in the reports, the class page and Gradescope's results."""
    (tmp_path / "p.toml").write_text(KOREAN_PROBLEMS, encoding="utf-8")
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["student", *KOREAN_ANSWERS], ["anna", *KOREAN_ANSWERS.values()]])
    options = ["-o", str(tmp_path / "m"), "--workers", str(workers), "--lang", "ko", "--reveal", "answers", "-q"]
    ran = CliRunner().invoke(check, [str(tmp_path / "p.toml"), str(tmp_path / "a.csv"), *options])
    assert ran.exit_code == 0, ran.output
    for path in (*(tmp_path / "m").rglob("*.md"), *(tmp_path / "m").rglob("*.html")):
        assert english(path.read_text(encoding="utf-8")) == [], path.name
    page = (tmp_path / "m" / "students" / "anna" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="ko">' in page
    assert "✗ 실수" in page
    assert "df/dq의 답을 그대로 쓰면 맞습니다." in page
    told = json.loads((tmp_path / "m" / "students" / "anna" / "results.json").read_text(encoding="utf-8"))
    said = [told["output"], *(test["output"] for test in told["tests"])]
    assert english(re.sub(r"적은 답: .*", "", "\n".join(said))) == []
    picture = (tmp_path / "m" / "students" / "anna" / "graph-p1.svg").read_text(encoding="utf-8")
    assert "앞의 실수에서 이어짐" in picture
