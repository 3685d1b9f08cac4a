"""What a shim raises where a suite asks for something that the engine does not offer."""

from __future__ import annotations

from typing import Any, NoReturn


class NotOffered(BaseException):
    """A test is not applicable, and why, in one line.

    It is no `Exception`, so that a suite's `assertRaises(Exception)` does not take it for an answer.
    """


class Missing:
    """Stands for a name that a suite imports and the shim has not: each use of it says so."""

    def __init__(self, name: str, reason: str) -> None:
        self.__dict__["said"] = f"{name}: {reason}"

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


__all__ = ["Anything", "Missing", "NotOffered"]
