"""What schedules refuse, and what they take for each group of parameters."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine import optim


def two_groups() -> Any:
    groups = [{"params": [torch.ones(2, requires_grad=True)]} for _ in range(2)]
    return optim.SGD(groups, lr=0.1, momentum=0.5)


def test_a_function_is_wanted() -> None:
    """A number in place of the function of the epoch is refused at once, of one group or of one of two."""
    with pytest.raises(TypeError, match=r"lr_lambda should be a function, but got float"):
        optim.lr_scheduler.MultiplicativeLR(two_groups(), 0.9)
    with pytest.raises(TypeError, match=r"lr_lambda should be a function, but got float"):
        optim.lr_scheduler.MultiplicativeLR(two_groups(), [lambda epoch: 0.9, 0.9])


def test_a_cycle_takes_a_number_for_each_group() -> None:
    """Bounds may be one for each group; another count is refused with both counts."""
    optimizer = two_groups()
    optim.lr_scheduler.CyclicLR(optimizer, [0.01, 0.02], [0.1, 0.2], base_momentum=[0.7, 0.8], max_momentum=[0.9, 0.95])
    assert [group["lr"] for group in optimizer.param_groups] == [0.01, 0.02]
    assert [group["momentum"] for group in optimizer.param_groups] == [0.9, 0.95]
    with pytest.raises(ValueError, match=r"^expected 2 values for base_momentum, got 3$"):
        optim.lr_scheduler.CyclicLR(two_groups(), 0.01, 0.1, base_momentum=[0.7, 0.8, 0.9])


def test_what_is_remembered_of_a_node_outlives_its_hooks() -> None:
    """A node's `metadata` is one dictionary, and no hook that is removed takes it along."""
    node = (torch.ones(2, requires_grad=True) * 2).grad_fn
    node.metadata["kept"] = 1
    handles = [node.register_hook(lambda *given: None), node.register_prehook(lambda *given: None)]
    for handle in [*handles, node.register_hook(lambda *given: None)]:
        handle.remove()
    assert node.metadata == {"kept": 1}
