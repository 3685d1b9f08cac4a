"""Models between inputs and outputs, weights that cost, rates that change, inputs that are standardised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tutor import tf
from backprop_tutor.tf import keras
from backprop_tutor.tf.keras import layers, regularizers
from backprop_tutor.tf.keras.optimizers import schedules

RNG = np.random.RandomState(0)
X = RNG.normal(2, 3, size=(24, 3)).astype("float32")
Y = (X @ np.array([1, -1, 2], "float32")).reshape(-1, 1)


def by_hand(model: Any, optimizer: Any, epochs: int) -> list[float]:
    """Train by a tape in batches of 8, with what weights cost; return the losses before each step."""
    found = []
    for x, y in tf.data.Dataset.from_tensor_slices((X, Y)).batch(8).repeat(epochs):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True) - y)) + sum(model.losses)
        found.append(float(loss))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return found


def small(**options: Any) -> Any:
    model = keras.Sequential([keras.Input(shape=(3,)), layers.Dense(4, "tanh", **options), layers.Dense(1)])
    model.set_weights([np.full(w.shape, 0.1 * (i + 1), "float32") for i, w in enumerate(model.get_weights())])
    return model


COSTS = {
    "l2": (regularizers.l2(0.1), 0.1 * 12 * 0.01),
    "L1": (regularizers.L1(0.2), 0.2 * 12 * 0.1),
    "a name": ("l1_l2", 0.01 * 12 * 0.1 + 0.01 * 12 * 0.01),
    "a function": (lambda w: tf.reduce_sum(tf.abs(w)), 12 * 0.1),
}


@pytest.mark.parametrize("name", COSTS)
def test_what_weights_cost_is_in_the_loss_of_fit(name: str) -> None:
    """`model.losses` is the formula's number; `fit` and `evaluate` add it, steps under a tape agree."""
    penalty, cost = COSTS[name]
    model, looped = small(kernel_regularizer=penalty), small(kernel_regularizer=penalty)
    assert [float(each) for each in model.losses] == pytest.approx([cost])
    model.compile(keras.optimizers.SGD(0.01), "mse", metrics=["mse"])
    found = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert found["loss"] - found["mse"] == pytest.approx(cost, rel=1e-4)
    losses = model.fit(X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0).history["loss"]
    byhand = np.reshape(by_hand(looped, keras.optimizers.SGD(0.01), 3), (3, 3)).mean(1)
    np.testing.assert_allclose(losses, byhand, rtol=1e-5)
    np.testing.assert_allclose(model.get_weights()[0], looped.get_weights()[0], rtol=1e-5)
    assert model.optimizer.iterations.numpy() == 9


