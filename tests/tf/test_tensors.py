"""Tensors and variables: TensorFlow's strictness about dtypes and shapes, in its words; what is not here is named."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from shared import environment

from backprop_tutor import tf
from backprop_tutor.errors import TutorError

X = tf.constant([[1.0, 2.0], [3.0, 4.0]])
REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: tf.constant(2) * tf.constant(3.0), tf.errors.InvalidArgumentError,
     "cannot compute Mul as input #1(zero-based) was expected to be a int32 tensor but is a float tensor [Op:Mul]"),
    (lambda: tf.constant(2.0) + tf.constant(3.0, tf.float64), tf.errors.InvalidArgumentError,
     "cannot compute AddV2 as input #1(zero-based) was expected to be a float tensor but is a double tensor [Op:AddV2]"),
    (lambda: tf.constant(1) == tf.constant(1.0), tf.errors.InvalidArgumentError,
     "cannot compute Equal as input #1(zero-based) was expected to be a int32 tensor but is a float tensor [Op:Equal]"),
    (lambda: tf.constant(2) * 3.0, TypeError, "Cannot convert 3.0 to EagerTensor of dtype int32"),
    (lambda: tf.multiply(2, 3.0), TypeError, "Cannot convert 3.0 to EagerTensor of dtype int32"),
    (lambda: tf.constant(3.7, dtype=tf.int32), TypeError, "Cannot convert 3.7 to EagerTensor of dtype int32"),
    (lambda: tf.constant(300, dtype=tf.uint8), TypeError, "Cannot convert 300 to EagerTensor of dtype uint8"),
    (lambda: tf.constant([1, [2]]), ValueError, "Can't convert Python sequence with mixed types to Tensor."),
    (lambda: tf.constant([[1], [2, 3]]), ValueError, "Can't convert non-rectangular Python sequence to Tensor."),
    (lambda: tf.constant(None), ValueError,
     "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."),
    (lambda: tf.constant("a"), TypeError,
     "'a' is text; a tensor here holds numbers or truth values (float32, float64, int32, int64, uint8, bool)"),
    (lambda: tf.constant([1.0, 2.0]) + tf.constant([1.0, 2.0, 3.0]), tf.errors.InvalidArgumentError,
     "Incompatible shapes: [2] vs. [3] [Op:AddV2]"),
    (lambda: tf.matmul(X, [[1.0, 2.0, 3.0]]), tf.errors.InvalidArgumentError,
     "Matrix size-incompatible: In[0]: [2,2], In[1]: [1,3] [Op:MatMul]"),
    (lambda: tf.matmul(X, [1.0, 2.0]), tf.errors.InvalidArgumentError,
     "In[1] ndims must be >= 2: it has the shape [2]; tf.reshape(v, (1, -1)) is a row, tf.linalg.matvec multiplies "
     "a matrix by a vector [Op:MatMul]"),
    (lambda: tf.sqrt(4), tf.errors.InvalidArgumentError,
     "Value for attr 'T' of int32 is not in the list of allowed values: float32, float64 [Op:Sqrt]"),
    (lambda: tf.reduce_sum(tf.constant([True])), tf.errors.InvalidArgumentError,
     "Value for attr 'T' of bool is not in the list of allowed values: float32, float64, int32, int64, uint8 [Op:Sum]"),
    (lambda: tf.reduce_max(X, axis=5), tf.errors.InvalidArgumentError,
     "Invalid reduction dimension (5 for input with 2 dimension(s)) [Op:Max]"),
    (lambda: tf.reshape(X, [3]), tf.errors.InvalidArgumentError,
     "Input to reshape is a tensor with 4 values, but the requested shape has 3 [Op:Reshape]"),
    (lambda: X[5], tf.errors.InvalidArgumentError, "slice index 5 of dimension 0 out of bounds. [Op:StridedSlice]"),
    (lambda: tf.gather(X, [7]), tf.errors.InvalidArgumentError, "indices[0] = 7 is not in [0, 2) [Op:GatherV2]"),
    (lambda: tf.pow(2, -1), tf.errors.InvalidArgumentError,
     "Integers to negative integer powers are not allowed [Op:Pow]"),
    (lambda: tf.convert_to_tensor(tf.constant(1.0), tf.int32), ValueError,
     "Tensor conversion requested dtype int32 for Tensor with dtype float32: <tf.Tensor: shape=(), dtype=float32, "
     "numpy=1.0>; tf.cast converts it"),
    (lambda: tf.Variable(1.0).assign([1.0, 2.0]), ValueError,
     "Cannot assign value to variable 'Variable:0': Shape mismatch. The variable shape (), and the assigned value "
     "shape (2,) are incompatible."),
    (lambda: tf.Variable(1.0).assign(tf.constant(1)), ValueError,
     "Tensor conversion requested dtype float32 for Tensor with dtype int32: <tf.Tensor: shape=(), dtype=int32, "
     "numpy=1>; tf.cast converts it"),
    (lambda: tf.Variable(1.0).__isub__(1.0), RuntimeError,
     "`variable -= value` with `tf.Variable`s is not supported. Use `variable.assign_sub(value)` to modify the "
     "variable, or `out = variable - value` if you need to get a new output Tensor."),
    (lambda: X.__setitem__(0, 1.0), TypeError,
     "'EagerTensor' object does not support item assignment: a tensor never changes; make a new one (tf.where, "
     "tf.concat), or keep a tf.Variable and assign to it"),
    (lambda: hash(X), TypeError, "EagerTensor is unhashable. Instead, use tensor.ref() as the key."),
    (lambda: bool(X), ValueError, "The truth value of an array with more than one element is ambiguous. Use "
     "tf.reduce_any or tf.reduce_all"),
    (lambda: len(tf.constant(1.0)), TypeError, "Scalar tensor has no `len()`"),
    (lambda: tf.as_dtype("float16"), TypeError, "Cannot convert the argument `type_value`: 'float16' to a TensorFlow "
     "DType. There are: float32, float64, int32, int64, uint8, bool."),
    (lambda: tf.linalg.inv([[1.0, 2.0], [2.0, 4.0]]), tf.errors.InvalidArgumentError,
     "Input is not invertible. [Op:MatrixInverse]"),
    (lambda: tf.nn.sparse_softmax_cross_entropy_with_logits([5], [[1.0, 2.0]]), tf.errors.InvalidArgumentError,
     "Received a label value of 5 which is outside the valid range of [0, 2) "
     "[Op:SparseSoftmaxCrossEntropyWithLogits]"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "kind", "said"), REFUSED, ids=[str(i) for i in range(len(REFUSED))])
def test_what_does_not_fit_is_refused_in_tensorflow_s_words(
    ask: Callable[[], Any], kind: type[Exception], said: str
) -> None:
    """Dtypes that do not mix, shapes that do not fit, what cannot change: each by its whole message."""
    with pytest.raises(kind) as caught:
        ask()
    assert str(caught.value) == said


ABSENT = [
    (lambda: tf.log, "module 'backprop_tutor.tf' has no attribute 'log'; the nearest there is: tf.math.log"),
    (lambda: tf.reduce_meen, "module 'backprop_tutor.tf' has no attribute 'reduce_meen'; the nearest there is: tf.reduce_mean"),
    (lambda: tf.placeholder, "module 'backprop_tutor.tf' has no attribute 'placeholder'; the nearest there is: tf.constant"),
    (lambda: tf.nn.conv2d, "module 'backprop_tutor.tf.nn' has no attribute 'conv2d'; the nearest there is: tf.matmul"),
    (lambda: tf.math.reduce_average, "module 'backprop_tutor.tf.math' has no attribute 'reduce_average'; the nearest there is: "
     "tf.math.reduce_mean"),
    (lambda: tf.nn.reduce_sum, "module 'backprop_tutor.tf.nn' has no attribute 'reduce_sum'; the nearest there is: tf.reduce_sum"),
    (lambda: tf.random.norma, "module 'backprop_tutor.tf.random' has no attribute 'norma'; the nearest there is: tf.random.normal"),
    (lambda: tf.keras.layers.Conv2D, "module 'backprop_tutor.tf.keras.layers' has no attribute 'Conv2D'; the nearest there is: Dense"),
    (lambda: tf.keras.optimizers.Nadam, "module 'backprop_tutor.tf.keras.optimizers' has no attribute 'Nadam'; the nearest there is: "
     "Adam"),
    (lambda: tf.keras.datasets.cifar10, "module 'backprop_tutor.tf.keras.datasets' has no attribute 'cifar10'; the nearest there is: "
     "mnist"),
    (lambda: tf.keras.constraints, "module 'backprop_tutor.tf.keras' has no attribute 'constraints'; the nearest there is: "
     "regularizers"),
    (lambda: tf.constant(1.0).nump, "'EagerTensor' object has no attribute 'nump'; the nearest there is: numpy"),
    (lambda: tf.Variable(1.0).asign, "'ResourceVariable' object has no attribute 'asign'; the nearest there is: assign"),
    (lambda: tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))]).layers[0].kernal,
     "'Dense' object has no attribute 'kernal'; the nearest there is: kernel"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "said"), ABSENT, ids=[said.split("'")[3] for _, said in ABSENT])
def test_a_name_that_is_not_here_names_the_nearest(ask: Callable[[], Any], said: str) -> None:
    """Of every room, of tensors, variables and layers."""
    with pytest.raises(AttributeError) as caught:
        ask()
    assert str(caught.value) == said


def test_every_listed_name_can_be_had() -> None:
    """`dir` of each room lists what is there."""
    for room in (tf, tf.math, tf.nn, tf.linalg, tf.random, tf.keras, tf.keras.layers, tf.keras.losses):
        for name in dir(room):
            assert getattr(room, name, None) is not None or name == "newaxis", name


def test_tensorflow_s_errors_are_the_package_s() -> None:
    """What catches the package's errors catches `InvalidArgumentError`."""
    assert issubclass(tf.errors.InvalidArgumentError, TutorError)


