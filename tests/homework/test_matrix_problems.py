"""Problem files over matrices: read, refused with every fault, drawn, handed in, marked and looked through."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backprop_tutor.cli import main
from backprop_tutor.errors import FileError
from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.problems.lint import lint_problem
from backprop_tutor.homework.problems.problem_set import ProblemSet, parse_problems

SHEET = """
[[problem]]
id = "layer"
program = "Z = X@W + b; P = softmax(Z); L = -sum(Y*ln(P))/2"
ask = ["Z", "dL/dZ", "dL/dW", "dL/db", "dL/dW[0,1]", "shape(dL/dW)", "dL/dX"]
formulas = ["dL/dX"]
[problem.values]
X = [[1, 2, -1], [0.5, -1, 2]]
W = "0.1 0.5; -0.3 0.8; 0.2 -0.4"
b = ["1/2", -0.2]
Y = [[1, 0], [0, 1]]
[[problem]]
id = "drawn"
program = "Z = X@W + b; A = relu(Z); L = sum(A**2)"
ask = ["all gradients", "new(W)"]
lr = 0.1
[problem.values]
X = { from = -2, to = 2, step = 1, not = [0], shape = [2, 2] }
W = { choose = [-1, 1, 2], shape = [2, 3] }
b = [1, 0, -1]
"""


@pytest.fixture(scope="module")
def sheet() -> ProblemSet:
    """Return the problems."""
    return parse_problems(SHEET)


def test_answers_are_derived(sheet: ProblemSet) -> None:
    """Matrices, an entry and a shape come from the derivation; texts such as 1/2 are numbers."""
    answers = sheet.problem("layer").answers()
    assert answers["Z"].tolist() == pytest.approx(np.array([[-0.2, 2.3], [1.25, -1.55]]))
    assert answers["dL/dW[0,1]"] == answers["dL/dW"][0, 1]
    assert answers["shape(dL/dW)"] == (3, 2)


def test_every_student_has_matrices_of_their_own(sheet: ProblemSet) -> None:
    """Entries are drawn one by one, the same for the same student, and only from what is allowed."""
    drawn = sheet.problem("drawn")
    anna, ben = drawn.values("anna"), drawn.values("ben")
    assert anna == drawn.values("anna")
    assert anna["X"] != ben["X"]
    assert np.shape(anna["W"]) == (2, 3)
    assert set(np.ravel(anna["X"])) <= {-2, -1, 1, 2}
    assert anna["b"] == ben["b"]


HEAD = '[[problem]]\nid = "m"\nprogram = "Z = X@W; L = sum(Z)"\n'
FAULTS = [
    ("values = {X = [[1, 2], [3]], W = [[1], [2]]}", "`values.X`: the rows of `X` have different lengths"),
    ("values = {X = [[1, 2]], W = [[1, 2]]}",
     "`program`: line 1, column 5: the inner sizes 2 and 1 of 1×2 @ 1×2 differ; `X @ W.T` would be 1×1; "
     "`X.T @ W` would be 2×2"),
    ("values = {X = [[1, 2]]}", "`program`: no value and no shape for W"),
    ("values = {X = [[1, 2]], W = [[1], [2]], Q = [1]}",
     "`values.Q`: no input has this name; the inputs: X, W"),
    ("values = {X = [[1, true]], W = [[1], [2]]}", "`values.X`: a truth value is not a number"),
    ("values = {X = [[[[[1]]]]], W = [[1], [2]]}", "`values.X`: at most four lists lie in each other"),
    ("values = {X = {from = 1, to = 3, shape = [2, 0]}, W = [[1], [2]]}",
     "`values.X`: a shape has one to three sizes from 1 on, and at most 10,000 entries"),
    ("values = {X = {from = 1, to = 3, shap = [2, 2]}, W = [[1], [2]]}",
     "`values.X.shap`: there is no such key; did you mean `shape`?"),
    ("values = [{X = [[1, 2]], W = [[1], [2]]}, {X = [[1], [2]], W = [[1], [2]]}]",
     "`values`: `X` is 2×1 in set 2; in set 1 it is 1×2"),
    ('values = {X = [[1, 2]], W = [[1], [2]]}\nask = ["dL/dW[5,0]"]',
     "`ask`: `dL/dW[5,0]`: dL/dW is 2×1 and has no such entry; places are counted from 0"),
    ('values = {X = [[1, 2]], W = [[1], [2]]}\nkinks = "any"',
     "`kinks`: this is for programs of single numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "fault"), FAULTS, ids=[f[1][:40] for f in FAULTS])
def test_faults_of_values(rest: str, fault: str) -> None:
    """Every fault of values that are arrays is told with the problem and the key."""
    with pytest.raises(FileError) as caught:
        parse_problems(HEAD + rest)
    assert f"problem 1 (`m`), {fault}" in str(caught.value)


def test_labels_take_no_gradient() -> None:
    """Labels are in no list of all gradients, and asking for theirs is a fault."""
    text = (
        '[[problem]]\nid = "m"\nprogram = "S = X@W; L = cross_entropy(S, y)"\n'
        "values = {X = [[1, 2], [0, 1]], W = [[1, 0], [2, 1]], y = [0, 1]}\n"
    )
    found = parse_problems(text + 'ask = "all gradients"').problems[0]
    assert [cell.text for cell in found.cells] == ["dL/dS", "dL/dW", "dL/dX"]
    with pytest.raises(FileError, match="y takes no gradient"):
        parse_problems(text + 'ask = ["dL/dy"]')
    with pytest.raises(FileError, match=r"`values`: `y\[1\]` is 5; S has 2 classes"):
        parse_problems(text.replace("y = [0, 1]", "y = [0, 5]"))


def test_sets_of_matrices() -> None:
    """Of sets of values with arrays each student gets one."""
    rows = "[{X = [[1, 2]], W = [[1], [2]]}, {X = [[3, 4]], W = [[5], [6]]}]"
    found = parse_problems(f'{HEAD}values = {rows}\nask = ["dL/dW"]').problems[0]
    pairs = {(str(v["X"]), str(v["W"])) for v in (found.values(f"s{i}") for i in range(12))}
    assert pairs == {("((1, 2),)", "((1,), (2,))"), ("((3, 4),)", "((5,), (6,))")}


@pytest.fixture
def marked(tmp_path: Path, sheet: ProblemSet) -> tuple[ClassMarks, dict[str, dict[str, dict]]]:
    """Return a class marked, and each student's cells of the first problem."""
    key = sheet.problem("layer").answers()
    right = {k: v.tolist() for k, v in sheet.problem("drawn").answers("anna").items()}
    layer = {
        "Z": key["Z"].round(3).tolist(), "dL/dZ": (2 * key["dL/dZ"]).round(3).tolist(),
        "dL/dW": (2 * key["dL/dW"]).tolist(), "shape(dL/dW)": "2x3", "dL/dX": "(P-Y)Wᵀ/N",
    }  # fmt: skip
    ben = {"Z": [[1, "x"], [None, 2]], "dL/dW": key["dL/dW"].T.tolist()}
    sheets = [{"student": "anna", "layer": layer, "drawn": right}, {"student": "ben", "layer": ben}]
    (tmp_path / "a.json").write_text(json.dumps(sheets), encoding="utf-8")
    rows = ["student;problem;quantity;answer"]
    rows += [f"carl;layer;dL/dW[{i},{j}];{key['dL/dW'][i, j]:.4f}" for i, j in np.ndindex(3, 2)]
    rows += ["dora;layer;dL/dW[0,0];1", "dora;layer;dL/dW;1 2; 3 4", "dora;layer;dL/dW[9,9];1"]
    rows[-2] = 'dora;layer;dL/dW;"1 2; 3 4"'
    (tmp_path / "b.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "c.toml").write_text(
        '[[students]]\nstudent = "eva"\nlayer = {"dL/db" = [0.10, 0.2]}\n', encoding="utf-8"
    )
    (tmp_path / "p.toml").write_text(SHEET, encoding="utf-8")
    files = [tmp_path / name for name in ("a.json", "b.csv", "c.toml")]
    marks = check_class(tmp_path / "p.toml", files, tmp_path / "marks", workers=0)
    found = {}
    for path in (tmp_path / "marks" / "students").glob("*/marks.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        found[record["student"]] = {c["quantity"]: c for c in record["problems"][0]["cells"]}
        assert (path.parent / "report.html").exists()
        assert not list(path.parent.glob("*.svg"))
    return marks, found


def test_a_class_is_marked(marked: tuple[ClassMarks, dict[str, dict[str, dict]]]) -> None:
    """JSON, CSV with a cell an entry and TOML are marked, with slips, faults and records of entries."""
    marks, cells = marked
    assert marks.counts.students == 5
    anna = cells["anna"]
    assert {q: c["status"] for q, c in anna.items() if c["given"]} == {
        "Z": "correct", "dL/dZ": "slip", "dL/dW": "follows", "shape(dL/dW)": "slip", "dL/dX": "correct",
    }  # fmt: skip
    assert anna["dL/dZ"]["slips"][0]["sentence"] == "The 1/N of the mean was forgotten."
    assert len(anna["dL/dZ"]["entries"]) == 4
    assert np.shape(anna["dL/dW"]["value"]) == (3, 2)
    ben = cells["ben"]
    assert ben["Z"]["sentence"] == "entry [0, 1]: `x` is no number; entry [1, 0] is empty"
    assert ben["dL/dW"]["sentence"].startswith("2×3 where W is 3×2: transposed?")
    assert cells["carl"]["dL/dW"]["status"] == "correct"
    assert "answered whole and by its entries" in cells["dora"]["dL/dW"]["sentence"]
    assert cells["eva"]["dL/db"]["given"] == "[0.10, 0.2]"


def test_the_key_scores_all(tmp_path: Path, sheet: ProblemSet) -> None:
    """What the derivations say, typed in full, earns every point."""
    answers = {
        problem.id: {k: np.asarray(v).tolist() for k, v in problem.answers("kim").items()}
        for problem in sheet
    }
    answers["layer"] |= {"shape(dL/dW)": "3×2", "dL/dX": "dL/dZ @ W.T"}
    (tmp_path / "p.toml").write_text(SHEET, encoding="utf-8")
    (tmp_path / "kim.json").write_text(json.dumps({"student": "kim", **answers}), encoding="utf-8")
    marks = check_class(tmp_path / "p.toml", tmp_path / "kim.json", tmp_path / "m", workers=0)
    assert marks.counts.mean == 1


def test_a_problem_is_looked_through(
    sheet: ProblemSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key is checked by differences, and slips that the matrices hide are told."""
    found = lint_problem(sheet.problem("drawn"))
    assert found.ok
    assert {row.quantity: row.status for row in found.key}["dL/dW"] == "agree"
    assert found.hidden is not None
    assert found.hidden.slips > 20
    (tmp_path / "p.toml").write_text(SHEET, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["problem-check", str(tmp_path / "p.toml"), "--find-values", "1"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "shape(dL/dW)           3×2" in said
    assert "✓ as differences say" in said
    assert "values are proposed for programs of single numbers alone" in said