def test_a_layer_of_one_s_own_says_what_its_weights_cost() -> None:
    """`add_weight(regularizer=)`, in a layer that is built by the first batch of `fit`."""

    class Scale(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.factor = self.add_weight((1,), "ones", regularizer=regularizers.L2(3.0))

        def call(self, inputs: Any) -> Any:
            return inputs * self.factor

    model = keras.Sequential([Scale()])
    model.compile("sgd", "mse")
    assert model.fit(Y, Y, batch_size=24, verbose=0).history["loss"] == pytest.approx([3.0])


RATES: dict[str, tuple[Callable[[], Any], list[float]]] = {
    "exponential": (lambda: schedules.ExponentialDecay(0.1, 2, 0.25), [0.1, 0.05, 0.025, 0.0125]),
    "in stairs": (lambda: schedules.ExponentialDecay(0.1, 2, 0.5, staircase=True), [0.1, 0.1, 0.05, 0.05]),
    "inverse": (lambda: schedules.InverseTimeDecay(0.1, 1, 1.0), [0.1, 0.05, 0.1 / 3, 0.025]),
    "cosine": (lambda: schedules.CosineDecay(0.1, 2, alpha=0.1), [0.1, 0.055, 0.01, 0.01]),
    "pieces": (lambda: schedules.PiecewiseConstantDecay([1, 2], [0.3, 0.2, 0.1]), [0.3, 0.3, 0.2, 0.1]),
}


@pytest.mark.parametrize("name", RATES)
def test_rates_change_with_every_step(name: str) -> None:
    """Steps of one's own and of `fit` move w, whose gradient is 1, by the rate of their number."""
    make, wanted = RATES[name]
    optimizer, w = keras.optimizers.SGD(make()), tf.Variable(0.0)
    moved = []
    for _ in wanted:
        before = float(w)
        optimizer.apply_gradients([(tf.constant(1.0), w)])
        moved.append(before - float(w))
    assert moved == pytest.approx(wanted, rel=1e-5)
    model = keras.Sequential([layers.Dense(1, use_bias=False, kernel_initializer="zeros", input_shape=(1,))])
    model.compile(keras.optimizers.SGD(make()), lambda y, p: tf.reduce_sum(p))
    model.fit(np.ones((4, 1)), np.ones((4, 1)), batch_size=1, verbose=0)
    assert -float(model.get_weights()[0][0, 0]) == pytest.approx(sum(wanted), rel=1e-5)
    assert (model.optimizer.iterations.numpy(), model.learning_rate) == (4, pytest.approx(float(make()(4))))


def test_columns_are_standardised_as_they_were_found() -> None:
    """Mean and variance are the data's, kept as three weights that are not trained; fit leaves them."""
    layer = layers.Normalization(axis=-1)
    layer.adapt(X)
    np.testing.assert_allclose(layer.mean.numpy(), X.mean(0, keepdims=True), rtol=1e-5)
    np.testing.assert_allclose(layer(X).numpy(), (X - X.mean(0)) / X.std(0), rtol=1e-4, atol=1e-5)
    model = keras.Sequential([layer, layers.Dense(1)])
    model.compile("adam", "mae")
    model.fit(X, Y, epochs=1, verbose=0)
    assert (layer.count_params(), len(model.trainable_variables)) == (7, 2)
    np.testing.assert_allclose(layer.mean.numpy(), X.mean(0, keepdims=True), rtol=1e-5)
    one = layers.Normalization(axis=None)
    one.adapt(tf.data.Dataset.from_tensor_slices(X[:, 0]).batch(5))
    np.testing.assert_allclose(one(X[:, 0]).numpy(), (X[:, 0] - X[:, 0].mean()) / X[:, 0].std(), rtol=1e-4)
    known = layers.Normalization(mean=[1, 1, 1], variance=[4, 0, 1])
    np.testing.assert_allclose(known([[3.0, 1.0, 2.0]]).numpy(), [[1, 0, 1]])


def test_a_model_between_inputs_and_outputs_is_the_sequential_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Same weights, same training, same names; the table has the input's row, as Keras's."""
    x = keras.Input(shape=(3,))
    h = layers.Dropout(0.5)(layers.Dense(4, activation="tanh")(x))
    model = keras.Model(inputs=x, outputs=layers.Dense(1)(h), name="net")
    same = keras.Sequential([layers.Dense(4, "tanh", input_shape=(3,)), layers.Dropout(0.5), layers.Dense(1)])
    same.set_weights(model.get_weights())
    for each in (model, same):
        tf.random.set_seed(5)
        each.compile("adam", "mse")
        each.fit(X, Y, epochs=2, batch_size=8, verbose=0)
    np.testing.assert_array_equal(model.predict(X, verbose=0), same.predict(X, verbose=0))
    assert [each.name for each in model.layers] == ["input_layer", "dense", "dropout", "dense_1"]
    model.summary()
    printed = capsys.readouterr().out
    assert 'Model: "net"' in printed
    assert "│ input_layer (InputLayer)        │ (None, 3)              │             0 │" in printed


def test_ways_part_and_meet() -> None:
    """Wide and deep: an input used twice, a sum, two inputs side by side; a layer used twice is one layer."""
    a, b = keras.Input(shape=(2,)), keras.Input(shape=(1,))
    twice = layers.Dense(2, kernel_initializer="ones")
    deep = layers.Add()([twice(twice(a)), a])
    both = layers.Concatenate()([deep, b])
    model = keras.Model([a, b], [both, deep])
    found, other = model([tf.constant([[1.0, 2.0]]), tf.constant([[5.0]])])
    assert (found.numpy().tolist(), other.numpy().tolist()) == ([[7.0, 8.0, 5.0]], [[7.0, 8.0]])
    assert (len(model.trainable_variables), len(model.layers)) == (2, 5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model([tf.ones((1, 2)), tf.ones((1, 1))])[0])
    assert all(each is not None for each in tape.gradient(loss, model.trainable_variables))


CROSSED = {
    "BinaryCrossentropy": ([0, 1], [[2.0], [-1.0]], np.mean([np.log1p(np.exp(2)), np.log1p(np.exp(1))])),
    "SparseCategoricalCrossentropy": ([1, 0], [[0.0, 0.0], [0.0, 0.0]], np.log(2)),
    "CategoricalCrossentropy": ([[0, 1], [1, 0]], [[0.0, 1.0], [0.0, 1.0]], np.log1p(np.e) - 0.5),
}


@pytest.mark.parametrize("name", CROSSED)
def test_cross_entropies_are_measured(name: str) -> None:
    """As metrics they are the losses' means over batches, without what weights cost."""
    wanted, outputs, mean = CROSSED[name]
    metric = getattr(keras.metrics, name)(from_logits=True)
    for y, z in zip(wanted, outputs, strict=True):
        metric.update_state([y], [z])
    assert float(metric.result()) == pytest.approx(mean, rel=1e-5)
    model = small(kernel_regularizer="l2")
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    bare = keras.metrics.BinaryCrossentropy(from_logits=True, name="bare")
    model.compile("sgd", loss, metrics=[bare])
    found = model.evaluate(X, (Y > 0).astype("float32"), verbose=0, return_dict=True)
    assert found["loss"] - found["bare"] == pytest.approx(0.01 * 12 * 0.01, rel=1e-2)


def _two() -> Any:
    a, b = keras.Input(shape=(2,)), keras.Input(shape=(2,))
    model = keras.Model([a, b], layers.Add()([a, b]))
    model.compile("sgd", "mse")
    return model


FAULTS: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: _two().fit(X, Y), ValueError,
     "fit and evaluate take one array of inputs and give one of outputs; a model of several is called, "
     "model([a, b]), and trained in a loop of one's own with tf.GradientTape"),
    (lambda: _two()([tf.ones((1, 2))]), ValueError, "the model has 2 inputs; 1 were given"),
    (lambda: _two()([tf.ones((1, 2)), tf.ones((1, 3))]), ValueError,
     "Invalid input shape for input input_layer_1. Expected shape (None, 2), but input has incompatible shape (1, 3)"),
    (lambda: keras.Model(keras.Input(shape=(2,)), layers.Dense(1)(keras.Input(shape=(3,)))), ValueError,
     "the outputs depend on <KerasTensor shape=(None, 3), dtype=float32, name=input_layer>, which is not among "
     "the inputs of the model"),
    (lambda: keras.Model(keras.Input(shape=(2,))), ValueError,
     "a Model is made of its inputs and its outputs, Model(inputs, outputs), or by a subclass with call(self, "
     "inputs); 1 of the two were given"),
    (lambda: keras.Model(tf.ones((1, 2)), tf.ones((1, 2))), ValueError,
     "a model's inputs are EagerTensor; expected what Input(shape=...) returned"),
    (lambda: layers.Add()([keras.Input(shape=(2,)), tf.ones((1, 2))]), ValueError,
     "a layer is called on tensors, or on what `Input` returned; not on both at once"),
    (lambda: layers.Add()(tf.ones((1, 2))), ValueError,
     "A `Add` layer should be called on a list of at least 2 inputs, such as Add()([a, b])"),
    (lambda: layers.Normalization()(X), ValueError,
     "the layer normalization knows no mean: call adapt(data), or give mean and variance"),
    (lambda: layers.Normalization(mean=[1, 2], variance=[1, 1])(X), ValueError,
     "the layer normalization is for 3 columns; 2 were given"),
    (lambda: layers.Dense(2)([keras.Input(shape=(2,)), keras.Input(shape=(2,))]), ValueError,
     'Layer "dense" expects 1 input(s), but it received 2 input tensors. layers.Concatenate() puts several side by side'),
    (lambda: keras.Input(shape=(2,)) + 1, TypeError,
     "<KerasTensor shape=(None, 2), dtype=float32, name=input_layer> has no numbers yet: it is put into layers, such "
     "as layers.Add()([a, b]) for a sum or layers.Lambda(function)(a) for another formula"),
    (lambda: layers.Normalization(mean=1.0), ValueError,
     "When setting values directly, both `mean` and `variance` must be set."),
    (lambda: layers.Dense(1, kernel_regularizer="l3"), ValueError,
     "a regularizer is 'l3'; expected l1, l2, l1_l2 or a function of the weight, such as "
     "tf.keras.regularizers.L2(0.001)"),
    (lambda: regularizers.l2(-1), ValueError,
     "Value is not valid for a regularization penalty coefficient: l2=-1; expected a number, 0 or more"),
    (lambda: schedules.PiecewiseConstantDecay([1], [0.1]), ValueError,
     "The length of boundaries should be 1 less than the length of values. Received: boundaries=[1] of length 1, "
     "and values=[0.1] of length 1."),
    (lambda: schedules.ExponentialDecay(0.1, 0, 0.5), ValueError,
     "decay_steps 0; expected a number of steps above 0"),
    (lambda: keras.optimizers.Adam(lambda: 0.1), ValueError,
     "a learning rate is a number or one of tf.keras.optimizers.schedules; a function is for "
     "tf.keras.callbacks.LearningRateScheduler, which sets the rate of each epoch"),
    (lambda: small().save("m.keras"), AttributeError,
     "'Sequential' object has no attribute 'save'; the nearest there is: get_weights"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_what_does_not_fit_is_said(number: int) -> None:
    """Each fault with its whole message."""
    wrong, kind, message = FAULTS[number]
    with pytest.raises(kind) as caught:
        wrong()
    assert str(caught.value) == message
