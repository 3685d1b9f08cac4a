"""The words of the lesson page's own controls and panels, by the key under which the page asks for them."""

from __future__ import annotations

from ..translation import sentence as _

__all__ = ["array_words", "words"]


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
        "notes": _("How the program was read"),
        "steps": _("Steps"), "closer": _("Look closer"), "practice": _("Practice"),
        "numbers": _("Play with the numbers"),
        "numpy": _("NumPy"),
        "numpy-told": _(
            "This program in NumPy, forward and backward, for the numbers that the page began with."
        ),
        "numpy-blank": _("While answers are hidden, the lines of backward are left to be filled in."),
        "start": _("Before the first step only the inputs are known."),
        "only-inputs": _("the inputs"),
        "theme": _("Colours"), "auto": _("as the system"), "light": _("light"), "dark": _("dark"),
        "colour-blind": _("colour-blind"), "print": _("Print"),
        "fit": _("Fit"), "larger": _("Larger"), "smaller": _("Smaller"),
        "legend-value": _("value above the wire"),
        "legend-gradient": _("gradient below the wire"),
        "legend-value-neurons": _("value above the line"),
        "legend-gradient-neurons": _("gradients below it"),
        "legend-value-layers": _("values above the middle line"),
        "legend-gradient-layers": _("gradients below it"),
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
        "hint-costs": _("Hint: the answer is then worth {left}"),
        "hint-shows": _("Hint: shows the answer, worth 0"),
        "points": _("{points} points"),
        "open-now": _(
            "Answers open at this step: {count}. The first one is asked at its place in the picture."
        ),
        "predict-on": _("Predict before each backward step"),
        "predict-first": _("Before you compute it, what do you expect?"),
        "predict-sign": _("Its sign"), "predict-size": _("Its size"), "predict-show": _("Show it"),
        "predict-shape": _("Its shape"), "predict-sign-of": _("The sign of {entry}"),
        "predict-size-of": _("The size of {entry}"), "predicted-other-shape": _("its shape is {shape}"),
        "size-below": _("below {high}"),
        "size-between": _("{low} to {high}"), "size-above": _("{low} or more"),
        "predicted-both": _("as predicted: sign and size"),
        "predicted-sign": _("the sign was right, the size was not"),
        "predicted-size": _("the size was right, the sign was not"),
        "predicted-none": _("neither sign nor size was right"),
        "why-gate": _("Why does this gate hand on what it does?"),
        "why-right": _("that is its rule"), "why-wrong": _("that is the rule of another gate"),
        "fading": _("Worked example"), "fading-whole": _("everything open"),
        "fading-backward": _("shown, then open from the end"),
        "fading-forward": _("shown, then open from the start"),
        "pass": _("pass {pass} of {count}"), "next-pass": _("Next pass"),
        "other-numbers": _("The same with other numbers"),
        "review-title": _("Once more: a gate met before, with other numbers"),
        "review-answer": _("answer to the exercise"),
        "review-wrong": _("not right: it is {answer}; {why}"),
        "other-reasons": _("other causes that fit: {count}"),
        "number-of-formula": _(
            "the right number; a formula is asked for, in names alone, or the number itself"
        ),
        "right": _("right"), "rounded": _("right to the digits typed"),
        "follows": _("wrong, but right given your own numbers before it"),
        "wrong": _("not right"), "sign": _("only the sign is wrong"),
        "slip": _("This looks like a slip: "),
        "unreadable": _("not readable: {why}"),
        "number-or-formula": _("a number or a formula"),
        "equal-formula": _("right: the formula gives this everywhere"),
        "formula-here-only": _(
            "the formula gives the right number here, but another one at other inputs"
        ),
        "hint-rule": _("rule"), "hint-which": _("which numbers"),
        "hint-symbols": _("in symbols"), "hint-numbers": _("with numbers"),
        "score": _("{right} of {count} right"),
        "export": _("Save the answers"), "clear": _("Start again"), "student": _("name or number"),
        "revealed": _("shown"),
        "input-values": _("The inputs"), "rate": _("learning rate η"),
        "descend": _("One step down the gradient"), "descend-ten": _("Ten steps"),
        "reset": _("Back to the first numbers"),
        "curve": _("{name} from step to step of gradient descent"),
        "curve-now": _("{name} was {old}, is {new}"),
        "moves": _("updated by descent"),
        "course-step": _("After step"), "now": _("now"),
        "undefined-here": _("At these numbers {name} is not defined."),
        "undefined": _("it has no finite value here"),
        "fault-end": _("it ends too early"), "fault-sign": _("“{what}” is not expected here"),
        "fault-name": _("“{what}” is no name of this lesson"),
        "fault-comma": _("a comma; decimals are written with a point"),
        "fault-empty": _("nothing stands here"), "fault-long": _("it is too long"),
        "scale": _("Scale"),
        "scale-gates": _("gates"), "scale-neurons": _("neurons"), "scale-layers": _("layers"),
        "its-gates": _("its gate steps: {count}"),
        "no-script": _("This page needs JavaScript to show its steps; it loads nothing from anywhere."),
    }


def array_words() -> dict[str, str]:
    """Return the words of a page of matrices alone, in the current language."""
    return {
        "keys": _(
            "Keys: ← and → step, Home and End go to the ends, space plays; Tab reaches arrays and tables, "
            "arrow keys go from entry to entry in a table."
        ),
        "pick": _("Choose an array in the picture, or here:"),
        "legend-value": _("values above the middle line"),
        "legend-gradient": _("gradients below it"),
        "entry-hint": _(
            "Point at an entry, or go to it by Tab and arrow keys: what it is made of lights up."
        ),
        "more-rows": _("{rows} × {columns}; its first rows and columns are shown"),
        "answer-first": _("An answer is open: it is asked under Practice, where hints tell more."),
        "used-in": _("used in {entries}"),
        "made-of": _("made of the entries that are lit"),
        "ask": _("what is asked"),
        "ask-matrix": _("the whole matrix"), "ask-shape": _("its shape"), "ask-entry": _("one entry"),
        "practice-intro": _("Type numbers, entry by entry; fractions such as 1/3 may be used."),
        "practice-changed": _(
            "The numbers were changed: answers are checked at the new numbers, without a look for slips."
        ),
        "shape-of": _("shape of {name}"),
        "shape-asked": _("rows × columns, such as 2×3"),
        "wrong-entries": _("not right at {entries}"),
        "missing-entries": _("{count} entries are still empty"),
        "shape-read": _("a shape is written as 2×3, 2x3 or (2, 3)"),
        "transposed": _("{given} where {name} is {shape}: transposed?"),
        "wrong-shape": _("not {given}"),
        "not-a-number": _("“{text}” is no number"),
        "hint-of": _("hint for {name}"), "answer-shown": _("the answer, from now on shown"),
        "array": _("array"),
        "fixed": _("{name} holds labels, which stay as they are"),
        "too-large": _(
            "This program is too large, or has an operation that a page cannot compute: its numbers stay "
            "as they are."
        ),
        "stale-heat": _("The heat maps show the first numbers."),
        "old-gradient": _("{name} before"), "new-gradient": _("{name} now"),
        "shape": _("shape"),
    }  # fmt: skip
