"""Every name of `tf` and of `tf.math`, `tf.nn`, `tf.linalg`, `tf.random`: one table, and what is absent.

A name that TensorFlow has and this module has not is refused with the nearest one that is here; where
spelling does not tell, the table `NEAREST` does.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from . import dtypes, errors
from .functions import arranging, drawing, linear, making, network, pointwise, printing, reducing
from .modules import Module
from .shapes import TensorShape
from .tapes import GradientTape, UnconnectedGradients, custom_gradient, stop_gradient
from .tensors import Tensor
from .tracing import config, executing_eagerly, function
from .variables import Variable

__all__ = ["NEAREST", "ROOMS", "Absent", "found"]

_REDUCTIONS = {
    name: getattr(reducing, name)
    for name in (
        "reduce_all",
        "reduce_any",
        "reduce_logsumexp",
        "reduce_max",
        "reduce_mean",
        "reduce_min",
        "reduce_prod",
        "reduce_sum",
    )
}
_DOTTED: dict[str, Any] = {
    **{
        name: function
        for row in pointwise.ONE
        for function in (pointwise.of_one(row),)
        for name in row.names.split()
    },
    **{
        name: function
        for row in pointwise.TWO
        for function in (pointwise.of_two(row),)
        for name in row.names.split()
    },
    **_REDUCTIONS,
    **{f"math.{name}": function for name, function in _REDUCTIONS.items()},
    **{name: dtypes.DTYPES[name] for name in dtypes.DTYPES},
    "double": dtypes.DTYPES["float64"],
    "DType": dtypes.DType,
    "as_dtype": dtypes.as_dtype,
    "dtypes.DType": dtypes.DType,
    "dtypes.as_dtype": dtypes.as_dtype,
    "dtypes.cast": making.cast,
    **{f"dtypes.{name}": dtypes.DTYPES[name] for name in dtypes.DTYPES},
    "GradientTape": GradientTape,
    "Module": Module,
    "Tensor": Tensor,
    "TensorShape": TensorShape,
    "Variable": Variable,
    "custom_gradient": custom_gradient,
    "stop_gradient": stop_gradient,
    "errors.InvalidArgumentError": errors.InvalidArgumentError,
    "errors.OpError": errors.OpError,
    "function": function,
    "executing_eagerly": executing_eagerly,
    "config": config,
    "print": printing.print_,
    "constant": making.constant,
    "convert_to_tensor": making.convert_to_tensor,
    "cast": making.cast,
    "eye": making.eye,
    "linalg.eye": making.eye,
    "fill": making.fill,
    "identity": making.identity,
    "is_tensor": making.is_tensor,
    "linspace": making.linspace,
    "one_hot": making.one_hot,
    "ones": making.ones,
    "ones_like": making.ones_like,
    "range": making.range_,
    "zeros": making.zeros,
    "zeros_like": making.zeros_like,
    "math.reduce_std": reducing.reduce_std,
    "math.reduce_variance": reducing.reduce_variance,
    "argmax": reducing.argmax,
    "math.argmax": reducing.argmax,
    "argmin": reducing.argmin,
    "math.argmin": reducing.argmin,
    "argsort": reducing.argsort,
    "cumsum": reducing.cumsum,
    "math.cumsum": reducing.cumsum,
    "norm": reducing.norm,
    "linalg.norm": reducing.norm,
    "sort": reducing.sort,
    "math.top_k": reducing.top_k,
    "nn.top_k": reducing.top_k,
    "math.l2_normalize": reducing.l2_normalize,
    "nn.l2_normalize": reducing.l2_normalize,
    "linalg.l2_normalize": reducing.l2_normalize,
    "clip_by_value": pointwise.clip_by_value,
    "clip_by_norm": pointwise.clip_by_norm,
    "UnconnectedGradients": UnconnectedGradients,
    "boolean_mask": arranging.boolean_mask,
    "broadcast_to": arranging.broadcast_to,
    "concat": arranging.concat,
    "expand_dims": arranging.expand_dims,
    "gather": arranging.gather,
    "rank": arranging.rank,
    "repeat": arranging.repeat,
    "reshape": arranging.reshape,
    "reverse": arranging.reverse,
    "shape": arranging.shape_of,
    "size": arranging.size_of,
    "split": arranging.split,
    "squeeze": arranging.squeeze,
    "stack": arranging.stack,
    "tile": arranging.tile,
    "transpose": arranging.transpose,
    "unstack": arranging.unstack,
    "where": arranging.where,
    "add_n": linear.add_n,
    "math.add_n": linear.add_n,
    "einsum": linear.einsum,
    "linalg.einsum": linear.einsum,
    "matmul": linear.matmul,
    "linalg.matmul": linear.matmul,
    "linalg.matvec": linear.matvec,
    "tensordot": linear.tensordot,
    "linalg.tensordot": linear.tensordot,
    "linalg.inv": linear.inv,
    "linalg.solve": linear.solve,
    "linalg.det": linear.det,
    "linalg.trace": linear.trace,
    "linalg.diag": linear.diag,
    "linalg.diag_part": linear.diag_part,
    "linalg.matrix_transpose": arranging.transpose,
    "nn.bias_add": network.bias_add,
    "nn.dropout": network.dropout,
    "nn.gelu": network.gelu,
    "nn.l2_loss": network.l2_loss,
    "nn.leaky_relu": network.leaky_relu,
    "nn.log_softmax": network.log_softmax,
    "nn.softmax": network.softmax,
    "nn.moments": network.moments,
    "nn.zero_fraction": network.zero_fraction,
    "nn.in_top_k": network.in_top_k,
    "math.zero_fraction": network.zero_fraction,
    "math.softmax": network.softmax,
    "math.log_softmax": network.log_softmax,
    "math.in_top_k": network.in_top_k,
    "nn.sigmoid_cross_entropy_with_logits": network.sigmoid_cross_entropy_with_logits,
    "nn.softmax_cross_entropy_with_logits": network.softmax_cross_entropy_with_logits,
    "nn.sparse_softmax_cross_entropy_with_logits": network.sparse_softmax_cross_entropy_with_logits,
    "random.normal": drawing.normal,
    "random.uniform": drawing.uniform,
    "random.set_seed": drawing.set_seed,
    "random.truncated_normal": drawing.truncated_normal,
    "random.shuffle": drawing.shuffle,
    "newaxis": None,
}
"""Every name, with its room before the dot."""


def _by_room() -> dict[str, dict[str, Any]]:
    rooms: dict[str, dict[str, Any]] = {"": {}}
    for dotted, thing in _DOTTED.items():
        room, _, name = dotted.rpartition(".")
        rooms.setdefault(room, {})[name] = thing
    return rooms


ROOMS: dict[str, dict[str, Any]] = _by_room()
"""The names of each room; "" is the top."""

NEAREST: dict[str, str] = {
    "log": "tf.math.log",
    "log1p": "tf.math.log1p",
    "ceil": "tf.math.ceil",
    "softmax": "tf.nn.softmax",
    "relu": "tf.nn.relu",
    "mul": "tf.multiply",
    "sub": "tf.subtract",
    "div": "tf.divide",
    "neg": "tf.negative",
    "placeholder": "tf.constant",
    "Session": "tf.function",
    "InteractiveSession": "tf.function",
    "global_variables_initializer": "tf.Variable",
    "get_variable": "tf.Variable",
    "initialize_all_variables": "tf.Variable",
    "gradients": "tf.GradientTape",
    "train": "tf.keras.optimizers",
    "layers": "tf.keras.layers",
    "losses": "tf.keras.losses",
    "optimizers": "tf.keras.optimizers",
    "contrib": "tf.keras",
    "set_random_seed": "tf.random.set_seed",
    "random_normal": "tf.random.normal",
    "random_uniform": "tf.random.uniform",
    "truncated_normal": "tf.random.truncated_normal",
    "to_float": "tf.cast",
    "to_int32": "tf.cast",
    "string": "tf.int32",
    "complex64": "tf.float32",
    "complex128": "tf.float64",
    "float16": "tf.float32",
    "bfloat16": "tf.float32",
    "half": "tf.float32",
    "int8": "tf.int32",
    "int16": "tf.int32",
    "uint16": "tf.int32",
    "uint32": "tf.int64",
    "uint64": "tf.int64",
    "RaggedTensor": "tf.Tensor",
    "ragged": "tf.stack",
    "SparseTensor": "tf.Tensor",
    "sparse": "tf.Tensor",
    "TensorArray": "tf.stack",
    "while_loop": "tf.function",
    "cond": "tf.where",
    "case": "tf.where",
    "map_fn": "tf.stack",
    "vectorized_map": "tf.stack",
    "scan": "tf.stack",
    "foldl": "tf.reduce_sum",
    "image": "tf.reshape",
    "io": "tf.keras.utils",
    "strings": "tf.constant",
    "saved_model": "tf.keras.Model",
    "train.Checkpoint": "tf.keras.Model",
    "distribute": "tf.keras.Model",
    "device": "tf.config",
    "autodiff": "tf.GradientTape",
    "hessians": "tf.GradientTape",
    "conv2d": "tf.matmul",
    "max_pool2d": "tf.reduce_max",
    "conv1d": "tf.matmul",
    "embedding_lookup": "tf.gather",
    "batch_normalization": "tf.keras.layers.BatchNormalization",
    "pad": "tf.concat",
    "svd": "tf.linalg.inv",
    "eig": "tf.linalg.det",
    "eigh": "tf.linalg.det",
    "cholesky": "tf.linalg.inv",
    "qr": "tf.linalg.inv",
    "gather_nd": "tf.gather",
    "scatter_nd": "tf.one_hot",
    "tensor_scatter_nd_update": "tf.where",
    "slice": "tf.split",
    "gamma": "tf.random.normal",
    "categorical": "tf.argmax",
    "assert_equal": "tf.equal",
    "debugging": "tf.math.is_nan",
    "estimator": "tf.keras.Model",
    "lite": "tf.keras.Model",
    "feature_column": "tf.one_hot",
    "compat": "tf.function",
    "summary": "tf.print",
}
"""Where spelling does not tell: what there is instead, by the last part of the absent name."""


class Absent(AttributeError):
    """A name that is not here; the message, made when it is read, names the nearest one that is."""

    def __init__(self, room: str, name: str, others: Callable[[], list[str]]) -> None:
        super().__init__(room, name)
        self.room = room
        self.asked = name
        self.others = others

    def __str__(self) -> str:
        path = ".".join(["tf", *filter(None, [self.room])])
        said = f"module 'backprop_tutor.{path}' has no attribute {self.asked!r}"
        near = NEAREST.get(self.asked)
        if near is None:
            close = difflib.get_close_matches(self.asked, self.others(), 1, 0.0)
            near = f"{path}.{close[0]}" if close else ""
            elsewhere = [f"tf.{dotted}" for dotted in _DOTTED if dotted.rpartition(".")[2] == self.asked]
            near = elsewhere[0] if elsewhere else near
        return f"{said}; the nearest there is: {near}" if near else said

    def __reduce__(self) -> Any:
        return AttributeError, (str(self),)


def found(room: str, name: str) -> Any:
    """Return what a room has under a name.

    Raises:
        AttributeError: nothing.
    """
    names = ROOMS[room]
    if name in names:
        return names[name]
    raise Absent(room, name, lambda: sorted(names))
