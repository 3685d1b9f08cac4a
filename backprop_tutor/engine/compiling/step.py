"""`compile`: a training step, or a model, that runs as a written program where that is seen to be the same.

The first call of a form (shapes, dtypes, arguments) runs eagerly and is watched. From what it did a program
is written, run from the state before and held to what the eager call left; from then on it takes the
step's place. Whatever is otherwise than it was, and whatever cannot be written, runs eagerly; `reason`
says why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from ..nn.module import Module
from ..tensors.randomness import default_generator
from .following import Followed
from .guarding import EAGER, MISS
from .nearness import close
from .program import Program
from .reading import Reader
from .state import Kept
from .values import Unwritable
from .watching import Watch

__all__ = ["CompiledStep", "compile_step"]

FORMS_AT_MOST = 8
"""Programs that are kept; the oldest gives way."""

WRITTEN_AT_MOST = 64
TRIES = 3

OF_VALUES = "an eager step has something to say of these values"


class CompiledStep:
    """A function of tensors, run as a program where it can be.

    `reason` says why the last call ran eagerly, and is empty where it ran as a program; `source` is the
    program of the last call; `explain()` tells its loss in the tutor; `calls` counts the calls that ran as
    programs and those that ran eagerly.
    """

    def __init__(self, function: Callable[..., Any], fullgraph: bool = False) -> None:
        self._function = function
        self._fullgraph = fullgraph
        self._free = Lock()
        self._count = 0
        self._step = function.forward if isinstance(function, Module) else function
        self._programs: list[Program] = []
        self._failed: dict[Any, tuple[int, str]] = {}
        self._last: Program | None = None
        self.reason: str = "it has not been called"
        self._example: tuple[Any, dict[str, Any]] | None = None
        self.calls: dict[str, int] = {"written": 0, "eager": 0}
        if not isinstance(function, Module):
            update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the function returns, having done what it does."""
        if not self._free.acquire(False):  # another thread's call, or one from within
            return self._function(*args, **kwargs)
        try:
            last = self._last
            if last is not None and not kwargs and len(args) == len(last.names):
                found = last.run(*args)
                if found is not MISS and found is not EAGER:
                    self.calls["written"] += 1
                    return found
                if found is EAGER:
                    return self._eagerly(args, kwargs, OF_VALUES)
            return self._otherwise(args, kwargs)
        finally:
            self._free.release()

    def _otherwise(self, args: Any, kwargs: dict[str, Any]) -> Any:
        """Look for another program; watch the call where there is none."""
        leaves, form = _form(args, kwargs)
        for program in self._programs:
            if program.form == form:
                found = program.run(*leaves)
                if found is EAGER:
                    return self._eagerly(args, kwargs, OF_VALUES)
                if found is not MISS:
                    self._last = program if program.plain else self._last
                    self.calls["written"] += 1
                    self.reason = ""
                    return found
        tries, why = self._failed.get(form, (0, ""))
        if tries >= TRIES:
            return self._eagerly(args, kwargs, why)
        if self._count >= WRITTEN_AT_MOST:
            return self._eagerly(
                args, kwargs,
                f"it was written {WRITTEN_AT_MOST} times, for other arguments or settings each time")
        return self._watched(args, kwargs, leaves, form)

    def _eagerly(self, args: Any, kwargs: dict[str, Any], why: str) -> Any:
        self.reason = why
        self.calls["eager"] += 1
        return self._function(*args, **kwargs)

    def _watched(self, args: Any, kwargs: dict[str, Any], leaves: list[Any], form: Any) -> Any:
        self._example = args, kwargs
        reader = Reader(self._step)
        watch = Watch(reader)
        kept = Kept(reader)
        try:
            return self._tried(args, kwargs, leaves, form, watch, kept)
        finally:
            kept.release()

    def _tried(
        self, args: Any, kwargs: dict[str, Any], leaves: list[Any], form: Any, watch: Watch, kept: Kept
    ) -> Any:
        """Return what the function returns, having written a program of what it did, if that can be."""
        reader = kept.reader
        if isinstance(self._function, Module):
            reader.root(self._function, "model")
        before = default_generator.get_state()
        self.calls["eager"] += 1
        try:
            result = watch.call(self._function, args, kwargs)
        except BaseException:
            self.reason = "the call raised an exception"
            raise
        try:
            if watch.trouble:
                raise Unwritable(watch.trouble)
            _refuse_leaves(leaves, reader)
            try:
                program = self._written(watch, kept, leaves, result, before)
            except (TypeError, ValueError, KeyError, IndexError, AttributeError, RuntimeError) as error:
                raise Unwritable(f"it could not be written ({type(error).__name__}: {error})") from error
        except Unwritable as why:
            tries = self._failed.get(form, (0, ""))[0]
            self.reason = str(why)
            self._failed[form] = (tries + (not kept.new_state), self.reason)
            if self._fullgraph and not kept.new_state:
                raise RuntimeError(f"the step cannot be compiled: {self.reason}") from why
            return result
        program.form, program.plain = form, not kwargs and all(
            a is b for a, b in zip(args, leaves, strict=False)) and len(args) == len(leaves)
        self._count += 1
        self._programs = [*self._programs[1 - FORMS_AT_MOST:], program]
        self._last = program if program.plain else self._last
        self.reason = ""
        return result

    def _written(self, watch: Watch, kept: Kept, leaves: list[Any], result: Any, before: Any) -> Program:
        """Return the program of a watched call, held to what the call left."""
        after = default_generator.get_state()
        kept.look()
        try:
            kept.go_back()
            default_generator.set_state(before)
            followed = Followed(watch, leaves, kept.gradients(), kept.together)
            program = Program(followed, leaves, result)
            found = program.run(*leaves)
            if found is MISS or found is EAGER:
                raise Unwritable("what the step looks up is changed by the step itself")
            kept.compare()
            _alike(found, result)
            if not np.array_equal(default_generator.get_state()._a, after._a):
                raise Unwritable("the program draws other random numbers than the eager step")
        finally:
            kept.go_on()
            default_generator.set_state(after)
        return program

    @property
    def source(self) -> str:
        """The program of the last call that ran as one, each line with what it belongs to."""
        program = self._last or (self._programs[-1] if self._programs else None)
        return program.source if program is not None else ""

    def explain(self, format: str = "text", **options: Any) -> str:
        """Return the derivation of the step's loss at layers scale, at the weights that there are now.

        The batch is that of the last call that was watched. `bt.from_step(step, x, y)` is the derivation
        itself, for any batch. Options are those of its `explain`.

        Raises:
            OptionError: a step that was not called, or one that cannot be opened.
        """
        # Explanations are the tutor's, which stands above the engine: it is asked for when one is wanted.
        bridge = import_module("backprop_tutor.bridge")
        args, kwargs = self._example or ((), {})
        return str(bridge.from_step(self, *args, **kwargs).explain(format, **options))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._function, name)

    def __repr__(self) -> str:
        return f"<compiled {getattr(self._function, '__name__', type(self._function).__name__)}>"


