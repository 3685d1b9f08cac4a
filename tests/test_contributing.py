"""CONTRIBUTING.md's worked example of a new operation, performed on a copy of the package."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shared import ROOT

import backprop_tutor as bt

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = re.search(
    r"<!-- an operation: begin -->\n```python\n(.*?)```\n<!-- an operation: end -->", TEXT, re.DOTALL
)

LOOKS = r'''
import json, math
import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.engine import nn, plots
from backprop_tutor.engine.keras.layers import Activation
from backprop_tutor.engine.listing import scope_table, stub
from backprop_tutor.engine.training.choices import ACTIVATIONS
from backprop_tutor.worksheets.exercises import Recipe, random_exercises

at = {"w": 1, "x": 0.5}
d = bt.derive("f = gaussian(w*x)", at=at)
wanted, slope = math.exp(-0.25), -2 * 0.5 * math.exp(-0.25)
x = torch.tensor([0.5], requires_grad=True)
torch.gaussian(x).sum().backward()
held = torch.tensor([0.5])
held.gaussian_()
layer = nn.functional.gaussian(torch.tensor([0.5], dtype=torch.float64))
thrice = bt.derive("f = 3*gaussian(w*x)", at={"w": 2, "x": 0.5})
def near(number):
    return abs(number - wanted) < 1e-6  # float32
def slips(answer):
    slip = bt.mark(thrice, {"df/dw": answer}).cells["df/dw"].slip
    return sorted({slip.name, *(tie.name for tie in slip.ties)})
program = bt.derive(r"f = \operatorname{gaussian}(w x)", at=at)
formula = bt.mark(d, {"df/dw": "-2*w*x^2*exp(-(w*x)^2)"}, want="formula").cells["df/dw"]
net = bt.derive(bt.network([2, 2, 1], activation="gaussian"))
lesson = d.lesson()
places = {
    "typed": d.values["f"] == wanted,
    "gradient": abs(d.gradients["x"] - slope) < 1e-15,
    "checked three ways": d.check().ok,
    "LaTeX in": program.values["f"] == wanted,
    "LaTeX out": r"\operatorname{gaussian}\left(" in d.explain("latex"),
    "explanation": "the slope of the bell curve" in d.explain(),
    "picture": "gauss" in d.diagram().svg,
    "frames": len(list(d.frames())) == len(d.steps),
    "a Python function": bt.derive(lambda w, x: bt.gaussian(w * x), at=at).values,
    "NumPy's name": bt.derive(lambda x: x.gaussian(), at={"x": 0.5}).values,
    "formula marked": formula.right,
    "slip: derivative left out": "activation-derivative-left-out" in slips("1.5"),
    "slip: another activation": "other-activation" in slips(repr(1.5 * (1 - math.tanh(1) ** 2))),
    "equivalence": bt.equivalent("gaussian(x)", "exp(-x*x)").equal,
    "no false equivalence": not bt.equivalent("gaussian(x)", "exp(-x)").equal,
    "lesson page": "'gaussian':{least:1,most:1,value:(a)=>K.exp(" in lesson.html,
    "worksheet": "gaussian(" in random_exercises(Recipe(count=1, operations=("gaussian", "add"), seed=1)),
    "network": net.check().ok and "gaussian" in net.explain(),
    "engine function": near(torch.gaussian(x).item()),
    "engine gradient": abs(x.grad.item() - slope) < 1e-7,
    "method": near(x.gaussian().item()),
    "node": type(x.gaussian().grad_fn).__name__,
    "in-place": near(held.item()),
    "nn.functional": layer.item() == wanted,
    "module": repr(nn.Gaussian(inplace=True)),
    "module's value": near(nn.Gaussian()(torch.tensor([0.5])).item()),
    "second derivatives": torch.autograd.gradgradcheck(
        torch.gaussian, (torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True),)),
    "train": repr(ACTIVATIONS["gaussian"]()),
    "Keras": repr(Activation("gaussian").activation),
    "stub": [line for line in (stub() + stub("nn")).splitlines() if "aussian" in line],
    "docs": scope_table().count("`gaussian`"),
    "plot": plots.activations(["gaussian"]).axes[0].get_title(),
}
print(json.dumps({place: found if isinstance(found, str | list | int) else bool(found)
                  for place, found in places.items()}))
'''


FURTHER = r'''
SQUAREPLUS = Operation(
    name="squareplus", spelled=("squareplus",), sign="sq+", rule=N_("squareplus rule"),
    forward=lambda k, a, b: (a + k.sqrt(a * a + b)) / 2,
    partials=(lambda k, out, a, b: (1 + a / k.sqrt(a * a + b)) / 2,),
    options=(("b", 4.0),), because=N_("a straight line and a hyperbola share it"),
    activation=True, saturates=(-4, 4), range=Interval(0, math.inf), samples=((0.5,), (-1.5,)),
)
HYPOT = Operation(
    name="hypot", spelled=("hypot",), sign="hypot", rule=N_("norm rule"), least=2, most=2,
    forward=lambda k, a, b: k.sqrt(a * a + b * b),
    partials=(lambda k, out, a, b: a / out, lambda k, out, a, b: b / out),
    because=N_("each side has its share of the length"),
    range=Interval(0, math.inf, (True, False)), samples=((3.0, 4.0), (-1.0, 2.0)),
)
MIX = Operation(
    name="mix", spelled=("mix",), sign="mix", rule=N_("mix rule"), least=3, most=3,
    forward=lambda k, a, b, w: a + w * (b - a),
    partials=(lambda k, out, a, b, w: 1 - w, lambda k, out, a, b, w: w, lambda k, out, a, b, w: b - a),
    because=N_("each end has its share"), samples=((3.0, 4.0, 0.25), (-1.0, 2.0, 0.5)), exact=True,
)

'''
"""Rows of other kinds: with an option, of two operands, of three."""

OTHER_LOOKS = r'''
import json
import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.engine import nn

def tensor(*numbers):
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)

def refused(run):
    try:
        run()
    except (TypeError, RuntimeError) as error:
        return str(error)

a, b, column = tensor(3.0, 1.0), tensor(4.0, 2.0), tensor([4.0], [2.0])
checked = torch.autograd.gradgradcheck
held = torch.tensor([3.0, 1.0])
found = {
    "typed": [str(bt.derive(f"f = {text}", at={"x": 3, "y": 4}).values["f"])
              for text in ("squareplus(x, 7)", "hypot(x, y)", "mix(x, y, 1/4)")],
    "checked": bt.derive("f = mix(hypot(x, y), squareplus(x), y)", at={"x": 3, "y": 4}).check().ok,
    "option": [nn.Squareplus(7)(a)[0].item(), nn.functional.squareplus(a, b=7)[0].item(), repr(nn.Squareplus(2.0))],
    "broadcast": torch.hypot(a, column).tolist()[0][0],
    "number": [a.hypot(4)[0].item(), torch.mix(a, 4, 0.25)[0].item(), torch.hypot(4.0, a)[0].item()],
    "derivatives": checked(torch.hypot, (a, column)) and checked(torch.mix, (a, column, tensor(0.5, 0.25))),
    "float32": str(torch.mix(held, 1, 0.5).dtype), "integers": str(torch.hypot(torch.tensor([3]), 4).dtype),
    "in-place": held.mix_(torch.ones(2), 0.5).tolist(), "empty": list(torch.mix(torch.zeros(0), a[:1].float(), 1).shape),
    "node": type(torch.mix(a, b, 0.5).grad_fn).__name__,
    "refused": [refused(lambda: torch.mix(1, 2, 3)), refused(lambda: torch.mix(a, b)),
                refused(lambda: torch.mix(a, "b", 1)), refused(lambda: torch.mix(a, tensor(1.0, 2.0, 3.0), 1))],
}
print(json.dumps(found))
'''


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package, the example's row added as the page says."""
    assert EXAMPLE is not None
    folder = tmp_path_factory.mktemp("copy")
    # With what is compiled, which Python takes by a file's time, kept here: one file is compiled anew.
    shutil.copytree(Path(bt.__file__).parent, folder / "backprop_tutor")
    room = folder / "backprop_tutor" / "ops" / "activations.py"
    before, rows, after = room.read_text(encoding="utf-8").partition("ROWS = (\n")
    listed = after.replace("\n)", "\n    GAUSSIAN, SQUAREPLUS, HYPOT, MIX,\n)", 1)
    room.write_text(f"{before}{EXAMPLE[1]}\n{FURTHER}{rows}{listed}", encoding="utf-8")
    return folder


