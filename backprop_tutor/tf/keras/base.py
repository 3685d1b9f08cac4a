"""`Layer`: what is called on tensors and keeps variables, ready-made or written by a user.

A subclass makes its variables in `build` (or in `__init__`) and says in `call` what comes out. A layer
is built when it is first called.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ... import engine as torch
from ...engine.absent import AbsentName
from ..converting import array_of, dtype_of, raw_of
from ..dtypes import DTYPES, as_dtype
from ..functions.making import cast
from ..modules import Module, snake
from ..recording import Value
from ..structures import leaves_of, like
from ..tensors import Tensor
from ..variables import Variable
from . import regularizers
from .initializers import drawn
from .symbols import called, is_symbolic

__all__ = ["Layer", "as_inputs", "in_training", "named_within"]


class _Phase(threading.local):
    """Whether what is called now is called for training, where it is not said."""

    training: bool = False


PHASE = _Phase()


@contextmanager
def in_training(on: bool) -> Iterator[None]:
    """Let layers that are not told otherwise behave as in training, or as outside of it."""
    before, PHASE.training = PHASE.training, on
    try:
        yield
    finally:
        PHASE.training = before


def as_inputs(given: Any) -> Any:
    """Return inputs as tensors: fractions as float32, as Keras takes them."""
    return like(given, _as_input) if isinstance(given, dict) else _as_input(given)


def _as_input(given: Any) -> Any:
    if isinstance(given, Tensor):
        return given if dtype_of(given.raw).name != "float64" else cast(given, "float32")
    if isinstance(given, Value):
        return given.read()
    if isinstance(given, (list, tuple)) and given and all(isinstance(each, Value) for each in given):
        return type(given)(_as_input(each) for each in given)
    array = array_of(given)
    return Tensor(raw_of(array, DTYPES["float32"] if array.dtype.kind == "f" else None))


class Layer(Module):
    """A function of tensors with variables of its own.

    >>> from backprop_tutor import tf
    >>> class Scale(tf.keras.layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> print(Scale()([[1.0, 2.0]]))
    tf.Tensor([[1. 2.]], shape=(1, 2), dtype=float32)
    """

    built: bool = False
    _frozen = False
    _given_name: str | None = None
    _within = ""
    input_sizes: tuple[int, ...] | None = None
    output_sizes: tuple[int, ...] | None = None

    def __init__(
        self,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        input_shape: Any = None,
        input_dim: int | None = None,
        activity_regularizer: Any = None,
        **others: Any,
    ) -> None:
        unknown = [*others, *(["activity_regularizer"] if activity_regularizer is not None else [])]
        if unknown:
            raise ValueError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {unknown}")
        if dtype is not None and as_dtype(dtype).name != "float32":
            raise ValueError(f"layers compute in float32, not in {as_dtype(dtype).name}")
        super().__init__(name)
        self._given_name = name
        self._frozen = not trainable
        if input_shape is not None or input_dim is not None:
            given: Any = input_dim if input_shape is None else input_shape
            sizes = tuple(given) if isinstance(given, Sequence) else (given,)
            self.input_sizes = tuple(_size(each) for each in sizes)

    # -- for subclasses --------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make the variables for inputs of a shape, whose first size is the batch's."""

    def call(self, inputs: Any) -> Any:
        """Return what comes out; subclasses say what."""
        raise NotImplementedError(
            f"Layer {type(self).__name__} does not have a `call()` method implemented."
        )

    def add_weight(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
        regularizer: Any = None,
    ) -> Variable:
        """Return a new variable of the layer, its first value drawn by an initializer."""
        penalty = regularizers.get(regularizer)
        if isinstance(shape, str):
            shape, name = initializer if isinstance(initializer, (list, tuple)) else (), shape
            initializer = None
        given = shape if isinstance(shape, Sequence) else [] if shape is None else [shape]
        sizes = tuple(int(size) for size in given)
        raw = drawn(sizes, "glorot_uniform" if initializer is None else initializer)
        if dtype is not None:
            raw = raw.to(as_dtype(dtype).engine)
        path = f"{self._within}{self.name}/{name or 'variable'}"
        store = torch.nn.Parameter(raw, requires_grad=trainable and raw.dtype.is_floating_point)
        made = Variable.of(store, False, trainable, path)
        self.__dict__.setdefault("_added", []).append(made)
        self.penalised(penalty, made)
        return made

    def penalised(self, penalty: Any, variable: Variable | None) -> None:
        """Let a variable cost by its size, where there is a penalty and a variable."""
        if penalty is not None and variable is not None:
            self.__dict__.setdefault("_penalties", []).append(lambda: penalty(variable))

    @property
    def losses(self) -> list[Any]:
        """What the weights cost by their size, a number each, of the layers within too."""
        found: list[Any] = []
        for layer in [self, *self.all_layers()]:
            found += [cost() for cost in layer.__dict__.get("_penalties", ())]
        return found

    def all_layers(self) -> list[Layer]:
        """Return the layers within, and those within them."""
        found: dict[int, Layer] = {}
        waiting = list(reversed(self.sublayers))
        while waiting:
            layer = waiting.pop()
            if id(layer) not in found:
                found[id(layer)] = layer
                waiting += reversed(layer.sublayers)
        return list(found.values())

    # -- calling ---------------------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, training: bool | None = None, **options: Any) -> Any:
        """Return what comes out; the layer is built first, where it is not."""
        if is_symbolic(inputs):
            given = options if training is None else {**options, "training": bool(training)}
            return called(self, inputs, args, given)
        values = as_inputs(inputs)
        if not self.built:
            self.built_for(values)
        phase = PHASE.training if training is None else bool(training)
        if _takes(type(self).call, "training"):
            options["training"] = phase
        with in_training(phase):
            return self.call(values, *args, **options)

    def built_for(self, values: Any) -> None:
        """Make the variables for such inputs."""
        first = next(leaves_of(values))
        if isinstance(first, Tensor):
            sizes = tuple(first.raw.shape)
            self.build(_BatchShape((None, *sizes[1:])) if sizes else _BatchShape(()))
        self.built = True
        if self._frozen:
            self.trainable = False

    # -- variables -------------------------------------------------------------------------

    def _parts(self) -> Iterator[Any]:
        yield from leaves_of([value for key, value in vars(self).items() if key != "_model"])

    @property
    def sublayers(self) -> list[Layer]:
        """The layers among the attributes, in the order in which they were set."""
        found: dict[int, Layer] = {}
        for part in self._parts():
            if isinstance(part, Layer) and part is not self:
                found.setdefault(id(part), part)
        return list(found.values())

    @property
    def weights(self) -> list[Variable]:
        """The variables: those that are trained first, then the others."""
        found: dict[int, Variable] = {}
        waiting: list[Any] = [self]
        seen: set[int] = set()
        while waiting:
            each = waiting.pop()
            if isinstance(each, Variable):
                found.setdefault(id(each), each)
            elif id(each) not in seen:
                seen.add(id(each))
                parts = [part for part in each._parts() if isinstance(part, (Variable, Module))]
                own = [part for part in parts if isinstance(part, Variable)]
                waiting += [part for part in reversed(parts) if isinstance(part, Module)] + own[::-1]
        return list(found.values())

    @property
    def variables(self) -> list[Variable]:
        """The variables, as `weights`."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that are trained."""
        return [each for each in self.weights if each.trainable]

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables that are not trained."""
        return [each for each in self.weights if not each.trainable]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The variables that are trained."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The variables that are not trained."""
        return self.non_trainable_variables

    @property
    def trainable(self) -> bool:
        """Whether training changes the layer; set it to False to freeze it."""
        return not self._frozen

    @trainable.setter
    def trainable(self, on: bool) -> None:
        for layer in (self, *self.sublayers):
            layer._frozen = not on
        for each in self.weights:
            each.freeze(not on)

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Return the variables' values as arrays."""
        return [np.asarray(each) for each in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Assign arrays to the variables, in the order of `get_weights`.

        Raises:
            ValueError: another number of arrays, or an array of another shape.
        """
        own = self.weights
        if len(weights) != len(own):
            raise ValueError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of length "
                f"{len(weights)}, but the layer was expecting {len(own)} weights."
            )
        arrays = [array_of(each, variable.dtype) for each, variable in zip(weights, own, strict=True)]
        for array, variable in zip(arrays, own, strict=True):
            if array.shape != tuple(variable.shape):
                raise ValueError(
                    f"Layer {self.name} weight shape {tuple(variable.shape)} is not compatible with "
                    f"provided "
                    f"weight shape {array.shape}."
                )
        for array, variable in zip(arrays, own, strict=True):
            variable.assign(array)

    def count_params(self) -> int:
        """Return the number of parameters, trained or not."""
        return sum(each.raw.numel() for each in self.weights)

    def counts(self) -> tuple[int, int]:
        """Return the numbers of parameters that are trained and that are not."""
        kinds = [(each.trainable, each.raw.numel()) for each in self.weights]
        return sum(n for on, n in kinds if on), sum(n for on, n in kinds if not on)

    def __getattr__(self, name: str) -> Any:
        """Refuse a name by naming the nearest one."""
        meant = _MEANT.get(name)
        near = [meant] if meant and hasattr(type(self), meant) else []
        raise AbsentName(
            f"{type(self).__name__!r} object",
            name,
            lambda: near or [each for each in (*dir(type(self)), *vars(self)) if each[0] != "_"],
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


_MEANT = {
    "save": "get_weights",
    "save_weights": "get_weights",
    "load_weights": "set_weights",
    "to_json": "summary",
    "get_config": "summary",
    "predict_on_batch": "predict",
    "test_on_batch": "evaluate",
    "fit_generator": "fit",
}
"""Methods of Keras's that are not here, and what comes nearest where spelling does not tell."""


def _size(given: Any) -> int:
    """Return one size of an input shape.

    Raises:
        ValueError: no whole number above 0.
    """
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < 1:
        raise ValueError(f"a size in the input shape is {given!r}; expected a whole number above 0")
    return int(given)


class _BatchShape(tuple[Any, ...]):
    """An input's shape, None standing for the batch."""

    __slots__ = ()

    def as_list(self) -> list[Any]:
        """Return the sizes as a list."""
        return list(self)


def _takes(function: Callable[..., Any], name: str) -> bool:
    """Return whether a function has a parameter of that name, or takes any."""
    parameters = inspect.signature(function).parameters
    return name in parameters


def named_within(layer: Layer, others: list[Layer], within: str) -> None:
    """Name a layer, unless a user has, by its class and how many the model has: `dense`, `dense_1`."""
    if layer._given_name is None:
        kind = snake(type(layer).__name__)
        same = sum(snake(type(each).__name__) == kind for each in others)
        layer._name = f"{kind}_{same}" if same else kind
    layer._within = f"{within}/"
