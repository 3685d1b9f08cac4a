"""Worksheets over matrices: grids large enough to write in, keys apart, keys that score full marks."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from backprop_tutor.errors import OptionError
from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.reports.writing import Settings
from backprop_tutor.worksheets import Knobs, write_worksheets
from backprop_tutor.worksheets.knobs import read_range

PROBLEMS = """
title = "Layers"
seed = 3
[[problem]]
id = "layer"
program = "Z = X@W + b; P = softmax(Z); L = -sum(Y*ln(P))/2"
ask = ["Z", "P", "dL/dZ", "dL/dW", "dL/dW[0,1]", "shape(dL/dX)", "dL/db", "new(W)", "L"]
lr = 0.1
[problem.values]
X = [[1, 2, -1], [0.5, -1, 2]]
W = { from = -1, to = 1, step = 0.5, shape = [3, 2] }
b = "0.5 -0.2"
Y = [[1, 0], [0, 1]]
[[problem]]
id = "formulas"
program = "A = relu(X@V + b); L = cross_entropy(A@W, y)"
ask = ["A", "dL/dW", "dL/db", "dL/dV", "dL/dA"]
formulas = ["dL/dV", "dL/db", "A"]
[problem.values]
X = [[1, 2], [3, -4], [0.5, 1]]
V = [[1, 0.5], [-1, 2]]
b = [0.5, -0.25]
W = [[1, -1, 0.5], [2, 0, 1]]
y = [0, 2, 1]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    students = parse_roster("name\nanna\nbert\n")
    return write_worksheets(PROBLEMS, folder, students=students, formats=["html", "markdown"]).folder


def test_keys_score_full_marks(made: Path, tmp_path: Path) -> None:
    """Matrices, entries, shapes and formulas of the key, marked by `check` as they stand."""
    marks = check_class(
        made / "problems.toml", made / "key.csv", tmp_path, workers=0, settings=Settings(formats=("json",))
    )
    assert (marks.counts.students, marks.counts.mean, marks.refused) == (2, 1.0, [])


def test_formulas_of_the_key_are_those_of_the_matrices(made: Path) -> None:
    """A key writes a gradient by that of the named array above it."""
    with (made / "key.csv").open(encoding="utf-8", newline="") as file:
        key = {row["quantity"]: row["answer"] for row in csv.DictReader(file) if row["student"] == "anna"}
    assert key["A"] == "relu(X @ V + b)"
    assert key["dL/dV"].startswith("X.T@")


def test_a_matrix_has_a_cell_for_each_entry(made: Path) -> None:
    """On the sheet 3×2 empty cells for ∂L/∂W, each of 15 × 8 mm; on the key the numbers in them."""
    sheet = (made / "worksheets" / "anna.html").read_text(encoding="utf-8")
    key = (made / "keys" / "anna.html").read_text(encoding="utf-8")
    assert ".cells td { min-width: 15mm; height: 8mm;" in sheet
    row = re.search(r"<code>dL/dW</code></td><td class=\"answer\">(.*?)</table>", sheet)
    assert row is not None
    assert row[1].count("<tr>") == 3
    assert row[1].count("<td></td>") == 6
    assert "0.1801" in key
    assert "0.1801" not in sheet
    assert "______ ______; ______ ______" in (made / "worksheets" / "anna.md").read_text(encoding="utf-8")


def test_a_shape_has_a_blank_for_each_size(made: Path) -> None:
    """Two blanks of 15 × 8 mm for a matrix's shape; the row says what is asked, entry and shape too."""
    sheet = (made / "worksheets" / "anna.html").read_text(encoding="utf-8")
    assert ".sizes span { width: 15mm; height: 8mm;" in sheet
    row = re.search(r"<tr[^>]*><td>the shape of ∂L/∂X</td>(.*?)</tr>", sheet)
    assert row is not None
    assert row[1].count("<span></span>") == 2
    assert ">∂L/∂W[0, 1]</td>" in sheet
    assert "| ______ × ______ |" in (made / "worksheets" / "anna.md").read_text(encoding="utf-8").replace("`", "")
    assert "3x2" not in sheet
    assert 'class="sizes"' not in (made / "keys" / "anna.html").read_text(encoding="utf-8")


def test_no_gradient_stands_on_the_sheet(made: Path) -> None:
    """The sheet's picture has the given matrices alone."""
    picture = (made / "worksheets" / "pictures" / "anna-1.svg").read_text(encoding="utf-8")
    assert 'id="value-' not in picture  # ids have the picture's own prefix
    assert re.findall(r'id="s1-(value|gradient)-(\d+)-0-0"', picture)
    assert not re.search(r'id="s1-gradient-\d+-\d+-\d+"', picture)


def test_a_range_draws_every_entry_but_labels(tmp_path: Path) -> None:
    """`--range` gives each student matrices of their own; labels stay as the file has them."""
    knobs = Knobs(range=read_range("-2:2:0.5"))
    folder = write_worksheets(
        PROBLEMS, tmp_path, students=parse_roster("name\nanna\nbert\n"), knobs=knobs, formats=["markdown"]
    ).folder
    text = (folder / "problems.toml").read_text(encoding="utf-8")
    assert "shape = [3, 2]" in text
    assert "y = [0, 2, 1]" in text


def test_a_formula_that_no_key_can_write_is_refused(tmp_path: Path) -> None:
    """Its quantity is named, and that its number may be asked for; nothing is written."""
    text = PROBLEMS.replace('ask = ["A", "dL/dW", "dL/db"', 'ask = ["A", "dL/dW[0,1]", "dL/db"').replace(
        'formulas = ["dL/dV", "dL/db", "A"]', 'formulas = ["dL/dW[0,1]"]'
    )
    with pytest.raises(OptionError) as caught:
        write_worksheets(text, tmp_path / "out", formats=["markdown"])
    assert str(caught.value) == (
        "no formula of dL/dW[0,1] can be written for the key: ask for its number"
    )
    assert not (tmp_path / "out").exists()
