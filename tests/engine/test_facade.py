"""What `backprop_tutor.engine` offers, and what importing it costs."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
import warnings

import numpy as np
import pytest

from backprop_tutor import engine as torch


def test_every_name_of_the_facade_exists() -> None:
    """`__all__` lists what is there, and only that."""
    assert [name for name in torch.__all__ if not hasattr(torch, name)] == []
    assert len(set(torch.__all__)) == len(torch.__all__)


@pytest.mark.parametrize("room", ["autograd", "nn", "optim", "utils", "random", "special", "linalg"])
def test_the_rooms_load_when_asked_for(room: str) -> None:
    """Submodules are attributes, as in PyTorch."""
    assert getattr(torch, room).__name__.endswith(room)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that is not there is refused as modules refuse."""
    with pytest.raises(AttributeError, match="no attribute 'tesnor'"):
        torch.tesnor  # noqa: B018


def printed(program: str) -> str:
    """Return what a Python program prints in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8",
    ).stdout.strip()


def test_importing_the_engine_loads_nothing() -> None:
    """Neither a heavy package nor the engine's own rooms; NumPy comes with the first tensor."""
    heavy = ("numpy", "sympy", "networkx", "matplotlib", "rich")
    loaded = printed(
        "import sys, backprop_tutor.engine\n"
        f"print([m for m in sys.modules if m in {heavy!r} or m.startswith('backprop_tutor.engine.')])"
    )
    assert loaded == "[]"


def test_training_needs_no_heavy_package() -> None:
    """A network is trained without SymPy, networkx, matplotlib and rich."""
    heavy = ("sympy", "networkx", "matplotlib", "rich")
    loaded = printed(
        "import sys\nfrom backprop_tutor import engine as torch\n"
        "model = torch.nn.Linear(2, 1)\nloss = model(torch.ones(3, 2)).sum()\nloss.backward()\n"
        "torch.optim.SGD(model.parameters(), lr=0.1).step()\n"
        f"print([m for m in sys.modules if m in {heavy!r}])"
    )
    assert loaded == "[]"


@pytest.mark.parametrize(
    "room",
    [
        "autograd", "gradient_tape", "keras", "nn", "optim", "plots", "random", "saving", "special",
        "training", "utils.data",
    ],
)
def test_a_room_entered_first_has_whole_tensors(room: str) -> None:
    """Whatever is imported first, tensors have their methods."""
    assert printed(
        f"import backprop_tutor.engine.{room}\nfrom backprop_tutor.engine.tape import Tensor\n"
        "print('__add__' in vars(Tensor), 'backward' in vars(Tensor))"
    ) == "True True"


def test_no_module_takes_the_place_of_a_name() -> None:
    """A loaded module becomes an attribute of the package, so no name of the top may be called so."""
    modules = {found.name for found in pkgutil.iter_modules(torch.__path__)}
    assert modules & set(torch.__all__) == {"linalg"}


def test_everything_can_be_imported_by_a_star() -> None:
    """`import *` brings the names that `__all__` lists."""
    assert printed(
        "from backprop_tutor.engine import *\nprint(tensor([1.0, 2.0]).sum().item(), callable(save))"
    ) == "3.0 True"


def test_arithmetic_never_warns_of_infinities() -> None:
    """Overflow, division by zero and nan are results, and NumPy's own settings stay as they were."""
    before = np.geterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = torch.tensor([0.0, -1.0, 1e38], requires_grad=True)
        y = (x.log() + 1 / x + x.exp() + x * x + x.sqrt()).sum()
        y.backward()
        (torch.tensor([[1e38]]) @ torch.tensor([[1e38]])).mean()
        torch.tensor([float("inf")]).var(correction=0)
    assert np.geterr() == before


def test_from_numpy_and_numpy_share_memory() -> None:
    """Both ways the memory is one."""
    array = np.zeros(3)
    x = torch.from_numpy(array)
    x.add_(1)
    assert array.tolist() == [1.0, 1.0, 1.0]
    x.numpy()[0] = 9
    assert x[0].item() == 9.0


def test_a_subclass_of_tensor_keeps_its_class_but_not_its_results() -> None:
    """Parameters are tensors; what is computed from them is a plain tensor."""

    class Mine(torch.Tensor):
        pass

    x = torch.Tensor._make_subclass(Mine, torch.ones(2), True)
    y = x * 2
    y.sum().backward()
    assert type(x) is Mine
    assert type(y) is torch.Tensor
    assert x.grad.tolist() == [2.0, 2.0]