SAME = [
    (lambda: tf.constant([1.0, 2.0]) * np.array([1.0, 2.0]), "float32", [1.0, 4.0]),
    (lambda: np.array([1.0, 2.0]) * tf.constant([1.0, 2.0]), "float32", [1.0, 4.0]),
    (lambda: tf.constant([1, 2]) * np.array([1.5, 2]), "int32", [1, 4]),
    (lambda: tf.constant(2**40), "int64", 2**40),
    (lambda: tf.constant(np.array([1.5]), dtype=tf.int32), "int32", [1]),
    (lambda: tf.constant(7) / tf.constant(2), "float64", 3.5),
    (lambda: tf.constant(-7) // 2, "int32", -4),
    (lambda: tf.reduce_mean(tf.constant([-1, -2, -2, -2])), "int32", -1),
    (lambda: tf.linspace(0, 1, 3), "float64", [0.0, 0.5, 1.0]),
    (lambda: tf.maximum(1.0, 2), "float32", 2.0),
    (lambda: 1 - tf.constant([1.0, 2.0]), "float32", [0.0, -1.0]),
    (lambda: X[::-1, 0], "float32", [3.0, 1.0]),
    (lambda: X[-1][tf.constant(1)], "float32", 4.0),
    (lambda: tf.Variable([1.0, 2.0])[tf.newaxis, 1:], "float32", [[2.0]]),
    (lambda: tf.cast([1.7, -1.7], tf.int32), "int32", [1, -1]),
    (lambda: tf.zeros_like(np.array([1.0])), "float64", [0.0]),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "dtype", "values"), SAME, ids=[str(i) for i in range(len(SAME))])
