"""The Keras way: layers in a list, Keras's table, names and defaults, over the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shared import load_cases

from backprop_tutor import engine as torch
from backprop_tutor.engine import datasets, keras
from backprop_tutor.errors import OptionError, ShapeError

SUMMARY = """\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ flatten (Flatten)               │ (None, 784)            │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 128)            │       100,480 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ batch_normalization             │ (None, 128)            │           512 │
│ (BatchNormalization)            │                        │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dropout (Dropout)               │ (None, 128)            │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_1 (Dense)                 │ (None, 10)             │         1,290 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 102,282 (399.54 KB)
 Trainable params: 102,026 (398.54 KB)
 Non-trainable params: 256 (1.00 KB)"""


def _classifier() -> keras.Sequential:
    torch.manual_seed(0)
    return keras.Sequential([
        keras.Flatten(input_shape=(28, 28)),
        keras.Dense(128, activation="relu"),
        keras.BatchNormalization(),
        keras.Dropout(0.2),
        keras.Dense(10, activation="softmax"),
    ])  # fmt: skip


def test_summary_counts_as_keras(capsys: pytest.CaptureFixture[str]) -> None:
    """The table has Keras's rows, shapes and numbers of parameters."""
    text = _classifier().summary()
    assert capsys.readouterr().out == text + "\n"
    assert text == SUMMARY


def test_defaults_are_keras() -> None:
    """Weights are glorot_uniform, ε 1e-3 and momentum 0.99 normalise, Adam's ε is 1e-7."""
    model = _classifier()
    kernel, bias, *_ = model.get_weights()
    assert kernel.shape == (784, 128)
    bound = (6 / (784 + 128)) ** 0.5
    assert np.abs(kernel).max() <= bound
    assert np.abs(kernel).max() > 0.99 * bound
    assert not bias.any()
    norm = model.layers[2].module
    assert (norm.eps, round(norm.momentum, 12)) == (1e-3, 0.01)
    model.compile("adam", "mse")
    assert model._plan.over(model.parameters()).defaults["eps"] == 1e-7


def test_learns_evaluates_and_predicts() -> None:
    """Iris is learnt; evaluate returns loss and accuracy, predict rows that sum to 1."""
    torch.manual_seed(0)
    table = datasets.iris()
    model = keras.Sequential([keras.Dense(32, activation="relu"), keras.Dense(3, "softmax")])
    model.compile(
        keras.optimizers.Adam(learning_rate=0.01), "sparse_categorical_crossentropy", ["accuracy"]
    )
    history = model.fit(table.features, table.targets, epochs=40, verbose=0, validation_split=0.1)
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    loss, accuracy = model.evaluate(table.features, table.targets)
    assert accuracy > 0.9
    assert model.evaluate(table.features, table.targets, return_dict=True) == {
        "loss": loss, "accuracy": accuracy,
    }
    shares = model.predict(table.features)
    assert shares.shape == (150, 3)
    assert np.allclose(shares.sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("loss", ["mse", "binary_crossentropy", "mae", "huber"])
def test_losses_of_one_output_fall(loss: str) -> None:
    """Each loss of a single output falls on XOR."""
    torch.manual_seed(2)
    table = datasets.xor()
    model = keras.Sequential([
        keras.Dense(8, "tanh", input_shape=(2,)), keras.Dense(1, "sigmoid")
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(0.05), loss, ["accuracy"])
    history = model.fit(table.features, table.targets, epochs=60, batch_size=4, verbose=0)
    assert history["loss"][-1] < 0.6 * history["loss"][0]


def test_categorical_losses_agree() -> None:
    """Class numbers and one-hot rows, probabilities and logits give one loss."""
    scores = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 3.0]])
    numbers, rows = torch.tensor([0, 1]), torch.tensor([[1.0, 0, 0], [0, 1, 0]])
    shares = scores.softmax(1)
    losses = keras.losses
    found = [
        losses.SparseCategoricalCrossentropy()(shares, numbers),
        losses.SparseCategoricalCrossentropy(from_logits=True)(scores, numbers),
        losses.CategoricalCrossentropy()(shares, rows),
        losses.CategoricalCrossentropy(from_logits=True)(scores, rows),
    ]
    assert [each.item() for each in found] == pytest.approx([found[0].item()] * 4, rel=1e-5)


