"""What derivations without numbers have in common: names, explanations, and refusals of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from ..errors import MissingValueError, OptionError
from ..frozen import Final
from ..language import Program, shown_name
from ..sentences import said
from ..translation import speaking, spoken

if TYPE_CHECKING:
    from ..render.narration.document import Document

__all__ = ["Unvalued", "given_once"]

_WITH_NUMBERS = ("json", "numpy", "torch")
"""Formats that hold numbers."""

_MOST = 6
"""So many inputs are listed where a derivation is shown."""


class _NoNumbersError(MissingValueError, AttributeError):
    """What needs numbers is asked of a derivation without them."""


class Unvalued(Final):
    """A derivation of a graph without numbers."""

    graph_table: Any  # Any: a graph of numbers or of arrays
    notes: tuple[str, ...]
    _NUMBERED: ClassVar[type[Any]]
    """The derivation with numbers, whose other attributes this one has not."""

    def without(self, what: str) -> str:
        """Return the message that something needs numbers."""
        return said("{what} needs numbers", what=what)

    def _listed(self) -> list[str]:
        """Return the inputs, as they are shown."""
        raise NotImplementedError

    def _parts(self) -> tuple[object, ...]:
        return (self.graph_table,)

    def __repr__(self) -> str:
        listed = self._listed()
        more = ", …" if len(listed) > _MOST else ""
        of = shown_name(self.output)
        return f"<{type(self).__name__} of {of} along {', '.join(listed[:_MOST])}{more}>"

    def __getattr__(self, name: str) -> NoReturn:
        known = hasattr(self._NUMBERED, name) or name in self._NUMBERED._FIELDS
        if name.startswith("_") or not known:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise _NoNumbersError(self.without(f"`{name}`"))

    @property
    def program(self) -> Program:
        """Return the program."""
        program: Program = self.graph_table.program
        return program

    @property
    def output(self) -> str:
        """Return the name of the output, the f of every ∂f/∂·."""
        return str(self.graph_table.nodes[self.graph_table.output].name)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of the inputs."""
        inputs: tuple[str, ...] = self.graph_table.inputs
        return inputs

    def _told(
        self, format: str | Callable[[Document], str], lang: str | None, document: Callable[[], Document]
    ) -> str:
        """Return an explanation in a format.

        Raises:
            MissingValueError: a format that holds numbers.
            OptionError: no such format.
        """
        from ..render.narration import explain as told  # start-up time: the sentences

        with speaking(lang or spoken()):
            own = told.own_writer(format, told.FORMATS)
            chosen = "" if own else told.checked_choice(format, told.format_names(), "format")
            if chosen in _WITH_NUMBERS:
                raise MissingValueError(self.without(said("the format {format}", format=chosen)))
            whole = document()
            return told.written_by(own, whole) if own is not None else told.written(whole, chosen)


def given_once(at: Any, values: Any) -> dict[str, Any]:
    """Return values given as a mapping and by name.

    Raises:
        OptionError: one is given both ways.
    """
    if set(at or {}) & set(values):
        raise OptionError(said("a value is given twice for one name"))
    return {**(at or {}), **values}
