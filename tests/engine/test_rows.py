"""What the engine makes of elementwise rows: the same numbers, under the names the records say."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine import nn
from backprop_tutor.engine.fused.activations import layers, module_name, settings
from backprop_tutor.engine.keras.layers import ACTIVATIONS
from backprop_tutor.ops import OPS, Keras, Operation, Torch, camel
from backprop_tutor.ops.numpy_kernel import NUMPY

F = nn.functional
SHAPES: dict[int, list[tuple[tuple[int, ...], ...]]] = {
    1: [((7,),), ((),), ((2, 3),), ((0,),), ((2, 0),)],
    2: [((7,), (7,)), ((2, 1), (1, 3)), ((), (3,)), ((0,), (1,)), ((2, 0), (2, 1)), ((3,), (2, 3))],
}
KINDS = [torch.float64, torch.float32]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 2e-6}


def functions(row: Operation) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the engine's functions of a row, by where they stand."""
    named = row.torch
    if named is None:
        return
    if named.top and not row.loss:
        for name in (row.name, *named.also):
            yield f"torch.{name}", getattr(torch, name)
            if named.method:
                yield f"Tensor.{name}", lambda x, *rest, name=name: getattr(x, name)(*rest)
    if row.name in layers():
        yield f"F.{row.name}", getattr(F, row.name)
        yield f"nn.{module_name(row.name)}", getattr(nn, module_name(row.name))()


WHERE = [
    (place, row, function)
    for row in OPS.values()
    if row.elementwise
    for place, function in functions(row)
]
WRITTEN: list[tuple[str, Operation, Callable[..., Any]]] = [
    ("+", OPS["add"], torch.add),
    ("-", OPS["subtract"], torch.sub),
    ("*", OPS["multiply"], torch.mul),
    ("/", OPS["divide"], torch.div),
    ("**", OPS["power"], torch.pow),
    ("neg", OPS["negate"], torch.neg),
    ("maximum", OPS["max"], torch.maximum),
    ("minimum", OPS["min"], torch.minimum),
    ("mse_loss", OPS["squared_error"], lambda y, t: F.mse_loss(y, t, reduction="none")),
    (
        "binary_cross_entropy",
        OPS["binary_cross_entropy"],
        lambda p, t: F.binary_cross_entropy(p, t, reduction="none"),
    ),
]
"""Rules that the engine has written out, each of which is its row's."""


def operands(row: Operation, shapes: Any, kind: Any) -> list[Any]:
    """Return tensors of shapes, their elements taken from the row's samples in turn."""
    return [
        torch.tensor(np.resize([point[i] for point in row.samples], shape).tolist(), dtype=kind)
        .reshape(shape)
        .requires_grad_()
        for i, shape in enumerate(shapes)
    ]


