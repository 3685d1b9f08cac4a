"""The words of the live page, each by its name, in English; pages say them in their language."""

from __future__ import annotations

from collections.abc import Mapping

from ..sentences import N_

__all__ = ["WORDS"]

WORDS: Mapping[str, str] = {
    "title": N_("Backprop tutor"),
    "lead": N_("Type a formula. Every value and every gradient follows."),
    "skip": N_("Skip to the picture"),
    "examples": N_("Examples"),
    "program": N_("Program"),
    "program-hint": N_("One assignment a line; the last one is the output."),
    "values": N_("Values"),
    "no-values": N_("Values for the inputs will stand here."),
    "values-hint": N_("Drag a name sideways, press ↑ or ↓, or type. Matrices: 1 2; 3 4"),
    "drawn": N_("drawn"),
    "read-as": N_("read as"),
    "scale": N_("Scale"),
    "scale-layers": N_("layers"),
    "scale-neurons": N_("neurons"),
    "scale-gates": N_("gates"),
    "language": N_("Language"),
    "theme": N_("Colours"),
    "theme-auto": N_("as the system"),
    "theme-light": N_("light"),
    "theme-dark": N_("dark"),
    "save": N_("Save as"),
    "share": N_("Copy the link"),
    "shared": N_("Copied. The link holds program, values, scale and step."),
    "not-shared": N_("The address of this page is the link."),
    "saved": N_("Saved {name}."),
    "saving": N_("Making {name} …"),
    "lesson": N_("Lesson"),
    "picture": N_("Picture"),
    "picture-of": N_("Graph of {name}: {result}. The lesson below says every number."),
    "making-lesson": N_("The lesson is being made …"),
    "no-answer": N_("The server does not answer. What you typed is still here; it goes on by itself."),
    "was": N_("before: {old}"),
    "gradient-of": N_("gradient"),
    "no-script": N_("This page needs JavaScript; it loads nothing from anywhere else."),
    "empty": N_("Type a formula above, or choose an example."),
}
"""Every word of a page, by the name that templates and scripts have for it."""
