"""The words of the lesson page's own controls and panels, by the key under which the page asks for them."""

from __future__ import annotations

from ..translation import sentence as _

__all__ = ["words"]


def words() -> dict[str, str]:
    """Return every word of the page in the current language."""
    return {
        "skip": _("To the explanation"),
        "picture": _("The graph"),
        "controls": _("Steps forward and back"),
        "first": _("First"), "back": _("Back"), "next": _("Next"), "last": _("Last"),
        "play": _("Play"), "pause": _("Pause"),
        "slider": _("Step"), "forward": _("forward"), "backward": _("backward"),
        "keys": _(
            "Keys: ← and → step, Home and End go to the ends, space plays; "
            "Tab reaches nodes and arrows, Enter looks closer."
        ),
        "steps": _("Steps"), "closer": _("Look closer"), "practice": _("Practice"),
        "numbers": _("Play with the numbers"),
        "start": _("Before the first step only the inputs are known."),
        "only-inputs": _("the inputs"),
        "theme": _("Colours"), "auto": _("as the system"), "light": _("light"), "dark": _("dark"),
        "colour-blind": _("colour-blind"), "print": _("Print"),
        "fit": _("Fit"), "larger": _("Larger"), "smaller": _("Smaller"),
        "legend-value": _("value above the wire"),
        "legend-gradient": _("gradient below the wire"),
        "legend-local": _("local gradient on the arrow"),
        "legend-downstream": _("contribution under the arrow"),
        "upstream": _("upstream"), "local": _("local"), "downstream": _("downstream"),
        "value": _("value"), "gradient": _("gradient"), "sum": _("sum"), "rule": _("rule"),
        "input": _("input"), "constant": _("constant"),
        "unrounded": _("from unrounded values"),
        "chain": _("downstream = upstream × local"),
        "seed": _("{output} changes by 1 when {output} does"),
        "contributions": _("used {count} times: its contributions add up"),
        "contribution": _("contribution {use} of {count} to "),
        "pick": _("Choose a node or an arrow in the picture, or here:"),
        "unknown": _("known after step {step}"),
        "idle": _("The output does not depend on it: its gradient is 0."),
        "constant-note": _("A constant does not vary, so it takes no gradient."),
        "paths": _("Paths to the output"),
        "node": _("node"), "arrow": _("arrow"),
        "practice-on": _("Hide what I am to find"),
        "practice-by-step": _("step by step"), "practice-sheet": _("whole sheet"),
        "practice-intro": _("Type a number or a formula; names of nodes may be used."),
        "practice-nothing": _("Nothing is asked at this step; go on to the next."),
        "practice-changed": _(
            "The numbers were changed: answers are checked at the new numbers, without a look for slips."
        ),
        "practice-many": _("The graph is large: answers are checked without a look for slips."),
        "ask-value": _("values"), "ask-gradient": _("gradients"),
        "ask-local": _("local gradients"), "ask-down": _("contributions"),
        "hint": _("Hint"), "answer": _("answer"),
        "right": _("right"), "rounded": _("right to the digits typed"),
        "follows": _("wrong, but right given your own numbers before it"),
        "wrong": _("not right"), "sign": _("only the sign is wrong"),
        "slip": _("This looks like a slip: "), "or": _("Or: "),
        "unreadable": _("not readable: {why}"),
        "number-or-formula": _("a number or a formula"),
        "equal-formula": _("right: the formula gives this everywhere"),
        "formula-here-only": _(
            "the formula gives the right number here, but another one at other inputs"
        ),
        "hint-rule": _("rule"), "hint-symbols": _("in symbols"), "hint-numbers": _("with numbers"),
        "score": _("{right} of {count} right"),
        "export": _("Save the answers"), "clear": _("Start again"), "student": _("name or number"),
        "revealed": _("shown"),
        "input-values": _("The inputs"), "rate": _("learning rate η"),
        "descend": _("One step down the gradient"), "descend-ten": _("Ten steps"),
        "reset": _("Back to the first numbers"),
        "curve": _("{name} from step to step of gradient descent"),
        "curve-now": _("{name} was {old}, is {new}"),
        "moves": _("moves"),
        "undefined-here": _("At these numbers {name} is not defined."),
        "undefined": _("it has no finite value here"),
        "fault-end": _("it ends too early"), "fault-sign": _("“{what}” is not expected here"),
        "fault-name": _("“{what}” is no name of this lesson"),
        "fault-comma": _("a comma; decimals are written with a point"),
        "fault-empty": _("nothing stands here"), "fault-long": _("it is too long"),
        "no-script": _("This page needs JavaScript to show its steps; it loads nothing from anywhere."),
    }
