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


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package, the example's row added as the page says."""
    assert EXAMPLE is not None
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        Path(bt.__file__).parent, folder / "backprop_tutor", ignore=shutil.ignore_patterns("__pycache__")
    )
    room = folder / "backprop_tutor" / "ops" / "activations.py"
    before, rows, after = room.read_text(encoding="utf-8").partition("ROWS = (\n")
    listed = after.replace("\n)", "\n    GAUSSIAN,\n)", 1)
    room.write_text(f"{before}{EXAMPLE[1]}\n{rows}{listed}", encoding="utf-8")
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
        "gaussian: Callable[..., Any]", "gaussian_: Callable[..., Any]", "Gaussian: type[Any]",
    ]
    assert found.pop("docs") == 3
    assert found.pop("plot") == "gaussian"
    assert found == dict.fromkeys(found, True)


def test_the_new_row_passes_the_contract(tree: Path) -> None:
    """The contract's battery runs over the new row as over every other, and passes."""
    for name in ("contract.py", "ops/test_fields.py", "ops/test_table.py"):
        shutil.copy(ROOT / "tests" / name, tree)
    said = ran(
        tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tree),
        "-k", "gaussian", "test_fields.py", "test_table.py",
    )  # fmt: skip
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 8


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
