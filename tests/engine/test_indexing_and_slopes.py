"""What the test suites of other small engines ask of operations, in words of our own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from hypothesis.strategies import data, floats, integers, lists

from backprop_tutor import engine as torch


def slopes_of(f: Any, *values: Any, dtype: Any = torch.float64) -> list[Any]:
    """Return the slopes of the sum of what f gives, one list for each argument."""
    given = [torch.tensor(v, dtype=dtype, requires_grad=True) for v in values]
    return [g.tolist() for g in torch.autograd.grad(f(*given).sum(), given)]


# What the suites that `benchmarks.other_suites` runs found; the numbers are PyTorch's.


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        ((0, slice(None), [0, 1]), (3, 2)),
        ((torch.tensor(0), slice(None), [0, 1]), (3, 2)),
        ((None, 0, slice(None), [0, 1]), (1, 3, 2)),
        ((1, slice(None), [[0], [2]]), (3, 2, 1)),
        ((1, ..., [0, 3, 3]), (3, 3)),
        (([0, 1], slice(None), 0), (2, 3)),
        ((0, [0, 2], [1, 3]), (2,)),
        ((1, torch.tensor([True, False, True])), (2, 4)),
        ((0, slice(None), True, [1]), (3, 1)),
    ],
)
def test_a_number_beside_arrays_of_positions_is_selected_first(key: Any, shape: Any) -> None:
    """The arrays' dimensions stay where the arrays are; NumPy would count the number among them."""
    x = torch.arange(24.0).reshape(2, 3, 4).requires_grad_()
    picked = x[key]
    assert picked.shape == shape
    picked.sum().backward()
    counted = torch.zeros(2, 3, 4)
    counted[key] = 1.0
    assert x.grad.sum().item() == picked.numel()
    assert torch.equal(x.grad > 0, counted > 0)


def test_values_go_where_a_number_and_positions_name() -> None:
    """x[0, :, [0, 1]] has the shape (3, 2), for reading and for assigning, with its gradients."""
    x = torch.arange(24.0).reshape(2, 3, 4)
    assert x[0, :, [0, 1]].tolist() == [[0.0, 1.0], [4.0, 5.0], [8.0, 9.0]]
    v = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)
    y = x * 1
    y[0, :, [3, 1]] = v
    assert y[0].tolist() == [[0.0, 2.0, 2.0, 1.0], [4.0, 4.0, 6.0, 3.0], [8.0, 6.0, 10.0, 5.0]]
    (y * x).sum().backward()
    assert v.grad.tolist() == [[3.0, 1.0], [7.0, 5.0], [11.0, 9.0]]
    leaf = torch.zeros(2, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad"):
        leaf[0, [1, 2]] = 1.0
    with pytest.raises(IndexError, match="index 5 is out of bounds for dimension 0 with size 2"):
        x[5, :, [0]]


def test_a_slice_refuses_the_step_0_and_a_number_refuses_slices() -> None:
    with pytest.raises(ValueError, match="slice step cannot be zero"):
        torch.ones(3)[::0]
    with pytest.raises(ValueError, match="step must be greater than zero"):
        torch.ones(3)[::-1]
    with pytest.raises(IndexError, match=r"slice\(\) cannot be applied to a 0-dim tensor\."):
        torch.tensor(2)[:]


def test_powers_of_0_fall_from_infinity_along_their_exponent() -> None:
    """d(0^y)/dy is 0 from y = 0 on and -inf below."""
    exponents = [-2.0, -0.3, 0.0, 1.0, 2.5]
    down = [-np.inf, -np.inf, 0.0, 0.0, 0.0]
    assert slopes_of(lambda y: 0**y, exponents) == [down]
    assert slopes_of(lambda x, y: x**y, [0.0] * 5, exponents)[1] == down


@pytest.mark.filterwarnings("ignore:The reduce argument of torch.scatter with Tensor src")
def test_scattered_numbers_multiply() -> None:
    """`scatter` with `reduce` has no gradient, as in PyTorch; another word is refused."""
    places = torch.tensor([0, 0, 2])
    x, factors = torch.tensor([1.0, 5.0, 2.0]), torch.tensor([2.0, 3.0, 4.0])
    assert x.scatter(0, places, factors, reduce="multiply").tolist() == [6.0, 5.0, 8.0]
    assert x.scatter(0, places, 2.0, reduce="multiply").tolist() == [4.0, 5.0, 4.0]
    assert x.scatter(0, places, factors, reduce="add").tolist() == [6.0, 5.0, 6.0]
    assert x.clone().scatter_(0, places, factors, reduce="multiply").tolist() == [6.0, 5.0, 8.0]
    out = x.requires_grad_().scatter(0, places, factors, reduce="multiply")
    with pytest.raises(RuntimeError, match="derivative for aten::scatter is not implemented"):
        out.sum().backward()
    with pytest.raises(RuntimeError, match="reduce argument must be either add or multiply"):
        x.scatter(0, places, factors, reduce="mean")


# What MyGrad's suite asks of classifiers, in our words; its tests come with its repository alone.

SCORES = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=floats(-700, 700, width=64)
)