def _form(args: Any, kwargs: dict[str, Any]) -> tuple[list[Any], Any]:
    """Return the arguments as leaves, and what tells one form of them from another."""
    leaves: list[Any] = []

    def form(given: Any) -> Any:
        if type(given) in (tuple, list):
            return (type(given).__name__, *(form(each) for each in given))
        if type(given) is dict:
            return ("dict", *((key, form(each)) for key, each in given.items()))
        leaves.append(given)
        if isinstance(given, Tensor):
            return ("tensor", given._a.shape, given._a.dtype.str, given._rg)
        return ("other", type(given).__name__)

    found = (tuple(form(each) for each in args), tuple((name, form(each)) for name, each in kwargs.items()))
    return leaves, found


def _refuse_leaves(leaves: list[Any], reader: Reader) -> None:
    known: dict[int, Any] = {id(each._a): each for each in reader.tensors}
    for each in leaves:
        if isinstance(each, Tensor):
            if known.setdefault(id(each._a), each) is not each or any(
                each is other for other in reader.tensors
            ):
                raise Unwritable("an argument shares its array with another tensor of the step")
            if each.requires_grad:
                raise Unwritable("an argument requires a gradient")
            if type(each) is not Tensor or each.is_inference():
                raise Unwritable("an argument is a tensor of a kind of its own")
        elif not isinstance(each, (int, float, str, bool, type(None))):
            raise Unwritable(
                f"an argument is a {type(each).__name__}; tensors and plain values are followed")


def _alike(found: Any, result: Any) -> None:
    """Hold what the program returns to what the eager call returned."""
    if isinstance(result, Tensor):
        same = isinstance(found, Tensor) and close(found._a, result._a)
    elif isinstance(result, (tuple, list)):
        same = type(found) is type(result) and len(found) == len(result)
        for a, b in zip(found, result, strict=False):
            _alike(a, b)
    elif isinstance(result, dict):
        same = isinstance(found, dict) and list(found) == list(result)
        for key in result:
            _alike(found.get(key), result[key])
    elif isinstance(result, float):
        same = isinstance(found, float) and close(np.asarray(found), np.asarray(result), 1e-4)
    else:
        same = type(found) is type(result) and bool(found == result)
    if not same:
        raise Unwritable("the program returns something else than the eager step")


def compile_step(
    model: Callable[..., Any] | None = None, *, fullgraph: bool = False, disable: bool = False
) -> Any:
    """Return a function (a training step, or a model) that runs as a written program where it can be.

    Without a function it is a decorator with options. With `fullgraph` a step that cannot be written is an
    error instead of staying eager; `disable` returns the function itself.

    >>> from backprop_tutor import engine as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    >>> def train_step(x, y):
    ...     optimizer.zero_grad()
    ...     loss = ((layer(x) - y) ** 2).mean()
    ...     loss.backward()
    ...     optimizer.step()
    ...     return loss
    >>> step = torch.compile(train_step)
    >>> x, y = torch.ones(4, 2), torch.zeros(4, 1)
    >>> losses = [step(x, y).item() for _ in range(3)]
    >>> step.calls
    {'written': 2, 'eager': 1}

    Raises:
        TypeError: something that cannot be called.
        RuntimeError: with `fullgraph`, by the call of a step that cannot be written; what it did is done.
    """
    if model is None:
        return partial(compile_step, fullgraph=fullgraph, disable=disable)
    if not callable(model):
        raise TypeError(f"compile() takes a function or a module, not {type(model).__name__}")
    return model if disable else CompiledStep(model, fullgraph)
