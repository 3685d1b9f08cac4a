"""What one course adds to backprop_tutor; pyproject.toml names each thing as an entry point.

    pip install ./examples/course_extras
    backprop-tutor explain "f = bent_identity(w*x)" w=2 x=1 --format rst
"""

import re
from typing import Any

from backprop_tutor.extending import (
    ENGINES,
    N_,
    Document,
    EdgeView,
    Formulas,
    Heading,
    Math,
    Operation,
    Paragraph,
    Slip,
    handed_on_edges,
)

BENT_IDENTITY = Operation(
    name="bent_identity", spelled=("bent_identity", "bentid"), sign="bent", rule=N_("bent identity rule"),
    forward=lambda k, a: (k.sqrt(a * a + 1) - 1) / 2 + a,
    partials=(lambda k, out, a: a / (2 * k.sqrt(a * a + 1)) + 1,),
    because=N_("the slope of the bent identity lies between one half and three halves"),
    stands_for=lambda: "(sqrt(a1^2 + 1) - 1)/2 + a1",
    activation=True, samples=((0.5,), (-1.5,)),
)  # fmt: skip
"""(√(x² + 1) − 1)/2 + x, an activation."""


def _without_the_line(view: EdgeView) -> float:
    return view.local - 1


LINE_FORGOTTEN = Slip(
    name="line-forgotten", family="activation",
    sentence=N_("The slope of the straight part, 1, is missing."),
    hint=N_("The bent identity is a sum: does each of its terms have a slope?"),
    sites=handed_on_edges(_without_the_line, ops="bent_identity"),
)  # fmt: skip
"""A wrong rule that students of this course use."""


def _inline(part: str | Math) -> str:
    return part if isinstance(part, str) else f"``{part.unicode}``"


def restructured_text(explanation: Document) -> str:
    """Return an explanation as reStructuredText: headings, prose and formulas."""
    lines: list[str] = []
    for block in explanation.blocks:
        match block:
            case Heading(level=level, parts=parts):
                title = "".join(map(_inline, parts))
                lines += ["", title, "=-~"[min(level, 3) - 1] * len(title), ""]
            case Paragraph(parts=parts):
                lines += ["".join(map(_inline, parts)), ""]
            case Formulas(lines=formulas):
                lines += ["::", ""]
                lines += ["    " + " = ".join(term.unicode for term in terms) for _, terms, _ in formulas]
                lines += [""]
    return "\n".join(lines).strip() + "\n"


def web_page(picture: Any) -> str:
    """Return a picture as a page of its own."""
    return f"<!doctype html>\n<meta charset='utf-8'>\n<title>A computational graph</title>\n{picture.svg}\n"


def roomy(plan: str) -> dict[str, Any]:
    """Return where Graphviz puts the parts of a plan, with an inch between columns."""
    embedded: Any = ENGINES["embedded"]
    found: dict[str, Any] = embedded(re.sub(r"ranksep=[\d.]+", "ranksep=1", plan))
    return found
