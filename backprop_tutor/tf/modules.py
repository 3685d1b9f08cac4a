"""`tf.Module`: an object whose variables are found among its attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .structures import leaves_of
from .variables import Variable

__all__ = ["Module", "snake"]


def snake(name: str) -> str:
    """Return a class's name as a variable's: `MyModel` as `my_model`.

    >>> snake("BatchNormalization"), snake("MyModel2D")
    ('batch_normalization', 'my_model2_d')
    """
    apart = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", apart).lower()


class Module:
    """Subclasses keep variables, or modules with variables, as attributes.

    >>> from backprop_tutor import tf
    >>> class Line(tf.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.w = tf.Variable(5.0)
    ...         self.b = tf.Variable(0.0)
    ...     def __call__(self, x):
    ...         return self.w * x + self.b
    >>> len(Line().trainable_variables)
    2
    """

    def __init__(self, name: str | None = None) -> None:
        self._name = name or snake(type(self).__name__)

    @property
    def name(self) -> str:
        """What it is called."""
        return getattr(self, "_name", "") or snake(type(self).__name__)

    def _parts(self) -> Iterator[Any]:
        """Yield the attributes' values, by name, those of lists one by one."""
        for key in sorted(vars(self)):
            yield from leaves_of(vars(self)[key])

    @property
    def submodules(self) -> tuple[Module, ...]:
        """The modules among the attributes, and those within them."""
        found: dict[int, Module] = {}
        waiting: list[Module] = [self]
        while waiting:
            for part in waiting.pop(0)._parts():
                if isinstance(part, Module) and part is not self and id(part) not in found:
                    found[id(part)] = part
                    waiting.append(part)
        return tuple(found.values())

    @property
    def variables(self) -> Any:
        """The variables among the attributes, and those of the modules among them, each once."""
        found: dict[int, Variable] = {}
        for module in (self, *self.submodules):
            found.update({id(part): part for part in module._parts() if isinstance(part, Variable)})
        return tuple(found.values())

    @property
    def trainable_variables(self) -> Any:
        """The variables that are trained."""
        return tuple(each for each in self.variables if each.trainable)

    @property
    def non_trainable_variables(self) -> Any:
        """The variables that are not trained."""
        return tuple(each for each in self.variables if not each.trainable)
