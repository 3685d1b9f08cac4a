"""`backprop-tutor train`: trains, reports, writes; a mistake ends in one message."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backprop_tutor import engine as torch
from backprop_tutor.cli.train import train
from backprop_tutor.engine import datasets
from backprop_tutor.engine.training.experiment import Settings, run
from backprop_tutor.errors import FileError, OptionError, TutorError

IRIS = Path(datasets.__file__).with_name("iris.csv")


def trained(*args: object) -> str:
    """Return what the command prints."""
    done = CliRunner().invoke(train, [*map(str, args), "--quiet"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*args: object) -> str:
    """Return the message of a command that refuses, having printed nothing."""
    done = CliRunner().invoke(train, [*map(str, args), "--quiet"])
    assert isinstance(done.exception, TutorError), done.output
    assert done.output == ""
    return str(done.exception)


def test_xor_is_learnt_and_written_down(tmp_path: Path) -> None:
    """XOR: the report says the accuracy, the folder holds curves, weights and the record."""
    said = trained("xor", "--frames", 3, "-o", tmp_path / "run")
    assert "test accuracy: 1.0000 (on the 4 rows trained on)" in said
    assert "true \\ predicted  0  1\n0                 2  0\n1                 0  2\n" in said
    names = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert names == [
        "course.png", "course.svg", "curves.png", "curves.svg", "hidden-space.png", "hidden-space.svg",
        "lifted.png", "lifted.svg", "network.png", "network.svg", "record.json", "regions.png",
        "regions.svg", "story.gif", "story.html", "story.png", "story.svg", "weights.npz",
    ]  # fmt: skip
    record = json.loads((tmp_path / "run" / "record.json").read_text(encoding="utf-8"))
    assert record["test_accuracy"] == 1.0
    assert record["confusion_matrix"] == [[2, 0], [0, 2]]
    assert (record["layers"], record["parameters"]) == ([8, 1], 33)
    assert len(record["training"]["history"]["loss"]) == record["settings"]["epochs"]
    with np.load(tmp_path / "run" / "weights.npz", allow_pickle=False) as weights:
        assert weights["0.weight"].shape == (8, 2)


def test_the_network_is_shown_before_it_is_trained() -> None:
    """A 2-1 network is a 2-1 network: layers, shapes, activations, parameters and the loss."""
    said = trained("xor", "--layers", "2,1", "--epochs", 1)
    assert said[: said.index("\nepoch")] == """\
xor: 4 rows to train on, tested on the same
from 2 columns (x1, x2) to 2 classes (0, 1)

layer   in → out  weight  bias  activation  parameters
linear  2 → 2        2×2     2  tanh                 6
linear  2 → 1        1×2     1  sigmoid              3
total                                                9

loss: binary cross-entropy
optimizer: adam, learning rate 0.05; 1 epoch, all rows at once; seed 0
"""


def test_the_table_of_a_normalised_network() -> None:
    """Normalisation and dropout have rows of their own; the softmax is said to be the loss's."""
    said = trained("iris", "--layers", "8,3", "--batchnorm", "--dropout", "0.5", "--epochs", 1)
    assert said.splitlines()[3:9] == [
        "layer        in → out  weight  bias  activation             parameters",
        "linear       4 → 8        8×4     8                                 40",
        "batch norm   8 → 8          8     8  relu                           16",
        "dropout 0.5  8 → 8                                                   0",
        "linear       8 → 3        3×8     3  softmax (in the loss)          27",
        "total                                                               83",
    ]


def test_a_training_prints_pytorchs_losses() -> None:
    """The published 2-2-1 program: the losses that PyTorch 2.13 prints at steps 0, 1000, ..., 10000."""
    said = trained(
        "xor", "--layers", "2,1", "--activation", "sigmoid", "--optimizer", "sgd", "--lr", 1,
        "--seed", 777, "--epochs", 10001,
    )  # fmt: skip
    table = said[said.index("epoch  ") : said.index("\n\ntest")].splitlines()[1:]
    assert [line.split()[:2] for line in table] == [
        ["1", "0.743407"], ["1001", "0.6931"], ["2001", "0.683831"], ["3001", "0.0139837"],
        ["4001", "0.00576836"], ["5001", "0.00360073"], ["6001", "0.00260965"],
        ["7001", "0.00204362"], ["8001", "0.0016781"], ["9001", "0.00142282"],
        ["10001", "0.00123452"],
    ]


