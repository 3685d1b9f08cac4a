"""A document as LaTeX that compiles with pdflatex, lualatex and xelatex: article, amsmath, booktabs."""

from __future__ import annotations

from ...language.symbols import GREEK
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
from .tex_characters import escape, packages

__all__ = ["escape", "tex"]

_PREAMBLE = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage{xcolor}
\usepackage[margin=2.5cm]{geometry}
%s\definecolor{value}{HTML}{007A00}
\definecolor{gradient}{HTML}{C00000}
\definecolor{local}{HTML}{1F5FBF}
\setlength{\parindent}{0pt}
\allowdisplaybreaks
\begin{document}
"""

def _math(part: Math) -> str:
    # A number that was typed keeps its text, and pdflatex knows no Unicode in formulas.
    formula = "".join(_IN_FORMULAS.get(c, c) for c in part.latex)
    if part.role in ("value", "gradient", "local"):
        return rf"{{\color{{{part.role}}}{formula}}}"
    return formula


_IN_FORMULAS = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "∞": r"\infty ", "½": r"\frac{1}{2}",
    **{letter: rf"\{name} " for name, letter in GREEK.items()},
}  # fmt: skip


def _inline(parts: tuple[Inline, ...]) -> str:
    return "".join(f"${_math(p)}$" if isinstance(p, Math) else escape(p) for p in parts)


_LONGEST_REMARK = 30
"""A longer remark gets a line of its own, so that it stays on the paper."""


def _formulas(block: Formulas) -> str:
    rows = []
    for lead, terms, remark in block.lines:
        left, *rest = [_math(term) for term in terms]
        label = rf"\text{{{escape(lead)}}}\quad " if lead else ""
        chain = left + (" = " + " = ".join(rest) if rest else "")
        long = len(remark) > _LONGEST_REMARK
        tail = rf" \quad \text{{({escape(remark)})}}" if remark and not long else ""
        rows.append(f"& {label}{chain}{tail}")
        if long:
            rows.append(rf"& \quad\parbox[t]{{0.85\linewidth}}{{({escape(remark)})}}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _table(block: Table) -> str:
    columns = "".join("r" if i in block.right else "l" for i in range(len(block.headers)))
    head = " & ".join(escape(h) for h in block.headers)
    rows = "\n".join(" & ".join(_inline(cell) for cell in row) + r" \\" for row in block.rows)
    return (
        f"\\begin{{longtable}}{{{columns}}}\n\\toprule\n{head} \\\\\n\\midrule\n\\endhead\n"
        f"{rows}\n\\bottomrule\n\\end{{longtable}}"
    )


_SECTIONS = {1: "section*", 2: "subsection*", 3: "subsubsection*"}


def tex(document: Document) -> str:
    """Return the document as a whole LaTeX file."""
    out = []
    for block in document.blocks:
        if isinstance(block, Heading):
            out.append(rf"\{_SECTIONS[min(block.level, 3)]}{{{_inline(block.parts)}}}")
        elif isinstance(block, Paragraph):
            out.append(_inline(block.parts) + r"\par")
        elif isinstance(block, Formulas):
            out.append(_formulas(block))
        elif isinstance(block, Bullets):
            items = "\n".join(r"\item " + _inline(item) for item in block.items)
            out.append(f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}")
        elif isinstance(block, Grid):
            formula = _math(Math("", grid_latex(block)))
            tail = rf" \quad \text{{({escape(block.remark)})}}" if block.remark else ""
            out.append(f"\\[\n{formula}{tail}\n\\]")
        else:
            out.append(_table(block))
    body = "\n\n".join(out)
    return _PREAMBLE % packages(body) + body + "\n\\end{document}\n"
