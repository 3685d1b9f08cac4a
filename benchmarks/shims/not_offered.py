"""What a shim raises where a suite asks for something that the engine does not offer."""

from __future__ import annotations

from typing import Any, NoReturn


class NotOffered(BaseException):
    """A test is not applicable, and why, in one line.

    It is no `Exception`, so that a suite's `assertRaises(Exception)` does not take it for an answer.
    """


_parts: list[str] = []


def left_out(reason: str) -> None:
    """Note that a part of the running test was not done, and why: the test passes in part at best."""
    _parts.append(reason)


def parts_left_out() -> list[str]:
    """Return what was noted since the last call."""
    found = sorted(set(_parts))
    _parts.clear()
    return found


class Missing:
    """Stands for a name that a suite imports and the shim has not: each use of it says so."""

    def __init__(self, name: str, reason: str) -> None:
        self.__dict__.update(said=f"{name}: {reason}", __name__=name)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotOffered(self.said)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        self._refuse()

    __call__ = __setattr__ = __getitem__ = __iter__ = __enter__ = _refuse
    __lt__ = __gt__ = __le__ = __ge__ = _refuse


class Anything:
    """A class of a name that the shim has not: a suite may derive from it; making one says so."""

    reason = "not offered"

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotOffered(f"{type(self).__name__}: {self.reason}")


__all__ = ["Anything", "Missing", "NotOffered", "left_out", "parts_left_out"]
