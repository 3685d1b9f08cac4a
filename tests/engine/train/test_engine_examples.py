"""Every program under examples/engine_*.py runs on its own, shortened where it is long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHORT = {
    "engine_iris": ["--epochs", "8", "--seeds", "1"],
    "engine_fashion": ["--epochs", "3"],
}
EXAMPLES = sorted((ROOT / "examples").glob("engine_*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path: Path, tmp_path: Path) -> None:
    """The program ends without an error; its own assertions say what it shows."""
    if path.stem == "engine_fashion":
        pytest.importorskip("sklearn", reason="digits come with scikit-learn, an optional extra")
    done = subprocess.run(
        [sys.executable, str(path), *SHORT.get(path.stem, [])], cwd=tmp_path, capture_output=True,
        text=True, encoding="utf-8", check=False, timeout=120,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip()


def test_fashion_without_scikit_learn_ends_in_one_message(tmp_path: Path) -> None:
    """Where the digits' library is missing, or the folder, one line says what to do."""
    blocked = "import runpy, sys; sys.modules['sklearn'] = None; sys.argv = sys.argv[1:]; "
    program = blocked + "runpy.run_path(sys.argv[0], run_name='__main__')"
    for options, said in (
        ([], "the digits come with scikit-learn, which is not installed: pip install scikit-learn; "
             "or give the files of Fashion-MNIST with --folder\n"),
        (["--folder", "nowhere"], "nowhere: there is no such folder\n"),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", program, str(ROOT / "examples" / "engine_fashion.py"), *options],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_there_is_one_for_each_programme_of_the_courses() -> None:
    """Eleven programmes are told of; two of the gates share one."""
    assert len(EXAMPLES) == 10
