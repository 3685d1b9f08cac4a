"""The defaults of a record's options stand in its rules as they stand in the record."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from backprop_tutor.ops.tensor_record import TensorOperation
from backprop_tutor.ops.tensors import TENSOR_OPS


def rules(row: TensorOperation) -> Iterator[Any]:
    backward = [row.backward(0)] if callable(row.backward) else row.backward
    for rule in (row.shape, row.forward, *backward, row.indices, *row.index_gradients, row.stands_for):
        if rule is not None:
            yield rule


@pytest.mark.parametrize("row", TENSOR_OPS.values(), ids=lambda row: row.name)
def test_defaults_are_those_of_the_record(row: TensorOperation) -> None:
    """A rule that is called without an option takes what the record says of it."""
    options = dict(row.options)
    for rule in rules(row):
        for name, parameter in inspect.signature(rule).parameters.items():
            if name in options and parameter.default is not inspect.Parameter.empty:
                assert parameter.default == options[name], (rule, name)
