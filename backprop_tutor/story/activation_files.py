"""The page on activations and its pictures, as texts by their files' names."""

from __future__ import annotations

from collections.abc import Sequence

from ..sentences import said
from .activation_facts import FAMILIES, Facts, interval_text
from .activation_pictures import (
    activation_picture,
    activations_picture,
    depth_picture,
    family_picture,
)
from .depth import Through
from .page import Section, page
from .written import Content, of_pictures

__all__ = ["activation_files", "depth_files", "flat_text"]


def flat_text(each: Facts) -> str:
    """Return where an activation dies or saturates, as text."""
    dead = said(" and ").join(map(interval_text, each.dead))
    low = said(" and ").join(map(interval_text, each.saturated))
    parts = [said("dead at {where}", where=dead)] if dead else []
    parts += [said("saturated at {where}", where=low)] if low else []
    return "; ".join(parts) or said("nowhere")


def activation_files(found: Sequence[Facts], command: str) -> dict[str, Content]:
    """Return activations.html, the picture of all, and one of each family."""
    whole = activations_picture(found)
    pictures = {"activations": whole}
    sections = [Section(heading=said("all of them"), told="", svg=whole.svg, wide=True)]
    for each in found:
        rows = (
            (said("formula"), each.formula),
            (said("slope"), each.slope),
            (said("range"), each.range),
            (said("flat"), flat_text(each)),
        )
        svg = activation_picture(each).svg
        sections.append(Section(heading=each.name, told="", svg=svg, rows=rows))
    for each in found:
        if each.name in FAMILIES:
            family = family_picture(each.name)
            pictures[f"family-{each.name}"] = family
            told = said("The larger s is, the nearer σ comes to a step, and softplus to relu.")
            sections.append(Section(heading=FAMILIES[each.name][0], told=told, svg=family.svg))
    title = said("activations and their slopes")
    lead = [
        said(
            "Where a slope is 0 nothing goes back through the unit; where it is below 0.01 almost nothing "
            "does. Slopes at kinks are PyTorch's."
        )
    ]
    return {"activations.html": page(title, lead, sections, command), **of_pictures(pictures)}


def depth_files(found: Sequence[Through], scale: float, command: str) -> dict[str, Content]:
    """Return depth.html and its picture."""
    drawn = depth_picture(found, scale)
    told = said(
        "The bars are the root mean square of the gradient at each layer's net inputs. A unit is dead "
        "where its slope is 0 for every one of the rows."
    )
    section = Section(heading=drawn.title, told=told, svg=drawn.svg, wide=True)
    return {"depth.html": page(drawn.title, [], [section], command), **of_pictures({"depth": drawn})}
