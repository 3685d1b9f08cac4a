"""Every program under examples/engine_*.py runs on its own, shortened where it is long.

Of iris one seed of five is trained, to the end, where the program asks for the accuracy that it tells of.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
from shared import ROOT, place_of_example

SHORT = {
    "engine_iris": ["--seeds", "1"],
    "engine_fashion": ["--epochs", "3"],
}
EXAMPLES = sorted((ROOT / "examples").glob("engine_*.py"))


def run(path: Path, options: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a program in this process, as `python path options` does in a folder."""
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "argv", [str(path), *options])
    runpy.run_path(str(path), run_name="__main__")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program ends without an error; its own assertions say what it shows."""
    if path.stem == "engine_fashion":
        pytest.importorskip("sklearn", reason="digits come with scikit-learn, an optional extra")
    run(path, SHORT.get(path.stem, []), place_of_example(path, tmp_path), monkeypatch)
    assert capsys.readouterr().out.strip()


def test_fashion_without_scikit_learn_ends_in_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the digits' library is missing, or the folder, one line says what to do."""
    for name in ("sklearn", "sklearn.datasets"):
        monkeypatch.setitem(sys.modules, name, None)
    program = ROOT / "examples" / "engine_fashion.py"
    for options, said in (
        ([], "the digits come with scikit-learn, which is not installed: pip install scikit-learn; "
             "or give the files of Fashion-MNIST with --folder\n"),
        (["--folder", "nowhere"], "nowhere: there is no such folder\n"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            run(program, options, tmp_path, monkeypatch)
        assert f"{ended.value.code}\n" == said
        assert capsys.readouterr().out == ""


def test_there_is_one_for_each_programme_of_the_courses() -> None:
    """Eleven programmes are told of; two of the gates share one."""
    assert len(EXAMPLES) == 10
