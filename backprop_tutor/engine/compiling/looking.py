"""One call up to its first backward pass, then everything put back: for who wants to see its loss."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..autograd import requests
from ..autograd.tape import Tensor
from ..nn.module import Module
from ..tensors.randomness import default_generator
from .reading import Reader, users
from .recording import code_of
from .state import Kept
from .values import Unwritable

__all__ = ["Seen", "loss_of"]

_SCALAR, _BACKWARD = code_of(requests.from_scalar), code_of(requests.backward)


class _FoundError(BaseException):
    """The call has come to its backward pass; no `except Exception` of a user's stops it."""


class Seen:
    """The loss of a step, with its graph, the modules that the step uses, and what tensors are called."""

    def __init__(self, loss: Tensor, reader: Reader) -> None:
        self.loss = loss
        inside = {id(part) for module in reader.modules for part in module.modules() if part is not module}
        self.models: list[Module] = [each for each in reader.modules if id(each) not in inside]
        self.names: dict[str, Tensor] = {
            reader.names[id(each)]: each for each in reader.tensors if each._rg
        }


class _Looking:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.loss: Any = None
        self.why = ""

    def seen(self, frame: FrameType, event: str, arg: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code is _SCALAR or code is _BACKWARD:
            self.loss = frame.f_locals["root" if code is _SCALAR else "tensors"]
            raise _FoundError
        if users(frame):
            try:
                self.reader.read(frame)
            except Unwritable as why:
                self.why = self.why or str(why)


def loss_of(function: Callable[..., Any], args: Any, kwargs: Any) -> Seen:
    """Return the tensor whose backward pass a call of the function begins, at the state that there is.

    Parameters, gradients, statistics, states of optimizers and random numbers stay as they are.

    Raises:
        ValueError: the call makes no backward pass, or does what could not be undone; it says what.
    """
    if sys.getprofile() is not None:
        raise ValueError("a profiler is running, and only one function can follow the calls")
    step = function.forward if isinstance(function, Module) else function
    reader = Reader(step)
    looking, kept = _Looking(reader), Kept(reader)
    before = default_generator.get_state()
    sys.setprofile(looking.seen)
    try:
        function(*args, **kwargs)
    except _FoundError:
        pass  # as far as it was to go
    finally:
        sys.setprofile(None)
        kept.undo()
        default_generator.set_state(before)
    if looking.why:
        raise ValueError(looking.why)
    if not isinstance(looking.loss, Tensor):
        raise ValueError("it makes no backward pass of one loss")
    return Seen(looking.loss, reader)