@given(SCORES)
def test_probabilities_of_any_scores_add_up_to_1(scores: Any) -> None:
    """Along each dimension, and those of the logarithms too."""
    x = torch.tensor(scores)
    for dim in (0, 1, -1):
        for found in (torch.softmax(x, dim), torch.log_softmax(x, dim).exp()):
            assert ((found >= 0) & (found <= 1)).all()
            np.testing.assert_allclose(found.sum(dim).numpy(), 1.0, rtol=1e-12)


@given(SCORES, data())
def test_cross_entropy_is_the_likelihood_of_log_softmax(scores: Any, drawn: Any) -> None:
    """With weights of the classes and without; value and gradient, which sums to 0 in each row."""
    rows, classes = scores.shape
    labels = torch.tensor(drawn.draw(lists(integers(0, classes - 1), min_size=rows, max_size=rows)))
    weight = torch.tensor(drawn.draw(arrays(np.float64, classes, elements=floats(0.1, 100))))
    F = torch.nn.functional
    for given_weight in (None, weight):
        one = torch.tensor(scores, requires_grad=True)
        two = torch.tensor(scores, requires_grad=True)
        direct = F.cross_entropy(one, labels, given_weight)
        composed = F.nll_loss(torch.log_softmax(two, 1), labels, given_weight)
        direct.backward()
        composed.backward()
        assert direct.item() == pytest.approx(composed.item(), rel=1e-10, abs=1e-12)
        np.testing.assert_allclose(one.grad.numpy(), two.grad.numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(one.grad.sum(1).numpy(), 0.0, atol=1e-12)


def test_where_nothing_is_recorded_a_tensor_gives_its_array() -> None:
    """Under `no_grad`, and so in the forward of a function of one's own."""
    x = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        assert x.numpy().tolist() == np.asarray(x).tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match=r"Can't call numpy\(\) on Tensor that requires grad"):
        x.numpy()

    class Doubled(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return torch.from_numpy(x.numpy() * 2)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 2

    Doubled.apply(x).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_bits_of_decimals_are_refused() -> None:
    """By the function and by the operator, in their own words."""
    for call in (torch.bitwise_not, torch.Tensor.bitwise_not):
        with pytest.raises(NotImplementedError, match=r"^bitwise_not\(\) is not defined for torch.float32; .*long"):
            call(torch.ones(2))
    with pytest.raises(TypeError, match=r"~ \(operator.invert\) is only implemented on integer"):
        ~torch.ones(2)
    assert (~torch.tensor([True, False])).tolist() == [False, True]
    assert torch.bitwise_not(torch.tensor([0, 5])).tolist() == (~torch.tensor([0, 5])).tolist() == [-1, -6]


@pytest.mark.parametrize(
    ("shifts", "message"),
    [((1, 2), "shifts and dimensions must align. shifts: 2, dims:0"), ((), "`shifts` required")],
)
def test_several_shifts_need_as_many_dimensions(shifts: tuple[int, ...], message: str) -> None:
    """As tinygrad's suite asks: shifts without dimensions are one, over the flattened tensor."""
    x = torch.arange(8).reshape(2, 4)
    assert torch.roll(x, (3,)).tolist() == [[5, 6, 7, 0], [1, 2, 3, 4]]
    with pytest.raises(RuntimeError) as caught:
        torch.roll(x, shifts)
    assert str(caught.value) == message


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_equal_elements_keep_their_order(dim: int, descending: bool) -> None:
    """Sorted up or down along any dimension, equal elements stand as they stood, and places name them."""
    numbers = np.array([[3, 1, 3, 2], [1, 1, 0, 5], [3, 1, 2, 2]])
    lines = numbers.T if dim == 0 else numbers
    expected = [sorted(range(len(line)), key=lambda i: (-line[i] if descending else line[i], i)) for line in lines]
    places = np.array(expected).T if dim == 0 else np.array(expected)
    values, where = torch.tensor(numbers).sort(dim, descending, stable=True)
    assert where.tolist() == places.tolist()
    assert torch.argsort(torch.tensor(numbers), dim, descending, stable=True).tolist() == places.tolist()
    assert values.tolist() == np.take_along_axis(numbers, places, dim).tolist()


def test_whole_numbers_and_truths_are_finite() -> None:
    """Integers and booleans are never nan nor infinite."""
    for kind in (torch.int64, torch.uint8, torch.bool):
        held = torch.ones(2, dtype=kind)
        assert [f(held).tolist() for f in (torch.isnan, torch.isinf, torch.isfinite)] == [
            [False, False], [False, False], [True, True],
        ]  # fmt: skip
