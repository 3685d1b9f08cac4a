"""`backprop-tutor train`: trains, reports, writes; a mistake ends in one message."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backprop_tutor.cli.train import train
from backprop_tutor.engine import datasets
from backprop_tutor.engine.training.experiment import Settings, run
from backprop_tutor.errors import FileError, OptionError

IRIS = Path(datasets.__file__).with_name("iris.csv")


def test_xor_is_learnt_and_written_down(tmp_path: Path) -> None:
    """XOR: the report says the accuracy, the folder holds curves, weights and the record."""
    done = CliRunner().invoke(train, ["xor", "--quiet", "-o", str(tmp_path / "run")])
    assert done.exit_code == 0, done.output
    assert "test accuracy: 1.0000" in done.output
    assert done.output.splitlines()[3:6] == [
        "true \\ predicted  0  1", "0                 2  0", "1                 0  2",
    ]
    names = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert names == ["curves.png", "curves.svg", "record.json", "weights.npz"]
    record = json.loads((tmp_path / "run" / "record.json").read_text(encoding="utf-8"))
    assert record["test_accuracy"] == 1.0
    assert record["confusion_matrix"] == [[2, 0], [0, 2]]
    assert len(record["training"]["history"]["loss"]) == record["settings"]["epochs"]
    with np.load(tmp_path / "run" / "weights.npz", allow_pickle=False) as weights:
        assert weights["0.weight"].shape == (4, 2)


def test_iris_with_batch_normalisation() -> None:
    """Layers as in the course, the last of which is the output; the same seed, the same numbers."""
    settings = Settings(
        data=str(IRIS), layers=(128, 64, 3), batchnorm=True, epochs=8, lr=0.003, seed=3
    )
    first, again = run(settings, progress=False), run(settings, progress=False)
    assert first.score >= 0.9
    assert first.history.history == again.history.history
    assert repr(first.model).count("Linear") == 3
    assert (first.train_size, first.test_size) == (120, 30)


def test_a_last_batch_of_one_sample_is_left_out() -> None:
    """120 training rows in batches of 17 leave one over, which batch normalisation cannot take."""
    outcome = run(Settings(data="iris", layers=(8,), batchnorm=True, epochs=2, batch_size=17), False)
    assert outcome.train_size % 17 == 1
    assert len(outcome.history) == 2


def test_numbers_are_predicted_by_squared_error(tmp_path: Path) -> None:
    """A target that is a number gets a squared error instead of a confusion matrix."""
    rows = "\n".join(f"{i / 50},{2 * i / 50 + 0.25}" for i in range(60))
    (tmp_path / "line.csv").write_text("x,y\n" + rows + "\n", encoding="utf-8")
    done = CliRunner().invoke(
        train, [str(tmp_path / "line.csv"), "--quiet", "--lr", "0.01", "--epochs", "60"]
    )
    assert done.exit_code == 0, done.output
    assert float(done.output.split("error: ")[1]) < 0.05


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimizer": "sdg"}, "did you mean `sgd`"),
        ({"activation": "reul"}, "unknown activation `reul`"),
        ({"lr": 0.0}, "learning rate 0.0"),
        ({"layers": (0,)}, "a layer of 0 units"),
        ({"epochs": 0}, "0 epochs"),
        ({"test_size": 1.0}, "test size 1.0"),
        ({"batchnorm": True, "batch_size": 1}, "batches of at least 2"),
    ],
)
def test_settings_are_checked(change: dict[str, object], message: str) -> None:
    """A setting that is none is refused before anything is loaded."""
    with pytest.raises(OptionError, match=message):
        Settings(**{"data": "iris", **change})  # type: ignore[arg-type]


def test_layers_that_are_no_numbers() -> None:
    """Which of the layers is wrong is said."""
    done = CliRunner().invoke(train, ["iris", "--layers", "3,a"])
    assert isinstance(done.exception, OptionError)
    assert "number 2 is `a`" in str(done.exception)


def test_a_folder_that_cannot_be_made_is_refused_before_training(tmp_path: Path) -> None:
    """Nothing is trained in vain, and the pictures' folder is asked for by its option."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    found = CliRunner().invoke(train, ["iris", "-o", str(tmp_path / "taken")])
    assert isinstance(found.exception, FileError)
    assert "is a file, not a folder" in str(found.exception)
    assert "accuracy" not in found.output
    found = CliRunner().invoke(train, ["mnist"])
    assert "say where with --folder" in str(found.exception)