CASES = load_cases("keras_trainings.json")


def _published() -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Return the inputs, the classes and the first weights of the stored trainings."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(64, 5)).astype("float32")
    classes = (inputs.sum(1) > 0).astype("int64")
    sizes = ((5, 8), (8,), (8, 2), (2,))
    return inputs, classes, [(rng.normal(size=s) * 0.3).astype("float32") for s in sizes]


def _trained(
    optimizer: Any, loss: str, last: str, metrics: list[str], targets: Any, normalised: bool = False
) -> tuple[keras.Sequential, dict[str, list[float]]]:
    inputs, _, weights = _published()
    middle = [keras.BatchNormalization()] if normalised else []
    model = keras.Sequential([
        keras.Input((5,)), keras.Dense(8, "tanh"), *middle, keras.Dense(2, last)
    ])  # fmt: skip
    model.layers[1].set_weights(weights[:2])
    model.layers[-1].set_weights(weights[2:])
    model.compile(optimizer, loss, metrics)
    history = model.fit(inputs, targets, epochs=3, batch_size=16, shuffle=False, verbose=0)
    return model, history.history


@pytest.mark.parametrize(
    "case", CASES["trainings"],
    ids=lambda c: f"{c['optimizer']} {c['settings']} {'normalised' if c['normalised'] else ''}",
)
def test_trainings_give_keras_numbers(case: dict[str, Any]) -> None:
    """Every optimizer, with and without normalisation: the history, evaluate and predict of Keras.

    The last digits of RMSprop differ, whose ε stands elsewhere.
    """
    inputs, classes, _ = _published()
    optimizer = getattr(keras.optimizers, case["optimizer"])(**case["settings"])
    model, history = _trained(
        optimizer, "sparse_categorical_crossentropy", "softmax", ["accuracy"], classes,
        case["normalised"],
    )
    rel = {"RMSprop": 2e-4}.get(case["optimizer"], 2e-5)
    for name, values in case["history"].items():
        assert history[name] == pytest.approx(values, rel=rel), name
    assert model.evaluate(inputs, classes) == pytest.approx(case["evaluated"], rel=rel)
    assert model.predict(inputs[:1])[0].tolist() == pytest.approx(case["predicted"], rel=2 * rel)


@pytest.mark.parametrize("loss", CASES["losses"])
def test_losses_give_keras_numbers(loss: str) -> None:
    """Every loss by name, trained for three epochs."""
    _, classes, _ = _published()
    rows = keras.utils.to_categorical(1 - classes).astype("float32")
    _, history = _trained("adam", loss, "sigmoid", ["mae"], rows)
    for name, values in CASES["losses"][loss].items():
        assert history[name] == pytest.approx(values, rel=2e-5), name


