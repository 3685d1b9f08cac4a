"""`backprop-tutor animate`: all steps as a GIF, APNG or WebP, on one page, as PDF or LaTeX source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..errors import OptionError, quoted
from ..files import write_whole
from ..sentences import N_, counted, said, sentence
from .help_pages import LAYOUT, PATH, language, option
from .inputs import ProgramCommand, derivation, program_options
from .printing import say, wrote
from .scale_options import SIZES_AND_SCALES, binary_option, fit_option, size_and_scale

__all__ = ["animate"]

_MOVING = (".gif", ".apng", ".png", ".webp")
_PAGES = (".svg",)
_FIGURES = {".tex": "tex", ".tikz": "tex", ".pdf": "pdf"}


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor animate "f = wx + b" w=-2 x=5 b=3 -o f.gif
  backprop-tutor animate "f = wx + b" w=-2 x=5 b=3 -o f.webp --pace 0.8 --theme dark --once
  backprop-tutor animate "f = wx + b" w=-2 x=5 b=3 -o f.apng --title "{what} at {node}"
  backprop-tutor animate "f = wx + b" w=-2 x=5 b=3 --contact -o steps.svg
  backprop-tutor animate "f = wx + b" w=-2 x=5 b=3 --step 4 -o figure.tex
  backprop-tutor animate "f = wx + b" w=-2 x=5 b=3 --lang ko -o f.gif
""",
)
@program_options
@option("-o", "--output", required=True, type=PATH,
              help="The file: .gif, .apng, .png (APNG) or .webp; .tex for LaTeX source (TikZ), "
                   ".pdf for a page a step; with --contact .svg, .png or .pdf.")
@option("--pace", type=float, default=1.2, show_default=True, help="Seconds a frame.")
@option("--hold", type=float, help="Seconds the last frame stays; 2.5 frames if left out.")
@option("--loop/--once", default=True, show_default=True, help="Whether it plays again.")
@option("--title", default="{program}", show_default=True,
              help="Above the picture; fields: {program} {step} {count} {phase} {what} {node}.")
@option("--scale", type=SIZES_AND_SCALES, multiple=True,
              help="Show layers, neurons or gates; a number is pixels a px, about 1600 pixels wide if "
                   "left out.")
@fit_option
@binary_option
@option("--contact", is_flag=True, help="Put all frames on one page instead.")
@option("--columns", type=int, help="Frames beside each other on that page.")
@option("--step", type=int, help="With .tex and .pdf: the picture after this step alone.")
@option("--precision", type=int, help="Significant figures shown; 4 at the scale of gates.")
@option("--blank", default="", metavar="WHAT",
              help="Leave these blank: values,gradients,locals,downstream.")
@option("--theme", default="light", show_default=True, help="Colours: light, dark, colour-blind.")
@option("--layout", type=LAYOUT, default="embedded", show_default=True,
              help="The layout engine: the one that comes along, the system's Graphviz, or a package's.")
@language
@option("--force", is_flag=True, help="Draw graphs of more than 400 nodes too.")
def animate(
    output: str, pace: float, hold: float | None, loop: bool, title: str,
    scale: tuple[float | str, ...], fit: str | None, binary: bool, contact: bool, columns: int | None,
    step: int | None, precision: int | None, blank: str, theme: str, layout: str, force: bool,
    **program: Any,
) -> None:  # fmt: skip
    """Show PROGRAM's steps one after the other: every value, then every gradient."""
    suffix = Path(output).suffix.lower()
    kind = "contact" if contact else _FIGURES.get(suffix, "moving")
    size, chosen = size_and_scale(scale)
    _refuse_others(click.get_current_context(), kind, size)
    if kind == "moving" and suffix not in _MOVING:
        hint = said("; for one page with all frames add --contact") if suffix in _PAGES else ""
        raise OptionError(
            said(
                "an animation's file name ends in {names}, .tex or .pdf, not {suffix}{hint}",
                names=", ".join(_MOVING), suffix=quoted(suffix or output), hint=hint,
            )
        )
    given = derivation(**program, arrays=True)
    of_gates = bool(blank) or layout != "embedded" or binary  # no other scale has them
    found = given.at_scale("gates" if chosen is None and of_gates else chosen, binary=binary)
    if found.remark:
        say(found.remark)
    look: dict[str, Any] = {
        "precision": precision, "layout": layout, "force": force, "theme": theme, "fit": fit,
        "blank": tuple(blank.replace(",", " ").split()),
    }  # fmt: skip
    pictures = found.frames(**look)
    from .. import motion  # start-up time: the layout engine

    if kind == "contact":
        page = motion.contact_sheet_of(pictures, columns=columns, title=title)
        wrote(page.save(output, scale=size))
    elif kind == "pdf":
        wrote(write_whole(output, motion.pdf_of(pictures, step)))
    elif kind == "tex":
        wrote(write_whole(output, motion.tikz_of(pictures, step)))
    else:
        made = motion.animation_of(
            pictures, pace=pace, hold=hold, loop=loop, scale=size, title=title
        )
        say(
            said(
                "wrote {output}: {frames}, {seconds:g} s",
                output=made.save(output), frames=counted(len(made), N_("1 frame"), N_("{count} frames")),
                seconds=made.seconds,
            )
        )


_ONLY = {
    "pace": ("moving",), "hold": ("moving",), "loop": ("moving",), "scale": ("moving", "contact"),
    "title": ("moving", "contact"), "columns": ("contact",), "step": ("tex", "pdf"),
}  # fmt: skip
"""For which kinds of file an option means anything."""

_KINDS = {
    "moving": N_("an animation"), "contact": "--contact", "tex": N_("a .tex file"),
    "pdf": N_("a .pdf file"),
}  # fmt: skip


def _refuse_others(context: click.Context, kind: str, size: float | None) -> None:
    """Refuse an option that was typed and that this kind of file does not have."""
    for name, kinds in _ONLY.items():
        typed = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if name == "scale":
            typed = size is not None
        if typed and kind not in kinds:
            given = "--once" if name == "loop" else f"--{name}"
            fit = said(" and ").join(sentence(_KINDS[k]) for k in kinds)
            raise OptionError(
                said(
                    "{given} means nothing for {kinds}; it is for {fit}",
                    given=given, kinds=sentence(_KINDS[kind]), fit=fit,
                )
            )
