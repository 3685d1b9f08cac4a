"""The names of a program as Python takes them: each an identifier, no two alike, none that means something.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

from ..graph import Graph
from ..language import shown_name
from ..ops.source_functions import SOURCES

__all__ = ["Identifiers", "of_graph"]


class Identifiers:
    """Identifiers for the nodes of a graph, and more of them on request.

    >>> names = Identifiers(["w", "lambda", "np", "dw"])
    >>> [names.of[each] for each in ("w", "lambda", "np", "dw")], names.another("dw")
    (['w', 'λ', 'np_', 'dw'], 'dw_')
    """

    def __init__(self, names: Iterable[str], reserved: Iterable[str] = ()) -> None:
        self._taken: set[str] = {*_MEANT, *reserved}
        self.of: dict[str, str] = {name: self.another(_plain(name)) for name in names}

    def another(self, wanted: str) -> str:
        """Return the wanted identifier, lengthened where it is taken, and take it."""
        found = wanted
        while unicodedata.normalize("NFKC", found) in self._taken:
            found += "_"
        self._taken.add(unicodedata.normalize("NFKC", found))
        return found

    def give_back(self, names: Iterable[str]) -> None:
        """Let names that another function used be given again."""
        self._taken.difference_update(names)

    def numbered(self, letter: str) -> str:
        """Return the letter with the next number that is free."""
        number = 1
        while f"{letter}{number}" in self._taken:
            number += 1
        return self.another(f"{letter}{number}")


def of_graph(graph: Graph) -> Identifiers:
    """Return the identifiers of a graph's nodes, but for its constants."""
    return Identifiers((node.name for node in graph.nodes if node.kind != "constant"), SOURCES)


def _plain(name: str) -> str:
    for each in (name, shown_name(name)):
        if each.isidentifier() and not keyword.iskeyword(each):
            return each
    cleaned = re.sub(r"\W", "_", name)
    return cleaned if cleaned.isidentifier() and not keyword.iskeyword(cleaned) else f"v_{cleaned}"


_MEANT = frozenset(
    {"np", "math", "forward", "backward", "values", "gradients", "inputs", *keyword.kwlist, *dir(builtins)}
)
"""What means something in the programs that are written."""