def _compiled(metrics: Any = ()) -> keras.Sequential:
    torch.manual_seed(0)
    model = keras.Sequential([keras.Dense(4, "tanh"), keras.Dense(2, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics)
    return model


def test_a_callback_hears_of_every_epoch_and_can_end_training() -> None:
    """Epochs count from 0; `stop_training` ends after the epoch that set it; rates are scheduled."""
    heard: list[Any] = []

    class Enough(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            heard.append(("begin", epoch))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            heard.append(("end", epoch, sorted(logs)))
            if epoch == 1:
                self.model.stop_training = True

    inputs, classes, _ = _published()
    model = _compiled(["acc"])
    halved = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
    counted = keras.callbacks.LambdaCallback(on_train_end=lambda logs: heard.append("done"))
    history = model.fit(
        inputs, classes, epochs=9, verbose=0, callbacks=[Enough(), halved, counted]
    )
    assert heard == [
        ("begin", 0), ("end", 0, ["acc", "loss"]), ("begin", 1), ("end", 1, ["acc", "loss"]), "done",
    ]
    assert len(history) == 2
    assert model.optimizer.param_groups[0]["lr"] == 0.005


def test_early_stopping_restores_the_best_weights() -> None:
    """What never improves ends training after `patience` epochs, with the first epoch's weights."""
    inputs, classes, _ = _published()
    seen: list[np.ndarray] = []
    model = _compiled()
    stop = keras.callbacks.EarlyStopping("loss", patience=2, mode="max", restore_best_weights=True)
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(model.get_weights()[0])
    )
    history = model.fit(inputs, classes, epochs=9, verbose=0, callbacks=[watch, stop])
    assert len(history) == 3
    assert stop.stopped_epoch == 2
    assert np.array_equal(model.get_weights()[0], seen[0])
    assert not np.array_equal(seen[2], seen[0])


def test_one_sample_left_over_is_normalised() -> None:
    """A last batch of one sample has variance 0 and gives beta; PyTorch would refuse it."""
    model = keras.Sequential([keras.BatchNormalization(), keras.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(np.arange(33.0).reshape(33, 1), np.zeros(33), shuffle=False, verbose=0)
    assert np.isfinite(history["loss"][0])
    mean, variance = model.layers[0].get_weights()[2:]
    means = 0.01 * np.arange(32).mean() * 0.99 + 0.01 * 32
    assert mean == pytest.approx([means], rel=1e-6)
    assert variance == pytest.approx([0.99 * (0.99 + 0.01 * np.arange(32).var())], rel=1e-6)


def test_an_unbuilt_model_has_a_table_too() -> None:
    """Shapes are unknown and nothing is counted, in Keras's words."""
    text = keras.Sequential([keras.Dense(3, "relu"), keras.Dense(1)]).summary()
    assert "│ dense (Dense)                   │ ?                      │   0 (unbuilt) │" in text
    assert " Total params: 0 (0.00 B)" in text


def test_refusals() -> None:
    """Unknown names, unbuilt and uncompiled models, and wrong shapes are refused in words."""
    with pytest.raises(OptionError, match="unknown activation `rellu`"):
        keras.Dense(3, activation="rellu")
    with pytest.raises(OptionError, match="unknown loss `crossentropy`"):
        _classifier().compile("adam", "crossentropy")
    with pytest.raises(OptionError, match="unknown optimizer `adamm`"):
        _classifier().compile("adamm", "mse")
    with pytest.raises(OptionError, match="is not built"):
        keras.Dense(3).set_weights([])
    with pytest.raises(OptionError, match="1 arrays; the model has 8"):
        _classifier().set_weights([np.zeros(3)])
    with pytest.raises(ShapeError, match=r"array 0 for the layer dense has shape \(3,\); expected \(784, 128\)"):
        _classifier().set_weights([np.zeros(3)] * 8)
    with pytest.raises(OptionError, match="a callback is a int"):
        _compiled().fit(np.zeros((2, 5)), [0, 1], callbacks=[3], verbose=0)
    with pytest.raises(ShapeError, match=r"outputs of shape \(2, 2\) and targets of shape \(2,\)"):
        _compiled(metrics=["mae"]).fit(np.zeros((2, 5)), [0, 1], verbose=0)
    with pytest.raises(OptionError, match="class numbers from -1 to 1"):
        keras.utils.to_categorical([-1, 1])
    with pytest.raises(OptionError, match="not compiled"):
        _classifier().fit(np.zeros((2, 28, 28)), [0, 1])
    with pytest.raises(ShapeError, match=r"expects \(n, 28, 28\)"):
        _classifier().predict(np.zeros((2, 27, 28)))
    model = _classifier()
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(OptionError, match="a target is class 11"):
        model.fit(np.zeros((2, 28, 28)), [0, 11], verbose=0)
