"""What `backprop_tutor.engine` offers, and what importing it costs."""

from __future__ import annotations

import pickle
import pkgutil
import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine.absent import NEAREST, AbsentMethods, AbsentName


def test_every_name_of_the_facade_exists() -> None:
    """`__all__` lists what is there, and only that."""
    assert [name for name in torch.__all__ if not hasattr(torch, name)] == []
    assert len(set(torch.__all__)) == len(torch.__all__)


@pytest.mark.parametrize("room", ["autograd", "nn", "optim", "utils", "random", "linalg"])
def test_the_rooms_load_when_asked_for(room: str) -> None:
    """Submodules are attributes, as in PyTorch."""
    assert getattr(torch, room).__name__.endswith(room)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that is not there is refused as modules refuse."""
    with pytest.raises(AttributeError, match="no attribute 'tesnor'"):
        torch.tesnor  # noqa: B018


def test_a_tensor_says_so_of_every_name_that_pytorch_has_and_it_has_not() -> None:
    """What tensors are without is refused by name and not offered; a user may store something under it."""
    x = torch.ones(2)
    absent = [name for name in vars(AbsentMethods) if name[0] != "_" and name not in vars(torch.Tensor)]
    assert len(absent) > 300
    assert not {*absent} & {*dir(x)}
    for name in absent:
        with pytest.raises(AbsentName):
            getattr(x, name)
    x.name = "w"
    assert (x.name, "name" in dir(x), hasattr(torch.ones(2), "name")) == ("w", True, False)


def test_reading_a_tensor_asks_no_function_first() -> None:
    """No class of tensors has a `__getattr__`: it would make each attribute cost five times as much."""
    assert not hasattr(torch.Tensor, "__getattr__")
    assert not hasattr(torch.nn.Parameter, "__getattr__")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: torch.tesnor, "module 'backprop_tutor.engine' has no attribute 'tesnor'; the nearest "
         "there is: tensor"),
        (lambda: torch.float16, "module 'backprop_tutor.engine' has no attribute 'float16'; the nearest "
         "there is: float32"),
        (lambda: torch.ones(2).half, "'Tensor' object has no attribute 'half'; the nearest there is: float"),
        (lambda: torch.ones(2).erfc_, "'Tensor' object has no attribute 'erfc_'; the nearest there is: erf_"),
        (lambda: torch.Tensor.svd, "'Tensor' object has no attribute 'svd'; the nearest there is: norm"),
        (lambda: torch.nn.Parameter(torch.ones(2)).cov, "'Parameter' object has no attribute 'cov'; the "
         "nearest there is: cot"),
        (lambda: torch.ones(2).half_, "'Tensor' object has no attribute 'half_'; the nearest there is: "
         "float"),
        (lambda: torch.nn.Conv2d, "module 'backprop_tutor.engine.nn' has no attribute 'Conv2d'; the "
         "nearest there is: Linear"),
        (lambda: torch.nn.functional.pad, "module 'backprop_tutor.engine.nn.functional' has no attribute "
         "'pad'; the nearest there is: torch.cat"),
        (lambda: torch.optim.LBFGS, "module 'backprop_tutor.engine.optim' has no attribute 'LBFGS'; the "
         "nearest there is: Adam"),
        (lambda: torch.optim.lr_scheduler.StepRL, "module 'backprop_tutor.engine.optim.lr_scheduler' has "
         "no attribute 'StepRL'; the nearest there is: StepLR"),
        (lambda: torch.linalg.svd, "module 'backprop_tutor.engine.linalg' has no attribute 'svd'; the "
         "nearest there is: norm"),
        (lambda: torch.autograd.graph, "module 'backprop_tutor.engine.autograd' has no attribute 'graph'; "
         "the nearest there is: grad"),
        (lambda: torch.utils.data.Dataloader, "module 'backprop_tutor.engine.utils.data' has no attribute "
         "'Dataloader'; the nearest there is: DataLoader"),
        (lambda: torch.nn.init.xavier_uniforn_, "module 'backprop_tutor.engine.nn.init' has no attribute "
         "'xavier_uniforn_'; the nearest there is: xavier_uniform_"),
    ],
)
def test_an_absent_name_names_the_nearest_there_is(ask: Any, said: str) -> None:
    """A name outside of the scope, or a typing error, is an attribute error that helps."""
    with pytest.raises(AttributeError) as caught:
        ask()
    assert str(caught.value) == said
    assert str(pickle.loads(pickle.dumps(caught.value))) == said  # noqa: S301  (our own bytes)


def test_the_nearest_names_are_there() -> None:
    """Each name that the table of absent names leads to can be had, and none that it lists."""
    rooms = (torch, torch.Tensor, torch.nn, torch.nn.functional, torch.optim, torch.linalg,
             torch.autograd, torch.autograd.functional)
    for absent, nearest in NEAREST.items():
        path = nearest.split(".")
        if path[0] == "torch":
            found: Any = torch
            for name in path[1:]:
                found = getattr(found, name)
        else:
            assert any(hasattr(room, nearest) for room in rooms), nearest
        assert not any(hasattr(room, absent) for room in rooms), absent


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
        "autograd.gradient_tape", "keras", "nn", "optim", "plots", "random", "tensors.saving", "training",
        "utils.data",
    ],
)
def test_a_room_entered_first_has_whole_tensors(room: str) -> None:
    """Whatever is imported first, tensors have their methods."""
    assert printed(
        f"import backprop_tutor.engine.{room}\nfrom backprop_tutor.engine.autograd.tape import Tensor\n"
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
