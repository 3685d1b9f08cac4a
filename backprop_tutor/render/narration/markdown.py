"""A document as Markdown with LaTeX maths, as GitHub and notebooks render it."""

from __future__ import annotations

import re

from .document import (
    Bullets,
    Document,
    Formulas,
    Grid,
    Heading,
    Inline,
    Math,
    Paragraph,
    Table,
    grid_latex,
)

__all__ = ["escape", "markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def escape(prose: str) -> str:
    r"""Return prose in which nothing is markup.

    >>> print(escape("a_b*c | <x>"))
    a\_b\*c \| \<x\>
    """
    return _SPECIAL.sub(r"\\\1", prose)


def _inline(parts: tuple[Inline, ...], cell: bool = False) -> str:
    out = []
    for part in parts:
        if isinstance(part, Math):
            # A bar inside a table would end the cell.
            formula = part.latex.replace("|", r"\vert ") if cell else part.latex
            out.append(f"${formula}$")
        else:
            out.append(escape(part))
    return "".join(out)


def _formulas(block: Formulas) -> str:
    rows = []
    for lead, terms, remark in block.lines:
        left, *rest = [term.latex for term in terms]
        chain = left + (" &= " + " = ".join(rest) if rest else "")
        label = rf"\text{{{_in_text(lead)}}}\quad " if lead else ""
        tail = rf" \quad \text{{({_in_text(remark)})}}" if remark else ""
        rows.append(f"{label}{chain}{tail}")
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$"


def _in_text(prose: str) -> str:
    return (
        prose.replace("\\", "")
        .replace("{", "(")
        .replace("}", ")")
        .replace("$", "")
        .replace("_", r"\_")
    )


def _table(block: Table) -> str:
    rules = ["---:" if i in block.right else "---" for i in range(len(block.headers))]
    lines = [
        "| " + " | ".join(escape(h) for h in block.headers) + " |",
        "| " + " | ".join(rules) + " |",
    ]
    lines += [
        "| " + " | ".join(_inline(cell, cell=True) for cell in row) + " |" for row in block.rows
    ]
    return "\n".join(lines)


def markdown(document: Document) -> str:
    """Return the document as Markdown, ending in a newline."""
    out = []
    for block in document.blocks:
        if isinstance(block, Heading):
            out.append("#" * block.level + " " + _inline(block.parts))
        elif isinstance(block, Paragraph):
            out.append(_inline(block.parts))
        elif isinstance(block, Formulas):
            out.append(_formulas(block))
        elif isinstance(block, Bullets):
            out.append("\n".join("- " + _inline(item) for item in block.items))
        elif isinstance(block, Grid):
            tail = rf" \quad \text{{({_in_text(block.remark)})}}" if block.remark else ""
            out.append(f"$$\n{grid_latex(block)}{tail}\n$$")
        else:
            out.append(_table(block))
    return "\n\n".join(out) + "\n"
