"""The programs that arrange a plan: Graphviz in process, or the system's `dot`; one row each.

Enters: a plan in DOT. Leaves: Graphviz's JSON with positions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import graphviz

from ....choices import Layout
from ....errors import OptionError, TutorError, did_you_mean, quoted
from ....installed import LAYOUTS as GROUP
from ....installed import listed, named
from ....sentences import N_, said
from .embedded import arranged

__all__ = ["ENGINES", "MISSING_DOT", "Engine", "find_engine"]

Engine = Callable[[str], dict[str, Any]]

MISSING_DOT = N_(
    "the system has no Graphviz: the program `dot` was not found on the PATH; install Graphviz "
    "(graphviz.org), or use what needs none: {instead}"
)


_SMALL = 20_000
"""Characters of a plan that is kept: of a circuit of about a hundred nodes."""

_again = lru_cache(maxsize=128)(arranged)
"""Plans say sizes, no texts: a row of a picture in which a digit has changed is often arranged already."""


def _embedded(plan: str) -> dict[str, Any]:
    try:
        return _loaded(_again(plan) if len(plan) <= _SMALL else arranged(plan))
    except Exception as error:
        if type(error).__name__ not in ("RenderError", "Trap", "WasmtimeError"):
            raise
        reason = str(error).strip().splitlines()[-1].strip()
        raise TutorError(
            said(
                "the embedded Graphviz could not arrange this graph ({reason}); the system's own may: "
                "--layout dot",
                reason=reason,
            )
        ) from error


def _system(plan: str) -> dict[str, Any]:
    try:
        return _loaded(graphviz.pipe("dot", "json0", plan.encode("utf-8"), quiet=True))
    except graphviz.ExecutableNotFound:
        raise OptionError(said(MISSING_DOT, instead="--layout embedded")) from None
    except graphviz.CalledProcessError as error:
        raise TutorError(said("the system's `dot` failed: {error}", error=error)) from error


def _loaded(text: bytes) -> dict[str, Any]:
    found = json.loads(text)
    assert isinstance(found, dict)  # Graphviz's JSON is an object
    return found


ENGINES: dict[str, Engine] = {"embedded": _embedded, "dot": _system}


def checked_layout(layout: Layout) -> Layout:
    """Return the layout, if it is a function or there is one of that name.

    Raises:
        OptionError: there is none; the choices are named.
    """
    if callable(layout):
        return layout
    if not isinstance(layout, str) or (layout not in ENGINES and layout not in listed(GROUP)):
        names = [*ENGINES, *listed(GROUP)]
        hint = did_you_mean(layout, names) or said("the layouts: {names}", names=", ".join(names))
        raise OptionError(
            said("there is no layout {layout}; {hint}", layout=quoted(layout), hint=hint)
        ).about(names=[str(layout)], choices=names)
    return layout


def find_engine(layout: Layout) -> Engine:
    """Return the engine of that name; of a function, the function.

    Raises:
        OptionError: there is none; the choices are named.
    """
    chosen = checked_layout(layout)
    if callable(chosen):
        return _checked(chosen)
    return ENGINES[chosen] if chosen in ENGINES else _checked(named(GROUP, chosen))


def _checked(own: Engine) -> Engine:
    """Return an engine from outside whose mistakes are told as such."""

    def arranged_by(plan: str) -> dict[str, Any]:
        try:
            found: Any = own(plan)
        except Exception as error:  # whatever it raises is the layout's fault
            raise OptionError(
                said("the layout fails: {error}", error=f"{type(error).__name__}: {error}")
            ) from error
        if not isinstance(found, dict) or "bb" not in found:
            raise OptionError(
                said("a layout returns the graph as Graphviz's JSON has it: a dict with bb, objects, edges")
            )
        return found

    return arranged_by