def test_dtypes_are_tensorflow_s(ask: Callable[[], Any], dtype: str, values: Any) -> None:
    """The dtype and the values that TensorFlow 2.21 gives."""
    found = ask()
    assert (found.dtype.name, found.numpy().tolist()) == (dtype, values)


def test_a_value_read_before_an_assignment_stays() -> None:
    """A tensor never changes: neither by an assignment, nor by what `numpy` gave, nor by a view."""
    v = tf.Variable([1.0, 2.0])
    before, reshaped, array = tf.identity(v), tf.reshape(v, (2, 1)), v.numpy()
    v.assign([5.0, 6.0])
    array[0] = 9.0
    held = before.numpy()
    held[0] = 7.0
    assert (before.numpy().tolist(), reshaped.numpy().tolist()) == ([1.0, 2.0], [[1.0], [2.0]])
    assert v.numpy().tolist() == [5.0, 6.0]


def test_values_are_copied_and_pickled() -> None:
    """A tensor by its numbers; a copied variable is another one."""
    assert repr(pickle.loads(pickle.dumps(X))) == repr(X)  # noqa: S301  of our own making
    v = tf.Variable(1.0)
    other = copy.deepcopy(v)
    other.assign(2.0)
    assert (v.numpy(), other.numpy()) == (1.0, 2.0)
    assert {v.ref(): 1}[v.ref()] == 1


def test_print_writes_as_tensorflow_writes(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers in the fewest digits, long tensors by their ends, on standard error unless told otherwise."""
    tf.print("x:", tf.constant([1.0, 2.5]), 2.0, tf.constant(1 / 3), tf.range(10), [tf.constant(1.0), 2], True, sep="|")
    tf.print(tf.ones((2, 2)), output_stream=sys.stdout)
    shown = capsys.readouterr()
    assert shown.err == "x:|[1 2.5]|2.0|0.333333343|[0 1 2 ... 7 8 9]|[1, 2]|True\n"
    assert shown.out == "[[1 1]\n [1 1]]\n"


def test_importing_the_module_is_light() -> None:
    """`from backprop_tutor import tf` loads neither NumPy nor SymPy; every way of importing works."""
    code = (
        "import sys; from backprop_tutor import tf; print([m for m in ('numpy', 'sympy') if m in sys.modules])\n"
        "import backprop_tutor.tf as tf2\nfrom backprop_tutor.tf import keras\n"
        "from backprop_tutor.tf.keras import layers, Sequential\nfrom backprop_tutor.tf.keras.layers import Dense\n"
        "from backprop_tutor.tf.keras.datasets import mnist\nfrom backprop_tutor.tf.nn import relu\n"
        "from backprop_tutor.tf.keras.utils import to_categorical\nprint(tf is tf2, layers.Dense is Dense, 'sympy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )
    assert done.stdout.split("\n")[:2] == ["[]", "True True False"]
