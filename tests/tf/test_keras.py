"""`tf.keras`: models and layers under tapes and in training, Keras's lines and numbers, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tutor import tf
from backprop_tutor.engine.keras.callbacks import Lines
from backprop_tutor.errors import OptionError

RNG = np.random.RandomState(0)
X = RNG.normal(size=(40, 3)).astype("float32")
Y = (X.sum(1) > 0).astype("int64")


def _model(*more: Any) -> Any:
    tf.random.set_seed(1)
    return tf.keras.Sequential([
        tf.keras.layers.Dense(4, activation="tanh", input_shape=(3,)), *more, tf.keras.layers.Dense(2),
    ])  # fmt: skip


def _compiled(*more: Any, **options: Any) -> Any:
    model = _model(*more)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(**{"optimizer": "sgd", "loss": loss, "metrics": ["accuracy"], **options})
    return model


def test_fit_and_a_loop_of_one_s_own_make_the_same_steps() -> None:
    """One epoch by `fit` leaves the weights that steps under a tape leave, with normalisation and Adam too."""
    for more in ((), (tf.keras.layers.BatchNormalization(),)):
        fitted, looped = _compiled(*more, optimizer="adam"), _model(*[type(each)() for each in more])
        looped.set_weights(fitted.get_weights())
        optimizer = tf.keras.optimizers.Adam()
        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        fitted.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0)
        for x, y in tf.data.Dataset.from_tensor_slices((X, Y)).batch(10).repeat(2):
            with tf.GradientTape() as tape:
                found = loss(y, looped(x, training=True))
            optimizer.apply_gradients(
                zip(tape.gradient(found, looped.trainable_variables), looped.trainable_variables, strict=True)
            )
        for one, other in zip(fitted.get_weights(), looped.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-5, atol=2e-6)


def test_layers_and_losses_of_one_s_own_are_trained() -> None:
    """A layer with weights, a model by subclassing, a loss and a metric as functions."""

    class Scale(tf.keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()

        def build(self, input_shape: Any) -> None:
            self.factor = self.add_weight(name="factor", shape=(input_shape[-1],), initializer="ones")

        def call(self, inputs: Any) -> Any:
            return inputs * self.factor

    class Net(tf.keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.scale, self.out = Scale(), tf.keras.layers.Dense(1)

        def call(self, inputs: Any, training: bool = False) -> Any:
            return self.out(self.scale(inputs))

    model = Net()
    model.compile(
        tf.keras.optimizers.SGD(0.1), lambda true, out: tf.reduce_mean(tf.square(true - out)),
        metrics=[lambda true, out: tf.reduce_max(tf.abs(true - out)), tf.keras.metrics.MeanAbsoluteError()],
    )
    history = model.fit(X, X @ np.array([1.0, -2.0, 0.5]), epochs=30, verbose=0)
    assert history.history["loss"][-1] < 0.01 * history.history["loss"][0]
    assert [v.path for v in model.trainable_variables] == ["net/scale/factor", "net/dense/kernel", "net/dense/bias"]
    assert np.abs(model.scale.factor.numpy() - 1).max() > 0.01
    assert history.epoch == list(range(30))


def test_a_frozen_layer_stays() -> None:
    """`trainable = False` takes a layer out of training and of the trainable variables."""
    model = _compiled()
    model.layers[0].trainable = False
    before = model.get_weights()
    model.fit(X, Y, epochs=1, verbose=0)
    after = model.get_weights()
    assert np.array_equal(before[0], after[0])
    assert not np.array_equal(before[2], after[2])
    assert [v.path for v in model.trainable_variables] == ["sequential/dense_1/kernel", "sequential/dense_1/bias"]


def test_the_lines_are_keras_s(capsys: pytest.CaptureFixture[str]) -> None:
    """Of `fit` with a bar and without, of `evaluate` and `predict`; nothing for 0."""
    model = _compiled()
    model.fit(X, Y, epochs=2, validation_split=0.25)
    model.fit(X, Y, epochs=1, verbose=2)
    model.evaluate(X, Y)
    model.evaluate(X, Y, verbose=2)
    model.predict(X)
    model.fit(X, Y, verbose=0)
    assert model.evaluate(X, Y, verbose=0)[1] == model.evaluate(X, Y, verbose=0, return_dict=True)["accuracy"]
    shown = re.sub(r"\d+s (- )?\d+[mu]?s/step", r"T \1P", capsys.readouterr().out)
    shown = re.sub(r"\d\.\d{4}", "N", shown)
    assert shown == (
        "Epoch 1/2\n1/1 ━━━━━━━━━━━━━━━━━━━━ T P - accuracy: N - loss: N - val_accuracy: N - val_loss: N\n"
        "Epoch 2/2\n1/1 ━━━━━━━━━━━━━━━━━━━━ T P - accuracy: N - loss: N - val_accuracy: N - val_loss: N\n"
        "Epoch 1/1\n2/2 - T - P - accuracy: N - loss: N\n"
        "2/2 ━━━━━━━━━━━━━━━━━━━━ T P - accuracy: N - loss: N\n2/2 - T - P - accuracy: N - loss: N\n"
        "2/2 ━━━━━━━━━━━━━━━━━━━━ T P\n"
    )


def test_the_bar_grows_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In its line, with Keras's colours; the last line of an epoch is whole."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    lines = Lines(1, 1, 4)
    for _ in range(4):
        lines._next = 0.0
        lines.step(1, lambda: {"loss": 0.5})
    lines.epoch(1, {"loss": 0.25, "accuracy": 0.0001})
    shown = re.sub(r"\d+s \d+[mu]?s/step", "T", capsys.readouterr().out)
    green, grey = "\x1b[32m", "\x1b[37m"
    parts = [f"\r{i}/4 {green}{'━' * 5 * i}\x1b[0m{grey}{'━' * (20 - 5 * i)}\x1b[0m T - loss: 0.5000" for i in range(1, 5)]
    last = f"\r4/4 {green}{'━' * 20}\x1b[0m{grey}\x1b[0m T - accuracy: 1.0000e-04 - loss: 0.2500\n"
    assert [p.rstrip() for p in shown.split("\n")[1].split("\r")[1:]] == [p[1:] for p in (*parts, last.rstrip())]


def test_callbacks_see_the_model() -> None:
    """They hear of epochs, set the rate, and stop the training of the model of `tf`."""
    seen: list[Any] = []

    class Watch(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append((epoch, self.model is model, sorted(logs)))
            self.model.stop_training = epoch == 1

    model = _compiled(optimizer=tf.keras.optimizers.SGD(0.1))
    rate = tf.keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
    model.fit(X, Y, epochs=5, verbose=0, callbacks=[Watch(), rate])
    assert seen == [(0, True, ["accuracy", "loss"]), (1, True, ["accuracy", "loss"])]
    assert model.optimizer.learning_rate == 0.05


def test_summary_and_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A model in a model has its rows; the picture has the layers with their shapes."""
    model = tf.keras.Sequential([_model(), tf.keras.layers.Softmax()])
    assert model.summary() is None
    rows = [line for line in capsys.readouterr().out.splitlines() if "(" in line and "params" not in line]
    assert [" ".join(row.replace("│", " ").split()) for row in rows[1:]] == [
        "sequential (Sequential) (None, 2) 26", "softmax (Softmax) (None, 2) 0",
    ]
    drawn = tf.keras.utils.plot_model(model, str(tmp_path / "m.svg"), show_shapes=True)
    text = (tmp_path / "m.svg").read_text(encoding="utf-8")
    assert text == drawn.svg
    assert "4×3" in text
    assert "softmax" in text


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: _model().fit(X, Y), ValueError, "You must call `compile()` before using the model."),
    (lambda: _compiled().fit(X, Y[:3]), ValueError, "Data cardinality is ambiguous. Make sure all arrays contain the "
     "same number of samples. 'x' sizes: 40, 'y' sizes: 3"),
    (lambda: _model()(np.zeros((2, 4))), ValueError, "Invalid input shape for the model sequential. Expected shape "
     "(None, 3), but input has incompatible shape (2, 4)"),
    (lambda: tf.keras.Sequential([3]), ValueError, "Only instances of `keras.Layer` can be added to a Sequential model. "
     "Received: 3 (of type <class 'int'>)"),
    (lambda: tf.keras.optimizers.Adam(lr=0.1), ValueError, "Argument(s) not recognized: {'lr': 0.1}; it is called "
     "learning_rate"),
    (lambda: tf.keras.layers.Dense(3, kernel_constraint="l2"), ValueError, "Unrecognized keyword arguments passed to "
     "Dense: ['kernel_constraint']"),
    (lambda: tf.keras.Model(inputs=1, outputs=2), ValueError,
     "a model's inputs are int; expected what Input(shape=...) returned"),
    (lambda: _compiled().fit(X, Y, class_weight={0: 2}), ValueError, "fit takes no class_weight here"),
    (lambda: _compiled(loss=None), ValueError, 'a model is compiled with a loss, such as loss="mse"'),
    (lambda: tf.keras.optimizers.SGD().apply_gradients([(None, tf.Variable(1.0))]), ValueError, "No gradients provided "
     "for any variable: ['Variable:0']. Was the loss computed from them inside the tape?"),
    (lambda: tf.keras.optimizers.SGD().apply_gradients([(1.0, tf.constant(1.0))]), ValueError, "an optimizer changes "
     "tf.Variables; <tf.Tensor: shape=(), dtype=float32, numpy=1.0> is a EagerTensor"),
    (lambda: _compiled().fit(X, Y, verbose=3), OptionError, "verbose 3; expected 0 (nothing), 1 (a bar), 2 (a line) or "
     "'auto'"),
    (lambda: _compiled().fit(X, Y, batch_size=0, verbose=0), OptionError, "batch_size 0; expected a whole number above 0"),
    (lambda: tf.keras.utils.plot_model(tf.keras.Sequential([tf.keras.layers.Dense(2)])), OptionError, "the model is not "
     "built yet: give the first layer an input_shape, or call the model once"),
    (lambda: _model().set_weights([np.zeros(3)]), ValueError, "You called `set_weights(weights)` on layer 'sequential' "
     "with a weight list of length 1, but the layer was expecting 4 weights."),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "kind", "said"), REFUSED, ids=[said[:25] for *_, said in REFUSED])
def test_refusals(ask: Callable[[], Any], kind: type[Exception], said: str) -> None:
    """In Keras's words where it has them, by the whole message."""
    with pytest.raises(kind) as caught:
        ask()
    assert str(caught.value) == said


def test_data_sets_are_batched_shuffled_and_mapped() -> None:
    """Pairs stay pairs; a seed gives the same order; every element comes once."""
    data = tf.data.Dataset.from_tensor_slices((np.arange(10), np.arange(10) * 2))
    order = [int(x) for x, _ in data.shuffle(4, seed=3)]
    assert sorted(order) == list(range(10)) != order
    assert order == [int(x) for x, _ in data.shuffle(4, seed=3)]
    batches = [(x.numpy().tolist(), y.numpy().tolist()) for x, y in data.map(lambda x, y: (x + 1, y)).batch(4).take(2)]
    assert batches == [([1, 2, 3, 4], [0, 2, 4, 6]), ([5, 6, 7, 8], [8, 10, 12, 14])]
    assert (len(data.batch(4)), len(data.batch(4, drop_remainder=True)), len(data.skip(7))) == (3, 2, 3)
    model = _compiled()
    history = model.fit(tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(40).batch(8), epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2
