"""The reference: every public name with its signature and its docstring, as one page of Markdown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from griffe import Docstring, Parser

import backprop_tutor as bt
from backprop_tutor import testing

from .groups import GROUPS

__all__ = ["reference"]


def reference() -> str:
    """Return the page.

    Raises:
        SystemExit: a public name is in no group, or a group names one that there is not.
    """
    listed = [name for names in GROUPS.values() for name in names]
    if sorted(listed) != sorted(bt.__all__):
        raise SystemExit(
            f"the reference and bt.__all__ differ in {sorted({*listed} ^ {*bt.__all__})}"
        )
    page = [
        "# Reference",
        "",
        "Every public name of `import backprop_tutor as bt`, and of `bt.testing`.",
        "",
    ]
    for title, names in GROUPS.items():
        page += [f"## {title}", ""]
        for name in names:
            page += _described(f"bt.{name}", getattr(bt, name))
    page += ["## Assertions for tests of one's own", ""]
    for name in testing.__all__:
        page += _described(f"bt.testing.{name}", getattr(testing, name))
    return "\n".join(page)


def _described(name: str, thing: Any, level: int = 3) -> Iterator[str]:
    """Yield a name's heading, signature, docstring, and below a class its methods."""
    yield from (f"{'#' * level} {name}", "")
    if not (inspect.isclass(thing) and issubclass(thing, Exception)):
        yield from ("```python", f"{name}{_signature(thing)}", "```", "")
    yield from _told(inspect.getdoc(thing) or "")
    if inspect.isclass(thing) and thing.__module__.startswith("backprop_tutor"):
        for method, made in _members(thing):
            yield from (f"**`.{method}{_signature(made)}`**", "")
            yield from _told(inspect.getdoc(made) or "")


def _members(thing: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties that a class documents itself."""
    for name, made in vars(thing).items():
        made = getattr(made, "__func__", made)
        if (
            not name.startswith("_")
            and (inspect.isfunction(made) or isinstance(made, property))
            and made.__doc__
        ):
            yield name, made


def _signature(thing: Any) -> str:
    """Return a signature without its annotations of types, which the stub has; nothing for a property."""
    if isinstance(thing, property) or not callable(thing):
        return ""
    try:
        found = inspect.signature(thing)
    except ValueError:
        return "(...)"
    bare = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in found.parameters.values()
        if p.name != "self"
    ]
    return str(found.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def _told(text: str) -> Iterator[str]:
    """Yield a docstring as Markdown: its prose, its arguments and errors as lists, its examples as code."""
    for section in Docstring(text).parse(Parser.google, warn_missing_types=False):
        kind = section.kind.value
        if kind == "text":
            yield from _prose(section.value)
        elif kind == "examples":
            for _, value in section.value:
                yield from _prose(value)
        elif kind in ("parameters", "attributes", "raises", "other parameters"):
            yield from (f"{'Errors' if kind == 'raises' else kind.capitalize()}:", "")
            for item in section.value:
                said = " ".join(item.description.split())
                yield f"- `{item.annotation if kind == 'raises' else item.name}`: {said}"
            yield ""
        else:
            raise SystemExit(f"the reference has no form for a docstring's {kind}")


def _prose(text: str) -> Iterator[str]:
    """Yield prose, its doctests as code."""
    inside = False
    for line in text.splitlines():
        if line.startswith(">>>") and not inside:
            yield "```pycon"
            inside = True
        elif not line.strip() and inside:
            yield "```"
            inside = False
        yield line if inside else line.replace("*", "\\*").replace("<", "\\<")
    if inside:
        yield "```"
    yield ""