@pytest.mark.parametrize("gate", ["and", "or", "xor", "xnor", "nand", "nor"])
def test_gates_are_learnt_from_any_seed(gate: str) -> None:
    """The default run learns every gate, from each of four seeds."""
    defaults = {"hidden": (8,), "activation": "tanh", "lr": 0.05, "epochs": 200, "batch_size": 4}
    found = [run(Settings(data=gate, seed=seed, **defaults), False).score for seed in range(4)]  # type: ignore[arg-type]
    assert found == [1.0] * 4


def test_a_perceptron_does_not_learn_xor() -> None:
    """One layer is a line, and the report says what is missing; a network that got stuck too."""
    said = trained("xor", "--layers", "1")
    assert "no line separates the classes of xor: it takes a hidden layer, such as --layers 4,1\n" in said
    assert "xnor was not learnt: so small a network" in trained("xnor", "--layers", "2,1", "--epochs", 1)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("xor", "--layers", "4"),
         "layers 4: the last size is the output's, and 4 cannot be one: xor has 2 classes, so it is 1 "
         "(sigmoid, binary cross-entropy) or 2 (softmax (in the loss), cross-entropy); such as 4,1"),
        (("iris", "--layers", "128,64"),
         "layers 128,64: the last size is the output's, and 64 cannot be one: iris has 3 classes, so it "
         "is 3 (softmax (in the loss), cross-entropy); such as 128,64,3"),
        (("iris", "--layers", "8,1"),
         "layers 8,1: the last size is the output's, and 1 cannot be one: iris has 3 classes, so it is 3 "
         "(softmax (in the loss), cross-entropy); such as 8,1,3"),
        (("iris", "--layers", "3,a"),
         "--layers 3,a: number 2 is `a`; expected whole numbers separated by commas, such as 128,64,3"),
        (("iris", "--layers", ""),
         "--layers : number 1 is ``; expected whole numbers separated by commas, such as 128,64,3"),
        (("iris", "--layers", "1_0,3"),
         "--layers 1_0,3: number 1 is `1_0`; expected whole numbers separated by commas, such as 128,64,3"),
        (("iris", "--layers", "0,3"), "a layer of 0 units; expected at least 1"),
        (("iris", "--layers", "99999999,3"),
         "layers 99999999,3 have 799999995 parameters; at most 50000000"),
        (("iris", "--layers", "3", "--dropout", "0.5"),
         "layers 3: dropout belongs to hidden layers, and there is none; such as layers 4,3"),
        (("xor", "--layers", "1", "--activation", "relu"),
         "layers 1: activation belongs to hidden layers, and there is none; such as layers 4,1"),
        (("xor", "--test-size", "0.5"), "test size 0.5: xor has 4 rows only; nothing is set aside"),
        (("xor", "--one-hot", "x1"), "columns are made one-hot in a CSV file, not in `xor`"),
        (("iris", "--no-header"), "a header is looked for in a CSV file, not in `iris`"),
        (("xor", "--lr", "inf"), "learning rate inf; expected a number above 0"),
        (("xor", "--patience", "0"), "patience 0; expected at least 1 epoch"),
        (("xor", "--seed", str(2**70)), f"seed {2**70}; expected a number of at most 63 bits"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_refused(args: tuple[str, ...], message: str) -> None:
    """A last size that is no output, and options that would have no effect, are refused in words."""
    assert refused(*args) == message


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
    outcome = run(Settings(data="iris", layers=(8, 3), batchnorm=True, epochs=2, batch_size=17), False)
    assert outcome.train_size % 17 == 1
    assert len(outcome.history) == 2


def test_numbers_are_predicted_by_squared_error(tmp_path: Path) -> None:
    """A target that is a number gets a squared error instead of a confusion matrix."""
    rows = "\n".join(f"{i / 50},{2 * i / 50 + 0.25}" for i in range(60))
    (tmp_path / "line.csv").write_text("x,y\n" + rows + "\n", encoding="utf-8")
    said = trained(tmp_path / "line.csv", "--lr", "0.01", "--epochs", "60")
    assert float(said.split("error: ")[1]) < 0.05


@pytest.mark.parametrize("unit", [1.0, 5000.0, 1e-4])
def test_targets_are_scaled_and_reported_in_their_unit(tmp_path: Path, unit: float) -> None:
    """Kilograms, or grams: the same training, errors in the unit, and answers of the saved network too."""
    lines = [f"{x},{unit * (3 + x * x / 100)!r}" for x in range(-20, 20)]
    (tmp_path / "w.csv").write_text("x,weight\n" + "\n".join(lines), encoding="utf-8")
    settings = Settings(data=str(tmp_path / "w.csv"), layers=(16, 1), epochs=60, lr=0.02, kind="numbers")
    outcome = run(settings, False)
    assert outcome.score < outcome.alone / 20
    assert outcome.absolute == pytest.approx(0.1 * unit, rel=1)
    assert outcome.history["val_loss"][-1] == pytest.approx(outcome.score, rel=1e-2)
    x = (np.array([[10.0]], np.float32) - outcome.scaling.mean) / outcome.scaling.deviation
    assert outcome.model(torch.from_numpy(x)).item() == pytest.approx(4 * unit, rel=0.1)


def test_a_constant_target(tmp_path: Path) -> None:
    """Numbers that are all the same are not divided by their deviation of 0; one class is refused."""
    (tmp_path / "c.csv").write_text("x,y\n" + "".join(f"{i},2.5\n" for i in range(12)), encoding="utf-8")
    assert "mean 2.5, deviation 1)" in trained(tmp_path / "c.csv", "--epochs", 1)
    (tmp_path / "k.csv").write_text("x,y\n" + "".join(f"{i},a\n" for i in range(12)), encoding="utf-8")
    assert refused(tmp_path / "k.csv") == "k: every row's target is `a`; expected two classes or more"


def test_columns_of_text(tmp_path: Path) -> None:
    """Refused by name with the option, or one-hot: a column of 0 and 1 for each value."""
    rows = [f"{i},{('usa', 'japan', 'europe')[i % 3]},{100 * i + 0.5}" for i in range(30)]
    path = tmp_path / "cars.csv"
    path.write_text("mpg,origin,weight\n" + "\n".join(rows), encoding="utf-8")
    assert refused(path) == (
        f"{path}: column `origin` is text (`europe`, `japan`, `usa`); --one-hot origin makes a column "
        "of 0 and 1 for each, --drop origin leaves it out (in Python one_hot=['origin'] and "
        "drop=['origin'])"
    )
    said = trained(path, "--one-hot", "origin", "--epochs", 1)
    assert "from 4 columns (mpg, origin=europe, origin=japan, origin=usa) to numbers in `weight`" in said
    assert "linear  4 → 64" in said
    assert "from 1 column (mpg)" in trained(path, "--drop", "origin", "--epochs", 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimizer": "sdg"}, "did you mean `sgd`"),
        ({"activation": "reul"}, "unknown activation `reul`"),
        ({"lr": 0.0}, "learning rate 0.0"),
        ({"layers": (0,)}, "a layer of 0 units"),
        ({"epochs": 0}, "0 epochs"),
        ({"epochs": 1_000_001}, r"^1,000,001 epochs; at most 1,000,000$"),
        ({"test_size": 1.0}, "test size 1.0"),
        ({"batchnorm": True, "batch_size": 1}, "batches of at least 2"),
    ],
)
def test_settings_are_checked(change: dict[str, object], message: str) -> None:
    """A setting that is none is refused before anything is loaded."""
    with pytest.raises(OptionError, match=message):
        Settings(**{"data": "iris", **change})  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_made_is_refused_before_training(tmp_path: Path) -> None:
    """Nothing is trained in vain, and the pictures' folder is asked for by its option."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    found = CliRunner().invoke(train, ["iris", "-o", str(tmp_path / "taken")])
    assert isinstance(found.exception, FileError)
    assert "is a file, not a folder" in str(found.exception)
    assert "accuracy" not in found.output
    found = CliRunner().invoke(train, ["mnist"])
    assert "say where with --folder" in str(found.exception)
