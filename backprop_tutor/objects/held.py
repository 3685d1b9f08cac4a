"""What a derivation hands out to be looked at: paths, costs, growth, each as text and in a notebook.

The records below know no rendering; here they meet it, and nothing is computed.
"""

from __future__ import annotations

from ..studies import costs as _costs
from ..studies import paths as _paths

__all__ = ["Costs", "Growth", "Paths", "growth"]


class Paths(_paths.Paths):
    """All paths from a node to the output, printed path by path, a table in a notebook."""

    __slots__ = ()

    def __str__(self) -> str:
        from ..render.narration.document import Document  # start-up time, as for all rendering here
        from ..render.narration.routes import paths_lines
        from ..render.narration.text import text

        return text(Document(tuple(paths_lines(self)))).rstrip("\n")

    def _repr_html_(self) -> str:
        from ..render.narration.document import Document
        from ..render.narration.html import html
        from ..render.narration.routes import paths_table

        return html(Document(tuple(paths_table(self))), top=3)


class Costs(_costs.Costs):
    """What all gradients together take, three ways: a table."""

    __slots__ = ()

    def __str__(self) -> str:
        from ..render.narration.document import Document
        from ..render.narration.routes import costs_section
        from ..render.narration.text import text

        return text(Document(tuple(costs_section(self)))).rstrip("\n")

    def _repr_html_(self) -> str:
        from ..render.narration.document import Document
        from ..render.narration.html import html
        from ..render.narration.routes import costs_section

        return html(Document(tuple(costs_section(self))), top=3)


class Growth(_costs.Growth):
    """How the costs grow with depth: a table."""

    __slots__ = ()

    def __str__(self) -> str:
        from ..render.narration.document import Document
        from ..render.narration.routes import growth_section
        from ..render.narration.text import text

        return text(Document(tuple(growth_section(self)))).rstrip("\n")

    def _repr_html_(self) -> str:
        from ..render.narration.document import Document
        from ..render.narration.html import html
        from ..render.narration.routes import growth_section

        return html(Document(tuple(growth_section(self))), top=3)


def growth(depth: int = 5, width: int = 2) -> Growth:
    """Return what the gradients of ever deeper sigmoid networks take, by paths, differences, one pass.

    Args:
        depth: the number of layers of the deepest one; of more than eight depths 1, 2, 4, ... are shown.
        width: the nodes of each layer but the last, which has one.

    Raises:
        OptionError: a depth or a width that does not fit.

    >>> [(layers, costs.by_paths.total, costs.by_pass.total) for layers, costs in growth(3)]
    [(1, 30, 17), (2, 114, 43), (3, 338, 69)]
    """
    return _costs.grow(depth, width, Growth)
