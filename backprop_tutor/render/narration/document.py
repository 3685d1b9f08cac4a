"""What stands between the narration and the markup: blocks of text, formulas and tables, frozen.

`narrate.py` builds a `Document`; `text.py`, `markdown.py` and `tex.py` write it. No block knows how it
will be written, and no escaping happens before the writers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Block",
    "Bullets",
    "Document",
    "Formulas",
    "Grid",
    "Heading",
    "Inline",
    "Math",
    "Paragraph",
    "Table",
    "grid_latex",
]


@dataclass(frozen=True, slots=True)
class Math:
    """A formula, in Unicode and in LaTeX; `role` is "value", "gradient", "local" or nothing."""

    unicode: str
    latex: str
    role: str = ""


Inline = str | Math
"""A piece of a line: prose or a formula."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the document's title."""

    level: int
    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of prose and formulas; `indent` counts levels to the right, in text."""

    parts: tuple[Inline, ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Formulas:
    """Displayed formulas, one a line, each a chain of terms joined by equals signs.

    `lead` is what stands before a line (a label), `remark` what stands behind it.
    """

    lines: tuple[tuple[str, tuple[Math, ...], str], ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one item a line."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every cell is a run of prose and formulas. `right` are columns aligned right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix that is equal to the terms before it: `Z = X @ W = [ … ]`.

    `rows` are its entries as shown; a vector is one row. `remark` stands behind it: its shape, and what
    of a large matrix is left out.
    """

    terms: tuple[Math, ...]
    rows: tuple[tuple[Math, ...], ...]
    remark: str = ""
    indent: int = 0


Block = Heading | Paragraph | Formulas | Bullets | Table | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks in order."""

    blocks: tuple[Block, ...]


def grid_latex(block: Grid) -> str:
    r"""Return a grid as a displayed formula: terms joined by `=`, then the matrix."""
    rows = r" \\ ".join(" & ".join(entry.latex for entry in row) for row in block.rows)
    matrix = rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
    return " = ".join([*(term.latex for term in block.terms), matrix])
