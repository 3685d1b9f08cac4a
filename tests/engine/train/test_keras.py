"""The Keras way: layers in a list, Keras's table, names and defaults, over the engine."""

from __future__ import annotations

import numpy as np
import pytest

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


def test_refusals() -> None:
    """Unknown names, unbuilt and uncompiled models, and wrong shapes are refused in words."""
    with pytest.raises(OptionError, match="unknown activation `rellu`"):
        keras.Dense(3, activation="rellu")
    with pytest.raises(OptionError, match="unknown loss `crossentropy`"):
        _classifier().compile("adam", "crossentropy")
    with pytest.raises(OptionError, match="unknown optimizer `adamm`"):
        _classifier().compile("adamm", "mse")
    with pytest.raises(OptionError, match="is not built"):
        keras.Sequential([keras.Dense(3)]).summary()
    with pytest.raises(OptionError, match="not compiled"):
        _classifier().fit(np.zeros((2, 28, 28)), [0, 1])
    with pytest.raises(ShapeError, match=r"expects \(n, 28, 28\)"):
        _classifier().predict(np.zeros((2, 27, 28)))
    model = _classifier()
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(OptionError, match="a target is class 11"):
        model.fit(np.zeros((2, 28, 28)), [0, 11], verbose=0)