def assert_holds(row: Operation, function: Callable[..., Any], shapes: Any, kind: Any) -> None:
    """Assert that a function has the row's values and gradients, shapes and dtypes."""
    if "loss" in getattr(function, "__name__", "") or row.loss:
        shapes = tuple(np.broadcast_shapes(*shapes) for _ in shapes)
    given = operands(row, shapes, kind)
    out = function(*given)
    arrays = [x.detach().numpy() for x in given]
    options = dict(row.options)
    with np.errstate(all="ignore"):
        wanted = np.asarray(row.forward(NUMPY, *arrays, **options))
        slopes = [
            np.asarray(row.partial(i)(NUMPY, wanted, *arrays, **options)) for i in range(len(given))
        ]
    close = {"rtol": TOLERANCE[kind], "atol": TOLERANCE[kind] / 10}
    assert out.dtype is kind
    assert out.detach().numpy().shape == wanted.shape
    np.testing.assert_allclose(out.detach().numpy(), wanted, **close)
    weights = np.resize([1.0, -0.5, 2.0], wanted.shape).astype(wanted.dtype)
    gradients = torch.autograd.grad(
        out, given, torch.tensor(weights.tolist(), dtype=kind).reshape(out.shape), allow_unused=True
    )
    for x, gradient, slope in zip(arrays, gradients, slopes, strict=True):
        full = weights * np.broadcast_to(slope, wanted.shape)
        lead = full.ndim - x.ndim
        kept = tuple(
            i + lead for i, n in enumerate(x.shape) if n == 1 and full.shape[i + lead] != 1
        )
        summed = full.sum((*range(lead), *kept)).reshape(x.shape)
        assert gradient.dtype is kind
        assert gradient.numpy().shape == x.shape
        np.testing.assert_allclose(gradient.numpy(), summed, **close)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize(
    ("place", "row", "function"), [*WHERE, *WRITTEN], ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_function_is_its_row(place: str, row: Operation, function: Any, kind: Any) -> None:
    """Values and gradients are the row's, in either dtype, of any shape, empty and broadcast ones too."""
    for shapes in SHAPES[row.least]:
        assert_holds(row, function, shapes, kind)


def assert_names_hold(row: Operation) -> None:
    """Assert that the engine has a row under the names that its record says, and the node's."""
    named = row.torch
    assert named is not None
    x = torch.tensor([row.samples[0][0]], dtype=torch.float64, requires_grad=True)
    rest = [torch.tensor([a], dtype=torch.float64) for a in row.samples[0][1:]]
    wanted = float(row.forward(NUMPY, *map(np.float64, row.samples[0]), **dict(row.options)))
    found = dict(functions(row))
    for function in found.values():
        made = function(x, *rest)
        assert made.item() == pytest.approx(wanted, rel=1e-12)
        assert type(made.grad_fn).__name__ == f"{named.node or camel(row.name)}Backward0"
    assert hasattr(torch, row.name) == named.top
    layer = row.activation if named.layer is None else named.layer
    assert hasattr(F, row.name) == layer
    if layer:
        parameters = list(settings(row.name))
        module = getattr(nn, module_name(row.name))
        assert [name for name in parameters if not hasattr(module(), name)] == []
        assert hasattr(F, f"{row.name}_") == named.layer_twin
        switched = "inplace" in vars(module())
        assert switched == named.switch
        assert isinstance(module(), nn.Module)
        whole = torch.tensor([1])
        if named.refuses:
            with pytest.raises(NotImplementedError, match=rf"{row.name}\(\) is not defined for torch.int64"):
                getattr(F, row.name)(whole)
        else:
            assert isinstance(getattr(F, row.name)(whole), torch.Tensor)
    if named.top:
        assert hasattr(torch.Tensor, row.name) == named.method
        assert hasattr(torch.Tensor, f"{row.name}_") == (named.twin and named.method)
        if named.method and named.twin:
            held = x.detach().clone()
            getattr(held, f"{row.name}_")(*rest)
            assert held.item() == pytest.approx(wanted, rel=1e-12)
        if row.least == 1 and row.name not in layers():
            kept = getattr(torch, row.name)(
                torch.tensor([4]) if row.name != "acos" else torch.tensor([1])
            )
            assert (kept.dtype is torch.int64) == (named.integers != "floating")
            if named.integers == "refused":
                with pytest.raises(NotImplementedError):
                    getattr(torch, row.name)(torch.tensor([True]))
            elif named.integers == "counted":
                assert getattr(torch, row.name)(torch.tensor([True])).dtype is torch.int64
            elif named.integers == "kept":
                assert getattr(torch, row.name)(torch.tensor([True])).dtype is torch.bool


NAMED = [row for row in OPS.values() if row.torch is not None and row.elementwise]


@pytest.mark.parametrize("row", NAMED, ids=lambda row: row.name)
def test_a_row_stands_where_its_record_says(row: Operation) -> None:
    """Functions, methods, twins that write, layers, modules and nodes have the record's names."""
    assert_names_hold(row)


def assert_keras_holds(row: Operation) -> None:
    """Assert that Keras's activations of a row's names compute it, with their options."""
    names = row.keras.names if row.keras else (row.name,)
    options = {**dict(row.options), **(dict(row.keras.options) if row.keras else {})}
    point = np.array([sample[0] for sample in row.samples])
    assert names
    for name in names:
        found = ACTIVATIONS[name]()(torch.tensor(point.tolist(), dtype=torch.float64))
        np.testing.assert_allclose(found.numpy(), row.forward(NUMPY, point, **options), rtol=1e-12)


KERAS = [row for row in OPS.values() if (row.activation or row.keras) and not row.outputs]


@pytest.mark.parametrize("row", KERAS, ids=lambda row: row.name)
def test_keras_has_an_activation_under_its_names(row: Operation) -> None:
    """Keras's name of a row is that row, with Keras's options."""
    assert_keras_holds(row)


PLANTED: list[tuple[str, dict[str, Any]]] = [
    ("asin", {"also": ("arccos",)}),
    ("exp", {"top": False}),
    ("exp", {"method": False}),
    ("exp", {"twin": False}),
    ("selu", {"twin": True, "method": True}),
    ("mish", {"layer_twin": True}),
    ("silu", {"module": "GELU"}),
    ("log1p", {"node": ""}),
    ("leaky_relu", {"arguments": None}),
    ("softsign", {"switch": True}),
    ("abs", {"integers": "kept"}),
    ("sign", {"integers": "floating"}),
    ("square", {"integers": "kept"}),
    ("elu", {"refuses": False}),
    ("celu", {"layer": False}),
]


@pytest.mark.parametrize(("name", "fault"), PLANTED, ids=str)
def test_a_planted_fault_in_a_name_is_noticed(
    name: str, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that says another name, place or dtype than the engine has fails the checks."""
    row = OPS[name]
    assert row.torch is not None
    wrong = dataclasses.replace(row, torch=dataclasses.replace(row.torch, **fault))
    monkeypatch.setattr("backprop_tutor.engine.fused.activations.OPS", {**OPS, name: wrong})
    with pytest.raises(
        (AssertionError, AttributeError, NotImplementedError, pytest.fail.Exception)
    ):
        assert_names_hold(wrong)


def test_a_fault_is_planted_in_every_name() -> None:
    """Each field of the records of names has a planted fault."""
    fields = {field.name for field in dataclasses.fields(Torch)}
    assert {name for _, fault in PLANTED for name in fault} == fields


@pytest.mark.parametrize(
    "fault",
    [Keras(names=("tanh",)), Keras(names=()), Keras(names=("sigmoid",), options=(("slope", 0.2),))],
    ids=str,
)
def test_a_wrong_name_of_keras_is_noticed(fault: Keras) -> None:
    """A record with another row's name of Keras's, or with options of another row, fails."""
    with pytest.raises((AssertionError, KeyError, TypeError)):
        assert_keras_holds(dataclasses.replace(OPS["sigmoid"], keras=fault))


def test_a_wrong_fast_rule_is_noticed() -> None:
    """A function whose gradient is not the row's fails, in either dtype."""

    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            out = x.relu()
            ctx.save_for_backward(out)
            return out

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 1.00001

    for kind in KINDS:
        with pytest.raises(AssertionError):
            assert_holds(OPS["relu"], Wrong.apply, ((7,),), kind)
