"""What a user may do with the tensors that nodes save: pack them away, and unpack them again.

While `saved_tensors_hooks` is in force, operations save what the first hook makes of a tensor; the
way back reads what the second hook makes of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .. import tape
from ..tape import OUT, Tensor, wrap

__all__ = ["saved_tensors_hooks"]

Hook = Callable[[Any], Any]


class _Packed(list[Any]):
    """What a node saved, packed; reading it unpacks.

    An entry is None, a raw array that is no tensor of the user's, or (packed, tensor or None).
    """

    def __init__(self, entries: list[Any], unpack: Hook) -> None:
        super().__init__(entries)
        self.unpack = unpack

    def tensors(self) -> list[Any]:
        """Return what was saved, as tensors."""
        found: list[Any] = []
        for entry in super().__iter__():
            if not isinstance(entry, tuple):
                found.append(entry if entry is None else wrap(entry))
                continue
            made = self.unpack(entry[0])
            if not isinstance(made, Tensor):
                raise TypeError("Output of saved tensor unpack_hook expected to be a Tensor")
            source = entry[1]
            if source is not None and made is not source:
                again = wrap(made._a)
                again._edge, again._rg = tape.edge_of(source), source._rg
                made = again
            found.append(made)
        return found

    def __iter__(self) -> Iterator[Any]:
        return iter([None if x is None else x._a for x in self.tensors()])

    def __getitem__(self, index: Any) -> Any:
        return list(self)[index]


class saved_tensors_hooks:
    """A context in which `pack` is given every tensor that is saved, and `unpack` gives it back.

    >>> from backprop_tutor import engine as torch
    >>> x = torch.tensor([2.0], requires_grad=True)
    >>> with saved_tensors_hooks(lambda t: t.tolist(), torch.tensor):
    ...     y = x.exp()
    >>> y.backward(); x.grad
    tensor([7.3891])
    """

    def __init__(self, pack_hook: Hook, unpack_hook: Hook) -> None:
        self.pack, self.unpack = pack_hook, unpack_hook

    def _kept(self, saved: Any, ver: Any, out: Any) -> tuple[Any, Any]:
        entries: list[Any] = []
        for each in saved:
            if each is OUT:
                result = wrap(out)
                entries.append((self.pack(result), None))
            elif isinstance(each, Tensor):
                entries.append((self.pack(each), each))
            else:
                entries.append(each)
        return _Packed(entries, self.unpack), [None] * len(entries)

    def __enter__(self) -> None:
        self.before = tape.replace_saving(self._kept)

    def __exit__(self, *exc: object) -> None:
        tape.replace_saving(self.before)