def ran(tree: Path, *arguments: str) -> str:
    """Return what Python prints in the tree, after it has succeeded."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, capture_output=True, text=True, encoding="utf-8",
        check=False, timeout=300, env={**os.environ, "PYTHONPATH": str(tree), "PYTHONUTF8": "1",
                                       "BACKPROP_TUTOR_LANG": "en"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_one_row_makes_an_operation_everywhere(tree: Path) -> None:
    """With the row of CONTRIBUTING.md alone, each place that the page names knows the operation."""
    (tree / "looks.py").write_text(LOOKS, encoding="utf-8")
    found: dict[str, Any] = json.loads(ran(tree, "looks.py"))
    assert found.pop("node") == "GaussianBackward0"
    assert found.pop("module") == "Gaussian(inplace=True)"
    assert found.pop("train") == "Gaussian()"
    assert found.pop("Keras") == "Gaussian()"
    assert found.pop("stub") == [
        "def gaussian(input: Tensor, inplace: _builtins.bool = ...) -> Tensor: ...",
        "def gaussian_(self: Tensor, *args: object, **kwargs: object) -> Tensor: ...",
        "class Gaussian(Module):",
    ]
    assert found.pop("docs") == 3
    assert found.pop("plot") == "gaussian"
    assert found == dict.fromkeys(found, True)


def test_rows_of_other_kinds_are_made_everywhere_too(tree: Path) -> None:
    """A row with an option, of two and of three operands: typed, derived, broadcast, refused in words."""
    (tree / "others.py").write_text(OTHER_LOOKS, encoding="utf-8")
    assert json.loads(ran(tree, "others.py")) == {
        "typed": ["3.5", "5.0", "13/4"], "checked": True, "option": [3.5, 3.5, "Squareplus(b=2.0)"],
        "broadcast": 5.0, "number": [5.0, 3.25, 5.0], "derivatives": True, "float32": "torch.float32",
        "integers": "torch.float32", "in-place": [2.0, 1.0], "empty": [0], "node": "MixBackward0",
        "refused": [
            "mix(): argument 'operand' (position 1) must be Tensor, not int",
            "mix() takes operand 1, operand 2, operand 3",
            "mix(): argument 'operand' (position 2) must be Tensor, not str",
            "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
        ],
    }


def test_the_new_row_passes_the_contract(tree: Path) -> None:
    """The contract's battery runs over the new row as over every other, and passes."""
    names = (
        *sorted(path.name for path in (ROOT / "tests").glob("contract*.py")),
        "ops/test_fields.py", "ops/test_table.py", "shared.py",
    )  # fmt: skip
    for name in names:
        shutil.copy(ROOT / "tests" / name, tree)
    said = ran(
        tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tree),
        "-k", "gaussian or squareplus or hypot or mix", "test_fields.py", "test_table.py",
    )  # fmt: skip
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 25


def test_the_page_names_files_and_commands_that_exist() -> None:
    """Every path and every module that CONTRIBUTING.md names is there."""
    for path in re.findall(r"`((?:backprop_tutor|tests|benchmarks|docs|\.ci)/[\w./]*\w)`", TEXT):
        assert (ROOT / path.replace("/fr/", "/ko/")).exists(), path
    for module in re.findall(r"python -m ([a-z_.]+)", TEXT):
        if module != "venv":
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / link).exists(), link
